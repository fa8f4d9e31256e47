/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/pairs.h"
#include "pairlift/model/result.h"
#include "pairlift/model/value.h"

/* How alike the two sides of the pairs were before the period, on the scale of the effect (logarithms
 * under relative). NaN: cannot be said (too few pairs or intervals). */
typedef struct {
    /* (mean of test - mean of control) / sqrt((sd_test^2 + sd_control^2) / 2) of the stores' values
     * before; below 0.25 counts as balanced (Rubin 2001, doi:10.1023/A:1020363010465). */
    double std_difference;
    /* Pearson correlation of the two stores' series before, over the pairs: median and smallest. */
    double correlation_median, correlation_min;
    const char *least_alike; /* id of the pair with the smallest, or NULL */
    guint n_correlations;
    /* Mean over the pairs of the slope of (test - control) an interval before, and the two-sided
     * p-value of the paired t-test that it is 0: the trends were parallel. */
    double trend, trend_p;
} PlBalance;

/* Pearson correlation of a pair's two series over [begin, end), on the scale of the effect; NaN when they
 * share fewer than three intervals or one does not vary. */
double pl_pair_correlation(const PlPanel *panel, const PlPair *pair, const PlBoundMetric *metric,
                           PlScale scale, guint begin, guint end);

PlBalance pl_balance(const PlPanel *panel, const GPtrArray *pairs, const PlBoundMetric *metric, PlScale scale,
                     guint begin, guint end);
