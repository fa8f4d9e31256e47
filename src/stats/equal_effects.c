/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/equal_effects.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static PlStatus check(const PlLevelEffect *levels, size_t k) {
    if (k < 2)
        return PL_ONE_LEVEL;
    for (size_t i = 0; i < k; i++) {
        if (!isfinite(levels[i].effect) || !isfinite(levels[i].std_error))
            return PL_NOT_FINITE;
        if (!(levels[i].df >= 1))
            return PL_TOO_FEW;
        if (!(levels[i].std_error > 0))
            return PL_NO_VARIANCE;
    }
    return PL_OK;
}

/* Sum over levels of weight (effect - centre)^2 / (k - 1), weights 1 / error^2. */
static double between(const PlLevelEffect *levels, const double error_of[], size_t k, double *total) {
    double centre = 0, sum = 0;
    *total = 0;
    for (size_t i = 0; i < k; i++)
        *total += 1 / (error_of[i] * error_of[i]);
    for (size_t i = 0; i < k; i++)
        centre += levels[i].effect / (error_of[i] * error_of[i]) / *total;
    for (size_t i = 0; i < k; i++) {
        double z = (levels[i].effect - centre) / error_of[i];
        sum += z * z;
    }
    return sum / (double)(k - 1);
}

enum { K_MOST = 1000 };

static PlStatus finish(double f, double df1, double df2, PlEqualEffects *out) {
    double p = gsl_cdf_fdist_Q(f, df1, df2);
    if (!isfinite(f) || !isfinite(p))
        return PL_NOT_FINITE;
    *out = (PlEqualEffects){f, df1, df2, p};
    return PL_OK;
}

/* Welch's test of equal means, on k effects with errors and degrees of freedom of their own. Levels may vary
 * differently; with many levels of few observations it rejects too often (six levels of two: 12 % at 5 %),
 * and pl_equal_effects_pooled is for those. For k = 2 it is the Welch-Satterthwaite t-test of the difference.
 * Statuses: PL_ONE_LEVEL k < 2; PL_TOO_LARGE k > 1000; PL_TOO_FEW df < 1; PL_NO_VARIANCE an error of 0;
 * PL_NOT_FINITE.
 * Source: Welch 1951, doi:10.1093/biomet/38.3-4.330, with the variance of an effect in the place of s^2 / n.
 * Check: R oneway.test, tests/reference/stats/equal_effects.R. */
PlStatus pl_equal_effects_welch(const PlLevelEffect *levels, size_t k, PlEqualEffects *out) {
    double errors[K_MOST], total, lack = 0;
    if (k > K_MOST)
        return PL_TOO_LARGE;
    PlStatus status = check(levels, k);
    if (status != PL_OK)
        return status;
    for (size_t i = 0; i < k; i++)
        errors[i] = levels[i].std_error;
    double f = between(levels, errors, k, &total), n = (double)k;
    for (size_t i = 0; i < k; i++) {
        double share = 1 - 1 / (errors[i] * errors[i]) / total;
        lack += share * share / levels[i].df;
    }
    return finish(f / (1 + 2 * (n - 2) / (n * n - 1) * lack), n - 1, (n * n - 1) / (3 * lack), out);
}

/* The same with one residual variance for all levels: the F test of the interaction in a linear model. Holds
 * its level from two observations a level on, when all vary alike. Statuses as above; PL_NO_VARIANCE also
 * for a residual sd of 0 or NaN.
 * Source: Fisher and Mackenzie 1923, doi:10.1017/S0021859600003592. Check: R anova(lm()), in the same script.
 */
PlStatus pl_equal_effects_pooled(const PlLevelEffect *levels, size_t k, PlEqualEffects *out) {
    double errors[K_MOST], total, squares = 0, df = 0;
    if (k > K_MOST)
        return PL_TOO_LARGE;
    PlStatus status = check(levels, k);
    for (size_t i = 0; i < k && status == PL_OK; i++) {
        if (!(levels[i].sd > 0))
            status = PL_NO_VARIANCE;
        squares += levels[i].df * levels[i].sd * levels[i].sd;
        df += levels[i].df;
    }
    if (status != PL_OK)
        return status;
    for (size_t i = 0; i < k; i++)
        errors[i] = sqrt(squares / df) * (levels[i].std_error / levels[i].sd);
    return finish(between(levels, errors, k, &total), (double)(k - 1), df, out);
}
