/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/absorb.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Two sets: with the larger one's means taken out, the smaller one's effects solve a system with a number of
 * unknowns as small as can be (a Schur complement of the normal equations). A balanced table has it solved in
 * closed form; else conjugate gradients do, which need a handful of rounds where the table is nearly full,
 * and whose every round costs as much as the table has cells that differ from the commonest count. Cholesky
 * on that system was the alternative: the cube of the smaller set's levels, and a table of their squares.
 *
 * More sets: demeaning by each set in turn and back, as a symmetric operator, and conjugate gradients on it
 * (the acceleration of Hernandez-Ramos, Escalante and Raydan 2011, doi:10.1080/01630563.2011.587074). */

/* A solution is refined from the column that is left until what is left to take out is this small beside
 * it, or beside the rounding of what it was. */
#define LEFT_WITHIN      1e-14
#define LEFT_WITHIN_MANY 1e-13
#define ROUNDING         1e-16

/* Where refining stops helping, this much is let pass. */
#define LEFT_AT_MOST     1e-10
#define ROUNDING_AT_MOST 1e8 /* times the square of ROUNDING: 1e-12 of what the column was */
#define NOISE_SHARE      1e-4
enum { REFINED_AT_MOST = 12, ROUNDS_MIN = 300, ROUNDS_MANY = 20000 };

/* A direction in which the system is this flat is one of those that it leaves open (one a component of the
 * data), and the rounding in it would be blown up. */
#define FLAT_WITHIN 1e-13

/* A table of counts is made when it has at most this many cells a row of data. */
enum { CELLS_A_ROW = 8 };

/* The counts by level of a (the larger set) and of b, as common + the entries listed a row. */
typedef struct {
    const PlVariable *a, *b;
    size_t rows;
    double *a_count, *b_count;
    double common;
    bool balanced; /* every count is `common` */
    size_t *start; /* of the entries of each level of a */
    uint32_t *column;
    int32_t *entry;
    const size_t *part; /* component of each level of b: the first level of a in it */
    double *part_rows, *part_sum;
} Table;

/* What is left to take out is the rounding of what the column was, and so is much of the column: the effects
 * explain it, and to go on would be to solve for noise. */
static bool is_noise(double left, double squares, double rounding) {
    return left <= ROUNDING_AT_MOST * rounding && left >= NOISE_SHARE * squares;
}

static PlStatus pass(double left, double squares, double rounding) {
    double most = fmax(LEFT_AT_MOST * LEFT_AT_MOST * squares, ROUNDING_AT_MOST * rounding);
    return left <= most ? PL_OK : PL_NO_CONVERGENCE;
}

static double sum_of_squares(const double *x, size_t n) {
    double even = 0, odd = 0;
    size_t i = 0;
    for (; i + 1 < n; i += 2) {
        even += x[i] * x[i];
        odd += x[i + 1] * x[i + 1];
    }
    return even + odd + (i < n ? x[i] * x[i] : 0);
}

/* Takes each level's mean out of the column; `sum` is scratch, one a level. False: an overflow. */
static bool demean(const PlVariable *set, const double *count, size_t rows, double *column, double *sum) {
    double all = 0;
    memset(sum, 0, set->n_levels * sizeof *sum);
    for (size_t r = 0; r < rows; r++)
        sum[set->levels[r]] += column[r];
    for (size_t i = 0; i < set->n_levels; i++)
        all += fabs(sum[i] /= count[i]);
    for (size_t r = 0; r < rows; r++)
        column[r] -= sum[set->levels[r]];
    return isfinite(all);
}

static double *count_levels(const PlVariable *set, size_t rows, PlArena *arena) {
    double *count = pl_arena_doubles(arena, set->n_levels);
    for (size_t r = 0; count && r < rows; r++)
        count[set->levels[r]]++;
    return count;
}

/* The mean's own rounding goes out in a second pass. */
static PlStatus absorb_one(const PlVariable *set, size_t rows, double *const *columns, size_t n_columns,
                           PlArena *arena) {
    double *count = count_levels(set, rows, arena), *sum = pl_arena_doubles(arena, set->n_levels);
    if (!count || !sum)
        return PL_NO_MEMORY;
    for (size_t c = 0; c < n_columns; c++)
        if (!demean(set, count, rows, columns[c], sum) || !demean(set, count, rows, columns[c], sum))
            return PL_NOT_FINITE;
    return PL_OK;
}

/* ---- two sets ---- */

