/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <stddef.h>

/* The k-th smallest (k = 0, ..., n - 1) of x, which is reordered: smaller values come to stand before it,
 * larger ones behind. No NaN may be among them. O(n) on average, also when many values are equal.
 * Source: Floyd and Rivest 1975, doi:10.1145/360680.360691. */
double pl_select(double *x, size_t n, size_t k);

/* Sorts ascending, in place, without allocating. */
void pl_sort(double *x, size_t n);
