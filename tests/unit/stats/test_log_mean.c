/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/log_mean.h"
#include "pairlift/stats/rng.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* (a - b) / log(a / b) in long double: 100 and 50 by hand 72.13475204444817. */
Test(log_mean, lies_between_the_geometric_and_the_arithmetic_mean) {
    cr_assert(epsilon_eq(dbl, pl_log_mean(100, 50), 72.13475204444817, 1e-12));
    cr_assert(epsilon_eq(dbl, pl_log_mean(50, 100), 72.13475204444817, 1e-12));
    cr_assert(eq(dbl, pl_log_mean(3, 3), 3));
    /* next to each other: L = mean - d^2 / (12 mean) + ... */
    cr_assert(epsilon_eq(dbl, pl_log_mean(1 + 1e-9, 1), 1 + 5e-10, 1e-15));
}

Test(log_mean, has_none_of_numbers_that_are_not_above_zero) {
    cr_assert(isnan(pl_log_mean(0, 1)));
    cr_assert(isnan(pl_log_mean(1, -1)));
    cr_assert(isnan(pl_log_mean(NAN, 1)));
    cr_assert(isnan(pl_log_mean(INFINITY, 1)));
}

Test(split_change, sums_to_the_change_exactly) {
    PlRng rng = pl_rng_stream(1, 1);
    for (int round = 0; round < 10000; round++) {
        double with[3], without[3], parts[3], sum = 0;
        for (int k = 0; k < 3; k++) {
            with[k] = exp(6 * pl_rng_normal(&rng));
            without[k] = with[k] * exp((round % 3 ? .1 : 3) * pl_rng_normal(&rng));
        }
        cr_assert(eq(int, pl_split_change(with, without, 3, parts), 0));
        for (int k = 0; k < 3; k++)
            sum += parts[k];
        cr_assert(epsilon_eq(dbl, sum, with[2] - without[2], 1e-12 * fmax(with[2], without[2])), "%d", round);
    }
}

/* Ten visits more of 100, nothing else: all of the gain is the visits'. */
Test(split_change, gives_a_factor_that_did_not_move_nothing) {
    const double with[] = {110, 220, 440}, without[] = {100, 200, 400};
    double parts[3];
    cr_assert(eq(int, pl_split_change(with, without, 3, parts), 0));
    cr_assert(epsilon_eq(dbl, parts[0], 40, 1e-12));
    cr_assert(epsilon_eq(dbl, parts[1], 0, 1e-12));
    cr_assert(epsilon_eq(dbl, parts[2], 0, 1e-12));
}

Test(split_change, does_not_split_what_is_not_above_zero) {
    const double with[] = {1, 2}, without[] = {0, 2};
    double parts[2] = {1, 1};
    cr_assert(eq(int, pl_split_change(with, without, 2, parts), 1));
    cr_assert(isnan(parts[0]) && isnan(parts[1]));
}
