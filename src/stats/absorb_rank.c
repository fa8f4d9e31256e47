/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/absorb.h"

#include <string.h>

/* Levels beyond the largest set up to which the rank of three and more sets is found by elimination: the
 * table of their counts is then a few megabytes, and its elimination a second. */
enum { ELIMINATED_UP_TO = 1000 };

/* A pivot that is this small beside the count it started from is the rounding of zero. */
#define PIVOT_WITHIN 1e-9

static size_t root_of(size_t *parent, size_t node) {
    while (parent[node] != node)
        node = parent[node] = parent[parent[node]];
    return node;
}

/* The number of connected components of the graph whose nodes are the levels of a and then those of b, and
 * whose edges are rows. part[node] [levels of a and b] is the first node of its component. */
size_t pl_absorb_components(const PlVariable *a, const PlVariable *b, size_t rows, size_t *part) {
    size_t *parent = part, nodes = a->n_levels + b->n_levels, left = nodes;
    for (size_t i = 0; i < nodes; i++)
        parent[i] = i;
    for (size_t r = 0; r < rows && left > 1; r++) {
        size_t from = root_of(parent, a->levels[r]), to = root_of(parent, a->n_levels + b->levels[r]);
        if (from == to)
            continue;
        parent[from < to ? to : from] = from < to ? from : to;
        left--;
    }
    for (size_t i = 0; i < nodes; i++)
        part[i] = root_of(parent, i);
    return left;
}

/* Each set adds its levels but for one in each component that it forms with an earlier set: exact for two
 * sets, an upper bound for more. */
static size_t rank_by_components(const PlVariable *sets, size_t n_sets, size_t rows, size_t *parent) {
    size_t rank = n_sets ? sets[0].n_levels : 0;
    for (size_t s = 1; s < n_sets; s++) {
        size_t lost = 0;
        for (size_t earlier = 0; earlier < s; earlier++) {
            size_t here = pl_absorb_components(&sets[earlier], &sets[s], rows, parent);
            lost = here > lost ? here : lost;
        }
        rank += sets[s].n_levels - lost;
    }
    return rank;
}

/* Rank of a symmetric positive semi-definite matrix, which is destroyed: Cholesky, the largest pivot next. */
static size_t rank_of_table(double *table, size_t n, double largest_count) {
    size_t rank = 0;
    for (; rank < n; rank++) {
        size_t best = rank;
        for (size_t i = rank + 1; i < n; i++)
            if (table[i * n + i] > table[best * n + best])
                best = i;
        if (table[best * n + best] <= PIVOT_WITHIN * largest_count)
            break;
        for (size_t j = 0; j < n && best != rank; j++) {
            double swap = table[rank * n + j];
            table[rank * n + j] = table[best * n + j];
            table[best * n + j] = swap;
        }
        for (size_t i = 0; i < n && best != rank; i++) {
            double swap = table[i * n + rank];
            table[i * n + rank] = table[i * n + best];
            table[i * n + best] = swap;
        }
        const double *pivot = table + rank * n;
        for (size_t i = rank + 1; i < n; i++) {
            double factor = table[i * n + rank] / pivot[rank];
            for (size_t j = rank + 1; factor != 0 && j < n; j++)
                table[i * n + j] -= factor * pivot[j];
        }
    }
    return rank;
}

typedef struct {
    const PlVariable *sets;
    size_t n_sets, base, rows;
    size_t *start, *order; /* rows of each level of the base set */
    size_t *offset;        /* of each other set in the table */
} Layout;

