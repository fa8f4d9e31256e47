/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_crossed.h"

#include <math.h>
#include <string.h>

/* A pivot that is this small beside what it started from is the rounding of zero. */
#define PIVOT_WITHIN 1e-10

/* Levels that cross the clusters up to which their table is made and inverted: 130 MB, some ten seconds. */
enum { LEVELS_AT_MOST = 4096 };

/* to[] = the rows of from[] (NULL: all in order) in order of their level; stable. `start` has n_levels + 1
 * and comes to hold where each level begins. */
static void sort_by(const size_t *levels, size_t n_levels, const size_t *from, size_t rows, size_t *start,
                    size_t *to) {
    memset(start, 0, (n_levels + 1) * sizeof *start);
    for (size_t r = 0; r < rows; r++)
        start[levels[r] + 1]++;
    for (size_t i = 0; i < n_levels; i++)
        start[i + 1] += start[i];
    for (size_t at = 0; at < rows; at++) {
        size_t row = from ? from[at] : at;
        to[start[levels[row]]++] = row;
    }
    for (size_t i = n_levels; i > 0; i--)
        start[i] = start[i - 1];
    start[0] = 0;
}

/* Runs of rows with one level of the base set; a cluster begins a new run, so that without a base set each
 * cluster is one. */
static PlStatus find_runs(PlCrossed *c, const size_t *order, PlArena *arena) {
    const size_t *levels = c->base ? c->base->levels : c->fit->cluster;
    size_t n = 0;
    c->run_start = pl_arena_sizes(arena, (c->base ? c->base->n_levels : c->fit->n_clusters) + 1);
    c->first_run = pl_arena_sizes(arena, c->fit->n_clusters + 1);
    if (!c->run_start || !c->first_run)
        return PL_NO_MEMORY;
    for (size_t g = 0; g < c->fit->n_clusters; g++) {
        c->first_run[g] = n;
        for (size_t at = c->start[g]; at < c->start[g + 1]; at++)
            if (at == c->start[g] || levels[order[at]] != levels[order[at - 1]])
                c->run_start[n++] = at;
    }
    c->first_run[c->fit->n_clusters] = c->n_runs = n;
    c->run_start[n] = c->fit->rows;
    return PL_OK;
}

static PlStatus gather(PlCrossed *c, const size_t *order, const bool *nested, PlArena *arena) {
    const PlClusterFit *fit = c->fit;
    c->x = pl_arena_take(arena, fit->n_coef, sizeof *c->x);
    c->rest = pl_arena_take(arena, fit->n_absorbed, sizeof *c->rest);
    c->residuals = pl_arena_doubles(arena, fit->rows);
    if (!c->x || !c->rest || !c->residuals)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < fit->n_coef; i++) {
        if (!(c->x[i] = pl_arena_doubles(arena, fit->rows)))
            return PL_NO_MEMORY;
        for (size_t at = 0; at < fit->rows; at++)
            c->x[i][at] = fit->x[i][order[at]];
    }
    for (size_t at = 0; at < fit->rows; at++)
        c->residuals[at] = fit->residuals[order[at]];
    (void)nested;
    for (size_t s = 0; s < fit->n_absorbed; s++) {
        const PlVariable *set = &fit->absorbed[s];
        if (set == c->base)
            continue;
        uint32_t *rest = pl_arena_take(arena, fit->rows, sizeof *rest);
        if (!rest || c->n_levels + set->n_levels > UINT32_MAX)
            return PL_NO_MEMORY;
        for (size_t at = 0; at < fit->rows; at++)
            rest[at] = (uint32_t)(c->n_levels + set->levels[order[at]]);
        c->rest[c->n_rest++] = rest;
        c->n_levels += set->n_levels;
    }
    return PL_OK;
}

/* Every run has every level of the one other set equally often. */
static bool is_balanced(const PlCrossed *c, size_t *seen) {
    if (!c->base || c->n_rest != 1 || c->fit->rows % (c->n_runs * c->n_levels) != 0)
        return false;
    size_t each = c->fit->rows / (c->n_runs * c->n_levels);
    for (size_t run = 0; run < c->n_runs; run++) {
        if (c->run_start[run + 1] - c->run_start[run] != each * c->n_levels)
            return false;
        memset(seen, 0, c->n_levels * sizeof *seen);
        for (size_t at = c->run_start[run]; at < c->run_start[run + 1]; at++)
            if (++seen[c->rest[0][at]] > each)
                return false;
    }
    return true;
}

/* ---- S = V'V, V the other sets' dummies with the base set's means taken out ---- */

typedef struct {
    double *counts;
    size_t *seen;
    double *once;  /* sum over runs of their entries / size, for runs written as 1 + entries */
    double common; /* sum of 1 / size over the same */
} Counting;

/* Takes c c' / size off for a run, c its counts. A run that has most levels once is 1 + a few entries, whose
 * products with 1 are added up for the end. */
