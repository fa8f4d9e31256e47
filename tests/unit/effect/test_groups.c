/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#include <jansson.h>

/* Reference values: tests/reference/groups.R. */
static const char stores[] = "store,arm,market\n"
                             "S01,none,N\nS02,none,N\nS03,none,S\nS04,none,S\n"
                             "S05,ad,N\nS06,ad,S\nS07,ad,S\nS08,ad,N\n"
                             "S09,cut,N\nS10,cut,S\nS11,cut,N\nS12,,N\n";
static const double before[] = {100, 80, 120, 90, 110, 95, 130, 70, 105, 85, 115, 99};
static const double during[] = {104, 79, 118, 93, 121, 99, 141, 77, 120, 92, 133, 150};

static char *sales(void) {
    GString *s = g_string_new("store,date,revenue\n");
    for (guint i = 0; i < G_N_ELEMENTS(before); i++)
        g_string_append_printf(s, "S%02u,1,%g\nS%02u,2,%g\n", i + 1, before[i], i + 1, during[i]);
    return g_string_free(s, FALSE);
}

/* `keys` follows the assignment's file: ", block: market". */
static PlResult *run_groups(const char *keys, const char *assignment, const char *more, GError **error) {
    char *folder = temp_folder_new();
    g_autofree char *table = sales();
    g_autofree char *a = temp_folder_write(folder, "stores.csv", assignment);
    g_autofree char *b = temp_folder_write(folder, "sales.csv", table);
    g_autofree char *yaml =
        g_strdup_printf(HEAD "metrics: [{name: revenue, sum: revenue}]\n"
                             "periods: {before: {from: 1, to: 1}, during: {from: 2, to: 2}}\n"
                             "assignment: {file: stores.csv, group: arm, control: none%s}\n%s",
                        keys, more);
    g_autofree char *path = temp_folder_write(folder, "test.yaml", yaml);
    pl_stats_init();
    PlResult *result = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(path, error);
    if (def && pl_pairs_load(def, NULL, error))
        panel = pl_load_sales(def, NULL, NULL, &inputs, error);
    if (panel)
        result = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, error);
    temp_folder_remove(folder);
    return result;
}

static PlResult *groups_ok(const char *keys, const char *more) {
    g_autoptr(GError) error = NULL;
    PlResult *result = run_groups(keys, stores, more, &error);
    cr_assert_not_null(result, "%s", error ? error->message : "");
    return result;
}

static const PlEstimate *find(const PlResult *r, const char *treatment, const char *method) {
    for (guint i = 0; i < r->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(r->estimates, i);
        if (g_str_equal(e->treatment, treatment) && g_str_equal(e->method, method))
            return e;
    }
    cr_assert(0, "no estimate of %s by %s", treatment, method);
    return NULL;
}

static void expect_close(const PlEstimate *e, const double want[6]) {
    const double got[6] = {log1p(e->estimate), e->std_error,       e->df,
                           e->p_value,         log1p(e->conf_low), log1p(e->conf_high)};
    for (int i = 0; i < 6; i++)
        cr_expect(fabs(got[i] - want[i]) <= 1e-10 * fabs(want[i]), "%s %s %d: %.17g, not %.17g", e->treatment,
                  e->method, i, got[i], want[i]);
}

Test(groups, welch_t_decides_without_blocks) {
    g_autoptr(PlResult) r = groups_ok("", "");
    static const double ad[6] = {0.067616030653063430, 0.019494441052208565, 5.884306306200272729,
                                 0.013751534301902563, 0.019686584176629766, 0.115545477129497101};
    static const double cut[6] = {0.108705745483992283, 0.025158242526470646, 3.916394711540054363,
                                  0.013024639217042068, 0.038263244206594049, 0.179148246761390517};
    const PlEstimate *first = find(r, "ad", "welch_t"), *second = find(r, "cut", "welch_t");
    expect_close(first, ad);
    expect_close(second, cut);
    cr_expect(first->deciding && second->deciding);
    cr_expect(eq(u32, first->n, 8));
    cr_expect(eq(dbl, first->p_adjusted, 2 * second->p_value), "Holm over the treatments");
    cr_expect(r->groups);
    cr_expect(eq(u32, r->n_stores, 11));
    cr_expect(eq(u32, r->verdicts->len, 2));
    cr_expect(eq(u32, r->pairs->len, 0));
}

