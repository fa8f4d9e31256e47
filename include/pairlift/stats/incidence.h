/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/survival.h"

/* Times to one of several endings that exclude each other: a deal is won, or it is lost. The docstrings stand
 * above each function in incidence.c. */
typedef struct {
    double time;
    size_t n_risk, n_event; /* still open just before `time`; endings of the cause at it */
    double incidence, std_error;
    bool has_interval; /* not when all have ended so */
    double low, high;
} PlIncidencePoint;

typedef struct {
    size_t n, n_events, n_points; /* events: of the cause */
    PlIncidencePoint *points;     /* one a time with an ending of the cause, ascending */
    double last_time;             /* of all */
    bool all_ended;               /* nobody was left under observation without an ending */
} PlIncidenceCurve;

/* `group` of a lifetime with an event is its cause. */
PlStatus pl_incidence(const PlLifetime *sorted, size_t n, size_t cause, double conf_level, PlArena *arena,
                      PlIncidenceCurve *out);

/* The curve at a time. */
typedef struct {
    bool estimable; /* not beyond the last time, unless all have ended; then all but n_risk is 0 */
    double incidence, std_error;
    bool has_interval; /* not before the first ending of the cause, and not when all have ended so */
    double low, high;
    size_t n_risk; /* under observation just before the time */
} PlIncidenceAt;

/* `sorted` are the curve's own lifetimes. */
void pl_incidence_at(const PlIncidenceCurve *curve, const PlLifetime *sorted, double time,
                     PlIncidenceAt *out);
