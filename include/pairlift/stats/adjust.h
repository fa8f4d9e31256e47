/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Adjusted p-values, in the order given. `order` is scratch of n entries. PL_BAD_ARGUMENT: a p outside [0,1].
 */
PlStatus pl_adjust_holm(const double *p, size_t n, size_t *order, double *adjusted);
PlStatus pl_adjust_bh(const double *p, size_t n, size_t *order, double *adjusted);
