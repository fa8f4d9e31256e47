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

/* With a period before, each store has its own level there; without one, the control's over the whole time
 * serves both stores of a pair, so that the difference between them is seen. */
static gboolean levels_of(const PlPanel *panel, const PlBoundMetric *metric, const PlPair *pair,
                          PlRange before, double *test, double *control) {
    gboolean has_before = before.begin < before.end;
    guint begin = has_before ? before.begin : 0, end = has_before ? before.end : panel->n_times;
    if (!pl_metric_value(panel, metric, pair->control, begin, end, control) ||
        !pl_metric_value(panel, metric, pair->test, begin, end, test))
        return FALSE;
    if (!has_before)
        *test = *control;
    return *test > 0 && *control > 0;
}

void pl_add_series(const PlPanel *panel, const GPtrArray *pairs, const char *treatment,
                   const PlMetric *metric, PlRange before, PlResult *result) {
    PlBoundMetric bound;
    guint n = panel->n_times;
    if (!pl_metric_bind(metric, panel, &bound))
        return;
    PlSeries *series = g_new0(PlSeries, 1);
    series->treatment = g_strdup(treatment);
    series->metric = g_strdup(metric->name);
    series->n = n;
    series->times = g_memdup2(panel->times, n * sizeof *panel->times);
    series->test = g_new0(double, n);
    series->control = g_new0(double, n);
    g_autofree guint *n_test = g_new0(guint, n), *n_control = g_new0(guint, n);
    for (guint i = 0; i < pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i);
        double test, control;
        if (g_strcmp0(pair->treatment, treatment) != 0 ||
            !levels_of(panel, &bound, pair, before, &test, &control))
            continue;
        add_store(panel, &bound, pair->test, test, series->test, n_test);
        add_store(panel, &bound, pair->control, control, series->control, n_control);
    }
    for (guint t = 0; t < n; t++) {
        series->test[t] = n_test[t] ? series->test[t] / n_test[t] : NAN;
        series->control[t] = n_control[t] ? series->control[t] / n_control[t] : NAN;
    }
    g_ptr_array_add(result->series, series);
}
