/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "pairlift/kpi/upsell_history.h"
#include "pairlift/kpi/upsell_model.h"
#include "pairlift/stats/rng.h"

/* Who is likely to buy up or cross: on customers whose truth is known. */

#define TABLES                                                                                               \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: order_lines, file: lines.csv, duplicates: keep}\n"                                          \
    "  - {table: customers, file: customers.csv}\n"
#define KPIS "kpis: {upsell: {target: 0.1}}\n"

typedef struct {
    GString *lines, *customers;
} Made;

static void made_clear(Made *m) {
    g_string_free(m->lines, TRUE);
    g_string_free(m->customers, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Made, made_clear)

static const char *day_of(guint day, char text[16]) {
    PlDay base = pl_day_from_ymd(2023, 1, 1) + (PlDay)day;
    g_autofree char *made = pl_day_format(base, PL_TIME_DATE);
    g_strlcpy(text, made, 16);
    return text;
}

/* n customers with an order every 30 days of 360 on average, at random. An order is sold up with the logit
 * -1.5 + strength times
 * the customer's own standard normal leaning. */
static Made make(guint n, double strength, guint64 seed) {
    Made m = {g_string_new("order,date,customer,product,amount,kind\n"),
              g_string_new("customer,start,colour\n")};
    PlRng rng = pl_rng_stream(seed, 9);
    guint order = 0;
    char day[16];
    for (guint c = 0; c < n; c++) {
        double leaning = pl_rng_normal(&rng), rate = 1 / (1 + exp(1.5 - strength * leaning));
        g_string_append_printf(m.customers, "c%u,2022-06-01,%s\n", c,
                               pl_rng_uniform(&rng) < 0.5 ? "red" : "blue");
        for (double at = c == 0 ? 0 : 0.5; at < 360; at -= 30 * log1p(-pl_rng_uniform(&rng))) {
            const char *kind = pl_rng_uniform(&rng) < rate ? "upsell" : "base";
            g_string_append_printf(m.lines, "%u,%s,c%u,p%u,%.2f,%s\n", order++, day_of((guint)at, day), c,
                                   (guint)(5 * pl_rng_uniform(&rng)), 10 + 5 * pl_rng_uniform(&rng), kind);
        }
    }
    return m;
}

static const PlFinding *of_outcome(const KpiText *t, const char *measure, const char *outcome) {
    return kpi_find(t, "upsell", measure, outcome);
}

Test(kpi_upsell_likely, finds_who_buys_up_where_there_is_something_to_find) {
    g_auto(Made) m = make(1200, 1.5, 1);
    g_auto(KpiText) t =
        kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
    const PlFinding *f = of_outcome(&t, "auc", "up-sell");
    cr_assert(f->conf_low > 0.6 && f->value < 0.95 && f->n == 360, "%g %g %u", f->conf_low, f->value, f->n);
    f = of_outcome(&t, "calibration_slope", "up-sell");
    cr_assert(f->conf_low < 1 && f->conf_high > 1, "%g %g", f->conf_low, f->conf_high);
    cr_assert(kpi_says(&t, "upsell", "Most likely to buy up in the next 120 days, of 1,200 customers"));
    f = kpi_find(&t, "upsell", "odds_ratio", "up-sell, orders with an up-sell before, 10 points more");
    cr_assert(gt(dbl, f->conf_low, 1.0));
    f = kpi_seek(&t, "upsell", "odds_ratio", "up-sell, colour: red", NULL);
    f = f != NULL ? f : kpi_find(&t, "upsell", "odds_ratio", "up-sell, colour: blue");
    cr_assert(f->conf_low < 1 && f->conf_high > 1);
    const PlCurve *c = pl_section_curve(kpi_section(&t, "upsell"), NULL, "calibration");
    cr_assert(c != NULL && c->n == 10 && c->y[9] > c->y[0]);
}

/* The list is in order, 20 of it are read and the rest is detail. */
Test(kpi_upsell_likely, list_is_ranked) {
    g_auto(Made) m = make(1200, 1.5, 1);
    g_auto(KpiText) t =
        kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
    const PlSection *s = kpi_section(&t, "upsell");
    guint shown = 0, n = 0;
    double last = 1;
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (!g_str_equal(f->measure, "likely") || !g_str_equal(f->values[0], "up-sell"))
            continue;
        cr_assert(f->value <= last && f->value > 0);
        last = f->value;
        shown += !f->detail;
        n++;
    }
    cr_assert(shown == 20 && n == 1000);
}

/* Without any leaning, nobody is named: in 20 sets at most 3 (an interval of 95 % errs 2.5 % upwards). */
Test(kpi_upsell_likely, nothing_is_predicted_from_nothing) {
    guint named = 0;
    for (guint64 seed = 0; seed < 20; seed++) {
        g_auto(Made) m = make(300, 0, 100 + seed);
        g_auto(KpiText) t =
            kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
        named += kpi_says(&t, "upsell", "Most likely to buy up");
        if (!kpi_says(&t, "upsell", "Most likely to buy up"))
            cr_assert(kpi_says(&t, "upsell", "likely to buy up cannot be predicted from these data"));
    }
    cr_assert(le(u32, named, 3));
}

