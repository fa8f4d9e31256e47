/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "real.h"

/* A random window of a real set and random stores that are complete in it, in random order. */
typedef struct {
    const Real *real;
    size_t start;
    size_t *units, n;
} Window;

static size_t below(PlRng *rng, size_t n) {
    return (size_t)(pl_rng_uniform(rng) * (double)n);
}

static gboolean complete(const Real *real, size_t unit, size_t start) {
    for (size_t t = start; t < start + real->before + real->during; t++)
        if (isnan(real->matrix[unit * real->n_times + t]))
            return FALSE;
    return TRUE;
}

static Window draw_window(PlRng *rng, const Real *real, PlArena *arena) {
    if (real->n_times < real->before + real->during) /* the set is not there */
        return (Window){.real = real};
    Window w = {real, below(rng, real->n_times - real->before - real->during + 1),
                pl_arena_sizes(arena, real->n_units), 0};
    for (size_t u = 0; u < real->n_units; u++)
        if (complete(real, u, w.start))
            w.units[w.n++] = u;
    for (size_t i = w.n; i > 1; i--) {
        size_t other = below(rng, i), kept = w.units[i - 1];
        w.units[i - 1] = w.units[other];
        w.units[other] = kept;
    }
    return w;
}

static double mean_of(const Window *w, size_t unit, gboolean during) {
    const Real *real = w->real;
    size_t begin = w->start + (during ? real->before : 0), n = during ? real->during : real->before;
    double sum = 0;
    for (size_t t = begin; t < begin + n; t++)
        sum += exp(real->matrix[unit * real->n_times + t]);
    return log(sum / (double)n);
}

/* Every pair is two random stores, so worse matched than anybody's. */
static void draw_pairs(PlRng *rng, const Real *real, size_t n, PlArena *arena, Experiment *out) {
    Window w = draw_window(rng, real, arena);
    if (w.n < 2 * n)
        return;
    double *x = pl_arena_doubles(arena, n), *pre = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++) {
        size_t test = w.units[2 * i], control = w.units[2 * i + 1];
        pre[i] = mean_of(&w, test, FALSE) - mean_of(&w, control, FALSE);
        x[i] = mean_of(&w, test, TRUE) - mean_of(&w, control, TRUE) - pre[i];
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("effect", x);
    out->sample.roles[PL_PRE] = draw_numbers("pre", pre);
}

/* `units` stores, of which every second or (one) the first is treated. */
static void draw_panel(PlRng *rng, const Real *real, size_t units, gboolean one, PlArena *arena,
                       Experiment *out) {
    Window w = draw_window(rng, real, arena);
    size_t times = real->before + real->during, rows = units * times;
    if (w.n < units)
        return;
    double *x = pl_arena_doubles(arena, rows), *treated = pl_arena_doubles(arena, rows);
    size_t *unit = pl_arena_sizes(arena, rows), *time = pl_arena_sizes(arena, rows),
           *cluster = pl_arena_sizes(arena, rows);
    for (size_t u = 0, row = 0; u < units; u++)
        for (size_t t = 0; t < times; t++, row++) {
            gboolean test = one ? u == 0 : u % 2 == 0;
            x[row] = real->matrix[w.units[u] * real->n_times + w.start + t];
            treated[row] = test && t >= real->before;
            unit[row] = u;
            time[row] = t;
            cluster[row] = u / 2;
        }
    out->sample.rows = rows;
    out->sample.roles[PL_X] = draw_numbers("x", x);
    out->sample.roles[PL_TREATED] = draw_numbers("treated", treated);
    out->sample.roles[PL_UNIT] = draw_levels("unit", unit, units, arena);
    out->sample.roles[PL_TIME] = draw_levels("time", time, times, arena);
    if (!one)
        out->sample.roles[PL_CLUSTER] = draw_levels("pair", cluster, units / 2, arena);
}

