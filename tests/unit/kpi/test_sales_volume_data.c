/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "volume.h"

#include <jansson.h>

/* The KPI sales_volume on real sets, whose values are those of tests/reference/kpi/volume.R, and on the
 * simulated company, whose truth is known. */

/* ---- real data ---- */

static KpiText real(const char *path, const char *needs) {
    if (!g_file_test(needs, G_FILE_TEST_EXISTS) || !g_file_test(path, G_FILE_TEST_EXISTS))
        cr_skip_test("no %s", needs);
    return kpi_file(path);
}

Test(kpi_sales_volume_data, orange_juice_by_weeks_of_r) {
    g_auto(KpiText) t =
        real("tests/kpi/oj-volume.yaml", "experiments/dominicks-orange-juice/sales-all-brands.csv");
    must_be(&t, "volume", NULL, 400880.02);
    must_be(&t, "units_volume", NULL, 173349);
    must_be(&t, "growth", NULL, 400880.02 / 374080 - 1);
    must_be(&t, "volume", "S109", 23275.57);
    must_be(&t, "share", "S109", .0580611874844748);
    cr_expect(is_near(kpi_find(&t, ID, "growth", "S109")->value, .054779677669037, 1e-10));
    const PlFinding *f = kpi_find(&t, ID, "like_for_like", NULL);
    cr_expect(eq(u32, f->n, 27));
    cr_expect(is_near(f->value, .0716424828913602, 1e-10));
    cr_expect(is_near(f->conf_low, .0544918857610504, 1e-9), "%.15g", f->conf_low);
    cr_expect(is_near(f->conf_high, .090213676722982, 1e-9), "%.15g", f->conf_high);
    f = kpi_find(&t, ID, "product_index", "middle numbers, Citrus Hill 64");
    cr_expect(is_near(f->value, 1.05400623893322, 1e-10), "%.15g", f->value);
    cr_expect(is_near(f->conf_low, .987856130956097, 1e-9), "%.15g", f->conf_low);
    cr_expect(is_near(f->conf_high, 1.12058095569784, 1e-9), "%.15g", f->conf_high);
    cr_expect(is_near(f->p_value, .10512879359595, 1e-8), "%.15g", f->p_value);
    cr_expect(is_near(f->p_adjusted, .672033176719258, 1e-8), "%.15g", f->p_adjusted);
}

/* ---- the simulated company, whose truth is known ---- */

static json_t *truth(void) {
    json_t *root = json_load_file("experiments/field-sales/truth.json", 0, NULL);
    if (root == NULL)
        cr_skip_test("no experiments/field-sales/truth.json here");
    return root;
}

static double true_number(const json_t *root, const char *name) {
    return json_real_value(json_object_get(json_object_get(root, "sales"), name));
}

static void must_be_true(const KpiText *t, const char *measure, double expected) {
    const PlFinding *f = kpi_find(t, ID, measure, NULL);
    cr_expect(is_near(f->value, expected, 1e-9), "%s: %.12g, not %.12g", measure, f->value, expected);
}

static KpiText company(const char *kpis) {
    g_autofree char *here = g_get_current_dir(),
                    *yaml = g_strdup_printf(
                        "experiment: test\ndata:\n"
                        "  - {table: sales, file: \"%s/experiments/field-sales/sales.csv\"}\n"
                        "  - {table: stores, file: \"%s/experiments/field-sales/stores.csv\"}\n"
                        "kpis: %s\n",
                        here, here, kpis);
    return kpi_text(yaml, NULL);
}

Test(kpi_sales_volume_data, finds_the_year_of_the_company) {
    json_t *root = truth();
    g_auto(KpiText) t = company("{period: year, sales_volume: {}}");
    double before = true_number(root, "revenue_2023"), now = true_number(root, "revenue_2024");
    must_be_true(&t, "volume", now);
    must_be_true(&t, "growth", now / before - 1);
    must_be_true(&t, "online_share", true_number(root, "online_share_2024"));
    must_be_true(&t, "like_for_like", true_number(root, "like_for_like_2024"));
    const json_t *sales = json_object_get(root, "sales");
    cr_expect(eq(str, kpi_find(&t, ID, "stores_opened", NULL)->reason,
                 (char *)json_string_value(json_object_get(sales, "store_opened"))));
    cr_expect(eq(str, kpi_find(&t, ID, "stores_closed", NULL)->reason,
                 (char *)json_string_value(json_object_get(sales, "store_closed"))));
    json_decref(root);
}

Test(kpi_sales_volume_data, finds_the_year_of_the_company_by_months_as_well) {
    json_t *root = truth();
    g_auto(KpiText) t = company("{sales_volume: {}}");
    must_be_true(&t, "like_for_like_last_year", true_number(root, "like_for_like_2024"));
    must_be_true(&t, "growth_last_year",
                 true_number(root, "revenue_2024") / true_number(root, "revenue_2023") - 1);
    json_decref(root);
}

Test(kpi_sales_volume_data, finds_the_tastes_of_the_regions) {
    json_t *root = truth(), *cell;
    size_t i, n_tastes = 0;
    g_auto(KpiText) t = company("{period: year, sales_volume: {}}"); /* over both years, as the truth is */
    json_array_foreach(json_object_get(json_object_get(root, "sales"), "product_index"), i, cell) {
        const char *region = json_string_value(json_object_get(cell, "region")),
                   *product = json_string_value(json_object_get(cell, "product"));
        double index = json_real_value(json_object_get(cell, "index")),
               taste = json_number_value(json_object_get(cell, "taste"));
        g_autofree char *group = g_strdup_printf("%s, %s", region, product);
        const PlFinding *f = kpi_find(&t, ID, "product_index", group);
        cr_expect(is_near(f->value, index, 1e-9), "%s: %.12g, not %.12g", group, f->value, index);
        if (taste == 1)
            continue;
        n_tastes++;
        cr_expect(eq(str, f->verdict, taste > 1 ? "more" : "less"), "%s", group);
    }
    cr_expect(n_tastes > 4);
    json_decref(root);
}