/* From a full table of counts: entries are what differs from `common`, 0 or the first count. */
static PlStatus list_from_counts(Table *t, const int32_t *counts, PlArena *arena) {
    size_t n_a = t->a->n_levels, n_b = t->b->n_levels, cells = n_a * n_b, zeros = 0, as_first = 0;
    for (size_t i = 0; i < cells; i++) {
        zeros += counts[i] == 0;
        as_first += counts[i] == 1;
    }
    if (t->rows % cells == 0 && zeros == 0) { /* every count the same? */
        int32_t each = (int32_t)(t->rows / cells);
        size_t same = 0;
        for (size_t i = 0; i < cells; i++)
            same += counts[i] == each;
        t->balanced = same == cells;
    }
    int32_t common = as_first > zeros;
    t->common = common;
    size_t n_entries = cells - (common ? as_first : zeros), next = 0;
    if (t->balanced)
        return PL_OK;
    t->start = pl_arena_sizes(arena, n_a + 1);
    t->column = pl_arena_take(arena, n_entries, sizeof *t->column);
    t->entry = pl_arena_take(arena, n_entries, sizeof *t->entry);
    if (!t->start || !t->column || !t->entry)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n_a; i++) {
        for (size_t j = 0; j < n_b; j++)
            if (counts[i * n_b + j] != common) {
                t->column[next] = (uint32_t)j;
                t->entry[next++] = counts[i * n_b + j] - common;
            }
        t->start[i + 1] = next;
    }
    return PL_OK;
}

/* A table with few filled cells: one entry a row of data. */
static PlStatus list_rows(Table *t, PlArena *arena) {
    size_t n_a = t->a->n_levels;
    t->start = pl_arena_sizes(arena, n_a + 1);
    t->column = pl_arena_take(arena, t->rows, sizeof *t->column);
    t->entry = pl_arena_take(arena, t->rows, sizeof *t->entry);
    if (!t->start || !t->column || !t->entry)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < t->rows; r++)
        t->start[t->a->levels[r] + 1]++;
    for (size_t i = 0; i < n_a; i++)
        t->start[i + 1] += t->start[i];
    for (size_t r = 0; r < t->rows; r++) {
        size_t at = t->start[t->a->levels[r]]++;
        t->column[at] = (uint32_t)t->b->levels[r];
        t->entry[at] = 1;
    }
    for (size_t i = n_a; i > 0; i--)
        t->start[i] = t->start[i - 1];
    t->start[0] = 0;
    return PL_OK;
}

static PlStatus find_parts(Table *t, PlArena *arena) {
    size_t n_a = t->a->n_levels, n_b = t->b->n_levels, *part = pl_arena_sizes(arena, n_a + n_b);
    t->part_rows = pl_arena_doubles(arena, n_a);
    t->part_sum = pl_arena_doubles(arena, n_a);
    if (!part || !t->part_rows || !t->part_sum)
        return PL_NO_MEMORY;
    pl_absorb_components(t->a, t->b, t->rows, part);
    t->part = part + n_a;
    for (size_t j = 0; j < n_b; j++)
        t->part_rows[t->part[j]] += t->b_count[j];
    return PL_OK;
}

static PlStatus make_table(Table *t, PlArena *arena) {
    size_t n_a = t->a->n_levels, n_b = t->b->n_levels;
    t->a_count = count_levels(t->a, t->rows, arena);
    t->b_count = count_levels(t->b, t->rows, arena);
    if (!t->a_count || !t->b_count || find_parts(t, arena) != PL_OK)
        return PL_NO_MEMORY;
    if (n_a > CELLS_A_ROW * t->rows / n_b || n_b > UINT32_MAX || t->rows > INT32_MAX)
        return n_b > UINT32_MAX ? PL_NO_MEMORY : list_rows(t, arena);
    int32_t *counts = pl_arena_take(arena, n_a * n_b, sizeof *counts);
    if (!counts)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < t->rows; r++)
        counts[t->a->levels[r] * n_b + t->b->levels[r]]++;
    return list_from_counts(t, counts, arena);
}

