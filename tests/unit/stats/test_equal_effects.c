/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/equal_effects.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "pairlift/stats/init.h"

/* Three groups with means 10, 12, 15, standard deviations 2, 3, 1 and 5, 8, 4 values: R, in
 * tests/reference/stats/equal_effects.R. */
static const PlLevelEffect three[] = {
    {10, 0.89442719099991588, 4, 2}, {12, 1.0606601717798212, 7, 3}, {15, 0.5, 3, 1}};

Test(equal_effects, as_in_r) {
    PlEqualEffects e;
    pl_stats_init();
    cr_assert(eq(int, pl_equal_effects_welch(three, 3, &e), PL_OK));
    cr_assert(epsilon_eq(dbl, e.f, 12.2219734141924121218, 1e-11));
    cr_assert(epsilon_eq(dbl, e.df2, 8.7863278614796520571, 1e-11));
    cr_assert(epsilon_eq(dbl, e.p_value, 0.0028970277986301862, 1e-12));
    cr_assert(eq(int, pl_equal_effects_pooled(three, 3, &e), PL_OK));
    cr_assert(epsilon_eq(dbl, e.f, 4.760401721664276664, 1e-11));
    cr_assert(eq(dbl, e.df2, 14));
    cr_assert(epsilon_eq(dbl, e.p_value, 0.026468612819956387, 1e-12));
}

Test(equal_effects, two_levels_are_welchs_t) {
    PlEqualEffects e;
    pl_stats_init();
    cr_assert(eq(int, pl_equal_effects_welch(three, 2, &e), PL_OK));
    double v1 = 4.0 / 5, v2 = 9.0 / 8, df = (v1 + v2) * (v1 + v2) / (v1 * v1 / 4 + v2 * v2 / 7);
    cr_assert(epsilon_eq(dbl, e.f, 4 / (v1 + v2), 1e-13));
    cr_assert(epsilon_eq(dbl, e.df2, df, 1e-12));
    cr_assert(eq(dbl, e.df1, 1));
}

Test(equal_effects, refusals) {
    static const struct {
        PlLevelEffect other;
        PlStatus status;
    } cases[] = {
        {{NAN, 1, 3, 1}, PL_NOT_FINITE},
        {{1, INFINITY, 3, 1}, PL_NOT_FINITE},
        {{1, 1, 0, 1}, PL_TOO_FEW},
        {{1, 0, 3, 0}, PL_NO_VARIANCE},
    };
    PlEqualEffects e = {-1, -1, -1, -1};
    pl_stats_init();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlLevelEffect levels[] = {three[0], cases[i].other};
        cr_assert(eq(int, pl_equal_effects_welch(levels, 2, &e), cases[i].status));
        cr_assert(eq(int, pl_equal_effects_pooled(levels, 2, &e), cases[i].status));
    }
    PlLevelEffect no_sd[] = {three[0], {1, 1, 3, NAN}};
    cr_assert(eq(int, pl_equal_effects_pooled(no_sd, 2, &e), PL_NO_VARIANCE));
    cr_assert(eq(int, pl_equal_effects_welch(three, 1, &e), PL_ONE_LEVEL));
    cr_assert(eq(int, pl_equal_effects_welch(three, 1001, &e), PL_TOO_LARGE));
    cr_assert(eq(int, pl_equal_effects_pooled(three, 1001, &e), PL_TOO_LARGE));
    cr_assert(eq(dbl, e.f, -1));
}
