/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/bayes_normal.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/quadrature.h"

#include <gsl/gsl_poly.h>
#include <math.h>

/* The product of a t and a normal density has no closed form, and may have two peaks. It is integrated on
 * Gauss panels that are narrow around every place where something happens and widen with the distance from
 * it. */

/* Panels are half the local width near a place, then grow by this factor. */
#define NEAR_PANELS 12
#define GROWTH      1.25

/* The prior's density so many sd outside data and prior is below the smallest double. */
#define REACH 40.0

enum { PLACES_MAX = 6, STEPS_MAX = 200 };

/* Panel i reaches from edge[i] to edge[i + 1] and holds mass[i] (not normed). */
typedef struct {
    const PlShrunk *shape;
    double places[PLACES_MAX], widths[PLACES_MAX], top; /* top: log density that is taken off */
    size_t n_places, panels;
    double *edge, *mass;
    double total;
} Posterior;

static double log_density(const PlShrunk *s, double u) {
    double prior = (u - s->centre) / s->width;
    return -(s->df + 1) / 2 * log1p(u * u / s->df) - prior * prior / 2;
}

static double slope(const PlShrunk *s, double u) {
    return -(s->df + 1) * u / (s->df + u * u) - (u - s->centre) / s->width / s->width;
}

/* The curvature cannot be larger than this allows. */
static double local_width(const PlShrunk *s, double u) {
    return 1 / sqrt(1 / (s->width * s->width) + (s->df + 1) / (s->df + u * u));
}

static void add_place(Posterior *p, double u, double width) {
    p->places[p->n_places] = u;
    p->widths[p->n_places++] = width;
}

/* Peaks (and the dip between two) are zeros of a cubic; the data's and the prior's centre are added, and the
 * place whose tails are wanted, with the width on which the density falls off there. */
static void find_places(Posterior *p) {
    const PlShrunk *s = p->shape;
    double slack = s->df + (s->df + 1) * s->width * s->width, unit = fmax(fabs(s->centre), sqrt(slack));
    double c = s->centre / unit, roots[3];
    int n = gsl_poly_solve_cubic(-c, slack / unit / unit, -c * (s->df / unit / unit), &roots[0], &roots[1],
                                 &roots[2]);
    p->top = log_density(s, 0);
    for (int i = 0; i < n; i++) {
        double u = roots[i] * unit;
        add_place(p, u, local_width(s, u));
        p->top = fmax(p->top, log_density(s, u));
    }
    add_place(p, 0, local_width(s, 0));
    add_place(p, s->centre, local_width(s, s->centre));
    p->top = fmax(p->top, log_density(s, s->centre));
    add_place(p, s->zero, fmin(local_width(s, s->zero), 1 / fmax(1e-300, fabs(slope(s, s->zero)))));
}

/* Edges around one place within [low, high]; `edge` NULL: only counts them. */
static size_t grade(double place, double width, double low, double high, double *edge) {
    size_t n = 0;
    for (int side = -1; side <= 1; side += 2) {
        double step = width / 2, at = place;
        for (size_t i = 0; side < 0 ? at >= low : at <= high; i++) {
            if (at >= low && at <= high && (i > 0 || side > 0)) {
                if (edge)
                    edge[n] = at;
                n++;
            }
            at += side * step;
            step *= i >= NEAR_PANELS ? GROWTH : 1;
        }
    }
    return n;
}

static double integrate(const Posterior *p, double low, double high) {
    double sum = 0, half = (high - low) / 2, middle = low + half;
    for (size_t i = 0; i < PL_GAUSS; i++)
        sum += pl_gauss_weights[i] * exp(log_density(p->shape, middle + half * pl_gauss_nodes[i]) - p->top);
    return sum * half;
}