/* out = S v, S = D_b - C' D_a^-1 C. */
static void apply_schur(const Table *t, const double *v, double *out) {
    size_t n_b = t->b->n_levels;
    double v_sum = 0, common_sum = 0;
    for (size_t j = 0; j < n_b; j++) {
        v_sum += v[j];
        out[j] = t->b_count[j] * v[j];
    }
    for (size_t i = 0; i < t->a->n_levels; i++) {
        double mean = t->common * v_sum;
        for (size_t e = t->start[i]; e < t->start[i + 1]; e++)
            mean += t->entry[e] * v[t->column[e]];
        mean /= t->a_count[i];
        for (size_t e = t->start[i]; e < t->start[i + 1]; e++)
            out[t->column[e]] -= t->entry[e] * mean;
        common_sum += mean;
    }
    for (size_t j = 0; j < n_b; j++)
        out[j] -= t->common * common_sum;
}

/* What least squares on b's dummies alone would explain of the column's squares. */
static double explained(const double *rest, const double *count, size_t n) {
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += rest[j] * rest[j] / count[j];
    return sum;
}

/* S has each component's constant in its null space, so that the rest of a component sums to zero, but for
 * rounding; where that is not taken out, the solution runs away along the constant once all else is solved.
 */
static void level_parts(const Table *t, double *rest) {
    size_t n = t->b->n_levels;
    for (size_t j = 0; j < n; j++)
        t->part_sum[t->part[j]] = 0;
    for (size_t j = 0; j < n; j++)
        t->part_sum[t->part[j]] += rest[j];
    for (size_t j = 0; j < n; j++)
        rest[j] -= t->part_sum[t->part[j]] / t->part_rows[t->part[j]] * t->b_count[j];
}

/* Solves S v = rest until the rest is down to `enough` of squares; `rest` is used up, `work` has 2 n. */
static void solve_schur(const Table *t, double *rest, double enough, double *v, double *work) {
    size_t n = t->b->n_levels, rounds = ROUNDS_MIN + 2 * n;
    level_parts(t, rest);
    double *direction = work, *image = work + n, rho = explained(rest, t->b_count, n);
    for (size_t j = 0; j < n; j++) {
        v[j] = 0;
        direction[j] = rest[j] / t->b_count[j];
    }
    for (size_t round = 0; round < rounds && rho > enough; round++) {
        apply_schur(t, direction, image);
        double curvature = 0, length = 0;
        for (size_t j = 0; j < n; j++) {
            curvature += direction[j] * image[j];
            length += t->b_count[j] * direction[j] * direction[j];
        }
        if (!(curvature > FLAT_WITHIN * length))
            return;
        double step = rho / curvature, before = rho;
        for (size_t j = 0; j < n; j++) {
            v[j] += step * direction[j];
            rest[j] -= step * image[j];
        }
        level_parts(t, rest);
        rho = explained(rest, t->b_count, n);
        for (size_t j = 0; j < n; j++)
            direction[j] = rest[j] / t->b_count[j] + rho / before * direction[j];
    }
}

static void solve_two(const Table *t, double *rest, double enough, double *v, double *work) {
    size_t n = t->b->n_levels;
    if (!t->balanced) {
        solve_schur(t, rest, enough, v, work);
        return;
    }
    for (size_t j = 0; j < n; j++)
        v[j] = rest[j] / t->b_count[j];
}

/* Takes b's effects off, or puts them back (sign -1), and a's means off again. */
static void take_effects(const Table *t, const double *effect, double sign, double *column, double *a_sum) {
    for (size_t r = 0; r < t->rows; r++)
        column[r] -= sign * effect[t->b->levels[r]];
    demean(t->a, t->a_count, t->rows, column, a_sum);
}

/* The column has a's means out of it already when its b-sums are the right-hand side. */
static PlStatus absorb_two_column(const Table *t, double *column, double *a_sum, double *b_work) {
    size_t n = t->b->n_levels;
    double *rest = b_work, *v = b_work + n, *work = b_work + 2 * n, left = INFINITY;
    double rounding = ROUNDING * ROUNDING * sum_of_squares(column, t->rows);
    if (!demean(t->a, t->a_count, t->rows, column, a_sum))
        return PL_NOT_FINITE;
    for (int round = 0; round < REFINED_AT_MOST; round++) {
        memset(rest, 0, n * sizeof *rest);
        for (size_t r = 0; r < t->rows; r++)
            rest[t->b->levels[r]] += column[r];
        double squares = sum_of_squares(column, t->rows), before = left;
        left = explained(rest, t->b_count, n);
        if (!isfinite(left) || !isfinite(squares))
            return PL_NOT_FINITE;
        double enough = fmax(LEFT_WITHIN * LEFT_WITHIN * squares, rounding);
        if (left <= enough || is_noise(left, squares, rounding))
            return PL_OK;
        if (left > before) { /* rounding was blown up: the step before was the last good one */
            take_effects(t, v, -1, column, a_sum);
            return pass(before, sum_of_squares(column, t->rows), rounding);
        }
        if (round > 1 && left > before / 4)
            return pass(left, squares, rounding);
        solve_two(t, rest, enough / 16, v, work);
        take_effects(t, v, 1, column, a_sum);
    }
    return pass(left, sum_of_squares(column, t->rows), rounding);
}

