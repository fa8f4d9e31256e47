/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* What the t-tests on two groups share. The difference is taken before rounding: means that agree in their
 * first twelve digits still have one of full precision. A spread within rounding of nothing is 0. */
typedef struct {
    double difference, sd_treated, sd_control;
    size_t n_treated, n_control;
} PlTwoMeans;

/* PL_TOO_FEW: a group of fewer than two; PL_NO_VARIANCE: neither varies; PL_NOT_FINITE; PL_BAD_ARGUMENT. */
PlStatus pl_two_means(const double *treated, size_t n_treated, const double *control, size_t n_control,
                      const PlInferenceOptions *options, PlTwoMeans *out);

/* Student's t of a difference with this error, from n observations; PL_NOT_FINITE when it overflows. */
PlStatus pl_infer_difference(double difference, double std_error, double df, size_t n,
                             const PlInferenceOptions *options, PlInference *out);
