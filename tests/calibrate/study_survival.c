/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n customers a group, exponential times, censored at random or not at all. */
static void draw_times(PlRng *rng, size_t n, double censored, PlArena *arena, Experiment *out) {
    double *x = pl_arena_doubles(arena, 2 * n), *event = pl_arena_doubles(arena, 2 * n);
    size_t *group = pl_arena_sizes(arena, 2 * n);
    for (size_t i = 0; i < 2 * n; i++) {
        double time = -log(1 - pl_rng_uniform(rng)),
               end = -log(1 - pl_rng_uniform(rng)) / fmax(censored, 1e-9);
        group[i] = i >= n;
        event[i] = time <= end;
        x[i] = fmin(time, end);
    }
    out->sample.rows = 2 * n;
    out->sample.roles[PL_X] = draw_numbers("days", x);
    out->sample.roles[PL_EVENT] = draw_numbers("churned", event);
    out->sample.roles[PL_GROUP] = draw_levels("group", group, 2, arena);
    out->truth = 0;
}

static void whole(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    (void)effect;
    draw_times(rng, n, 0, arena, out);
}

static void half(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    (void)effect;
    draw_times(rng, n, 1, arena, out);
}

static const Scenario scenarios[] = {
    {"every time ends in the event", whole}, {"half are censored", half}, {0}};
static const char *const methods[] = {"logrank", NULL};
static const size_t sizes[] = {10, 20, 50, 100, 0};

const Study pl_study_survival = {"Survival",
                                 "n customers in each group with exponential times.",
                                 "customers a group",
                                 scenarios,
                                 methods,
                                 sizes,
                                 0,
                                 1,
                                 NULL};
