/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/root.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static _Bool square_above(double x, const void *context) {
    return x * x > *(const double *)context;
}

Test(stats_root, the_place_of_the_turn_to_the_last_digits) {
    for (double square = 1e-20; square < 1e20; square *= 7)
        cr_assert(ieee_ulp_eq(dbl, pl_root(square_above, &square, 0, 1e11), sqrt(square), 2));
}

Test(stats_root, without_a_turn_the_nearer_end) {
    double far = 100, none = -1;
    cr_assert(epsilon_eq(dbl, pl_root(square_above, &far, 0, 3), 3, 1e-14));
    cr_assert(epsilon_eq(dbl, pl_root(square_above, &none, 0, 3), 0, 1e-14));
}
