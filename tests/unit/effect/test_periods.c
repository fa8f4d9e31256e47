/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

/* Days that no store has: the commonest fault of an extract. */

#define DAYS(policy)                                                                                         \
    "experiment: test\ndata: [{table: sales, file: sales.csv, gaps: " policy "}]\n"                          \
    "metrics: [{name: revenue, sum: revenue}]\n"                                                             \
    "pairs: [{test: A, control: B}]\n"                                                                       \
    "periods: {before: {from: 2024-01-01, to: 2024-01-02}, during: {from: 2024-01-03, to: 2024-01-06}}\n"

/* A sells 20 a day, B 10; `days` are those of January. */
static char *sales(const char *days) {
    GString *csv = g_string_new("store,date,revenue\n");
    g_auto(GStrv) list = g_strsplit(days, " ", -1);
    for (char **d = list; *d; d++)
        g_string_append_printf(csv, "A,2024-01-%s,20\nB,2024-01-%s,10\n", *d, *d);
    return g_string_free(csv, FALSE);
}

Test(periods, a_day_that_no_store_has_is_a_gap) {
    g_autofree char *csv = sales("01 02 03 05 06"), *message = run_fails(DAYS("error"), csv, 4);
    cr_assert_not_null(strstr(message, "test.yaml:5:"), "%s", message);
    cr_assert_not_null(
        strstr(message, "no store has data for 1 of the 4 days of \"during\" (the first: 2024-01-04)"), "%s",
        message);
    cr_assert_not_null(strstr(message, "gaps: under data"), "%s", message);
}

Test(periods, a_period_that_runs_past_the_data_says_where_they_end) {
    g_autofree char *csv = sales("01 02 03 04"), *message = run_fails(DAYS("error"), csv, 4);
    cr_assert_not_null(
        strstr(message, "no store has data for 2 of the 4 days of \"during\" (the first: 2024-01-05)"), "%s",
        message);
    cr_assert_not_null(strstr(message, "the data end on 2024-01-04"), "%s", message);
}

Test(periods, closed_leaves_the_day_out_and_warns) {
    g_autofree char *csv = sales("01 02 03 05 06");
    g_autoptr(PlResult) r = run_ok(DAYS("closed"), csv);
    cr_assert(eq(int, check_of(r, "calendar")->status, PL_WARN));
    cr_assert(eq(dbl, check_of(r, "calendar")->value, 1));
    cr_assert_not_null(
        strstr(check_of(r, "calendar")->message, "1 of the 6 days of the periods have no data in any store"),
        "%s", check_of(r, "calendar")->message);
    cr_assert(eq(u32, r->during.intervals, 3));
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->test_during, 20, 1e-14));
}

Test(periods, zero_counts_the_day_and_interpolate_fills_it) {
    g_autofree char *csv = sales("01 02 03 05 06");
    g_autoptr(PlResult) zero = run_ok(DAYS("zero"), csv), line = run_ok(DAYS("interpolate"), csv);
    cr_assert(eq(u32, zero->during.intervals, 4));
    cr_assert(epsilon_eq(dbl, pair_row(zero, 0)->test_during, 15, 1e-14));
    cr_assert(epsilon_eq(dbl, pair_row(line, 0)->test_during, 20, 1e-14));
}

Test(periods, a_whole_calendar_passes) {
    g_autofree char *csv = sales("01 02 03 04 05 06");
    g_autoptr(PlResult) r = run_ok(DAYS("error"), csv);
    cr_assert(eq(int, check_of(r, "calendar")->status, PL_PASS));
    cr_assert_not_null(strstr(check_of(r, "calendar")->message, "no day of the periods is missing"));
}

Test(periods, a_period_within_a_week_is_warned_about) {
    const char *yaml =
        "experiment: test\ndata: [{table: sales, file: sales.csv}]\n"
        "metrics: [{name: revenue, sum: revenue}]\npairs: [{test: A, control: B}]\n"
        "periods: {before: {from: 2024-01-01, to: 2024-01-10}, during: {from: 2024-01-11, to: 2024-01-25}}\n";
    g_autofree char *csv = sales("01 08 15 22");
    g_autoptr(PlResult) r = run_ok(yaml, csv);
    cr_assert(eq(int, check_of(r, "period_border")->status, PL_WARN));
    cr_assert_not_null(
        strstr(check_of(r, "period_border")->message,
               "the week dated 2024-01-08 counts as earlier, that dated 2024-01-15 is its first"),
        "%s", check_of(r, "period_border")->message);
}

Test(periods, rows_analysed_are_rows_of_the_file_whatever_fills_the_gaps) {
    static const char *const policies[] = {DAYS("closed"), DAYS("zero"), DAYS("interpolate")};
    g_autofree char *csv = sales("01 02 03 05 06");
    for (guint i = 0; i < G_N_ELEMENTS(policies); i++) {
        g_autoptr(PlResult) r = run_ok(policies[i], csv);
        cr_expect_not_null(
            strstr(check_of(r, "rows_analysed")->message, "10 of 10 rows are of paired stores"), "%s",
            check_of(r, "rows_analysed")->message);
    }
}

Test(periods, a_pair_without_an_effect_after_is_counted_and_named) {
    const char *yaml =
        "experiment: test\ndata: [{table: sales, file: sales.csv, gaps: closed}]\n"
        "metrics: [{name: revenue, sum: revenue}]\npairs: [{test: A, control: B}]\n"
        "periods: {before: {from: 2024-01-01, to: 2024-01-01}, during: {from: 2024-01-02, to: 2024-01-02}, "
        "after: {from: 2024-01-03, to: 2024-01-03}}\n";
    g_autoptr(PlResult) r =
        run_ok(yaml, "store,date,revenue\nA,2024-01-01,1\nB,2024-01-01,1\nA,2024-01-02,1\n"
                     "B,2024-01-02,1\nA,2024-01-03,1\n");
    const PlCheck *c = check_of(r, "other_pairs");
    cr_assert(eq(int, c->status, PL_WARN));
    cr_assert_not_null(strstr(c->message, "1 effect of single pairs"), "%s", c->message);
    cr_assert_not_null(strstr(c->message, "store \"B\" has no value after"), "%s", c->message);
}
