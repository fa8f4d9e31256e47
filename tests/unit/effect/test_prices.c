/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/prices.h"

#include "experiment.h"

#define ORANGE_JUICE "experiments/dominicks-orange-juice/price-cut.yaml"

/* n pairs T1/C1, ... over weeks 1 to 6, the promotion in 5 and 6. Units react to the price by the elasticity,
 * and pairs differ by `noise` in the reaction and by `spread` in the cut. */
typedef struct {
    guint n;
    double cut, elasticity, noise, spread;
} Case;

static char *sales_of(const Case *c) {
    GString *csv = g_string_new("store,date,units,revenue\n");
    for (guint i = 1; i <= c->n; i++)
        for (guint week = 1; week <= 6; week++) {
            double swing = (i % 2 ? 1 : -1) * (1 + 0.1 * i), price = 4 + 0.1 * (week % 3);
            double cut = week >= 5 ? 1 - c->cut * (1 + c->spread * swing) : 1;
            double units =
                100 * (1 + 0.1 * i) * pow(cut, c->elasticity) * (week >= 5 ? exp(c->noise * swing) : 1);
            g_string_append_printf(csv, "T%u,%u,%.9f,%.9f\n", i, week, units, units * price * cut);
            g_string_append_printf(csv, "C%u,%u,%.9f,%.9f\n", i, week, 80.0, 80 * price);
        }
    return g_string_free(csv, FALSE);
}

static char *definition_of(guint n, const char *treatment, const char *more) {
    GString *yaml = g_string_new(HEAD "metrics: [{name: units, sum: units}, {name: revenue, sum: revenue, "
                                      "unit: USD}]\n"
                                      "periods: {before: {from: 1, to: 4}, during: {from: 5, to: 6}}\n");
    g_string_append_printf(yaml, "treatments: [{name: cut, %s}]\n%spairs:\n", treatment, more);
    for (guint i = 1; i <= n; i++)
        g_string_append_printf(yaml, "  - {test: T%u, control: C%u}\n", i, i);
    return g_string_free(yaml, FALSE);
}

static PlResult *run_case(Case c, const char *treatment, const char *more) {
    g_autofree char *csv = sales_of(&c), *yaml = definition_of(c.n, treatment, more);
    return run_ok(yaml, csv);
}

static const PlFinding *finding_of(const PlResult *r, const char *measure) {
    const PlFinding *f = pl_section_find(pl_result_section(r, "prices"), NULL, measure);
    cr_assert_not_null(f, "no %s", measure);
    return f;
}

static void has_interval(const PlFinding *f, double value, double low, double high, double relative) {
    cr_assert(epsilon_eq(dbl, f->value, value, relative * fabs(value)), "%s: %.12g", f->measure, f->value);
    cr_assert(epsilon_eq(dbl, f->conf_low, low, relative * fabs(low)), "%s: %.12g", f->measure, f->conf_low);
    cr_assert(epsilon_eq(dbl, f->conf_high, high, relative * fabs(high)), "%s: %.12g", f->measure,
              f->conf_high);
}

