/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"
#include "pairlift/stats/inference.h"

/* Least squares over the simplex: the weights w >= 0 with sum 1 that make
 *     |target - sum w_i point_i|^2 + ridge * sum w_i^2
 * smallest, exactly. */

/* Points that many tasks share, with their products, which is what costs most. Large common parts are to be
 * taken off beforehand: they change no answer, but cost digits. */
typedef struct {
    size_t n, dim;
    const double *points; /* [n][dim] */
    const double *gram;   /* [n][n], point_i . point_j */
} PlCloud;

/* The cloud of `points`, whose products it computes. */
PlStatus pl_cloud(const double *points, size_t n, size_t dim, PlArena *arena, PlCloud *out);

typedef struct {
    const PlCloud *cloud;
    const bool *barred;   /* [n], points that must not be used; NULL: none */
    const double *target; /* [dim] */
    const double *cross;  /* [n], target . point_i */
    double target_square; /* target . target */
    double ridge;         /* at least 0 */
} PlSimplexTask;

/* Scratch of one thread for tasks on clouds of up to n points in dim dimensions; afterwards it holds the
 * last solution: the points that have weight, and the residual. */
typedef struct {
    size_t n, dim;
    size_t *active, n_active; /* points with weight */
    double *residual;         /* [dim], sum w_i point_i - target */
    double *factor;           /* rows of the Cholesky factor of the active points, packed */
    double *inverse_size, *gradient, *solution, *scratch, *unit, *cosine, *sine, *moved;
    bool *is_active, *useless;
    double shift;       /* what makes the products of points whose hull holds the target invertible */
    PlSimplexTask task; /* the last one */
} PlSimplexWork;

PlStatus pl_simplex_work(PlArena *arena, size_t n, size_t dim, PlSimplexWork *out);
PlStatus pl_simplex_fit(const PlSimplexTask *task, PlSimplexWork *work, double *w);
void pl_simplex_slope(PlSimplexWork *work, const double *direction, double *slope);

/* sum x_i y_i */
double pl_dot(const double *x, const double *y, size_t n);
