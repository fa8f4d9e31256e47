/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/logistic.h"

/* Log odds of success as a line over one variable, with clusters. */
typedef struct {
    double intercept, slope;
    double variance[2], covariance; /* of intercept and slope */
    double df;
    PlStatus errors; /* PL_OK, or why variances and df are NAN */
} PlLogisticCurve;

/* The docstring stands above it in src/stats/logistic_curve.c. */
PlStatus pl_logistic_curve(const double *x, const double *successes, const double *trials, size_t rows,
                           const size_t *cluster, size_t n_clusters, PlArena *arena, PlLogisticCurve *out);

/* Log odds at x, and their standard error. */
double pl_logistic_curve_at(const PlLogisticCurve *curve, double x, double *std_error);
