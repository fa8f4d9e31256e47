/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "price_data.h"

#include <jansson.h>

#include "pairlift/stats/rng.h"

#define ID      "competitive_price"
#define MONTHLY "kpis: {period: month}\n"

/* Reference values: tests/reference/kpi/price.R, and by hand where the data are few. */

static void check(double value, double expected, double relative, const char *what) {
    cr_assert(fabs(value - expected) <= relative * fmax(fabs(expected), 1e-12), "%s: %.17g, expected %.17g",
              what, value, expected);
}

static double value_of(const KpiText *t, const char *measure, const char *group, const char *period) {
    const PlFinding *f = kpi_seek(t, ID, measure, group, period);
    cr_assert_not_null(f, "no %s of %s", measure, group != NULL ? group : "all");
    return f->value;
}

/* The finding without a period: of the whole time. */
static double whole(const KpiText *t, const char *measure, const char *group) {
    const PlSection *s = kpi_section(t, ID);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->group, group) == 0 && f->period == NULL)
            return f->value;
    }
    cr_assert(0, "no %s of %s over the whole time", measure, group != NULL ? group : "all");
    return NAN;
}

/* ---- real data ---- */

Test(competitive_price, indices_of_products_by_month_are_those_computed_elsewhere) {
    g_auto(KpiText) t = retail_prices("kpis: {competitive_price: {target: 1}}\n");
    static const struct {
        const char *group;
        double index, unweighted, gap, below, equal;
    } all[] = {{"comp_1", 2.87577938802945, 1.95513055085226, 20.3739616526544, 138 / 676.0, 245 / 676.0},
               {"comp_2", 1.52805094621122, 1.23881157737763, 6.60769547917747, 169 / 676.0, 317 / 676.0},
               {"comp_3", 1.92674188393602, 1.44662284444614, 17.411964368111, 134 / 676.0, 287 / 676.0},
               {NULL, 1.75525342188676, 1.33021063142973, 14.7978738333143, 232 / 676.0, 112 / 676.0}};
    for (gsize k = 0; k < G_N_ELEMENTS(all); k++) {
        check(whole(&t, "price_index_overall", all[k].group), all[k].index, 1e-12, "index");
        check(whole(&t, "price_index_unweighted", all[k].group), all[k].unweighted, 1e-12, "unweighted");
        check(whole(&t, "price_index_median", all[k].group), 1, 1e-12, "median");
        check(whole(&t, "price_gap_overall", all[k].group), all[k].gap, 1e-12, "gap");
        check(whole(&t, "share_below", all[k].group), all[k].below, 1e-12, "below");
        check(whole(&t, "share_equal", all[k].group), all[k].equal, 1e-12, "equal");
        check(whole(&t, "share_above", all[k].group), 1 - all[k].below - all[k].equal, 1e-12, "above");
    }
}

Test(competitive_price, shares_and_index_are_those_of_the_shared_expectations) {
    g_auto(KpiText) t = retail_prices(MONTHLY);
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    g_autofree char *path =
        g_build_filename(shared != NULL ? shared : "../shared", "expected", "elasticity.json", NULL);
    json_t *root = json_load_file(path, 0, NULL);
    if (root == NULL)
        cr_skip_test("no %s", path);
    const json_t *of = json_object_get(json_object_get(root, "retail_price"), "price_index_vs_comp1");
    static const struct {
        const char *key, *measure;
    } pairs[] = {{"mean", "price_index_unweighted"},
                 {"median", "price_index_median"},
                 {"share_below", "share_below"},
                 {"share_equal", "share_equal"}};
    for (gsize k = 0; k < G_N_ELEMENTS(pairs); k++) {
        const json_t *value = json_object_get(of, pairs[k].key);
        gboolean is_number = json_is_number(value);
        cr_assert(is_number, "%s", pairs[k].key);
        check(whole(&t, pairs[k].measure, "comp_1"), json_number_value(value), 1e-10, pairs[k].key);
    }
    json_decref(root);
}

