/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Amounts and what they are held against, of n clusters: money and orders of each customer. */
typedef struct {
    const double *amount, *base; /* [n]; both 0: the cluster is not there */
} PlClusteredRatio;

/* The docstrings stand above each function in cluster_ratio.c. */
PlStatus pl_cluster_ratio(PlClusteredRatio of, size_t n, const PlInferenceOptions *options, PlInference *out);
PlStatus pl_cluster_ratio_difference(PlClusteredRatio treated, PlClusteredRatio control, size_t n,
                                     const PlInferenceOptions *options, PlInference *out);
