/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* How well a score tells two outcomes apart; the docstring stands in src/stats/roc.c. */
typedef struct {
    size_t n_yes, n_no; /* rows with outcome 1, and 0 */
    double auc, std_error;
    bool has_interval; /* not when the two are told apart perfectly */
    double low, high;
    double p_value; /* against 0.5: the score says nothing; with has_interval only */
} PlRoc;

PlStatus pl_roc(const double *score, const double *outcome, size_t n, double conf_level, PlArena *arena,
                PlRoc *out);
