/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

/* `n` stores in the treated group and `ratio` n among the controls, whose values spread `spread` times as
 * much; `pre` correlates .6. */
static void draw_groups(PlRng *rng, size_t n, double effect, double (*noise)(PlRng *), size_t ratio,
                        double spread, PlArena *arena, Experiment *out) {
    size_t all = n + ratio * n;
    double *x = pl_arena_doubles(arena, all), *pre = pl_arena_doubles(arena, all);
    size_t *group = pl_arena_sizes(arena, all);
    for (size_t i = 0; i < all; i++) {
        group[i] = i < n;
        pre[i] = noise(rng);
        x[i] = (group[i] ? effect : 0) + (group[i] ? 1 : spread) * (.6 * pre[i] + .8 * noise(rng));
    }
    out->sample.rows = all;
    out->sample.roles[PL_X] = draw_numbers("x", x);
    out->sample.roles[PL_PRE] = draw_numbers("pre", pre);
    out->sample.roles[PL_GROUP] = draw_levels("group", group, 2, arena);
    out->truth = effect;
}

static void normal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_groups(rng, n, effect, draw_normal, 1, 1, arena, out);
}

static void heavy(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_groups(rng, n, effect, draw_t3, 1, 1, arena, out);
}

static void skewed(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_groups(rng, n, effect, draw_skewed, 1, 1, arena, out);
}

static void unequal(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    draw_groups(rng, n, effect, draw_normal, 2, 1.0 / 3, arena, out);
}

static const Scenario scenarios[] = {{"normal", normal},
                                     {"heavy tails", heavy},
                                     {"skewed", skewed},
                                     {"unequal variances and sizes", unequal},
                                     {0}};
static const char *const methods[] = {"welch_t", "pooled_t",    "rank_sum",       "anova",
                                      "cuped",   "welch_anova", "kruskal_wallis", NULL};
static const size_t sizes[] = {3, 5, 8, 12, 20, 40, 100, 0};

const Study pl_study_groups = {"Two groups",
                               "n stores in each group, in the last scenario n treated stores against 2 n "
                               "controls that spread a third as\n"
                               "much. A method for several groups gives a p-value only.",
                               "stores a group",
                               scenarios,
                               methods,
                               sizes,
                               0.5,
                               1,
                               "welch_t pooled_t rank_sum anova welch_anova cuped"};