static void take_run_off(const PlCrossed *c, size_t run, Counting *k, double *table) {
    size_t n = c->n_levels, n_seen = 0, from = c->run_start[run], to = c->run_start[run + 1];
    double size = (double)(to - from);
    for (size_t s = 0; s < c->n_rest; s++)
        for (size_t at = from; at < to; at++)
            if (k->counts[c->rest[s][at]]++ == 0)
                k->seen[n_seen++] = c->rest[s][at];
    if (n_seen > n / 2) {
        n_seen = 0;
        k->common += 1 / size;
        for (size_t i = 0; i < n; i++)
            if (k->counts[i] != 1)
                k->seen[n_seen++] = i;
            else
                k->counts[i] = 0;
        for (size_t i = 0; i < n_seen; i++)
            k->once[k->seen[i]] += --k->counts[k->seen[i]] / size;
    }
    for (size_t i = 0; i < n_seen; i++)
        for (size_t j = 0; j < n_seen; j++)
            table[k->seen[i] * n + k->seen[j]] -= k->counts[k->seen[i]] * k->counts[k->seen[j]] / size;
    for (size_t i = 0; i < n_seen; i++)
        k->counts[k->seen[i]] = 0;
}

static PlStatus fill_table(const PlCrossed *c, PlArena *arena, double *table) {
    size_t n = c->n_levels;
    Counting k = {.counts = pl_arena_doubles(arena, n),
                  .seen = pl_arena_sizes(arena, n),
                  .once = pl_arena_doubles(arena, n)};
    if (!k.counts || !k.seen || !k.once)
        return PL_NO_MEMORY;
    for (size_t s = 0; s < c->n_rest; s++)
        for (size_t t = 0; t < c->n_rest; t++)
            for (size_t at = 0; at < c->fit->rows; at++)
                table[c->rest[s][at] * n + c->rest[t][at]]++;
    for (size_t run = 0; c->base && run < c->n_runs; run++)
        take_run_off(c, run, &k, table);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            table[i * n + j] -= k.common + k.once[i] + k.once[j];
    return PL_OK;
}

/* The inverse of the symmetric table, in place; levels whose dummies are combinations of earlier ones get
 * zeros (a generalised inverse, which is all that projections need). The sweep operator on the lower half:
 * Goodnight 1979, doi:10.1080/00031305.1979.10482685. */
static void invert(double *table, size_t n, double *pivot, double *started) {
    for (size_t i = 0; i < n; i++)
        started[i] = table[i * n + i];
    for (size_t k = 0; k < n; k++) {
        double d = table[k * n + k];
        bool dropped = !(d > PIVOT_WITHIN * started[k]);
        for (size_t j = 0; j < n; j++)
            pivot[j] = dropped ? 0 : j < k ? table[k * n + j] : table[j * n + k];
        for (size_t i = 0; i < n; i++) {
            double *row = table + i * n, factor = dropped ? 0 : pivot[i] / d;
            if (factor != 0 && i != k)
                for (size_t j = 0; j <= i; j++)
                    row[j] -= factor * pivot[j];
            if (i > k)
                row[k] = factor;
            if (i < k)
                table[k * n + i] = factor;
        }
        table[k * n + k] = dropped ? 0 : -1 / d;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            table[i * n + j] = table[j * n + i] = -table[i * n + j];
}

static PlStatus make_inverse(PlCrossed *c, PlArena *arena) {
    size_t n = c->n_levels;
    size_t *seen = pl_arena_sizes(arena, n);
    if (!seen)
        return PL_NO_MEMORY;
    if (is_balanced(c, seen)) {
        c->scale = (double)n / (double)c->fit->rows;
        return PL_OK;
    }
    if (n > LEVELS_AT_MOST)
        return PL_TOO_LARGE;
    c->inverse = pl_arena_doubles(arena, n * n);
    double *work = pl_arena_doubles(arena, 2 * n);
    if (!c->inverse || !work)
        return PL_NO_MEMORY;
    PlStatus status = fill_table(c, arena, c->inverse);
    if (status == PL_OK)
        invert(c->inverse, n, work, work + n);
    return status;
}

PlStatus pl_crossed_lay_out(PlCrossed *c, const bool *nested, PlArena *arena) {
    const PlClusterFit *fit = c->fit;
    for (size_t s = 0; s < fit->n_absorbed; s++)
        if (nested[s] && (!c->base || fit->absorbed[s].n_levels > c->base->n_levels))
            c->base = &fit->absorbed[s];
    size_t *order = pl_arena_sizes(arena, fit->rows), *by_base = NULL;
    c->start = pl_arena_sizes(arena, fit->n_clusters + 1);
    if (!order || !c->start)
        return PL_NO_MEMORY;
    if (c->base && c->base->levels != fit->cluster) {
        size_t *start = pl_arena_sizes(arena, c->base->n_levels + 1);
        by_base = pl_arena_sizes(arena, fit->rows);
        if (!start || !by_base)
            return PL_NO_MEMORY;
        sort_by(c->base->levels, c->base->n_levels, NULL, fit->rows, start, by_base);
    }
    sort_by(fit->cluster, fit->n_clusters, by_base, fit->rows, c->start, order);
    PlStatus status = gather(c, order, nested, arena);
    if (status == PL_OK)
        status = find_runs(c, order, arena);
    return status == PL_OK ? make_inverse(c, arena) : status;
}