Test(competitive_price, the_last_month_of_products_by_month) {
    g_auto(KpiText) t = retail_prices("kpis: {competitive_price: {target: 1, by: [category, product]}}\n");
    check(value_of(&t, "price_index", NULL, "2018-08"), 2.93193296050587, 1e-12, "index");
    check(value_of(&t, "price_gap", NULL, "2018-08"), 39.2105884665866, 1e-12, "gap");
    check(value_of(&t, "average_price", NULL, "2018-08"), 112.851781781682, 1e-12, "price");
    check(value_of(&t, "price_index", "comp_1", "2018-08"), 6.09522733342488, 1e-12, "comp_1");
    check(value_of(&t, "price_gap", "comp_1", "2018-08"), 52.2806506534534, 1e-12, "comp_1");
    check(value_of(&t, "price_index", "health_beauty", "2018-08"), 4.46150402172618, 1e-12, "health");
    check(value_of(&t, "price_index", "cool_stuff", "2018-08"), 1, 1e-12, "cool");
    check(value_of(&t, "products_dearer", NULL, "2018-08"), 24, 0, "dearer");
    check(value_of(&t, "match_cost", NULL, "2018-08"), 21890.54333334, 1e-12, "cost");
    const PlFinding *f = kpi_find(&t, ID, "price_index", NULL);
    cr_assert(f->mark != NULL && f->mark->headline && f->mark->status == PL_STATUS_OFF);
    cr_assert_not_null(f->mark->trend);
    cr_assert(kpi_says(&t, ID, "Look at \""));
}

Test(competitive_price, elasticity_of_products_by_month_is_that_of_lm_and_clubSandwich) {
    g_auto(KpiText) t = retail_prices(MONTHLY);
    const PlFinding *f = kpi_find(&t, ID, "elasticity", NULL);
    check(f->value, -2.68515332254503, 1e-9, "elasticity");
    check(f->std_error, 0.465320772695792, 1e-8, "standard error");
    check(f->conf_low, -3.67827135525054, 1e-7, "low");
    check(f->conf_high, -1.69203528983951, 1e-7, "high");
    cr_assert(eq(u32, f->n, 52));
}

Test(competitive_price, elasticity_to_competitors_of_products_by_month_is_that_of_lm_and_clubSandwich) {
    g_auto(KpiText) t = retail_prices(MONTHLY);
    const PlFinding *f = kpi_find(&t, ID, "cross_elasticity", NULL);
    check(f->value, 0.16222530956309, 1e-9, "elasticity");
    check(f->std_error, 0.265248050646679, 1e-8, "standard error");
    cr_assert(kpi_says(&t, ID, "whether buyers come over when competitors raise theirs cannot be told"));
}

Test(competitive_price, price_changes_of_products_by_month) {
    g_auto(KpiText) t = retail_prices(MONTHLY);
    check(value_of(&t, "largest_price_change", "cool3, 2018-06", NULL), 0.857142857142857, 1e-12, "price");
    check(value_of(&t, "units_change_then", "cool3, 2018-06", NULL), -0.5, 1e-12, "units");
    cr_assert(kpi_says(&t, ID, "88 price cuts of 5 % or more, with more units sold after 57 of them"));
    cr_assert(kpi_says(&t, ID, "54 rises, with fewer units after 38"));
    cr_assert(kpi_says(&t, ID, "does not prove a cause"));
}

Test(competitive_price, elasticity_of_a_brand_in_83_stores_is_that_of_lm_and_clubSandwich) {
    g_auto(KpiText) t = juice_prices(FALSE, MONTHLY);
    const PlFinding *f = kpi_find(&t, ID, "elasticity", "brand1");
    check(f->value, -1.92358346247238, 1e-9, "elasticity");
    check(f->std_error, 0.132444117697565, 1e-7, "standard error");
    f = kpi_find(&t, ID, "elasticity", NULL); /* the same: there is one product */
    check(f->value, -1.92358346247238, 1e-9, "elasticity");
}

