/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/beale.h"
#include "pairlift/stats/rng.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

Test(beale, by_hand) {
    cr_assert(epsilon_eq(dbl, pl_beale_ratio(120, 100, 25, 5), 1.2 * (1 + 5 / 12000.0) / (1 + 25 / 10000.0),
                         1e-14));
    cr_assert(epsilon_eq(dbl, pl_beale_ratio(0, 100, 25, 5), 0.05 / 100.25, 1e-14));
    cr_assert(eq(dbl, pl_beale_ratio(3, 2, 0, 0), 1.5));
    cr_assert_not(isfinite(pl_beale_ratio(1, 0, 1, 1)));
}

/* Means of eight pairs (x, y), y with a coefficient of variation of a half: the plain ratio is 3 % too high.
 */
Test(beale, has_less_bias_than_the_plain_ratio) {
    double plain = 0, beale = 0;
    enum { ROUNDS = 40000, N = 8 };
    for (int r = 0; r < ROUNDS; r++) {
        PlRng rng = pl_rng_stream(11, (uint64_t)r);
        double a = 0, b = 0, bb = 0, ab = 0;
        for (int i = 0; i < N; i++) {
            double y = 1 + 0.866 * (2 * pl_rng_uniform(&rng) - 1), x = 2 + (2 * pl_rng_uniform(&rng) - 1);
            a += x / N;
            b += y / N;
            bb += y * y / N;
            ab += x * y / N;
        }
        plain += a / b / ROUNDS;
        beale += pl_beale_ratio(a, b, (bb - b * b) / (N - 1), (ab - a * b) / (N - 1)) / ROUNDS;
    }
    cr_assert(gt(dbl, plain, 2.06));
    cr_assert(epsilon_eq(dbl, beale, 2, 0.01));
}
