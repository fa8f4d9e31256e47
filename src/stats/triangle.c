/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/least_squares.h"
#include "pairlift/stats/rng.h"

/* The triangle R of a design, with column pivoting, in double-double.
 *
 * Small designs: Householder's QR. Large ones: Cholesky on X'X, whose entries are summed in twice the
 * working precision, at about a fifth of the cost. That squares the condition, so the caller takes
 * QR after all for a design whose least pivot is small. (QR in double, refined, was the alternative for large
 * designs: no faster, and it refines the coefficients but not their errors.) */

static double norm_from(const double *x, size_t begin, size_t end) {
    double sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static void swap_columns(PlTriangle *t, size_t a, size_t b) {
    size_t kept = t->order[a];
    t->order[a] = t->order[b];
    t->order[b] = kept;
    for (size_t i = 0; i < a; i++) {
        PlDd entry = t->r[i * t->k + a];
        t->r[i * t->k + a] = t->r[i * t->k + b];
        t->r[i * t->k + b] = entry;
    }
}

/* ---- small ---- */

typedef struct {
    double *high, *low;
} Column;

/* x -= 2 (v'x / v'v) v on rows from `begin`; factor is 2 / v'v. */
static void reflect(const Column *v, Column *x, PlDd factor, size_t begin, size_t rows) {
    PlDd dot = {0, 0};
    for (size_t i = begin; i < rows; i++)
        dot = pl_dd_add(dot, pl_dd_multiply((PlDd){v->high[i], v->low[i]}, (PlDd){x->high[i], x->low[i]}));
    dot = pl_dd_negative(pl_dd_multiply(dot, factor));
    for (size_t i = begin; i < rows; i++) {
        PlDd product = pl_dd_multiply(dot, (PlDd){v->high[i], v->low[i]});
        PlDd value = pl_dd_add((PlDd){x->high[i], x->low[i]}, product);
        x->high[i] = value.high;
        x->low[i] = value.low;
    }
}

/* Makes v of the column in place, from `begin` on; returns 2 / v'v, and the new diagonal entry. */
static PlDd householder(Column *v, size_t begin, size_t rows, PlDd *diagonal) {
    PlDd squares = {0, 0};
    for (size_t i = begin; i < rows; i++) {
        PlDd value = {v->high[i], v->low[i]};
        squares = pl_dd_add(squares, pl_dd_multiply(value, value));
    }
    PlDd norm = pl_dd_sqrt(squares), first = {v->high[begin], v->low[begin]};
    *diagonal = first.high > 0 ? pl_dd_negative(norm) : norm;
    PlDd head = pl_dd_subtract(first, *diagonal);
    PlDd size = first.high > 0 ? first : pl_dd_negative(first); /* v'v / 2 = norm (norm + |first|) */
    v->high[begin] = head.high;
    v->low[begin] = head.low;
    return pl_dd_divide(pl_dd(1), pl_dd_multiply(norm, pl_dd_add(norm, size)));
}

static bool copy_columns(const PlTriangle *t, PlArena *arena, Column *columns) {
    for (size_t c = 0; c <= t->k; c++) {
        const double *high = c < t->k ? t->high[c] : t->y, *low = c < t->k ? t->low[c] : NULL;
        columns[c] = (Column){pl_arena_doubles(arena, t->rows), pl_arena_doubles(arena, t->rows)};
        if (!columns[c].high || !columns[c].low)
            return false;
        for (size_t i = 0; i < t->rows; i++) {
            columns[c].high[i] = high[i];
            columns[c].low[i] = low ? low[i] : 0;
        }
    }
    return true;
}

/* Householder's QR of rows x k, rows >= k: 4 rows k^2 operations in double-double. order, r, z and rank of
 * `t` are written; r and z are zeroed before, order is 0, 1, ... PL_NO_MEMORY.
 * Source: Businger and Golub 1965, doi:10.1007/BF01436084. */
PlStatus pl_triangle_small(PlTriangle *t, PlArena *arena) {
    Column *columns = pl_arena_take(arena, t->k + 1, sizeof *columns);
    if (!columns || !copy_columns(t, arena, columns))
        return PL_NO_MEMORY;
    for (t->rank = 0; t->rank < t->k; t->rank++) {
        size_t j = t->rank, best = j;
        double largest = -1;
        for (size_t c = j; c < t->k; c++) {
            double part = norm_from(columns[t->order[c]].high, j, t->rows) / t->norm[t->order[c]];
            if (part > largest) {
                largest = part;
                best = c;
            }
        }
        swap_columns(t, j, best);
        t->least = largest;
        if (!(largest > PL_SINGULAR_WITHIN))
            return PL_OK;
        Column *v = &columns[t->order[j]];
        PlDd factor = householder(v, j, t->rows, &t->r[j * t->k + j]);
        for (size_t c = j + 1; c <= t->k; c++) {
            Column *x = &columns[c < t->k ? t->order[c] : t->k];
            reflect(v, x, factor, j, t->rows);
            PlDd entry = {x->high[j], x->low[j]};
            if (c < t->k)
                t->r[j * t->k + c] = entry;
            else
                t->z[j] = entry;
        }
    }
    return PL_OK;
}

/* ---- large ---- */

/* As Dot2 of Ogita, Rump and Oishi 2005, doi:10.1137/030601818, but normed at each step: else the low parts
 * add up over a million rows, and what their sum is rounded by hides that a column is a combination. */
static PlDd dot(const double *a, const double *a_low, const double *b, const double *b_low, size_t n) {
    PlDd sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        PlDd product = pl_dd_product(a[i], b[i]), next = pl_dd_sum(sum.high, product.high);
        sum = pl_dd_quick_sum(next.high, sum.low + (next.low + product.low));
    }
    for (size_t i = 0; a_low && i < n; i++)
        sum.low += a_low[i] * b[i];
    for (size_t i = 0; b_low && i < n; i++)
        sum.low += a[i] * b_low[i];
    return pl_dd_sum(sum.high, sum.low);
}

