/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/rates.h"

/* The docstrings stand above each function in chi_square.c. */
typedef struct {
    double statistic, df, p_value;
    double smallest_expected; /* count of a cell */
    double total;             /* counts in all cells */
} PlChiSquare;
PlStatus pl_chi_square_rates(const PlRate *rates, size_t n_groups, PlChiSquare *out);
PlStatus pl_chi_square_ratio(const double *counts, const double *ratio, size_t n_groups, PlChiSquare *out);

/* P(chi-square with df degrees of freedom > statistic), with all its digits at df 1. */
double pl_chi_square_tail(double statistic, double df);

/* A sample ratio with a p-value below this is an alarm. */
#define PL_SAMPLE_RATIO_ALARM 0.001
