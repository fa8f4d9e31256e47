/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* Two stores over `before` days and half as many during: the test store follows the control with slope .8,
 * and the noise of either has autocorrelation rho. The truth is the effect summed over the days during. */
static void draw_series(PlRng *rng, size_t before, double effect, double rho, double (*noise)(PlRng *),
                        PlArena *arena, Experiment *out) {
    size_t during = before / 2, n = before + during;
    double *x = pl_arena_doubles(arena, n), *y = pl_arena_doubles(arena, n), apart = noise(rng);
    size_t *time = pl_arena_sizes(arena, n);
    for (size_t t = 0; t < n; t++) {
        apart = rho * apart + sqrt(1 - rho * rho) * noise(rng);
        y[t] = 100 + 10 * draw_normal(rng);
        x[t] = 20 + .8 * y[t] + 4 * apart + (t >= before ? effect : 0);
        time[t] = t;
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("test", x);
    out->sample.roles[PL_Y] = draw_numbers("control", y);
    out->sample.roles[PL_TIME] = draw_levels("time", time, n, arena);
    out->during_begin = before;
    out->during_end = n;
    out->truth = effect * (double)during;
}

static void independent(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_series(rng, n, effect, 0, draw_normal, arena, out);
}

static void little(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_series(rng, n, effect, .3, draw_normal, arena, out);
}

static void autocorrelated(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_series(rng, n, effect, .6, draw_normal, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_series(rng, n, effect, 0, draw_t3, arena, out);
}

static const Scenario scenarios[] = {{"independent days", independent},
                                     {"autocorrelation .3", little},
                                     {"autocorrelation .6", autocorrelated},
                                     {"heavy tails", heavy},
                                     {0}};
static const char *const methods[] = {"tbr", "tbr_ar1", NULL};
static const size_t sizes[] = {6, 10, 20, 31, 60, 0};

const Study pl_study_series = {"One pair over time",
                               "Two stores over n days before and n / 2 during; the test store follows the "
                               "control, and what parts them\n"
                               "has autocorrelation 0, .3, .6, or Student's tails.",
                               "days before",
                               scenarios,
                               methods,
                               sizes,
                               2,
                               1,
                               "tbr tbr_ar1"};
