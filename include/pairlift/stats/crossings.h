/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Lines y = r - x s and how their order from lowest to highest changes as x grows. Two lines swap where they
 * cross, at a slope between two of the points (s, r); what changes between crossings changes in simple ways.
 */
typedef struct {
    size_t n;
    double *r, *s;      /* in the order at the start, from lowest to highest; so lines are numbered */
    uint32_t *original; /* the number that the caller gave the line */
    uint32_t *line_at, *place_of; /* now: the line at each place, and back */
} PlLines;

/* Called before the lines at `place` and `place + 1` swap, at x = `at`. Values of `at` never fall. */
typedef void PlSwap(void *context, const PlLines *lines, double at, size_t place);

/* More lines than this have more crossings than a machine has room for. */
enum { PL_LINES_MAX = 5000 };

/* Copies the lines, in their order at minus infinity, or just after 0. False: no memory. */
bool pl_lines_set(PlLines *lines, const double *r, const double *s, size_t n, bool from_zero, PlArena *arena);
/* Every swap from the start on to infinity. False: no memory, or more than PL_LINES_MAX lines.
 * O(n^2 log n) time, O(n^2) memory. The arena gets back what the sweep took. */
bool pl_lines_sweep(PlLines *lines, PlArena *arena, PlSwap *swap, void *context);

/* Stable ascending sort by key; scratch has room for n. */
typedef struct {
    double key;
    uint32_t i, j;
} PlKeyed;
void pl_keyed_sort(PlKeyed *items, PlKeyed *scratch, size_t n);
