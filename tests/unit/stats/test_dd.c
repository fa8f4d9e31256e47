/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/dd.h"
#include "run.h"

/* (1 + 2^-52)^2 = 1 + 2^-51 + 2^-104, all of it. */
Test(stats_dd, a_product_is_exact) {
    PlDd square = pl_dd_product(1 + 0x1p-52, 1 + 0x1p-52);
    cr_assert(square.high == 1 + 0x1p-51 && square.low == 0x1p-104);
}

Test(stats_dd, a_sum_is_exact) {
    PlDd sum = pl_dd_sum(1e16, 1);
    cr_assert(sum.high == 1e16 && sum.low == 1);
}

Test(stats_dd, the_operations_undo_each_other) {
    PlRng rng = pl_rng_stream(5, 0);
    for (size_t i = 0; i < 1000; i++) {
        PlDd a = pl_dd_sum(pl_rng_uniform(&rng) + .5, pl_rng_uniform(&rng) * 0x1p-54);
        PlDd b = pl_dd_sum(pl_rng_uniform(&rng) - .5, pl_rng_uniform(&rng) * 0x1p-56);
        PlDd back = pl_dd_multiply(pl_dd_divide(a, b), b), root = pl_dd_sqrt(a);
        cr_assert(fabs(pl_dd_value(pl_dd_subtract(back, a))) < 1e-30);
        cr_assert(fabs(pl_dd_value(pl_dd_subtract(pl_dd_multiply(root, root), a))) < 1e-30);
        PlDd cube = pl_dd_multiply(pl_dd_multiply(a, a), a);
        cr_assert(fabs(pl_dd_value(pl_dd_subtract(pl_dd_power(a, 3), cube))) < 1e-29);
    }
    cr_assert(pl_dd_sqrt(pl_dd(0)).high == 0 && pl_dd_sqrt(pl_dd(-1)).high == 0);
}