Test(competitive_price, matching_a_brand_has_the_interval_of_its_own_elasticity) {
    g_auto(KpiText) t = juice_prices(FALSE, MONTHLY);
    const PlFinding *e = kpi_find(&t, ID, "elasticity", "brand1"),
                    *units = kpi_find(&t, ID, "match_units_change", "brand1, brand5"),
                    *revenue = kpi_find(&t, ID, "match_revenue_change", "brand1, brand5");
    double own = value_of(&t, "own_price", "brand1, brand5", NULL),
           match = value_of(&t, "match_price", "brand1, brand5", NULL),
           cost = value_of(&t, "match_cost", "brand1, brand5", NULL), sold = cost / (own - match);
    const double of[3] = {e->value, e->conf_high, e->conf_low}; /* less negative brings less */
    const double more[3] = {units->value, units->conf_low, units->conf_high};
    const double money[3] = {revenue->value, revenue->conf_low, revenue->conf_high};
    for (int k = 0; k < 3; k++) {
        check(more[k], sold * (pow(match / own, of[k]) - 1), 1e-9, "units");
        check(money[k], sold * (pow(match / own, of[k]) * match - own), 1e-9, "revenue");
    }
    cr_assert_null(units->reason);
    cr_assert(kpi_says(&t, ID, "it raises revenue for 1 of them"));
}

Test(competitive_price, p_values_of_many_products_are_adjusted) {
    g_auto(KpiText) t = juice_prices(TRUE, MONTHLY);
    double least = 1;
    for (int b = 1; b <= 11; b++) {
        g_autofree char *name = g_strdup_printf("brand%d", b);
        const PlFinding *f = kpi_find(&t, ID, "elasticity", name);
        cr_assert(f->p_adjusted >= f->p_value);
        least = fmin(least, f->p_value > 0 ? f->p_adjusted / f->p_value : 1);
    }
    /* the weakest of the eleven stays as it is */
    const PlFinding *f = kpi_find(&t, ID, "elasticity", "brand11");
    check(f->p_adjusted, f->p_value, 1e-12, "adjusted");
    check(least, 1, 1e-12, "the smallest factor");
}

Test(competitive_price, elasticity_of_all_brands_is_that_of_effects_taken_out_by_turns) {
    g_auto(KpiText) t = juice_prices(TRUE, MONTHLY);
    check(value_of(&t, "elasticity", NULL, NULL), -3.96904406604538, 1e-7, "elasticity");
    const PlCheck *c = kpi_check(&t, "products_without_competitor");
    cr_assert(c != NULL && c->value == 10);
}

/* ---- the simulated company of the project ---- */

Test(competitive_price, what_is_built_into_the_company_is_found_again) {
    g_auto(KpiText) t = kpi_file("experiments/field-sales/field-sales.yaml");
    json_t *root = json_load_file("experiments/field-sales/truth.json", 0, NULL);
    cr_assert_not_null(root);
    const json_t *truth = json_object_get(root, "prices"), *row;
    size_t i;
    json_array_foreach(json_object_get(truth, "elasticities"), i, row) {
        const char *product = json_string_value(json_object_get(row, "product"));
        double built_in = json_number_value(json_object_get(row, "elasticity"));
        const PlFinding *f = kpi_find(&t, ID, "elasticity", product);
        cr_expect(f->conf_low <= built_in && built_in <= f->conf_high, "%s: %g to %g, built in %g", product,
                  f->conf_low, f->conf_high, built_in);
    }
    json_array_foreach(json_object_get(truth, "price_never_changes"), i, row) {
        const PlFinding *f = kpi_find(&t, ID, "elasticity", json_string_value(row));
        cr_expect(isnan(f->value) && strstr(f->reason, "did not change") != NULL);
    }
    json_array_foreach(json_object_get(truth, "competitors"), i, row) {
        g_autofree char *group = g_strdup_printf("%s, %s", json_string_value(json_object_get(row, "product")),
                                                 json_string_value(json_object_get(row, "competitor")));
        double index = whole(&t, "price_index_overall", group);
        bool undercuts = json_is_true(json_object_get(row, "undercuts"));
        bool dearer = index > 1, as_built = dearer == undercuts;
        cr_expect(as_built, "%s: %g", group, index);
        /* there it is the ratio of two averages over two years, here the mean of monthly ratios */
        check(index, json_number_value(json_object_get(row, "price_index")), 0.05, group);
    }
    json_decref(root);
    for (const char *const *p = (const char *const[]){"coffee, Rival", "nuts, Rival", NULL}; *p != NULL; p++)
        cr_expect(value_of(&t, "match_revenue_change", *p, NULL) > 0);
    cr_assert(kpi_says(&t, ID, "The price of 8 of 12 products never changed"));
}

