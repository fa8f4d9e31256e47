/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/products.h"

#include "experiment.h"
#include "pairlift/effect/item_effects.h"

/* Six pairs, days 1 to 4, five items; values by tests/reference/effect/products.R (R 4.2.2). */
static const char *const items[] = {"cola", "milk", "tea", "rare", "new"};

static int sold(int s, int d, int i) {
    static const int effect[] = {30, -9, -4, 0, 12};
    int u = 40 + (s * 7 + d * 5 + i * 11 + s * d * 3 + i * s * 5) % 17;
    if (s < 6 && d > 2)
        u += effect[i];
    if (i == 3)
        u = (s + d) % 3 != 0 ? 0 : u / 8;
    return i == 4 && s >= 6 ? 0 : u;
}

/* Rows without sales are not written: what is missing was not sold. */
static char *sales(int n_items) {
    GString *csv = g_string_new("date,store,product,units,revenue\n");
    for (int d = 1; d <= 4; d++)
        for (int s = 0; s < 12; s++)
            for (int i = 0; i < n_items; i++)
                if (sold(s, d, i) > 0)
                    g_string_append_printf(csv, "%d,S%d,%s,%d,%d\n", d, s, items[i], sold(s, d, i),
                                           sold(s, d, i) * (i + 2));
    return g_string_free(csv, FALSE);
}

#define SIX_PAIRS                                                                                            \
    "pairs: [{test: S0, control: S6}, {test: S1, control: S7}, {test: S2, control: S8}, {test: S3, "         \
    "control: S9}, {test: S4, control: S10}, {test: S5, control: S11}]\n"
#define METRICS                                                                                              \
    "metrics: [{name: units, sum: units}, {name: revenue, sum: revenue, unit: USD}]\n"                       \
    "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\n"                                        \
    "analysis: {methods: [paired_t]}\n"
#define DATA(more)                                                                                           \
    "experiment: test\ndata:\n  - {table: sales, file: sales.csv, date_format: number" more "}\n"

static const PlFinding *find(const PlResult *r, const char *measure, const char *group) {
    const PlSection *s = pl_result_section((PlResult *)r, "products");
    cr_assert_not_null(s);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->group, group) == 0)
            return f;
    }
    cr_assert(0, "no %s of %s", measure, group ? group : "all");
    return NULL;
}

static PlResult *run_items(const char *yaml, int n_items) {
    g_autofree char *csv = sales(n_items);
    return run_ok(yaml, csv);
}

Test(products, lifts_and_holm_as_in_r) {
    static const struct {
        const char *item;
        double lift, low, high, p, p_adjusted;
    } expected[] = {
        {"cola", 0.7252748304, 0.5679675756, 0.8983640266, 2.664735763e-05, 2.664735763e-05},
        {"milk", -0.1756810074, -0.2995829015, -0.02986120261, 0.02845585961, 0.08536757883},
        {"tea", -0.144987221, -0.2577384639, -0.01510880373, 0.03593649352, 0.08536757883},
        {"rare", -0.04545454545, -0.1622991743, 0.07139008344, 0.3632174676, 0.36321746765},
    };
    g_autoptr(PlResult) r = run_items(DATA(", where: {product: cola}") METRICS SIX_PAIRS, 5);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const PlFinding *f = find(r, "item_lift", expected[i].item);
        cr_assert(epsilon_eq(dbl, f->value, expected[i].lift, 1e-9), "%s", expected[i].item);
        cr_assert(epsilon_eq(dbl, f->conf_low, expected[i].low, 1e-9));
        cr_assert(epsilon_eq(dbl, f->conf_high, expected[i].high, 1e-9));
        cr_assert(epsilon_eq(dbl, f->p_value, expected[i].p, 1e-9));
        cr_assert(epsilon_eq(dbl, f->p_adjusted, expected[i].p_adjusted, 1e-9));
    }
    cr_assert(eq(str, find(r, "item_lift", "cola")->verdict, (char *)"promoted"));
    cr_assert_null(find(r, "item_lift", "milk")->verdict); /* not after Holm */
    cr_assert_not_null(strstr(find(r, "item_lift", "rare")->reason, "measured by differences"));
    const PlFinding *only = find(r, "item_lift", "new");
    cr_assert(isnan(only->value));
    cr_assert_not_null(strstr(only->reason, "sold in the test stores only"));
    /* the main effect is that of the promoted product */
    cr_assert(epsilon_eq(dbl, estimate_of(r, "units", "paired_t")->estimate, expected[0].lift, 1e-9));
}

