/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

/* Periods 1 to 2 and 3 to 6. B has no row in 4; its neighbours in the period are 4 (at 3) and 8 (at 5). */
#define A_ROWS "store,date,revenue\nA,1,10\nA,2,10\nA,3,10\nA,4,10\nA,5,10\nA,6,10\n"
static const char gap[] = A_ROWS "B,1,4\nB,2,4\nB,3,4\nB,5,8\nB,6,8\n";
static const char ends[] = A_ROWS "B,1,4\nB,2,4\nB,3,4\nB,4,4\n";
static const char empty[] = A_ROWS "B,1,4\nB,2,4\nB,3,4\nB,4,\nB,5,8\nB,6,8\n";

#define PERIODS                                                                                              \
    "metrics: [{name: revenue, sum: revenue}]\n"                                                             \
    "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 6}}\n"
#define PAIR "pairs: [{test: A, control: B}]\n"
#define DATA(policy)                                                                                         \
    "experiment: test\ndata:\n  - {table: sales, file: sales.csv, date_format: number, gaps: " policy "}\n"
#define WITH(policy) DATA(policy) PERIODS PAIR

static double control_during(const char *yaml, const char *csv) {
    g_autoptr(PlResult) r = run_ok(yaml, csv);
    return pair_row(r, 0)->control_during;
}

Test(gaps, are_an_error_by_default_that_names_store_and_date_and_the_key) {
    g_autofree char *message = run_fails(HEAD PERIODS PAIR, gap, 4);
    cr_assert_not_null(strstr(message, "sales.csv: error: store \"B\" has no row for 4\n"), "%s", message);
    cr_assert_not_null(strstr(message, "gaps:"), "%s", message);
}

Test(gaps, of_one_store_are_named_run_by_run) {
    g_autofree char *message = run_fails(HEAD PERIODS PAIR, A_ROWS "B,1,4\nB,2,4\nB,6,4\n", 4);
    cr_assert_not_null(strstr(message, "store \"B\" has no row for 3 to 5 (3 intervals)"), "%s", message);
    g_auto(GStrv) lines = g_strsplit(message, "\n", -1);
    cr_assert(eq(u32, g_strv_length(lines), 2), "one fault and its hint: %s", message);
}

Test(gaps, zero_counts_as_an_interval_without_sales) {
    g_autoptr(PlResult) r = run_ok(WITH("zero"), gap);
    const PlCheck *check = check_of(r, "gaps");
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->control_during, 5, 1e-14));
    cr_assert(eq(int, check->status, PL_WARN));
    cr_assert(eq(dbl, check->value, 1));
    cr_assert_not_null(strstr(check->message,
                              "1 store-interval of 1 store had no value and was counted as no sales (the "
                              "first: store \"B\", 4)"),
                       "%s", check->message);
    cr_assert_not_null(strstr(check->message, "store B misses the most of a period, 25 %"), "%s",
                       check->message);
}

Test(gaps, closed_does_not_count_as_an_interval) {
    cr_assert(epsilon_eq(dbl, control_during(WITH("closed"), gap), 20.0 / 3, 1e-14));
}

Test(gaps, interpolate_draws_a_line_between_the_neighbours) {
    cr_assert(epsilon_eq(dbl, control_during(WITH("interpolate"), gap), (4 + 6 + 8 + 8) / 4.0, 1e-14));
}

Test(gaps, interpolate_refuses_the_end_of_a_period) {
    g_autofree char *message = run_fails(WITH("interpolate"), ends, 4);
    cr_assert_not_null(strstr(message, "store \"B\" has no value on both sides within the period for 5 to 6"),
                       "%s", message);
    g_autofree char *border = run_fails(WITH("interpolate"), A_ROWS "B,1,4\nB,2,4\nB,4,4\nB,5,8\nB,6,8\n", 4);
    cr_assert_not_null(strstr(border, "within the period for 3"), "a line from another period is no line: %s",
                       border);
}

Test(gaps, an_empty_value_is_a_gap_too) {
    cr_assert(epsilon_eq(dbl, control_during(WITH("closed"), empty), 20.0 / 3, 1e-14));
    cr_assert(epsilon_eq(dbl, control_during(WITH("interpolate"), empty), 6.5, 1e-14));
}

Test(gaps, a_day_of_a_mean_is_interpolated_by_its_mean_and_weighs_as_its_neighbours) {
    const char *csv = "store,date,score\n"
                      "A,1,3\nA,2,3\nA,3,3\nA,4,3\nA,5,3\nA,6,3\n"
                      "B,1,3\nB,2,3\nB,3,2\nB,3,3\nB,3,4\nB,5,2\nB,5,3\nB,5,4\nB,6,3\n";
    double got = control_during(
        DATA("interpolate") "metrics: [{name: score, mean: score}]\n"
                            "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 6}}\n" PAIR,
        csv);
    cr_assert(epsilon_eq(dbl, got, 3, 1e-14));
}

Test(gaps, of_stores_in_no_pair_do_not_matter) {
    g_autofree char *csv = g_strconcat(gap, "B,4,6\nZ,2,1\n", NULL);
    g_autoptr(PlResult) r = run_ok(HEAD PERIODS PAIR, csv);
    cr_assert(eq(int, check_of(r, "gaps")->status, PL_PASS));
    cr_assert_not_null(
        strstr(check_of(r, "unpaired_stores")->message, "1 of 3 stores are in no pair and were not used: Z"));
    cr_assert_not_null(
        strstr(check_of(r, "rows_analysed")->message,
               "12 of 13 rows are of paired stores within the periods; 0 are outside the periods, 1 of "
               "unpaired stores"),
        "%s", check_of(r, "rows_analysed")->message);
}

Test(gaps, a_store_closed_for_the_whole_period_has_no_effect_and_says_why) {
    g_autoptr(PlResult) r = run_ok(WITH("closed"), A_ROWS "B,1,4\nB,2,4\n");
    cr_assert(ne(int, isnan(pair_row(r, 0)->effect), 0));
    cr_assert_not_null(strstr(pair_row(r, 0)->reason, "store \"B\" has no value during"));
    cr_assert(eq(int, check_of(r, "pairs")->status, PL_WARN));
}
