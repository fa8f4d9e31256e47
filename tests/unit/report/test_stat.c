/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/stat.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static PlStatResult sample(void) {
    return (PlStatResult){.method = "sign_flip",
                          .title = "Sign-flip test",
                          .estimates = "mean difference",
                          .x = "test",
                          .y = "control",
                          .rows = 12,
                          .used = 10,
                          .seed = 7,
                          .estimate = 0.1 + 0.2,
                          .std_error = NAN,
                          .statistic = 2.25,
                          .df = NAN,
                          .p_value = 0.04970294402180093,
                          .conf_low = 1.0 / 3,
                          .conf_high = INFINITY,
                          .conf_level = 0.9};
}

static void expect_within(const char *text, const char *part) {
    cr_expect(strstr(text, part) != NULL, "\"%s\" is not in:\n%s", part, text);
}

static void expect_without(const char *text, const char *part) {
    cr_expect(strstr(text, part) == NULL, "\"%s\" is in:\n%s", part, text);
}

static void expect_type(const json_t *o, const char *key, int wanted) {
    const json_t *value = json_object_get(o, key);
    cr_assert_not_null(value, "%s", key);
    cr_expect(eq(int, json_typeof(value), wanted), "%s", key);
}

static void expect_integer(const json_t *o, const char *key, json_int_t wanted) {
    expect_type(o, key, JSON_INTEGER);
    cr_expect(eq(i64, json_integer_value(json_object_get(o, key)), wanted), "%s", key);
}

Test(stat_report, json_reads_back_to_the_same_doubles) {
    PlStatResult r = sample();
    g_autofree char *text = pl_report_stat_json(&r);
    json_t *o = json_loads(text, 0, NULL), *e = json_array_get(json_object_get(o, "estimates"), 0);
    cr_assert(eq(sz, json_array_size(json_object_get(o, "estimates")), 1));
    cr_expect_str_eq(json_string_value(json_object_get(o, "method")), "sign_flip");
    cr_expect_str_eq(json_string_value(json_object_get(e, "method")), "sign_flip");
    expect_integer(o, "rows", 12);
    expect_integer(o, "used", 10);
    expect_integer(o, "left_out", 2);
    expect_integer(o, "seed", 7);
    expect_integer(e, "n", 10);
    cr_expect(eq(dbl, json_real_value(json_object_get(e, "estimate")), 0.1 + 0.2));
    cr_expect(eq(dbl, json_real_value(json_object_get(e, "conf_low")), 1.0 / 3));
    cr_expect(eq(dbl, json_real_value(json_object_get(e, "p_value")), 0.04970294402180093));
    json_decref(o);
}

Test(stat_report, json_has_null_for_what_is_not_there) {
    static const char *const absent[] = {"std_error", "df", "conf_high", "reason"};
    PlStatResult r = sample();
    g_autofree char *text = pl_report_stat_json(&r);
    json_t *o = json_loads(text, 0, NULL), *e = json_array_get(json_object_get(o, "estimates"), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(absent); i++)
        expect_type(e, absent[i], JSON_NULL);
    json_decref(o);
}

Test(stat_report, json_says_why_there_is_no_estimate) {
    g_auto(PlStatResult) r = sample();
    r.estimate = r.p_value = r.conf_low = r.conf_high = NAN;
    r.reason = g_strdup("needs 2 values, there are 0");
    g_autofree char *text = pl_report_stat_json(&r);
    json_t *o = json_loads(text, 0, NULL), *e = json_array_get(json_object_get(o, "estimates"), 0);
    expect_type(e, "estimate", JSON_NULL);
    cr_expect_str_eq(json_string_value(json_object_get(e, "reason")), "needs 2 values, there are 0");
    json_decref(o);
}

Test(stat_report, text_says_what_was_tested_and_found) {
    PlStatResult r = sample();
    r.conf_high = 1.5;
    g_autofree char *text = pl_report_stat_text(&r);
    expect_within(text, "Sign-flip test on test - control: 10 of 12 rows, the others have an empty value\n");
    expect_within(text, "  estimate     0.3   (mean difference)\n");
    expect_within(text, "  interval     0.333333 to 1.5   (90 %)\n");
    expect_within(text, "  p            0.0497\n");
    expect_within(text, "  statistic    2.25\n");
    expect_without(text, "std_error");
    expect_without(text, "df");
    expect_without(text, "draws");
    expect_without(text, "nan");
}

Test(stat_report, text_has_a_line_for_each_remark) {
    g_auto(PlStatResult) r = sample();
    r.y = NULL;
    r.used = r.rows;
    r.reason = g_strdup("one-sided: no upper limit; 10000 random draws, seed 7");
    g_autofree char *text = pl_report_stat_text(&r);
    expect_within(text, "Sign-flip test on test: 12 of 12 rows\n");
    expect_within(text, "\n  one-sided: no upper limit\n  10000 random draws, seed 7\n");
}

Test(stat_report, text_gives_a_reason_and_no_numbers) {
    g_auto(PlStatResult) r = sample();
    r.estimate = NAN;
    r.reason = g_strdup("needs 2 values, there are 0");
    g_autofree char *text = pl_report_stat_text(&r);
    expect_within(text, "\n  not estimated: needs 2 values, there are 0\n");
    expect_without(text, "estimate  ");
    expect_without(text, "interval");
}

Test(stat_report, text_takes_a_column_name_literally) {
    PlStatResult r = sample();
    r.x = "a\033[2Jb\nc";
    r.y = "d\xe9";
    g_autofree char *text = pl_report_stat_text(&r);
    expect_within(text, "on a\\x1b[2Jb\\nc - d\\xe9: ");
}
