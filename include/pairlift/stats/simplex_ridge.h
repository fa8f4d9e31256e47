/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/simplex.h"

/* pl_simplex_fit for a ridge above 0 and more points than dimensions, of which many have weight: instead of
 * the points, the dimensions carry the equations. */
typedef struct {
    size_t n, dim;
    double *x, *gradient, *step, *along_x, *along_step; /* [dim] and, of the last two, [n] */
    double *sum;                                        /* [dim], of the points with weight */
    double *spread, *factor;                            /* [dim][dim] */
    bool *has;                                          /* [n], weight */
} PlRidgeWork;

PlStatus pl_ridge_work(PlArena *arena, size_t n, size_t dim, PlRidgeWork *out);
PlStatus pl_simplex_ridge_fit(const PlSimplexTask *task, const double *products, PlRidgeWork *work,
                              double *w);
