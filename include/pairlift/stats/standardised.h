/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* A coefficient of a regression on standardised columns. What cannot be told is NaN. */
typedef struct {
    double beta; /* standard deviations of y for one standard deviation of the column */
    double std_error, df, p_value, conf_low, conf_high;
    double raw; /* units of y for one unit of the column */
} PlBeta;

typedef struct {
    PlBeta *coef; /* [k] */
    size_t k, rows;
    size_t n_clusters; /* 0: rows are independent, HC3 */
    double r_squared, adj_r_squared;
    size_t culprit; /* the column that a status is about; k: y */
} PlStandardised;

/* The docstrings stand above each function in src/stats/standardised.c. */
PlStatus pl_standardised(const double *const *x, size_t k, const double *y, size_t n, const size_t *cluster,
                         size_t n_clusters, double conf_level, PlArena *arena, PlStandardised *out);

/* How well the items of a scale go together. */
typedef struct {
    double alpha, conf_low, conf_high;
    size_t k, n; /* items, people */
} PlReliability;

PlStatus pl_cronbach_alpha(const double *const *item, size_t k, size_t n, double conf_level,
                           PlReliability *out);
