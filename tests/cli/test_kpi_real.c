/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>

#include "program.h"

/* Every definition under tests/kpi on its real data set, by the program, as a user would run it; the numbers
 * of each KPI are held in tests/unit/kpi. */

static char *shared_folder(void) {
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    g_autofree char *data = g_build_filename(shared != NULL ? shared : "../shared", "data", NULL);
    if (!g_file_test(data, G_FILE_TEST_IS_DIR))
        cr_skip_test("no %s", data);
    return g_path_get_dirname(data);
}

static const json_t *row_of(const json_t *root, const char *measure, const char *role, const char *value) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(root, "kpis"), i, row) {
        const json_t *group = json_object_get(row, "group");
        const char *own = role != NULL ? json_string_value(json_object_get(group, role)) : NULL;
        if (g_strcmp0(json_string_value(json_object_get(row, "measure")), measure) == 0 &&
            g_strcmp0(own, value) == 0)
            return row;
    }
    cr_assert(0, "no %s of %s", measure, value != NULL ? value : "all");
    return NULL;
}

/* Runs a definition; each KPI in it has one headline with a sentence. */
static json_t *kpis_of(const char *definition) {
    g_auto(Outcome) o = run_program("kpi", definition, "--json");
    cr_assert(eq(int, o.status, 0), "%s: %s", definition, o.err);
    json_t *root = json_loads(o.out, 0, NULL), *row;
    cr_assert_not_null(root, "%s", definition);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal),
                          headed = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    json_array_foreach(json_object_get(root, "kpis"), i, row) {
        const char *kpi = json_string_value(json_object_get(row, "kpi"));
        g_hash_table_add(seen, (gpointer)kpi);
        if (!json_is_true(json_object_get(row, "headline")))
            continue;
        gboolean first = g_hash_table_add(headed, (gpointer)kpi),
                 said = json_string_length(json_object_get(row, "sentence")) > 0;
        cr_expect(first && said, "%s: %s", definition, kpi);
    }
    cr_expect(gt(u32, g_hash_table_size(seen), 0), "%s", definition);
    cr_expect(eq(u32, g_hash_table_size(headed), g_hash_table_size(seen)), "%s", definition);
    return root;
}

Test(kpi_real, definitions_in_place) {
    g_autofree char *shared = shared_folder();
    static const char *const names[] = {
        "crm-pipeline",           "journey-engagement", "completejourney-baskets",
        "completejourney-volume", "oj-volume",          "wa-volume"};
    if (!g_file_test("../shared/data", G_FILE_TEST_IS_DIR))
        cr_skip_test("the definitions name ../shared, the data are in %s", shared);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_strdup_printf("tests/kpi/%s.yaml", names[i]);
        json_decref(kpis_of(path));
    }
}

Test(kpi_real, definitions_whose_tables_are_derived) {
    static const struct {
        const char *name, *measure, *role, *value;
        double number; /* R; shared/expected: hr, proportions_coupons, survival, elasticity */
    } cases[] = {
        {"hr-attrition", "mean_score", NULL, NULL, 2.7285714285714286},
        {"telco-churn", "churn_6_months", "rep", "Month-to-month", 0.21416510594951277},
        {"groceries", "products_per_order", NULL, NULL, 4.4094560244026437},
        {"retail-price", "share_equal", "competitor", "comp_1", 245 / 676.0},
    };
    g_autofree char *shared = shared_folder();
    char *folder = temp_folder_new();
    char *const argv[] = {(char *)"sh", (char *)"tests/kpi/derive.sh", shared, folder, NULL};
    int status = -1;
    g_autoptr(GError) error = NULL;
    g_autofree char *err = NULL;
    cr_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &err, &status,
                           &error));
    cr_assert(eq(int, status, 0), "%s", err);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.yaml", folder, cases[i].name);
        json_t *root = kpis_of(path);
        double value = json_number_value(
            json_object_get(row_of(root, cases[i].measure, cases[i].role, cases[i].value), "value"));
        cr_expect(epsilon_eq(dbl, value, cases[i].number, 1e-10), "%s: %.17g", cases[i].name, value);
        json_decref(root);
    }
    temp_folder_remove(folder);
}

/* 67 % of a rate are no points: the verdict has the levels, means of the pairs' stores in pairs.csv (awk). */
Test(kpi_metric, the_verdict_of_a_rate_has_its_levels) {
    g_auto(Outcome) o = run_program("run", "experiments/field-sales/field-sales.yaml", "--json");
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    json_t *root = json_loads(o.out, 0, NULL);
    const char *sentence =
        json_string_value(json_object_get(json_array_get(json_object_get(root, "verdicts"), 0), "sentence"));
    cr_expect(sentence != NULL &&
                  strstr(sentence, "The mean of the test stores went from 22.8 % to 38.4 %, that of "
                                   "the controls from 17.8 % to 18.2 %.") != NULL,
              "%s", sentence);
    json_decref(root);
}