/* The experiment on real data: tests/reference/effect/prices.R. */
Test(effect_prices, orange_juice_as_in_r) {
    g_autoptr(GError) error = NULL;
    pl_stats_init();
    g_autoptr(PlDefinition) def = pl_definition_load(ORANGE_JUICE, &error);
    cr_assert(def && pl_pairs_load(def, NULL, &error), "%s", error ? error->message : "");
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = pl_load_sales(def, NULL, NULL, &inputs, &error);
    g_autoptr(PlResult) r = panel ? pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, &error) : NULL;
    cr_assert_not_null(r, "%s", error ? error->message : "");
    /* by every swap of the signs, as the verdict: tests/reference/decomposition.R */
    has_interval(finding_of(r, "price_change"), -0.0710603856886281, -0.0859100056754724, -0.0495696806063015,
                 1e-9);
    has_interval(finding_of(r, "units_change"), 0.336359727948416, 0.205744444201523, 0.47361622637857, 1e-9);
    has_interval(finding_of(r, "elasticity"), -3.93356704296, -5.85906261467, -2.43783768653, 1e-9);
    cr_assert(epsilon_eq(dbl, finding_of(r, "elasticity")->p_value, 0.000288559389539, 1e-12));
    const PlFinding *all = finding_of(r, "elasticity_panel"), *before = finding_of(r, "elasticity_before");
    cr_assert(epsilon_eq(dbl, all->value, -2.92521532826, 1e-9));
    cr_assert(epsilon_eq(dbl, all->std_error, 0.278627029745, 1e-9));
    cr_assert(epsilon_eq(dbl, all->p_value, 9.14874503638e-12, 1e-17));
    cr_assert(epsilon_eq(dbl, before->value, -2.47462862731, 1e-9));
    cr_assert(epsilon_eq(dbl, before->std_error, 0.289771545224, 1e-9));
    /* Dominick's margins put the cost of a carton at 3.374 before and 3.372 during (Python, on the test
     * stores) */
    const double cost = finding_of(r, "unit_cost")->value, e = finding_of(r, "elasticity")->value;
    cr_assert(epsilon_eq(dbl, cost, 3.373, 0.005));
    cr_assert(epsilon_eq(dbl, finding_of(r, "best_price")->value, cost * e / (1 + e), 1e-9));
}

/* With cost c the best price is c e / (1 + e), at the limits of the elasticity as well. */
Test(effect_prices, best_price_follows_from_the_elasticity) {
    g_autoptr(PlResult) r = run_case((Case){10, .1, -2.5, .02, .1}, "kind: price",
                                     "economics: {unit_cost: 2.5}\nanalysis: {resamples: 999}\n");
    const PlFinding *e = finding_of(r, "elasticity"), *best = finding_of(r, "best_price");
    has_interval(best, 2.5 * e->value / (1 + e->value), 2.5 * e->conf_low / (1 + e->conf_low),
                 2.5 * e->conf_high / (1 + e->conf_high), 1e-12);
    cr_assert(e->conf_low < -2.5 && e->conf_high > -2.5);
    /* the curve: today's profit at today's price, its top at the best one */
    const PlCurve *curve = pl_section_curve(pl_result_section(r, "prices"), NULL, "profit_by_price");
    guint top = 0;
    for (guint i = 0; i < curve->n; i++) {
        top = curve->y[i] > curve->y[top] ? i : top;
        cr_assert(curve->low[i] <= curve->y[i] && curve->y[i] <= curve->high[i]);
    }
    cr_assert(epsilon_eq(dbl, curve->x[top], best->value, curve->x[1] - curve->x[0]));
    double sold = 0, today = finding_of(r, "current_price")->value, price = curve->x[7];
    for (guint i = 1; i <= 10; i++) {
        double swing = (i % 2 ? 1 : -1) * (1 + 0.1 * i);
        sold += 10 * (1 + 0.1 * i) * pow(1 - .1 * (1 + .1 * swing), -2.5) * exp(.02 * swing);
    }
    double units = sold / (1 + finding_of(r, "units_change")->value);
    cr_assert(epsilon_eq(dbl, curve->y[7], units * pow(price / today, e->value) * (price - 2.5), 1e-6));
    /* it goes through what was sold at the promoted price */
    double promoted = finding_of(r, "promoted_price")->value;
    cr_assert(epsilon_eq(dbl, finding_of(r, "profit_change_promoted")->value,
                         sold * (promoted - 2.5) - units * (today - 2.5), 1e-6));
}

Test(effect_prices, margin_puts_the_cost_at_todays_price) {
    g_autoptr(PlResult) r = run_case((Case){10, .1, -2.5, .02, .1}, "kind: discount",
                                     "economics: {margin: 0.4}\nanalysis: {resamples: 999}\n");
    double today = finding_of(r, "current_price")->value;
    cr_assert(epsilon_eq(dbl, finding_of(r, "unit_cost")->value, 0.6 * today, 1e-12));
    double e = finding_of(r, "elasticity")->value;
    cr_assert(epsilon_eq(dbl, finding_of(r, "best_price_change")->value, 0.6 * e / (1 + e) - 1, 1e-12));
}