#define SHARED_DATA "../shared/data/"

Test(kpi_sales_volume_data, sizes_of_market_of_r) {
    g_auto(KpiText) t = real("tests/kpi/wa-volume.yaml", SHARED_DATA "wa_marketing/wa_marketing.csv");
    must_be(&t, "volume", "Large", 2955.52);
    must_be(&t, "volume", "Medium", 3444.15);
    const PlFinding *f = kpi_find(&t, ID, "volume_per_store", "Large");
    cr_expect(is_near(f->value, 70.3695238095238, 1e-12));
    cr_expect(is_near(f->conf_low, 65.2039563897312, 1e-10));
    cr_expect(is_near(f->conf_high, 75.5350912293164, 1e-10));
    cr_expect(is_near(f->p_value, 2.45620045980565e-12, 1e-6), "%.15g", f->p_value);
    cr_expect(is_near(f->p_adjusted, 4.9124009196113e-12, 1e-6));
    f = kpi_find(&t, ID, "volume_per_store", "Small");
    cr_expect(is_near(f->p_adjusted, 6.87431668860415e-4, 1e-8));
}

Test(kpi_sales_volume_data, complete_journey_by_month_of_r) {
    static const double months[] = {19110.84, 18970.56, 19213.05, 17758.15, 20066.32, 18770.96,
                                    20400.51, 19408.82, 18973.87, 20049.13, 19497.41, 21715.62};
    g_auto(KpiText) t =
        real("tests/kpi/completejourney-volume.yaml", SHARED_DATA "completejourney/transactions_sample.csv");
    must_be(&t, "volume", NULL, 21715.62);
    const PlCurve *c = pl_section_curve(kpi_section(&t, ID), NULL, "trend");
    cr_assert(eq(u32, c->n, 12));
    for (guint k = 1; k < 12; k++)
        cr_expect(is_near(c->y[k], months[k] / months[k - 1] - 1, 1e-10), "%u", k);
    must_be(&t, "volume", "367", 721.72);
    must_be(&t, "rank", "429", 3);
}

/* "2261","309",... of a line of the set, without the quotes; FALSE: there are fewer. Names with commas come
 * later. */
static gboolean field_of(const char *line, guint field, char *text, gsize size) {
    for (; field > 0 && line != NULL; field--) {
        line = strchr(line, ',');
        line = line != NULL ? line + 1 : NULL;
    }
    if (line == NULL)
        return FALSE;
    g_strlcpy(text, line + (*line == '"'), size);
    text[strcspn(text, "\",")] = '\0';
    return TRUE;
}

/* The receipts with the department of each product, which another file has. */
static char *receipts_with_department(const char *receipts, const char *products) {
    g_autoptr(GHashTable) department = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) product = g_strsplit(products, "\n", -1), receipt = g_strsplit(receipts, "\n", -1);
    GString *s = g_string_new("store,date,revenue,category\n");
    char id[64], text[64], store[64], day[64];
    for (guint i = 1; product[i] != NULL; i++)
        if (field_of(product[i], 0, id, sizeof id) && field_of(product[i], 2, text, sizeof text))
            g_hash_table_insert(department, g_strdup(id), g_strdup(text));
    for (guint i = 1; receipt[i] != NULL; i++) {
        if (!field_of(receipt[i], 10, day, sizeof day) || !field_of(receipt[i], 1, store, sizeof store) ||
            !field_of(receipt[i], 3, id, sizeof id) || !field_of(receipt[i], 5, text, sizeof text))
            continue;
        const char *its = g_hash_table_lookup(department, id);
        g_string_append_printf(s, "%s,%.10s,%s,%s\n", store, day, text, its != NULL ? its : "");
    }
    return g_string_free(s, FALSE);
}

Test(kpi_sales_volume_data, departments_of_complete_journey_of_r) {
    g_autofree char *receipts = NULL, *products = NULL;
    if (!g_file_get_contents(SHARED_DATA "completejourney/transactions_sample.csv", &receipts, NULL, NULL) ||
        !g_file_get_contents(SHARED_DATA "completejourney/products.csv", &products, NULL, NULL))
        cr_skip_test("no " SHARED_DATA "completejourney");
    g_autofree char *sales = receipts_with_department(receipts, products);
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data:\n"
                                 "  - {table: sales, file: sales.csv, duplicates: keep}\n"
                                 "kpis: {sales_volume: {measure: growth, by: [category]}}\n",
                                 "sales.csv", sales, NULL);
    must_be(&t, "volume", NULL, 21715.62);
    must_be(&t, "volume", "GROCERY", 11124.07);
    must_be(&t, "volume", "DRUG GM", 2890.62);
    must_be(&t, "rank", "MEAT", 3);
    cr_expect(is_near(kpi_find(&t, ID, "growth", "GROCERY")->value, .0822511538491475, 1e-10));
    const PlCheck *c = kpi_check(&t, "volume_without_group");
    cr_assert_not_null(c);
    cr_expect(eq(dbl, c->value, 23));
}