/* The upper triangle of [X y]'[X y] without y'y, k x (k + 1). */
static void moments(const PlTriangle *t, PlDd *moment) {
    size_t k = t->k, cells = k * (k + 1);
#pragma omp parallel for schedule(dynamic) num_threads(t->threads) if (t->rows * cells > PL_PARALLEL_FROM)
    for (size_t cell = 0; cell < cells; cell++) {
        size_t i = cell / (k + 1), j = cell % (k + 1);
        if (j >= i)
            moment[cell] =
                dot(t->high[i], t->low[i], j < k ? t->high[j] : t->y, j < k ? t->low[j] : NULL, t->rows);
    }
}

static PlDd *moment_at(PlDd *moment, size_t k, size_t i, size_t j) {
    return &moment[i < j ? i * (k + 1) + j : j * (k + 1) + i];
}

/* Row j of R: what is left of row order[j] of the moments, over the root of the pivot. */
static void cholesky_row(PlTriangle *t, PlDd *moment, size_t j) {
    size_t k = t->k, pivot = t->order[j];
    PlDd root = pl_dd_sqrt(*moment_at(moment, k, pivot, pivot));
    t->r[j * k + j] = root;
    for (size_t c = j + 1; c < k; c++)
        t->r[j * k + c] = pl_dd_divide(*moment_at(moment, k, pivot, t->order[c]), root);
    t->z[j] = pl_dd_divide(moment[pivot * (k + 1) + k], root);
    for (size_t a = j + 1; a < k; a++) {
        PlDd *y = &moment[t->order[a] * (k + 1) + k], entry = t->r[j * k + a];
        *y = pl_dd_subtract(*y, pl_dd_multiply(entry, t->z[j]));
        for (size_t b = a; b < k; b++) {
            PlDd *left = moment_at(moment, k, t->order[a], t->order[b]);
            *left = pl_dd_subtract(*left, pl_dd_multiply(entry, t->r[j * k + b]));
        }
    }
}

/* Cholesky on X'X: rows k^2 / 2 products, in parallel. Writes as pl_triangle_small does. PL_NO_MEMORY. */
PlStatus pl_triangle_large(PlTriangle *t, PlArena *arena) {
    PlDd *moment = pl_arena_take(arena, t->k * (t->k + 1), sizeof *moment);
    if (!moment)
        return PL_NO_MEMORY;
    moments(t, moment);
    for (t->rank = 0; t->rank < t->k; t->rank++) {
        size_t j = t->rank, best = j;
        double largest = -1;
        for (size_t c = j; c < t->k; c++) {
            double part =
                sqrt(fmax(0, moment_at(moment, t->k, t->order[c], t->order[c])->high)) / t->norm[t->order[c]];
            if (part > largest) {
                largest = part;
                best = c;
            }
        }
        swap_columns(t, j, best);
        t->least = largest;
        if (!(largest > PL_SINGULAR_WITHIN))
            return PL_OK;
        cholesky_row(t, moment, j);
    }
    return PL_OK;
}
