/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/report/stat.h"

/* A number of an answer in as many digits as its `resolution` (a standard error; NAN: six digits) makes worth
 * reading: "10000000.2003", not "1e+07". Infinite: "open". Free with g_free. */
char *pl_stat_number(double value, double resolution);

/* The rows of an answer as a table for people: a column for each number that some row has. Figures that do
 * not fit beside, and reasons, follow below, row by row. */
void pl_append_stat_table(GString *s, const PlStatResult *r);
