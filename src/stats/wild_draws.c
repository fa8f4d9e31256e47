/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_crossed.h"
#include "pairlift/stats/rng.h"
#include "pairlift/stats/wild_bootstrap.h"

#include <math.h>
#include <omp.h>
#include <string.h>

/* With weights w the scores of a resample are s_g = w_g x_g'u_g - x_g'(P w u)_g - d x_g'x_g, u the residuals
 * under the null, P the projection on absorbed effects, d the resample's coefficient less its null (Roodman
 * et al. 2019, section 5: sums over clusters once, then each resample is of the order of the clusters). P w u
 * is nothing for effects nested in clusters. For others x_g'P_gh u_h is z_g'(V'V)^- v_h, with sums z_g of x
 * and v_h of u by levels (see cluster_crossed.c): as many different rows as there are different z_g, which in
 * a balanced panel are those of the treatment's start. u = e - h x is linear in the null coef + h, and so is
 * all of the rest: one pass serves every null. */

/* Weights of six points with the first four moments of a sign: Webb 2023, doi:10.1111/caje.12661. */
static const double webb[6] = {1.224744871391589,   1,  0.7071067811865476,
                               -0.7071067811865476, -1, -1.224744871391589};

/* Draws of one random stream; panels of PL_PANEL draws go through at a time. */
enum { BLOCK = 16 * PL_PANEL, EXACT_UP_TO = 1 << 16, WORD = 64 };

typedef struct {
    const PlClusterFit *fit;
    PlWeights weights;
    bool exact;
    uint64_t seed;
    size_t clusters, n;
    double *score, *square; /* x_g'e_g, x_g'x_g */
    double total;           /* of square */
    size_t n_rows;          /* different z_g; 0: all effects nested */
    size_t *row_of;         /* of each cluster */
    double *for_e, *for_x;  /* [n_rows][clusters] */
} Wild;

PlWeights pl_wild_weights(PlWeights asked, size_t n_clusters) {
    enum { TOO_FEW_FOR_SIGNS = 12 };
    if (asked != PL_WEIGHTS_DEFAULT)
        return asked;
    return n_clusters < TOO_FEW_FOR_SIGNS ? PL_WEIGHTS_WEBB : PL_WEIGHTS_RADEMACHER;
}

bool pl_wild_is_exact(PlWeights weights, size_t n_clusters, size_t resamples) {
    double all = pow(weights == PL_WEIGHTS_WEBB ? 6 : 2, (double)n_clusters);
    return all <= (double)(resamples > EXACT_UP_TO ? resamples : EXACT_UP_TO);
}

/* ---- what does not depend on the weights ---- */

/* z_g, or v_g: sums of a column by the levels of the other sets. */
static void sums_by_level(const PlCrossed *c, const double *column, double *sums) {
    for (size_t g = 0; g < c->fit->n_clusters; g++)
        for (size_t s = 0; s < c->n_rest; s++)
            for (size_t at = c->start[g]; at < c->start[g + 1]; at++)
                sums[g * c->n_levels + c->rest[s][at]] += column[at];
}

/* Numbers the different rows of z; `first` gets a cluster that has each. */
static size_t number_rows(const double *z, size_t clusters, size_t width, size_t *row_of, size_t *first) {
    size_t n = 0;
    for (size_t g = 0; g < clusters; g++) {
        size_t i = 0;
        while (i < n && i < PL_BETWEEN_KEPT &&
               memcmp(z + first[i] * width, z + g * width, width * sizeof *z) != 0)
            i++;
        if (i == n || i == PL_BETWEEN_KEPT)
            first[i = n++] = g;
        row_of[g] = i;
    }
    return n;
}

/* For PL_PANEL of the different rows of z, from number i on: their products through (V'V)^- with every v and
 * z. work: [2 width + clusters][PL_PANEL]. */
static void fill_rows(const Wild *w, const PlCrossed *c, const double *z, const double *v,
                      const size_t *first, size_t i, double *work) {
    size_t width = c->n_levels, n = w->clusters, here = w->n_rows - i < PL_PANEL ? w->n_rows - i : PL_PANEL;
    double *columns = work, *solved = work + width * PL_PANEL, *products = solved + width * PL_PANEL;
    for (size_t k = 0; k < width; k++)
        for (size_t j = 0; j < PL_PANEL; j++)
            columns[k * PL_PANEL + j] = j < here ? z[first[i + j] * width + k] : 0;
    if (c->inverse)
        pl_times_panel(c->inverse, width, width, columns, solved);
    for (size_t k = 0; k < width * PL_PANEL && !c->inverse; k++)
        solved[k] = c->scale * columns[k];
    pl_times_panel(v, n, width, solved, products);
    for (size_t j = 0; j < here; j++)
        for (size_t g = 0; g < n; g++)
            w->for_e[(i + j) * n + g] = products[g * PL_PANEL + j];
    pl_times_panel(z, n, width, solved, products);
    for (size_t j = 0; j < here; j++)
        for (size_t g = 0; g < n; g++)
            w->for_x[(i + j) * n + g] = products[g * PL_PANEL + j];
}

