/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* Times to an event, some of them cut short. The docstrings stand above each function in survival.c,
 * kaplan_meier.c and logrank.c. */
typedef struct {
    double time;  /* at least 0, in any unit */
    bool event;   /* false: left under observation at `time` (censored) */
    size_t group; /* 0 when there is one */
} PlLifetime;

/* --x time --event 0/1, by --group. Ends with PL_N_ROLES. */
extern const PlRoleUse pl_survival_roles[];

/* The rows of a sample, ascending by time. */
PlStatus pl_lifetimes_read(const PlSample *sample, PlAnswer *answer, PlLifetime **lifetimes);

/* Ascending by time, in place; times closer than rounding become equal. */
PlStatus pl_lifetimes_sort(PlLifetime *lifetimes, size_t n, PlArena *arena);

typedef struct {
    double time;
    size_t n_risk, n_event; /* still there just before `time`; events at it */
    double survival, std_error;
    bool has_interval; /* not when nobody is left */
    double low, high;
} PlSurvivalPoint;

typedef struct {
    size_t n, n_events, n_points;
    PlSurvivalPoint *points; /* one a time with an event, ascending */
    double last_time;        /* of all, with and without event */
    bool has_median, has_median_low;
    double median, median_low, median_high; /* median_high: INFINITY when it is not reached */
} PlSurvivalCurve;

PlStatus pl_kaplan_meier(const PlLifetime *sorted, size_t n, double conf_level, PlArena *arena,
                         PlSurvivalCurve *out);

/* The curve at a time: the share still without the event. */
typedef struct {
    bool estimable; /* not beyond the last time, unless the curve has come to 0; then all but n_risk is 0 */
    double survival, std_error;
    bool has_interval; /* not before the first event, and not when nobody is left */
    double low, high;
    size_t n_risk; /* under observation just before the time */
} PlSurvivalAt;

/* `sorted` are the curve's own lifetimes. */
void pl_survival_at(const PlSurvivalCurve *curve, const PlLifetime *sorted, double time, PlSurvivalAt *out);

/* The mean time up to `horizon`, the area under the curve, and its standard error. */
void pl_restricted_mean(const PlSurvivalCurve *curve, double horizon, double *mean, double *std_error);

typedef struct {
    double observed, expected; /* events */
    double variance;           /* of observed - expected */
    size_t n;
} PlLogrankGroup;

typedef struct {
    double statistic, df, p_value;
    PlLogrankGroup *groups;
} PlLogrank;

PlStatus pl_logrank(const PlLifetime *sorted, size_t n, size_t n_groups, PlArena *arena, PlLogrank *out);
