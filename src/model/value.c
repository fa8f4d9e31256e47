/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/value.h"

gboolean pl_metric_bind(const PlMetric *metric, const PlPanel *panel, PlBoundMetric *bound) {
    int measure = pl_panel_measure(panel, metric->column);
    int denominator = metric->denominator ? pl_panel_measure(panel, metric->denominator) : 0;
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
            w = pl_panel_rows(panel, store, t);
        total += v;
        below += w;
    }
    if (below == 0)
        return FALSE;
    *value = total / below;
    return TRUE;
}