static PlStatus prepare_crossed(Wild *w, const bool *nested, PlArena *arena) {
    PlCrossed c = {.fit = w->fit, .threads = w->fit->threads > 0 ? w->fit->threads : 1};
    PlStatus status = pl_crossed_lay_out(&c, nested, arena);
    if (status != PL_OK)
        return status;
    size_t n = w->clusters, width = c.n_levels, each = (2 * width + n) * PL_PANEL;
    double *z = pl_arena_doubles(arena, n * width), *v = pl_arena_doubles(arena, n * width);
    double *work = pl_arena_doubles(arena, (size_t)c.threads * each);
    size_t *first = pl_arena_sizes(arena, n);
    w->row_of = pl_arena_sizes(arena, n);
    if (!z || !v || !work || !first || !w->row_of)
        return PL_NO_MEMORY;
    sums_by_level(&c, c.x[0], z);
    sums_by_level(&c, c.residuals, v);
    w->n_rows = number_rows(z, n, width, w->row_of, first);
    w->for_e = pl_arena_doubles(arena, w->n_rows * n);
    w->for_x = pl_arena_doubles(arena, w->n_rows * n);
    if (!w->for_e || !w->for_x)
        return PL_NO_MEMORY;
    double products = (double)w->n_rows * (double)n * (double)width;
#pragma omp parallel for if (products > PL_PARALLEL_FROM) num_threads(c.threads) schedule(dynamic, 1)
    for (size_t i = 0; i < w->n_rows; i += PL_PANEL)
        fill_rows(w, &c, z, v, first, i, work + (size_t)omp_get_thread_num() * each);
    return PL_OK;
}

static PlStatus prepare(Wild *w, PlArena *arena) {
    const PlClusterFit *fit = w->fit;
    bool *nested = pl_arena_take(arena, fit->n_absorbed, sizeof *nested), crossed = false;
    w->score = pl_arena_doubles(arena, w->clusters);
    w->square = pl_arena_doubles(arena, w->clusters);
    if (!nested || !w->score || !w->square)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < fit->rows; r++) {
        w->score[fit->cluster[r]] += fit->x[0][r] * fit->residuals[r];
        w->square[fit->cluster[r]] += fit->x[0][r] * fit->x[0][r];
    }
    for (size_t g = 0; g < w->clusters; g++)
        w->total += w->square[g];
    PlStatus status = pl_cluster_nested(fit, arena, nested);
    for (size_t s = 0; s < fit->n_absorbed; s++)
        crossed = crossed || !nested[s];
    return crossed && status == PL_OK ? prepare_crossed(w, nested, arena) : status;
}

/* ---- the draws ---- */

/* Weights of the draws from `first` on, [clusters][PL_PANEL]: drawn, or the index's digits. */
static void draw_signs(const Wild *w, PlRng *rng, double *weight) {
    for (size_t j = 0; j < PL_PANEL; j++) {
        uint64_t bits = 0;
        for (size_t g = 0; g < w->clusters; g++, bits >>= 1) {
            if (g % WORD == 0)
                bits = pl_rng_next(rng);
            weight[g * PL_PANEL + j] = bits & 1 ? 1 : -1;
        }
    }
}

static void draw_webb(const Wild *w, PlRng *rng, double *weight) {
    for (size_t j = 0; j < PL_PANEL; j++)
        for (size_t g = 0; g < w->clusters; g++)
            weight[g * PL_PANEL + j] = webb[(pl_rng_next(rng) >> 32) * 6 >> 32];
}

static void list_weights(const Wild *w, size_t first, double *weight) {
    bool signs = w->weights == PL_WEIGHTS_RADEMACHER;
    size_t points = signs ? 2 : 6;
    for (size_t j = 0; j < PL_PANEL; j++) {
        size_t index = first + j, positive = points / 2;
        for (size_t g = 0; g < w->clusters; g++) {
            size_t base = g ? points : positive, digit = index % base;
            index /= base;
            weight[g * PL_PANEL + j] = signs ? (digit ? -1 : 1) : webb[digit];
        }
    }
}

