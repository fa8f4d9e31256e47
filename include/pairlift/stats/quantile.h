/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* A quantile with limits that hold for any distribution. */
typedef struct {
    double value;     /* type 7 */
    double low, high; /* order statistics; -INFINITY, INFINITY: there are too few values for a limit */
} PlQuantile;

/* The docstring stands above it in src/stats/quantile.c. */
PlStatus pl_quantile(const double *sorted, size_t n, double probability, double conf_level, PlQuantile *out);