/* Totals are exact; errors and intervals are by 10,000 draws, of fewer than eight pairs -+ t x error. */
Test(products, totals_as_in_r) {
    static const struct {
        const char *measure, *group;
        double change, error;
    } expected[] = {
        {"promoted_units", NULL, 402.9134245, 26.47986938},
        {"promoted_revenue", NULL, 805.826849, 52.8953557},
        {"item_units", "milk", -100.651713, 31.96922236},
        {"item_revenue", "milk", -301.955139, 95.67291947},
        {"item_units", "rare", -1, 1},
        {"others_units", NULL, -37.69224257, 57.61593004},
        {"others_revenue", NULL, 237.2478954, 220.2767974},
    };
    g_autoptr(PlResult) r = run_items(DATA(", where: {product: cola}") METRICS SIX_PAIRS, 5);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const PlFinding *f = find(r, expected[i].measure, expected[i].group);
        cr_assert(epsilon_eq(dbl, f->value, expected[i].change, 1e-6), "%s", expected[i].measure);
        cr_assert(epsilon_eq(dbl, f->std_error / expected[i].error, 1, 0.03), "%s", expected[i].measure);
        cr_assert(epsilon_eq(dbl, (f->conf_high - f->conf_low) / 2 / f->std_error, 2.570582, 1e-5));
    }
    const PlFinding *net = find(r, "net_revenue", NULL), *gain = find(r, "promoted_revenue", NULL),
                    *others = find(r, "others_revenue", NULL);
    cr_assert(epsilon_eq(dbl, net->value, gain->value + others->value, 1e-9));
    cr_assert(eq(str, gain->unit, (char *)"USD"));
}

Test(products, says_what_it_found) {
    g_autoptr(PlResult) r = run_items(DATA(", where: {product: cola}") METRICS SIX_PAIRS, 3);
    const PlSection *s = pl_result_section(r, "products");
    cr_assert(eq(u32, s->sentences->len, 1));
    const char *said = g_ptr_array_index(s->sentences, 0);
    cr_assert(epsilon_eq(dbl, find(r, "cannibalised_share_revenue", NULL)->value, 0.81085, 0.002));
    cr_assert_not_null(strstr(said, "With test, the promoted product gained 806 USD (95 % interval"), "%s",
                       said);
    cr_assert_not_null(strstr(said, "the other 2 products lost"), "%s", said);
    cr_assert_not_null(strstr(said, "): cannibalisation."), "%s", said);
}

/* Nothing says what was promoted: the items, and all of them together. */
Test(products, without_a_word_on_what_was_promoted) {
    g_autoptr(PlResult) r = run_items(DATA("") METRICS SIX_PAIRS, 3);
    cr_assert(eq(str, find(r, "item_lift", "cola")->verdict, (char *)"gained"));
    cr_assert(epsilon_eq(dbl, find(r, "item_lift", "milk")->value, -0.1756810074, 1e-9));
    cr_assert(epsilon_eq(dbl, find(r, "item_lift", "milk")->p_adjusted, 2 * 0.02845585961, 1e-9));
    const PlFinding *all = find(r, "all_units", NULL);
    cr_assert(gt(dbl, all->conf_low, 0));
}

