/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <stddef.h>

/* The change of a product split over its factors; the docstrings stand in src/stats/log_mean.c. */
double pl_log_mean(double a, double b);
int pl_split_change(const double *with, const double *without, size_t n, double *parts);
