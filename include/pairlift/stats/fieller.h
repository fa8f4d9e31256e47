/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"
#include "pairlift/stats/inference.h"

/* Two means of the same units, their joint covariance, and the ratio of the two: an elasticity, a cost for
 * each additional unit. The docstrings stand in src/stats/fieller.c. */

typedef struct {
    double a, b;              /* the means */
    double var_a, var_b, cov; /* of the means */
    double df_a, df_b;        /* of var_a, var_b */
    double df;                /* of the variance of a - (a / b) b, which the ratio's interval needs */
    size_t n;                 /* units; of groups those of the smaller side */
} PlJointMeans;

PlStatus pl_joint_means(const double *a, const double *b, size_t n, PlJointMeans *out);

/* Which unit is treated, and in which block it lies. */
typedef struct {
    const bool *treated;
    const size_t *block; /* in [0, n_blocks) */
    size_t n, n_blocks;
} PlBlocks;
PlStatus pl_joint_contrasts(const double *a, const double *b, const PlBlocks *blocks, PlArena *arena,
                            PlJointMeans *out);

typedef struct {
    double ratio;
    double std_error; /* by linearisation; the interval does not come from it */
    double low, high;
    double g; /* t^2 var_b / b^2: from 1 on the interval is unbounded */
} PlFieller;

PlStatus pl_fieller(const PlJointMeans *means, double t, PlFieller *out);
