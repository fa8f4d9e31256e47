/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/renumber.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(stats_renumber, leaves_no_hole_and_keeps_the_order) {
    size_t levels[] = {7, 2, 7, 5, 2}, place[8];
    const size_t want[] = {2, 0, 2, 1, 0};
    cr_assert(eq(sz, pl_renumber(levels, 5, 8, place), 3));
    for (size_t i = 0; i < 5; i++)
        cr_assert(eq(sz, levels[i], want[i]));
    cr_assert(eq(sz, pl_renumber(levels, 0, 8, place), 0));
}
