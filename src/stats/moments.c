/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/moments.h"

#include <float.h>
#include <math.h>

/* Deviations of a constant that went through a few roundings stay within this part of its magnitude. */
#define CONSTANT_WITHIN (8 * DBL_EPSILON)

typedef struct {
    double total, lost;
} Sum;

/* Neumaier 1974, doi:10.1002/zamm.19740540106: what an addition rounds away is summed beside. */
static void add(Sum *sum, double x) {
    double next = sum->total + x;
    sum->lost += fabs(sum->total) >= fabs(x) ? sum->total - next + x : x - next + sum->total;
    sum->total = next;
}

static double value(const Sum *sum) {
    return sum->total + sum->lost;
}

static double largest_magnitude(const double *x, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    return largest;
}

/* A power of two near 1 / magnitude: scaling by it is exact and keeps squares from over- and underflow. */
static double unit_scale(double magnitude) {
    int exponent = 0;
    frexp(magnitude, &exponent);
    return ldexp(1, exponent < -1000 ? 1000 : -exponent);
}

/* Mean and standard deviation (divisor n - 1) of x, in x's unit; either output may be NULL. The mean takes
 * n >= 1, sd n >= 2, else PL_TOO_FEW. PL_NOT_FINITE: a value is not finite, or the sum overflows.
 * Compensated sums, and the mean's rounding taken out of the squares: Chan, Golub and LeVeque 1983, eq. 1.7,
 * doi:10.1080/00031305.1983.10483115. Check: NIST StRD univariate, tests/unit/stats/test_moments.c. */
PlStatus pl_mean_sd(const double *x, size_t n, double *mean, double *sd) {
    if (n < (sd ? 2 : 1))
        return PL_TOO_FEW;
    Sum sum = {0};
    for (size_t i = 0; i < n; i++)
        add(&sum, x[i]);
    double centre = value(&sum) / (double)n;
    if (!isfinite(centre))
        return PL_NOT_FINITE;
    double scale = unit_scale(largest_magnitude(x, n));
    Sum deviations = {0}, squares = {0};
    for (size_t i = 0; i < n; i++) {
        double deviation = (x[i] - centre) * scale;
        add(&deviations, deviation);
        add(&squares, deviation * deviation);
    }
    double rest = value(&deviations);
    double spread = n < 2 ? 0 : sqrt(fmax(0, value(&squares) - rest * rest / (double)n) / (double)(n - 1));
    if (!isfinite(rest) || !isfinite(spread / scale))
        return PL_NOT_FINITE;
    if (mean)
        *mean = centre + rest / scale / (double)n;
    if (sd)
        *sd = spread / scale;
    return PL_OK;
}

/* Pearson correlation of x and y. PL_TOO_FEW: n < 3. PL_NO_VARIANCE: x or y is constant up to rounding.
 * PL_NOT_FINITE: a value is not finite. */
PlStatus pl_correlation(const double *x, const double *y, size_t n, double *r) {
    if (n < 3)
        return PL_TOO_FEW;
    double mean_x, sd_x, mean_y, sd_y;
    PlStatus status = pl_mean_sd(x, n, &mean_x, &sd_x);
    if (status == PL_OK)
        status = pl_mean_sd(y, n, &mean_y, &sd_y);
    if (status != PL_OK)
        return status;
    if (sd_x <= CONSTANT_WITHIN * largest_magnitude(x, n) ||
        sd_y <= CONSTANT_WITHIN * largest_magnitude(y, n))
        return PL_NO_VARIANCE;
    Sum products = {0};
    for (size_t i = 0; i < n; i++)
        add(&products, (x[i] - mean_x) / sd_x * ((y[i] - mean_y) / sd_y));
    *r = fmax(-1, fmin(1, value(&products) / (double)(n - 1)));
    return PL_OK;
}

/* Least-squares slope of y on 0, 1, ..., n - 1, in y's unit a step. PL_TOO_FEW: n < 2. PL_NOT_FINITE: a
 * value is not finite. */
PlStatus pl_slope(const double *y, size_t n, double *slope) {
    if (n < 2)
        return PL_TOO_FEW;
    double mean;
    PlStatus status = pl_mean_sd(y, n, &mean, NULL);
    if (status != PL_OK)
        return status;
    double middle = (double)(n - 1) / 2, size = (double)n;
    Sum products = {0};
    for (size_t i = 0; i < n; i++)
        add(&products, ((double)i - middle) * (y[i] - mean));
    double result = value(&products) / (size * (size * size - 1) / 12);
    if (!isfinite(result))
        return PL_NOT_FINITE;
    *slope = result;
    return PL_OK;
}

/* The quantile of `probability` in [0, 1] of n >= 1 ascending values; NaN when asked for anything else.
 * Type 7 of Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566: position (n - 1) p, interpolated. */
double pl_quantile_sorted(const double *sorted, size_t n, double probability) {
    if (n == 0 || !(probability >= 0 && probability <= 1))
        return NAN;
    double position = (double)(n - 1) * probability;
    size_t below = (size_t)position;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (position - (double)below) * (sorted[below + 1] - sorted[below]);
}
