/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n stores with six rows each; x follows a covariate that is a store's own, and the noise of a store's rows
 * is correlated .5. With `clustered` FALSE every row is a store of its own. */
static void draw_rows(PlRng *rng, size_t n, double effect, gboolean clustered, double (*noise)(PlRng *),
                      PlArena *arena, Experiment *out) {
    size_t each = clustered ? 6 : 1, rows = n * each;
    double *x = pl_arena_doubles(arena, rows), *y = pl_arena_doubles(arena, rows);
    size_t *cluster = pl_arena_sizes(arena, rows);
    for (size_t i = 0, row = 0; i < n; i++) {
        double covariate = draw_normal(rng), common = noise(rng);
        for (size_t k = 0; k < each; k++, row++) {
            y[row] = covariate + (clustered ? .3 * draw_normal(rng) : 0);
            x[row] = effect * y[row] + sqrt(.5) * (common + noise(rng));
            cluster[row] = i;
        }
    }
    PlVariable *on = pl_arena_take(arena, 1, sizeof *on);
    *on = draw_numbers("y", y);
    out->sample.rows = rows;
    out->sample.roles[PL_X] = draw_numbers("x", x);
    out->sample.roles[PL_Y] = draw_numbers("y", y);
    if (clustered)
        out->sample.roles[PL_CLUSTER] = draw_levels("store", cluster, n, arena);
    out->sample.on = on;
    out->sample.n_on = 1;
    out->truth = effect;
}

static void normal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_rows(rng, n, effect, FALSE, draw_normal, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_rows(rng, n, effect, FALSE, draw_t3, arena, out);
}

static void clustered(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_rows(rng, n, effect, TRUE, draw_normal, arena, out);
}

static const Scenario scenarios[] = {
    {"normal", normal}, {"heavy tails", heavy}, {"six rows a store, clustered", clustered}, {0}};
static const char *const methods[] = {"ols", "correlation", "spearman", NULL};
static const size_t sizes[] = {5, 8, 12, 20, 40, 100, 0};

const Study pl_study_regression = {
    "Regression and correlation",
    "n stores; in the last scenario six rows of each, which have noise in common: `ols` is told the "
    "clusters\n"
    "(CR2 with Satterthwaite's degrees of freedom), the correlations cannot be.",
    "stores",
    scenarios,
    methods,
    sizes,
    0,
    1,
    "ols correlation spearman"};