static PlStatus absorb_two(const PlVariable *sets, size_t rows, double *const *columns, size_t n_columns,
                           PlArena *arena) {
    bool first = sets[0].n_levels >= sets[1].n_levels;
    Table t = {.a = &sets[first ? 0 : 1], .b = &sets[first ? 1 : 0], .rows = rows};
    double *a_sum = pl_arena_doubles(arena, t.a->n_levels);
    double *b_work = pl_arena_doubles(arena, 4 * t.b->n_levels);
    PlStatus status = a_sum && b_work ? make_table(&t, arena) : PL_NO_MEMORY;
    for (size_t c = 0; status == PL_OK && c < n_columns; c++)
        status = absorb_two_column(&t, columns[c], a_sum, b_work);
    return status;
}

/* ---- three and more ---- */

typedef struct {
    const PlVariable *sets;
    size_t n_sets, rows;
    double **count, *sum;
} Many;

/* out = x less what demeaning by every set in turn, and back, leaves of it. */
static bool moved(const Many *m, const double *x, double *out) {
    bool finite = true;
    memcpy(out, x, m->rows * sizeof *out);
    for (size_t step = 0; step + 1 < 2 * m->n_sets; step++) {
        size_t s = step < m->n_sets ? step : 2 * m->n_sets - 2 - step;
        finite = demean(&m->sets[s], m->count[s], m->rows, out, m->sum) && finite;
    }
    for (size_t r = 0; r < m->rows; r++)
        out[r] = x[r] - out[r];
    return finite;
}