/* Of customers who are all alike, those who just bought much buy less next: nobody is named for that. */
Test(kpi_upsell_likely, alike_customers_are_not_listed_as_buying_down) {
    g_auto(Made) m = make(500, 0, 7);
    g_auto(KpiText) t =
        kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
    const PlSection *s = kpi_section(&t, "upsell");
    cr_assert(kpi_says(&t, "upsell", "buy down is not told: customers who bought much lately tend to"));
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        cr_assert(f->values == NULL || f->values[0] == NULL || strcmp(f->values[0], "down") != 0);
    }
}

Test(kpi_upsell_likely, too_few_say_how_many_are_needed) {
    g_auto(Made) m = make(40, 1, 3);
    g_auto(KpiText) t =
        kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
    const PlFinding *f = of_outcome(&t, "auc", "cross-sell");
    cr_assert(isnan(f->value) && strstr(f->reason, "0 of 40 customers did so; 34 or more") != NULL, "%s",
              f->reason);
}

Test(kpi_upsell_likely, same_for_any_run) {
    g_auto(Made) m = make(300, 1.5, 2);
    g_auto(KpiText) one =
        kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
    g_auto(KpiText) two =
        kpi_text(TABLES KPIS, "lines.csv", m.lines->str, "customers.csv", m.customers->str, NULL);
    cr_assert(of_outcome(&one, "auc", "up-sell")->value == of_outcome(&two, "auc", "up-sell")->value);
}

/* ---- what is known of a customer, by hand ---- */

static const char *const history_lines = "order,date,customer,product,amount,kind\n"
                                         "1,2023-01-01,a,x,10,base\n"
                                         "2,2023-01-20,a,x,30,upsell\n"
                                         "2,2023-01-20,a,y,10,cross_sell\n"
                                         "3,2023-02-10,a,z,20,base\n"
                                         "4,2023-02-20,b,x,5,base\n"
                                         "5,2023-03-01,a,x,99,upsell\n"
                                         "6,2023-03-31,b,x,7,cross_sell\n";

static PlKpiRun run_of(const KpiText *t, PlKpiStudy *study) {
    *study = (PlKpiStudy){
        .def = t->def, .tables = &t->tables, .as_of = pl_day_from_ymd(2023, 3, 31), .result = t->result};
    study->joined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return (PlKpiRun){.study = study, .goal = &t->def->kpis.upsell.goal, .conf_level = 0.95};
}

Test(kpi_upsell_likely, features_by_hand_and_none_of_the_future) {
    g_auto(KpiText) t = kpi_text(TABLES KPIS, "lines.csv", history_lines, "customers.csv",
                                 "customer,start\na,2022-12-02\nb,2023-02-20\n", NULL);
    PlKpiStudy study;
    PlKpiRun run = run_of(&t, &study);
    g_autoptr(PlOrders) o = pl_orders_new(&run);
    g_autoptr(PlHistory) h = pl_history_new(&run, o);
    PlDay from = pl_day_from_ymd(2023, 1, 1), until = pl_day_from_ymd(2023, 3, 2);
    /* of a, the order of 1 March is within, that of b on 31 March is not */
    g_autoptr(PlPopulation) p = pl_population_new(h, from, until, 30);
    cr_assert(eq(u32, p->n, 2));
    double scale = (10 + 40 + 20 + 5 + 99) / 5.0;
    const double a[PL_N_FEATURES] = {[PL_PAST_UPSELL] = 10 * 2.0 / 4,
                                     [PL_PAST_CROSS] = 10 * 1.0 / 4,
                                     [PL_RECENCY] = 0,
                                     [PL_ORDERS] = 2,
                                     [PL_ORDER_VALUE] = log2(169.0 / 4 + scale / 100),
                                     [PL_PRODUCTS] = log2(3),
                                     [PL_TENURE] = log2(90),
                                     [PL_CHANGE] = log2((119 + scale) / (50 + scale))};
    for (guint f = 0; f < PL_N_FEATURES; f++)
        cr_assert(fabs(p->feature[f][0] - a[f]) < 1e-12, "%u: %g %g", f, p->feature[f][0], a[f]);
    PlDeed deed = pl_history_deed(h, p->customer[1], until, until + 60);
    cr_assert(deed.value == 7 && deed.cross && !deed.upsell);
    g_hash_table_destroy(study.joined);
}