/* What the best price would earn is said with its interval, and that it may be nothing. */
Test(effect_prices, the_best_price_may_earn_no_more) {
    static const char *const costs[] = {"economics: {unit_cost: 2.5}\nanalysis: {resamples: 999}\n",
                                        "economics: {unit_cost: 3.9}\nanalysis: {resamples: 999}\n"};
    guint open = 0;
    for (guint i = 0; i < G_N_ELEMENTS(costs); i++) {
        g_autoptr(PlResult) r = run_case((Case){10, .1, -2.5, .02, .1}, "kind: price", costs[i]);
        const PlFinding *gain = finding_of(r, "profit_change_best");
        const GPtrArray *said = pl_result_section(r, "prices")->sentences;
        const char *sentence = g_ptr_array_index(said, said->len - 1);
        for (guint k = 0; k < said->len; k++)
            if (strstr(g_ptr_array_index(said, k), "Against today's price"))
                sentence = g_ptr_array_index(said, k);
        cr_expect_not_null(strstr(sentence, "Against today's price the best one would earn "), "%s",
                           sentence);
        cr_expect(eq(int, strstr(sentence, "so it may earn no more") != NULL, !(gain->conf_low > 0)), "%s",
                  sentence);
        open += !(gain->conf_low > 0);
    }
    cr_expect(eq(u32, open, 1));
}

Test(effect_prices, no_best_price_from_minus_one_on) {
    g_autoptr(PlResult) r = run_case((Case){10, .1, -.5, .01, .1}, "kind: price",
                                     "economics: {unit_cost: 2.5}\nanalysis: {resamples: 999}\n");
    const PlFinding *best = finding_of(r, "best_price");
    cr_assert(isnan(best->value));
    cr_assert_not_null(strstr(best->reason, "-1 or above"));
    cr_assert_null(pl_section_find(pl_result_section(r, "prices"), NULL, "profit_change_best"));
    cr_assert_not_null(pl_section_curve(pl_result_section(r, "prices"), NULL, "profit_by_price"));
}

Test(effect_prices, pass_through_of_the_announced_change) {
    g_autoptr(PlResult) r = run_case((Case){8, .08, -2, .02, .1}, "kind: price, price_change: -0.1", "");
    const PlFinding *price = finding_of(r, "price_change");
    has_interval(finding_of(r, "pass_through"), price->value / -.1, price->conf_high / -.1,
                 price->conf_low / -.1, 1e-12);
}

Test(effect_prices, price_that_never_changed) {
    g_autoptr(PlResult) r = run_case((Case){6, 0, -2, .05, 0}, "kind: price", "economics: {margin: 0.4}\n");
    const PlFinding *e = finding_of(r, "elasticity");
    cr_assert(isnan(e->value) && isnan(e->conf_low) && isnan(e->p_value));
    cr_assert_not_null(strstr(e->reason, "the price was the same"));
    cr_assert_not_null(finding_of(r, "best_price")->reason);
    /* prices differ between weeks only, which the effects of times take out */
    cr_assert(isnan(finding_of(r, "elasticity_panel")->value));
    cr_assert_not_null(finding_of(r, "elasticity_panel")->reason);
}

/* Cuts and rises that cancel out: nothing follows about the elasticity. */
Test(effect_prices, price_that_hardly_moved) {
    g_autoptr(PlResult) r =
        run_case((Case){6, .001, -2, .05, 20}, "kind: price", "economics: {margin: 0.4}\n");
    const PlFinding *e = finding_of(r, "elasticity");
    cr_assert(isnan(e->value) && isnan(e->conf_low));
    cr_assert_not_null(strstr(e->reason, "cannot be told from zero"));
}

Test(effect_prices, few_pairs) {
    g_autoptr(PlResult) one =
        run_case((Case){1, .1, -2, .02, .1}, "kind: price", "economics: {margin: 0.4}\n");
    const PlFinding *e = finding_of(one, "elasticity"), *best = finding_of(one, "best_price");
    cr_assert(e->value < -1.5 && isnan(e->conf_low) && isnan(e->p_value));
    cr_assert_not_null(strstr(e->reason, "a single pair"));
    cr_assert(isfinite(best->value) && isnan(best->conf_low) && best->reason != NULL);
    const PlCurve *curve = pl_section_curve(pl_result_section(one, "prices"), NULL, "profit_by_price");
    cr_assert(isfinite(curve->y[0]) && isnan(curve->low[0]));
    for (guint n = 2; n <= 3; n++) {
        g_autoptr(PlResult) r = run_case((Case){n, .1, -2, .02, .01}, "kind: price", "");
        cr_assert(isfinite(finding_of(r, "elasticity")->conf_low), "%u pairs", n);
    }
}

