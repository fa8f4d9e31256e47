/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* A rate of all trials together, whose trials come in clusters: coupons of stores. */
typedef struct {
    double rate, std_error, conf_low, conf_high;
    double df;         /* 0: not by clusters */
    size_t n_clusters; /* with trials */
    bool by_cluster;   /* false: Wilson's interval, as if trials were independent */
    double
        equal_p_value; /* chi-square of equal rates in all clusters; NAN: fewer than two, or none to tell */
} PlClusterRate;

/* The docstrings stand above each function in cluster_rate.c. */
PlStatus pl_cluster_rate(const double *successes, const double *trials, size_t n, double conf_level,
                         PlClusterRate *out);

/* Successes and trials of n clusters under one condition; 0 trials: not there. */
typedef struct {
    const double *successes, *trials;
} PlClusteredRate;
PlStatus pl_cluster_rate_difference(PlClusteredRate treated, PlClusteredRate control, size_t n,
                                    const PlInferenceOptions *options, PlInference *out);