/* Takes c c' / n off the table for one level of the base set, c its counts by the other sets' levels. */
static void take_level_off(const Layout *l, size_t level, double *counts, size_t *seen, double *table,
                           size_t n) {
    size_t n_seen = 0;
    double size = (double)(l->start[level + 1] - l->start[level]);
    for (size_t i = l->start[level]; i < l->start[level + 1]; i++)
        for (size_t s = 0; s < l->n_sets; s++) {
            if (s == l->base)
                continue;
            size_t column = l->offset[s] + l->sets[s].levels[l->order[i]];
            if (counts[column]++ == 0)
                seen[n_seen++] = column;
        }
    for (size_t i = 0; i < n_seen; i++)
        for (size_t j = 0; j < n_seen; j++)
            table[seen[i] * n + seen[j]] -= counts[seen[i]] * counts[seen[j]] / size;
    for (size_t i = 0; i < n_seen; i++)
        counts[seen[i]] = 0;
}

static void sort_by_base(Layout *l) {
    const size_t *levels = l->sets[l->base].levels;
    size_t n = l->sets[l->base].n_levels;
    for (size_t r = 0; r < l->rows; r++)
        l->start[levels[r] + 1]++;
    for (size_t i = 0; i < n; i++)
        l->start[i + 1] += l->start[i];
    for (size_t r = 0; r < l->rows; r++)
        l->order[l->start[levels[r]]++] = r;
    for (size_t i = n; i > 0; i--)
        l->start[i] = l->start[i - 1];
    l->start[0] = 0;
}

static PlStatus rank_by_elimination(Layout *l, size_t n, PlArena *arena, size_t *rank) {
    double *table = pl_arena_doubles(arena, n * n), *counts = pl_arena_doubles(arena, n);
    size_t *seen = pl_arena_sizes(arena, n);
    l->order = pl_arena_sizes(arena, l->rows);
    l->start = pl_arena_sizes(arena, l->sets[l->base].n_levels + 1);
    if (!table || !counts || !seen || !l->order || !l->start)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < l->rows; r++)
        for (size_t s = 0; s < l->n_sets; s++)
            for (size_t u = 0; u < l->n_sets && s != l->base; u++)
                if (u != l->base)
                    table[(l->offset[s] + l->sets[s].levels[r]) * n + l->offset[u] + l->sets[u].levels[r]]++;
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = table[i * n + i] > largest ? table[i * n + i] : largest;
    sort_by_base(l);
    for (size_t level = 0; level < l->sets[l->base].n_levels; level++)
        take_level_off(l, level, counts, seen, table, n);
    *rank = l->sets[l->base].n_levels + rank_of_table(table, n, largest);
    return PL_OK;
}

/* The dimension of the span of all sets' dummies. One set: its levels. Two: the levels less the connected
 * components of the graph that rows make of them. More: by elimination, exact as far as rounding goes; with
 * more than 1000 levels beside the largest set an upper bound from the components of each two sets. Uses
 * scratch of the arena and gives it back. PL_NO_MEMORY. Source of the components: Abowd, Creecy and Kramarz
 * 2002 (LEHD technical paper 2002-06). Check: tests/unit/stats/test_absorb.c, ranks of dummies in numpy. */
PlStatus pl_absorb_rank(const PlVariable *sets, size_t n_sets, size_t rows, PlArena *arena, size_t *rank) {
    size_t all = 0, base = 0;
    for (size_t s = 0; s < n_sets; s++) {
        all += sets[s].n_levels;
        base = sets[s].n_levels > sets[base].n_levels ? s : base;
    }
    PlArenaMark mark = pl_arena_mark(arena);
    PlStatus status = PL_OK;
    Layout l = {.sets = sets, .n_sets = n_sets, .base = base, .rows = rows};
    size_t *parent = pl_arena_sizes(arena, all);
    l.offset = pl_arena_sizes(arena, n_sets);
    if (!parent || !l.offset)
        status = PL_NO_MEMORY;
    else if (n_sets < 3 || all - sets[base].n_levels > ELIMINATED_UP_TO)
        *rank = rank_by_components(sets, n_sets, rows, parent);
    else {
        size_t others = 0;
        for (size_t s = 0; s < n_sets; s++) {
            l.offset[s] = others;
            others += s == base ? 0 : sets[s].n_levels;
        }
        status = rank_by_elimination(&l, others, arena, rank);
    }
    pl_arena_release(arena, mark);
    return status;
}
