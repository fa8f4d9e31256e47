/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Whether a short series rises or falls. */
typedef struct {
    double s;                   /* pairs of values that rise less pairs that fall, in order of time */
    double tau;                 /* Kendall's tau-b of time and value */
    double p_value;             /* two-sided, of no trend */
    double slope;               /* Theil and Sen: median change of all pairs per unit of x */
    double conf_low, conf_high; /* of the slope; infinite: too few values for the level */
    size_t n, n_tied;           /* values, and those that equal another */
    bool exact;                 /* every order of the values was counted */
} PlTrendTest;

/* The docstring stands above the function in src/stats/trend.c. */
PlStatus pl_trend(const double *x, const double *y, size_t n, double conf_level, PlArena *arena,
                  PlTrendTest *out);
