/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include <float.h>

#include "pairlift/stats/simplex_ridge.h"

enum { MOST = 64, WIDEST = 40 };
typedef struct {
    PlArena arena;
    double points[MOST * WIDEST], target[WIDEST], cross[MOST], w[MOST];
    PlCloud cloud;
    PlSimplexTask task;
    PlSimplexWork work;
} Problem;

static PlStatus solve(Problem *p, size_t n, size_t dim, double ridge, const bool *barred) {
    p->arena = (PlArena){0};
    cr_assert(pl_cloud(p->points, n, dim, &p->arena, &p->cloud) == PL_OK);
    cr_assert(pl_simplex_work(&p->arena, n, dim, &p->work) == PL_OK);
    for (size_t i = 0; i < n; i++)
        p->cross[i] = pl_dot(p->target, p->points + i * dim, dim);
    p->task = (PlSimplexTask){.cloud = &p->cloud,
                              .barred = barred,
                              .target = p->target,
                              .cross = p->cross,
                              .target_square = pl_dot(p->target, p->target, dim),
                              .ridge = ridge};
    return pl_simplex_fit(&p->task, &p->work, p->w);
}

/* The conditions of Karush, Kuhn and Tucker, which are enough, as the problem is convex. */
static void must_be_optimal(const Problem *p, const bool *barred, double within) {
    size_t n = p->cloud.n, dim = p->cloud.dim;
    double x[WIDEST] = {0}, sum = 0, level = 0, size = 0, gradient[MOST];
    for (size_t i = 0; i < n; i++) {
        cr_assert(p->w[i] >= 0 && (!barred || !barred[i] || p->w[i] == 0));
        sum += p->w[i];
        for (size_t d = 0; d < dim; d++)
            x[d] += p->w[i] * (p->points[i * dim + d] - p->target[d]);
    }
    cr_assert(epsilon_eq(dbl, sum, 1, 1e-14));
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        gradient[i] = p->task.ridge * p->w[i];
        for (size_t d = 0; d < dim; d++) {
            double a = p->points[i * dim + d] - p->target[d];
            gradient[i] += a * x[d];
            square += a * a;
        }
        level += p->w[i] * gradient[i];
        size = fmax(size, square);
    }
    for (size_t i = 0; i < n; i++)
        if (!barred || !barred[i]) {
            cr_assert(gradient[i] >= level - within * size, "%zu: %g", i, (gradient[i] - level) / size);
            if (p->w[i] > 0)
                cr_assert(gradient[i] <= level + within * size, "%zu: %g", i, (gradient[i] - level) / size);
        }
}

/* Shapes from tall to flat, the target within and outside of the hull, ridges from none to large, and points
 * that come twice or lie on a line with others. */
Test(stats_simplex, random_problems_are_solved_to_rounding) {
    static Problem p;
    const double ridges[] = {0, 0, 1e-12, .1, 100};
    for (size_t round = 0; round < 3000; round++) {
        PlRng rng = pl_rng_stream(round, 7);
        size_t n = 1 + (size_t)(pl_rng_uniform(&rng) * MOST),
               dim = 1 + (size_t)(pl_rng_uniform(&rng) * WIDEST);
        double spread = pow(10, 4 * pl_rng_uniform(&rng) - 2), ridge = ridges[round % 5];
        bool barred[MOST];
        for (size_t i = 0; i < n * dim; i++)
            p.points[i] = normal_draw(&rng) * (round % 7 == 0 ? pow(10, (double)(i / dim % 5)) : 1);
        for (size_t i = 0; i < n; i++)
            barred[i] = i > 0 && round % 3 == 0 && pl_rng_uniform(&rng) < .3;
        for (size_t i = 3; i < n && round % 4 == 0; i += 3)
            for (size_t d = 0; d < dim; d++)
                p.points[i * dim + d] = round % 8
                                            ? p.points[(i - 1) * dim + d]
                                            : (p.points[(i - 1) * dim + d] + p.points[(i - 2) * dim + d]) / 2;
        for (size_t d = 0; d < dim; d++)
            p.target[d] = spread * normal_draw(&rng);
        PlStatus status = solve(&p, n, dim, ridge, barred);
        cr_assert(eq(int, (int)status, PL_OK), "round %zu (%zu, %zu): %s", round, n, dim,
                  pl_status_text(status));
        must_be_optimal(&p, barred, 1e-13);
        pl_arena_clear(&p.arena);
    }
}

/* By hand: the point of the segment from (0, 0) to (2, 0) that is nearest to (.5, 1), and a vertex. */
Test(stats_simplex, a_segment) {
    static Problem p = {.points = {0, 0, 2, 0}, .target = {.5, 1}};
    cr_assert(solve(&p, 2, 2, 0, NULL) == PL_OK);
    cr_assert(near(p.w[0], .75, 1e-15) && near(p.w[1], .25, 2e-15));
    pl_arena_clear(&p.arena);
    p.target[0] = 5;
    cr_assert(solve(&p, 2, 2, 0, NULL) == PL_OK && p.w[0] == 0 && p.w[1] == 1);
    pl_arena_clear(&p.arena);
}

