/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/renumber.h"

size_t pl_renumber(size_t *levels, size_t n, size_t n_levels, size_t *place) {
    size_t used = 0;
    for (size_t k = 0; k < n_levels; k++)
        place[k] = 0;
    for (size_t i = 0; i < n; i++)
        place[levels[i]] = 1;
    for (size_t k = 0; k < n_levels; k++)
        place[k] = place[k] ? used++ : 0;
    for (size_t i = 0; i < n; i++)
        levels[i] = place[levels[i]];
    return used;
}
