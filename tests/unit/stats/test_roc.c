/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/roc.h"

#include "run.h"

/* Values of R's pROC: tests/reference/stats/roc.R. */
static const double outcome24[24] = {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0};
static const double score24[24] = {.21, .64, .35, .35, .81, .12, .47, .64, .08, .73, .92, .41,
                                   .58, .29, .17, .35, .77, .52, .23, .88, .31, .06, .47, .47};

static PlRoc must_roc(const double *score, const double *outcome, size_t n) {
    PlArena arena = {0};
    PlRoc roc;
    cr_assert(eq(int, (int)pl_roc(score, outcome, n, .95, &arena, &roc), PL_OK));
    pl_arena_clear(&arena);
    return roc;
}

static void must_be(const PlRoc *r, double auc, double se, double low, double high, double p) {
    cr_expect(near(r->auc, auc, 1e-13), "%.17g", r->auc);
    cr_expect(near(r->std_error, se, 1e-13), "%.17g", r->std_error);
    cr_expect(r->has_interval);
    cr_expect(near(r->low, low, 1e-12), "%.17g", r->low);
    cr_expect(near(r->high, high, 1e-12), "%.17g", r->high);
    cr_expect(near(r->p_value, p, 1e-11), "%.17g", r->p_value);
}

Test(stats_roc, delong_of_proc) {
    PlRoc r = must_roc(score24, outcome24, 24);
    must_be(&r, .82291666666666674, .084935668366963243, .59721400564241189, .9357519398533537,
            .0083956454201538633);
    cr_expect(eq(sz, r.n_yes, 12));
    cr_expect(eq(sz, r.n_no, 12));
}

Test(stats_roc, many_ties_of_proc) {
    double score[300], outcome[300];
    for (int i = 0; i < 300; i++) {
        score[i] = (7 * i) % 23;
        outcome[i] = (13 * i * i + 5 * i) % 17 < score[i] * 17 / 30;
    }
    PlRoc r = must_roc(score, outcome, 300);
    must_be(&r, .78716292515470443, .026328565405631252, .73103878018056401, .83423129994472156,
            8.6012944809576118e-17);
}

/* Turning the score around turns the area around and leaves its error; so does swapping the outcomes. */
Test(stats_roc, turned_around) {
    double back[24], other[24];
    for (int i = 0; i < 24; i++) {
        back[i] = 7 - 3 * score24[i];
        other[i] = 1 - outcome24[i];
    }
    PlRoc r = must_roc(score24, outcome24, 24), turned = must_roc(back, outcome24, 24),
          swapped = must_roc(score24, other, 24), both = must_roc(back, other, 24);
    cr_expect(near(turned.auc, 1 - r.auc, 1e-13));
    cr_expect(near(turned.low, 1 - r.high, 1e-12));
    cr_expect(near(turned.p_value, r.p_value, 1e-11));
    cr_expect(near(swapped.auc, 1 - r.auc, 1e-13));
    cr_expect(near(both.auc, r.auc, 1e-13));
    cr_expect(near(both.std_error, r.std_error, 1e-12));
}

/* Scores of two normal groups one unit apart: the area is P(Z < 1 / sqrt 2). Fixed seed; the bounds are four
 * standard errors of 95 % in 2000 draws. */
Test(stats_roc, interval_covers_the_truth) {
    const double truth = .5 * erfc(-.5);
    PlRng rng = pl_rng_stream(5, 0);
    size_t covered = 0, runs = 2000;
    for (size_t k = 0; k < runs; k++) {
        double score[80], outcome[80];
        for (int i = 0; i < 80; i++) {
            outcome[i] = i % 2;
            score[i] = normal_draw(&rng) + outcome[i];
        }
        PlRoc r = must_roc(score, outcome, 80);
        covered += r.low <= truth && truth <= r.high;
    }
    double share = (double)covered / (double)runs;
    cr_expect(fabs(share - .95) < .02, "%g", share);
}

Test(stats_roc, perfect_scores_have_no_interval) {
    const double score[] = {1, 2, 3, 4}, right[] = {0, 0, 1, 1}, wrong[] = {1, 1, 0, 0};
    PlRoc r = must_roc(score, right, 4);
    cr_expect(eq(dbl, r.auc, 1));
    cr_expect(not(r.has_interval));
    r = must_roc(score, wrong, 4);
    cr_expect(eq(dbl, r.auc, 0));
    cr_expect(not(r.has_interval));
}

static PlStatus status_of(const double *score, const double *outcome, size_t n, double level, size_t limit) {
    PlArena arena = {.limit = limit};
    PlRoc roc;
    PlStatus status = pl_roc(score, outcome, n, level, &arena, &roc);
    pl_arena_clear(&arena);
    return status;
}

Test(stats_roc, what_is_refused) {
    const double y[] = {0, 1, 0, 1}, s[] = {1, 2, 3, 4}, equal[] = {2, 2, 2, 2}, nan[] = {1, NAN, 3, 4};
    cr_expect(eq(int, (int)status_of(s, y, 4, 1, 0), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)status_of(s, y, 4, NAN, 0), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)status_of(s, s, 4, .95, 0), PL_NOT_BINARY));
    cr_expect(eq(int, (int)status_of(s, nan, 4, .95, 0), PL_NOT_BINARY));
    cr_expect(eq(int, (int)status_of(s, y, 3, .95, 0), PL_TOO_FEW));
    cr_expect(eq(int, (int)status_of(nan, y, 4, .95, 0), PL_NOT_FINITE));
    cr_expect(eq(int, (int)status_of(equal, y, 4, .95, 0), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)status_of(s, y, 4, .95, 1), PL_NO_MEMORY));
    cr_expect(eq(int, (int)status_of(s, y, 4, .95, 64), PL_NO_MEMORY));
}