/* Each treatment has its own products. */
Test(products, of_two_treatments) {
    g_autoptr(PlResult) r =
        run_items(DATA("") METRICS
                  "treatments: [{name: a, products: [cola]}, {name: b, products: [tea, milk]}]\n"
                  "pairs: [{test: S0, control: S6, treatment: a}, {test: S1, control: S7, treatment: a}, "
                  "{test: S2, control: S8, treatment: a}, {test: S3, control: S9, treatment: b}, "
                  "{test: S4, control: S10, treatment: b}, {test: S5, control: S11, treatment: b}]\n",
                  3);
    const PlSection *s = pl_result_section(r, "products");
    cr_assert(eq(u32, s->sentences->len, 2));
    guint promoted = 0;
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        promoted += g_strcmp0(f->verdict, "promoted") == 0;
    }
    cr_assert(eq(u32, promoted, 3));
}

/* Two treatments within blocks: stores of the other one tell what a block does, here as in the main estimate.
 */
static PlResult *run_blocks(void) {
    char *folder = temp_folder_new();
    g_autofree char *csv = sales(3), *table = temp_folder_write(folder, "sales.csv", csv);
    g_autofree char *stores = temp_folder_write(folder, "stores.csv",
                                                "store,arm,market\nS0,a,N\nS1,a,S\nS2,a,S\nS3,b,N\nS4,b,S\n"
                                                "S5,b,N\nS6,none,N\nS7,none,S\nS8,none,N\nS9,none,S\n"
                                                "S10,none,N\nS11,none,S\n");
    g_autofree char *definition = temp_folder_write(
        folder, "test.yaml",
        DATA(", where: {product: cola}") "metrics: [{name: units, sum: units}]\n"
                                         "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\n"
                                         "assignment: {file: stores.csv, group: arm, control: none, block: "
                                         "market}\n");
    GError *error = NULL;
    PlResult *result = NULL;
    pl_stats_init();
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = NULL;
    g_auto(PlTables) tables = {0};
    g_autoptr(PlDefinition) def = pl_definition_load(definition, &error);
    if (def && pl_pairs_load(def, NULL, &error))
        panel = pl_load_sales_items(def, NULL, NULL, &inputs, &tables.breakdown, &error);
    if (panel)
        result = pl_run(def, panel, &tables, TRUE, 1, (PlStepper){0}, &error);
    temp_folder_remove(folder);
    cr_assert_not_null(result, "%s", error ? error->message : "");
    return result;
}

Test(products, the_promoted_one_in_blocks_is_the_main_estimate) {
    g_autoptr(PlResult) r = run_blocks();
    guint n = 0;
    const PlSection *s = pl_result_section(r, "products");
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (!g_str_equal(f->measure, "item_lift") || g_strcmp0(f->group, "cola") != 0)
            continue;
        const PlEstimate *e = pl_result_deciding(r, f->treatment);
        cr_assert(epsilon_eq(dbl, f->value, e->estimate, 1e-12));
        cr_assert(epsilon_eq(dbl, f->conf_low, e->conf_low, 1e-12));
        cr_assert(epsilon_eq(dbl, f->conf_high, e->conf_high, 1e-12));
        cr_assert(epsilon_eq(dbl, f->p_value, e->p_value, 1e-12));
        n++;
    }
    cr_assert(eq(u32, n, 2));
}

/* One pair has totals, and says why there is no interval. */
Test(products, one_pair) {
    g_autoptr(PlResult) r =
        run_items(DATA(", where: {product: cola}") METRICS "pairs: [{test: S0, control: S6}]\n", 3);
    const PlFinding *gain = find(r, "promoted_revenue", NULL),
                    *share = find(r, "cannibalised_share_units", NULL), *lift = find(r, "item_lift", "milk");
    cr_assert(isfinite(gain->value) && isnan(gain->conf_low));
    cr_assert_not_null(strstr(gain->reason, "a single pair"));
    cr_assert_not_null(strstr(share->reason, "a single pair"));
    cr_assert(isfinite(lift->value) && isnan(lift->p_value));
    cr_assert_not_null(strstr(lift->reason, "1 pair is not enough"));
}

