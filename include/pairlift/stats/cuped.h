/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* How much of the outcome the values before explain. */
typedef struct {
    double theta;           /* cov / var over all units, in the outcome's unit a unit before */
    double r;               /* correlation over all units */
    double variance_factor; /* 1 - r^2: what is left of the variance */
    double theta_within;    /* slope that the estimates use: of groups, within them; of pairs, theta itself */
    bool pre_is_constant;   /* which column PL_NO_VARIANCE is about */
} PlCuped;

PlStatus pl_cuped_pairs(const double *d, const double *pre, size_t n, const PlInferenceOptions *options,
                        PlArena *arena, PlCuped *cuped, PlInference *out);
PlStatus pl_cuped_groups(const double *y, const double *pre, const size_t *group, size_t n, size_t n_groups,
                         size_t control, const PlInferenceOptions *options, PlArena *arena, PlCuped *cuped,
                         PlStatus *statuses, PlInference *out);
