/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

enum { BEFORE = 28, DURING = 14, TIMES = BEFORE + DURING };

/* `pairs` pairs of stores (or one treated store and `controls` others) over 28 days before and 14 during: a
 * level of each store, two common shocks a day that stores follow more or less, and noise of a store with
 * autocorrelation rho. Logs of sales, so that .1 is 10 %. */
typedef struct {
    size_t units, treated;
    double rho, effect, unequal;
    double (*noise)(PlRng *);
} Design;

static void draw_panel(PlRng *rng, const Design *design, PlArena *arena, Experiment *out) {
    size_t rows = design->units * TIMES;
    double *x = pl_arena_doubles(arena, rows), *treated = pl_arena_doubles(arena, rows), shocks[2][TIMES];
    size_t *unit = pl_arena_sizes(arena, rows), *time = pl_arena_sizes(arena, rows),
           *cluster = pl_arena_sizes(arena, rows);
    for (size_t t = 0; t < TIMES; t++) {
        shocks[0][t] = .1 * draw_normal(rng);
        shocks[1][t] = .1 * sin(2 * G_PI * (double)t / 7);
    }
    for (size_t u = 0, row = 0; u < design->units; u++) {
        double level = .5 * draw_normal(rng), a = 1 + .3 * draw_normal(rng), b = 1 + .3 * draw_normal(rng);
        double noise = design->noise(rng), scale = .1 * exp(design->unequal * draw_normal(rng));
        for (size_t t = 0; t < TIMES; t++, row++) {
            noise = design->rho * noise + sqrt(1 - design->rho * design->rho) * design->noise(rng);
            unit[row] = u;
            time[row] = t;
            cluster[row] = u / 2;
            /* every second unit is a pair's test store; with one treated it is the last */
            gboolean test = design->treated == 1 ? u + 1 == design->units : u % 2 == 1;
            treated[row] = test && t >= BEFORE;
            x[row] =
                level + a * shocks[0][t] + b * shocks[1][t] + scale * noise + treated[row] * design->effect;
        }
    }
    out->sample.rows = rows;
    out->sample.roles[PL_X] = draw_numbers("x", x);
    out->sample.roles[PL_TREATED] = draw_numbers("treated", treated);
    out->sample.roles[PL_UNIT] = draw_levels("unit", unit, design->units, arena);
    out->sample.roles[PL_TIME] = draw_levels("time", time, TIMES, arena);
    if (design->treated != 1)
        out->sample.roles[PL_CLUSTER] = draw_levels("pair", cluster, design->units / 2, arena);
    out->truth = design->effect;
}

#define PANEL(name, rho, unequal, noise)                                                                     \
    static void pairs_##name(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {         \
        draw_panel(rng, &(Design){2 * n, n == 1 ? 2 : n, rho, effect, unequal, noise}, arena, out);          \
    }                                                                                                        \
    static void one_##name(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {           \
        draw_panel(rng, &(Design){n + 1, 1, rho, effect, unequal, noise}, arena, out);                       \
    }
PANEL(independent, 0, 0, draw_normal)
PANEL(autocorrelated, .6, 0, draw_normal)
PANEL(heavy, .3, 0, draw_t3)
PANEL(unequal, .3, .8, draw_normal)

static const Scenario of_pairs[] = {{"independent days", pairs_independent},
                                    {"autocorrelated days", pairs_autocorrelated},
                                    {"heavy tails", pairs_heavy},
                                    {"unequal variances", pairs_unequal},
                                    {0}};
static const char *const panel_methods[] = {"fixed_effects", "wild_bootstrap", "synthetic_did", NULL};
static const size_t panel_sizes[] = {3, 5, 8, 12, 20, 40, 0};

const Study pl_study_panel = {
    "Pairs of stores over time",
    "n pairs of stores over 28 days before and 14 during, on the log scale: a level of each store, a common\n"
    "shock and a weekday swing that stores follow more or less, and noise of each store with "
    "autocorrelation\n"
    "0, .6, .3 (Student with 3 degrees of freedom) and .3 (with a spread of its own for each store). "
    "Clusters\n"
    "are the pairs.",
    "pairs",
    of_pairs,
    panel_methods,
    panel_sizes,
    0.1,
    .2,
    "fixed_effects wild_bootstrap"};

/* Stores without pairs, n in all, the last three of them treated; `spread`: the treated vary that much more.
 */
static void draw_few_treated(PlRng *rng, size_t n, double effect, double spread, PlArena *arena,
                             Experiment *out) {
    enum { TREATED = 3 };
    size_t rows = n * TIMES;
    double *x = pl_arena_doubles(arena, rows), *treated = pl_arena_doubles(arena, rows);
    size_t *unit = pl_arena_sizes(arena, rows), *time = pl_arena_sizes(arena, rows);
    for (size_t u = 0, row = 0; u < n; u++) {
        gboolean test = u + TREATED >= n;
        double level = .5 * draw_normal(rng), change = .05 * (test ? spread : 1) * draw_normal(rng);
        for (size_t t = 0; t < TIMES; t++, row++) {
            unit[row] = u;
            time[row] = t;
            treated[row] = test && t >= BEFORE;
            x[row] = level + (t >= BEFORE ? change : 0) + .1 * draw_normal(rng) + treated[row] * effect;
        }
    }
    out->sample.rows = rows;
    out->sample.roles[PL_X] = draw_numbers("x", x);
    out->sample.roles[PL_TREATED] = draw_numbers("treated", treated);
    out->sample.roles[PL_UNIT] = draw_levels("unit", unit, n, arena);
    out->sample.roles[PL_TIME] = draw_levels("time", time, TIMES, arena);
    out->truth = effect;
}

static void few_alike(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_few_treated(rng, n, effect, 1, arena, out);
}

static void few_spread(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_few_treated(rng, n, effect, 3, arena, out);
}

static const Scenario of_few[] = {
    {"all stores vary alike", few_alike}, {"the treated vary three times as much", few_spread}, {0}};
static const char *const few_methods[] = {"fixed_effects", "wild_bootstrap", NULL};
static const size_t few_sizes[] = {6, 8, 12, 20, 40, 0};

const Study pl_study_few_treated = {"Three treated stores without pairs",
                                    "n stores over 28 days before and 14 during, three of them treated; what "
                                    "a store does by itself between the\n"
                                    "two periods has a standard deviation of 5 %. Clusters are the stores.",
                                    "stores",
                                    of_few,
                                    few_methods,
                                    few_sizes,
                                    0.1,
                                    .3,
                                    "fixed_effects"};

static const Scenario of_one[] = {{"independent days", one_independent},
                                  {"autocorrelated days", one_autocorrelated},
                                  {"heavy tails", one_heavy},
                                  {"unequal variances", one_unequal},
                                  {0}};
static const char *const one_methods[] = {"synthetic_control", "synthetic_did", "conformal", NULL};
static const size_t one_sizes[] = {3, 5, 10, 19, 39, 0};

const Study pl_study_one_treated = {"One treated store",
                                    "The same stores, one treated and n controls.",
                                    "controls",
                                    of_one,
                                    one_methods,
                                    one_sizes,
                                    0.1,
                                    .1,
                                    "synthetic_control conformal"};
