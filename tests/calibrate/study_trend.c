/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n values a month apart on a line of slope `effect`, with noise of autocorrelation rho; `grain`: rounded to
 * it, so that many tie. */
static void draw_months(PlRng *rng, size_t n, double effect, double rho, double (*noise)(PlRng *),
                        double grain, PlArena *arena, Experiment *out) {
    double *x = pl_arena_doubles(arena, n), last = noise(rng);
    size_t *time = pl_arena_sizes(arena, n);
    for (size_t t = 0; t < n; t++) {
        last = rho * last + sqrt(1 - rho * rho) * noise(rng);
        x[t] = effect * (double)t + last;
        if (grain > 0)
            x[t] = grain * nearbyint(x[t] / grain);
        time[t] = t;
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("value", x);
    out->sample.roles[PL_TIME] = draw_levels("month", time, n, arena);
    out->truth = effect;
}

static void independent(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_months(rng, n, effect, 0, draw_normal, 0, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_months(rng, n, effect, 0, draw_t3, 0, arena, out);
}

static void rounded(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_months(rng, n, effect, 0, draw_normal, .5, arena, out);
}

static void autocorrelated(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_months(rng, n, effect, .3, draw_normal, 0, arena, out);
}

static const Scenario scenarios[] = {{"independent months", independent},
                                     {"heavy tails", heavy},
                                     {"rounded to half a standard deviation", rounded},
                                     {"autocorrelation .3", autocorrelated},
                                     {0}};
static const char *const methods[] = {"trend", NULL};
static const size_t sizes[] = {5, 8, 12, 24, 60, 100, 0};

const Study pl_study_trend = {"Trend of a short series",
                              "n months on a line whose slope is a tenth of the noise's standard deviation, "
                              "for the coverage;\n"
                              "without a slope for the errors.",
                              "months",
                              scenarios,
                              methods,
                              sizes,
                              .1,
                              1,
                              "trend"};
