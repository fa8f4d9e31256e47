/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/stat.h"
#include "pairlift/report/stat_table.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static PlStatResult *sample(void) {
    PlStatResult *r = pl_stat_result_new();
    r->method = "sign_flip";
    r->title = "Sign-flip test";
    r->estimates = "mean difference";
    r->columns = g_strdup("test - control");
    r->rows = 12;
    r->used = 10;
    r->seed = 7;
    r->conf_level = 0.9;
    PlStatRow *row = pl_stat_result_add(r);
    row->n = 10;
    row->estimate = 0.1 + 0.2;
    row->statistic = 2.25;
    row->p_value = 0.04970294402180093;
    row->conf_low = 1.0 / 3;
    row->conf_high = INFINITY;
    return r;
}

static PlStatRow *row_at(const PlStatResult *r, guint i) {
    return g_ptr_array_index(r->table, i);
}

static void add_figure(PlStatRow *row, const char *name, double value) {
    g_array_append_vals(row->figures, &(PlNamedNumber){name, value}, 1);
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
    g_autoptr(PlStatResult) r = sample();
    g_autofree char *text = pl_report_stat_json(r);
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
    g_autoptr(PlStatResult) r = sample();
    g_autofree char *text = pl_report_stat_json(r);
    json_t *o = json_loads(text, 0, NULL), *e = json_array_get(json_object_get(o, "estimates"), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(absent); i++)
        expect_type(e, absent[i], JSON_NULL);
    json_decref(o);
}

Test(stat_report, json_says_why_there_is_no_estimate) {
    g_autoptr(PlStatResult) r = sample();
    PlStatRow *row = row_at(r, 0);
    row->estimate = row->p_value = row->conf_low = row->conf_high = row->statistic = NAN;
    row->reason = g_strdup("needs 2 values, there are 0");
    g_autofree char *text = pl_report_stat_json(r);
    json_t *o = json_loads(text, 0, NULL), *e = json_array_get(json_object_get(o, "estimates"), 0);
    expect_type(e, "estimate", JSON_NULL);
    cr_expect_str_eq(json_string_value(json_object_get(e, "reason")), "needs 2 values, there are 0");
    json_decref(o);
}

Test(stat_report, text_says_what_was_tested_and_found) {
    g_autoptr(PlStatResult) r = sample();
    row_at(r, 0)->conf_high = 1.5;
    g_autofree char *text = pl_report_stat_text(r);
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
    g_autoptr(PlStatResult) r = sample();
    g_free(r->columns);
    r->columns = g_strdup("test");
    r->used = r->rows;
    row_at(r, 0)->reason = g_strdup("one-sided: no upper limit; 10000 random draws, seed 7");
    g_autofree char *text = pl_report_stat_text(r);
    expect_within(text, "Sign-flip test on test: 12 of 12 rows\n");
    expect_within(text, "\n  one-sided: no upper limit\n  10000 random draws, seed 7\n");
}

Test(stat_report, text_gives_a_reason_and_no_numbers) {
    g_autoptr(PlStatResult) r = sample();
    PlStatRow *row = row_at(r, 0);
    row->estimate = row->p_value = row->statistic = NAN;
    row->reason = g_strdup("needs 2 values, there are 0");
    g_autofree char *text = pl_report_stat_text(r);
    expect_within(text, "\n  not estimated: needs 2 values, there are 0\n");
    expect_without(text, "estimate  ");
    expect_without(text, "interval");
}

Test(stat_report, text_takes_a_column_name_literally) {
    g_autoptr(PlStatResult) r = sample();
    g_free(r->columns);
    r->columns = g_strdup("a\033[2Jb\nc - d\xe9");
    g_autofree char *text = pl_report_stat_text(r);
    expect_within(text, "on a\\x1b[2Jb\\nc - d\\xe9: ");
}

Test(stat_report, figures_stand_in_the_row_of_the_json_and_below_the_others_in_the_text) {
    g_autoptr(PlStatResult) r = sample();
    add_figure(row_at(r, 0), "trim_rate", 0.25);
    add_figure(row_at(r, 0), "sigma", NAN);
    g_ptr_array_add(r->notes, g_strdup("the smallest p is 1/12"));
    g_autofree char *json = pl_report_stat_json(r), *text = pl_report_stat_text(r);
    json_t *o = json_loads(json, 0, NULL), *e = json_array_get(json_object_get(o, "estimates"), 0);
    cr_expect(eq(dbl, json_real_value(json_object_get(e, "trim_rate")), 0.25));
    expect_type(e, "sigma", JSON_NULL);
    expect_type(e, "term", JSON_NULL);
    cr_expect_str_eq(json_string_value(json_array_get(json_object_get(o, "notes"), 0)),
                     "the smallest p is 1/12");
    json_decref(o);
    expect_within(text, "  trim_rate    0.25\n");
    expect_within(text, "  interval     0.333333 or more   (90 %)\n");
    expect_within(text, "  the smallest p is 1/12\n");
    expect_without(text, "sigma");
}

Test(stat_report, several_rows_are_a_table) {
    g_autoptr(PlStatResult) r = sample();
    row_at(r, 0)->term = g_strdup("b - a");
    row_at(r, 0)->conf_high = 0.5;
    PlStatRow *second = pl_stat_result_add(r);
    second->term = g_strdup("c\n - a");
    second->reason = g_strdup("one row");
    add_figure(row_at(r, 0), "p_adjusted", 0.125);
    add_figure(second, "p_adjusted", 0.25);
    add_figure(second, "rare", 3);
    g_autofree char *text = pl_report_stat_text(r);
    expect_within(text, "           estimate       low  high       p  statistic  p_adjusted\n"
                        "  b - a         0.3  0.333333   0.5  0.0497       2.25       0.125\n"
                        "  c\\n - a                                                     0.25\n");
    expect_within(text, "  c\\n - a: rare 3; one row\n");
    expect_within(text, "  intervals at 90 %\n");
    expect_without(text, "nan");
}

Test(stat_report, a_reason_of_all_rows_is_said_once) {
    g_autoptr(PlStatResult) r = sample();
    PlStatRow *second = pl_stat_result_add(r);
    row_at(r, 0)->term = g_strdup("a");
    second->term = g_strdup("b");
    row_at(r, 0)->reason = g_strdup("for the same reason");
    second->reason = g_strdup("for the same reason");
    g_autofree char *text = pl_report_stat_text(r);
    expect_within(text, "\n  for the same reason\n");
    expect_without(text, "a: for the same reason");
}

Test(stat_report, numbers_have_the_digits_that_are_worth_reading) {
    static const struct {
        double value, resolution;
        const char *text;
    } cases[] = {{0.1 + 0.2, NAN, "0.3"},
                 {10000000.2, 0.0031607, "10000000.2000"},
                 {10000000.2, NAN, "10000000"},
                 {1234567, NAN, "1234567"},
                 {123456.789, NAN, "123457"},
                 {20.9333333, 9.7, "20.9333"},
                 {1e-300, NAN, "1e-300"},
                 {2.5e200, 1, "2.5e+200"},
                 {-15.6053979, 9.37, "-15.6054"},
                 {INFINITY, 1, "open"},
                 {NAN, 1, ""}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = pl_stat_number(cases[i].value, cases[i].resolution);
        cr_expect_str_eq(text, cases[i].text, "case %u: %s", i, text);
    }
}
