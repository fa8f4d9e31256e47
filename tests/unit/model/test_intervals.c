/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/intervals.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const char *const stores[] = {"a", "b"}, *const measures[] = {"revenue", "units"};

static PlPanel *panel_of(const PlDay *times, guint n, PlTimeKind kind) {
    PlPanel *panel = pl_panel_new(stores, 2, times, n, kind, measures, 2);
    for (guint t = 0; t < n; t++)
        for (guint m = 0; m < 2; m++)
            pl_panel_set(panel, 0, t, m, (double)times[t] + m);
    return panel;
}

/* "EXPECTED: MISSING MISSING ..." of the period [first, last]. */
static void expect_missing(const PlPanel *panel, PlDay first, PlDay last, const char *want) {
    guint64 expected;
    g_autoptr(GArray) missing = pl_missing_times(panel, first, last, &expected);
    g_autoptr(GString) got = g_string_new(NULL);
    g_string_printf(got, "%" G_GUINT64_FORMAT ":", expected);
    for (guint i = 0; i < missing->len; i++) {
        g_autofree char *day = pl_day_format(g_array_index(missing, PlDay, i), panel->kind);
        g_string_append_printf(got, " %s", day);
    }
    cr_expect_str_eq(got->str, want);
    cr_expect(eq(u64, pl_expected_times(panel, first, last), expected));
}

static PlDay ymd(int y, int m, int d) {
    return pl_day_from_ymd(y, m, d);
}

Test(intervals, missing_days_within_and_beyond_the_data) {
    PlDay times[] = {ymd(2024, 2, 1), ymd(2024, 2, 2), ymd(2024, 2, 5), ymd(2024, 2, 6)};
    g_autoptr(PlPanel) panel = panel_of(times, 4, PL_TIME_DATE);
    expect_missing(panel, times[0], times[1], "2:");
    expect_missing(panel, times[0], times[3], "6: 2024-02-03 2024-02-04");
    expect_missing(panel, ymd(2024, 2, 6), ymd(2024, 2, 8), "3: 2024-02-07 2024-02-08");
}

Test(intervals, a_weekday_on_which_nobody_ever_sells_is_not_missing) {
    PlDay times[60];
    guint n = 0;
    for (PlDay day = ymd(2024, 1, 1); n < 36; day++) /* a Monday; six weeks without Sundays */
        if ((day - ymd(2024, 1, 1)) % 7 != 6 && day != ymd(2024, 1, 10))
            times[n++] = day;
    g_autoptr(PlPanel) panel = panel_of(times, n, PL_TIME_DATE);
    g_autofree char *names = pl_weekday_names(pl_closed_weekdays(panel));
    cr_expect_str_eq(names, "Sunday");
    expect_missing(panel, ymd(2024, 1, 8), ymd(2024, 1, 14), "6: 2024-01-10");
    g_autoptr(PlPanel) brief = panel_of(times, 12, PL_TIME_DATE);
    cr_expect(eq(u32, pl_closed_weekdays(brief), 0), "two Sundays are no rule");
}

Test(intervals, missing_weeks_months_and_numbers) {
    PlDay weeks[] = {ymd(2024, 1, 1), ymd(2024, 1, 8), ymd(2024, 1, 22), ymd(2024, 1, 29)};
    g_autoptr(PlPanel) weekly = panel_of(weeks, 4, PL_TIME_DATE);
    expect_missing(weekly, ymd(2024, 1, 1), ymd(2024, 2, 6), "6: 2024-01-15 2024-02-05");
    PlDay months[] = {ymd(2023, 11, 30), ymd(2023, 12, 31), ymd(2024, 2, 29), ymd(2024, 3, 31)};
    g_autoptr(PlPanel) monthly = panel_of(months, 4, PL_TIME_DATE);
    expect_missing(monthly, ymd(2023, 11, 1), ymd(2024, 4, 30), "6: 2024-01-31 2024-04-30");
    PlDay numbers[] = {10, 12, 16};
    g_autoptr(PlPanel) counted = panel_of(numbers, 3, PL_TIME_NUMBER);
    expect_missing(counted, 9, 19, "5: 14 18");
    expect_missing(counted, G_MAXINT32 - 3, G_MAXINT32, "2: 2147483644 2147483646");
}

Test(intervals, a_hostile_range_is_cut_off) {
    PlDay numbers[] = {G_MININT32, G_MININT32 + 1};
    g_autoptr(PlPanel) panel = panel_of(numbers, 2, PL_TIME_NUMBER);
    guint64 expected;
    g_autoptr(GArray) missing = pl_missing_times(panel, G_MININT32, G_MAXINT32, &expected);
    cr_expect(eq(u32, missing->len, PL_MISSING_MOST));
}

Test(intervals, inserted_times_are_missing_cells_in_their_place) {
    PlDay times[] = {10, 12, 16}, more[] = {9, 14, 18};
    g_autoptr(PlPanel) panel = panel_of(times, 3, PL_TIME_NUMBER);
    pl_panel_insert_times(panel, more, 3);
    const PlDay want[] = {9, 10, 12, 14, 16, 18};
    cr_assert(eq(u32, panel->n_times, 6));
    for (guint t = 0; t < 6; t++) {
        double value;
        gboolean old = want[t] == 10 || want[t] == 12 || want[t] == 16;
        cr_expect(eq(int, panel->times[t], want[t]));
        cr_expect(eq(int, pl_panel_get(panel, 0, t, 1, &value), old));
        if (old)
            cr_expect(eq(dbl, value, want[t] + 1.0));
    }
    pl_panel_fill(panel, 1, 3, 0, 5, 1);
    double filled;
    cr_expect(pl_panel_get(panel, 1, 3, 0, &filled));
    cr_expect(eq(dbl, filled, 5));
}

Test(intervals, a_period_that_begins_within_a_week) {
    PlDay weeks[] = {ymd(2024, 1, 1), ymd(2024, 1, 8), ymd(2024, 1, 15)}, before = 0, after = 0;
    g_autoptr(PlPanel) weekly = panel_of(weeks, 3, PL_TIME_DATE);
    cr_expect(pl_is_within_interval(weekly, ymd(2024, 1, 10), &before, &after));
    cr_expect(eq(int, before, weeks[1]));
    cr_expect(eq(int, after, weeks[2]));
    cr_expect(not(pl_is_within_interval(weekly, weeks[1], &before, &after)));
    cr_expect(not(pl_is_within_interval(weekly, ymd(2023, 12, 30), &before, &after)));
    cr_expect(not(pl_is_within_interval(weekly, ymd(2024, 1, 16), &before, &after)));
}
