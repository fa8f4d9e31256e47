/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/simplex.h"

#include "pairlift/stats/order.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Options considered: Frank-Wolfe and projected gradients stop early, and their answer depends on where;
 * interior points need a factorisation of all points at each step. An active set ends at the exact answer
 * after about as many steps as points have weight, each of them a small triangular solve.
 *
 * With a_i = point_i - target this is the point of smallest norm in the hull of the a_i. On active points it
 * is u / sum u with (A'A + ridge + shift 1 1') u = shift 1: Wolfe 1976, doi:10.1007/BF01580381; Lawson and
 * Hanson 1974, chapter 23. Products of points lose half of the digits, so the answer is refined with
 * residuals of the points themselves, and its optimality is looked at by them. */

/* A point is a combination of the active ones when this part of its square is left. */
#define DEPENDENT_WITHIN (64 * DBL_EPSILON)
/* By the products, and by the points themselves: what a point must promise, in parts of its size. */
#define PROMISE_OF_PRODUCTS 1e-11
#define PROMISE_OF_POINTS   1e-12
enum { REFINEMENTS = 3 };

/* Four partial sums, written out: left to the compiler, their number and so the last digits would hang on its
 * options. */
double pl_dot(const double *x, const double *y, size_t n) {
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t lane = 0; lane < 4; lane++)
            sum[lane] += x[i + lane] * y[i + lane];
    for (; i < n; i++)
        sum[0] += x[i] * y[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void add_times(double *y, double factor, const double *x, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        y[i] += factor * x[i];
}

PlStatus pl_cloud(const double *points, size_t n, size_t dim, PlArena *arena, PlCloud *out) {
    double *gram = n > SIZE_MAX / n ? NULL : pl_arena_doubles(arena, n * n);
    if (!gram)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            gram[i * n + j] = gram[j * n + i] = pl_dot(points + i * dim, points + j * dim, dim);
    *out = (PlCloud){.n = n, .dim = dim, .points = points, .gram = gram};
    return PL_OK;
}

PlStatus pl_simplex_work(PlArena *arena, size_t n, size_t dim, PlSimplexWork *out) {
    if (n == 0 || n > UINT32_MAX)
        return PL_BAD_ARGUMENT;
    PlSimplexWork w = {.n = n,
                       .dim = dim,
                       .active = pl_arena_sizes(arena, n),
                       .residual = pl_arena_doubles(arena, dim),
                       .factor = pl_arena_doubles(arena, n * (n + 1) / 2),
                       .inverse_size = pl_arena_doubles(arena, n),
                       .gradient = pl_arena_doubles(arena, n),
                       .solution = pl_arena_doubles(arena, n),
                       .scratch = pl_arena_doubles(arena, n + 1),
                       .unit = pl_arena_doubles(arena, n),
                       .cosine = pl_arena_doubles(arena, n),
                       .sine = pl_arena_doubles(arena, n),
                       .moved = pl_arena_doubles(arena, dim),
                       .is_active = pl_arena_take(arena, n, sizeof(bool)),
                       .useless = pl_arena_take(arena, n, sizeof(bool))};
    if (!w.active || !w.residual || !w.factor || !w.inverse_size || !w.gradient || !w.solution ||
        !w.scratch || !w.unit || !w.cosine || !w.sine || !w.moved || !w.is_active || !w.useless)
        return PL_NO_MEMORY;
    *out = w;
    return PL_OK;
}

static double *row_of(const PlSimplexWork *work, size_t i) {
    return work->factor + i * (i + 1) / 2;
}

/* a_i . a_j, with what the ridge and the shift add. */
static double product(const PlSimplexWork *work, size_t i, size_t j) {
    const PlSimplexTask *task = &work->task;
    double own = task->cloud->gram[i * task->cloud->n + j] - task->cross[i] - task->cross[j];
    return own + task->target_square + work->shift + (i == j ? task->ridge : 0);
}

/* Writes the factor's row `at` from the point active[at]; false when it depends on the points before. */
static bool factor_row(PlSimplexWork *work, size_t at) {
    size_t point = work->active[at];
    double *row = row_of(work, at);
    for (size_t i = 0; i < at; i++) {
        const double *other = row_of(work, i);
        row[i] = (product(work, point, work->active[i]) - pl_dot(row, other, i)) / other[i];
    }
    double whole = product(work, point, point), rest = whole - pl_dot(row, row, at);
    if (!(rest > DEPENDENT_WITHIN * whole))
        return false;
    row[at] = sqrt(rest);
    return true;
}

static bool activate(PlSimplexWork *work, size_t point) {
    work->active[work->n_active] = point;
    if (!factor_row(work, work->n_active))
        return false;
    work->n_active++;
    return work->is_active[point] = true;
}

/* Takes the `at`-th active point out; rotations (Givens) make the rows below it triangular again. */
static void deactivate(PlSimplexWork *work, size_t at) {
    double *whole = work->scratch, *cosine = work->cosine, *sine = work->sine;
    work->is_active[work->active[at]] = false;
    work->n_active--;
    for (size_t k = at; k < work->n_active; k++) {
        work->active[k] = work->active[k + 1];
        memcpy(whole, row_of(work, k + 1), (k + 2) * sizeof *whole);
        for (size_t c = at; c < k; c++) {
            double left = whole[c], right = whole[c + 1];
            whole[c] = cosine[c] * left + sine[c] * right;
            whole[c + 1] = cosine[c] * right - sine[c] * left;
        }
        double length = hypot(whole[k], whole[k + 1]);
        cosine[k] = whole[k] / length;
        sine[k] = whole[k + 1] / length;
        whole[k] = length;
        memcpy(row_of(work, k), whole, (k + 1) * sizeof *whole);
    }
}

/* Solves (A'A + ridge + shift 1 1') z = right on the active points, in place. */
static void solve(const PlSimplexWork *work, double *z) {
    size_t n = work->n_active;
    for (size_t i = 0; i < n; i++) {
        const double *row = row_of(work, i);
        z[i] = (z[i] - pl_dot(row, z, i)) / row[i];
    }
    for (size_t i = n; i-- > 0;) {
        const double *row = row_of(work, i);
        z[i] /= row[i];
        add_times(z, -z[i], row, i);
    }
}

static double sum(const double *x, size_t n) {
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += x[i];
    return total;
}

static const double *point(const PlSimplexWork *work, size_t i) {
    return work->task.cloud->points + i * work->task.cloud->dim;
}

/* residual = sum of weights of active points times a_i */
static void find_residual(PlSimplexWork *work, const double *weights) {
    const double *t = work->task.target;
    double *x = work->residual;
    size_t dim = work->task.cloud->dim;
    memset(x, 0, dim * sizeof *x);
    for (size_t i = 0; i < work->n_active; i++) {
        const double *p = point(work, work->active[i]);
        double weight = weights[i];
#pragma omp simd
        for (size_t d = 0; d < dim; d++)
            x[d] += weight * (p[d] - t[d]);
    }
}

/* a_i . x */
static double along(const PlSimplexWork *work, size_t i, const double *x) {
    const double *p = point(work, i), *t = work->task.target;
    double sum[4] = {0};
    size_t d = 0, dim = work->task.cloud->dim;
    for (; d + 4 <= dim; d += 4)
        for (size_t lane = 0; lane < 4; lane++)
            sum[lane] += (p[d + lane] - t[d + lane]) * x[d + lane];
    for (; d < dim; d++)
        sum[0] += (p[d] - t[d]) * x[d];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Adds to z what makes its sum `total`, along the vector that solves the system for 1. */
static void bring_sum_to(const PlSimplexWork *work, double *z, double total) {
    size_t n = work->n_active;
    add_times(z, (total - sum(z, n)) / sum(work->unit, n), work->unit, n);
}

/* solution = weights of sum 1, of either sign, that make the norm on the active points' plane smallest. */
static void solve_plane(PlSimplexWork *work, bool by_points) {
    size_t n = work->n_active;
    double *z = work->scratch, *w = work->solution, last = INFINITY;
    for (size_t i = 0; i < n; i++) {
        work->unit[i] = 1;
        w[i] = 0;
    }
    solve(work, work->unit);
    bring_sum_to(work, w, 1);
    for (int step = 0; by_points && step < REFINEMENTS; step++) {
        find_residual(work, w);
        for (size_t i = 0; i < n; i++)
            z[i] = -along(work, work->active[i], work->residual) - work->task.ridge * w[i];
        solve(work, z);
        bring_sum_to(work, z, 0);
        double change = sqrt(pl_dot(z, z, n));
        if (!(change < last / 2))
            break;
        add_times(w, 1, z, n);
        last = change;
        if (change <= DBL_EPSILON)
            break;
    }
    bring_sum_to(work, w, 1);
}

/* Moves w, feasible, to the smallest norm on the active points' plane, or drops the points that stand in the
 * way and goes on with the rest. */
static void settle(PlSimplexWork *work, double *w, bool by_points) {
    for (;;) {
        solve_plane(work, by_points);
        double step = 1;
        size_t n = work->n_active, blocks = n;
        for (size_t i = 0; i < n; i++) {
            double now = w[work->active[i]], then = work->solution[i];
            if (then <= 0 && now / (now - then) < step) {
                step = now / (now - then);
                blocks = i;
            } else if (then <= 0 && now == 0) {
                step = 0;
                blocks = i;
            }
        }
        for (size_t i = 0; i < n; i++)
            w[work->active[i]] += step * (work->solution[i] - w[work->active[i]]);
        if (blocks == n) {
            for (size_t i = 0; i < n; i++)
                w[work->active[i]] = work->solution[i];
            return;
        }
        w[work->active[blocks]] = 0;
        deactivate(work, blocks);
    }
}

/* gradient[i] = a_i . x + ridge w_i by the products of points, or by the points. */
static void find_gradient(PlSimplexWork *work, const double *w, bool by_points) {
    const PlSimplexTask *task = &work->task;
    size_t n = task->cloud->n;
    double *g = work->gradient, across = task->target_square;
    if (by_points) {
        find_residual(work, work->solution);
        for (size_t i = 0; i < n; i++)
            if (!task->barred || !task->barred[i])
                g[i] = along(work, i, work->residual);
    } else {
        for (size_t i = 0; i < n; i++)
            g[i] = -task->cross[i];
        for (size_t k = 0; k < work->n_active; k++) {
            size_t i = work->active[k];
            add_times(g, w[i], task->cloud->gram + i * n, n);
            across -= w[i] * task->cross[i];
        }
        for (size_t i = 0; i < n; i++)
            g[i] += across;
    }
    for (size_t k = 0; k < work->n_active; k++)
        g[work->active[k]] += task->ridge * w[work->active[k]];
}

/* The point that would shorten the residual most, for its size; n when none does by more than rounding. */
static size_t next_point(PlSimplexWork *work, const double *w, bool by_points) {
    size_t n = work->task.cloud->n, best = n;
    double level = 0;
    find_gradient(work, w, by_points);
    for (size_t k = 0; k < work->n_active; k++)
        level += w[work->active[k]] * work->gradient[work->active[k]];
    double length = sqrt(fmax(0, level)), size = sqrt(work->shift);
    double most =
        by_points ? PROMISE_OF_POINTS * length + 16 * DBL_EPSILON * size : PROMISE_OF_PRODUCTS * size;
    for (size_t i = 0; i < n; i++) {
        double promise = (level - work->gradient[i]) * work->inverse_size[i];
        if (promise > most && !work->is_active[i] && !work->useless[i]) {
            most = promise;
            best = i;
        }
    }
    return best;
}

/* inverse_size[i] = 1 / |a_i|, with what the ridge adds to it, the shift, and the closest point; barred
 * points are useless from the start. */
static size_t prepare(PlSimplexWork *work) {
    const PlSimplexTask *task = &work->task;
    size_t n = task->cloud->n, closest = n, m = 0;
    double rounding = 0;
    work->shift = 0;
    work->n_active = 0;
    for (size_t i = 0; i < n; i++) {
        work->is_active[i] = false;
        work->useless[i] = task->barred && task->barred[i];
        if (work->useless[i])
            continue;
        double square = fmax(0, product(work, i, i));
        rounding = fmax(rounding, DBL_EPSILON * (task->cloud->gram[i * n + i] + task->target_square));
        work->inverse_size[i] = sqrt(square);
        work->scratch[m++] = square;
        if (closest == n || work->inverse_size[i] < work->inverse_size[closest])
            closest = i;
    }
    if (m == 0)
        return n;
    double middle = pl_select(work->scratch, m, m / 2);
    work->shift = fmax(middle, 64 * rounding);
    if (work->shift == 0)
        work->shift = 1;
    double least = DBL_EPSILON * sqrt(work->shift);
    for (size_t i = 0; i < n; i++)
        work->inverse_size[i] = 1 / fmax(work->inverse_size[i], least);
    return closest;
}

/* What is made smallest. */
static double residual_square(PlSimplexWork *work, const double *w) {
    find_residual(work, work->solution);
    double square = pl_dot(work->residual, work->residual, work->task.cloud->dim);
    for (size_t k = 0; k < work->n_active; k++)
        square += work->task.ridge * w[work->active[k]] * w[work->active[k]];
    return square;
}

/* The weights w [n], which it fills: 0 for barred points. Afterwards work->residual is the fit less the
 * target. PL_TOO_FEW: every point is barred. PL_NO_CONVERGENCE: not seen on finite data. The answer is the
 * only one when ridge > 0 or the target lies outside of the points' hull and no active point depends on
 * others; the fit itself always is. O(n) by the active points a step, and their square.
 * Source: Wolfe 1976, doi:10.1007/BF01580381. Check: scipy's SLSQP and a search through all faces,
 * tests/reference/stats/synthetic.py, tests/unit/stats/test_simplex.c. */
PlStatus pl_simplex_fit(const PlSimplexTask *task, PlSimplexWork *work, double *w) {
    size_t n = task->cloud->n;
    work->task = *task;
    memset(w, 0, n * sizeof *w);
    size_t start = prepare(work);
    if (start == n)
        return PL_TOO_FEW;
    w[start] = 1;
    if (!activate(work, start))
        return PL_NO_CONVERGENCE;
    solve_plane(work, false);
    bool by_points = false;
    double last = INFINITY;
    for (size_t step = 0; step < 30 * n + 100; step++) {
        size_t next = next_point(work, w, by_points);
        if (next == n && by_points)
            return PL_OK;
        if (next == n) { /* from here on by the points themselves */
            by_points = true;
            settle(work, w, by_points);
            continue;
        }
        if (!activate(work, next)) {
            work->useless[next] = true;
            continue;
        }
        settle(work, w, by_points);
        double square = by_points ? residual_square(work, w) : INFINITY;
        /* A step that rounding hides must not be taken twice, or the search may go round in circles. */
        work->useless[next] = !work->is_active[next] || (by_points && !(square < last * (1 - DBL_EPSILON)));
        last = square;
    }
    return PL_NO_CONVERGENCE;
}

/* How the weights change, slope[k] for the k-th active point of the last fit, when its target moves along
 * `direction` [dim], as long as the active points stay the same ones. */
void pl_simplex_slope(PlSimplexWork *work, const double *direction, double *slope) {
    size_t n = work->n_active, dim = work->task.cloud->dim;
    double *moved = work->moved, *z = work->scratch;
    for (size_t i = 0; i < n; i++)
        slope[i] = 0;
    memcpy(moved, direction, dim * sizeof *moved);
    for (int step = 0; step < REFINEMENTS; step++) {
        for (size_t i = 0; i < n; i++)
            z[i] = along(work, work->active[i], moved) - work->task.ridge * slope[i];
        solve(work, z);
        bring_sum_to(work, z, 0);
        add_times(slope, 1, z, n);
        memcpy(moved, direction, dim * sizeof *moved);
        for (size_t i = 0; i < n; i++)
            add_times(moved, -slope[i], point(work, work->active[i]), dim);
    }
}
