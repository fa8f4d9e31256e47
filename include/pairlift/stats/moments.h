/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/dd.h"
#include "pairlift/stats/inference.h"

/* The unit in which sums over a column are made, chosen by pl_units(). When all of its values are decimals of
 * at most 15 digits, such as 10000000.2, they are counted in steps of the last decimal, and so as the whole
 * numbers that were written down: their doubles are off by a part of 1e-16, which after subtracting a large
 * mean is no longer small. Otherwise the doubles are taken as they are, times a power of two that keeps
 * squares within range. */
typedef struct {
    double factor; /* units in 1: 10^k, or a power of two */
    bool decimal;
} PlUnits;

/* The unit of these values; several columns can share one that was chosen from all of them. A NaN or an
 * infinity comes back out of the sums. */
PlUnits pl_units(const double *x, size_t n);
PlUnits pl_units_of_two(const double *x, size_t n_x, const double *y, size_t n_y);
static inline double pl_in_units(PlUnits units, double x) {
    return units.decimal ? nearbyint(x * units.factor) : x * units.factor;
}
double pl_from_units(PlUnits units, PlDd value);

/* Sum, mean, sum of squared deviations from the mean and largest magnitude, all in `units`, the sums to about
 * 30 digits; n >= 1. Equal values have exactly no squares. Two passes (Chan, Golub and LeVeque 1983,
 * doi:10.1080/00031305.1983.10483115) in double-double. */
typedef struct {
    size_t n;
    PlDd sum, mean, squares;
    double largest;
} PlMoments;
PlMoments pl_moments(const double *x, size_t n, PlUnits units);

/* Whether a standard deviation, in `units`, is no more than what a few roundings make of equal values of that
 * magnitude. Decimals of the same unit have no such noise. */
bool pl_is_noise(double sd, double largest, PlUnits units);

/* The standard deviation (n - 1) of n >= 2 values, in `units`; 0 when it is noise. */
double pl_spread(const PlMoments *moments, PlUnits units);

/* Mean and standard deviation (n - 1). n >= 1 for the mean, >= 2 for sd. */
PlStatus pl_mean_sd(const double *x, size_t n, double *mean, double *sd);
/* Pearson correlation of n >= 3 pairs of values. PL_NO_VARIANCE: one of them is constant. */
PlStatus pl_correlation(const double *x, const double *y, size_t n, double *r);
/* Least-squares slope of y on 0, 1, ..., n-1; n >= 2. */
PlStatus pl_slope(const double *y, size_t n, double *slope);
/* Quantile, type 7 of Hyndman and Fan 1996 (R's default), of ascending values. */
double pl_quantile_sorted(const double *sorted, size_t n, double probability);
