/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/crossings.h"

#include <string.h>

static void merge(const PlKeyed *from, PlKeyed *to, size_t begin, size_t middle, size_t end) {
    size_t a = begin, b = middle;
    for (size_t k = begin; k < end; k++)
        to[k] = b >= end || (a < middle && !(from[b].key < from[a].key)) ? from[a++] : from[b++];
}

void pl_keyed_sort(PlKeyed *items, PlKeyed *scratch, size_t n) {
    PlKeyed *from = items, *to = scratch;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t begin = 0; begin < n; begin += 2 * width) {
            size_t middle = begin + width < n ? begin + width : n;
            size_t end = begin + 2 * width < n ? begin + 2 * width : n;
            merge(from, to, begin, middle, end);
        }
        PlKeyed *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}

/* Sorts by two keys, the second one first as the sort is stable. */
static void sort_by(PlKeyed *items, PlKeyed *scratch, size_t n, const double *first, double sign_first,
                    const double *second, double sign_second) {
    for (size_t k = 0; k < n; k++)
        items[k] = (PlKeyed){sign_second * second[k], (uint32_t)k, 0};
    pl_keyed_sort(items, scratch, n);
    for (size_t k = 0; k < n; k++)
        items[k].key = sign_first * first[items[k].i];
    pl_keyed_sort(items, scratch, n);
}

bool pl_lines_set(PlLines *lines, const double *r, const double *s, size_t n, bool from_zero,
                  PlArena *arena) {
    *lines = (PlLines){.n = n,
                       .r = pl_arena_doubles(arena, n),
                       .s = pl_arena_doubles(arena, n),
                       .original = pl_arena_take(arena, n, sizeof(uint32_t)),
                       .line_at = pl_arena_take(arena, n, sizeof(uint32_t)),
                       .place_of = pl_arena_take(arena, n, sizeof(uint32_t))};
    PlArenaMark mark = pl_arena_mark(arena);
    PlKeyed *items = pl_arena_take(arena, n, sizeof *items),
            *scratch = pl_arena_take(arena, n, sizeof *items);
    if (!lines->r || !lines->s || !lines->original || !lines->line_at || !lines->place_of || !items ||
        !scratch)
        return false;
    if (from_zero) /* by height; of lines that meet at 0, the steeper is the lower afterwards */
        sort_by(items, scratch, n, r, 1, s, -1);
    else
        sort_by(items, scratch, n, s, 1, r, 1);
    for (size_t k = 0; k < n; k++) {
        lines->original[k] = items[k].i;
        lines->r[k] = r[items[k].i];
        lines->s[k] = s[items[k].i];
        lines->line_at[k] = lines->place_of[k] = (uint32_t)k;
    }
    pl_arena_release(arena, mark);
    return true;
}

/* Crossings in an order in which, of those at one x, each is between neighbours: with the lines numbered from
 * lowest to highest, those that meet in one point turn round by moving each in turn down past all lower ones.
 * Lines that are the same never swap, so of these the highest is passed first: `visit` has their runs
 * reversed. */
static size_t list_crossings(const PlLines *lines, const uint32_t *visit, PlKeyed *out) {
    size_t count = 0;
    const double *r = lines->r, *s = lines->s;
    for (size_t j = 1; j < lines->n; j++)
        for (size_t v = 0; v < j; v++) {
            size_t i = visit[v];
            if (!(s[j] > s[i]))
                continue;
            if (out)
                out[count] = (PlKeyed){(r[j] - r[i]) / (s[j] - s[i]), (uint32_t)i, (uint32_t)j};
            count++;
        }
    return count;
}

static void fill_visit(const PlLines *lines, uint32_t *visit) {
    for (size_t begin = 0, end; begin < lines->n; begin = end) {
        for (end = begin + 1;
             end < lines->n && lines->r[end] == lines->r[begin] && lines->s[end] == lines->s[begin];)
            end++;
        for (size_t k = begin; k < end; k++)
            visit[k] = (uint32_t)(begin + end - 1 - k);
    }
}

typedef struct {
    PlLines *lines;
    PlSwap *swap;
    void *context;
    double at;
} Sweep;

/* False: the two are not neighbours now. */
static bool try_swap(const Sweep *sweep, const PlKeyed *crossing) {
    PlLines *lines = sweep->lines;
    size_t place = lines->place_of[crossing->i];
    if (lines->place_of[crossing->j] != place + 1)
        return false;
    sweep->swap(sweep->context, lines, sweep->at, place);
    lines->line_at[place] = crossing->j;
    lines->line_at[place + 1] = crossing->i;
    lines->place_of[crossing->j] = (uint32_t)place;
    lines->place_of[crossing->i] = (uint32_t)(place + 1);
    return true;
}

/* Crossings of one point that rounding has put in another order wait (at the front of `all`, whose places
 * are free by then) until those between them are done. */
static void run(Sweep *sweep, PlKeyed *all, size_t count) {
    size_t waiting = 0;
    for (size_t k = 0; k < count; k++) {
        sweep->at = all[k].key;
        if (!try_swap(sweep, &all[k])) {
            all[waiting++] = all[k];
            continue;
        }
        for (bool again = waiting > 0; again;) {
            size_t kept = 0;
            for (size_t w = 0; w < waiting; w++)
                if (!try_swap(sweep, &all[w]))
                    all[kept++] = all[w];
            again = kept > 0 && kept < waiting;
            waiting = kept;
        }
    }
}

bool pl_lines_sweep(PlLines *lines, PlArena *arena, PlSwap *swap, void *context) {
    if (lines->n > PL_LINES_MAX)
        return false;
    PlArenaMark mark = pl_arena_mark(arena);
    uint32_t *visit = pl_arena_take(arena, lines->n, sizeof *visit);
    if (!visit)
        return false;
    fill_visit(lines, visit);
    size_t count = list_crossings(lines, visit, NULL);
    PlKeyed *all = pl_arena_take(arena, count, sizeof *all),
            *scratch = pl_arena_take(arena, count, sizeof *all);
    if (!all || !scratch)
        return false;
    list_crossings(lines, visit, all);
    pl_keyed_sort(all, scratch, count);
    Sweep sweep = {lines, swap, context, 0};
    run(&sweep, all, count);
    pl_arena_release(arena, mark);
    return true;
}
