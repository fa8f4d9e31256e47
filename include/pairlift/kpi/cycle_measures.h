/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/cycle_deals.h"

/* What is measured of a set of deals: days, win rate, value, velocity. */

typedef struct {
    double value, low, high, std_error; /* NaN: not known */
    guint n;                            /* deals that it rests on */
    const char *reason;                 /* why something is not known; NULL: nothing is missing */
} PlMeasured;

typedef struct {
    const char *name, *label;
    PlAmount amount;
    gboolean by_outcome; /* also of won and of lost deals alone */
    gboolean is_days, is_money, is_velocity;
    /* `state`: of closed deals with this outcome; PL_N_DEAL_STATES: of all closed ones. */
    PlMeasured (*measure)(const PlDeals *deals, const PlDealSet *set, PlDealState state);
} PlCycleMeasure;

/* Ends with name NULL. */
extern const PlCycleMeasure pl_cycle_measures[];
const PlCycleMeasure *pl_cycle_measure_find(const char *name); /* NULL: none */

/* Appends a row of a measure of a set; `state` as above. */
PlFinding *pl_cycle_add(const PlDeals *deals, const PlDealSet *set, const PlCycleMeasure *measure,
                        PlDealState state);
/* "USD", "USD a day", "days"; NULL: none. Free with g_free. */
char *pl_cycle_unit(const PlDeals *deals, const PlCycleMeasure *measure);

/* Days of the closed deals of a set with this outcome (PL_N_DEAL_STATES: all closed), ascending; their number
 * in `n`. Free with g_free. */
double *pl_cycle_closed_days(const PlDeals *deals, const PlDealSet *set, PlDealState state, guint *n);
