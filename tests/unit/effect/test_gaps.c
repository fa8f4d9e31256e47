/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

/* B has no row in period 3; its neighbours are 4 and 8. */
static const char gap[] = "store,date,revenue\nA,1,10\nA,2,10\nA,3,10\nA,4,10\nB,1,4\nB,2,4\nB,4,8\n";
static const char ends[] = "store,date,revenue\nA,1,10\nA,2,10\nA,3,10\nA,4,10\nB,1,4\nB,2,4\nB,3,4\n";
static const char empty[] = "store,date,revenue\nA,1,10\nA,2,10\nA,3,10\nA,4,10\nB,1,4\nB,2,4\nB,3,\nB,4,8\n";

#define PAIR "pairs: [{test: A, control: B}]\n"
#define WITH(policy)                                                                                         \
    "experiment: test\ndata:\n  - {table: sales, file: sales.csv, date_format: number, gaps: " policy        \
    "}\n" TAIL PAIR

Test(gaps, are_an_error_by_default_that_names_store_and_date_and_the_key) {
    g_autofree char *message = run_fails(HEAD TAIL PAIR, gap, 4);
    cr_assert_not_null(strstr(message, "sales.csv: error: store \"B\" has no row for 3"), "%s", message);
    cr_assert_not_null(strstr(message, "gaps:"), "%s", message);
}

Test(gaps, zero_counts_as_an_interval_without_sales) {
    g_autoptr(PlResult) r = run_ok(WITH("zero"), gap);
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->control_during, 4, 1e-14));
    cr_assert(eq(int, check_of(r, "gaps")->status, PL_WARN));
    cr_assert(epsilon_eq(dbl, check_of(r, "gaps")->value, 1, 0));
    cr_assert_not_null(
        strstr(check_of(r, "gaps")->message, "counted as no sales (the first: store \"B\", 3)"), "%s",
        check_of(r, "gaps")->message);
}

Test(gaps, closed_does_not_count_as_an_interval) {
    g_autoptr(PlResult) r = run_ok(WITH("closed"), gap);
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->control_during, 8, 1e-14));
}

Test(gaps, interpolate_draws_a_line_between_the_neighbours) {
    g_autoptr(PlResult) r = run_ok(WITH("interpolate"), gap);
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->control_during, (6 + 8) / 2.0, 1e-14));
}

Test(gaps, interpolate_refuses_the_end_of_a_series) {
    g_autofree char *message = run_fails(WITH("interpolate"), ends, 4);
    cr_assert_not_null(strstr(message, "store \"B\" has no value on both sides to interpolate between for 4"),
                       "%s", message);
}

Test(gaps, an_empty_value_is_a_gap_too) {
    g_autoptr(PlResult) closed = run_ok(WITH("closed"), empty);
    g_autoptr(PlResult) line = run_ok(WITH("interpolate"), empty);
    cr_assert(epsilon_eq(dbl, pair_row(closed, 0)->control_during, 8, 1e-14));
    cr_assert(epsilon_eq(dbl, pair_row(line, 0)->control_during, 7, 1e-14));
}

Test(gaps, of_stores_in_no_pair_do_not_matter) {
    g_autofree char *csv = g_strconcat(gap, "B,3,6\nZ,2,1\n", NULL);
    g_autoptr(PlResult) r = run_ok(HEAD TAIL PAIR, csv);
    cr_assert(eq(int, check_of(r, "gaps")->status, PL_PASS));
    cr_assert_not_null(
        strstr(check_of(r, "unpaired_stores")->message, "1 of 3 stores are in no pair and were not used: Z"));
}

Test(gaps, a_store_closed_for_the_whole_period_has_no_effect_and_says_why) {
    g_autoptr(PlResult) r =
        run_ok(WITH("closed"), "store,date,revenue\nA,1,10\nA,2,10\nA,3,10\nA,4,10\nB,1,4\nB,2,4\n");
    cr_assert(ne(int, isnan(pair_row(r, 0)->effect), 0));
    cr_assert_not_null(strstr(pair_row(r, 0)->reason, "store \"B\" has no value during"));
    cr_assert(eq(int, check_of(r, "pairs")->status, PL_WARN));
}