static double product(const double *x, const double *y, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* One descent to where the operator moves the column no more; work has 3 columns, rest the first move. */
static void descend(const Many *m, double *column, double *rest, double enough, double *work) {
    double *direction = work, *image = work + m->rows, rho = sum_of_squares(rest, m->rows);
    memcpy(direction, rest, m->rows * sizeof *rest);
    for (size_t round = 0; round < ROUNDS_MANY && rho > enough; round++) {
        moved(m, direction, image);
        double curvature = product(direction, image, m->rows), before = rho;
        if (!(curvature > FLAT_WITHIN * sum_of_squares(direction, m->rows)))
            return;
        double step = rho / curvature;
        for (size_t r = 0; r < m->rows; r++) {
            column[r] -= step * direction[r];
            rest[r] -= step * image[r];
        }
        rho = sum_of_squares(rest, m->rows);
        for (size_t r = 0; r < m->rows; r++)
            direction[r] = rest[r] + rho / before * direction[r];
    }
}

static PlStatus absorb_many_column(const Many *m, double *column, double *work) {
    double *rest = work, left = INFINITY;
    double rounding = ROUNDING * ROUNDING * sum_of_squares(column, m->rows);
    for (int round = 0; round < REFINED_AT_MOST; round++) {
        if (!moved(m, column, rest))
            return PL_NOT_FINITE;
        double squares = sum_of_squares(column, m->rows), before = left;
        left = sum_of_squares(rest, m->rows);
        if (!isfinite(left) || !isfinite(squares))
            return PL_NOT_FINITE;
        double enough = fmax(LEFT_WITHIN_MANY * LEFT_WITHIN_MANY * squares, rounding);
        if (left <= enough || is_noise(left, squares, rounding))
            return PL_OK;
        if (round > 1 && left > before / 4)
            return pass(left, squares, rounding);
        descend(m, column, rest, enough / 16, work + m->rows);
    }
    return pass(left, sum_of_squares(column, m->rows), rounding);
}

static PlStatus absorb_many(const PlVariable *sets, size_t n_sets, size_t rows, double *const *columns,
                            size_t n_columns, PlArena *arena) {
    Many m = {.sets = sets, .n_sets = n_sets, .rows = rows};
    size_t most = 0;
    m.count = pl_arena_take(arena, n_sets, sizeof *m.count);
    double *work = pl_arena_doubles(arena, 3 * rows);
    for (size_t s = 0; m.count && s < n_sets; s++) {
        most = sets[s].n_levels > most ? sets[s].n_levels : most;
        if (!(m.count[s] = count_levels(&sets[s], rows, arena)))
            return PL_NO_MEMORY;
    }
    m.sum = pl_arena_doubles(arena, most);
    if (!m.count || !work || !m.sum)
        return PL_NO_MEMORY;
    PlStatus status = PL_OK;
    for (size_t c = 0; status == PL_OK && c < n_columns; c++)
        status = absorb_many_column(&m, columns[c], work);
    return status;
}

static PlStatus absorb_columns(const PlVariable *sets, size_t n_sets, size_t rows, double *const *columns,
                               size_t n_columns, PlArena *arena) {
    if (n_sets == 1)
        return absorb_one(sets, rows, columns, n_columns, arena);
    if (n_sets == 2)
        return absorb_two(sets, rows, columns, n_columns, arena);
    return n_sets > 2 ? absorb_many(sets, n_sets, rows, columns, n_columns, arena) : PL_OK;
}

/* Squares of columns within these magnitudes neither overflow nor underflow to where it matters. */
#define SQUARED_FROM 1e-100
#define SQUARED_TO   1e100

/* The power of two that brings the column to a magnitude near 1; 1 when its squares are safe anyway, 0 when a
 * value is not finite. */
static double safe_scale(const double *column, size_t rows) {
    double largest = 0, check = 0;
    int exponent = 0;
    for (size_t r = 0; r < rows; r++) {
        double size = fabs(column[r]);
        largest = size > largest ? size : largest; /* fmax() would be a call */
        check += column[r] * 0;
    }
    if (check != 0)
        return 0;
    if (largest == 0 || (largest >= SQUARED_FROM && largest <= SQUARED_TO))
        return 1;
    frexp(largest, &exponent);
    return ldexp(1, exponent < -1000 ? 1000 : -exponent);
}

static PlStatus absorb_scaled(const PlVariable *sets, size_t n_sets, size_t rows, double *column,
                              double scale, PlArena *arena) {
    for (size_t r = 0; r < rows; r++)
        column[r] *= scale;
    PlStatus status = absorb_columns(sets, n_sets, rows, &column, 1, arena);
    for (size_t r = 0; r < rows; r++)
        column[r] /= scale;
    return status;
}

/* Replaces each of n_columns columns of `rows` values by its residual from the least-squares regression on
 * the dummies of all sets (levels; n_sets may be 0, then nothing changes). One set: exact. Two: exact to
 * rounding, by closed form in a balanced table, else conjugate gradients, refined. More: to 1e-13 of the
 * residual's norm, or the rounding of the column's. Scratch of the arena is given back. A column that the
 * effects explain comes out as rounding noise; the caller compares its norm with what it was. *rank (may be
 * NULL): see pl_absorb_rank.
 * PL_TOO_FEW: no row. PL_NOT_FINITE: a value is not, or sums or squares overflow. PL_NO_CONVERGENCE.
 * PL_NO_MEMORY.
 * Source: Frisch and Waugh 1933, doi:10.2307/1907330; Guimaraes and Portugal 2010,
 * doi:10.1177/1536867X1101000406. Check: dense least squares in numpy, tests/unit/stats/test_absorb.c. */
PlStatus pl_absorb(const PlVariable *sets, size_t n_sets, size_t rows, double *const *columns,
                   size_t n_columns, PlArena *arena, size_t *rank) {
    if (rows == 0)
        return PL_TOO_FEW;
    PlArenaMark mark = pl_arena_mark(arena);
    bool safe = true;
    PlStatus status = PL_OK;
    for (size_t c = 0; status == PL_OK && c < n_columns; c++) {
        double scale = safe_scale(columns[c], rows);
        status = scale == 0 ? PL_NOT_FINITE : PL_OK;
        safe = safe && scale == 1;
    }
    if (status == PL_OK && safe)
        status = absorb_columns(sets, n_sets, rows, columns, n_columns, arena);
    for (size_t c = 0; status == PL_OK && !safe && c < n_columns; c++)
        status = absorb_scaled(sets, n_sets, rows, columns[c], safe_scale(columns[c], rows), arena);
    pl_arena_release(arena, mark);
    if (status == PL_OK && rank)
        status = pl_absorb_rank(sets, n_sets, rows, arena, rank);
    return status;
}
