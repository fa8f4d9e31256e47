/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/formats.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE "=cmd|' /C calc'!A1\",<b>`id`\n\033[31m$(id) a|b"

static PlEstimate *estimate(PlResult *r, const char *method, double value) {
    PlEstimate *e = pl_result_add_estimate(r);
    e->treatment = g_strdup("coupon");
    e->metric = g_strdup("revenue");
    e->period = g_strdup("during");
    e->method = g_strdup(method);
    e->estimate = value;
    e->conf_level = 0.95;
    e->n = 7;
    return e;
}

static void add_pair(PlResult *r) {
    PlPairEffect *p = g_new0(PlPairEffect, 1);
    *p = (PlPairEffect){.pair = g_strdup("S01 / " HOSTILE),
                        .test = g_strdup("S01"),
                        .control = g_strdup(HOSTILE),
                        .treatment = g_strdup("coupon"),
                        .metric = g_strdup("revenue"),
                        .period = g_strdup("during"),
                        .test_before = 1.0 / 3,
                        .test_during = 0.1,
                        .control_before = 1e-300,
                        .control_during = NAN,
                        .effect = NAN,
                        .reason = g_strdup("store has no value")};
    g_ptr_array_add(r->pairs, p);
}

static PlResult *sample(void) {
    PlResult *r = pl_result_new();
    r->version = g_strdup("0");
    r->experiment = g_strdup("february");
    r->title = g_strdup("Ten percent \033[2J off");
    r->definition_file = g_strdup("f.yaml");
    r->definition_sha256 = g_strdup("00");
    r->primary = g_strdup("revenue");
    r->method_choice = g_strdup("paired_t decides: it was asked to");
    r->treatments = g_strsplit("coupon", ",", -1);
    r->n_pairs = 7;
    r->during = (PlSpan){TRUE, 19754, 19782, 29};
    PlEstimate *e = estimate(r, "paired_t", 0.1 + 0.2);
    e->deciding = TRUE;
    e->p_value = e->p_adjusted = 0.04970294402180093;
    e->conf_low = 0.03119331839297423;
    e->conf_high = 0.5;
    estimate(r, "sign_flip", NAN)->reason = g_strdup("needs 2 pairs, there are 1");
    add_pair(r);
    PlVerdict *v = g_new0(PlVerdict, 1);
    *v = (PlVerdict){
        g_strdup("coupon"), g_strdup("revenue"), PL_WIN,
        g_strdup("With coupon, revenue rose by a long sentence that has to be wrapped over more than one "
                 "line of a terminal, because it goes on and on."),
        g_strdup("rose")};
    g_ptr_array_add(r->verdicts, v);
    pl_result_check(r, "gaps", PL_WARN, NAN, "store \"%s\" has none", HOSTILE);
    return r;
}

Test(formats, json_reads_back_to_the_same_doubles_and_nothing_is_nan) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *text = pl_report_json(r);
    json_t *o = json_loads(text, 0, NULL);
    cr_assert_not_null(o);
    json_t *first = json_array_get(json_object_get(o, "estimates"), 0);
    json_t *second = json_array_get(json_object_get(o, "estimates"), 1);
    json_t *pair = json_array_get(json_object_get(o, "pairs"), 0);
    cr_assert(eq(dbl, json_real_value(json_object_get(first, "estimate")), 0.1 + 0.2));
    cr_assert(eq(dbl, json_real_value(json_object_get(first, "p_value")), 0.04970294402180093));
    cr_assert(eq(dbl, json_real_value(json_object_get(pair, "test_before")), 1.0 / 3));
    cr_assert(eq(dbl, json_real_value(json_object_get(pair, "control_before")), 1e-300));
    cr_assert(eq(int, json_typeof(json_object_get(second, "estimate")), JSON_NULL));
    cr_assert(eq(int, json_typeof(json_object_get(pair, "effect")), JSON_NULL));
    cr_assert_str_eq(json_string_value(json_object_get(pair, "control")), HOSTILE);
    cr_assert_str_eq(json_string_value(json_object_get(second, "reason")), "needs 2 pairs, there are 1");
    cr_assert_null(strstr(text, "nan"));
    cr_assert_null(strchr(text, '\033'));
    json_decref(o);
}

