/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/series.h"

#include <math.h>

/* Sum and count of the indexed values at each time, over the stores of one side. */
static void add_store(const PlPanel *panel, const PlBoundMetric *metric, guint store, PlRange base,
                      double *sum, guint *count) {
    double level, value;
    if (!pl_metric_value(panel, metric, store, base.begin, base.end, &level) || !(level > 0))
        return;
    for (guint t = 0; t < panel->n_times; t++)
        if (pl_metric_value(panel, metric, store, t, t + 1, &value)) {
            sum[t] += 100 * value / level;
            count[t]++;
        }
}

void pl_add_series(const PlPanel *panel, const GPtrArray *pairs, const char *treatment,
                   const PlMetric *metric, PlRange base, PlResult *result) {
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
        if (g_strcmp0(pair->treatment, treatment) != 0)
            continue;
        add_store(panel, &bound, pair->test, base, series->test, n_test);
        add_store(panel, &bound, pair->control, base, series->control, n_control);
    }
    for (guint t = 0; t < n; t++) {
        series->test[t] = n_test[t] ? series->test[t] / n_test[t] : NAN;
        series->control[t] = n_control[t] ? series->control[t] / n_control[t] : NAN;
    }
    g_ptr_array_add(result->series, series);
}
