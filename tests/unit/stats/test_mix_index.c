/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/mix_index.h"

#include "run.h"

/* tests/reference/stats/mix_index.R has the values of these ten stores. */
static const double total10[10] = {120, 85.5, 240, 61, 99, 310, 150.25, 77, 180, 95};
static const double part10[10] = {14, 9.5, 31, 0, 13, 22, 9, 5.5, 12, 8};
static const bool here10[10] = {true, true, true, true, true};

Test(stats_mix_index, ten_stores_of_r) {
    PlMixIndex m;
    cr_assert(eq(int, (int)pl_mix_index(total10, part10, here10, 10, .95, &m), PL_OK));
    cr_expect(near(m.index, 1.2745814576063503, 1e-13), "%.17g", m.index);
    cr_expect(near(m.df, 3.4408962346838718, 1e-12), "%.17g", m.df);
    cr_expect(near(m.p_value, .040032951248405953, 1e-9), "%.17g", m.p_value);
    cr_expect(near(m.low, 1.0215304043150255, 1e-9), "%.17g", m.low);
    cr_expect(near(m.high, 1.5182152977324408, 1e-9), "%.17g", m.high);
    cr_expect(eq(sz, m.n_here, 5));
    cr_expect(eq(sz, m.n_elsewhere, 5));
}

Test(stats_mix_index, p_and_interval_agree) {
    PlMixIndex at, m;
    cr_assert(eq(int, (int)pl_mix_index(total10, part10, here10, 10, .95, &at), PL_OK));
    cr_assert(eq(int, (int)pl_mix_index(total10, part10, here10, 10, 1 - .999 * at.p_value, &m), PL_OK));
    cr_expect(m.low < 1);
    cr_assert(eq(int, (int)pl_mix_index(total10, part10, here10, 10, 1 - 1.001 * at.p_value, &m), PL_OK));
    cr_expect(m.low > 1);
}

/* Stores of very different size whose mixes differ, without regard to where they are. */
static double rejections(size_t n_here, size_t n, uint64_t seed) {
    enum { RUNS = 3000, MOST = 64 };
    PlRng rng = pl_rng_stream(seed, 0);
    size_t rejected = 0;
    for (size_t k = 0; k < RUNS; k++) {
        double total[MOST], part[MOST];
        bool here[MOST] = {false};
        PlMixIndex m;
        for (size_t i = 0; i < n; i++) {
            here[i] = i < n_here;
            total[i] = 1000 * exp(.5 * normal_draw(&rng));
            part[i] = total[i] * .05 * exp(.3 * normal_draw(&rng));
        }
        cr_assert(eq(int, (int)pl_mix_index(total, part, here, n, .95, &m), PL_OK));
        rejected += m.p_value <= .05;
    }
    return (double)rejected / RUNS;
}

/* Bounds: four standard errors of a rate in 3000 draws are 1.6 points. */
Test(stats_mix_index, keeps_its_level) {
    double five = rejections(5, 10, 3), unequal = rejections(4, 24, 4), many = rejections(20, 60, 5);
    cr_expect(five > .03 && five < .066, "%g", five);
    cr_expect(unequal > .04 && unequal < .086, "%g", unequal);
    cr_expect(many > .034 && many < .070, "%g", many);
}

Test(stats_mix_index, what_cannot_be_tested_has_an_index) {
    const double total[] = {10, 20, 30, 10, 20, 30}, part[] = {1, 2, 3, 2, 4, 6}, none[] = {0, 0, 0, 2, 4, 6};
    const bool here[] = {true, true, true, false, false, false}, one[6] = {true};
    PlMixIndex m;
    cr_expect(eq(int, (int)pl_mix_index(total, part, here, 6, .95, &m), PL_NO_VARIANCE));
    cr_expect(near(m.index, .1 / .15, 1e-14));
    cr_expect(eq(int, (int)pl_mix_index(total, part, one, 6, .95, &m), PL_TOO_FEW));
    cr_expect(near(m.index, .1 / .15, 1e-14));
    cr_expect(isnan(m.low));
    cr_expect(eq(int, (int)pl_mix_index(total, none, here, 6, .95, &m), PL_NOT_POSITIVE));
    cr_expect(eq(dbl, m.index, 0));
}

Test(stats_mix_index, what_is_refused) {
    const double total[] = {10, 20, 30, 10}, part[] = {1, 2, NAN, 2}, below[] = {10, 20, -1, 10},
                 zero[] = {0, 0, 0, 0};
    const bool here[] = {true, true, false, false};
    PlMixIndex m;
    cr_expect(eq(int, (int)pl_mix_index(total, total, here, 4, 1, &m), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)pl_mix_index(total, part, here, 4, .95, &m), PL_NOT_FINITE));
    cr_expect(eq(int, (int)pl_mix_index(below, total, here, 4, .95, &m), PL_NOT_POSITIVE));
    cr_expect(eq(int, (int)pl_mix_index(zero, zero, here, 4, .95, &m), PL_NOT_POSITIVE));
    cr_expect(isnan(m.index));
}
