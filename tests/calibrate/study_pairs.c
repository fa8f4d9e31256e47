/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* The effect of each pair, in standard deviations of the effects; `pre` is the difference of the pair before,
 * correlated .6 with that during. */
static void draw_pairs(PlRng *rng, size_t n, double effect, double (*noise)(PlRng *), double spread,
                       PlArena *arena, Experiment *out) {
    double *x = pl_arena_doubles(arena, n), *pre = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++) {
        double sd = exp(spread * draw_normal(rng));
        pre[i] = noise(rng);
        x[i] = effect + sd * (.6 * pre[i] + .8 * noise(rng));
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("effect", x);
    out->sample.roles[PL_PRE] = draw_numbers("pre", pre);
    out->truth = effect;
}

static void normal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_pairs(rng, n, effect, draw_normal, 0, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_pairs(rng, n, effect, draw_t3, 0, arena, out);
}

static void skewed(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_pairs(rng, n, effect, draw_skewed, 0, arena, out);
}

static void unequal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_pairs(rng, n, effect, draw_normal, .8, arena, out);
}

/* Days of an autocorrelated (.6) difference of two stores: the effect is the change of its mean from 28 days
 * before to 28 days during. */
static void autocorrelated(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    enum { DAYS = 28 };
    double *x = pl_arena_doubles(arena, n), *pre = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++) {
        double mean[2] = {0}, level = draw_normal(rng), noise = draw_normal(rng);
        for (int t = 0; t < 2 * DAYS; t++) {
            noise = .6 * noise + .8 * draw_normal(rng);
            mean[t / DAYS] += (level + noise) / DAYS;
        }
        pre[i] = mean[0];
        x[i] = mean[1] - mean[0] + effect;
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("effect", x);
    out->sample.roles[PL_PRE] = draw_numbers("pre", pre);
    out->truth = effect;
}

static const Scenario scenarios[] = {{"normal", normal},
                                     {"heavy tails", heavy},
                                     {"skewed", skewed},
                                     {"unequal variances", unequal},
                                     {"autocorrelated days", autocorrelated},
                                     {0}};
static const char *const methods[] = {"paired_t",      "sign_flip",    "signed_rank", "sign_test",
                                      "bootstrap_bca", "bayes_normal", "cuped",       NULL};
static const size_t sizes[] = {3, 5, 8, 12, 20, 40, 100, 0};

const Study pl_study_pairs = {
    "Pairs",
    "The effects of n pairs: normal; Student's t with 3 degrees of freedom; centred lognormal; normal with "
    "a\n"
    "standard deviation of its own for each pair (log sd .8); and the change of a store difference with "
    "daily\n"
    "autocorrelation .6 over 28 days each. `sign_test` and `signed_rank` estimate a median, which is not "
    "the\n"
    "mean where effects are skewed: what they miss there is another question's answer.",
    "pairs",
    scenarios,
    methods,
    sizes,
    0.5,
    1,
    "paired_t sign_flip signed_rank sign_test bayes_normal cuped"};
