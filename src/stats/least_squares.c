/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/least_squares.h"

#include <float.h>
#include <string.h>

/* Designs of up to this many rows x columns^2 have their QR in double-double: a twentieth of a second. */
enum { SMALL_UP_TO = 2000000 };

/* Cholesky squares this part of 32 digits. */
#define WELL_POSED_FROM 1e-7

/* Residuals of an exact fit are this small beside y. */
#define PERFECT_WITHIN (8 * DBL_EPSILON)

/* Columns count as a part of a combination when they carry at least this part of the one that is one. */
#define PART_FROM 1e-9

/* A design with every column times 2^exponent; then results have to be scaled back. */
typedef struct {
    PlTriangle t;
    double *y;
    int *exponent, y_exponent;
    PlDd *inverse; /* R^-1 */
    PlDd *coef;    /* in the order of the columns */
    double *residual, *residual_low;
} Design;

static double largest_magnitude(const double *x, size_t n) {
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(x[i]));
        sum += x[i] - x[i]; /* NaN if anything is not finite */
    }
    return sum == 0 ? largest : NAN;
}

static int exponent_of(double magnitude) {
    int exponent = 0;
    frexp(magnitude, &exponent);
    return -exponent;
}

/* Two steps, so that 2^1074 works as well. */
static double scale(double x, int exponent) {
    return ldexp(ldexp(x, exponent / 2), exponent - exponent / 2);
}

static PlStatus load_column(Design *d, const PlDesignColumn *column, size_t c, PlArena *arena) {
    PlTriangle *t = &d->t;
    bool raised = column->values && column->power > 1;
    double *high = t->high[c] = pl_arena_doubles(arena, t->rows);
    double *low = t->low[c] = raised ? pl_arena_doubles(arena, t->rows) : NULL;
    if (!high || (raised && !low))
        return PL_NO_MEMORY;
    double largest = column->values ? largest_magnitude(column->values, t->rows) : 1;
    if (!isfinite(largest))
        return PL_NOT_FINITE;
    int exponent = column->values ? exponent_of(largest) : 0;
    double squares = 0;
    for (size_t i = 0; i < t->rows; i++) {
        high[i] = column->values ? scale(column->values[i], exponent) : 1;
        if (raised) {
            PlDd value = pl_dd_power(pl_dd(high[i]), column->power);
            high[i] = value.high;
            low[i] = value.low;
        }
        squares += high[i] * high[i];
    }
    d->exponent[c] = exponent * (raised ? (int)column->power : 1);
    t->norm[c] = fmax(sqrt(squares), scale(column->norm_before, d->exponent[c]));
    t->order[c] = c;
    return largest > 0 && isfinite(t->norm[c]) ? PL_OK : PL_SINGULAR;
}

static PlStatus load(Design *d, const PlDesignColumn *columns, const double *y, PlArena *arena,
                     size_t *culprit) {
    PlTriangle *t = &d->t;
    double largest = largest_magnitude(y, t->rows);
    *culprit = t->k;
    if (!isfinite(largest))
        return PL_NOT_FINITE;
    d->y_exponent = exponent_of(largest);
    for (size_t i = 0; i < t->rows; i++)
        d->y[i] = scale(y[i], d->y_exponent);
    t->y = d->y;
    for (size_t c = 0; c < t->k; c++) {
        PlStatus status = load_column(d, &columns[c], c, arena);
        if (status != PL_OK) {
            *culprit = c;
            return status;
        }
    }
    return PL_OK;
}

static bool take(Design *d, size_t k, size_t rows, int threads, PlArena *arena) {
    d->t = (PlTriangle){.rows = rows, .k = k, .threads = threads < 1 ? 1 : threads};
    d->t.high = pl_arena_take(arena, k, sizeof *d->t.high);
    d->t.low = pl_arena_take(arena, k, sizeof *d->t.low);
    d->t.norm = pl_arena_doubles(arena, k);
    d->t.order = pl_arena_sizes(arena, k);
    d->t.r = pl_arena_take(arena, k * k, sizeof *d->t.r);
    d->t.z = pl_arena_take(arena, k, sizeof *d->t.z);
    d->y = pl_arena_doubles(arena, rows);
    d->exponent = pl_arena_take(arena, k, sizeof *d->exponent);
    d->inverse = pl_arena_take(arena, k * k, sizeof *d->inverse);
    d->coef = pl_arena_take(arena, k, sizeof *d->coef);
    d->residual = pl_arena_doubles(arena, rows);
    d->residual_low = pl_arena_doubles(arena, rows);
    return d->t.high && d->t.low && d->t.norm && d->t.order && d->t.r && d->t.z && d->y && d->exponent &&
           d->inverse && d->coef && d->residual && d->residual_low;
}

/* The last column, as the caller gave them, of the combination that column order[rank] makes with the
 * columns before: an analyst blames what was added last, and never the intercept if there is another. */
