/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

double draw_normal(PlRng *rng) {
    double u = 1 - pl_rng_uniform(rng), v = pl_rng_uniform(rng);
    return sqrt(-2 * log(u)) * cos(2 * G_PI * v);
}

double draw_t3(PlRng *rng) {
    double z = draw_normal(rng), chi = 0;
    for (int i = 0; i < 3; i++) {
        double x = draw_normal(rng);
        chi += x * x;
    }
    return z / sqrt(chi / 3) / sqrt(3);
}

double draw_skewed(PlRng *rng) {
    const double e = exp(1);
    return (exp(draw_normal(rng)) - sqrt(e)) / sqrt((e - 1) * e);
}

PlVariable draw_numbers(const char *name, double *values) {
    return (PlVariable){.name = name, .values = values};
}

PlVariable draw_levels(const char *name, size_t *levels, size_t n, PlArena *arena) {
    const char **labels = pl_arena_take(arena, n, sizeof *labels);
    for (size_t i = 0; i < n; i++) {
        char *label = pl_arena_take(arena, 24, 1);
        snprintf(label, 24, "%06zu", i);
        labels[i] = label;
    }
    return (PlVariable){.name = name, .levels = levels, .n_levels = n, .labels = labels};
}