/* A share without its bias is not what one gets by dividing the totals, which is said. */
Test(products, tells_the_share_that_the_totals_give) {
    g_autoptr(PlResult) r = run_items(DATA(", where: {product: cola}") METRICS SIX_PAIRS, 3);
    const PlFinding *share = find(r, "cannibalised_share_revenue", NULL);
    double plain = -find(r, "others_revenue", NULL)->value / find(r, "promoted_revenue", NULL)->value;
    g_autofree char *text =
        pl_format_amount(plain, (share->conf_high - share->conf_low) / 2, PL_AMOUNT_SHARE, NULL);
    g_autofree char *said = g_strdup_printf("the two amounts divided give %s; ", text);
    cr_assert(ne(dbl, plain, share->value));
    cr_assert_not_null(share->reason);
    cr_expect(g_str_has_prefix(share->reason, said), "%s, not %s", share->reason, said);
}

/* A gain that may be none has no share. */
Test(products, no_share_of_nothing) {
    g_autoptr(PlResult) r = run_items(DATA(", where: {product: tea}") METRICS SIX_PAIRS, 3);
    const PlFinding *share = find(r, "cannibalised_share_units", NULL);
    cr_assert(isnan(share->value));
    cr_assert_not_null(strstr(share->reason, "cannot be told from nothing"));
}

Test(products, nothing_to_tell_apart) {
    g_autoptr(PlResult) one = run_items(DATA("") METRICS SIX_PAIRS, 1);
    cr_assert_null(pl_result_section(one, "products"));
    g_autoptr(PlResult) no_column =
        run_ok(HEAD TAIL "treatments: [{name: a, products: [cola]}]\n"
                         "pairs: [{test: A, control: B}]\n",
               "date,store,revenue\n1,A,1\n1,B,1\n2,A,1\n2,B,2\n3,A,1\n3,B,3\n4,A,1\n4,B,1\n");
    const PlFinding *f = find(no_column, "others_revenue", NULL);
    cr_assert_not_null(strstr(f->reason, "no column \"product\""));
}

/* Absolute effects, and no period before. */
Test(products, absolute_and_without_before) {
    g_autoptr(PlResult) r =
        run_items(DATA(", where: {product: cola}") "metrics: [{name: units, sum: units}]\n"
                                                   "periods: {during: {from: 3, to: 4}}\nanalysis: {effect: "
                                                   "absolute}\n" SIX_PAIRS,
                  3);
    double with = 0, without = 0;
    for (int s = 0; s < 6; s++)
        for (int d = 3; d <= 4; d++) {
            with += sold(s, d, 1);
            without += sold(s + 6, d, 1);
        }
    cr_assert(epsilon_eq(dbl, find(r, "item_lift", "milk")->value, with / without - 1, 1e-12));
    cr_assert(epsilon_eq(dbl, find(r, "item_units", "milk")->value, with - without, 1e-9));
}

/* Names reach the result as they are, and the sentence in one piece. */
Test(products, hostile_names) {
    GString *csv = g_string_new("date,store,product,units,revenue\n");
    for (int d = 1; d <= 4; d++)
        for (int s = 0; s < 12; s++)
            g_string_append_printf(csv, "%d,S%d,cola,%d,9\n%d,S%d,\"`rm`\"\"{/=9 %%s\n$(x)\",%d,7\n", d, s,
                                   sold(s, d, 0), d, s, sold(s, d, 1) / (s < 6 && d > 2 ? 3 : 1));
    g_autoptr(PlResult) r = run_ok(DATA(", where: {product: cola}") METRICS SIX_PAIRS, csv->str);
    const PlFinding *f = find(r, "item_lift", "`rm`\"{/=9 %s\n$(x)");
    cr_assert(lt(dbl, f->value, -0.5));
    g_string_free(csv, TRUE);
}
