/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/counterfactual.h"

/* Several measures of one arm and period, over the same stores: only stores (of pairs: both) that have every
 * measure take part, so that a ratio of two totals is the ratio of the same sales. */
typedef struct {
    PlBoundMetric metric;
    PlScale scale; /* of its counterfactual */
} PlTotalOf;

typedef struct {
    guint n_measures, n_draws;
    guint n_used;              /* test stores that take part */
    guint n_left_out;          /* test stores that do not */
    char *left_out;            /* names of the first of them; NULL: none */
    double **before, **during; /* [measure][store of the panel] means of an interval, NaN: takes no part */
    double **with, **without;  /* [measure][1 + n_draws] totals of the period */
} PlTotals;

/* `before` of the study empty: totals without the promotion are those of the controls. */
PlTotals *pl_totals_new(const PlStudy *study, const PlArm *arm, const PlDraws *draws,
                        const PlTotalOf *measures, guint n_measures, PlRange period);
void pl_totals_free(PlTotals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlTotals, pl_totals_free)

/* The measure's name, label and unit as the definition writes them for the metric that sums its column; NULL:
 * there is none. */
const PlMetric *pl_metric_of_measure(const PlStudy *study, const PlBoundMetric *bound);
/* The unit of the metric that sums the column of a role ("units", "revenue"); NULL: none, or it has none. */
const char *pl_study_unit(const PlStudy *study, const char *role);
/* Puts the value, interval and level that the draws have into a finding; a `reason` where they have none. */
void pl_finding_set_drawn(PlFinding *finding, const PlDraws *draws, const double *values, double level);
