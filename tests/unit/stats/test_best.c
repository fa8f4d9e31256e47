/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/best.h"
#include "pairlift/stats/student.h"
#include "run.h"

static const PlInferenceOptions many = {.conf_level = 0.95, .resamples = 200000, .seed = 7, .threads = 1};

/* Five standard errors of a share of 200,000 draws at most. */
#define ERROR 0.0056

static PlStatus best_of(const double *e, const double *v, size_t k, double df, double *best) {
    PlArena arena = {0};
    double shrunk;
    PlStatus status = pl_probability_best(e, v, k, df, &many, &arena, best, &shrunk);
    pl_arena_clear(&arena);
    return status;
}

Test(stats_best, two_treatments_are_students_distribution) {
    static const double e[] = {0.05, 0.03}, dfs[] = {1, 1.5, 4, 30};
    for (size_t i = 0; i < sizeof dfs / sizeof *dfs; i++) {
        for (int correlated = 0; correlated < 2; correlated++) {
            double cov = correlated ? 0.0003 : 0, v[] = {0.0004, cov, cov, 0.0009}, best[2];
            cr_assert(eq(int, (int)best_of(e, v, 2, dfs[i], best), PL_OK));
            double want = pl_student_tail(-(e[0] - e[1]) / sqrt(0.0004 + 0.0009 - 2 * cov), dfs[i]);
            cr_expect(fabs(best[0] - want) < ERROR, "df %g: %g, not %g", dfs[i], best[0], want);
            cr_expect(fabs(best[0] + best[1] - 1) < 1e-9);
        }
    }
}

Test(stats_best, equal_treatments_are_equally_probable) {
    double e[] = {1, 1, 1, 1}, v[16] = {0}, best[4];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            v[4 * i + j] = i == j ? 2 : 1; /* a control that all share */
    cr_assert(eq(int, (int)best_of(e, v, 4, 10, best), PL_OK));
    for (int i = 0; i < 4; i++)
        cr_expect(fabs(best[i] - 0.25) < ERROR, "%g", best[i]);
}

Test(stats_best, a_covariance_that_cannot_be_is_shrunk) {
    double e[] = {1, 2}, v[] = {1, 1.5, 1.5, 1}, best[2], shrunk;
    PlArena arena = {0};
    cr_assert(eq(int, (int)pl_probability_best(e, v, 2, 10, &many, &arena, best, &shrunk), PL_OK));
    cr_expect(shrunk < 1 && shrunk > 0.5);
    pl_arena_clear(&arena);
}

Test(stats_best, refuses) {
    static const double e[] = {1, 2}, v[] = {1, 0, 0, 1}, none[] = {1, 0, 0, 0}, bad[] = {1, NAN, NAN, 1};
    double best[2];
    cr_expect(eq(int, (int)best_of(e, v, 1, 10, best), PL_TOO_FEW));
    cr_expect(eq(int, (int)best_of(e, v, 2, 0.5, best), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)best_of(e, none, 2, 10, best), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)best_of(e, bad, 2, 10, best), PL_NOT_FINITE));
    cr_expect(eq(int, (int)best_of((const double[]){INFINITY, 1}, v, 2, 10, best), PL_NOT_FINITE));
}
