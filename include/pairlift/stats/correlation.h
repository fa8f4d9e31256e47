/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* A correlation of +-1 has no interval, and Pearson's no p-value either; the rest is there. */
typedef struct {
    PlInference in;
    bool perfect;
    bool exact; /* Spearman: every order of the ranks was counted */
} PlCorrelation;

/* The docstrings stand above each function in src/stats/correlation.c and spearman.c. */
PlStatus pl_pearson(const double *x, const double *y, size_t n, const PlInferenceOptions *options,
                    PlCorrelation *out);
PlStatus pl_spearman(const double *x, const double *y, size_t n, const PlInferenceOptions *options,
                     PlArena *arena, PlCorrelation *out);
/* P(R >= tanh z) for the correlation R of n >= 3 normal pairs whose true one is tanh zeta. */
double pl_correlation_tail(double z, double zeta, size_t n);
