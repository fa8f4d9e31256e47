/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/series.h"

#include <math.h>

/* Adds a store's values, indexed to `level`, to the sum and count of its side at each time. */
static void add_store(const PlPanel *panel, const PlBoundMetric *metric, guint store, double level,
                      double *sum, guint *count) {
    double value;
    for (guint t = 0; t < panel->n_times; t++)
        if (pl_metric_value(panel, metric, store, t, t + 1, &value)) {
            sum[t] += 100 * value / level;
            count[t]++;
        }
}

/* With a period before, each store has its own level there; without one, the controls' over the whole time
 * (of a pair its own control's) serves both sides, so that the difference between them is seen. 0: none. */
static double own_level(const PlPanel *panel, const PlBoundMetric *metric, guint store, PlRange before) {
    double level;
    gboolean has_before = before.begin < before.end;
    guint begin = has_before ? before.begin : 0, end = has_before ? before.end : panel->n_times;
    return pl_metric_value(panel, metric, store, begin, end, &level) && level > 0 ? level : 0;
}

static double mean_level(const PlPanel *panel, const PlBoundMetric *metric, const PlArm *arm,
                         PlRange before) {
    double sum = 0;
    guint n = 0;
    for (guint c = 0; c < arm->n_control; c++) {
        double level = own_level(panel, metric, arm->control[c], before);
        sum += level;
        n += level > 0 ? 1 : 0;
    }
    return n ? sum / n : 0;
}

static void add_sides(const PlPanel *panel, const PlBoundMetric *metric, const PlArm *arm, PlRange before,
                      PlSeries *series, guint *n_test, guint *n_control) {
    gboolean has_before = before.begin < before.end;
    double common = arm->paired || has_before ? 0 : mean_level(panel, metric, arm, before);
    for (guint i = 0; i < MAX(arm->n_test, arm->n_control); i++) {
        double test = i < arm->n_test ? own_level(panel, metric, arm->test[i], before) : 0;
        double control = i < arm->n_control ? own_level(panel, metric, arm->control[i], before) : 0;
        if (!has_before)
            test = test > 0 ? (arm->paired ? control : common) : 0;
        if (!has_before && !arm->paired)
            control = control > 0 ? common : 0;
        if (arm->paired && !(test > 0 && control > 0))
            continue;
        if (test > 0)
            add_store(panel, metric, arm->test[i], test, series->test, n_test);
        if (control > 0)
            add_store(panel, metric, arm->control[i], control, series->control, n_control);
    }
}

void pl_add_series(const PlPanel *panel, const PlArm *arm, const PlMetric *metric, PlRange before,
                   PlResult *result) {
    PlBoundMetric bound;
    guint n = panel->n_times;
    if (!pl_metric_bind(metric, panel, &bound))
        return;
    PlSeries *series = g_new0(PlSeries, 1);
    series->treatment = g_strdup(arm->treatment->name);
    series->metric = g_strdup(metric->name);
    series->n = n;
    series->times = g_memdup2(panel->times, n * sizeof *panel->times);
    series->test = g_new0(double, n);
    series->control = g_new0(double, n);
    g_autofree guint *n_test = g_new0(guint, n), *n_control = g_new0(guint, n);
    add_sides(panel, &bound, arm, before, series, n_test, n_control);
    for (guint t = 0; t < n; t++) {
        series->test[t] = n_test[t] ? series->test[t] / n_test[t] : NAN;
        series->control[t] = n_control[t] ? series->control[t] / n_control[t] : NAN;
    }
    g_ptr_array_add(result->series, series);
}