Test(groups, ols_decides_within_blocks) {
    g_autoptr(PlResult) r = groups_ok(", block: market", "");
    static const double ad[6] = {0.067616030653063472, 0.019494539936164922, 5.444444444444445530,
                                 0.015583087633967997, 0.018709497108840172, 0.116522564197286765};
    static const double cut[6] = {0.1037288593849648444, 0.0216840601693413897, 4.1641861316732491360,
                                  0.0079165801286114959, 0.0444489624396481320, 0.1630087563302815568};
    cr_expect(find(r, "ad", "ols")->deciding);
    expect_close(find(r, "ad", "ols"), ad);
    expect_close(find(r, "cut", "ols"), cut);
    cr_expect(eq(int, check_of(r, "blocks")->status, PL_PASS));
}

Test(groups, one_group_is_the_only_treatment_whatever_it_is_called) {
    static const char one[] = "store,arm\nS01,none\nS02,none\nS03,none\nS05,x 1\nS06,x 1\nS07,x 1\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) r = run_groups("", one, "treatments: [{name: coupon, kind: coupon}]\n", &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    cr_expect(eq(str, r->treatments[0], (char *)"coupon"));
    cr_expect(eq(u32, find(r, "coupon", "welch_t")->n, 6));
    cr_expect(eq(int, check_of(r, "groups")->status, PL_WARN), "three stores a group are few");
}

