/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* Adjusted p-values, in the order given. `order` is scratch of n entries. PL_BAD_ARGUMENT: a p outside [0,1].
 * The docstrings stand in holm.c and bh.c. */
typedef PlStatus PlAdjustment(const double *p, size_t n, size_t *order, double *adjusted);
PlAdjustment pl_adjust_holm, pl_adjust_bh;
PlStatus pl_adjust_holm_among(const double *p, size_t n, size_t all, size_t *order, double *adjusted);

bool pl_all_probabilities(const double *p, size_t n);

/* The `run` of an adjustment: one row a p-value, its term the number of the row, p_value as it came in;
 * figures p_adjusted, and rejected (1: p_adjusted <= 1 - conf_level). PL_NOT_PROBABILITY: a p outside [0, 1].
 */
PlStatus pl_adjust_answer(PlAdjustment *adjust, const PlSample *sample, const PlMethodOptions *options,
                          PlAnswer *answer);
extern const PlRoleUse pl_adjust_roles[];
