/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Midranks of a column. */
typedef struct {
    size_t n;
    double *value; /* [n] x, values that tie made equal */
    size_t *rank2; /* [n] twice the midrank of each, a whole number */
    size_t *order; /* [n] the rows by ascending value */
    double ties;   /* sum of t^3 - t over the groups of t tied values */
    size_t n_tied; /* values that share a rank */
} PlRanks;

/* Ranks n >= 1 values, in the arena. Computed values such as .1 + .2 and .3 differ by their rounding only and
 * should tie: unless all values are decimals of at most 15 digits (see moments.h), which are compared as they
 * are, a value ties with the smallest of its group when they are within PL_TIE_TOLERANCE of the larger of
 * their magnitude and the column's median magnitude. (Of the median and not of the largest, so that one huge
 * value does not make the others tie.)
 * PL_NOT_FINITE: a value, or the range of the values, is not. PL_NO_VARIANCE: all tie. PL_NO_MEMORY. */
PlStatus pl_ranks(const double *x, size_t n, PlArena *arena, PlRanks *out);
