/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/simplex_ridge.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* With a_i = point_i - target, ridge r and the level m of the constraint, the optimum is
 *     w_i = max(0, m - a_i . x) / r,  x = sum w_i a_i,  sum w_i = 1,
 * dim + 1 equations in (x, m), which are the gradient of the concave dual
 *     m - |x|^2 / 2 - sum max(0, m - a_i . x)^2 / (2 r).
 * Newton's method on it ends at the exact set of points with weight; the gradient is taken from the points,
 * so that rounding in the second derivatives costs steps and no digits. Semismooth Newton: Qi and Sun 1993,
 * doi:10.1007/BF01581275. */
enum { STEPS_MAX = 100, HALVINGS_MAX = 40 };
#define SMALL_GRADIENT (4 * DBL_EPSILON)

PlStatus pl_ridge_work(PlArena *arena, size_t n, size_t dim, PlRidgeWork *out) {
    *out = (PlRidgeWork){.n = n,
                         .dim = dim,
                         .x = pl_arena_doubles(arena, dim),
                         .gradient = pl_arena_doubles(arena, dim),
                         .step = pl_arena_doubles(arena, dim),
                         .along_x = pl_arena_doubles(arena, n),
                         .along_step = pl_arena_doubles(arena, n),
                         .sum = pl_arena_doubles(arena, dim),
                         .spread = pl_arena_doubles(arena, dim * dim),
                         .factor = pl_arena_doubles(arena, dim * dim),
                         .has = pl_arena_take(arena, n, sizeof(bool))};
    bool all = out->x && out->gradient && out->step && out->along_x && out->along_step && out->sum &&
               out->spread && out->factor && out->has;
    return all ? PL_OK : PL_NO_MEMORY;
}

/* values[i] = a_i . direction */
static void find_along(const PlSimplexTask *task, const double *direction, double *values) {
    size_t dim = task->cloud->dim;
    double own = pl_dot(task->target, direction, dim);
    for (size_t i = 0; i < task->cloud->n; i++)
        values[i] = pl_dot(task->cloud->points + i * dim, direction, dim) - own;
}

/* Takes a point into the sums of those with weight, or out of them. */
static void move_point(const PlSimplexTask *task, PlRidgeWork *work, size_t i, bool in) {
    size_t dim = task->cloud->dim;
    const double *p = task->cloud->points + i * dim;
    for (size_t d = 0; d < dim; d++) {
        double factor = in ? p[d] : -p[d], *row = work->spread + d * dim;
#pragma omp simd
        for (size_t e = 0; e <= d; e++)
            row[e] += factor * p[e];
        work->sum[d] += factor;
    }
    work->has[i] = in;
}

/* Step of (x, m) from their gradient: (I + C / r) step_x = gradient_x + sum of a_i gradient_m / points, C the
 * spread of the points with weight about their mean. False: not positive definite. */
static bool find_step(const PlSimplexTask *task, PlRidgeWork *work, double count, double gradient_m,
                      double *step_m) {
    size_t dim = task->cloud->dim;
    double r = task->ridge, *l = work->factor, *z = work->step;
    for (size_t d = 0; d < dim; d++) {
        double mean = work->sum[d] / count;
        for (size_t e = 0; e <= d; e++) {
            double own = (work->spread[d * dim + e] - mean * work->sum[e]) / r + (d == e);
            double rest = own - pl_dot(l + d * dim, l + e * dim, e);
            if (d == e && !(rest > 0))
                return false;
            l[d * dim + e] = d == e ? sqrt(rest) : rest / l[e * dim + e];
        }
        z[d] = work->gradient[d] + (mean - task->target[d]) * gradient_m;
    }
    for (size_t d = 0; d < dim; d++)
        z[d] = (z[d] - pl_dot(l + d * dim, z, d)) / l[d * dim + d];
    for (size_t d = dim; d-- > 0;) {
        z[d] /= l[d * dim + d];
        for (size_t e = 0; e < d; e++)
            z[e] -= z[d] * l[d * dim + e];
    }
    *step_m = r * gradient_m / count;
    for (size_t d = 0; d < dim; d++)
        *step_m += (work->sum[d] / count - task->target[d]) * z[d];
    return true;
}

/* The dual at x + t step, of which |x|^2 etc. are given. */
static double dual(const PlRidgeWork *work, double r, double m, double square, double t, double step_m) {
    double sum = 0;
    for (size_t i = 0; i < work->n; i++) {
        double over = m + t * step_m - work->along_x[i] - t * work->along_step[i];
        sum += over > 0 ? over * over : 0;
    }
    return m + t * step_m - square / 2 - sum / (2 * r);
}