static size_t last_of_combination(const PlTriangle *t) {
    size_t k = t->k, last = t->order[t->rank];
    PlDd *part = t->z; /* not needed any more */
    for (size_t i = t->rank; i-- > 0;) {
        part[i] = t->r[i * k + t->rank];
        for (size_t j = i + 1; j < t->rank; j++)
            part[i] = pl_dd_subtract(part[i], pl_dd_multiply(t->r[i * k + j], part[j]));
        part[i] = pl_dd_divide(part[i], t->r[i * k + i]);
        if (fabs(part[i].high) * t->norm[t->order[i]] > PART_FROM * t->norm[t->order[t->rank]] &&
            t->order[i] > last)
            last = t->order[i];
    }
    return last;
}

/* The triangle, by the way that suits size and condition; `small`: by QR. */
static PlStatus find_triangle(PlTriangle *t, PlArena *arena, bool *small) {
    *small = (double)t->rows * (double)t->k * (double)t->k <= SMALL_UP_TO;
    PlStatus status = *small ? PL_OK : pl_triangle_large(t, arena);
    if (status != PL_OK)
        return status;
    if (!*small && (t->rank < t->k || t->least >= WELL_POSED_FROM))
        return PL_OK;
    *small = true;
    for (size_t c = 0; c < t->k; c++)
        t->order[c] = c;
    return pl_triangle_small(t, arena);
}

/* R^-1, upper triangular. */
static void invert(Design *d) {
    size_t k = d->t.k;
    for (size_t j = 0; j < k; j++)
        for (size_t i = j + 1; i-- > 0;) {
            PlDd sum = pl_dd(i == j ? 1 : 0);
            for (size_t m = i + 1; m <= j; m++)
                sum = pl_dd_subtract(sum, pl_dd_multiply(d->t.r[i * k + m], d->inverse[m * k + j]));
            d->inverse[i * k + j] = pl_dd_divide(sum, d->t.r[i * k + i]);
        }
}

/* coef += R^-1 z. */
static void solve(Design *d, const PlDd *z) {
    size_t k = d->t.k;
    for (size_t i = 0; i < k; i++) {
        PlDd *coef = &d->coef[d->t.order[i]];
        for (size_t j = i; j < k; j++)
            *coef = pl_dd_add(*coef, pl_dd_multiply(d->inverse[i * k + j], z[j]));
    }
}

static PlDd entry(const PlTriangle *t, size_t c, size_t i) {
    return (PlDd){t->high[c][i], t->low[c] ? t->low[c][i] : 0};
}

/* Residuals y - X coef; returns the sum of their squares. */
static PlDd find_residuals(Design *d) {
    PlDd squares = {0, 0};
    for (size_t i = 0; i < d->t.rows; i++) {
        PlDd left = pl_dd(d->y[i]);
        for (size_t c = 0; c < d->t.k; c++)
            left = pl_dd_subtract(left, pl_dd_multiply(d->coef[c], entry(&d->t, c, i)));
        d->residual[i] = left.high;
        d->residual_low[i] = left.low;
        squares = pl_dd_add(squares, pl_dd_multiply(left, left));
    }
    return squares;
}

/* One step of refinement: coef += (X'X)^-1 X'r. `z` is scratch. */
static void refine(Design *d, PlDd *z) {
    size_t k = d->t.k;
    for (size_t c = 0; c < k; c++)
        d->t.z[c] = pl_dd(0);
    for (size_t i = 0; i < d->t.rows; i++)
        for (size_t c = 0; c < k; c++)
            d->t.z[c] = pl_dd_add(
                d->t.z[c], pl_dd_multiply((PlDd){d->residual[i], d->residual_low[i]}, entry(&d->t, c, i)));
    for (size_t j = 0; j < k; j++) {
        z[j] = pl_dd(0);
        for (size_t i = 0; i <= j; i++)
            z[j] = pl_dd_add(z[j], pl_dd_multiply(d->inverse[i * k + j], d->t.z[d->t.order[i]]));
    }
    solve(d, z);
}

static void total_squares(const double *y, size_t n, PlDd *about_zero, PlDd *about_mean) {
    PlDd sum = {0, 0};
    *about_zero = *about_mean = sum;
    for (size_t i = 0; i < n; i++) {
        sum = pl_dd_add(sum, pl_dd(y[i]));
        *about_zero = pl_dd_add(*about_zero, pl_dd_product(y[i], y[i]));
    }
    PlDd mean = pl_dd_divide(sum, pl_dd((double)n));
    for (size_t i = 0; i < n; i++) {
        PlDd part = pl_dd_subtract(pl_dd(y[i]), mean);
        *about_mean = pl_dd_add(*about_mean, pl_dd_multiply(part, part));
    }
}

static void shares(PlDd rest, PlDd total, double *explained, double *unexplained) {
    *explained = *unexplained = 0;
    if (total.high > 0) {
        *unexplained = pl_dd_value(pl_dd_divide(rest, total));
        *explained = pl_dd_value(pl_dd_divide(pl_dd_subtract(total, rest), total));
    }
}