/* ---- by hand ---- */

#define TWO                                                                                                  \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: sales, file: sales.csv}\n"                                                                  \
    "  - {table: competitor_prices, file: others.csv}\n"

#define SALES                                                                                                \
    "date,store,product,units,revenue\n"                                                                     \
    "2024-01-01,A,cola,10,20\n"                                                                              \
    "2024-01-31,B,cola,10,30\n"                                                                              \
    "2024-01-31,A,juice,5,20\n"                                                                              \
    "2024-02-01,A,cola,10,30\n"                                                                              \
    "2024-02-29,B,cola,30,90\n"                                                                              \
    "2024-02-29,A,juice,10,40\n"

static const char others[] = "date,product,competitor,price\n"
                             "2024-01-10,cola,X,2\n"
                             "2024-01-20,cola,X,3\n"
                             "2024-02-10,cola,X,2\n"
                             "2024-02-10,cola,Y,2.5\n"
                             "2024-02-11,juice,Y,5\n"
                             "2024-02-12,beer,Y,1\n";

Test(competitive_price, a_unit_that_only_one_table_has_is_told) {
    static const char plain[] = "date,store,product,units,revenue\n2024-01-01,A,cola,10,20\n"
                                "2024-01-02,A,juice,10,20\n",
                      with[] = "date,store,product,units,revenue,unit\n2024-01-01,A,juice,10,20,\n"
                               "2024-01-02,A,cola,10,20,litre\n",
                      theirs[] = "date,product,competitor,price,unit\n2024-01-10,juice,X,2,\n"
                                 "2024-01-10,cola,X,2,litre\n",
                      rest_of[] =
                          "has the unit \"litre\" here and none in the table \"%s\"; prices of 1 product";
    static const struct {
        const char *sales, *theirs, *place, *table;
    } cases[] = {{plain, theirs, "others.csv:3: product \"cola\"", "sales"},
                 {with, others, "sales.csv:3: product \"cola\"", "competitor_prices"},
                 {with, theirs, NULL, NULL},
                 {plain, others, NULL, NULL}};
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_auto(KpiText) t = kpi_text(TWO "kpis: {currency: EUR}\n", "sales.csv", cases[k].sales, "others.csv",
                                     cases[k].theirs, NULL);
        const PlCheck *c = kpi_check(&t, "unit_in_one_table");
        cr_assert(eq(int, c != NULL, cases[k].place != NULL));
        g_autofree char *rest = g_strdup_printf(rest_of, cases[k].table);
        cr_expect(c == NULL || strstr(c->message, cases[k].place) != NULL, "%s", c->message);
        cr_expect(c == NULL || strstr(c->message, rest) != NULL, "%s", c->message);
    }
}

