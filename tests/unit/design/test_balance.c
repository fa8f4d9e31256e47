/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/balance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "pairlift/stats/init.h"

/* Values by R 4.2.2: tests/reference/balance.R */
#define RELATIVE_STD_DIFFERENCE -0.13120350804051686
#define RELATIVE_MEDIAN         0.78382884047285062
#define RELATIVE_MIN            0.54613145203906166
#define RELATIVE_TREND          0.0011081154443919466
#define RELATIVE_TREND_P        0.97343509885674351
#define ABSOLUTE_STD_DIFFERENCE -0.11255727663064861
#define ABSOLUTE_MEDIAN         0.82126309299498579
#define ABSOLUTE_MIN            0.63245553203367577
#define ABSOLUTE_TREND          0.30000000000000004
#define ABSOLUTE_TREND_P        0.64057462127610765

static const double series[6][4] = {{10, 12, 11, 13}, {20, 23, 21, 30}, {5, 6, 4, 7},  /* test */
                                    {9, 11, 10, 13},  {25, 24, 26, 29}, {6, 7, 7, 8}}; /* control */

static PlPanel *panel_of(guint n_times) {
    static const char *const stores[] = {"a", "b", "c", "d", "e", "f"}, *const measures[] = {"revenue"};
    static const PlDay times[] = {1, 2, 3, 4};
    PlPanel *panel = pl_panel_new(stores, 6, times, n_times, PL_TIME_NUMBER, measures, 1);
    for (guint s = 0; s < 6; s++)
        for (guint t = 0; t < n_times; t++)
            pl_panel_set(panel, s, t, 0, series[s][t]);
    return panel;
}

static PlBalance balance(guint n_pairs, guint n_times, PlScale scale) {
    static PlPair pair[] = {
        {"a / d", 0, 3, "x", NULL}, {"b / e", 1, 4, "x", NULL}, {"c / f", 2, 5, "x", NULL}};
    static const PlBoundMetric metric = {PL_METRIC_SUM, 0, 0};
    g_autoptr(PlPanel) panel = panel_of(n_times);
    g_autoptr(GPtrArray) pairs = g_ptr_array_new();
    pl_stats_init();
    for (guint i = 0; i < n_pairs; i++)
        g_ptr_array_add(pairs, &pair[i]);
    return pl_balance(panel, pairs, &metric, scale, 0, n_times);
}

Test(balance, relative_agrees_with_r) {
    PlBalance b = balance(3, 4, PL_EFFECT_RELATIVE);
    cr_expect(epsilon_eq(dbl, b.std_difference, RELATIVE_STD_DIFFERENCE, 1e-12));
    cr_expect(epsilon_eq(dbl, b.correlation_median, RELATIVE_MEDIAN, 1e-12));
    cr_expect(epsilon_eq(dbl, b.correlation_min, RELATIVE_MIN, 1e-12));
    cr_expect(epsilon_eq(dbl, b.trend, RELATIVE_TREND, 1e-12));
    cr_expect(epsilon_eq(dbl, b.trend_p, RELATIVE_TREND_P, 1e-12));
    cr_expect_str_eq(b.least_alike, "c / f");
}

Test(balance, absolute_agrees_with_r) {
    PlBalance b = balance(3, 4, PL_EFFECT_ABSOLUTE);
    cr_expect(epsilon_eq(dbl, b.std_difference, ABSOLUTE_STD_DIFFERENCE, 1e-12));
    cr_expect(epsilon_eq(dbl, b.correlation_median, ABSOLUTE_MEDIAN, 1e-12));
    cr_expect(epsilon_eq(dbl, b.correlation_min, ABSOLUTE_MIN, 1e-12));
    cr_expect(epsilon_eq(dbl, b.trend, ABSOLUTE_TREND, 1e-12));
    cr_expect(epsilon_eq(dbl, b.trend_p, ABSOLUTE_TREND_P, 1e-12));
}

Test(balance, what_cannot_be_said_is_absent) {
    PlBalance one = balance(1, 4, PL_EFFECT_RELATIVE), two_intervals = balance(3, 2, PL_EFFECT_RELATIVE);
    cr_assert(ne(int, isnan(one.std_difference), 0));
    cr_assert(ne(int, isnan(one.trend_p), 0));
    cr_assert(eq(u32, one.n_correlations, 1));
    cr_assert(eq(u32, two_intervals.n_correlations, 0));
    cr_assert_null(two_intervals.least_alike);
}

Test(balance, the_correlation_of_one_pair_or_none) {
    static const PlBoundMetric metric = {PL_METRIC_SUM, 0, 0};
    static const PlPair pair = {"c / f", 2, 5, "x", NULL};
    g_autoptr(PlPanel) panel = panel_of(4);
    pl_stats_init();
    double all = pl_pair_correlation(panel, &pair, &metric, PL_EFFECT_RELATIVE, 0, 4);
    cr_assert(epsilon_eq(dbl, all, RELATIVE_MIN, 1e-12));
    cr_assert(ne(int, isnan(pl_pair_correlation(panel, &pair, &metric, PL_EFFECT_RELATIVE, 0, 2)), 0));
}