/* (X'X)^-1 = R^-1 R^-T, each entry times 2^(exponents of its two columns). */
static void fill_bread(const Design *d, PlLeastSquares *out) {
    size_t k = d->t.k;
    for (size_t a = 0; a < k; a++)
        for (size_t b = a; b < k; b++) {
            PlDd sum = {0, 0};
            size_t i = d->t.order[a], j = d->t.order[b];
            for (size_t m = b; m < k; m++)
                sum = pl_dd_add(sum, pl_dd_multiply(d->inverse[a * k + m], d->inverse[b * k + m]));
            out->bread[i * k + j] = out->bread[j * k + i] =
                scale(scale(pl_dd_value(sum), d->exponent[i]), d->exponent[j]);
            if (a == b)
                out->unit_error[i] = scale(pl_dd_value(pl_dd_sqrt(sum)), d->exponent[i]);
        }
}

static PlStatus finish(const Design *d, PlDd squares, PlArena *arena, PlLeastSquares *out) {
    size_t k = d->t.k, rows = d->t.rows;
    out->coef = pl_arena_doubles(arena, k);
    out->unit_error = pl_arena_doubles(arena, k);
    out->bread = pl_arena_doubles(arena, k * k);
    out->residuals = d->residual;
    if (!out->coef || !out->unit_error || !out->bread)
        return PL_NO_MEMORY;
    PlDd about_zero, about_mean;
    total_squares(d->y, rows, &about_zero, &about_mean);
    shares(squares, about_zero, &out->explained, &out->unexplained);
    shares(squares, about_mean, &out->explained_centred, &out->unexplained_centred);
    out->residual_norm = scale(pl_dd_value(pl_dd_sqrt(squares)), -d->y_exponent);
    out->y_norm = scale(pl_dd_value(pl_dd_sqrt(about_zero)), -d->y_exponent);
    out->y_spread = scale(pl_dd_value(pl_dd_sqrt(about_mean)), -d->y_exponent);
    out->perfect = squares.high <= PERFECT_WITHIN * PERFECT_WITHIN * about_zero.high;
    fill_bread(d, out);
    for (size_t c = 0; c < k; c++) {
        out->coef[c] = scale(pl_dd_value(d->coef[c]), d->exponent[c] - d->y_exponent);
        out->culprit = c;
        if (!isfinite(out->coef[c]) || !isfinite(out->unit_error[c]))
            return PL_NOT_FINITE;
    }
    for (size_t i = 0; i < rows; i++)
        d->residual[i] = scale(d->residual[i], -d->y_exponent);
    return isfinite(out->residual_norm) && isfinite(out->y_norm) ? PL_OK : PL_NOT_FINITE;
}

/* Least squares of y on n_coef columns, by QR or Cholesky in double-double with column pivoting on scaled
 * columns (triangle.c), so that the result is right to the last digits of a double for any design that is not
 * singular in double precision; the inputs' own rounding is all that is left. Columns may have any units:
 * each is scaled by a power of two. A power of a column is not rounded to double in between, which alone
 * would cost Filip's polynomial all its digits. The results live in the arena, with scratch that is not given
 * back. bread may hold infinities and zeros where columns are beyond 1e150; the rest is finite. PL_TOO_FEW:
 * rows < n_coef or none of either. PL_SINGULAR: culprit is the last column of a combination that is 0 up to
 * PL_SINGULAR_WITHIN. PL_NOT_FINITE: an input or result, culprit its column, n_coef for y. PL_NO_MEMORY. The
 * same for any number of threads. Source: Bjoerck 1996, Numerical Methods for Least Squares Problems,
 * doi:10.1137/1.9781611971484. Check: NIST StRD linear regression, all eleven sets to 13 digits and more,
 * tests/unit/stats/test_least_squares.c. */
PlStatus pl_least_squares(const PlDesignColumn *columns, size_t n_coef, const double *y, size_t rows,
                          int threads, PlArena *arena, PlLeastSquares *out) {
    Design d = {0};
    *out = (PlLeastSquares){.culprit = n_coef};
    if (n_coef == 0 || rows < n_coef)
        return PL_TOO_FEW;
    if (!take(&d, n_coef, rows, threads, arena))
        return PL_NO_MEMORY;
    PlStatus status = load(&d, columns, y, arena, &out->culprit);
    bool small = true;
    if (status == PL_OK)
        status = find_triangle(&d.t, arena, &small);
    if (status != PL_OK)
        return status;
    if (d.t.rank < n_coef) {
        out->culprit = last_of_combination(&d.t);
        return PL_SINGULAR;
    }
    invert(&d);
    solve(&d, d.t.z);
    PlDd squares = find_residuals(&d);
    PlDd *scratch = small ? NULL : pl_arena_take(arena, n_coef, sizeof *scratch);
    if (!small && !scratch)
        return PL_NO_MEMORY;
    if (!small) {
        refine(&d, scratch);
        squares = find_residuals(&d);
    }
    return finish(&d, squares, arena, out);
}
