/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/value.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { REVENUE, UNITS, SCORE };
static const char *const stores[] = {"S1", "S2"}, *const measures[] = {"revenue", "units", "score"};
static const PlDay times[] = {10, 11, 12, 13};
static const PlBoundMetric sum = {PL_METRIC_SUM, REVENUE, 0}, ratio = {PL_METRIC_RATIO, REVENUE, UNITS},
                           mean = {PL_METRIC_MEAN, SCORE, 0};

/* S1: revenue 10 30 (missing) 60; units 2 3 7 (missing). S2: nothing. */
static PlPanel *make_panel(void) {
    PlPanel *panel = pl_panel_new(stores, 2, times, 4, PL_TIME_DATE, measures, 3);
    pl_panel_set(panel, 0, 0, REVENUE, 10);
    pl_panel_set(panel, 0, 1, REVENUE, 30);
    pl_panel_set(panel, 0, 3, REVENUE, 60);
    pl_panel_set(panel, 0, 0, UNITS, 2);
    pl_panel_set(panel, 0, 1, UNITS, 3);
    pl_panel_set(panel, 0, 2, UNITS, 7);
    return panel;
}

static void expect_value(const PlPanel *panel, const PlBoundMetric *metric, guint begin, guint end,
                         double wanted) {
    double value = -1;
    cr_assert(pl_metric_value(panel, metric, 0, begin, end, &value));
    cr_expect(ieee_ulp_eq(dbl, value, wanted, 1));
}

static void expect_none(const PlPanel *panel, const PlBoundMetric *metric, guint store, guint begin,
                        guint end) {
    double value = -1;
    cr_expect(zero(pl_metric_value(panel, metric, store, begin, end, &value)));
    cr_expect(eq(dbl, value, -1), "the value is untouched");
}

Test(value, a_sum_is_divided_by_the_intervals_that_have_a_value) {
    g_autoptr(PlPanel) panel = make_panel();
    expect_value(panel, &sum, 0, 2, 20);
    expect_value(panel, &sum, 0, 4, 100.0 / 3);
    expect_value(panel, &sum, 3, 4, 60);
    expect_none(panel, &sum, 0, 2, 3);
    expect_none(panel, &sum, 0, 2, 2);
    expect_none(panel, &sum, 1, 0, 4);
}

Test(value, a_sum_of_nothing_sold_is_zero) {
    g_autoptr(PlPanel) panel = make_panel();
    pl_panel_set(panel, 1, 0, REVENUE, 0);
    double value = -1;
    cr_assert(pl_metric_value(panel, &sum, 1, 0, 4, &value));
    cr_assert(eq(dbl, value, 0));
}

Test(value, a_ratio_is_of_the_sums_where_both_are_there) {
    g_autoptr(PlPanel) panel = make_panel();
    expect_value(panel, &ratio, 0, 4, 40.0 / 5);
    expect_value(panel, &ratio, 1, 4, 10);
    expect_none(panel, &ratio, 0, 2, 4);
    expect_none(panel, &ratio, 1, 0, 4);
}

Test(value, a_ratio_to_zero_is_none) {
    g_autoptr(PlPanel) panel = make_panel();
    pl_panel_set(panel, 0, 0, UNITS, 0);
    expect_none(panel, &ratio, 0, 0, 1);
    expect_value(panel, &ratio, 0, 2, 40.0 / 3);
    pl_panel_set(panel, 0, 0, UNITS, -3); /* returns cancel what was sold */
    expect_none(panel, &ratio, 0, 0, 2);
}

Test(value, a_mean_is_of_rows_not_of_days) {
    g_autoptr(PlPanel) panel = make_panel();
    pl_panel_set(panel, 1, 0, SCORE, 4);
    pl_panel_set(panel, 1, 1, SCORE, 27);
    panel->rows[1][1] = 9; /* nine rows that sum to 27 */
    double value = -1;
    cr_assert(pl_metric_value(panel, &mean, 1, 0, 4, &value));
    cr_assert(ieee_ulp_eq(dbl, value, 31.0 / 10, 1));
    expect_none(panel, &mean, 0, 0, 4);
}

Test(value, binds_columns_by_name) {
    g_autoptr(PlPanel) panel = make_panel();
    PlBoundMetric bound = {PL_METRIC_SUM, 9, 9};
    PlMetric price = {.kind = PL_METRIC_RATIO, .column = "revenue", .denominator = "units"};
    cr_assert(pl_metric_bind(&price, panel, &bound));
    cr_expect(eq(int, (int)bound.kind, PL_METRIC_RATIO));
    cr_expect(eq(u32, bound.measure, REVENUE));
    cr_expect(eq(u32, bound.denominator, UNITS));
    PlMetric score = {.kind = PL_METRIC_MEAN, .column = "score"};
    cr_assert(pl_metric_bind(&score, panel, &bound));
    cr_expect(eq(u32, bound.measure, SCORE));
}

Test(value, binds_nothing_that_is_not_there) {
    g_autoptr(PlPanel) panel = make_panel();
    PlMetric metrics[] = {{.kind = PL_METRIC_SUM, .column = "Revenue"},
                          {.kind = PL_METRIC_RATIO, .column = "revenue", .denominator = "visits"},
                          {.kind = PL_METRIC_RATIO, .column = "visits", .denominator = "units"}};
    for (gsize i = 0; i < G_N_ELEMENTS(metrics); i++) {
        PlBoundMetric bound = {PL_METRIC_SUM, 9, 9};
        cr_expect(zero(pl_metric_bind(&metrics[i], panel, &bound)));
        cr_expect(eq(u32, bound.measure, 9), "untouched");
    }
}

Test(value, a_column_that_is_summed_and_averaged_is_two_measures) {
    static const char *const twice[] = {"score", "score"};
    g_autoptr(PlPanel) panel = pl_panel_new(stores, 2, times, 4, PL_TIME_DATE, twice, 2);
    panel->averaged[1] = TRUE;
    PlMetric total = {.kind = PL_METRIC_SUM, .column = "score"},
             average = {.kind = PL_METRIC_MEAN, .column = "score"};
    PlBoundMetric bound;
    cr_assert(pl_metric_bind(&total, panel, &bound));
    cr_expect(eq(u32, bound.measure, 0));
    cr_assert(pl_metric_bind(&average, panel, &bound));
    cr_expect(eq(u32, bound.measure, 1));
}