Test(competitive_price, index_gap_and_average_by_hand) {
    g_auto(KpiText) t = kpi_text(TWO "kpis: {currency: EUR, competitive_price: {target: 1.2}}\n", "sales.csv",
                                 SALES, "others.csv", others, NULL);
    /* February: cola 120/40 = 3 against (2 + 2.5) / 2, juice 4 against 5; revenue 120 and 40 */
    check(value_of(&t, "price_index", NULL, "2024-02"), (120 * 3 / 2.25 + 40 * 4 / 5.0) / 160, 1e-14,
          "index");
    check(value_of(&t, "price_gap", NULL, "2024-02"), (40 * 0.75 - 10 * 1) / 50.0, 1e-14, "gap");
    check(value_of(&t, "average_price", NULL, "2024-02"), 160 / 50.0, 1e-14, "price");
    check(value_of(&t, "price_index", "X", "2024-02"), 1.5, 1e-14, "X");
    check(value_of(&t, "price_index", "Y", "2024-02"), (120 * 3 / 2.5 + 40 * 4 / 5.0) / 160, 1e-14, "Y");
    check(value_of(&t, "price_index", "juice", "2024-02"), 0.8, 1e-14, "juice");
    check(value_of(&t, "price_gap", "cola", "2024-02"), 0.75, 1e-14, "cola");
    /* store A sold cola at 3 and juice at 4, store B cola at 3 */
    check(value_of(&t, "price_index", "A", "2024-02"), (30 * 3 / 2.25 + 40 * 4 / 5.0) / 70, 1e-14, "A");
    check(value_of(&t, "average_price", "A", "2024-02"), 3.5, 1e-14, "A");
    check(value_of(&t, "average_price_by_period", "B", "2024-01"), 3, 1e-14, "B");
    /* X in both months: 2.5 / 2.5 and 3 / 2 */
    check(whole(&t, "price_index_overall", "X"), (50 * 1 + 120 * 1.5) / 170, 1e-14, "X, whole");
    check(whole(&t, "share_equal", "X"), 0.5, 1e-14, "equal");
    const PlFinding *f = kpi_find(&t, ID, "price_gap", NULL);
    cr_assert(eq(str, f->unit, (char *)"EUR"));
    cr_assert(kpi_find(&t, ID, "price_index", NULL)->mark->status == PL_STATUS_AT_RISK ||
              kpi_find(&t, ID, "price_index", NULL)->value <= 1.2);
    cr_assert(kpi_says(&t, ID, "Look at \"cola\": it is 33.3 % dearer"));
    cr_assert(kpi_says(&t, ID, "without it the index would be 0.8"));
}

Test(competitive_price, what_is_left_out_is_counted_and_named) {
    g_auto(KpiText) t = kpi_text(TWO MONTHLY, "sales.csv",
                                 SALES "2024-02-29,A,,1,1\n2024-02-29,A,cola,0,0\n2024-02-29,A,water,5,4\n"
                                       "2024-02-29,B,juice,2,\n",
                                 "others.csv", others, NULL);
    const PlCheck *c = kpi_check(&t, "competitor_products_unknown");
    cr_assert(c != NULL && c->value == 1);
    cr_assert_not_null(strstr(c->message, "others.csv:7: product \"beer\""), "%s", c->message);
    c = kpi_check(&t, "products_without_competitor");
    cr_assert(c != NULL && c->value == 1);
    cr_assert_not_null(strstr(c->message, "\"water\""), "%s", c->message);
    c = kpi_check(&t, "periods_without_competitor"); /* juice in January */
    cr_assert(c != NULL && c->value == 1);
    guint left_out = 0;
    for (guint i = 0; i < t.result->checks->len; i++) {
        c = g_ptr_array_index(t.result->checks, i);
        left_out += g_str_equal(c->name, "prices_left_out") ? (guint)c->value : 0;
    }
    cr_assert(eq(u32, left_out, 3));
}

