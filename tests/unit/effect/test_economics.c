/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#include "pairlift/stats/rng.h"

static const PlFinding *found(const PlResult *r, const char *measure) {
    const PlSection *section = pl_result_section(r, "economics");
    for (guint i = 0; section && i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (g_str_equal(f->measure, measure))
            return f;
    }
    cr_assert(0, "no finding %s", measure);
    return NULL;
}

/* n pairs; test stores are the even ones, weeks 3 and 4 the promotion, 5 and 6 the time after. */
static char *sales_of(guint n, const char *columns) {
    PlRng rng = pl_rng_stream(11, n);
    GString *csv = g_string_new("store,date");
    g_string_append(csv, columns);
    g_string_append_c(csv, '\n');
    for (guint s = 0; s < 2 * n; s++)
        for (int t = 1; t <= 6; t++) {
            gboolean promoted = s % 2 == 0 && (t == 3 || t == 4);
            double u = 100 * exp(.1 * pl_rng_normal(&rng)) * (promoted ? 1.5 : s % 2 == 0 && t > 4 ? .95 : 1);
            double r = u * 4 * (promoted ? .9 : 1);
            g_string_append_printf(csv, "S%02u,%d", s, t);
            if (strstr(columns, "units"))
                g_string_append_printf(csv, ",%.4f", u);
            if (strstr(columns, "revenue"))
                g_string_append_printf(csv, ",%.4f", r);
            if (strstr(columns, "profit"))
                g_string_append_printf(csv, ",%.4f", r - 2.4 * u);
            if (strstr(columns, "spend"))
                g_string_append_printf(csv, ",%d", promoted ? 50 : 0);
            g_string_append_c(csv, '\n');
        }
    return g_string_free(csv, FALSE);
}

static PlResult *run_money(guint n, const char *columns, const char *more) {
    GString *yaml = g_string_new(HEAD);
    g_string_append_printf(yaml, "metrics: [{name: sold, sum: %s}]\n",
                           strstr(columns, "revenue") ? "revenue" : "units");
    g_string_append(yaml,
                    "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}, after: {from: 5, to: 6}}\n"
                    "analysis: {methods: [paired_t]}\npairs:\n");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(yaml, "  - {test: S%02u, control: S%02u}\n", 2 * i, 2 * i + 1);
    g_string_append(yaml, more);
    g_autofree char *csv = sales_of(n, columns);
    PlResult *result = run_ok(yaml->str, csv);
    g_string_free(yaml, TRUE);
    return result;
}

typedef struct {
    const char *measure;
    double value;
} Expected;

/* The price cut of orange juice; `margin` 0: its own column of margins. */
static void hold_orange_juice(double margin, const Expected *expected, gsize n) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    pl_stats_init();
    g_autoptr(PlDefinition) def =
        pl_definition_load("experiments/dominicks-orange-juice/price-cut.yaml", &error);
    cr_assert(def && pl_pairs_load(def, NULL, &error));
    if (margin > 0) {
        g_clear_pointer(&def->economics.margin_column, g_free);
        def->economics.margin = margin;
        def->economics.fixed_cost = 200;
        def->economics.cost_per_store = 20;
    }
    g_autoptr(PlPanel) panel = pl_load_sales(def, NULL, NULL, &inputs, &error);
    g_autoptr(PlResult) r = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, &error);
    cr_assert_not_null(r);
    for (gsize i = 0; i < n; i++)
        cr_assert(epsilon_eq(dbl, found(r, expected[i].measure)->value, expected[i].value,
                             1e-9 * fmax(1, fabs(expected[i].value))),
                  "%s: %.15g", expected[i].measure, found(r, expected[i].measure)->value);
}

/* Expected: tests/reference/decomposition.R. */
Test(economics, of_orange_juice_agrees_with_R) {
    static const Expected of_rate[] = {{"incremental_units", 468.49689248672},
                                       {"incremental_revenue", 1708.54985898737},
                                       {"gross_profit", -4.1744654251379},
                                       {"bar_after", -17.8641483657557},
                                       {"bar_stores", -160},
                                       {"bar_fixed", -200},
                                       {"net_profit", -382.038613790894},
                                       {"cost", 360},
                                       {"roi", -1.06121837164137},
                                       {"iroas", 4.74597183052048},
                                       {"cost_per_unit", 0.719867127785293},
                                       {"break_even_lift", 0.711208633034679},
                                       {"projection", -2038.98653524126}};
    static const Expected of_column[] = {{"gross_profit", 73.364544701355},
                                         {"bar_price", -575.082573562639},
                                         {"bar_after", -185.49856079038},
                                         {"net_profit", -112.134016089025},
                                         {"break_even_lift", 0.446242087691631}};
    hold_orange_juice(.25, of_rate, G_N_ELEMENTS(of_rate));
    hold_orange_juice(0, of_column, G_N_ELEMENTS(of_column));
}

