/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/totals.h"

#include <math.h>

enum { NAMES_SHOWN = 3, LEAST_INTERVALS = 4 };

/* Sums over stores carry this much of their size, and no more. */
#define ROUNDING 1e-12

/* An autocorrelation above this is a drift, which is no error of the mean. */
#define MOST_LAG 0.9

static double **new_rows(guint n, guint length) {
    double **rows = g_new0(double *, n + 1);
    for (guint i = 0; i < n; i++)
        rows[i] = g_new0(double, length + 1);
    return rows;
}

static void free_rows(double **rows, guint n) {
    for (guint i = 0; i < n; i++)
        g_free(rows[i]);
    g_free(rows);
}

void pl_totals_free(PlTotals *t) {
    if (!t)
        return;
    free_rows(t->before, t->n_measures);
    free_rows(t->during, t->n_measures);
    free_rows(t->with, t->n_measures);
    free_rows(t->without, t->n_measures);
    g_free(t->left_out);
    g_free(t);
}

static gboolean is_usable(double value, PlScale scale) {
    return isfinite(value) && (scale == PL_EFFECT_ABSOLUTE || value > 0);
}

/* Whether a store has all that a comparison on this scale needs. */
static gboolean has_all(const PlTotals *t, const PlTotalOf *measures, guint store, gboolean has_before) {
    for (guint m = 0; m < t->n_measures; m++)
        if (!is_usable(t->during[m][store], measures[m].scale) ||
            (has_before && !is_usable(t->before[m][store], measures[m].scale)))
            return FALSE;
    return TRUE;
}

static void leave_out(PlTotals *t, guint store) {
    for (guint m = 0; m < t->n_measures; m++)
        t->before[m][store] = t->during[m][store] = NAN;
}

/* Test stores that take no part, counted and named: of a pair, either store may be why. */
static void count_left_out(PlTotals *t, const PlStudy *study, const PlArm *arm) {
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < arm->n_test; i++) {
        gboolean there = !isnan(t->during[0][arm->test[i]]);
        if (arm->paired)
            there = there && !isnan(t->during[0][arm->control[i]]);
        if (there)
            continue;
        if (t->n_left_out++ < NAMES_SHOWN)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", study->panel->stores[arm->test[i]]);
    }
    if (t->n_left_out > NAMES_SHOWN)
        g_string_append_printf(names, " and %u more", t->n_left_out - NAMES_SHOWN);
    t->left_out = t->n_left_out ? g_strdup(names->str) : NULL;
}

/* The squared relative error of a pair's control store's mean before, half of the variance of the difference
 * of the two stores' courses (each over its mean), with its autocorrelation of lag one. */
static double error_before(const PlStudy *study, const PlBoundMetric *metric, guint test, guint control,
                           double test_mean, double control_mean) {
    PlRange range = study->ranges.before;
    double sum = 0, square = 0, lagged = 0, last = NAN, n = 0;
    for (int pass = 0; pass < 2; pass++) {
        double mean = n > 0 ? sum / n : 0;
        n = 0;
        for (guint t = range.begin; t < range.end; t++) {
            double a, b;
            if (!pl_panel_get(study->panel, test, t, metric->measure, &a) ||
                !pl_panel_get(study->panel, control, t, metric->measure, &b))
                continue;
            double z = a / test_mean - b / control_mean - mean;
            sum += pass == 0 ? z : 0;
            square += pass == 1 ? z * z : 0;
            lagged += pass == 1 && !isnan(last) ? z * last : 0;
            last = pass == 1 ? z : NAN;
            n++;
        }
    }
    if (n < LEAST_INTERVALS || !(square > 0))
        return 0;
    double r = CLAMP(lagged / square, 0, MOST_LAG);
    return square / (n - 1) / (2 * n) * (1 + r) / (1 - r);
}

/* Values before for the totals of pairs. The control store's change is during / before, and one over a mean
 * with an error is on average too high, by the error's square: raising the mean by as much takes that back.
 * Without it the total without the promotion would be too high in every pair, which a sum does not average
 * out. */
static double *levels_before(const PlStudy *study, const PlArm *arm, const PlTotalOf *measure,
                             const double *before) {
    double *levels = g_memdup2(before, study->panel->n_stores * sizeof *before);
    for (guint i = 0; i < arm->n_test && arm->paired && measure->scale == PL_EFFECT_RELATIVE; i++) {
        guint test = arm->test[i], control = arm->control[i];
        if (before[test] > 0 && before[control] > 0)
            levels[control] = before[control] * (1 + error_before(study, &measure->metric, test, control,
                                                                  before[test], before[control]));
    }
    return levels;
}

PlTotals *pl_totals_new(const PlStudy *study, const PlArm *arm, const PlDraws *draws,
                        const PlTotalOf *measures, guint n_measures, PlRange period) {
    guint n_stores = study->panel->n_stores;
    gboolean has_before = pl_range_length(study->ranges.before) > 0;
    PlTotals *t = g_new0(PlTotals, 1);
    t->n_measures = n_measures;
    t->n_draws = pl_draws_n(draws);
    t->before = new_rows(n_measures, n_stores);
    t->during = new_rows(n_measures, n_stores);
    t->with = new_rows(n_measures, t->n_draws + 1);
    t->without = new_rows(n_measures, t->n_draws + 1);
    for (guint m = 0; m < n_measures; m++) {
        pl_store_values(study, &measures[m].metric, study->ranges.before, t->before[m]);
        pl_store_values(study, &measures[m].metric, period, t->during[m]);
    }
    for (guint s = 0; s < n_stores; s++)
        if (!has_all(t, measures, s, has_before))
            leave_out(t, s);
    count_left_out(t, study, arm);
    g_autofree double *times = g_new(double, n_stores + 1);
    pl_store_intervals(study, period, times);
    for (guint m = 0; m < n_measures; m++) {
        g_autofree double *before = levels_before(study, arm, &measures[m], t->before[m]);
        t->n_used = pl_draws_totals_over(draws, has_before ? before : NULL, t->during[m], times,
                                         measures[m].scale, t->with[m], t->without[m]);
    }
    return t;
}

const PlMetric *pl_metric_of_measure(const PlStudy *study, const PlBoundMetric *bound) {
    const char *column = study->panel->measures[bound->measure];
    for (guint i = 0; i < study->def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(study->def->metrics, i);
        if (metric->kind == PL_METRIC_SUM && g_str_equal(metric->column, column))
            return metric;
    }
    return NULL;
}

void pl_finding_set_drawn(PlFinding *finding, const PlDraws *draws, const double *values, double level) {
    PlDrawn drawn = pl_draws_interval(draws, values, level);
    if (drawn.high - drawn.low <= ROUNDING * fabs(drawn.estimate)) /* known, up to the sums' rounding */
        drawn.low = drawn.high = drawn.estimate;
    finding->value = isfinite(drawn.estimate) ? drawn.estimate : NAN;
    finding->std_error = drawn.std_error;
    finding->conf_low = drawn.low;
    finding->conf_high = drawn.high;
    finding->conf_level = level;
    if (isnan(drawn.low) && isnan(drawn.high) && !finding->reason && isfinite(drawn.estimate))
        finding->reason =
            g_strdup(pl_draws_reason(draws) ? pl_draws_reason(draws)
                                            : "some draws have no value, so there is no interval");
}
