/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Two-pass, compensated mean and standard deviation (n - 1). n >= 1 for the mean, >= 2 for sd. */
PlStatus pl_mean_sd(const double *x, size_t n, double *mean, double *sd);
/* Pearson correlation of n >= 3 pairs of values. PL_NO_VARIANCE: one of them is constant. */
PlStatus pl_correlation(const double *x, const double *y, size_t n, double *r);
/* Least-squares slope of y on 0, 1, ..., n-1; n >= 2. */
PlStatus pl_slope(const double *y, size_t n, double *slope);
/* Quantile, type 7 of Hyndman and Fan 1996 (R's default), of ascending values. */
double pl_quantile_sorted(const double *sorted, size_t n, double probability);
