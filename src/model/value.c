/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/value.h"
#include <string.h>

/* A column that is averaged and summed is two measures; of a panel without that distinction it is one. */
static int find_measure(const PlPanel *panel, const char *column, gboolean averaged) {
    for (guint m = 0; m < panel->n_measures; m++)
        if (!panel->averaged[m] == !averaged && strcmp(panel->measures[m], column) == 0)
            return (int)m;
    return pl_panel_measure(panel, column);
}

gboolean pl_metric_bind(const PlMetric *metric, const PlPanel *panel, PlBoundMetric *bound) {
    int measure = find_measure(panel, metric->column, metric->kind == PL_METRIC_MEAN);
    int denominator = metric->denominator ? find_measure(panel, metric->denominator, FALSE) : 0;
    if (measure < 0 || denominator < 0)
        return FALSE;
    *bound = (PlBoundMetric){metric->kind, (guint)measure, (guint)denominator};
    return TRUE;
}

gboolean pl_metric_value(const PlPanel *panel, const PlBoundMetric *metric, guint store, guint begin,
                         guint end, double *value) {
    double total = 0, below = 0;
    for (guint t = begin; t < end; t++) {
        double v, w = 1;
        if (!pl_panel_get(panel, store, t, metric->measure, &v))
            continue;
        if (metric->kind == PL_METRIC_RATIO && !pl_panel_get(panel, store, t, metric->denominator, &w))
            continue;
        if (metric->kind == PL_METRIC_MEAN)
            w = pl_panel_values(panel, store, t, metric->measure);
        total += v;
        below += w;
    }
    if (below == 0)
        return FALSE;
    *value = total / below;
    return TRUE;
}
