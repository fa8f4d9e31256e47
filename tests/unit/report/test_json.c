/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>

#include "formats_fixture.h"

Test(json, reads_back_to_the_same_doubles_and_nothing_is_nan) {
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

Test(json, has_every_field_of_the_contract) {
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

/* Every list has a row and every text is there, each ending in `tail`. */
static PlResult *full(const char *tail) {
#define T(name) g_strconcat(name, tail, NULL)
    PlResult *r = pl_result_new();
    r->version = T("0");
    r->experiment = T("february");
    r->title = T("title");
    r->question = T("question");
    r->goal = T("goal");
    r->notes = T("notes");
    r->definition_file = T("folder/");
    r->definition_sha256 = T("00");
    r->primary = T("revenue");
    r->method_choice = T("choice");
    r->treatments = g_new0(char *, 2);
    r->treatments[0] = T("coupon");
    r->before = r->during = r->after = (PlSpan){TRUE, 1, 2, 2};
    PlResultInput input = {T("sales"), T("sales.csv"), T("00"), 10, 9};
    g_ptr_array_add(r->inputs, g_memdup2(&input, sizeof input));
    pl_result_check(r, "gaps", PL_WARN, 1, "store %s", tail);
    PlEstimate *e = pl_result_add_estimate(r);
    e->treatment = T("coupon");
    e->metric = T("revenue");
    e->period = T("during");
    e->method = T("paired_t");
    e->unit = T("EUR");
    e->reason = T("reason");
    PlPairEffect pair = {T("1 / 2"), T("1"), T("2"), T("coupon"), T("revenue"), T("during"), 1,
                         2,          3,      4,      5,           0.5,          T("reason")};
    g_ptr_array_add(r->pairs, g_memdup2(&pair, sizeof pair));
    PlVerdict verdict = {T("coupon"), T("revenue"), PL_WIN, T("sentence"), T("headline")};
    g_ptr_array_add(r->verdicts, g_memdup2(&verdict, sizeof verdict));
    PlSeries series = {T("coupon"), T("revenue"), 1, g_new0(PlDay, 1), g_new0(double, 1), g_new0(double, 1)};
    g_ptr_array_add(r->series, g_memdup2(&series, sizeof series));
    PlChart chart = {T("chart"), T("title"), T("alt"), g_new0(char *, 2), T("scorecard")};
    chart.files[0] = T("charts/");
    g_ptr_array_add(r->charts, g_memdup2(&chart, sizeof chart));
    return r;
#undef T
}

/* The two have the same keys and lengths, and whatever is null in one is null in the other. */
static void expect_same_shape(const json_t *a, const json_t *b, const char *where) {
    cr_assert_not_null(b, "%s is not there", where);
    cr_assert(eq(int, json_typeof(a), json_typeof(b)), "%s", where);
    cr_assert(eq(sz, json_object_size(a), json_object_size(b)), "%s", where);
    cr_assert(eq(sz, json_array_size(a), json_array_size(b)), "%s", where);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)a, key, value) expect_same_shape(value, json_object_get(b, key), key);
    for (size_t i = 0; i < json_array_size(a); i++)
        expect_same_shape(json_array_get(a, i), json_array_get(b, i), where);
}

Test(json, bytes_that_are_not_utf8_take_nothing_away) {
    g_autoptr(PlResult) plain = full(""), latin = full("ao\xfbt\xe9.yaml");
    g_autofree char *text = pl_report_json(plain), *strange = pl_report_json(latin);
    json_error_t error;
    json_t *a = json_loads(text, 0, &error), *b = json_loads(strange, 0, &error);
    cr_assert_not_null(a, "%s", error.text);
    cr_assert_not_null(b, "%s", error.text);
    expect_same_shape(a, b, "the result");
    cr_assert_str_eq(json_string_value(json_object_get(json_object_get(b, "definition"), "file")),
                     "folder/ao\\xfbt\\xe9.yaml");
    json_t *input = json_array_get(json_object_get(b, "inputs"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(input, "source")), "sales.csvao\\xfbt\\xe9.yaml");
    cr_assert(eq(int, (int)json_integer_value(json_object_get(input, "rows")), 10));
    json_decref(a);
    json_decref(b);
}

static void expect_days(PlTimeKind kind, PlDay first, PlDay last, int type, json_int_t days) {
    g_autoptr(PlResult) r = full("");
    r->time_kind = kind;
    r->during = (PlSpan){TRUE, first, last, 1};
    g_autofree char *text = pl_report_json(r);
    json_t *o = json_loads(text, 0, NULL);
    json_t *n = json_object_get(json_object_get(json_object_get(o, "design"), "during"), "days");
    cr_assert(eq(int, n ? (int)json_typeof(n) : -1, type));
    cr_assert(eq(i64, json_integer_value(n), days));
    json_decref(o);
}

Test(json, days_are_counted_where_time_is_a_date) {
    expect_days(PL_TIME_DATE, 19754, 19782, JSON_INTEGER, 29);
    expect_days(PL_TIME_DATE, 19754, 19754, JSON_INTEGER, 1);
    expect_days(PL_TIME_NUMBER, 140, 145, JSON_NULL, 0);
    expect_days(PL_TIME_DATE, G_MININT32, G_MAXINT32, JSON_INTEGER, G_GINT64_CONSTANT(1) << 32);
}

Test(json, what_was_not_given_is_null) {
    g_autoptr(PlResult) r = pl_result_new();
    g_autofree char *text = pl_report_json(r);
    json_t *o = json_loads(text, 0, NULL), *design = json_object_get(o, "design");
    cr_assert(eq(int, json_typeof(json_object_get(design, "before")), JSON_NULL));
    cr_assert(eq(int, json_typeof(json_object_get(design, "randomised")), JSON_NULL));
    cr_assert(eq(int, json_typeof(json_object_get(json_object_get(o, "experiment"), "goal")), JSON_NULL));
    cr_assert(eq(sz, json_array_size(json_object_get(o, "estimates")), 0));
    json_decref(o);
}