Test(formats, json_has_every_field_of_the_contract) {
    static const char *const fields[] = {"pairlift",  "result_format", "experiment",   "definition",
                                         "inputs",    "seed",          "design",       "checks",
                                         "estimates", "pairs",         "verdicts",     "charts",
                                         "kpis",      "economics",     "decomposition"};
    static const char *const of_estimate[] = {"treatment",  "metric",    "period",    "method",     "scale",
                                              "estimate",   "std_error", "statistic", "df",         "p_value",
                                              "p_adjusted", "conf_low",  "conf_high", "conf_level", "n",
                                              "deciding",   "reason"};
    g_autoptr(PlResult) r = sample();
    g_autofree char *text = pl_report_json(r);
    json_t *o = json_loads(text, 0, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        cr_expect_not_null(json_object_get(o, fields[i]), "%s", fields[i]);
    json_t *e = json_array_get(json_object_get(o, "estimates"), 0);
    for (guint i = 0; i < G_N_ELEMENTS(of_estimate); i++)
        cr_expect_not_null(json_object_get(e, of_estimate[i]), "%s", of_estimate[i]);
    json_decref(o);
}

Test(formats, csv_reads_back_and_no_cell_is_a_formula) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *estimates = pl_report_estimates_csv(r), *pairs = pl_report_pairs_csv(r);
    g_auto(GStrv) lines = g_strsplit(estimates, "\n", -1);
    cr_assert(eq(u32, g_strv_length(lines), 4), "header, two rows, and the end");
    g_auto(GStrv) head = g_strsplit(lines[0], ",", -1), row = g_strsplit(lines[1], ",", -1);
    cr_assert(eq(u32, g_strv_length(head), g_strv_length(row)));
    cr_assert_str_eq(head[5], "estimate");
    cr_assert(eq(dbl, g_ascii_strtod(row[5], NULL), 0.1 + 0.2));
    cr_assert_str_eq(row[6], "", "an absent number is an empty cell");
    cr_assert_not_null(strstr(pairs, ",\"'=cmd|' /C calc'!A1\"\",<b>`id`\n"), "%s", pairs);
}

Test(formats, text_stays_within_80_columns_and_commands_no_terminal) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *text = pl_report_text(r, FALSE);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    cr_assert_null(strchr(text, '\033'));
    for (char **l = lines; *l; l++)
        if (!strstr(*l, "calc")) /* a single word longer than the line */
            cr_expect(le(i64, (int64_t)g_utf8_strlen(*l, -1), 80), "%s", *l);
    cr_assert_not_null(strstr(text, "WIN  With coupon, revenue rose"));
    cr_assert_not_null(strstr(text, "needs 2 pairs, there are 1"));
}

Test(formats, text_is_the_same_with_colours_taken_out) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *plain = pl_report_text(r, FALSE), *colored = pl_report_text(r, TRUE);
    g_autoptr(GRegex) codes = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    g_autofree char *stripped = g_regex_replace_literal(codes, colored, -1, 0, "", 0, NULL);
    cr_assert(ne(str, plain, colored));
    cr_assert(eq(str, plain, stripped));
}

Test(formats, markdown_takes_outside_text_literally) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *text = pl_report_markdown(r);
    cr_assert_null(strstr(text, "<b>"));
    cr_assert_null(strstr(text, "`id`"));
    cr_assert_null(strchr(text, '\033'));
    cr_assert_not_null(strstr(text, "## Verdict: win"));
    cr_assert_not_null(strstr(text, "| sign\\_flip | n/a | n/a | n/a | 7 | needs 2 pairs, there are 1 |"),
                       "%s", text);
}
