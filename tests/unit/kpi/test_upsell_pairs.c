/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "../stats/run.h"
#include "pairlift/stats/association.h"

/* Products bought together, on the real baskets and on orders whose truth is known. */

#define LINES                                                                                                \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: order_lines, file: lines.csv, duplicates: keep}\n"

/* One basket a line, its items apart by commas: an order each, of a customer each. */
static char *groceries_lines(void) {
    char path[4096];
    g_autofree char *text = NULL;
    if (!g_file_get_contents(shared_path("data/groceries/groceries_baskets.txt", path, sizeof path), &text,
                             NULL, NULL))
        cr_skip_test("no %s", path);
    GString *lines = g_string_new("order,date,customer,product,amount\n");
    g_auto(GStrv) baskets = g_strsplit(text, "\n", -1);
    for (guint i = 0; baskets[i] != NULL; i++) {
        g_auto(GStrv) items = g_strsplit(g_strstrip(baskets[i]), ",", -1);
        for (guint k = 0; items[k] != NULL && baskets[i][0] != 0; k++)
            g_string_append_printf(lines, "%u,2024-01-%02u,c%u,%s,1\n", i, 1 + i % 31, i, items[k]);
    }
    return g_string_free(lines, FALSE);
}

static void check_pair(const KpiText *t, const json_t *all, const char *name, const char *group) {
    const json_t *pair = json_object_get(all, name);
    const PlFinding *lift = kpi_find(t, "upsell", "pair_lift", group);
    cr_assert(near(lift->value, number_at(pair, "lift"), 1e-9), "%s", name);
    cr_assert(near(lift->p_value, number_at(pair, "fisher_greater_p"), 1e-9), "%s %.17g", name,
              lift->p_value);
    cr_assert(eq(dbl, lift->n, number_at(pair, "n_ab")));
    cr_assert(near(kpi_find(t, "upsell", "pair_support", group)->value, number_at(pair, "support"), 1e-9));
    double one = kpi_find(t, "upsell", "pair_confidence", group)->value,
           back = kpi_find(t, "upsell", "pair_confidence_back", group)->value;
    cr_assert(near(one, number_at(pair, "confidence"), 1e-9) ||
                  near(back, number_at(pair, "confidence"), 1e-9),
              "%s %g %g", name, one, back);
}

/* Whole milk is the most frequent, and the first of its pairs. */
Test(kpi_upsell_pairs, groceries) {
    json_t *root = load_expected("proportions_coupons.json");
    const json_t *all = json_object_get(root, "groceries");
    g_autofree char *lines = groceries_lines();
    g_auto(KpiText) t =
        kpi_text(LINES "kpis: {upsell: {measure: attach_rate, target: 0.8}}\n", "lines.csv", lines, NULL);
    check_pair(&t, all, "whole_milk_other_vegetables", "whole milk, other vegetables");
    check_pair(&t, all, "yogurt_whole_milk", "whole milk, yogurt");
    check_pair(&t, all, "rolls_soda", "rolls/buns, soda");
    check_pair(&t, all, "root_veg_other_veg", "other vegetables, root vegetables");
    const PlFinding *f = kpi_seek(&t, "upsell", "products_per_order", NULL, NULL);
    cr_assert(near(f->value, number_at(all, "mean_size"), 1e-12));
    /* an order a customer: the limits are those of independent orders but for t of 735 customers */
    PlAssociation a;
    f = kpi_find(&t, "upsell", "pair_lift", "whole milk, other vegetables");
    cr_assert(eq(int, (int)pl_association((PlPairCount){9835, 2513, 1903, 736}, 0.95, &a), PL_OK));
    cr_assert(near(f->conf_low, a.lift_low, 1e-3) && near(f->conf_high, a.lift_high, 1e-3));
    cr_assert(le(dbl, f->p_adjusted, 1e-40));
    json_decref(root);
}

/* n orders: bread and butter go together, tea and coffee never, salt with nothing in particular. */
static char *made_up(guint n, guint customers) {
    GString *lines = g_string_new("order,date,customer,product,amount\n");
    PlRng rng = pl_rng_stream(11, 4);
    for (guint i = 0; i < n; i++) {
        bool bread = pl_rng_uniform(&rng) < 0.3, butter = pl_rng_uniform(&rng) < (bread ? 0.6 : 0.1),
             tea = pl_rng_uniform(&rng) < 0.5, salt = pl_rng_uniform(&rng) < 0.2;
        const char *names[4] = {bread ? "bread" : NULL, butter ? "butter" : NULL, tea ? "tea" : "coffee",
                                salt ? "salt" : NULL};
        for (guint k = 0; k < 4; k++)
            if (names[k] != NULL)
                g_string_append_printf(lines, "%u,2024-01-01,c%u,%s,1\n", i, i % customers, names[k]);
    }
    return g_string_free(lines, FALSE);
}

