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

/* Every decimal of at most 15 significant digits can be read back from the double nearest to it. */
#define DECIMAL_LARGEST 1e15
enum { DECIMALS_MAX = 15 };
static const double tens[DECIMALS_MAX + 1] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                              1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* Whether x is the double nearest to whole / 10^decimals: a quotient of two doubles that are whole numbers is
 * rounded once, so that dividing tells exactly. */
static bool has_decimals(double x, size_t decimals) {
    double whole = nearbyint(x * tens[decimals]);
    return fabs(whole) <= DECIMAL_LARGEST && whole / tens[decimals] == x;
}

/* The decimals that all of the values need, from `decimals` on; above DECIMALS_MAX: no such decimals. */
static size_t decimals_of(const double *x, size_t n, size_t decimals) {
    for (size_t i = 0; i < n && decimals <= DECIMALS_MAX; i++)
        while (decimals <= DECIMALS_MAX && !has_decimals(x[i], decimals))
            decimals++;
    return decimals;
}

PlUnits pl_units_of_two(const double *x, size_t n_x, const double *y, size_t n_y) {
    double largest = fmax(largest_magnitude(x, n_x), largest_magnitude(y, n_y));
    size_t decimals = decimals_of(y, n_y, decimals_of(x, n_x, 0));
    if (decimals <= DECIMALS_MAX && largest * tens[decimals] <= DECIMAL_LARGEST)
        return (PlUnits){tens[decimals], true};
    return (PlUnits){unit_scale(largest), false};
}

PlUnits pl_units(const double *x, size_t n) {
    return pl_units_of_two(x, n, NULL, 0);
}

double pl_from_units(PlUnits units, PlDd value) {
    return units.decimal ? pl_dd_value(pl_dd_divide(value, pl_dd(units.factor)))
                         : pl_dd_value(value) / units.factor;
}

PlMoments pl_moments(const double *x, size_t n, PlUnits units) {
    PlMoments m = {.n = n};
    double first = pl_in_units(units, x[0]);
    bool varies = false;
    for (size_t i = 0; i < n; i++) {
        double value_i = pl_in_units(units, x[i]);
        m.sum = pl_dd_add(m.sum, pl_dd(value_i));
        m.largest = fmax(m.largest, fabs(value_i));
        varies = varies || value_i != first;
    }
    m.mean = varies ? pl_dd_divide(m.sum, pl_dd((double)n)) : pl_dd(first);
    for (size_t i = 0; i < n && varies; i++) {
        PlDd deviation = pl_dd_subtract(pl_dd(pl_in_units(units, x[i])), m.mean);
        m.squares = pl_dd_add(m.squares, pl_dd_multiply(deviation, deviation));
    }
    return m;
}

bool pl_is_noise(double sd, double largest, PlUnits units) {
    return !units.decimal && sd <= CONSTANT_WITHIN * largest;
}

double pl_spread(const PlMoments *moments, PlUnits units) {
    PlDd variance = pl_dd_divide(moments->squares, pl_dd((double)(moments->n - 1)));
    double sd = pl_dd_value(pl_dd_sqrt(variance));
    return pl_is_noise(sd, moments->largest, units) ? 0 : sd;
}

/* Mean and standard deviation (divisor n - 1) of x, in x's unit; either output may be NULL. The mean takes
 * n >= 1, sd n >= 2, else PL_TOO_FEW. PL_NOT_FINITE: a value is not finite, or the sum overflows.
 * See pl_moments. Check: NIST StRD univariate, tests/unit/stats/test_moments.c. */
PlStatus pl_mean_sd(const double *x, size_t n, double *mean, double *sd) {
    if (n < (sd ? 2 : 1))
        return PL_TOO_FEW;
    PlUnits units = pl_units(x, n);
    PlMoments moments = pl_moments(x, n, units);
    PlDd variance = pl_dd_divide(moments.squares, pl_dd((double)(n > 1 ? n - 1 : 1)));
    double spread = pl_from_units(units, pl_dd_sqrt(variance));
    if (!isfinite(pl_from_units(units, moments.sum)) || !isfinite(spread))
        return PL_NOT_FINITE;
    if (mean)
        *mean = pl_from_units(units, moments.mean);
    if (sd)
        *sd = spread;
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
