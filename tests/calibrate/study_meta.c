/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n experiments of different precision whose true effects spread by `tau`. */
static void draw_studies(PlRng *rng, size_t n, double effect, double tau, PlArena *arena, Experiment *out) {
    double *x = pl_arena_doubles(arena, n), *se = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++) {
        se[i] = exp(.4 * draw_normal(rng));
        x[i] = effect + tau * draw_normal(rng) + se[i] * draw_normal(rng);
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("estimate", x);
    out->sample.roles[PL_SE] = draw_numbers("se", se);
    out->truth = effect;
}

static void spread(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_studies(rng, n, effect, 1, arena, out);
}

static void alike(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_studies(rng, n, effect, 0, arena, out);
}

static const Scenario scenarios[] = {
    {"true effects spread as the errors do", spread}, {"one true effect", alike}, {0}};
static const char *const methods[] = {"meta", NULL};
static const size_t sizes[] = {3, 5, 10, 20, 40, 0};

const Study pl_study_meta = {"Pooling",
                             "n experiments of different precision; the row `hartung_knapp` of `meta`.",
                             "experiments",
                             scenarios,
                             methods,
                             sizes,
                             1,
                             1,
                             NULL};
