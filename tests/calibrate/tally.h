/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* What a row of a table counts: truths within their intervals, or tests that reject. */
typedef struct {
    guint n, hits;
    double error, square; /* sums of value - truth, and its square */
} Tally;

/* Counts an interval; one with a NaN limit is not counted. */
void tally_cover(Tally *tally, double value, double low, double high, double truth);
void tally_reject(Tally *tally, double p, double level);

/* One row of "| size | what | n | bias (in Monte-Carlo errors) | rate |"; FALSE, and in bold, where the bias
 * is more than three Monte-Carlo errors or the coverage outside 93 to 97 % by more than that. */
gboolean tally_print_cover(const char *name, guint size, const Tally *tally);
/* The same of a test, which may reject less than its level, not more. */
gboolean tally_print_reject(const char *name, guint size, const Tally *tally, double level);
