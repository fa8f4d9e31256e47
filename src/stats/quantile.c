/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/quantile.h"

#include "pairlift/stats/init.h"
#include "pairlift/stats/moments.h"

#include <gsl/gsl_cdf.h>
#include <limits.h>
#include <math.h>

/* The largest k from 0 to n for which fewer than k of n values lie below their quantile with a chance of at
 * most `tail`: P(B < k) <= tail, B binomial (n, probability). */
static size_t rank_from_below(size_t n, double probability, double tail) {
    size_t low = 0, high = n; /* P(B < low) <= tail; P(B < high + 1) is not known */
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        if (gsl_cdf_binomial_P((unsigned)(middle - 1), probability, (unsigned)n) <= tail)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* The quantile of n ascending values (type 7 of Hyndman and Fan, R's default; the median for 0.5) and an
 * interval between two of the values that assumes nothing but independent values of one distribution: the
 * true quantile lies below the k-th value only if fewer than k of them lie below it, which is binomial. The
 * interval holds the quantile with a chance of at least conf_level, also with ties. With too few values for a
 * limit (the median at 95 %: fewer than 6) it is infinite. PL_TOO_FEW: n < 1. PL_NOT_FINITE: a value.
 * PL_BAD_ARGUMENT: conf_level or probability outside (0, 1), or values that do not ascend. Source: Thompson
 * 1936, doi:10.1214/aoms/1177732502. Check: R's quantile and pbinom, tests/unit/stats/test_quantile.c. */
PlStatus pl_quantile(const double *sorted, size_t n, double probability, double conf_level, PlQuantile *out) {
    if (!(conf_level > 0 && conf_level < 1) || !(probability > 0 && probability < 1) || n >= UINT_MAX)
        return PL_BAD_ARGUMENT;
    if (n < 1)
        return PL_TOO_FEW;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(sorted[i]))
            return PL_NOT_FINITE;
        if (i > 0 && sorted[i] < sorted[i - 1])
            return PL_BAD_ARGUMENT;
    }
    pl_stats_init();
    double tail = (1 - conf_level) / 2;
    size_t below = rank_from_below(n, probability, tail), above = rank_from_below(n, 1 - probability, tail);
    *out = (PlQuantile){.value = pl_quantile_sorted(sorted, n, probability),
                        .low = below > 0 ? sorted[below - 1] : -INFINITY,
                        .high = above > 0 ? sorted[n - above] : INFINITY};
    return PL_OK;
}
