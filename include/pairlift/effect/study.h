/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/arm.h"
#include "pairlift/effect/estimate.h"
#include "pairlift/effect/periods.h"
#include "pairlift/model/tables.h"

/* All that the parts of an analysis work on: loaded, paired, with gaps treated. */
typedef struct {
    const PlDefinition *def;
    PlPanel *panel;
    const PlTables *tables;
    const GPtrArray *pairs;    /* PlPair*; empty for groups */
    const PlMembers *members;  /* of groups, else NULL */
    GPtrArray *arms;           /* PlArm*, one a treatment, in the definition's order */
    const GPtrArray *deciding; /* PlEffects* on the primary metric during the promotion, one a treatment */
    PlRanges ranges;
    PlInferenceOptions options;
} PlStudy;

/* Sets arm->errors: for each measure of the panel the squared relative error of each pair's control store's
 * mean before, half of the variance of the difference of the two stores' courses (each over its mean) with
 * its autocorrelation of lag one; 0 where there are too few intervals. A total without the promotion needs
 * it: a control's change is during / before, and one over a mean with an error is on average too high, by the
 * error's square, which a sum over pairs does not average out. Of groups nothing is set. */
void pl_arm_set_errors(PlArm *arm, const PlPanel *panel, PlRange before);
/* Those of a measure, or (by role) of the one that plays it; NULL: none are known. */
const double *pl_arm_errors(const PlArm *arm, guint measure);
const double *pl_arm_errors_of_role(const PlStudy *study, const PlArm *arm, const char *role);

/* A measure that plays a role in the sales table ("revenue", "units", "visits"), as a sum; FALSE: the data
 * have no such column. */
gboolean pl_study_measure(const PlStudy *study, const char *role, PlBoundMetric *bound);
/* How many intervals of a range the panel has. */
guint pl_range_length(PlRange range);
