/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/survival.h"

/* Lifetimes that are shorter than `time`. */
static size_t ended_before(const PlLifetime *sorted, size_t n, double time) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle].time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The last point at or before `time`; NULL: no event until then. */
static const PlSurvivalPoint *point_at(const PlSurvivalCurve *curve, double time) {
    size_t low = 0, high = curve->n_points;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->points[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &curve->points[low - 1] : NULL;
}

/* The share still without the event after `time` (1 - survival is the share with it), with the standard error
 * and interval of the curve's last point up to then, and how many were still under observation. Beyond the
 * last time nobody was observed, so that the share is known only where it has come to 0. Before the first
 * event it is 1 with a standard error of 0; there is no interval of this kind then (R's [1, 1] would claim
 * certainty), and n_risk observed without an event is what can be said: see pl_wilson.
 * Source and check: pl_kaplan_meier; R's summary(survfit, times), tests/unit/stats/test_survival_at.c. */
void pl_survival_at(const PlSurvivalCurve *curve, const PlLifetime *sorted, double time, PlSurvivalAt *out) {
    const PlSurvivalPoint *p = point_at(curve, time);
    *out = (PlSurvivalAt){.n_risk = curve->n - ended_before(sorted, curve->n, time)};
    if (time > curve->last_time && !(p && p->survival == 0))
        return;
    out->estimable = true;
    out->survival = 1;
    if (!p)
        return;
    out->survival = p->survival;
    out->std_error = p->std_error;
    out->has_interval = p->has_interval;
    out->low = p->low;
    out->high = p->high;
}