/* Weights and the gradient at (x, m). Returns the gradient's size in parts of what it is the difference of.
 */
static double find_gradient(const PlSimplexTask *task, PlRidgeWork *work, double m, double *w,
                            double *gradient_m) {
    size_t dim = task->cloud->dim;
    double sum = 0, *g = work->gradient, largest = DBL_MIN, most = 0;
    for (size_t d = 0; d < dim; d++)
        g[d] = 0;
    for (size_t i = 0; i < work->n; i++) {
        double over = m - work->along_x[i];
        w[i] = over > 0 ? over / task->ridge : 0;
        sum += w[i];
        const double *p = task->cloud->points + i * dim;
        for (size_t d = 0; d < dim && over > 0; d++)
            g[d] += w[i] * (p[d] - task->target[d]);
    }
    for (size_t d = 0; d < dim; d++) {
        largest = fmax(largest, fabs(work->x[d]));
        g[d] -= work->x[d];
        most = fmax(most, fabs(g[d]));
    }
    *gradient_m = 1 - sum;
    return fmax(most / largest, fabs(1 - sum));
}

/* How far to go: the whole step, or half of it as often as the dual asks for. */
static double find_length(const PlSimplexTask *task, const PlRidgeWork *work, double m, double step_m,
                          double gradient_m) {
    size_t dim = task->cloud->dim;
    double xx = pl_dot(work->x, work->x, dim), xs = pl_dot(work->x, work->step, dim);
    double ss = pl_dot(work->step, work->step, dim), start = dual(work, task->ridge, m, xx, 0, step_m);
    double rise = pl_dot(work->gradient, work->step, dim) + gradient_m * step_m, t = 1;
    for (int i = 0; i < HALVINGS_MAX; i++, t /= 2) {
        double now = dual(work, task->ridge, m, xx + 2 * t * xs + t * t * ss, t, step_m);
        if (now >= start + 1e-4 * t * rise - 64 * DBL_EPSILON * (fabs(start) + fabs(m) + xx))
            break;
    }
    return t;
}

/* Brings the set of points with weight up to date; returns how many there are. */
static size_t follow(const PlSimplexTask *task, PlRidgeWork *work, const double *w) {
    size_t count = 0;
    for (size_t i = 0; i < work->n; i++) {
        if (work->has[i] != (w[i] > 0))
            move_point(task, work, i, w[i] > 0);
        count += w[i] > 0;
    }
    return count;
}

/* As pl_simplex_fit, for a ridge above 0, with no point barred; of the cloud only the points are looked at.
 * `products` [dim][dim]: the sum over all points of coordinate times coordinate. PL_NO_CONVERGENCE:
 * the ridge is tiny beside the points (a thousandth of their squares, say); ask pl_simplex_fit. Check:
 * pl_simplex_fit, tests/unit/stats/test_simplex.c. */
PlStatus pl_simplex_ridge_fit(const PlSimplexTask *task, const double *products, PlRidgeWork *work,
                              double *w) {
    size_t dim = task->cloud->dim, n = work->n = task->cloud->n, polished = 0;
    double m = task->ridge / (double)n, gradient_m, last = INFINITY;
    memcpy(work->spread, products, dim * dim * sizeof *products);
    memset(work->sum, 0, dim * sizeof *work->sum);
    for (size_t i = 0; i < n; i++) {
        const double *p = task->cloud->points + i * dim;
        work->has[i] = true;
        for (size_t d = 0; d < dim; d++)
            work->sum[d] += p[d];
    }
    memset(work->x, 0, dim * sizeof *work->x);
    memset(work->along_x, 0, n * sizeof *work->along_x);
    for (int i = 0; i < STEPS_MAX; i++) {
        double size = find_gradient(task, work, m, w, &gradient_m), step_m;
        size_t count = follow(task, work, w);
        if (count == 0)
            return PL_NO_CONVERGENCE;
        polished += size < 1e-8 && !(size < last / 2);
        if (size <= SMALL_GRADIENT || polished >= 2) {
            for (size_t k = 0; k < n; k++)
                w[k] /= 1 - gradient_m;
            return PL_OK;
        }
        last = size;
        if (!find_step(task, work, (double)count, gradient_m, &step_m))
            return PL_NO_CONVERGENCE;
        find_along(task, work->step, work->along_step);
        double t = find_length(task, work, m, step_m, gradient_m);
        m += t * step_m;
        for (size_t d = 0; d < dim; d++)
            work->x[d] += t * work->step[d];
        find_along(task, work->x, work->along_x);
    }
    return PL_NO_CONVERGENCE;
}