Test(competitive_price, prices_of_competitors_near_a_store_are_held_against_that_store) {
    static const char near_stores[] = "date,store,product,competitor,price\n"
                                      "2024-02-10,A,cola,X,2\n"
                                      "2024-02-10,B,cola,X,4\n"
                                      "2024-02-10,C,cola,X,1\n"
                                      "2024-02-10,,cola,X,1\n";
    g_auto(KpiText) t = kpi_text(TWO MONTHLY, "sales.csv", SALES, "others.csv", near_stores, NULL);
    check(value_of(&t, "price_index", NULL, "2024-02"), (30 * 1.5 + 90 * 0.75) / 120, 1e-14, "index");
    check(value_of(&t, "price_index", "B", "2024-02"), 0.75, 1e-14, "B");
    check(value_of(&t, "price_index", "cola", "2024-02"), (30 * 1.5 + 90 * 0.75) / 120, 1e-14, "cola");
    guint left_out = 0;
    for (guint i = 0; i < t.result->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(t.result->checks, i);
        left_out += g_str_equal(c->name, "prices_left_out") ? (guint)c->value : 0;
    }
    cr_assert(eq(u32, left_out, 2));
}

Test(competitive_price, matching_by_hand_at_an_elasticity_that_is_given) {
    /* cola costs 2.5 in January and 3 in February, where X has 2.7, within what was seen; juice is cheaper */
    static const char cheap[] = "date,product,competitor,price\n"
                                "2024-02-10,cola,X,2.7\n"
                                "2024-02-10,cola,Y,2.9\n"
                                "2024-02-11,juice,Y,5\n";
    g_auto(KpiText) t =
        kpi_text(TWO "economics: {margin: 0.4}\nkpis: {competitive_price: {elasticity: -2}}\n", "sales.csv",
                 SALES, "others.csv", cheap, NULL);
    const char *group = "cola, X";
    double units = 40 * pow(2.7 / 3, -2), cost = 3 * 0.6;
    check(value_of(&t, "own_price", group, NULL), 3, 1e-14, "own");
    check(value_of(&t, "match_price", group, NULL), 2.7, 1e-14, "match");
    check(value_of(&t, "match_price_change", group, NULL), -0.1, 1e-12, "change");
    check(value_of(&t, "match_cost", group, NULL), 40 * 0.3, 1e-12, "cost");
    check(value_of(&t, "match_units_change", group, NULL), units - 40, 1e-12, "units");
    check(value_of(&t, "match_revenue_change", group, NULL), units * 2.7 - 120, 1e-12, "revenue");
    check(value_of(&t, "match_profit_change", group, NULL), units * (2.7 - cost) - 40 * (3 - cost), 1e-11,
          "profit");
    check(value_of(&t, "match_revenue_change", NULL, NULL), units * 2.7 - 120, 1e-12, "total");
    cr_assert_null(kpi_seek(&t, ID, "own_price", "juice, Y", NULL));
    const PlFinding *f = kpi_find(&t, ID, "match_units_change", group);
    cr_assert(isnan(f->conf_low));
    cr_assert_not_null(strstr(f->reason, "given in the definition"), "%s", f->reason);
}

Test(competitive_price, a_price_beyond_those_seen_has_no_expectation) {
    g_auto(KpiText) t = kpi_text(TWO "kpis: {competitive_price: {elasticity: -2}}\n", "sales.csv", SALES,
                                 "others.csv", "date,product,competitor,price\n2024-02-10,cola,X,1\n", NULL);
    const PlFinding *f = kpi_find(&t, ID, "match_units_change", "cola, X");
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "extrapolation: prices seen were"), "%s", f->reason);
    check(value_of(&t, "match_cost", "cola, X", NULL), 80, 1e-12, "cost");
    f = kpi_find(&t, ID, "match_revenue_change", NULL);
    cr_assert(isnan(f->value) && f->reason != NULL);
}

/* ---- where nothing can be told ---- */