Test(economics, bars_sum_to_the_net_profit_exactly) {
    const guint sizes[] = {1, 2, 3, 12};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(PlResult) r =
            run_money(sizes[i], ",units,revenue,spend",
                      "economics: {margin: 0.4, fixed_cost: 100, cost_per_store: 10, cost_column: spend}\n");
        const PlSection *section = pl_result_section(r, "economics");
        double sum = 0;
        for (guint k = 0; k < section->findings->len; k++) {
            const PlFinding *f = g_ptr_array_index(section->findings, k);
            sum += g_str_has_prefix(f->measure, "bar_") ? f->value : 0;
        }
        cr_assert(epsilon_eq(dbl, sum, found(r, "net_profit")->value, 1e-9));
        cr_assert(epsilon_eq(dbl, found(r, "bar_spending")->value, -100.0 * sizes[i], 1e-9));
        cr_assert(epsilon_eq(dbl, found(r, "cost")->value, 100 + 110.0 * sizes[i], 1e-9));
        cr_assert(epsilon_eq(dbl, found(r, "gross_profit")->value,
                             found(r, "bar_units")->value + found(r, "bar_price")->value, 1e-9));
    }
}

/* A price of 4 and a margin of 40 % are a unit cost of 2.40. */
Test(economics, of_a_unit_cost_is_that_of_the_margin) {
    g_autoptr(PlResult)
        a = run_money(12, ",units,revenue", "economics: {margin: 0.4, fixed_cost: 100}\n"),
        b = run_money(12, ",units,revenue", "economics: {unit_cost: 2.4, fixed_cost: 100}\n"),
        c = run_money(12, ",units,revenue,profit",
                      "economics: {margin_column: profit, margin_in: money, fixed_cost: 100}\n");
    cr_assert(epsilon_eq(dbl, found(a, "net_profit")->value, found(b, "net_profit")->value, 1e-3));
    cr_assert(epsilon_eq(dbl, found(a, "gross_profit")->value, found(c, "gross_profit")->value,
                         .1 * fabs(found(a, "gross_profit")->value)));
    cr_assert(eq(str, ((PlFinding *)found(a, "incremental_units"))->period, "during"));
}

Test(economics, is_not_there_without_economics) {
    g_autoptr(PlResult) r = run_money(3, ",units,revenue", "");
    cr_assert_null(pl_result_section(r, "economics"));
}

/* What is missing is named, and the rest computed. */
Test(economics, says_what_is_missing) {
    static const struct {
        const char *columns, *more, *says;
    } cases[] = {
        {",units,revenue", "economics: {fixed_cost: 10}\n", "give margin"},
        {",units", "economics: {margin: 0.4, fixed_cost: 10}\n", "revenue"},
        {",revenue", "economics: {unit_cost: 2, fixed_cost: 10}\n", "units"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) r = run_money(5, cases[i].columns, cases[i].more);
        const PlFinding *net = found(r, "net_profit");
        cr_assert(isnan(net->value));
        cr_assert(strstr(net->reason, cases[i].says) != NULL, "%s", net->reason);
        cr_assert(eq(dbl, found(r, "cost")->value, 10));
        cr_assert_not_null(found(r, "chance_pays")->reason);
        cr_assert_not_null(found(r, "projection")->reason);
    }
    g_autoptr(PlResult) r = run_money(5, ",revenue", "economics: {margin: 0.4, fixed_cost: 10}\n");
    cr_assert(isfinite(found(r, "net_profit")->value) != 0);
    cr_assert_not_null(found(r, "gross_profit")->reason);
    cr_assert_not_null(found(r, "break_even_lift_revenue"));
    cr_assert(isnan(found(r, "incremental_units")->value));
}

/* One treatment's costs stand in place of those of economics. */
Test(economics, treatments_have_costs_of_their_own) {
    g_autoptr(PlResult) r = run_money(4, ",units,revenue",
                                      "treatments: [{name: deal, fixed_cost: 7, cost_per_store: 0}]\n"
                                      "economics: {margin: 0.4, fixed_cost: 100, cost_per_store: 10}\n");
    cr_assert(eq(dbl, found(r, "cost")->value, 7));
}

/* Nobody has bought more: the cost of an extra item is nobody's. */
Test(economics, cost_of_an_item_that_was_not_sold_has_a_reason) {
    const char *csv = "store,date,units,revenue\n"
                      "S00,1,10,20\nS00,2,11,22\nS00,3,5,10\nS00,4,5,10\n"
                      "S01,1,10,20\nS01,2,11,22\nS01,3,10,20\nS01,4,12,24\n"
                      "S02,1,7,14\nS02,2,9,18\nS02,3,6,12\nS02,4,5,10\n"
                      "S03,1,7,14\nS03,2,8,16\nS03,3,8,16\nS03,4,9,18\n";
    g_autoptr(PlResult) r = run_ok(HEAD TAIL "pairs: [{test: S00, control: S01}, {test: S02, control: S03}]\n"
                                             "economics: {margin: 0.3, fixed_cost: 5}\n",
                                   csv);
    cr_assert(isnan(found(r, "cost_per_unit")->value));
    cr_assert_not_null(found(r, "cost_per_unit")->reason);
    cr_assert(lt(dbl, found(r, "net_profit")->value, 0));
}