static PlStatus make_panels(Posterior *p, PlArena *arena) {
    const PlShrunk *s = p->shape;
    double low = fmin(0, s->centre) - REACH * s->width, high = fmax(0, s->centre) + REACH * s->width;
    size_t edges = 2, n = 2;
    for (size_t i = 0; i < p->n_places; i++)
        edges += grade(p->places[i], p->widths[i], low, high, NULL);
    p->edge = pl_arena_doubles(arena, edges);
    p->mass = pl_arena_doubles(arena, edges);
    if (!p->edge || !p->mass)
        return PL_NO_MEMORY;
    p->edge[0] = low;
    p->edge[1] = high;
    for (size_t i = 0; i < p->n_places; i++)
        n += grade(p->places[i], p->widths[i], low, high, p->edge + n);
    pl_sort(p->edge, n);
    p->panels = n - 1;
    for (size_t i = 0; i < p->panels; i++)
        p->total += p->mass[i] = integrate(p, p->edge[i], p->edge[i + 1]);
    return p->total > 0 && isfinite(p->total) ? PL_OK : PL_NO_CONVERGENCE;
}

/* The point with `tail` of the whole below it (side -1) or above it (side 1). */
static double quantile(const Posterior *p, double tail, int side) {
    double wanted = tail * p->total, before = 0;
    size_t i = side < 0 ? 0 : p->panels - 1;
    for (size_t k = 0; k + 1 < p->panels && before + p->mass[i] < wanted; k++) {
        before += p->mass[i];
        i = side < 0 ? i + 1 : i - 1;
    }
    double low = p->edge[i], high = p->edge[i + 1], u = low + (high - low) / 2;
    for (int step = 0; step < STEPS_MAX; step++) {
        double part = side < 0 ? integrate(p, p->edge[i], u) : integrate(p, u, p->edge[i + 1]);
        double miss = (before + part - wanted) * side; /* above 0: u is too far to the left */
        if (miss > 0)
            low = u;
        else
            high = u;
        double next = u + miss / exp(log_density(p->shape, u) - p->top);
        if (!(next >= low && next <= high))
            next = low + (high - low) / 2;
        if (fabs(next - u) <= 1e-15 * (fabs(u) + high - low) || next == u)
            return next;
        u = next;
    }
    return u;
}

/* Mean, sd, central interval (`tail` outside on each side), and what lies beside zero. Deterministic, to
 * about 1e-12. PL_BAD_ARGUMENT: a prior too narrow to tell from a point (1e-6 of its distance from the data
 * or of their error), or out of range. PL_NO_MEMORY, PL_NO_CONVERGENCE. Check: R's integrate,
 * tests/unit/stats/test_bayes_normal.c. */
PlStatus pl_shrunk_posterior(const PlShrunk *shape, double tail, PlArena *arena, PlShrunkResult *out) {
    pl_stats_init();
    if (!(shape->width >= 1e-6 * fmax(1, fabs(shape->centre))) || !(shape->width < 1e100))
        return PL_BAD_ARGUMENT;
    Posterior p = {.shape = shape};
    find_places(&p);
    PlStatus status = make_panels(&p, arena);
    if (status != PL_OK)
        return status;
    PlShrunkResult r = {0};
    double origin = p.n_places > 3 ? p.places[0] : 0, first = 0, second = 0;
    for (size_t i = 0; i < p.panels; i++) {
        double half = (p.edge[i + 1] - p.edge[i]) / 2, middle = p.edge[i] + half;
        *(middle < shape->zero ? &r.below : &r.above) += p.mass[i];
        for (size_t k = 0; k < PL_GAUSS; k++) {
            double u = middle + half * pl_gauss_nodes[k], off = u - origin;
            double weight = half * pl_gauss_weights[k] * exp(log_density(shape, u) - p.top) / p.total;
            first += weight * off;
            second += weight * off * off;
            r.loss_below += weight * fmax(0, shape->zero - u);
            r.loss_above += weight * fmax(0, u - shape->zero);
        }
    }
    double both = r.below + r.above; /* so that a side without the other is exactly 1 */
    r.below /= both;
    r.above /= both;
    r.mean = origin + first;
    r.sd = sqrt(fmax(0, second - first * first));
    r.low = quantile(&p, tail, -1);
    r.high = quantile(&p, tail, 1);
    *out = r;
    return PL_OK;
}
