/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/prediction_fit.h"

#include "run.h"

/* Values of R's glm: tests/reference/stats/roc.R. */
static const double outcome24[24] = {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0};
static const double predicted24[24] = {.21, .64, .35, .35, .81, .12, .47, .64, .08, .73, .92, .41,
                                       .58, .29, .17, .35, .77, .52, .23, .88, .31, .06, .47, .47};

static void must_be(const PlPredictionTerm *term, double estimate, double se, double low, double high) {
    cr_assert(eq(int, (int)term->status, PL_OK));
    cr_expect(near(term->estimate, estimate, 1e-11), "%.17g", term->estimate);
    cr_expect(near(term->std_error, se, 1e-11), "%.17g", term->std_error);
    cr_expect(near(term->low, low, 1e-11), "%.17g", term->low);
    cr_expect(near(term->high, high, 1e-11), "%.17g", term->high);
}

Test(stats_prediction_fit, twenty_four_rows_of_r) {
    PlArena arena = {0};
    PlPredictionFit fit;
    cr_assert(eq(int, (int)pl_prediction_fit(predicted24, outcome24, 24, 4, .95, &arena, &fit), PL_OK));
    must_be(&fit.in_the_large, .2597833765966075, .47023421701781648, -.66185875305670439,
            1.1814255062499193);
    must_be(&fit.slope, 1.3934814117728949, .60267566658889016, .21225881090000076, 2.574704012645789);
    cr_expect(near(fit.brier, .16989583333333333, 1e-14));
    cr_expect(eq(dbl, fit.brier_constant, .25));
    cr_expect(near(fit.predicted, .45125, 1e-14));
    cr_expect(eq(dbl, fit.observed, .5));
    const double bins[4][5] = {{6, .145, 1. / 6, .030053369748306673, .56350282218647019},
                               {6, .34333333333333332, 1. / 3, .096771411105780455, .700006684861608},
                               {7, .54142857142857137, 4. / 7, .25045836452765724, .84178014474853013},
                               {5, .822, 1, .56551753521682535, 1}};
    cr_assert(eq(sz, fit.n_bins, 4));
    for (size_t k = 0; k < 4; k++) {
        const PlPredictionBin *bin = &fit.bins[k];
        cr_expect(eq(sz, bin->n, (size_t)bins[k][0]));
        cr_expect(near(bin->predicted, bins[k][1], 1e-14));
        cr_expect(near(bin->observed, bins[k][2], 1e-14));
        cr_expect(near(bin->limits.low, bins[k][3], 1e-12), "%.17g", bin->limits.low);
        cr_expect(near(bin->limits.high, bins[k][4], 1e-12), "%.17g", bin->limits.high);
    }
    pl_arena_clear(&arena);
}

/* Predictions whose logits are half of the true ones and shifted by 0.7 have slope 2 and too low a mean. */
Test(stats_prediction_fit, finds_what_is_wrong) {
    enum { N = 20000 };
    PlRng rng = pl_rng_stream(11, 0);
    PlArena arena = {0};
    PlPredictionFit fit;
    double *p = pl_arena_doubles(&arena, N), *y = pl_arena_doubles(&arena, N);
    for (size_t i = 0; i < N; i++) {
        double logit = 1.5 * normal_draw(&rng);
        y[i] = pl_rng_uniform(&rng) < 1 / (1 + exp(-logit));
        p[i] = 1 / (1 + exp(-(logit / 2 - .7)));
    }
    cr_assert(eq(int, (int)pl_prediction_fit(p, y, N, 10, .999, &arena, &fit), PL_OK));
    cr_expect(fit.slope.low < 2 && 2 < fit.slope.high, "%g %g", fit.slope.low, fit.slope.high);
    cr_expect(fit.in_the_large.low > .5, "%g", fit.in_the_large.low);
    cr_expect(eq(sz, fit.n_bins, 10));
    size_t n = 0;
    for (size_t k = 0; k < fit.n_bins; k++)
        n += fit.bins[k].n;
    cr_expect(eq(sz, n, N));
    pl_arena_clear(&arena);
}

Test(stats_prediction_fit, equal_predictions_are_one_bin) {
    const double p[] = {.5, .5, .5, .5, .5, .5}, y[] = {1, 0, 1, 0, 1, 1};
    PlArena arena = {0};
    PlPredictionFit fit;
    cr_assert(eq(int, (int)pl_prediction_fit(p, y, 6, 3, .95, &arena, &fit), PL_OK));
    cr_expect(eq(sz, fit.n_bins, 1));
    cr_expect(eq(sz, fit.bins[0].n, 6));
    cr_expect(eq(int, (int)fit.slope.status, PL_NO_VARIANCE));
    cr_expect(near(fit.in_the_large.estimate, log(2), 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_prediction_fit, terms_that_cannot_be_had_have_a_status) {
    const double certain[] = {0, .2, .6, 1}, p[] = {.1, .2, .6, .8}, y[] = {0, 1, 0, 1}, all[] = {1, 1, 1, 1},
                 parted[] = {0, 0, 1, 1};
    PlArena arena = {0};
    PlPredictionFit fit;
    cr_assert(eq(int, (int)pl_prediction_fit(certain, y, 4, 2, .95, &arena, &fit), PL_OK));
    cr_expect(eq(int, (int)fit.slope.status, PL_UNBOUNDED));
    cr_expect(eq(int, (int)fit.in_the_large.status, PL_UNBOUNDED));
    cr_expect(near(fit.brier, (.64 + .36) / 4, 1e-14));
    cr_assert(eq(int, (int)pl_prediction_fit(p, all, 4, 2, .95, &arena, &fit), PL_OK));
    cr_expect(eq(int, (int)fit.in_the_large.status, PL_NO_VARIANCE));
    cr_assert(eq(int, (int)pl_prediction_fit(p, parted, 4, 2, .95, &arena, &fit), PL_OK));
    cr_expect(eq(int, (int)fit.slope.status, PL_SEPARATION));
    cr_expect(eq(int, (int)fit.in_the_large.status, PL_OK));
    pl_arena_clear(&arena);
}

static PlStatus status_of(const double *p, const double *y, size_t n, size_t bins, double level,
                          size_t limit) {
    PlArena arena = {.limit = limit};
    PlPredictionFit fit;
    PlStatus status = pl_prediction_fit(p, y, n, bins, level, &arena, &fit);
    pl_arena_clear(&arena);
    return status;
}

Test(stats_prediction_fit, what_is_refused) {
    const double p[] = {.1, .7, .6}, y[] = {0, 1, 0}, beyond[] = {.1, 1.1, .6}, nan[] = {.1, NAN, .6};
    cr_expect(eq(int, (int)status_of(p, y, 3, 2, 1, 0), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)status_of(p, y, 3, 0, .95, 0), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)status_of(nan, y, 3, 2, .95, 0), PL_NOT_FINITE));
    cr_expect(eq(int, (int)status_of(beyond, y, 3, 2, .95, 0), PL_NOT_PROBABILITY));
    cr_expect(eq(int, (int)status_of(p, p, 3, 2, .95, 0), PL_NOT_BINARY));
    cr_expect(eq(int, (int)status_of(p, y, 0, 2, .95, 0), PL_TOO_FEW));
    cr_expect(eq(int, (int)status_of(p, y, 3, 2, .95, 1), PL_NO_MEMORY));
    cr_expect(eq(int, (int)status_of(p, y, 3, 2, .95, 100), PL_NO_MEMORY));
}
