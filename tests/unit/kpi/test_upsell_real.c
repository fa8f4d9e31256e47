/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "../stats/csv_field.h"

/* Baskets of The Complete Journey, in place: tests/kpi/completejourney-baskets.yaml. Values: R,
 * tests/reference/kpi/upsell.R. */

static KpiText baskets(void) {
    char path[4096];
    if (!g_file_test(shared_path("data/completejourney/transactions_sample.csv", path, sizeof path),
                     G_FILE_TEST_EXISTS) ||
        !g_file_test("../shared/data/completejourney/transactions_sample.csv", G_FILE_TEST_EXISTS))
        cr_skip_test("no %s", path);
    return kpi_file("tests/kpi/completejourney-baskets.yaml");
}

static const PlFinding *row(const KpiText *t, const char *measure, const char *group, const char *period) {
    const PlSection *s = kpi_section(t, "upsell");
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->group, group) == 0 &&
            g_strcmp0(f->period, period) == 0)
            return f;
    }
    cr_assert(0, "no %s", measure);
    return NULL;
}

Test(kpi_upsell_real, rates_with_households_as_clusters) {
    g_auto(KpiText) t = baskets();
    const PlFinding *f = row(&t, "attach_rate", NULL, NULL);
    cr_assert(eq(u32, f->n, 47243));
    cr_assert(near(f->value, 0.348919416633151, 1e-13) && near(f->std_error, 0.0039755704942426, 1e-11));
    cr_assert(near(f->conf_low, 0.341154005897863, 1e-11) && near(f->conf_high, 0.356765870577394, 1e-11));
    f = row(&t, "order_value", NULL, NULL);
    cr_assert(near(f->value, 4.95174396206846, 1e-13) && near(f->conf_low, 4.85278917740828, 1e-11));
    f = row(&t, "attach_rate", NULL, "2017-12");
    cr_assert(near(f->value, 0.358874878758487, 1e-13) && f->n == 4124 && f->mark->headline);
}

/* Without a column of kinds nobody is foretold, and the lines say so. */
Test(kpi_upsell_real, nobody_is_named_as_buying_down) {
    g_auto(KpiText) t = baskets();
    cr_assert(kpi_says(&t, "upsell", "Which customers are likely to buy down is not told"));
    cr_assert(isnan(row(&t, "upsell_rate", NULL, NULL)->value));
}

/* product -> department */
static GHashTable *departments(void) {
    char line[4096], product[64], department[256];
    GHashTable *of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    FILE *file = open_shared_csv("data/completejourney/products.csv");
    while (fgets(line, sizeof line, file) != NULL)
        g_hash_table_insert(of, g_strdup(csv_field(line, 0, product, sizeof product)),
                            g_strdup(csv_field(line, 2, department, sizeof department)));
    fclose(file);
    return of;
}

/* Whole departments in place of products. */
static char *department_lines(void) {
    char line[4096], household[64], basket[64], product[64], value[64], stamp[64];
    FILE *file = open_shared_csv("data/completejourney/transactions_sample.csv");
    g_autoptr(GHashTable) of = departments();
    GString *lines = g_string_new("order,date,customer,product,amount\n");
    while (fgets(line, sizeof line, file) != NULL) {
        const char *department = g_hash_table_lookup(of, csv_field(line, 3, product, sizeof product));
        g_string_append_printf(
            lines, "%s,%.10s,%s,%s,%s\n", csv_field(line, 2, basket, sizeof basket),
            csv_field(line, 10, stamp, sizeof stamp), csv_field(line, 0, household, sizeof household),
            department != NULL ? department : "none", csv_field(line, 5, value, sizeof value));
    }
    fclose(file);
    return g_string_free(lines, FALSE);
}

static void check_pair(const KpiText *t, const char *group, const double expected[5]) {
    const PlFinding *f = row(t, "pair_lift", group, NULL);
    cr_assert(eq(dbl, f->n, expected[0]));
    cr_assert(near(f->value, expected[1], 1e-12), "%s %.15g", group, f->value);
    cr_assert(near(f->conf_low, expected[2], 1e-11), "%s %.15g", group, f->conf_low);
    cr_assert(near(f->conf_high, expected[3], 1e-11), "%s %.15g", group, f->conf_high);
    cr_assert(near(f->p_value, expected[4], 1e-11), "%s %.15g", group, f->p_value);
    cr_assert(eq(str, f->verdict, "apart"));
}

/* p of the first is too small for a double. */
Test(kpi_upsell_real, departments_in_one_basket) {
    g_autofree char *lines = department_lines();
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data:\n"
                                 "  - {table: order_lines, file: lines.csv, duplicates: keep}\n"
                                 "kpis: {upsell: {measure: attach_rate}}\n",
                                 "lines.csv", lines, NULL);
    check_pair(&t, "GROCERY, PRODUCE",
               (const double[]){3183, 0.657220959712508, 0.63773456412136, 0.677302774831618, 0});
    check_pair(
        &t, "PRODUCE, MEAT",
        (const double[]){298, 0.832348296597689, 0.745003026597588, 0.92993405679584, 0.000176952274189568});
    check_pair(
        &t, "PRODUCE, MEAT-PCKGD",
        (const double[]){326, 0.728325310565982, 0.658354105912718, 0.805733196234308, 1.41055659150453e-11});
}
