/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <stddef.h>

/* Numbers the levels that occur in levels[n] (each below n_levels) anew without holes, in their order, as
 * regressions want them. `place` is room for n_levels. Returns how many there are. */
size_t pl_renumber(size_t *levels, size_t n, size_t n_levels, size_t *place);
