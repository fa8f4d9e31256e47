/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* What one metric did in the stores of an arm, on the scale of the effect, for tests on all or some of them.
 * Of pairs `test` has the effect of each; of groups `test` and `control` have the change of each store. */
typedef struct {
    gboolean paired;
    guint n_test, n_control;           /* with a value; n_control 0 of pairs */
    guint *test_store, *control_store; /* of the panel */
    double *test, *control;
    size_t *test_block, *control_block;
    guint n_blocks; /* of groups; 1: none */
    /* of groups with blocks: the stores of the other treatments, which help to tell what a block does */
    guint n_other;
    guint *other_store;
    double *other;
    size_t *other_block, *other_arm;
    guint left_out; /* pairs, or stores, without a value */
} PlArmValues;

PlArmValues *pl_arm_values(const PlStudy *study, const PlArm *arm, const PlMetric *metric, PlRange period,
                           PlScale scale);
/* Those of the stores for which `keep` ([n_stores] of the panel) is TRUE; a pair goes by its test store. */
PlArmValues *pl_arm_values_of(const PlArmValues *values, const gboolean *keep);
void pl_arm_values_free(PlArmValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlArmValues, pl_arm_values_free)

/* How an arm's effect is tested. */
typedef struct {
    const PlMethod *method; /* NULL: Student on pairs, Welch on groups */
    gboolean negated;       /* of minus the effect */
    double null_value;      /* tested against, after negation */
    gboolean pooled;        /* of groups: one variance for both sides, as linear models have it */
} PlArmTest;

/* Tests the effect: of pairs by the method's test on the effects, where it has one, else by Student's t; of
 * groups by Welch's t, where method or `pooled` say so by Student's pooled t or rank sums, and within blocks
 * by least squares with an effect a block. `out` is about the effect itself, not shifted; `sd` (NULL: not of
 * interest) is the residual standard deviation, NaN where there is none. Statuses of the methods; on any but
 * PL_OK both are untouched. */
PlStatus pl_arm_infer(const PlArmValues *values, const PlArmTest *test, const PlInferenceOptions *options,
                      PlInference *out, double *sd);
/* The difference of the means (of pairs: the mean) alone, for where nothing can be said of chance; NaN: there
 * is none. */
double pl_arm_point(const PlArmValues *values);
/* The slope of the effect over x ([n_stores] of the panel): of pairs x of the test store, of groups the
 * interaction of treatment and x. */
PlStatus pl_arm_slope(const PlArmValues *values, const double *x, const PlInferenceOptions *options,
                      PlInference *out);
/* The test of the deciding estimate of a treatment; NULL: none decides. */
const PlMethod *pl_deciding_method(const PlResult *result, const char *treatment);
/* "1 pair is not enough to say how much pairs differ by chance": why a status. Free with g_free. */
char *pl_arm_reason(const PlArmValues *values, PlStatus status);
