/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n differences that are looked at as they come: what counts is whether any look finds an effect. */
static void draw_course(PlRng *rng, size_t n, double (*noise)(PlRng *), PlArena *arena, Experiment *out) {
    double *x = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++)
        x[i] = noise(rng);
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("difference", x);
    out->looks = n;
}

static void normal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    (void)effect;
    draw_course(rng, n, draw_normal, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    (void)effect;
    draw_course(rng, n, draw_t3, arena, out);
}

static void skewed(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    (void)effect;
    draw_course(rng, n, draw_skewed, arena, out);
}

/* Five looks at a growing sample of n: estimate and error at each. */
static void looks(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    enum { LOOKS = 5 };
    double *x = pl_arena_doubles(arena, LOOKS), *se = pl_arena_doubles(arena, LOOKS), sum = 0;
    (void)effect;
    for (size_t look = 0, i = 0; look < LOOKS; look++) {
        for (; i < n * (look + 1) / LOOKS; i++)
            sum += draw_normal(rng);
        x[look] = sum / (double)i;
        se[look] = 1 / sqrt((double)i);
    }
    out->sample.rows = LOOKS;
    out->sample.roles[PL_X] = draw_numbers("estimate", x);
    out->sample.roles[PL_SE] = draw_numbers("se", se);
    out->looks = LOOKS;
}

static const Scenario of_course[] = {{"normal", normal}, {"heavy tails", heavy}, {"skewed", skewed}, {0}};
static const Scenario of_looks[] = {{"normal", looks}, {0}};
static const char *const course_methods[] = {"msprt", "confidence_sequence", NULL};
static const char *const look_methods[] = {"group_sequential", NULL};
static const size_t course_sizes[] = {50, 200, 1000, 0}, look_sizes[] = {25, 100, 500, 0};

const Study pl_study_course = {
    "Looking all the time",
    "n differences without effect, looked at after each: how often any look finds one. A look at "
    "the end alone\nwould be allowed 5 %.",
    "differences",
    of_course,
    course_methods,
    course_sizes,
    0,
    .5,
    "msprt confidence_sequence"};
const Study pl_study_looks = {
    "Five planned looks",
    "n differences without effect, looked at five times: how often any look crosses its boundary.",
    "differences",
    of_looks,
    look_methods,
    look_sizes,
    0,
    1,
    "group_sequential"};