Test(effect_prices, missing_columns_have_a_reason) {
    g_autoptr(PlResult) r =
        run_ok(HEAD TAIL "treatments: [{name: cut, kind: price}]\npairs: [{test: A, control: B}]\n",
               "store,date,revenue\nA,1,10\nA,2,11\nA,3,12\nA,4,13\nB,1,10\nB,2,10\nB,3,10\nB,4,10\n");
    const PlFinding *e = finding_of(r, "elasticity");
    cr_assert(isnan(e->value));
    cr_assert_not_null(strstr(e->reason, "columns: {units: NAME}"));
    cr_assert(eq(u32, pl_result_section(r, "prices")->sentences->len, 1));
}

/* A pair with a store that sold nothing takes no part, by name; the others do. */
Test(effect_prices, stores_without_units_are_named) {
    g_autofree char *sales = sales_of(&(Case){4, .1, -2, .02, .1});
    g_autoptr(GString) csv = g_string_new(sales);
    for (guint week = 1; week <= 6; week++)
        g_string_append_printf(csv, "T5,%u,%d,%d\nC5,%u,10,40\n", week, week < 5 ? 10 : 0, week < 5 ? 40 : 0,
                               week);
    g_autofree char *yaml = definition_of(5, "kind: price", "analysis: {effect: absolute}\n");
    g_autoptr(PlResult) r = run_ok(yaml, csv->str);
    cr_assert(eq(u32, finding_of(r, "elasticity")->n, 4));
    const PlCheck *check = check_of(r, "prices");
    cr_assert_not_null(strstr(check->message, "\"T5\" sold no units during the promotion"), "%s",
                       check->message);
    cr_assert(eq(dbl, check_of(r, "price_intervals")->value, 2));
}

/* Other kinds have the section only when a metric is the price and moved. */
Test(effect_prices, only_where_there_is_reason_to) {
    g_autoptr(PlResult) no = run_case((Case){6, .1, -2, .02, .1}, "kind: display", "");
    cr_assert_null(pl_result_section(no, "prices"));
    g_autofree char *csv = sales_of(&(Case){6, .1, -2, .02, .1}),
                    *yaml = definition_of(6, "kind: display", "");
    g_auto(GStrv) parts = g_strsplit(yaml, "unit: USD}", 2);
    g_autofree char *with =
        g_strdup_printf("%sunit: USD}, {name: price, ratio: [revenue, units]}%s", parts[0], parts[1]);
    g_autoptr(PlResult) yes = run_ok(with, csv);
    cr_assert_not_null(pl_result_section(yes, "prices"));
    cr_assert_not_null(strstr(finding_of(yes, "best_price")->reason, "more than change the price"));
}

/* Just below -1 the formula gives prices that nobody has seen: none is told. */
Test(effect_prices, best_price_far_away_is_not_told) {
    g_autoptr(PlResult) r = run_case((Case){10, .1, -1.1, .002, .1}, "kind: price",
                                     "economics: {unit_cost: 2.5}\nanalysis: {resamples: 999}\n");
    const PlFinding *best = finding_of(r, "best_price");
    cr_assert(finding_of(r, "elasticity")->conf_high < -1);
    cr_assert(isnan(best->value) && isnan(best->conf_low));
    cr_assert_not_null(strstr(best->reason, "twice"));
    cr_assert_null(pl_section_find(pl_result_section(r, "prices"), NULL, "profit_change_best"));
}

