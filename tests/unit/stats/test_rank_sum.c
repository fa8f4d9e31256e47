/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"

#include "pairlift/stats/groups.h"

/* R: tests/reference/stats/groups.R. */
static const double hollander_x[10] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
                    hollander_y[5] = {1.15, 0.88, 0.90, 0.74, 1.21};

static PlInference rank_sum(const double *x, size_t n1, const double *y, size_t n2, double level,
                            PlAlternative alternative) {
    PlArena arena = {0};
    PlInference in = {0};
    PlInferenceOptions o = {.conf_level = level, .alternative = alternative, .threads = 1};
    PlStatus status = pl_rank_sum(x, n1, y, n2, &o, &arena, &in);
    pl_arena_clear(&arena);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    return in;
}

Test(stats_rank_sum, agrees_with_r_without_ties) {
    static const double p[3] = {0.25441225441225440, 0.12720612720612720, 0.89676989676989671},
                        low[3] = {-0.15, -0.08, -INFINITY}, high[3] = {0.76, INFINITY, 0.72};
    for (size_t a = 0; a < 3; a++) {
        PlInference in = rank_sum(hollander_x, 10, hollander_y, 5, .95, alternatives[a]);
        cr_expect(in.statistic == 35 && near(in.estimate, .305, 1e-12));
        cr_expect(near(in.p_value, p[a], 1e-13));
        cr_expect(near(in.conf_low, low[a], 1e-12) && near(in.conf_high, high[a], 1e-12), "%zu: %g %g", a,
                  in.conf_low, in.conf_high);
    }
}

Test(stats_rank_sum, counts_every_choice_of_midranks_with_ties) {
    const double x[6] = {1, 2, 2, 3, 5, 5}, y[7] = {2, 3, 4, 5, 6, 7, 7};
    PlInference greater = rank_sum(x, 6, y, 7, .95, PL_GREATER), less = rank_sum(x, 6, y, 7, .95, PL_LESS);
    cr_expect(greater.statistic == 9.5 && near(greater.p_value, 0.96270396270396275, 1e-13));
    cr_expect(near(less.p_value, 0.058275058275058272, 1e-13));
    cr_expect(eq(sz, less.n_tied, 10));
}

/* Computed decimals tie as the written ones do. */
Test(stats_rank_sum, noise_of_subtraction_breaks_no_tie) {
    const double x[4] = {13.2 - 14, .3, .1 + .2, 1}, y[3] = {-.8, .3, 2};
    cr_expect(eq(sz, rank_sum(x, 4, y, 3, .9, PL_TWO_SIDED).n_tied, 5));
}

Test(stats_rank_sum, normal_approximation_of_many_with_ties_is_r_s) {
    static const double x[80] = {-.6, .2,  -.8, 1.6, .3,   -.8, .5,   .7,  .6,  -.3, 1.5,  .4,   -.6, -2.2,
                                 1.1, 0,   0,   .9,  .8,   .6,  .9,   .8,  .1,  -2,  .6,   -.1,  -.2, -1.5,
                                 -.5, .4,  1.4, -.1, .4,   -.1, -1.4, -.4, -.4, -.1, 1.1,  .8,   -.2, -.3,
                                 .7,  .6,  -.7, -.7, .4,   .8,  -.1,  .9,  .4,  -.6, .3,   -1.1, 1.4, 2,
                                 -.4, -1,  .6,  -.1, 2.4,  0,   .7,   0,   -.7, .2,  -1.8, 1.5,  .2,  2.2,
                                 .5,  -.7, .6,  -.9, -1.3, .3,  -.4,  0,   .1,  -.6},
                        y[70] = {-.3, .2,  1.5, -1.2, .9,   .6,  1.4,  0,   .7,  .6,  -.2, 1.5,  1.5, 1,
                                 1.9, .9,  -1,  -.3,  -.9,  -.2, -.3,  .3,  -.6, .5,  -.4, 2.1,  1,   1.2,
                                 .7,  2,   -.3, -.2,  1.7,  -.4, .1,   -.1, 0,   0,   .8,  .1,   -.2, 1.6,
                                 .1,  .1,  .2,  1,    .2,   .3,  -.4,  0,   .4,  -.3, .8,  -1.2, .6,  -1.2,
                                 0,   -.2, -.4, .2,   -1.6, 1.5, -1.4, -.2, -.8, -.5, 2.4, .3,   -1,  -1.3};
    PlInference in = rank_sum(x, 80, y, 70, .95, PL_TWO_SIDED);
    cr_expect(in.statistic == 2660 && near(in.p_value, 0.59893570384326633, 1e-12), "%g %.17g", in.statistic,
              in.p_value);
}

Test(stats_rank_sum, interval_and_p_are_one_procedure) {
    for (uint64_t round = 0; round < 600; round++) {
        PlRng rng = pl_rng_stream(21, round);
        double x[70], y[70], level = round % 2 ? .9 : .95;
        size_t n1 = 2 + round % 11, n2 = 2 + round / 7 % 13;
        if (round % 25 == 0)
            n1 = 60, n2 = 55;
        for (size_t i = 0; i < n1; i++)
            x[i] = .8 + normal_draw(&rng);
        for (size_t i = 0; i < n2; i++)
            y[i] = normal_draw(&rng);
        for (size_t i = 0; i < n1 && round % 3 == 0; i++)
            x[i] = nearbyint(x[i]);
        for (size_t i = 0; i < n2 && round % 3 == 0; i++)
            y[i] = nearbyint(y[i]);
        bool flat = true;
        for (size_t i = 0; i < n1 + n2; i++)
            flat = flat && (i < n1 ? x[i] : y[i - n1]) == x[0];
        if (flat)
            continue;
        PlInference in = rank_sum(x, n1, y, n2, level, alternatives[round % 3]);
        bool rejects = in.p_value <= 1 - level, leaves_out = in.conf_low > 0 || in.conf_high < 0;
        cr_expect(rejects == leaves_out, "round %d: p %g, %g to %g", (int)round, in.p_value, in.conf_low,
                  in.conf_high);
    }
}

Test(stats_rank_sum, swapping_the_groups_turns_everything) {
    PlInference a = rank_sum(hollander_x, 10, hollander_y, 5, .9, PL_TWO_SIDED),
                b = rank_sum(hollander_y, 5, hollander_x, 10, .9, PL_TWO_SIDED);
    cr_expect(near(a.p_value, b.p_value, 1e-13) && a.statistic + b.statistic == 50);
    cr_expect(near(a.estimate, -b.estimate, 1e-13) && near(a.conf_low, -b.conf_high, 1e-13));
}

Test(stats_rank_sum, what_is_refused_and_too_few_for_the_level) {
    must_refuse_bad_groups("rank_sum");
    PlInference in = rank_sum(hollander_x, 2, hollander_y, 2, .95, PL_TWO_SIDED);
    cr_expect(isinf(in.conf_low) != 0 && isinf(in.conf_high) != 0);
    PlArena arena = {0};
    cr_expect(
        eq(int, (int)pl_rank_sum(hollander_x, 0, hollander_y, 2, &two_sided_95, &arena, &in), PL_TOO_FEW));
    pl_arena_clear(&arena);
}