/* The target moves by a little: the weights go where the slope says. */
Test(stats_simplex, the_slope_is_that_of_the_weights) {
    static Problem p;
    PlRng rng = pl_rng_stream(5, 5);
    double direction[8], slope[20], first[20];
    for (size_t i = 0; i < 160; i++)
        p.points[i] = normal_draw(&rng);
    for (size_t d = 0; d < 8; d++) {
        p.target[d] = .8 * normal_draw(&rng);
        direction[d] = normal_draw(&rng);
    }
    cr_assert(solve(&p, 20, 8, 0, NULL) == PL_OK);
    memcpy(first, p.w, sizeof first);
    size_t active[20], n = p.work.n_active;
    memcpy(active, p.work.active, n * sizeof *active);
    pl_simplex_slope(&p.work, direction, slope);
    pl_arena_clear(&p.arena);
    for (size_t d = 0; d < 8; d++)
        p.target[d] += 1e-4 * direction[d];
    cr_assert(n > 2 && solve(&p, 20, 8, 0, NULL) == PL_OK && p.work.n_active == n, "%zu %zu", n,
              p.work.n_active);
    for (size_t k = 0; k < n; k++)
        cr_assert(epsilon_eq(dbl, p.w[active[k]] - first[active[k]], 1e-4 * slope[k], 1e-13));
    pl_arena_clear(&p.arena);
}

Test(stats_simplex, one_point_points_at_the_target_and_none) {
    static Problem p = {.points = {3, 4, 3, 4, 3, 4}, .target = {3, 4}};
    const bool all[3] = {true, true, true};
    cr_assert(solve(&p, 1, 2, 0, NULL) == PL_OK && p.w[0] == 1);
    pl_arena_clear(&p.arena);
    cr_assert(solve(&p, 3, 2, 0, NULL) == PL_OK);
    must_be_optimal(&p, NULL, 1e-15);
    pl_arena_clear(&p.arena);
    cr_assert(eq(int, (int)solve(&p, 3, 2, 0, all), PL_TOO_FEW));
    pl_arena_clear(&p.arena);
}

/* Both ways to the optimum with a ridge, from one that leaves one point to one that evens all. */
Test(stats_simplex, a_ridge_in_dimensions_is_a_ridge_in_points) {
    static Problem p;
    size_t active = 0, solved = 0;
    for (size_t round = 0; round < 1000; round++) {
        PlRng rng = pl_rng_stream(round, 31);
        size_t n = 2 + (size_t)(pl_rng_uniform(&rng) * (MOST - 2)),
               dim = 1 + (size_t)(pl_rng_uniform(&rng) * 12);
        double ridge = pow(10, 8 * pl_rng_uniform(&rng) - 5), products[144] = {0}, w[MOST];
        for (size_t i = 0; i < n * dim; i++)
            p.points[i] = normal_draw(&rng) * (round % 5 == 0 ? pow(10, (double)(i / dim % 3)) : 1);
        for (size_t d = 0; d < dim; d++)
            p.target[d] = 2 * normal_draw(&rng);
        for (size_t i = 0; i < n * dim; i++)
            for (size_t d = 0; d < dim; d++)
                products[i % dim * dim + d] += p.points[i] * p.points[i / dim * dim + d];
        cr_assert(solve(&p, n, dim, ridge, NULL) == PL_OK);
        PlRidgeWork work;
        cr_assert(pl_ridge_work(&p.arena, n, dim, &work) == PL_OK);
        PlStatus status = pl_simplex_ridge_fit(&p.task, products, &work, w);
        cr_assert(status == PL_OK || status == PL_NO_CONVERGENCE);
        /* either is exact for data that are off by a rounding, and the ridge turns that into weights that are
         * off by its share of the products' size: no two ways of summing can agree more closely */
        double size = 0;
        for (size_t d = 0; d < dim; d++)
            size += products[d * dim + d];
        double within = fmax(1e-9, 4 * DBL_EPSILON * size / ridge);
        solved += status == PL_OK;
        for (size_t i = 0; i < n && status == PL_OK; i++) {
            cr_assert(epsilon_eq(dbl, w[i], p.w[i], within), "round %zu (%zu, %zu, %g)", round, n, dim,
                      ridge);
            active += w[i] > 0;
        }
        pl_arena_clear(&p.arena);
    }
    cr_assert(solved > 950 && active > 10000, "%zu %zu", solved, active); /* the rest: tiny ridges */
}
