/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* The core of tbr; the docstring stands in src/stats/time_regression.c. */

/* Times before: an intercept, a slope, and something left to measure the noise with. */
enum { PL_TBR_BEFORE_MIN = 3 };

/* A series by time: the test side, the control side, and (or NULL) what was spent on the test side. */
typedef struct {
    const double *test, *control, *cost;
    size_t n;          /* times */
    size_t begin, end; /* the effect is summed over the times begin, ..., end - 1 */
} PlTbrSeries;

/* A ratio made from the effect, with the effect's own p-value. */
typedef struct {
    PlInference in;
    unsigned lacks;     /* PL_LACKS_... */
    PlStatus status;    /* PL_UNBOUNDED: no interval, or no estimate either */
    const char *reason; /* of a status other than PL_OK */
} PlTbrRatio;

typedef struct {
    PlInference effect; /* summed over the times, in the unit of the test series */
    PlTbrRatio lift;    /* effect / counterfactual */
    PlTbrRatio iroas;   /* effect / incremental cost; only with a cost */
    double intercept, slope, r_squared, sigma;
    double durbin_watson, autocorrelation; /* of the residuals before, lag 1 */
    double observed, counterfactual;       /* sums over the times of the effect */
    double incremental_cost;
    bool cost_is_fixed; /* the cost before was constant, so the incremental cost has no error */
    double test_mean_before, test_mean_during, control_mean_before, control_mean_during;
    size_t n_before, n_during, n_outside; /* times of the effect with the control outside its range before */

    /* For charts, in the arena: `end` values, of the fit before and of the prediction from `begin` on. */
    const double *expected, *difference;
    /* n_during values each, from `begin` on: standard errors of one time and of the sum so far; the sum and
     * its limits, infinite where the alternative leaves them open. */
    const double *difference_error, *cumulative, *cumulative_error, *cumulative_low, *cumulative_high;

    PlRole
        about; /* of a status other than PL_OK: PL_X the test, PL_Y the control, PL_COST; else PL_N_ROLES */
} PlTbr;

/* The effect as a share of what would have sold without it (observed - effect), with the effect's p-value. */
void pl_tbr_lift(const PlInference *effect, double observed, PlTbrRatio *lift);

/* The columns of a sample as series by time, for the methods that work on them. PL_TOO_FEW, PL_BAD_ARGUMENT:
 * the range of the effect is not among the times; PL_DUPLICATE: two rows of one time, named in the answer;
 * PL_NO_MEMORY. */
PlStatus pl_tbr_series(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                       PlAnswer *answer, PlTbrSeries *out);
PlStatus pl_tbr(const PlTbrSeries *series, const PlInferenceOptions *options, PlArena *arena, PlTbr *out);
