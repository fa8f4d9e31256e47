/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* A logistic regression: successes out of trials of each row, on columns one of which is of ones. */
typedef struct {
    size_t rows, n_coef;
    const double *const *x;           /* [n_coef][rows], finite */
    const double *successes, *trials; /* [rows]; trials NULL: one each */
    int threads;
} PlLogisticData;

typedef struct {
    double *coef, *std_error; /* [n_coef] */
    double *bread;            /* [n_coef][n_coef] inverse information of the scaled columns */
    double *scale;            /* [n_coef] what a column was multiplied by: a power of 2 */
    double *residuals;        /* [rows] successes minus expected */
    double log_likelihood, deviance, null_deviance;
    size_t n_iterations;
    size_t culprit; /* column of PL_SINGULAR and PL_SEPARATION */
} PlLogisticFit;

/* The docstrings stand above them in src/stats/logistic_fit.c. */
PlStatus pl_logistic_fit(const PlLogisticData *data, PlArena *arena, PlLogisticFit *out);
PlStatus pl_logistic_cluster_errors(const PlLogisticData *data, const PlLogisticFit *fit,
                                    const size_t *cluster, size_t n_clusters, PlArena *arena,
                                    double *std_error);