Test(competitive_price, prices_that_never_change_have_no_elasticity) {
    g_autoptr(GString) sales = g_string_new("date,store,product,units,revenue\n");
    for (int day = 1; day <= 28; day++)
        for (int store = 0; store < 6; store++)
            g_string_append_printf(sales, "2024-02-%02d,S%d,cola,%d,%d\n", day, store, 5 + (day * store) % 7,
                                   3 * (5 + (day * store) % 7));
    g_auto(KpiText) t = kpi_text(TWO MONTHLY, "sales.csv", sales->str, "others.csv",
                                 "date,product,competitor,price\n2024-02-10,cola,X,2\n", NULL);
    const PlFinding *f = kpi_find(&t, ID, "elasticity", NULL);
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "did not change"), "%s", f->reason);
    cr_assert(isnan(value_of(&t, "match_units_change", "cola, X", NULL)));
    check(value_of(&t, "match_price", "cola, X", NULL), 2, 0, "match");
}

Test(competitive_price, tables_that_call_products_differently_have_no_index) {
    g_auto(KpiText) t = kpi_text(TWO "kpis: {competitive_price: {target: 1}}\n", "sales.csv", SALES,
                                 "others.csv", "date,product,competitor,price\n2024-02-10,COLA,X,2\n", NULL);
    const PlFinding *f = kpi_find(&t, ID, "price_index", NULL);
    cr_assert(isnan(f->value) && f->mark->headline);
    cr_assert_not_null(strstr(f->reason, "called the same"), "%s", f->reason);
    check(value_of(&t, "average_price", NULL, "2024-02"), 3.2, 1e-14, "price");
}

Test(competitive_price, sales_without_products_or_prices_say_what_is_missing) {
    g_auto(KpiText) a = kpi_text(TWO MONTHLY, "sales.csv", "date,store,units,revenue\n2024-01-01,A,1,2\n",
                                 "others.csv", others, NULL);
    cr_assert_not_null(strstr(kpi_find(&a, ID, "price_index", NULL)->reason, "no column of products"));
    g_auto(KpiText) b =
        kpi_text(TWO MONTHLY, "sales.csv", "date,store,product,revenue\n2024-01-01,A,cola,2\n", "others.csv",
                 others, NULL);
    cr_assert_not_null(strstr(kpi_find(&b, ID, "price_index", NULL)->reason, "neither a price nor"));
    g_auto(KpiText) c =
        kpi_text(TWO MONTHLY, "sales.csv", "date,store,product,units,revenue\n2024-01-01,A,cola,0,0\n",
                 "others.csv", others, NULL);
    cr_assert_not_null(strstr(kpi_find(&c, ID, "price_index", NULL)->reason, "no row"));
}

Test(competitive_price, competitors_not_looked_at_lately_are_told) {
    g_auto(KpiText) t = kpi_text(TWO MONTHLY, "sales.csv", SALES, "others.csv",
                                 "date,product,competitor,price\n2024-01-10,cola,X,2\n", NULL);
    check(value_of(&t, "price_index", NULL, "2024-01"), 1.25, 1e-14, "index");
    cr_assert(
        kpi_says(&t, ID,
                 "The last month with prices of competitors to compare is 2024-01, while sales go on to "
                 "2024-02"));
}

Test(competitive_price, prices_alone_count_alike) {
    g_auto(KpiText) t =
        kpi_text(TWO MONTHLY, "sales.csv",
                 "date,product,price\n2024-02-01,cola,2\n2024-02-29,cola,4\n2024-02-29,juice,5\n",
                 "others.csv", others, NULL);
    /* cola 3 against 2.25, juice 5 against 5; cola has two prices and so twice the weight */
    check(value_of(&t, "price_index", "cola", "2024-02"), 3 / 2.25, 1e-14, "cola");
    check(value_of(&t, "average_price", NULL, "2024-02"), 11 / 3.0, 1e-14, "price");
    cr_assert_null(kpi_seek(&t, ID, "match_cost", NULL, NULL));
    cr_assert(isnan(value_of(&t, "elasticity", NULL, NULL)));
}

