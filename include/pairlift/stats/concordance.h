/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* A value and a lifetime that may be cut short. */
typedef struct {
    double x, time;
    bool event; /* false: still without it at `time` (censored) */
} PlRankedLifetime;

typedef struct {
    PlInference in;                              /* of Somers' D, from -1 to 1 */
    double concordance;                          /* (D + 1) / 2, Harrell's C */
    double n_concordant, n_discordant, n_tied_x; /* pairs whose order in time is known */
    bool perfect; /* nothing varies between the rows: no error, no interval, no p-value */
} PlConcordance;

/* The docstring stands above it in src/stats/concordance.c. */
PlStatus pl_concordance(const PlRankedLifetime *rows, size_t n, const PlInferenceOptions *options,
                        PlArena *arena, PlConcordance *out);