/* Groups without pairs: the effects are differences of the sides' means, the interval Welch's. */
Test(effect_prices, groups_without_pairs) {
    g_autofree char *csv = sales_of(&(Case){6, .1, -2, .02, .1});
    g_autofree char *pairs = definition_of(6, "kind: price", "analysis: {methods: [welch_t]}\n");
    g_auto(GStrv) parts = g_strsplit(pairs, "pairs:\n", 2);
    GString *stores = g_string_new("store,arm\n");
    for (guint i = 1; i <= 6; i++)
        g_string_append_printf(stores, "T%u,cut\nC%u,none\n", i, i);
    char *folder = temp_folder_new();
    g_autofree char *groups = temp_folder_write(folder, "groups.csv", stores->str);
    g_autofree char *yaml = g_strdup_printf(
        "%sassignment: {file: %s, store: store, group: arm, control: none}\n", parts[0], groups);
    g_autoptr(PlResult) r = run_ok(yaml, csv);
    temp_folder_remove(folder);
    g_string_free(stores, TRUE);
    /* the controls never change, so the pairs' means and variances are those of the test stores */
    g_autoptr(PlResult) paired = run_case((Case){6, .1, -2, .02, .1}, "kind: price", "");
    const PlFinding *e = finding_of(r, "elasticity"), *of_pairs = finding_of(paired, "elasticity");
    cr_assert(epsilon_eq(dbl, e->value, of_pairs->value, 1e-9));
    has_interval(e, of_pairs->value, of_pairs->conf_low, of_pairs->conf_high, 1e-9);
}

/* Six pairs that sell cola, cheaper in weeks 5 and 6 in the test stores (own elasticity -2), and tea, whose
 * units follow the price of cola by 0.5. */
static PlResult *run_products(const char *where, const char *treatment) {
    GString *csv = g_string_new("store,date,product,units,revenue\n");
    for (guint i = 1; i <= 6; i++)
        for (guint week = 1; week <= 6; week++) {
            double cut = week >= 5 ? 1 - .08 - .01 * i : 1, cola = 40 * pow(cut, -2), tea = 60 * sqrt(cut);
            g_string_append_printf(csv, "T%u,%u,cola,%.9f,%.9f\nT%u,%u,tea,%.9f,%.9f\n", i, week, cola,
                                   cola * 2 * cut, i, week, tea, tea * 5);
            g_string_append_printf(csv, "C%u,%u,cola,30,60\nC%u,%u,tea,50,250\n", i, week, i, week);
        }
    GString *yaml = g_string_new("experiment: test\ndata:\n  - {table: sales, file: sales.csv, date_format: "
                                 "number, duplicates: keep");
    g_string_append_printf(yaml,
                           "%s}\nmetrics: [{name: units, sum: units}, {name: revenue, sum: revenue}]\n"
                           "periods: {before: {from: 1, to: 4}, during: {from: 5, to: 6}}\n"
                           "treatments: [{name: cut, kind: price%s}]\npairs:\n",
                           where, treatment);
    for (guint i = 1; i <= 6; i++)
        g_string_append_printf(yaml, "  - {test: T%u, control: C%u}\n", i, i);
    PlResult *r = run_ok(yaml->str, csv->str);
    g_string_free(yaml, TRUE);
    g_string_free(csv, TRUE);
    return r;
}

static const PlFinding *cross_of(const PlResult *r, const char *product) {
    const PlSection *section = pl_result_section(r, "prices");
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (g_str_equal(f->measure, "cross_elasticity") && g_str_equal(f->group, product))
            return f;
    }
    cr_assert(0, "no cross elasticity of %s", product);
    return NULL;
}

/* The price is that of what was promoted, not of all products together. */
Test(effect_prices, promoted_products_among_others) {
    g_autoptr(PlResult) r = run_products("", ", products: [cola]");
    has_interval(finding_of(r, "elasticity"), -2, -2, -2, 1e-6);
    has_interval(cross_of(r, "tea"), .5, .5, .5, 1e-6);
    cr_assert_not_null(strstr(finding_of(r, "elasticity_panel")->reason, "where"));
}

Test(effect_prices, promoted_products_alone) {
    g_autoptr(PlResult) r = run_products(", where: {product: [cola]}", "");
    has_interval(finding_of(r, "elasticity"), -2, -2, -2, 1e-6);
    has_interval(cross_of(r, "tea"), .5, .5, .5, 1e-6);
    cr_assert(epsilon_eq(dbl, finding_of(r, "elasticity_panel")->value, -2, 1e-6));
}

