/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n pairs of geos: spend differs by about 10 within each, the response by `effect` a unit of it and noise
 * that grows with the geo's size. */
static void draw_pairs(PlRng *rng, size_t n, double effect, double (*noise)(PlRng *), PlArena *arena,
                       Experiment *out) {
    double *x = pl_arena_doubles(arena, n), *y = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++) {
        double size = exp(.5 * draw_normal(rng));
        y[i] = 10 * size * (1 + .1 * draw_normal(rng));
        x[i] = effect * y[i] + 10 * size * noise(rng);
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("response", x);
    out->sample.roles[PL_Y] = draw_numbers("spend", y);
    out->truth = effect;
}

static void normal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_pairs(rng, n, effect, draw_normal, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_pairs(rng, n, effect, draw_t3, arena, out);
}

static const Scenario scenarios[] = {{"normal", normal}, {"heavy tails", heavy}, {0}};
static const char *const methods[] = {"trimmed_match", NULL};
static const size_t sizes[] = {10, 20, 40, 80, 0};

const Study pl_study_geo = {"Return on spend",
                            "n pairs of geos whose spend and noise grow with their size.",
                            "pairs",
                            scenarios,
                            methods,
                            sizes,
                            2,
                            .5,
                            NULL};
