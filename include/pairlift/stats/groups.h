/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* What the methods on two and more groups share. */

/* The values of each level, in the order of the rows. */
typedef struct {
    size_t n_groups;
    size_t *n;  /* [n_groups] */
    double **x; /* [n_groups][n] */
    const char *const *labels;
} PlGroups;

/* The groups of sample's x by its group column. PL_ONE_LEVEL: fewer than two; PL_NOT_FINITE. */
PlStatus pl_groups_split(const PlSample *sample, PlAnswer *answer, PlGroups *out);

/* A test of a treated group against a control; `out` untouched on any status but PL_OK. The docstrings stand
 * above each in src/stats/{welch_t,pooled_t,rank_sum}.c. */
typedef PlStatus PlTwoGroupTest(const double *treated, size_t n_treated, const double *control,
                                size_t n_control, const PlInferenceOptions *options, PlArena *arena,
                                PlInference *out);
PlTwoGroupTest pl_welch_t, pl_pooled_t, pl_rank_sum;

/* A `run` by `test`: a row for every level but the control, which it is compared with. */
PlStatus pl_groups_against_control(PlTwoGroupTest *test, const PlSample *sample,
                                   const PlMethodOptions *options, PlAnswer *answer);

/* The most contrasts that pl_groups_pairwise makes; more groups are PL_TOO_LARGE. */
enum { PL_CONTRASTS_MAX = 20000 };

/* pl_groups_pairwise by a test of two groups. */
PlStatus pl_groups_pairwise_by(PlTwoGroupTest *test, const PlGroups *groups, const PlMethodOptions *options,
                               PlAnswer *answer);

/* Adds a row for every two levels, the later minus the earlier, with p_adjusted as options->pairwise says;
 * without pairwise nothing. `contrast` compares two levels of `context`; what it takes from the answer's
 * arena is given back after each. */
typedef PlStatus PlContrast(const void *context, size_t later, size_t earlier, PlInference *out);
PlStatus pl_groups_pairwise(const PlGroups *groups, PlPairwise how, PlContrast *contrast, const void *context,
                            PlAnswer *answer);

extern const PlRoleUse pl_group_roles[];
