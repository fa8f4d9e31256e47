/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* n customers a group, of whom a share redeems; the effect is the difference of the shares. */
static void draw_rates(PlRng *rng, size_t n, double effect, double rate, PlArena *arena, Experiment *out) {
    double *x = pl_arena_doubles(arena, 2 * n), *on = pl_arena_doubles(arena, 2 * n);
    size_t *group = pl_arena_sizes(arena, 2 * n);
    for (size_t i = 0; i < 2 * n; i++) {
        group[i] = i >= n;
        on[i] = (double)group[i];
        x[i] = pl_rng_uniform(rng) < rate + (double)group[i] * effect;
    }
    PlVariable *covariate = pl_arena_take(arena, 1, sizeof *covariate);
    *covariate = draw_numbers("coupon", on);
    out->sample.rows = 2 * n;
    out->sample.roles[PL_X] = draw_numbers("redeemed", x);
    out->sample.roles[PL_GROUP] = draw_levels("group", group, 2, arena);
    out->sample.on = covariate;
    out->sample.n_on = 1;
    out->truth = effect;
}

static void ten(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_rates(rng, n, effect, .1, arena, out);
}

static void third(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_rates(rng, n, effect, .35, arena, out);
}

static const Scenario scenarios[] = {{"10 % redeem", ten}, {"35 % redeem", third}, {0}};
static const char *const methods[] = {"proportions", "fisher_exact", "chi_square", "logistic", NULL};
static const size_t sizes[] = {10, 20, 50, 100, 500, 0};

const Study pl_study_rates = {
    "Rates",
    "n customers in each group, of whom 10 or 35 % redeem. `logistic` and `fisher_exact` report odds, whose\n"
    "coverage is that of no effect.",
    "customers a group",
    scenarios,
    methods,
    sizes,
    0,
    1,
    "proportions fisher_exact"};
