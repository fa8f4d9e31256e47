/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* The means of all 2^n - 1 non-empty subsets of n numbers, counted and selected without listing them. */

/* Counts of 2^40 subsets stay exact in a double, and the halves in a few megabytes. */
#define PL_SUBSET_MAX_N 40

/* Of the 2^n subsets, the empty one with sum 0 among them: how many have a sum of d_i - centre below
 * -tolerance, and how many at most tolerance. */
typedef struct {
    uint64_t below, up_to;
} PlSubsetCount;

/* Doubles of work that both functions need; 1 <= n <= PL_SUBSET_MAX_N. */
size_t pl_subset_work(size_t n);

PlSubsetCount pl_subset_count(const double *d, size_t n, double centre, double tolerance, double *work);

/* The k-th smallest (k = 1, ..., 2^n - 1) mean of the non-empty subsets. Means whose sums about a centre
 * differ by no more than `tolerance` count as equal. */
PlStatus pl_subset_mean_kth(const double *d, size_t n, uint64_t k, double tolerance, double *work,
                            double *mean);
