/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* What the test stores would have done without the promotion, in total, and how sure that is: whole pairs (of
 * groups: stores within their side and block) are resampled jointly for all measures, so that anything
 * computed from several totals - a profit, a ratio, a share - has an interval of its own.
 *
 * A store's value without the promotion is its own before, times its block's controls' change (relative:
 * their sum of D over their sum of B, which in a pair is D / B; absolute: plus the mean of D - B); without a
 * period before, the controls' level. Sums and not geometric means, because a total is a sum: the geometric
 * mean of stores that change differently lies below what they sell together.
 *
 * A draw takes n - 1 of the n units of a stratum with replacement, each with weight n / (n - 1) (Rao and Wu
 * 1988, doi:10.1080/01621459.1988.10478591), which makes the variance of a sum over draws unbiased. On the
 * relative scale every draw is brought to the size that the test stores had before (without a period before:
 * to the mean of both sides' size), because it is these stores that are asked about. Intervals
 * are percentiles at levels that the t distribution has (Hesterberg 2015, doi:10.1080/00031305.2015.1089789).
 */
typedef struct PlDraws PlDraws;

/* The draws of an arm, a function of (arm, options->seed) alone. NULL never. */
PlDraws *pl_draws_new(const PlArm *arm, const PlInferenceOptions *options);
void pl_draws_free(PlDraws *draws);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlDraws, pl_draws_free)
/* Draws beside the first, which is the data as they are; arrays below have 1 + this many values. */
guint pl_draws_n(const PlDraws *draws);
/* Independent units, of the smaller side. */
guint pl_draws_units(const PlDraws *draws);
/* Why there can be no interval (too few pairs), a static text; NULL: there can. */
const char *pl_draws_reason(const PlDraws *draws);

/* Values of every store of the panel over a range as the contract defines them ([n_stores], NaN: none). For a
 * sum it is the mean of an interval. */
void pl_store_values(const PlStudy *study, const PlBoundMetric *metric, PlRange range, double *values);

/* Totals over the test stores of the values with the promotion (as they were) and without it (expected):
 * with[0], without[0] of the data, then one a draw. `before` and `during` are [n_stores]; `before` NULL:
 * none. Stores (of pairs: both) without a value, or without a logarithm under relative, take no part; the
 * count of test stores that do is returned, 0: with and without are NaN. */
guint pl_draws_totals(const PlDraws *draws, const double *before, const double *during, PlScale scale,
                      double *with, double *without);

/* The same, a test store's value counted `times` times ([n_stores]): values are the mean of an interval, and
 * `times` from pl_store_intervals() makes totals of the period of them. `errors`: those of the measure
 * (pl_arm_errors()), by which a relative total without the promotion of pairs is corrected; NULL: it is not.
 */
guint pl_draws_totals_over(const PlDraws *draws, const double *before, const double *during,
                           const double *times, PlScale scale, const double *errors, double *with,
                           double *without);
/* How many intervals of a range every store has data of ([n_stores]). */
void pl_store_intervals(const PlStudy *study, PlRange range, double *times);

typedef struct {
    double estimate, low, high, std_error;
} PlDrawn;

/* values[0] and its two-sided interval at `level`; infinite draws count as beyond. NaN where there can be
 * none. */
PlDrawn pl_draws_interval(const PlDraws *draws, const double *values, double level);
/* The probability that the value is above `limit`: it is above (1 + level) / 2 exactly when the interval at
 * `level` lies above the limit. NaN where there can be none. */
double pl_draws_chance_above(const PlDraws *draws, const double *values, double limit);