/* A panel of draws; `moved` is scratch, [2 n_rows][PL_PANEL]. */
static void run_panel(const Wild *w, const double *weight, double *moved, PlWildDraw *to, size_t n) {
    double a[PL_PANEL] = {0}, c[PL_PANEL] = {0};
    PlWildDraw sum[PL_PANEL] = {{0}};
    double *moved_x = moved + w->n_rows * PL_PANEL;
    for (size_t g = 0; g < w->clusters; g++)
        for (size_t j = 0; j < PL_PANEL; j++) {
            a[j] += weight[g * PL_PANEL + j] * w->score[g];
            c[j] += weight[g * PL_PANEL + j] * w->square[g];
        }
    for (size_t j = 0; j < PL_PANEL; j++) {
        a[j] /= w->total;
        c[j] /= w->total;
    }
    pl_times_panel(w->for_e, w->n_rows, w->clusters, weight, moved);
    pl_times_panel(w->for_x, w->n_rows, w->clusters, weight, moved_x);
    for (size_t g = 0; g < w->clusters; g++) {
        size_t row = w->n_rows ? w->row_of[g] * PL_PANEL : 0;
        for (size_t j = 0; j < PL_PANEL; j++) {
            double here = weight[g * PL_PANEL + j];
            double e = here * w->score[g] - a[j] * w->square[g];
            double x = here * w->square[g] - c[j] * w->square[g];
            if (w->n_rows) {
                e -= moved[row + j];
                x -= moved_x[row + j];
            }
            sum[j].n0 += e * e;
            sum[j].n1 += e * x;
            sum[j].n2 += x * x;
        }
    }
    for (size_t j = 0; j < n; j++)
        to[j] = (PlWildDraw){a[j], c[j], sum[j].n0, sum[j].n1, sum[j].n2};
}

static void run_block(const Wild *w, size_t block, double *weight, double *moved, PlWildDraw *draws) {
    PlRng rng = pl_rng_stream(w->seed, block);
    size_t end = (block + 1) * BLOCK < w->n ? (block + 1) * BLOCK : w->n;
    for (size_t i = block * BLOCK; i < end; i += PL_PANEL) {
        if (w->exact)
            list_weights(w, i, weight);
        else if (w->weights == PL_WEIGHTS_RADEMACHER)
            draw_signs(w, &rng, weight);
        else
            draw_webb(w, &rng, weight);
        run_panel(w, weight, moved, draws + i, end - i < PL_PANEL ? end - i : PL_PANEL);
    }
}

PlStatus pl_wild_draw(const PlClusterFit *fit, PlWeights weights, const PlInferenceOptions *options,
                      PlArena *arena, PlWildDraws *draws) {
    Wild w = {.fit = fit, .weights = weights, .seed = options->seed, .clusters = fit->n_clusters};
    size_t threads = (size_t)options->threads;
    w.exact = pl_wild_is_exact(weights, w.clusters, options->resamples);
    w.n = w.exact ? (size_t)pow(weights == PL_WEIGHTS_WEBB ? 6 : 2, (double)w.clusters) / 2
                  : options->resamples;
    *draws = (PlWildDraws){pl_arena_take(arena, w.n, sizeof *draws->draw), w.n, w.exact};
    PlStatus status = draws->draw ? prepare(&w, arena) : PL_NO_MEMORY;
    if (status != PL_OK)
        return status;
    size_t moved_size = 2 * w.n_rows * PL_PANEL, weight_size = w.clusters * PL_PANEL;
    double *weight = pl_arena_doubles(arena, threads * weight_size);
    double *moved = pl_arena_doubles(arena, threads * moved_size);
    if (!weight || !moved)
        return PL_NO_MEMORY;
    size_t blocks = (w.n + BLOCK - 1) / BLOCK;
    double work = (double)w.n * (double)w.clusters * (double)(1 + w.n_rows);
#pragma omp parallel for if (work >= PL_PARALLEL_FROM) num_threads(options->threads) schedule(dynamic, 1)
    for (size_t block = 0; block < blocks; block++) {
        size_t t = (size_t)omp_get_thread_num();
        run_block(&w, block, weight + t * weight_size, moved + t * moved_size, draws->draw);
    }
    return PL_OK;
}
