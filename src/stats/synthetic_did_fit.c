/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/synthetic_did_fit.h"

#include "pairlift/stats/synthetic_did.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The ridge of the time weights is this part of the noise, which only breaks ties. */
#define TIME_RIDGE 1e-6

/* Products of the times are taken over from all controls when this part of their squares is left. */
#define LEFT_AT_LEAST 1e-3

static double mean_of(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static void take_own_mean_off(double *series, size_t units, size_t times, size_t before) {
    for (size_t u = 0; u < units; u++) {
        double mean = mean_of(series + u * times, before);
        for (size_t t = 0; t < times; t++)
            series[u * times + t] -= mean;
    }
}

static double difference(const PlPanelCentred *c, size_t u, size_t t) {
    return c->controls[u * c->n_times + t] - c->controls[u * c->n_times + t - 1] +
           (c->level[t] - c->level[t - 1]) / c->scale;
}

static PlStatus sum_differences(PlDidPanel *s, PlArena *arena) {
    const PlPanelCentred *c = &s->panel;
    s->difference_sum = pl_arena_doubles(arena, c->n_controls);
    s->difference_square = pl_arena_doubles(arena, c->n_controls);
    if (!s->difference_sum || !s->difference_square)
        return PL_NO_MEMORY;
    double mean = 0;
    for (size_t u = 0; u < c->n_controls; u++)
        for (size_t t = 1; t < c->n_before; t++)
            mean += difference(c, u, t);
    mean /= (double)c->n_controls * (double)(c->n_before - 1);
    for (size_t u = 0; u < c->n_controls; u++)
        for (size_t t = 1; t < c->n_before; t++) {
            double d = difference(c, u, t) - mean;
            s->difference_sum[u] += d;
            s->difference_square[u] += d * d;
        }
    return PL_OK;
}

/* The noise of the draw, sd (n - 1) of all first differences of its controls before, and its ridges. */
static void set_ridges(const PlDidPanel *s, PlDidDraw *b) {
    double before = (double)s->panel.n_before, during = (double)s->panel.n_times - before;
    double n = (double)b->n * (before - 1), sum = 0, square = 0;
    for (size_t k = 0; k < b->n; k++) {
        sum += s->difference_sum[b->list[k]];
        square += s->difference_square[b->list[k]];
    }
    double variance = n < 2 ? 0 : fmax(0, square - sum * sum / n) / (n - 1);
    b->noise = sqrt(variance);
    b->unit_ridge = sqrt((double)b->n_treated * during) * variance * before;
    b->time_ridge = TIME_RIDGE * TIME_RIDGE * fmax(variance, DBL_EPSILON);
}

PlStatus pl_did_panel(const PlPanelMatrix *panel, PlArena *arena, PlDidPanel *s) {
    PlPanelCentred *c = &s->panel;
    *s = (PlDidPanel){0};
    PlStatus status = pl_panel_centre(panel, arena, c);
    if (status != PL_OK)
        return status;
    size_t n = c->n_controls, before = c->n_before;
    if (before < 2)
        return PL_NO_BEFORE;
    status = sum_differences(s, arena);
    if (status != PL_OK)
        return status;
    s->controls = c->controls;
    s->each = c->each;
    take_own_mean_off(s->controls, n, c->n_times, before);
    take_own_mean_off(s->each, c->n_treated, c->n_times, before);
    s->points = pl_arena_doubles(arena, n * before);
    double *by_time = pl_arena_doubles(arena, n * before);
    if (!s->points || !by_time)
        return PL_NO_MEMORY;
    for (size_t u = 0; u < n; u++)
        for (size_t t = 0; t < before; t++)
            s->points[u * before + t] = by_time[t * n + u] = s->controls[u * c->n_times + t];
    PlCloud units, times;
    status = pl_cloud(s->points, n, before, arena, &units);
    if (status == PL_OK)
        status = pl_cloud(by_time, before, n, arena, &times);
    if (status == PL_OK) {
        s->gram = (double *)units.gram;
        s->time_gram = (double *)times.gram;
    }
    return status;
}

PlStatus pl_did_draw(const PlDidPanel *s, size_t most, PlArena *arena, PlDidDraw *b) {
    const PlPanelCentred *c = &s->panel;
    size_t before = c->n_before, all = most > c->n_controls ? most : c->n_controls;
    *b = (PlDidDraw){.list = pl_arena_sizes(arena, all),
                     .order = pl_arena_sizes(arena, all),
                     .copies = pl_arena_doubles(arena, c->n_controls),
                     .treated = pl_arena_doubles(arena, c->n_times),
                     .unit_points = pl_arena_doubles(arena, most * before),
                     .unit_gram = pl_arena_doubles(arena, most * most),
                     .unit_cross = pl_arena_doubles(arena, most),
                     .unit_weights = pl_arena_doubles(arena, most),
                     .time_points = pl_arena_doubles(arena, most * before),
                     .time_gram = pl_arena_doubles(arena, before * before),
                     .products = pl_arena_doubles(arena, before * before),
                     .time_cross = pl_arena_doubles(arena, before),
                     .time_weights = pl_arena_doubles(arena, before),
                     .time_mean = pl_arena_doubles(arena, before),
                     .during = pl_arena_doubles(arena, most)};
    if (!b->list || !b->order || !b->copies || !b->treated || !b->unit_points || !b->unit_gram ||
        !b->unit_cross || !b->unit_weights || !b->time_points || !b->time_gram || !b->time_cross ||
        !b->time_weights || !b->time_mean || !b->during || !b->products)
        return PL_NO_MEMORY;
    PlStatus status = pl_simplex_work(arena, most, before, &b->unit_work);
    if (status == PL_OK)
        status = pl_ridge_work(arena, most, before, &b->ridge_work);
    return status == PL_OK ? pl_simplex_work(arena, before, most, &b->time_work) : status;
}

/* Weights of the draw's controls that follow the series before; see simplex_ridge.c for when which way. */
static PlStatus weigh_units(const PlDidPanel *s, PlDidDraw *b) {
    size_t before = s->panel.n_before, all = s->panel.n_controls;
    for (size_t k = 0; k < b->n; k++)
        memcpy(b->unit_points + k * before, s->points + b->list[k] * before, before * sizeof *s->points);
    PlCloud cloud = {.n = b->n, .dim = before, .points = b->unit_points, .gram = b->unit_gram};
    PlSimplexTask task = {.cloud = &cloud,
                          .target = b->treated,
                          .cross = b->unit_cross,
                          .target_square = pl_dot(b->treated, b->treated, before),
                          .ridge = b->unit_ridge};
    if (b->has_products && b->n > before && b->unit_ridge > 0 &&
        pl_simplex_ridge_fit(&task, b->products, &b->ridge_work, b->unit_weights) == PL_OK)
        return PL_OK;
    for (size_t k = 0; k < b->n; k++) {
        for (size_t l = 0; l < b->n; l++)
            b->unit_gram[k * b->n + l] = s->gram[b->list[k] * all + b->list[l]];
        b->unit_cross[k] = pl_dot(b->treated, b->unit_points + k * before, before);
    }
    return pl_simplex_fit(&task, &b->unit_work, b->unit_weights);
}

/* By the points themselves. */
static void multiply_times_anew(size_t before, PlDidDraw *b) {
    for (size_t t = 0; t < before; t++)
        for (size_t v = 0; v <= t; v++)
            b->time_gram[t * before + v] = b->time_gram[v * before + t] =
                pl_dot(b->time_points + t * b->n, b->time_points + v * b->n, b->n);
}

/* time_gram = products of the times over the draw's controls, each time's mean taken off: all controls' less
 * those of the missing ones, and more those of the repeated; anew where the missing ones were so large that
 * their rounding would be seen in the rest. */
static void multiply_times(const PlDidPanel *s, PlDidDraw *b) {
    size_t before = s->panel.n_before;
    double whole = 0, left = pl_dot(b->time_points, b->time_points, before * b->n);
    for (size_t t = 0; t < before; t++)
        whole += s->time_gram[t * before + t];
    b->has_products = left >= LEFT_AT_LEAST * whole;
    if (!b->has_products) {
        multiply_times_anew(before, b);
        return;
    }
    double n = (double)b->n;
    memset(b->copies, 0, s->panel.n_controls * sizeof *b->copies);
    for (size_t k = 0; k < b->n; k++)
        b->copies[b->list[k]]++;
    memcpy(b->time_gram, s->time_gram, before * before * sizeof *b->time_gram);
    for (size_t u = 0; u < s->panel.n_controls; u++) {
        double change = b->copies[u] - 1;
        const double *x = s->points + u * before;
        for (size_t t = 0; t < before && change != 0; t++) {
            double factor = change * x[t], *row = b->time_gram + t * before;
#pragma omp simd
            for (size_t v = 0; v < before; v++)
                row[v] += factor * x[v];
        }
    }
    memcpy(b->products, b->time_gram, before * before * sizeof *b->products);
    for (size_t t = 0; t < before; t++) {
        double factor = n * b->time_mean[t], *row = b->time_gram + t * before;
#pragma omp simd
        for (size_t v = 0; v < before; v++)
            row[v] -= factor * b->time_mean[v];
    }
}

/* Weights of the times before that follow the controls' means during. */
static PlStatus weigh_times(const PlDidPanel *s, PlDidDraw *b) {
    const PlPanelCentred *c = &s->panel;
    size_t before = c->n_before, n = b->n;
    for (size_t t = 0; t < before; t++) {
        double *point = b->time_points + t * n;
        for (size_t k = 0; k < n; k++)
            point[k] = s->points[b->list[k] * before + t];
        b->time_mean[t] = mean_of(point, n);
        for (size_t k = 0; k < n; k++)
            point[k] -= b->time_mean[t];
    }
    for (size_t k = 0; k < n; k++)
        b->during[k] = mean_of(s->controls + b->list[k] * c->n_times + before, c->n_times - before);
    double mean = mean_of(b->during, n);
    for (size_t k = 0; k < n; k++)
        b->during[k] -= mean;
    multiply_times(s, b);
    for (size_t t = 0; t < before; t++)
        b->time_cross[t] = pl_dot(b->during, b->time_points + t * n, n);
    PlCloud cloud = {.n = before, .dim = n, .points = b->time_points, .gram = b->time_gram};
    PlSimplexTask task = {.cloud = &cloud,
                          .target = b->during,
                          .cross = b->time_cross,
                          .target_square = pl_dot(b->during, b->during, n),
                          .ridge = b->time_ridge * (double)n};
    return pl_simplex_fit(&task, &b->time_work, b->time_weights);
}

double pl_did_contrast(const PlPanelCentred *c, const double *series, const double *time_weights) {
    return mean_of(series + c->n_before, c->n_times - c->n_before) -
           pl_dot(series, time_weights, c->n_before);
}

PlStatus pl_did_estimate(const PlDidPanel *s, PlDidDraw *b, double *effect) {
    set_ridges(s, b);
    PlStatus status = weigh_times(s, b);
    if (status == PL_OK)
        status = weigh_units(s, b);
    if (status != PL_OK)
        return status;
    *effect = pl_did_contrast(&s->panel, b->treated, b->time_weights);
    for (size_t k = 0; k < b->n; k++)
        if (b->unit_weights[k] > 0)
            *effect -=
                b->unit_weights[k] *
                pl_did_contrast(&s->panel, s->controls + b->list[k] * s->panel.n_times, b->time_weights);
    return PL_OK;
}

void pl_did_average(const double *series, const size_t *which, size_t n, size_t times, double *out) {
    memset(out, 0, times * sizeof *out);
    for (size_t k = 0; k < n; k++)
        for (size_t t = 0; t < times; t++)
            out[t] += series[(which ? which[k] : k) * times + t] / (double)n;
}

PlStatus pl_did_estimate_all(const PlDidPanel *s, PlDidDraw *b, double *effect) {
    b->n = s->panel.n_controls;
    b->n_treated = s->panel.n_treated;
    for (size_t k = 0; k < b->n; k++)
        b->list[k] = k;
    pl_did_average(s->each, NULL, s->panel.n_treated, s->panel.n_times, b->treated);
    return pl_did_estimate(s, b, effect);
}

/* Synthetic difference in differences: the treated units' change from a weighted mean of the times before to
 * the mean during, less the same of a weighted mean of controls. Both sets of weights are exact optima.
 * PL_NO_BEFORE: fewer than two times before. Others: pl_panel_centre, pl_simplex_fit.
 * Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager 2021, doi:10.1257/aer.20190159. Check: Proposition
 * 99, -15.60539791632858, tests/unit/stats/test_synthetic_did.c. */
PlStatus pl_synthetic_did(const PlPanelMatrix *panel, PlArena *arena, PlSyntheticDid *out) {
    PlDidPanel s;
    PlDidDraw b;
    double effect = 0;
    PlStatus status = pl_did_panel(panel, arena, &s);
    if (status == PL_OK)
        status = pl_did_draw(&s, panel->n_controls, arena, &b);
    if (status == PL_OK)
        status = pl_did_estimate_all(&s, &b, &effect);
    if (status != PL_OK)
        return status;
    const PlPanelCentred *c = &s.panel;
    double did = mean_of(b.treated + c->n_before, c->n_times - c->n_before); /* means before are 0 */
    for (size_t u = 0; u < c->n_controls; u++)
        did -= mean_of(s.controls + u * c->n_times + c->n_before, c->n_times - c->n_before) /
               (double)c->n_controls;
    *out = (PlSyntheticDid){.effect = effect * c->scale,
                            .did = did * c->scale,
                            .noise = b.noise * c->scale,
                            .zeta_units = sqrt(b.unit_ridge / (double)c->n_before) * c->scale,
                            .zeta_times = sqrt(b.time_ridge) * c->scale,
                            .unit_weights = b.unit_weights,
                            .time_weights = b.time_weights};
    return PL_OK;
}
