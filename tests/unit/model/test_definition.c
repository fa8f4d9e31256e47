/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static PlMetric *add_metric(PlDefinition *def, const char *name) {
    PlMetric *metric = g_new0(PlMetric, 1);
    metric->name = g_strdup(name);
    metric->sum = g_strdup(name);
    g_ptr_array_add(def->metrics, metric);
    return metric;
}

static PlTreatment *add_treatment(PlDefinition *def, const char *name) {
    PlTreatment *treatment = g_new0(PlTreatment, 1);
    *treatment = (PlTreatment){.name = g_strdup(name), .kind = g_strdup("coupon")};
    g_ptr_array_add(def->treatments, treatment);
    return treatment;
}

/* The leak check watches that all of it is freed, whoever filled it in. */
Test(model_definition, frees_what_it_owns) {
    PlDefinition *def = pl_definition_new();
    def->title = g_strdup("t");
    def->assignment.file = g_strdup("f");
    def->analysis.methods = g_strsplit("paired_t,sign_flip", ",", -1);
    PlTable *table = g_new0(PlTable, 1);
    table->files = g_strsplit("a.csv", ",", -1);
    table->columns = g_ptr_array_new();
    PlEntry *entry = g_new0(PlEntry, 1);
    *entry = (PlEntry){g_strdup("store"), g_strsplit("id", ",", -1), {1, 2}};
    g_ptr_array_add(table->columns, entry);
    g_ptr_array_add(def->data, table);
    PlPairDef *pair = g_new0(PlPairDef, 1);
    *pair = (PlPairDef){.test = g_strdup("a"), .id = g_strdup("p"), .file = g_strdup("f.csv")};
    g_ptr_array_add(def->pairs, pair);
    add_metric(def, "m");
    pl_definition_set_pos(def, &def->title, (PlPos){1, 1});
    cr_expect(eq(uint, def->pairs->len, 1));
    pl_definition_free(def);
    pl_definition_free(NULL);
}

Test(model_definition, remembers_places) {
    g_autoptr(PlDefinition) def = pl_definition_new();
    cr_expect(eq(int, pl_definition_pos(def, &def->primary).line, 0));
    pl_definition_set_pos(def, &def->primary, (PlPos){3, 7});
    pl_definition_set_pos(def, &def->primary, (PlPos){4, 9});
    cr_expect(eq(int, pl_definition_pos(def, &def->primary).line, 4));
    cr_expect(eq(int, pl_definition_pos(def, &def->primary).column, 9));
    cr_expect(eq(int, pl_definition_pos(def, &def->title).line, 0));
}

Test(model_definition, resolves_paths) {
    static const struct {
        const char *folder, *path, *want;
    } cases[] = {{NULL, "a.csv", "a.csv"},        {".", "a.csv", "a.csv"},   {"x/y", "a.csv", "x/y/a.csv"},
                 {"/x", "b/a.csv", "/x/b/a.csv"}, {"x", "/a.csv", "/a.csv"}, {"x", "../a.csv", "x/../a.csv"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlDefinition) def = pl_definition_new();
        def->folder = g_strdup(cases[i].folder);
        g_autofree char *path = pl_definition_path(def, cases[i].path);
        cr_expect(eq(str, path, (char *)cases[i].want));
    }
}

Test(model_definition, finds_metrics_and_treatments) {
    g_autoptr(PlDefinition) def = pl_definition_new();
    cr_expect(eq(ptr, (void *)pl_definition_primary(def), NULL));
    cr_expect(eq(ptr, (void *)pl_definition_treatment(def, NULL), NULL));
    PlMetric *a = add_metric(def, "a"), *b = add_metric(def, "b");
    cr_expect(eq(ptr, (void *)pl_definition_metric(def, "b"), b));
    cr_expect(eq(ptr, (void *)pl_definition_metric(def, "c"), NULL));
    cr_expect(eq(ptr, (void *)pl_definition_primary(def), a));
    def->primary = g_strdup("b");
    cr_expect(eq(ptr, (void *)pl_definition_primary(def), b));
    PlTreatment *x = add_treatment(def, "x");
    cr_expect(eq(ptr, (void *)pl_definition_treatment(def, NULL), x));
    PlTreatment *y = add_treatment(def, "y");
    cr_expect(eq(ptr, (void *)pl_definition_treatment(def, NULL), NULL));
    cr_expect(eq(ptr, (void *)pl_definition_treatment(def, "y"), y));
    cr_expect(eq(ptr, (void *)pl_definition_treatment(def, "z"), NULL));
}

Test(model_definition, finds_tables_and_columns) {
    g_autoptr(PlDefinition) def = pl_definition_new();
    cr_expect(eq(ptr, (void *)pl_definition_table(def, PL_TABLE_SALES), NULL));
    PlTable *table = g_new0(PlTable, 1);
    table->table = PL_TABLE_STORES;
    g_ptr_array_add(def->data, table);
    cr_expect(eq(ptr, (void *)pl_definition_table(def, PL_TABLE_STORES), table));
    cr_expect(eq(ptr, (void *)pl_definition_table(def, PL_TABLE_SALES), NULL));
    cr_expect(eq(str, (char *)pl_table_column(table, "store"), (char *)"store"));
    table->columns = g_ptr_array_new();
    PlEntry *entry = g_new0(PlEntry, 1);
    *entry = (PlEntry){g_strdup("store"), g_strsplit("id", ",", -1), {0, 0}};
    g_ptr_array_add(table->columns, entry);
    cr_expect(eq(str, (char *)pl_table_column(table, "store"), (char *)"id"));
    cr_expect(eq(str, (char *)pl_table_column(table, "region"), (char *)"region"));
}
