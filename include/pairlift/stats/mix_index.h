/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Whether a product is a larger part of the sales here than everywhere. */
typedef struct {
    double index;              /* share here over share everywhere */
    double low, high, p_value; /* against 1 */
    double df;
    size_t n_here, n_elsewhere; /* stores with sales */
} PlMixIndex;

/* The docstring stands in src/stats/mix_index.c. */
PlStatus pl_mix_index(const double *total, const double *part, const bool *here, size_t n, double conf_level,
                      PlMixIndex *out);
