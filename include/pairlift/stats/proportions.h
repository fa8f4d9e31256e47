/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/rates.h"

/* The docstrings stand above each function in proportions.c. */
typedef struct {
    double low, high;
} PlLimits;
PlLimits pl_wilson(PlRate rate, double z);
PlStatus pl_newcombe(PlRate treated, PlRate control, const PlInferenceOptions *options, PlInference *out);

/* The pooled (score) z of the difference; false: both rates are 0 or both are 1. */
bool pl_pooled_z(PlRate treated, PlRate control, double *z);

/* The unweighted mean of the clusters' rates, group by group, by Welch's t-test: a contrast a row. */
PlStatus pl_proportions_of_clusters(const PlSample *sample, const PlMethodOptions *options, PlAnswer *answer);
