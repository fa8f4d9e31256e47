/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/logistic_curve.h"

#include "run.h"

/* tests/reference/stats/cluster_rate.R */
static const double s[10] = {9, 14, 22, 31, 12, 20, 18, 44, 5, 6},
                    w[10] = {300, 310, 350, 330, 420, 400, 260, 500, 150, 90},
                    face[10] = {.5, 1, 1.5, 2, .5, 1, 1.5, 2, .5, 2};
static const size_t store[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 8};

Test(stats_logistic_curve, it_is_rs_glm_with_the_jackknife_over_clusters) {
    PlArena arena = {0};
    PlLogisticCurve c;
    double error;
    cr_assert(eq(int, (int)pl_logistic_curve(face, s, w, 10, store, 9, &arena, &c), PL_OK));
    cr_expect(eq(int, (int)c.errors, PL_OK));
    cr_expect(near(c.intercept, -3.78270457498318, 1e-12));
    cr_expect(near(c.slope, 0.731533573500067, 1e-12));
    cr_expect(near(c.variance[0], 0.00711295905002402, 1e-9));
    cr_expect(near(c.variance[1], 0.00289861766059334, 1e-9));
    cr_expect(near(c.covariance, -0.00431317859234057, 1e-9));
    cr_expect(
        near(pl_logistic_curve_at(&c, 1.3, &error), -3.78270457498318 + 1.3 * 0.731533573500067, 1e-12));
    cr_expect(near(error, 0.0282375380715333, 1e-8));
    cr_expect(eq(dbl, c.df, 7.0));
    pl_arena_clear(&arena);
}

Test(stats_logistic_curve, too_few_clusters_have_a_line_without_errors) {
    PlArena arena = {0};
    PlLogisticCurve c;
    double error;
    /* two clusters; and three, without one of which a single face value is left */
    static const size_t two[4] = {0, 0, 1, 1}, three[4] = {0, 1, 2, 2};
    static const double x[4] = {1, 1, 1, 2};
    cr_assert(eq(int, (int)pl_logistic_curve(face, s, w, 4, two, 2, &arena, &c), PL_OK));
    cr_expect(eq(int, (int)c.errors, PL_TOO_FEW));
    pl_logistic_curve_at(&c, 1, &error);
    cr_expect(isnan(error));
    cr_assert(eq(int, (int)pl_logistic_curve(x, s, w, 4, three, 3, &arena, &c), PL_OK));
    cr_expect(eq(int, (int)c.errors, PL_TOO_FEW));
    cr_expect(isnan(c.df) && isnan(c.variance[1]));
    pl_arena_clear(&arena);
}

Test(stats_logistic_curve, what_has_no_line_is_refused) {
    PlArena arena = {0}, small = {.limit = 64};
    PlLogisticCurve c;
    static const double same[3] = {1, 1, 1}, none[3] = {0, 0, 0}, apart[3] = {0, 0, 350};
    static const size_t each[3] = {0, 1, 2};
    cr_expect(eq(int, (int)pl_logistic_curve(same, s, w, 3, each, 3, &arena, &c), PL_SINGULAR));
    cr_expect(eq(int, (int)pl_logistic_curve(face, none, w, 3, each, 3, &arena, &c), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)pl_logistic_curve(face, apart, w, 3, each, 3, &arena, &c), PL_SEPARATION));
    cr_expect(eq(int, (int)pl_logistic_curve(face, s, w, 0, each, 0, &arena, &c), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_logistic_curve(face, s, w, 10, store, 9, &small, &c), PL_NO_MEMORY));
    pl_arena_clear(&arena);
    pl_arena_clear(&small);
}
