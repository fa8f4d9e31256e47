/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/totals.h"

#include <math.h>

enum { NAMES_SHOWN = 3 };

/* Sums over stores carry this much of their size, and no more. */
#define ROUNDING 1e-12

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
    for (guint m = 0; m < n_measures; m++)
        t->n_used = pl_draws_totals_over(draws, has_before ? t->before[m] : NULL, t->during[m], times,
                                         measures[m].scale, pl_arm_errors(arm, measures[m].metric.measure),
                                         t->with[m], t->without[m]);
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

const char *pl_study_unit(const PlStudy *study, const char *role) {
    PlBoundMetric bound;
    const PlMetric *metric =
        pl_study_measure(study, role, &bound) ? pl_metric_of_measure(study, &bound) : NULL;
    return metric ? metric->unit : NULL;
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
