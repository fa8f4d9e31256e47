/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "twelve_pairs.h"

/* Expected values: tests/reference/effect/twelve_pairs.R. */

#define PAIRED TWELVE_HEAD TWELVE_STORES TWELVE_TAIL
#define GROUPS(columns)                                                                                      \
    TWELVE_HEAD TWELVE_STORES TWELVE_METRICS                                                                 \
        "assignment: {file: stores.csv, store: store, group: arm, control: none" columns "}\n"

static const PlFinding *level(const PlResult *r, const char *group) {
    return twelve_finding(r, "segments", "effect", group, 0);
}

static const PlFinding *differs(const PlResult *r, const char *group) {
    return twelve_finding(r, "segments", "differs", group, 0);
}

static void expect_level(const PlResult *r, const char *group, double effect, double low, double high,
                         guint n) {
    const PlFinding *f = level(r, group);
    twelve_close(f->value, effect, group);
    twelve_close(f->conf_low, low, group);
    twelve_close(f->conf_high, high, group);
    cr_assert(eq(u32, f->n, n));
}

Test(segments, pairs_as_in_r) {
    g_autoptr(PlResult) r = twelve_ok(PAIRED, 12);
    expect_level(r, "region: North", 0.097451197382580027, 0.070757242104019125, 0.124810632398652324, 4);
    expect_level(r, "region: South", 0.0043569523262395413, -0.0467485412996128946, 0.0582023016899502685, 4);
    expect_level(r, "region: East", 0.043204286006225848, -0.021158118340923987, 0.111798751905875557, 4);
    expect_level(r, "format: small", 0.056347579455655661, 0.011605491292405906, 0.103068556099088007, 6);
    expect_level(r, "size: up to 120", 0.056347579455655661, 0.011605491292405906, 0.103068556099088007, 6);
    expect_level(r, "size: over 120", 0.039014491523358334, -0.019498373959337800, 0.101019197647687534, 6);
    const PlFinding *f = differs(r, "region"); /* four pairs a region: one variance */
    twelve_close(f->p_value, 0.009608371629350439, "region");
    twelve_close(f->p_adjusted, 0.028825114888051319, "region, Holm");
    cr_assert(eq(str, f->verdict, (char *)"may differ"));
    cr_assert(isnan(f->value) && f->reason);
    f = differs(r, "format: small against large");
    twelve_close(f->p_value, 0.57065257059038821, "format");
    twelve_close(f->value, 0.016682238865489064, "format");
    twelve_close(f->conf_low, -0.045769385632796450, "format");
    twelve_close(f->conf_high, 0.083221140950295175, "format");
    twelve_close(f->p_adjusted, 1, "format, Holm");
    cr_assert(eq(str, f->verdict, (char *)"no sign of it"));
    f = differs(r, "size: from 91.25 to 175");
    twelve_close(f->p_value, 7.2528154829777880e-01, "size");
    twelve_close(f->value, -7.7192700815051848e-03, "size");
    twelve_close(f->conf_low, -5.4005533170032635e-02, "size");
    twelve_close(f->conf_high, 4.0831718886317980e-02, "size");
    cr_assert(pl_result_section(r, "segments")->exploratory);
    cr_assert(
        eq(str, check_of(r, "segments")->message,
           (char *)"stores are not compared by name (every store has a value of its own), country (all "
                   "stores have the same value), pair (it numbers the stores or pairs), arm (all stores "
                   "have the same value)"));
    g_autofree char *text = twelve_sentences(r, "segments");
    cr_assert(
        eq(str, text,
           (char *)"This looks for stores where it worked better; it was not planned to prove that. What "
                   "stands out is at best a hypothesis for the next test.\n"
                   "twelve may not work everywhere alike: the effect differs by region (p = 0.029 after "
                   "Holm's correction for 3 comparisons), from +0.4 % (region: South) to +9.7 % (region: "
                   "North). Plan a test of just that before acting on it."));
}

