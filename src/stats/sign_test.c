/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/paired.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Up to here the binomial tail is summed term by term. 2^-n stays a normal number, and up to about 48 every
 * term is exact, so that p meets a level like 1/16 without a rounding between them. */
enum { SUMMED_UP_TO = 1000 };

/* P(X <= k), X binomial (n, 1/2). */
static double binomial_tail(size_t k, size_t n) {
    if (n > SUMMED_UP_TO)
        return gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)n);
    double term = ldexp(1, -(int)n), tail = term;
    for (size_t i = 0; i < k; i++) {
        term = term * (double)(n - i) / (double)(i + 1);
        tail += term;
    }
    return fmin(1, tail);
}

/* How many values the tail may cut off: the largest c with P(X <= c - 1) <= level, 0 when there is none. */
static size_t values_cut(double level, size_t n) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        if (binomial_tail(middle - 1, n) <= level)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* The differences that are not zero, ascending; returns how many. */
static size_t keep_nonzero(const double *d, size_t n, double *work) {
    double largest = 0;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(d[i]));
    for (size_t i = 0; i < n; i++)
        if (fabs(d[i]) > PL_TIE_TOLERANCE * largest)
            work[m++] = d[i];
    pl_sort(work, m);
    return m;
}

static double median(const double *sorted, size_t m) {
    return sorted[(m - 1) / 2] / 2 + sorted[m / 2] / 2;
}

/* The estimate of pl_sign_test. */
PlStatus pl_point_median(const double *d, size_t n, PlArena *arena, double *estimate) {
    if (n < 1)
        return PL_TOO_FEW;
    double *work = pl_arena_doubles(arena, n);
    if (!work)
        return PL_NO_MEMORY;
    size_t m = keep_nonzero(d, n, work);
    *estimate = m ? median(work, m) : 0;
    return PL_OK;
}

/* The sign test. Estimates the median of the non-zero differences, in their unit; the test counts the
 * positive among them, binomial (m, 1/2) when the median is 0, exactly, and two-sided p is twice the smaller
 * tail. The interval has order statistics as its ends, those that the same tails do not reject; too few
 * differences for the level give infinite limits. Zeros (|d| within PL_TIE_TOLERANCE of the largest |d|) are
 * left out and counted. Assumes independent pairs, nothing on the shape.
 * `statistic`: the number of positive differences.
 * PL_TOO_FEW: n < 1. PL_ALL_ZERO: nothing is left. PL_NOT_FINITE, PL_BAD_ARGUMENT: see pl_check_paired.
 * Source: Dixon and Mood 1946, doi:10.1080/01621459.1946.10501898. Check: R's binom.test on Darwin's maize,
 * p = .007385, tests/unit/stats/test_sign_test.c. */
PlStatus pl_sign_test(const double *d, size_t n, const PlInferenceOptions *options, PlArena *arena,
                      PlInference *out) {
    PlStatus status = pl_check_paired(d, n, 1, options);
    if (status != PL_OK)
        return status;
    if (n > UINT32_MAX)
        return PL_BAD_ARGUMENT;
    double *work = pl_arena_doubles(arena, n);
    if (!work)
        return PL_NO_MEMORY;
    size_t m = keep_nonzero(d, n, work), positive = 0;
    if (m == 0)
        return PL_ALL_ZERO;
    for (size_t i = 0; i < m; i++)
        positive += work[i] > 0;

    size_t cut = values_cut(pl_tail_level(options), m);
    double low = cut ? work[cut - 1] : -INFINITY, high = cut ? work[m - cut] : INFINITY;
    double p = pl_tail_p(options->alternative, binomial_tail(m - positive, m), binomial_tail(positive, m));
    *out = (PlInference){.estimate = median(work, m),
                         .statistic = (double)positive,
                         .has = PL_HAS_STATISTIC,
                         .n = n,
                         .n_dropped = n - m};
    pl_set_interval(out, options, p, low, high, 0);
    return PL_OK;
}

const PlMethod pl_method_sign_test = {
    .id = "sign_test",
    .title = "Sign test",
    .family = pl_family_paired,
    .estimates = "median of the non-zero differences",
    .assumes = "Pairs are independent.",
    .use = "Where only the direction of each pair can be trusted. Needs more pairs than any other.",
    .formula = "p = twice the smaller tail of S = #{d > 0}, binomial (#{d != 0}, 1/2)\n"
               "interval = two order statistics of the non-zero differences",
    .source = "Dixon and Mood 1946, doi:10.1080/01621459.1946.10501898",
    .check = "Darwin's 15 pairs of maize: 13 of 15 positive, p = .0073853 (R binom.test)",
    .min_n = 1,
    .roles = pl_paired_roles,
    .takes = PL_TAKES_ALTERNATIVE,
    .design = PL_DESIGN_PAIRS,
    .run = pl_run_paired,
    .test = pl_sign_test,
    .point = pl_point_median,
};