Test(kpi_upsell_likely, who_has_left_is_not_asked) {
    g_auto(KpiText) t = kpi_text(TABLES KPIS, "lines.csv", history_lines, "customers.csv",
                                 "customer,start,end\na,2022-12-02,2023-02-15\nb,2023-02-20,\n", NULL);
    PlKpiStudy study;
    PlKpiRun run = run_of(&t, &study);
    g_autoptr(PlOrders) o = pl_orders_new(&run);
    g_autoptr(PlHistory) h = pl_history_new(&run, o);
    g_autoptr(PlPopulation) p =
        pl_population_new(h, pl_day_from_ymd(2023, 1, 1), pl_day_from_ymd(2023, 3, 2), 30);
    cr_assert(p->n == 1 && g_str_equal(o->customer_field->levels[p->customer[0]], "b"));
    g_hash_table_destroy(study.joined);
}

/* ---- the model ---- */

/* A history without orders, of n customers with two features that count. */
static void fill_population(PlPopulation *p, double *outcome, guint *row, guint n, guint64 seed) {
    PlRng rng = pl_rng_stream(seed, 1);
    p->n = n;
    p->customer = g_new0(guint, n);
    for (guint f = 0; f < PL_N_FEATURES; f++)
        p->feature[f] = g_new0(double, n);
    for (guint i = 0; i < n; i++) {
        double x = p->feature[PL_ORDERS][i] = pl_rng_normal(&rng),
               y = p->feature[PL_RECENCY][i] = pl_rng_normal(&rng);
        p->feature[PL_PRODUCTS][i] = 2 * x; /* says the same */
        outcome[i] = pl_rng_uniform(&rng) < 1 / (1 + exp(1 - 0.8 * x + 0.5 * y));
        row[i] = i;
    }
}

Test(kpi_upsell_likely, coefficients_are_found_again_and_doubles_left_out) {
    enum { N = 6000 };
    static const guint priority[PL_N_FEATURES] = {PL_ORDERS,     PL_RECENCY,     PL_PRODUCTS, PL_PAST_UPSELL,
                                                  PL_PAST_CROSS, PL_ORDER_VALUE, PL_TENURE,   PL_CHANGE};
    g_autofree double *outcome = g_new(double, N);
    g_autofree guint *row = g_new(guint, N);
    g_autoptr(PlPopulation) p = g_new0(PlPopulation, 1);
    PlHistory h = {.attributes = g_array_new(FALSE, FALSE, sizeof(PlAttributeLevel))};
    fill_population(p, outcome, row, N, 5);
    PlModelData data = {&h, p, N, row, outcome, priority, 0.95, 1, 1};
    g_auto(PlModel) m = {0};
    pl_model_fit(&data, &m);
    cr_assert_null(m.reason);
    cr_assert(m.n_columns == 2 && m.n_train == 4200 && m.n_test == 1800);
    cr_assert(m.left_out->len == 1 &&
              strstr(g_ptr_array_index(m.left_out, 0), "others say the same") != NULL);
    const double truth[3] = {-1, 0.8, -0.5};
    for (guint c = 0; c < 3; c++) {
        guint at = c == 0 ? 0 : m.column[c - 1] == PL_RECENCY ? 2 : 1;
        double scale = c > 0 && m.column[c - 1] == PL_PRODUCTS ? 0.5 : 1;
        cr_assert(fabs(m.coef[c] - scale * truth[at]) < 4 * m.std_error[c], "%u: %g", c, m.coef[c]);
    }
    cr_assert(m.fit.slope.low < 1 && m.fit.slope.high > 1);
    g_array_free(h.attributes, TRUE);
}

/* A feature that tells the outcome perfectly has no finite coefficient: it is left out, and said. */
Test(kpi_upsell_likely, what_tells_all_is_left_out) {
    enum { N = 400 };
    static const guint priority[PL_N_FEATURES] = {PL_TENURE,      PL_ORDERS,     PL_RECENCY,     PL_PRODUCTS,
                                                  PL_PAST_UPSELL, PL_PAST_CROSS, PL_ORDER_VALUE, PL_CHANGE};
    g_autofree double *outcome = g_new(double, N);
    g_autofree guint *row = g_new(guint, N);
    g_autoptr(PlPopulation) p = g_new0(PlPopulation, 1);
    PlHistory h = {.attributes = g_array_new(FALSE, FALSE, sizeof(PlAttributeLevel))};
    fill_population(p, outcome, row, N, 6);
    for (guint i = 0; i < N; i++)
        p->feature[PL_TENURE][i] = outcome[i];
    PlModelData data = {&h, p, N, row, outcome, priority, 0.95, 1, 1};
    g_auto(PlModel) m = {0};
    pl_model_fit(&data, &m);
    cr_assert_null(m.reason);
    bool told = false;
    for (guint i = 0; i < m.left_out->len; i++)
        told = told || strcmp(g_ptr_array_index(m.left_out, i),
                              "time as a customer, doubled (it tells the outcome perfectly)") == 0;
    cr_assert(told);
    g_array_free(h.attributes, TRUE);
}
