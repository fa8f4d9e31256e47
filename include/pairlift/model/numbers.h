/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* How numbers are worded: the same in every format. All return text to free with g_free. */

/* "+3.1 %" for a lift (0.031), as many digits as the distance to `precision` (a half interval; NaN:
 * 3 significant digits) supports; absolute effects "+12.3" (with `unit` when not NULL). */
char *pl_format_effect(double effect, double precision, PlScale scale, const char *unit);
/* The same without a plus sign, for "rose by 3.1 %". */
char *pl_format_size(double size, double precision, PlScale scale, const char *unit);
/* "0.9 % to 5.4 %"; "0.9 % or more" for a one-sided interval. */
char *pl_format_interval(double low, double high, PlScale scale, const char *unit);
/* "0.012", "< 0.0001". */
char *pl_format_p(double p);
/* "p = 0.012", "p < 0.0001", "p = n/a". */
char *pl_format_p_is(double p);
/* "1 day", "1,234 days". */
char *pl_format_count(guint64 n, const char *one, const char *many);
/* "1 in 83", "less than 1 in 10,000": the chance of a difference this large under no effect. */
char *pl_format_chance(double p);
/* "1,234.5" with `decimals` digits and thousands separators. */
char *pl_format_number(double value, int decimals);
