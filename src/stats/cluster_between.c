/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_crossed.h"

#include <math.h>
#include <string.h>

/* sum_gh (z_g' M z_h)^2 = tr((M sum z z')^2), M the block-diagonal of (V'V)^- and B. Equal z, as of all
 * stores that start together in a balanced panel, are added up once. The two products of tables are the whole
 * cost of CR2's degrees of freedom, so they work on blocks that stay in registers. */

typedef double Two __attribute__((vector_size(16), may_alias));
enum { BLOCK = 8, TWOS = BLOCK / 2, FEW_OF = 8 };

/* Sums of a row and the next times eight columns; written out, since -O2 would keep an array in memory. */
typedef struct {
    Two first[TWOS], second[TWOS];
} Sums;

PlStatus pl_between_take(PlBetween *b, const PlCrossed *crossed, PlArena *arena) {
    b->n = crossed->n_levels + crossed->fit->n_coef;
    b->width = (b->n + PL_PANEL - 1) / PL_PANEL * PL_PANEL;
    b->z = pl_arena_doubles(arena, PL_BETWEEN_ROWS * b->width);
    b->packed = pl_arena_doubles(arena, PL_BETWEEN_ROWS * b->width);
    b->sum = pl_arena_doubles(arena, b->width * b->width);
    b->kept = pl_arena_doubles(arena, PL_BETWEEN_KEPT * b->width);
    b->times = pl_arena_doubles(arena, PL_BETWEEN_KEPT);
    b->nonzero = pl_arena_sizes(arena, b->width);
    return b->nonzero && b->z && b->packed && b->sum && b->kept && b->times ? PL_OK : PL_NO_MEMORY;
}

void pl_between_start(PlBetween *b) {
    memset(b->sum, 0, b->width * b->width * sizeof *b->sum);
    b->n_kept = 0;
}

/* Over n steps of k: the columns y + k * y_step (aligned) times row[k * step] and next[k * step]. */
static inline Sums multiply(const double *row, const double *next, size_t step, const double *y,
                            size_t y_step, size_t n) {
    Two a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, b0 = {0}, b1 = {0}, b2 = {0}, b3 = {0};
    for (size_t k = 0; k < n; k++, y += y_step) {
        const Two *pair = (const Two *)y;
        Two x = {row[k * step], row[k * step]}, x_next = {next[k * step], next[k * step]};
        a0 += x * pair[0];
        a1 += x * pair[1];
        a2 += x * pair[2];
        a3 += x * pair[3];
        b0 += x_next * pair[0];
        b1 += x_next * pair[1];
        b2 += x_next * pair[2];
        b3 += x_next * pair[3];
    }
    return (Sums){{a0, a1, a2, a3}, {b0, b1, b2, b3}};
}

/* sum[8][8] += left' right over n rows of 8. */
static void add_block(const double *left, const double *right, size_t n, double *sum, size_t stride) {
    for (size_t i = 0; i < BLOCK; i += 2) {
        Sums s = multiply(left + i, left + i + 1, BLOCK, right, BLOCK, n);
        for (size_t j = 0; j < BLOCK; j++) {
            sum[i * stride + j] += s.first[j / 2][j % 2];
            sum[(i + 1) * stride + j] += s.second[j / 2][j % 2];
        }
    }
}

/* Adds z z' of n rows, blocks on and above the diagonal. */
static void add_products(PlBetween *b, const double *z, size_t n, int threads) {
    size_t blocks = b->width / BLOCK;
    for (size_t r = 0; r < n; r++)
        for (size_t block = 0; block < blocks; block++)
            memcpy(b->packed + (block * n + r) * BLOCK, z + r * b->width + block * BLOCK, BLOCK * sizeof *z);
#pragma omp parallel for if (n * b->width * b->width >= 4000000) num_threads(threads) schedule(dynamic, 4)
    for (size_t i = 0; i < blocks; i++)
        for (size_t j = i; j < blocks; j++)
            add_block(b->packed + i * n * BLOCK, b->packed + j * n * BLOCK, n,
                      b->sum + i * BLOCK * b->width + j * BLOCK, b->width);
}

/* True when the row was one of those kept, or was kept now. */
static bool keep(PlBetween *b, const double *z) {
    for (size_t i = 0; i < b->n_kept; i++)
        if (memcmp(b->kept + i * b->width, z, b->width * sizeof *z) == 0) {
            b->times[i]++;
            return true;
        }
    if (b->n_kept == PL_BETWEEN_KEPT)
        return false;
    memcpy(b->kept + b->n_kept * b->width, z, b->width * sizeof *z);
    b->times[b->n_kept++] = 1;
    return true;
}

