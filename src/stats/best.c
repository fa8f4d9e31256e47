/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/best.h"

#include <math.h>
#include <string.h>

#include "pairlift/stats/rng.h"

/* Streams of these draws, apart from those of the tests. */
#define STREAM ((uint64_t)1 << 41)

/* Below this share of a variance a pivot is rounding error. */
#define PIVOT 1e-12

/* Lower triangle of the root of the matrix whose off-diagonal is multiplied by `shrink`; false: not positive
 * definite. */
static bool cholesky(const double *a, size_t k, double shrink, double *l) {
    memset(l, 0, k * k * sizeof *l);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = i == j ? a[i * k + i] : shrink * a[i * k + j];
            for (size_t m = 0; m < j; m++)
                sum -= l[i * k + m] * l[j * k + m];
            if (i == j && !(sum > PIVOT * a[i * k + i]))
                return false;
            l[i * k + j] = i == j ? sqrt(sum) : sum / l[j * k + j];
        }
    return true;
}

static PlStatus check(const double *estimate, const double *covariance, size_t k, double df,
                      const PlInferenceOptions *options) {
    if (k < 2)
        return PL_TOO_FEW;
    if (!(df >= 1) || options->resamples < 1)
        return PL_BAD_ARGUMENT;
    for (size_t i = 0; i < k; i++) {
        if (!isfinite(estimate[i]))
            return PL_NOT_FINITE;
        for (size_t j = 0; j < k; j++)
            if (!isfinite(covariance[i * k + j]))
                return PL_NOT_FINITE;
        if (!(covariance[i * k + i] > 0))
            return PL_NO_VARIANCE;
    }
    return PL_OK;
}

/* Chi-square with df degrees of freedom over df, by Marsaglia and Tsang 2000, doi:10.1145/358407.358414. */
static double chi_square_share(PlRng *rng, double df) {
    double shape = df < 2 ? df / 2 + 1 : df / 2, d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = pl_rng_normal(rng), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(1 - pl_rng_uniform(rng)) < x * x / 2 + d - d * v + d * log(v)) {
            double gamma = d * v;
            if (df < 2) /* a shape below 1 comes from the next one */
                gamma *= pow(1 - pl_rng_uniform(rng), 2 / df);
            return 2 * gamma / df;
        }
    }
}

PlStatus pl_probability_best(const double *estimate, const double *covariance, size_t k, double df,
                             const PlInferenceOptions *options, PlArena *arena, double *best,
                             double *shrunk) {
    PlStatus status = check(estimate, covariance, k, df, options);
    if (status != PL_OK)
        return status;
    double *l = pl_arena_doubles(arena, k * k), *z = pl_arena_doubles(arena, k);
    if (!l || !z)
        return PL_NO_MEMORY;
    for (*shrunk = 1; !cholesky(covariance, k, *shrunk, l);)
        *shrunk *= 0.95;
    PlRng rng = pl_rng_stream(options->seed, STREAM);
    for (size_t i = 0; i < k; i++)
        best[i] = 0;
    for (size_t draw = 0; draw < options->resamples; draw++) {
        double scale = 1 / sqrt(chi_square_share(&rng, df)), largest = -INFINITY;
        size_t first = 0;
        for (size_t i = 0; i < k; i++)
            z[i] = pl_rng_normal(&rng);
        for (size_t i = 0; i < k; i++) {
            double x = 0;
            for (size_t j = 0; j <= i; j++)
                x += l[i * k + j] * z[j];
            x = estimate[i] + scale * x;
            if (x > largest) {
                largest = x;
                first = i;
            }
        }
        best[first] += 1.0 / (double)options->resamples;
    }
    return PL_OK;
}