Test(groups, faults_name_file_and_line) {
    static const struct {
        const char *keys, *assignment, *more, *says;
    } cases[] = {
        {"", "store,arm\nS01,none\nS02,ad\nS01,ad\n", "",
         "stores.csv:4: error: store \"S01\" is in two groups, \"none\" (line 2) and \"ad\""},
        {", block: market", "store,arm,market\nS01,none,N\nS02,ad,\n", "",
         "stores.csv:3: error: column \"market\" is empty"},
        {", block: market", "store,arm,market\nS01,none,N\nS02,ad,N\nS02,ad,S\n", "",
         "stores.csv:4: error: store \"S02\" is in two blocks, \"N\" (line 3) and \"S\""},
        {"", "store,arm\nS01,a\nS02,b\n", "", "stores.csv: error: no store is in the control group \"none\""},
        {"", "store,arm\nS01,\n", "", "stores.csv: error: no store has a group"},
        {"", "store,arm\nS01,none\nS02,ad\nS03,cutt\n", "treatments: [{name: ad}, {name: cut}]\n",
         "stores.csv:4: error: group \"cutt\" is neither the control group \"none\" nor a treatment"},
        {"", "store,arm\nS01,none\nS02,ad\n", "treatments: [{name: ad}, {name: cut}]\n",
         "stores.csv: error: no store is in the group of treatment \"cut\""},
        {"", "store,arm\nS01,none\nS02,none\nS99,ad\n", "", "stores.csv:4: error: store \"S99\" has no data"},
        {"", "store,group\nS01,none\n", "", "stores.csv"},
        {"", "store,arm\nS01,none\nS02,none\nS05,ad\nS06,ad\n", "analysis: {methods: [sign_flip]}\n",
         "error: no method \"sign_flip\" for groups"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(PlResult) r = run_groups(cases[i].keys, cases[i].assignment, cases[i].more, &error);
        cr_assert_null(r, "case %zu", i);
        cr_expect(strstr(error->message, cases[i].says) != NULL, "case %zu: %s", i, error->message);
    }
}

Test(groups, too_few_stores_are_a_result_with_a_reason) {
    static const char two[] = "store,arm\nS01,none\nS05,ad\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) r = run_groups("", two, "", &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    const PlEstimate *e = find(r, "test", "welch_t");
    cr_expect(fabs(e->estimate - (121.0 / 110 / (104.0 / 100) - 1)) < 1e-12);
    cr_expect(isnan(e->p_value));
    cr_expect_not_null(e->reason);
}

Test(groups, zero_sales_have_no_logarithm) {
    static const char one[] = "store,arm\nS01,none\nS02,none\nS03,none\nS05,ad\nS06,ad\nS07,ad\n";
    char *folder = temp_folder_new();
    g_autofree char *a = temp_folder_write(folder, "stores.csv", one);
    g_autofree char *b =
        temp_folder_write(folder, "sales.csv",
                          "store,date,revenue\nS01,1,5\nS01,2,6\nS02,1,0\nS02,2,6\n"
                          "S03,1,5\nS03,2,6\nS05,1,5\nS05,2,6\nS06,1,5\nS06,2,7\nS07,1,5\nS07,2,6\n");
    g_autofree char *path =
        temp_folder_write(folder, "test.yaml",
                          HEAD "metrics: [{name: revenue, sum: revenue}]\n"
                               "periods: {before: {from: 1, to: 1}, during: {from: 2, to: 2}}\n"
                               "assignment: {file: stores.csv, group: arm, control: none}\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(path, &error);
    cr_assert(pl_pairs_load(def, NULL, &error));
    g_autoptr(PlPanel) panel = pl_load_sales(def, NULL, NULL, &inputs, &error);
    g_autoptr(PlResult) r = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, &error);
    cr_assert_null(r);
    cr_expect(strstr(error->message, "metric \"revenue\": store \"S02\" is 0 before") != NULL, "%s",
              error->message);
    temp_folder_remove(folder);
}

/* A vendor's sample of 137 locations without a period before, promotion 1 as the control:
 * expected/wa_marketing.json, location_mean (Welch) and location_market_FE (all groups, market effects). */
Test(groups, wa_marketing_equals_the_independent_values) {
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    g_autofree char *data = g_build_filename(shared ? shared : "../shared",
                                             "data/wa_marketing/wa_marketing.csv", NULL),
                    *values = g_build_filename(shared ? shared : "../shared", "expected", "wa_marketing.json",
                                               NULL);
    if (!g_file_test(values, G_FILE_TEST_EXISTS))
        cr_skip_test("no %s", values);
    char *folder = temp_folder_new();
    g_autofree char *full = g_canonicalize_filename(data, NULL);
    g_autofree char *yaml = g_strdup_printf(
        "experiment: wa\ndata:\n  - {table: sales, file: \"%s\", date_format: number,\n"
        "     columns: {store: LocationID, date: week}}\n"
        "metrics: [{name: sales, sum: SalesInThousands}]\nperiods: {during: {from: 1, to: 4}}\n"
        "assignment: {file: \"%s\", store: LocationID, group: Promotion, control: \"1\", block: MarketID}\n"
        "analysis: {effect: absolute}\n",
        full, full);
    g_autofree char *path = temp_folder_write(folder, "test.yaml", yaml);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(path, &error);
    cr_assert_not_null(def, "%s", error ? error->message : "");
    cr_assert(pl_pairs_load(def, NULL, &error), "%s", error ? error->message : "");
    g_autoptr(PlPanel) panel = pl_load_sales(def, NULL, NULL, &inputs, &error);
    pl_stats_init();
    g_autoptr(PlResult) r = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    json_t *want = json_load_file(values, 0, NULL);
    static const char *const arms[] = {"2", "3"}, *const pairs[] = {"P1_vs_P2", "P1_vs_P3"};
    for (int i = 0; i < 2; i++) {
        g_autofree char *name = g_strconcat("P", arms[i], NULL);
        json_t *welch = json_object_get(json_object_get(want, "location_mean"), pairs[i]),
               *market = json_object_get(json_object_get(want, "location_market_FE"), name);
        const PlEstimate *w = find(r, arms[i], "welch_t"), *o = find(r, arms[i], "ols");
        double p = json_number_value(json_object_get(welch, "welch_p")),
               se = json_number_value(json_object_get(welch, "welch_se")),
               difference = -json_number_value(json_object_get(welch, "diff")),
               within = json_number_value(json_object_get(market, "est"));
        cr_expect(fabs(w->p_value - p) < 1e-10 * p);
        cr_expect(fabs(w->std_error - se) < 1e-10 * se);
        cr_expect(fabs(w->estimate - difference) < 1e-10 * fabs(difference));
        cr_expect(fabs(o->estimate - within) < 1e-10 * fabs(within));
        cr_expect(o->deciding);
    }
    json_decref(want);
    temp_folder_remove(folder);
}
