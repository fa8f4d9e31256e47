/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/methods.h"
#include "pairlift/stats/rng.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>

/* How often a method at 5 % finds an effect that is not there, and how often its 95 % interval holds one that
 * is. An experiment is one simulated or placebo data set; a scenario makes them; a study runs the methods of
 * a family over the scenarios and sizes. */

/* One data set, the effect in it known. Everything lives in the arena. */
typedef struct {
    PlSample sample;
    size_t during_begin, during_end;
    size_t looks; /* planned; 0: none */
    double truth;
} Experiment;

/* Draws data of `size` (pairs, stores a group, rows: the study says) with the given effect, on the scale in
 * which the method reports it. */
typedef void Draw(PlRng *rng, size_t size, double effect, PlArena *arena, Experiment *out);

typedef struct {
    const char *name; /* "heavy tails" */
    Draw *draw;
} Scenario;

typedef struct {
    const char *title;
    const char *says;      /* how the data are made, a paragraph of Markdown */
    const char *size_word; /* "pairs" */
    const Scenario *scenarios;
    const char *const *methods; /* ids, NULL at the end */
    const size_t *sizes;        /* 0 at the end */
    double effect;              /* of the coverage, 0: the null case serves for both */
    double share;               /* of the simulations asked for: slow methods get fewer */
    const char *holds; /* methods that have to keep their level in the first scenario, where what they assume
                          is true: "paired_t sign_flip"; NULL: none */
} Study;

/* What the scenarios draw from. */
double draw_normal(PlRng *rng);
double draw_t3(PlRng *rng);     /* Student with 3 degrees of freedom, scaled to variance 1 */
double draw_skewed(PlRng *rng); /* lognormal of sigma 1, centred, scaled to variance 1 */
PlVariable draw_numbers(const char *name, double *values);
PlVariable draw_levels(const char *name, size_t *levels, size_t n, PlArena *arena);
