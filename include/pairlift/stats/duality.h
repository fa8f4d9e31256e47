/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* What keeps the p-value and the interval of one procedure together. Every paired method computes the two
 * one-sided p-values of "the effect is 0", and as limits the ends of the set of effects that the same tails
 * do not reject. */

/* Differences carry the rounding noise of the subtraction that made them. Two quantities closer than this
 * part of the data's magnitude (each method says which) count as equal. */
#define PL_TIE_TOLERANCE 1e-12

/* More resamples than this are a typing error. */
#define PL_RESAMPLES_MAX 100000000

/* Checks what all paired methods need. PL_BAD_ARGUMENT: an option out of its range. PL_TOO_FEW: n < min_n.
 * PL_NOT_FINITE: a NaN, an infinity, or a sum of |d| that overflows. Also switches GSL's handler off. */
PlStatus pl_check_paired(const double *d, size_t n, size_t min_n, const PlInferenceOptions *options);

/* The level of one tail: 1 - conf_level, halved in a two-sided test. */
double pl_tail_level(const PlInferenceOptions *options);

/* The p-value of `alternative` from the two one-sided ones: two-sided is twice the smaller, at most 1.
 * Doubling is exact in binary, so p <= 1 - conf_level exactly when the tail is <= pl_tail_level. */
double pl_tail_p(PlAlternative alternative, double p_greater, double p_less);

/* The largest whole k with k / total <= level, by the very division that makes a p-value. total >= 1. */
double pl_count_at_level(double level, double total);

/* Fills p, level and limits of `out`; a side that the alternative leaves open becomes infinite. A limit
 * within `grain` of zero, the resolution of the method, is put on the side of zero that the p-value says:
 * there the limit's own rounding, or the missing end of an open set, would make the two disagree. */
void pl_set_interval(PlInference *out, const PlInferenceOptions *options, double p, double low, double high,
                     double grain);
