/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* Takes fixed effects out of columns. The docstrings stand above each function in src/stats/absorb.c and
 * absorb_rank.c. */
PlStatus pl_absorb(const PlVariable *sets, size_t n_sets, size_t rows, double *const *columns,
                   size_t n_columns, PlArena *arena, size_t *rank);
PlStatus pl_absorb_rank(const PlVariable *sets, size_t n_sets, size_t rows, PlArena *arena, size_t *rank);
size_t pl_absorb_components(const PlVariable *a, const PlVariable *b, size_t rows, size_t *part);
