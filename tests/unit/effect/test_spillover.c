/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/spillover.h"

#include "experiment.h"
#include "pairlift/io/store_table.h"

/* Stores 0 to 2 test, 3 to 5 control, 6 to 11 in no pair, of which 6 to 8 lie near a test store and lose;
 * values by tests/reference/effect/spillover.R (R 4.2.2). */
static char *sales(int n_stores) {
    GString *csv = g_string_new("date,store,revenue\n");
    for (int d = 1; d <= 4; d++)
        for (int s = 0; s < n_stores; s++)
            g_string_append_printf(csv, "%d,S%d,%d\n", d, s,
                                   80 + (s * 7 + d * 5 + s * d * 3) % 13 + (s < 3 && d > 2 ? 30 : 0) -
                                       (s >= 6 && s <= 8 && d > 2 ? 12 : 0));
    return g_string_free(csv, FALSE);
}

/* A hundredth of a degree is 1.1 km. Store 5 lies near test store 2, the other controls far away. */
static const char places[] =
    "store,latitude,longitude\nS0,50,10\nS1,51,10\nS2,52,10\nS3,40,10\nS4,41,10\nS5,52.02,10\n"
    "S6,50.01,10\nS7,51.01,10\nS8,52.05,10\nS9,42,10\nS10,43,10\nS11,44,10\n";
#define THREE_PAIRS                                                                                          \
    "pairs: [{test: S0, control: S3}, {test: S1, control: S4}, {test: S2, control: S5}]\n"                   \
    "analysis: {methods: [paired_t]}\n"
#define STORES "  - {table: stores, file: stores.csv}\n"

static PlResult *run_text(const char *text, const char *csv, const char *stores) {
    g_autoptr(GError) error = NULL;
    char *folder = temp_folder_new();
    g_autofree char *definition = temp_folder_write(folder, "test.yaml", text),
                    *a = temp_folder_write(folder, "sales.csv", csv),
                    *b = temp_folder_write(folder, "stores.csv", stores);
    pl_stats_init();
    g_autoptr(GPtrArray) inputs = NULL;
    g_auto(PlTables) tables = {0};
    g_autoptr(PlDefinition) def = pl_definition_load(definition, &error);
    cr_assert(def != NULL && pl_pairs_load(def, NULL, &error), "%s", error ? error->message : "");
    g_autoptr(PlPanel) panel = pl_load_sales(def, NULL, NULL, &inputs, &error);
    cr_assert(panel != NULL && pl_load_store_table(def, panel, &tables.stores, NULL, &error));
    PlResult *result = pl_run(def, panel, &tables, TRUE, 1, (PlStepper){0}, &error);
    cr_assert_not_null(result, "%s", error ? error->message : "");
    temp_folder_remove(folder);
    return result;
}

static PlResult *run_places(const char *more, const char *csv, const char *stores) {
    g_autofree char *text = g_strconcat(HEAD STORES TAIL, more, NULL);
    return run_text(text, csv, stores);
}

Test(spillover, near_stores_against_far_ones_as_in_r) {
    g_autofree char *csv = sales(12);
    g_autoptr(PlResult) r = run_places(THREE_PAIRS, csv, places);
    const PlSection *s = pl_result_section(r, "spillover");
    const PlFinding *f = pl_section_find(s, NULL, "spillover");
    cr_assert(epsilon_eq(dbl, f->value, -0.147439921, 1e-9));
    cr_assert(epsilon_eq(dbl, f->conf_low, -0.2573448692, 1e-9));
    cr_assert(epsilon_eq(dbl, f->conf_high, -0.021270226, 1e-9));
    cr_assert(epsilon_eq(dbl, f->p_value, 0.037986389, 1e-9));
    cr_assert(eq(str, f->verdict, (char *)"lost"));
    const char *said = g_ptr_array_index(s->sentences, 0);
    cr_assert_not_null(strstr(said, "In 3 stores without the promotion within 10 km"), "%s", said);
    cr_assert_not_null(strstr(said, "fell by 15 %"), "%s", said);
}

/* The control near a test store is named, and the effect without its pair stands beside. */
Test(spillover, control_near_a_test_store) {
    g_autofree char *csv = sales(12);
    g_autoptr(PlResult) r = run_places(THREE_PAIRS, csv, places);
    const PlCheck *c = check_of(r, "spillover");
    cr_assert(eq(int, (int)c->status, PL_WARN));
    cr_assert(eq(dbl, c->value, 1));
    cr_assert_not_null(strstr(c->message, "S5 (2.2 km)"), "%s", c->message);
    const PlFinding *f = pl_section_find(pl_result_section(r, "spillover"), NULL, "effect_far_controls");
    cr_assert(epsilon_eq(dbl, f->value, 0.3323827855, 1e-9));
    cr_assert(epsilon_eq(dbl, f->conf_low, -0.1998627973, 1e-9));
    cr_assert(epsilon_eq(dbl, f->p_value, 0.08845892302, 1e-9));
    g_autoptr(PlResult) small = run_places("spillover_km: 2\n" THREE_PAIRS, csv, places);
    cr_assert(eq(int, (int)check_of(small, "spillover")->status, PL_PASS));
}

/* Without other stores there are too few controls to compare, and places may be unknown. */
Test(spillover, too_few_or_unknown) {
    g_autofree char *csv = sales(6);
    g_autoptr(PlResult) r = run_places(THREE_PAIRS, csv, places);
    const PlFinding *f = pl_section_find(pl_result_section(r, "spillover"), NULL, "spillover");
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "too few stores without the promotion"));
    g_autoptr(PlResult) some =
        run_places(THREE_PAIRS, csv, "store,latitude,longitude\nS0,50,10\nS3,40,10\nS4,,\n");
    cr_assert_not_null(strstr(check_of(some, "spillover")->message, "2 of them have no coordinates"));
    g_autoptr(PlResult) none = run_places(THREE_PAIRS, csv, "store,region\nS0,north\n");
    cr_assert_null(pl_result_section(none, "spillover"));
}

/* Controls stand in where every other store takes part. */
Test(spillover, controls_stand_in) {
    static const char near_and_far[] =
        "store,latitude,longitude\nS0,50,10\nS1,50,11\nS2,50,12\nS3,50.01,10\nS4,50.02,11\n"
        "S5,40,10\nS9,41,10\nS6,50,13\nS7,50,14\n";
    g_autofree char *csv = sales(10);
    g_autoptr(PlResult) r =
        run_places("pairs: [{test: S0, control: S3}, {test: S1, control: S4}, {test: S2, control: "
                   "S5}, {test: S6, control: S9}, {test: S7, control: S8}]\n",
                   csv, near_and_far);
    const PlSection *s = pl_result_section(r, "spillover");
    cr_assert(isfinite(pl_section_find(s, NULL, "spillover")->value));
    cr_assert_not_null(strstr(g_ptr_array_index(s->sentences, 0), "Only control stores could be compared."));
}

Test(spillover, without_a_period_before) {
    g_autofree char *csv = sales(12);
    g_autoptr(PlResult) r = run_text(HEAD STORES "metrics: [{name: revenue, sum: revenue}]\n"
                                                 "periods: {during: {from: 3, to: 4}}\n" THREE_PAIRS,
                                     csv, places);
    const PlFinding *f = pl_section_find(pl_result_section(r, "spillover"), NULL, "spillover");
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "without a period before"));
}
