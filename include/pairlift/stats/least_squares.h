/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"
#include "pairlift/stats/inference.h"

/* A column of a design: `values` to the power (0 and 1: themselves), unrounded; values NULL: ones. */
typedef struct {
    const double *values;
    unsigned power;
    double norm_before; /* of a column that something was taken out of: its norm before, else 0; a remainder
                           is nothing when it is nothing beside this */
} PlDesignColumn;

typedef struct {
    double *coef;            /* [n_coef] */
    double *unit_error;      /* [n_coef] the standard error of coef is this times sigma */
    double *bread;           /* [n_coef][n_coef], (X'X)^-1 */
    double *residuals;       /* [rows] */
    double residual_norm;    /* root of the sum of squared residuals */
    double y_norm, y_spread; /* the same of y, and of y minus its mean */
    /* Shares of the sum of squares of y, about 0 and about the mean; each to full relative accuracy. */
    double explained, unexplained, explained_centred, unexplained_centred;
    bool perfect;   /* the residuals are the rounding of y */
    size_t culprit; /* the column that PL_SINGULAR or PL_NOT_FINITE is about */
} PlLeastSquares;

/* The docstring stands above it in src/stats/least_squares.c. */
PlStatus pl_least_squares(const PlDesignColumn *columns, size_t n_coef, const double *y, size_t rows,
                          int threads, PlArena *arena, PlLeastSquares *out);

/* ---- within the room: a design scaled to columns of about 1 and the two ways to its triangle ---- */
#include "pairlift/stats/dd.h"

/* A column whose part that the others do not explain is smaller than this beside the column is a combination
 * of them. Rounding of the inputs leaves about 1e-16; the worst of NIST's sets, Filip, has 1e-9. */
#define PL_SINGULAR_WITHIN 2e-14

/* X P = Q R: the columns in the order `order`, R upper triangular [k][k], z = Q'y. */
typedef struct {
    size_t rows, k;
    double **high, **low; /* [k][rows] of X; a low part that is all 0 is NULL */
    const double *y;      /* scaled */
    double *norm;         /* [k] what a remainder is held against */
    int threads;
    size_t *order;
    PlDd *r, *z;
    size_t rank;  /* k, or the step at which nothing was left */
    double least; /* the smallest part of a column that those before it left */
} PlTriangle;

PlStatus pl_triangle_small(PlTriangle *t, PlArena *arena);
PlStatus pl_triangle_large(PlTriangle *t, PlArena *arena);