Test(segments, only_those_asked_for) {
    g_autoptr(PlResult) r = twelve_ok(PAIRED "segments: [format, name, pair]\n", 12);
    cr_assert(eq(str, differs(r, "name")->reason, (char *)"every store has a value of its own"));
    cr_assert(isnan(differs(r, "name")->p_value));
    cr_assert_not(
        isnan(differs(r, "pair: from 3.75 to 9.25")->p_value)); /* asked for: a number as any other */
    g_autofree char *text = twelve_sentences(r, "segments");
    cr_assert_not_null(strstr(text,
                              "No sign that twelve worked better in some stores than in others (compared by "
                              "format, pair; smallest p = "),
                       "%s", text);
    for (guint i = 0; i < pl_result_section(r, "segments")->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(pl_result_section(r, "segments")->findings, i);
        cr_assert_not(g_str_has_prefix(f->group, "region"));
    }
}

Test(segments, groups_as_in_r) {
    g_autoptr(PlResult) r = twelve_ok(GROUPS(""), 0);
    expect_level(r, "format: small", 0.056347579455655737, 0.016025380086072735, 0.098270014207018919, 12);
    expect_level(r, "format: large", 0.039014491523358522, -0.013069528347523498, 0.093847180326681462, 12);
    twelve_close(differs(r, "format: small against large")->p_value, 0.54478200324317894, "format");
    twelve_close(differs(r, "region")->p_value, 0.00082164587512678221, "region");
    const PlFinding *f = differs(r, "size: from 91.25 to 175");
    twelve_close(f->p_value, 7.0408805938691399e-01, "size");
    twelve_close(f->value, expm1(-9.2527974483891926e-05 * (175 - 91.25)), "size");
}

/* With blocks the guardrail's effect is that of a model with an effect a block. */
Test(segments, groups_in_blocks) {
    g_autoptr(PlResult) r = twelve_ok(GROUPS(", block: region") "guardrails: [{metric: revenue}]\n", 0);
    const PlFinding *f = twelve_finding(r, "guardrails", "revenue", NULL, 0);
    twelve_close(f->value, 0.047645189527470093, "block");
    twelve_close(f->conf_low, 0.023901132710421855, "block");
    twelve_close(f->conf_high, 0.071939866141801687, "block");
    twelve_close(differs(r, "region")->p_value, 0.00082164587512678221, "region");
    cr_assert_not(isnan(differs(r, "format: small against large")->p_value));
}