/* Adds z z' of a row that is mostly zeros; true when it was one. */
static bool add_sparse(PlBetween *b, const double *z) {
    size_t n = 0, few = b->width / FEW_OF;
    for (size_t i = 0; i < b->n && n <= few; i++)
        if (z[i] != 0)
            b->nonzero[n++] = i;
    for (size_t i = 0; i < n && n <= few; i++)
        for (size_t j = i; j < n; j++)
            b->sum[b->nonzero[i] * b->width + b->nonzero[j]] += z[b->nonzero[i]] * z[b->nonzero[j]];
    return n <= few;
}

void pl_between_add(PlBetween *b, size_t n_rows, int threads) {
    size_t n = 0;
    for (size_t r = 0; r < n_rows; r++) {
        const double *z = b->z + r * b->width;
        if (keep(b, z) || add_sparse(b, z))
            continue;
        if (n != r)
            memcpy(b->z + n * b->width, z, b->width * sizeof *z);
        n++;
    }
    if (n)
        add_products(b, b->z, n, threads);
}

void pl_times_panel(const double *a, size_t rows, size_t n, const double *panel, double *out) {
    for (size_t column = 0; column < PL_PANEL; column += BLOCK)
        for (size_t i = 0; i < rows; i += 2) {
            const double *row = a + i * n, *next = i + 1 < rows ? row + n : row;
            Sums s = multiply(row, next, 1, panel + column, PL_PANEL, n);
            for (size_t j = 0; j < BLOCK; j++) {
                out[i * PL_PANEL + column + j] = s.first[j / 2][j % 2];
                if (i + 1 < rows)
                    out[(i + 1) * PL_PANEL + column + j] = s.second[j / 2][j % 2];
            }
        }
}

/* One panel of the columns of M sum; `panel` and `out` are n_levels x PL_PANEL scratch. */
static void weigh_panel(const PlBetween *b, const PlCrossed *c, size_t column, double *panel, double *out,
                        double *product) {
    size_t n = c->n_levels, k = c->fit->n_coef;
    for (size_t i = 0; i < n && c->inverse; i++)
        memcpy(panel + i * PL_PANEL, b->sum + i * b->width + column, PL_PANEL * sizeof *panel);
    if (c->inverse)
        pl_times_panel(c->inverse, n, n, panel, out);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < PL_PANEL; j++)
            product[i * b->width + column + j] =
                c->inverse ? out[i * PL_PANEL + j] : c->scale * b->sum[i * b->width + column + j];
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < PL_PANEL; j++) {
            double sum = 0;
            for (size_t m = 0; m < k; m++)
                sum += c->fit->bread[i * k + m] * b->sum[(n + m) * b->width + column + j];
            product[(n + i) * b->width + column + j] = sum;
        }
}

PlStatus pl_between_total(PlBetween *b, const PlCrossed *c, PlArena *arena, double *total) {
    PlArenaMark mark = pl_arena_mark(arena);
    size_t panels = b->width / PL_PANEL, each = c->n_levels * PL_PANEL;
    double *product = pl_arena_doubles(arena, b->width * b->width);
    double *scratch = pl_arena_doubles(arena, c->inverse ? 2 * each * panels : 1);
    if (!product || !scratch)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < b->n_kept; i++)
        for (size_t j = 0; j < b->width; j++)
            b->z[i * b->width + j] = b->kept[i * b->width + j] * sqrt(b->times[i]);
    add_products(b, b->z, b->n_kept, c->threads);
    for (size_t i = 0; i < b->width; i++)
        for (size_t j = 0; j < i; j++)
            b->sum[i * b->width + j] = b->sum[j * b->width + i];
#pragma omp parallel for if (c->inverse && b->width > 256) num_threads(c->threads) schedule(static)
    for (size_t p = 0; p < panels; p++)
        weigh_panel(b, c, p * PL_PANEL, scratch + (c->inverse ? 2 * each * p : 0),
                    scratch + (c->inverse ? 2 * each * p + each : 0), product);
    *total = 0;
    for (size_t i = 0; i < b->n; i++)
        for (size_t j = 0; j < b->n; j++)
            *total += product[i * b->width + j] * product[j * b->width + i];
    pl_arena_release(arena, mark);
    return PL_OK;
}