Test(kpi_upsell_pairs, finds_what_goes_together_and_what_replaces) {
    g_autofree char *lines = made_up(2000, 500);
    g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv", lines, NULL);
    const PlFinding *f = kpi_seek(&t, "upsell", "pair_lift", "bread, butter", NULL);
    cr_assert(f != NULL && f->conf_low > 1 && f->conf_low < 0.6 / 0.25 && f->conf_high > 0.6 / 0.25);
    cr_assert(eq(str, f->verdict, "together"));
    f = kpi_seek(&t, "upsell", "pair_lift", "tea, coffee", NULL);
    f = f != NULL ? f : kpi_find(&t, "upsell", "pair_lift", "coffee, tea");
    cr_assert(f->value == 0 && f->conf_low == 0 && f->conf_high < 0.05);
    cr_assert(eq(str, f->verdict, "apart"));
    f = kpi_seek(&t, "upsell", "pair_lift", "bread, salt", NULL);
    cr_assert(f == NULL || f->verdict == NULL);
    cr_assert(kpi_says(&t, "upsell", "1 pair of products is bought together more often"));
    cr_assert(kpi_says(&t, "upsell", "one may replace the other"));
}

/* Every pair by brute force against the counts of the file. */
Test(kpi_upsell_pairs, counts_as_brute_force) {
    g_autofree char *lines = made_up(400, 400);
    g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv", lines, NULL);
    const PlFinding *f = kpi_find(&t, "upsell", "pair_support", "bread, butter");
    g_auto(GStrv) rows = g_strsplit(lines, "\n", -1);
    guint both = 0, bread = 0, last = G_MAXUINT;
    for (guint i = 1; rows[i][0] != 0; i++) {
        guint order = (guint)g_ascii_strtoull(rows[i], NULL, 10);
        bread = g_str_has_suffix(rows[i], "bread,1") ? 1 : order != last ? 0 : bread;
        both += bread && g_str_has_suffix(rows[i], "butter,1");
        last = order;
    }
    cr_assert(f->n == both && near(f->value, both / 400.0, 1e-12));
}

/* One customer who orders the same two things every week is no evidence about customers. */
Test(kpi_upsell_pairs, a_habit_of_one_customer_is_not_told_of_all) {
    g_autoptr(GString) lines = g_string_new("order,date,customer,product,amount\n");
    for (guint i = 0; i < 400; i++)
        if (i < 60)
            g_string_append_printf(lines, "%u,2024-01-01,same,ham,1\n%u,2024-01-01,same,eggs,1\n", i, i);
        else
            g_string_append_printf(lines, "%u,2024-01-01,c%u,milk,1\n", i, i);
    g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv", lines->str, NULL);
    const PlFinding *f = kpi_find(&t, "upsell", "pair_lift", "ham, eggs");
    cr_assert(f->verdict == NULL && f->detail && isnan(f->conf_low) &&
              strstr(f->reason, "one customer") != NULL);
    cr_assert(kpi_says(&t, "upsell", "No two products are told"));
    cr_assert_not_null(kpi_check(&t, "upsell_pairs_few"));
}

/* Nothing goes together: in 40 sets of orders a pair is found in about one at most (5 % of sets). */
Test(kpi_upsell_pairs, no_false_alarms) {
    guint alarms = 0;
    for (guint set = 0; set < 40; set++) {
        PlRng rng = pl_rng_stream(5, set);
        g_autoptr(GString) lines = g_string_new("order,date,customer,product,amount\n");
        for (guint i = 0; i < 300; i++)
            for (guint k = 0; k < 12; k++)
                if (k == 11 || pl_rng_uniform(&rng) < 0.25)
                    g_string_append_printf(lines, "%u,2024-01-01,c%u,p%u,1\n", i, i % 100, k);
        g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv", lines->str, NULL);
        const PlSection *s = kpi_section(&t, "upsell");
        for (guint i = 0; i < s->findings->len; i++) {
            const PlFinding *f = g_ptr_array_index(s->findings, i);
            alarms += g_str_equal(f->measure, "pair_lift") && f->verdict != NULL;
        }
    }
    cr_assert(le(u32, alarms, 5));
}

Test(kpi_upsell_pairs, too_few_orders_say_so) {
    g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv",
                                 "order,date,customer,product,amount\n1,2024-01-01,a,x,10\n", NULL);
    cr_assert(kpi_says(&t, "upsell", "cannot be told: fewer than two are in 5 orders or more"));
}