/* Small stores gain, one large one loses more: the mean of the pairs rises, the sum falls. */
Test(economics, warns_where_the_sum_points_the_other_way) {
    GString *csv = g_string_new("store,date,revenue\n");
    for (guint s = 0; s < 6; s++)
        for (int t = 1; t <= 4; t++) {
            double size = s < 2 ? 1000 : 10, lift = s % 2 || t < 3 ? 1 : s < 2 ? .9 : 1.3 + .01 * s;
            g_string_append_printf(csv, "S%02u,%d,%g\n", s, t, size * lift);
        }
    g_autoptr(PlResult) r = run_ok(HEAD TAIL "pairs: [{test: S00, control: S01}, {test: S02, control: S03}, "
                                             "{test: S04, control: S05}]\n",
                                   csv->str);
    g_string_free(csv, TRUE);
    const PlCheck *check = check_of(r, "totals_agree");
    cr_assert(eq(int, check->status, PL_WARN));
    cr_assert(lt(dbl, check->value, 0));
}

/* One of six test stores sells as much as the others together. */
Test(economics, says_when_a_sum_hangs_on_one_store) {
    for (int large = 0; large < 2; large++) {
        GString *csv = g_string_new("store,date,revenue\n");
        GString *yaml = g_string_new(HEAD TAIL "economics: {margin: 0.5}\npairs:\n");
        for (guint s = 0; s < 12; s++)
            for (int t = 1; t <= 4; t++)
                g_string_append_printf(csv, "S%02u,%d,%g\n", s, t,
                                       (s == 4 && large ? 500.0 : 100.0) + s + t +
                                           (s % 2 == 0 && t > 2 ? 20 : 0));
        for (guint i = 0; i < 6; i++)
            g_string_append_printf(yaml, "  - {test: S%02u, control: S%02u}\n", 2 * i, 2 * i + 1);
        g_autoptr(PlResult) r = run_ok(yaml->str, csv->str);
        gboolean said = FALSE;
        for (guint i = 0; i < r->checks->len; i++) {
            const PlCheck *c = g_ptr_array_index(r->checks, i);
            said = said || (g_str_equal(c->name, "store_sizes") && strstr(c->message, "\"S04\""));
        }
        cr_expect(eq(int, said, large));
        g_string_free(csv, TRUE);
        g_string_free(yaml, TRUE);
    }
}

/* Two products, A at 4 and B at 2; the promotion sells more of A and less of B. */
static PlResult *run_products_of(const char *column, const char *where, const char *more) {
    PlRng rng = pl_rng_stream(13, 1);
    GString *csv = g_string_new(NULL);
    g_string_append_printf(csv, "store,date,%s,units,revenue\n", column);
    GString *yaml =
        g_string_new("experiment: test\ndata:\n  - {table: sales, file: sales.csv, date_format: number");
    g_string_append_printf(yaml, "%s}\n" TAIL "economics: {margin: 0.5}\n%spairs:\n", where, more);
    for (guint s = 0; s < 16; s++)
        for (int t = 1; t <= 4; t++) {
            gboolean promoted = s % 2 == 0 && t > 2;
            double a = 100 * exp(.05 * pl_rng_normal(&rng)) * (promoted ? 1.5 : 1);
            double b = 100 * exp(.05 * pl_rng_normal(&rng)) * (promoted ? .8 : 1);
            g_string_append_printf(csv, "S%02u,%d,A,%.6f,%.6f\nS%02u,%d,B,%.6f,%.6f\n", s, t, a, 4 * a, s, t,
                                   b, 2 * b);
        }
    for (guint i = 0; i < 8; i++)
        g_string_append_printf(yaml, "  - {test: S%02u, control: S%02u}\n", 2 * i, 2 * i + 1);
    PlResult *r = run_ok(yaml->str, csv->str);
    g_string_free(csv, TRUE);
    g_string_free(yaml, TRUE);
    return r;
}

static PlResult *run_products(const char *where) {
    return run_products_of("product", where, "");
}

/* A dearer mix is not a higher price at the same cost: both views of the same sales earn about the same, 8 x
 * 2 x (200 - 40) x .5 but for the noise. */