/* The mean of n test stores against that of n controls. */
static void draw_series(PlRng *rng, const Real *real, size_t n, PlArena *arena, Experiment *out) {
    Window w = draw_window(rng, real, arena);
    size_t times = real->before + real->during;
    if (w.n < 2 * n)
        return;
    double *x = pl_arena_doubles(arena, times), *y = pl_arena_doubles(arena, times);
    size_t *time = pl_arena_sizes(arena, times);
    for (size_t t = 0; t < times; t++) {
        time[t] = t;
        for (size_t i = 0; i < 2 * n; i++)
            (i % 2 ? y : x)[t] += exp(real->matrix[w.units[i] * real->n_times + w.start + t]) / (double)n;
    }
    out->sample.rows = times;
    out->sample.roles[PL_X] = draw_numbers("test", x);
    out->sample.roles[PL_Y] = draw_numbers("control", y);
    out->sample.roles[PL_TIME] = draw_levels("time", time, times, arena);
    out->during_begin = real->before;
    out->during_end = times;
}

/* Nothing happened in any of them, so the truth stays 0 and the effect that is asked for is not added. */
#define SET(k)                                                                                               \
    static void pairs_##k(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {            \
        (void)effect;                                                                                        \
        draw_pairs(rng, &real_sets[k], n, arena, out);                                                       \
    }                                                                                                        \
    static void panel_##k(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {            \
        (void)effect;                                                                                        \
        draw_panel(rng, &real_sets[k], 2 * n, FALSE, arena, out);                                            \
    }                                                                                                        \
    static void one_##k(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {              \
        (void)effect;                                                                                        \
        draw_panel(rng, &real_sets[k], n + 1, TRUE, arena, out);                                             \
    }                                                                                                        \
    static void series_##k(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {           \
        (void)effect;                                                                                        \
        draw_series(rng, &real_sets[k], n, arena, out);                                                      \
    }
SET(0)
SET(1)
SET(2)

#define SCENARIOS(kind)                                                                                      \
    {                                                                                                        \
        {"orange juice, 83 supermarkets by week (12 before, 4 during)", kind##_0},                           \
            {"40 cities by day, before their test (28 before, 14 during)", kind##_1},                        \
            {"geos of a published design example by day (28 before, 14 during)", kind##_2}, {                \
            0                                                                                                \
        }                                                                                                    \
    }

static const Scenario of_pairs[] = SCENARIOS(pairs), of_panel[] = SCENARIOS(panel), of_one[] = SCENARIOS(one),
                      of_series[] = SCENARIOS(series);
static const char *const pair_methods[] = {"paired_t",      "sign_flip",    "signed_rank", "sign_test",
                                           "bootstrap_bca", "bayes_normal", "cuped",       NULL};
static const char *const panel_methods[] = {"fixed_effects", "wild_bootstrap", "synthetic_did", NULL};
static const char *const one_methods[] = {"synthetic_control", "synthetic_did", "conformal", NULL};
static const char *const series_methods[] = {"tbr", "tbr_ar1", NULL};
static const size_t pair_sizes[] = {3, 5, 8, 12, 20, 0}, panel_sizes[] = {3, 5, 8, 12, 20, 0},
                    one_sizes[] = {5, 10, 19, 39, 0}, series_sizes[] = {1, 3, 8, 0};

#define SAYS                                                                                                 \
    "Random dates and random stores of real panels in which nothing happened, drawn again and again: the\n"  \
    "draws overlap, so that these rates vary more than their number of simulations says. "

const Study pl_study_placebo_pairs = {"Placebo pairs of real stores",
                                      SAYS "Each pair is two stores\ndrawn at random, on the log scale.",
                                      "pairs",
                                      of_pairs,
                                      pair_methods,
                                      pair_sizes,
                                      0,
                                      .5,
                                      NULL};
const Study pl_study_placebo_series = {"Placebo pairs of real stores over time",
                                       SAYS "The mean of n test\nstores against the mean of n controls.",
                                       "pairs",
                                       of_series,
                                       series_methods,
                                       series_sizes,
                                       0,
                                       .5,
                                       NULL};
const Study pl_study_placebo_panel = {"Placebo panels of real stores",
                                      SAYS "n test stores and n\ncontrols, on the log scale.",
                                      "pairs",
                                      of_panel,
                                      panel_methods,
                                      panel_sizes,
                                      0,
                                      .1,
                                      NULL};
const Study pl_study_placebo_one = {"One placebo store among real ones",
                                    SAYS "One test store and n\ncontrols, on the log scale.",
                                    "controls",
                                    of_one,
                                    one_methods,
                                    one_sizes,
                                    0,
                                    .1,
                                    NULL};