Test(competitive_price, a_target_can_be_of_the_gap_or_the_average) {
    g_auto(KpiText) t = kpi_text(TWO "kpis: {competitive_price: {measure: average_price, target: 3}}\n",
                                 "sales.csv", SALES, "others.csv", others, NULL);
    const PlFinding *f = kpi_find(&t, ID, "average_price", NULL);
    cr_assert(f->mark->headline && f->mark->status == PL_STATUS_ON_TARGET);
    cr_assert(kpi_says(&t, ID, "Look at \"juice\": it is 20 % cheaper"));
    g_auto(KpiText) u = kpi_text(TWO "kpis: {competitive_price: {measure: price_gap, target: 0}}\n",
                                 "sales.csv", SALES, "others.csv", others, NULL);
    f = kpi_find(&u, ID, "price_gap", NULL);
    cr_assert(f->mark->headline && f->mark->status == PL_STATUS_OFF);
}

Test(competitive_price, units_that_do_not_match_across_the_tables_are_a_fault_with_both_lines) {
    g_auto(KpiText) t = kpi_text(
        TWO MONTHLY, "sales.csv", "date,product,units,revenue,unit\n2024-01-01,cola,1,2,bottle\n",
        "others.csv",
        "date,product,competitor,price,unit\n2024-01-01,beer,X,1,crate\n2024-01-01,cola,X,2,crate\n", NULL);
    cr_assert_null(t.result);
    cr_assert(eq(int, pl_error_exit_status(t.error), 4));
    cr_assert_not_null(strstr(t.message, "others.csv:3"), "%s", t.message);
    cr_assert_not_null(strstr(t.message, "\"crate\" here and \"bottle\" in"), "%s", t.message);
    cr_assert_not_null(strstr(t.message, "sales.csv:2"), "%s", t.message);
}

/* ---- known truth ---- */

static double normal_draw(PlRng *rng) {
    double u = 1 - pl_rng_uniform(rng), v = pl_rng_uniform(rng);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Units of 12 products in 6 stores over 20 weeks that react with -2 to their price. */
static char *simulate(guint64 block) {
    GString *sales = g_string_new("date,store,product,units,revenue\n");
    PlRng rng = pl_rng_stream(7, block);
    double week_effect[20];
    for (int w = 0; w < 20; w++)
        week_effect[w] = 0.3 * normal_draw(&rng);
    for (int p = 0; p < 12; p++) {
        double base = 3 + normal_draw(&rng);
        for (int s = 0; s < 6; s++)
            for (int w = 0; w < 20; w++) {
                double price = exp(0.5 + 0.15 * normal_draw(&rng));
                double units = exp(base + week_effect[w] - 2 * log(price) + 0.4 * normal_draw(&rng));
                PlDay day = pl_day_from_ymd(2024, 1, 1) + 7 * w;
                g_autofree char *date = pl_day_format(day, PL_TIME_DATE);
                g_string_append_printf(sales, "%s,S%d,P%d,%.12g,%.12g\n", date, s, p, units, units * price);
            }
    }
    return g_string_free(sales, FALSE);
}

Test(competitive_price, intervals_hold_the_elasticity_that_was_built_in) {
    int held = 0, runs = 60;
    for (int r = 0; r < runs; r++) {
        g_autofree char *sales = simulate((guint64)r);
        g_auto(KpiText) t = kpi_text(TWO MONTHLY, "sales.csv", sales, "others.csv",
                                     "date,product,competitor,price\n2024-02-10,P1,X,2\n", NULL);
        const PlFinding *f = kpi_find(&t, ID, "elasticity", NULL);
        held += f->conf_low <= -2 && f->conf_high >= -2;
        cr_assert(fabs(f->value + 2) < 0.5, "%g", f->value);
    }
    cr_assert(held >= 51, "%d of %d", held, runs); /* 57 are expected, 51 are 3.5 standard errors below */
}