static PlResult *run_with(const char *yaml, const char *stores, guint n) {
    g_autoptr(GError) error = NULL;
    PlResult *r = twelve_run(yaml, n, stores, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    return r;
}

Test(segments, few_and_missing) {
    g_autoptr(PlResult) r = run_with(PAIRED, "store,kind,x\nT1,a,\nT2,a,\nT3,b,\nT4,NA,\nC1,z,\n", 5);
    const PlFinding *f = level(r, "kind: b");
    cr_assert_not(isnan(f->value));
    cr_assert(isnan(f->conf_low));
    cr_assert(eq(str, f->reason, (char *)"1 pair is not enough to say how much pairs differ by chance"));
    f = differs(r, "kind");
    cr_assert(isnan(f->p_value));
    cr_assert(eq(str, f->reason,
                 (char *)"fewer than two of its 2 values have pairs enough to compare; 2 pairs "
                         "have no kind"));
    cr_assert(eq(u32, f->n, 3));
    g_autofree char *text = twelve_sentences(r, "segments");
    cr_assert_not_null(strstr(text,
                              "Cannot tell whether twelve worked better in some stores: no attribute has two "
                              "values with enough stores each."),
                       "%s", text);
    cr_assert(eq(str, check_of(r, "segments")->message,
                 (char *)"stores are not compared by x (no store has a value)"));
}

Test(segments, nothing_to_compare) {
    g_autoptr(PlResult) none = twelve_ok(TWELVE_HEAD TWELVE_TAIL, 12);
    cr_assert_null(pl_result_section(none, "segments"));
    g_autoptr(PlResult) bare = run_with(PAIRED, "store\nT1\n", 3);
    cr_assert_null(pl_result_section(bare, "segments"));
    g_autoptr(PlResult) one = run_with(PAIRED, "store,kind\nT1,a\nT2,b\n", 1);
    cr_assert_null(pl_result_section(one, "segments"));
}

/* Most stores have one number: the others are told from it, and the trend spans the whole range. */
Test(segments, a_number_with_a_pile) {
    g_autoptr(PlResult) r = run_with(PAIRED,
                                     "store,n\nT1,7\nT2,7\nT3,7\nT4,7\nT5,7\nT6,7\nT7,7\nT8,1\nT9,2\nT10,3\n"
                                     "T11,4\nT12,5\n",
                                     12);
    cr_assert(eq(u32, level(r, "n: under 7")->n, 5));
    cr_assert(eq(u32, level(r, "n: 7 or more")->n, 7));
    cr_assert_not(isnan(differs(r, "n: from 3.75 to 7")->p_value));
}

/* Every test store is smaller than every control, so no half of the sizes has both; among the test stores the
 * change grows with the size. */
Test(segments, a_trend_without_a_level_that_can_be_compared) {
    GString *stores = g_string_new("store,size,arm\n");
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(twelve_pairs); i++) {
        const int *revenue = twelve_pairs[i].revenue;
        g_string_append_printf(stores, "T%u,%.4f,test\nC%u,%u,none\n", i + 1,
                               100 * log((double)revenue[1] / revenue[0]), i + 1, 1000 + i * i);
    }
    g_autoptr(PlResult) r = twelve_run(GROUPS("") "segments: [size]\n", 12, stores->str, &error);
    g_string_free(stores, TRUE);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    const PlSection *s = pl_result_section(r, "segments");
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        cr_assert(isnan(f->value) == g_str_equal(f->measure, "effect"), "%s", f->group);
    }
    double low, high; /* the step stays among the stores that had the promotion */
    const char *group = "";
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        group = g_str_equal(f->measure, "differs") ? f->group : group;
    }
    cr_assert(eq(int, sscanf(group, "size: from %lf to %lf", &low, &high), 2), "%s", group);
    cr_assert(lt(dbl, high, 1000));
    g_autofree char *text = twelve_sentences(r, "segments");
    cr_assert_not_null(strstr(text, "the effect differs by size (p"), "%s", text);
    cr_assert_not_null(strstr(text, "). Plan a test of just that"), "%s", text);
}

Test(segments, unknown_attribute) {
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {PAIRED "segments: [regoin, zzz]\n",
         "test.yaml:11:11: error: \"segments\": the table \"stores\" has no attribute \"regoin\"\n"
         "  hint: did you mean \"region\"?\n"
         "test.yaml:11:11: error: \"segments\": the table \"stores\" has no attribute \"zzz\"\n"
         "  hint: attributes: region, format, size, name, country, pair, arm"},
        {TWELVE_HEAD TWELVE_TAIL "segments: region\n",
         "test.yaml:10:11: error: \"segments\": there is no table \"stores\" to have an attribute "
         "\"region\"\n"
         "  hint: add under data: - {table: stores, file: stores.csv}"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(PlResult) r = twelve_run(cases[i].yaml, 12, NULL, &error);
        cr_assert_null(r);
        cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DEFINITION));
        const char *seen = strstr(error->message, "test.yaml");
        g_autofree char *folder = g_strndup(error->message, (gsize)(seen - error->message));
        g_auto(GStrv) parts = g_strsplit(error->message, folder, -1);
        g_autofree char *stripped = g_strjoinv("", parts);
        cr_assert(eq(str, stripped, (char *)cases[i].message));
    }
}