Test(economics, of_several_products_does_not_take_the_mix_for_a_price) {
    g_autoptr(PlResult) all = run_products(""), alone = run_products(", where: {product: [A]}");
    const PlFinding *gross = found(all, "gross_profit");
    cr_assert(
        epsilon_eq(dbl, gross->value, .5 * found(all, "incremental_revenue")->value, 1e-9 * gross->value));
    cr_assert_not_null(gross->reason);
    cr_assert(lt(dbl, found(alone, "bar_others")->value, 0));
    cr_assert(epsilon_eq(dbl, found(all, "bar_gross")->value, 1280, 150));
    cr_assert(epsilon_eq(dbl, found(alone, "net_profit")->value, 1280, 150));
}

/* Where the metrics hold A and B, B is no other product, though only A is promoted. */
Test(economics, counts_as_other_only_what_the_metrics_leave_out) {
    g_autoptr(PlResult) all = run_products(""),
                        both = run_products_of("product", ", where: {product: [A, B]}",
                                               "treatments: [{name: p, kind: promotion, products: [A]}]\n");
    const char *const measures[] = {"gross_profit", "net_profit"};
    for (gsize i = 0; i < G_N_ELEMENTS(measures); i++)
        cr_assert(epsilon_eq(dbl, found(both, measures[i])->value, found(all, measures[i])->value, 1e-9));
    const PlSection *section = pl_result_section(both, "economics");
    cr_assert_null(pl_section_find(section, NULL, "bar_others"));
    cr_assert_null(pl_section_find(section, NULL, "bar_price"), "the mix is no price");
    cr_assert_not_null(strstr(found(both, "bar_gross")->reason, "with several products in the metrics"));
    cr_assert_null(strstr(found(both, "bar_gross")->reason, "without a column"));
}

/* What is needed is known to a hundredth of a per cent where a small known cost is all; the change is not. */
Test(economics, gives_a_change_no_more_digits_than_its_interval_bears) {
    g_autoptr(PlResult) r =
        run_products_of("product", "", "treatments: [{name: p, kind: promotion, fixed_cost: 10}]\n");
    const PlSection *s = pl_result_section(r, "economics");
    const char *text = g_ptr_array_index(s->sentences, 0), *change = strstr(text, "the change was +");
    cr_assert_not_null(change, "%s", text);
    cr_assert(le(sz, strcspn(change + strlen("the change was +"), " "), strlen("45.6")), "%s", text);
}

/* `where` may name the role of a column that is called otherwise. */
Test(economics, knows_the_other_products_by_their_role) {
    g_autoptr(PlResult)
        alone = run_products(", where: {product: [A]}"),
        brand = run_products_of("brand", ", columns: {product: brand}, where: {product: [A]}", "");
    const char *const measures[] = {"bar_units", "bar_others", "net_profit"};
    for (gsize i = 0; i < G_N_ELEMENTS(measures); i++)
        cr_assert(epsilon_eq(dbl, found(brand, measures[i])->value, found(alone, measures[i])->value, 1e-9));
}

/* Expected: incremental sales by hand (Python), 50,000 spent; geo-based regression of
 * expected/tbr_reference_geoexperiments.json has 3.23 (2.78 to 3.68 at 90 %) for the same data. */
Test(economics, return_on_spending_of_groups_of_regions) {
    const char *shared = g_getenv("PAIRLIFT_SHARED") ? g_getenv("PAIRLIFT_SHARED") : "../shared";
    g_autofree char *here = g_get_current_dir(),
                    *folder = g_build_filename(here, shared, "data", "geoexp", NULL), *sales = NULL;
    g_autofree char *text = g_strdup_printf(
        "experiment: geo\ndata:\n  - {table: sales, file: %s/salesandcost.csv, gaps: zero, "
        "columns: {store: geo, revenue: sales}}\nmetrics: [{name: sales, sum: sales}]\n"
        "periods: {before: {from: 2015-01-05, to: 2015-02-15}, during: {from: 2015-02-16, to: "
        "2015-03-15}}\nassignment: {file: %s/geoassignment.csv, store: geo, group: geo.group, "
        "control: \"1\"}\neconomics: {cost_column: cost}\n",
        folder, folder);
    sales = g_build_filename(folder, "salesandcost.csv", NULL);
    if (!g_file_test(sales, G_FILE_TEST_EXISTS))
        cr_skip_test("no %s", sales);
    g_autoptr(PlResult) r = run_ok(text, "");
    const PlFinding *iroas = found(r, "iroas");
    cr_assert(epsilon_eq(dbl, found(r, "incremental_revenue")->value, 150625.38150234474, 1e-4));
    cr_assert(epsilon_eq(dbl, found(r, "cost")->value, 50000, 1e-6));
    cr_assert(epsilon_eq(dbl, iroas->value, 3.012507630046896, 1e-9));
    cr_assert(all(lt(dbl, iroas->conf_low, 2.95), gt(dbl, iroas->conf_high, 3.1)));
}