static char *with_other_prices(const char *missing) {
    GString *csv = g_string_new("store,date,units,revenue,rival\n");
    for (guint s = 1; s <= 6; s++)
        for (guint t = 1; t <= 8; t++) {
            double price = 2 + (s * t) % 5 / 10.0, other = 3 + (s + 2 * t) % 7 / 5.0;
            double units = 100 + 10.0 * s + 3.0 * t + (7 * s * t) % 11 - 8.0 * ((s * t) % 5);
            g_string_append_printf(csv, "S%u,%u,%.17g,%.17g,", s, t, units, units * price);
            if (s == 1 && t == 1 && missing)
                g_string_append_printf(csv, "%s\n", missing);
            else
                g_string_append_printf(csv, "%.17g\n", other);
        }
    return g_string_free(csv, FALSE);
}

#define CROSS                                                                                                \
    HEAD "metrics: [{name: units, sum: units}]\n"                                                            \
         "periods: {before: {from: 1, to: 6}, during: {from: 7, to: 8}}\n"                                   \
         "treatments: [{name: cut, kind: price}]\n"                                                          \
         "pairs: [{test: S1, control: S2}, {test: S3, control: S4}, {test: S5, control: S6}]\n"

/* Own and cross elasticity of one regression: tests/reference/effect/cross_prices.R. */
Test(effect_prices, cross_prices_as_in_r) {
    g_autofree char *csv = with_other_prices(NULL);
    g_autoptr(PlResult) r = run_ok(CROSS "cross_prices: rival\n", csv);
    const PlFinding *own = finding_of(r, "elasticity_panel"), *cross = NULL;
    const PlSection *s = pl_result_section(r, "prices");
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        cross = g_str_equal(f->measure, "cross_elasticity_panel") ? f : cross;
    }
    cr_assert_not_null(cross);
    cr_expect(eq(str, cross->group, (char *)"rival"));
    const double got[] = {own->value,   own->std_error,   own->p_value,
                          cross->value, cross->std_error, cross->p_value};
    const double want[] = {-1.38783745301967,   0.0743234479059104, 0.0036669868889714,
                           -0.0248706080336273, 0.0207654996567757, 0.351723427486607};
    for (gsize i = 0; i < G_N_ELEMENTS(want); i++)
        cr_expect(fabs(got[i] - want[i]) < 1e-10 * fabs(want[i]), "%zu: %.15g", i, got[i]);
}

Test(effect_prices, rows_without_another_price_are_counted) {
    g_autofree char *csv = with_other_prices("0"), *no_column = with_other_prices(NULL);
    g_autoptr(PlResult) r = run_ok(CROSS "cross_prices: rival\n", csv);
    cr_expect(fabs(check_of(r, "price_intervals")->value - 1) < 1e-12);
    g_autofree char *message = run_fails(CROSS "cross_prices: rivall\n", no_column, 4);
    cr_expect(strstr(message, "\"rivall\"") && strstr(message, "did you mean \"rival\""), "%s", message);
}

/* One pair: a price that moved by next to nothing is none to divide by. */
Test(effect_prices, one_pair_and_hardly_another_price) {
    g_autoptr(PlResult) r = run_case((Case){1, .001, -2, .02, 0}, "kind: price", "");
    const PlFinding *e = finding_of(r, "elasticity");
    cr_expect(isnan(e->value));
    cr_expect(strstr(e->reason, "less than one per cent") != NULL, "%s", e->reason);
    g_autoptr(PlResult) more = run_case((Case){1, .05, -2, .02, 0}, "kind: price", "");
    const PlFinding *told = finding_of(more, "elasticity");
    gboolean there = isfinite(told->value);
    cr_expect(there);
    const PlSection *why = pl_result_section(more, "decomposition");
    const PlEstimate *verdict = pl_result_deciding(more, NULL);
    gboolean said = FALSE;
    for (guint i = 0; i < why->sentences->len; i++)
        said = said || strstr(g_ptr_array_index(why->sentences, i), "compare averages before and during");
    /* the verdict of one pair follows the course, where it can be had */
    cr_expect(eq(int, said, g_str_equal(verdict->method, "tbr_ar1") && isfinite(verdict->estimate)));
}
