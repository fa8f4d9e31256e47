/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/log_mean.h"

#include <math.h>

/* The logarithmic mean (a - b) / log(a / b) of two numbers above zero, in their unit; it lies between their
 * geometric and their arithmetic mean, and is a where both are the same. NaN: one is not above zero.
 * Check: tests/unit/stats/test_log_mean.c. */
double pl_log_mean(double a, double b) {
    if (!(a > 0) || !(b > 0) || isinf(a) || isinf(b))
        return NAN;
    double d = (a - b) / b;
    return d == 0 ? a : (a - b) / log1p(d);
}

/* Splits the change of a total over a chain of measures, each of which is the one before it times a factor
 * (visits, items, revenue: items a visit, price an item): with[n] and without[n], n >= 1, are the totals of
 * each measure, above zero, the last of them the total that is split. parts[k] is what factor k adds to
 * with[n - 1] - without[n - 1], in its unit: L log(factor with / factor without), L the logarithmic mean of
 * the total with and without. They sum to the change without a residual, and do not depend on the order of
 * the factors. Returns 0; 1 when a measure is not above zero (parts are then NaN): nothing can be split.
 * Source: the logarithmic mean Divisia index, Ang 2005, doi:10.1016/j.enpol.2003.10.010, equations 2 and 4.
 */
int pl_split_change(const double *with, const double *without, size_t n, double *parts) {
    double mean = pl_log_mean(with[n - 1], without[n - 1]), last = 0;
    int bad = isnan(mean);
    for (size_t k = 0; k < n; k++) {
        bad = bad || isnan(pl_log_mean(with[k], without[k]));
        double log_ratio = bad ? NAN : log(with[k]) - log(without[k]);
        parts[k] = mean * (log_ratio - last);
        last = log_ratio;
    }
    for (size_t k = 0; k < n && bad; k++)
        parts[k] = NAN;
    return bad;
}
