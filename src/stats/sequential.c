/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/sequential.h"

#include "pairlift/stats/init.h"
#include "pairlift/stats/quadrature.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Between looks the statistic is a Brownian motion B(t) = z sqrt t in information t. The density of "not yet
 * crossed, and now at u" is kept on a grid of Gauss panels and carried from look to look. */
typedef struct {
    double low, width; /* of all panels together they reach up to the boundary */
    size_t panels;
    double *at, *mass; /* nodes, and density times weight */
} Grid;

/* Below -REACH sd there is nothing (1e-23), nor beyond WINDOW sd of a step. */
#define REACH  10.0
#define WINDOW 8.5

/* A panel in sd of the step before and behind, whichever is narrower: 16 nodes integrate the normal kernel
 * over 2 sd to 1e-15. */
#define PANEL 2.0

/* Spending below this is as good as none, and its boundary as good as out of reach (37 sd). */
#define LEAST_SPENT 1e-300

#define STEPS_MAX   100
#define SQRT_2PI    2.50662827463100050242

/* OBF: Lan and DeMets's function that resembles O'Brien and Fleming's boundaries; Pocock's likewise. Never
 * below LEAST_SPENT. */
double pl_spent(PlSpending spending, double alpha, double t) {
    if (t >= 1)
        return alpha;
    if (spending == PL_SPENDING_POCOCK)
        return fmax(LEAST_SPENT, alpha * log1p((M_E - 1) * t));
    return fmax(LEAST_SPENT, 2 * gsl_cdf_ugaussian_Q(gsl_cdf_ugaussian_Qinv(alpha / 2) / sqrt(t)));
}

static double upper_tail(double z) {
    return z > 38 ? 0 : erfc(z * M_SQRT1_2) / 2;
}

static double density(double z) {
    return z > 38 || z < -38 ? 0 : exp(-z * z / 2) / SQRT_2PI;
}

static PlStatus make_grid(Grid *grid, double t, double boundary, double step, PlArena *arena) {
    grid->low = -REACH * sqrt(t);
    grid->panels = (size_t)ceil((boundary - grid->low) / (PANEL * step));
    grid->width = (boundary - grid->low) / (double)grid->panels;
    grid->at = pl_arena_doubles(arena, grid->panels * PL_GAUSS);
    grid->mass = pl_arena_doubles(arena, grid->panels * PL_GAUSS);
    if (!grid->at || !grid->mass)
        return PL_NO_MEMORY;
    for (size_t p = 0; p < grid->panels; p++)
        for (size_t i = 0; i < PL_GAUSS; i++) {
            double middle = grid->low + ((double)p + 0.5) * grid->width;
            grid->at[p * PL_GAUSS + i] = middle + grid->width / 2 * pl_gauss_nodes[i];
            grid->mass[p * PL_GAUSS + i] = grid->width / 2 * pl_gauss_weights[i];
        }
    return PL_OK;
}

/* Panel of the point u, kept inside the grid. */
static size_t panel_at(const Grid *grid, double u) {
    double p = floor((u - grid->low) / grid->width);
    return p <= 0 ? 0 : p >= (double)(grid->panels - 1) ? grid->panels - 1 : (size_t)p;
}

/* Density at s, a time dt after the grid's time t. Given s, the place before is normal around s t / (t + dt)
 * (a Brownian bridge), or at the boundary where that is cut off: only panels near it count. */
static double arrive(const Grid *from, double t, double dt, double s) {
    double centre = s * (t / (t + dt)), reach = WINDOW * sqrt(dt * (t / (t + dt))), sum = 0, sd = sqrt(dt);
    double top = from->low + (double)from->panels * from->width;
    size_t first = panel_at(from, fmin(centre, top) - reach), last = panel_at(from, centre + reach);
    for (size_t i = first * PL_GAUSS; i < (last + 1) * PL_GAUSS; i++)
        sum += from->mass[i] * density((s - from->at[i]) / sd);
    return sum / sd;
}

/* The boundary that B(t + dt) crosses with probability `chance`, having crossed none before. Newton's method
 * on the logarithm, between low and high. */
static double cross_with(const Grid *from, double dt, double chance, double low, double high) {
    double b = high, sd = sqrt(dt);
    for (int step = 0; step < STEPS_MAX; step++) {
        double crossed = 0, slope = 0;
        for (size_t i = 0; i < from->panels * PL_GAUSS; i++) {
            double z = (b - from->at[i]) / sd;
            crossed += from->mass[i] * upper_tail(z);
            slope += from->mass[i] * density(z) / sd;
        }
        if (crossed > chance)
            low = fmax(low, b);
        else
            high = fmin(high, b);
        double next = b + log(crossed / chance) * crossed / slope;
        if (!(next >= low && next <= high)) /* also NaN, where nothing arrives */
            next = low + (high - low) / 2;
        if (fabs(next - b) <= 1e-14 * (fabs(b) + sd))
            return next;
        b = next;
    }
    return b;
}

static PlStatus check_plan(const double *information, const double *spent, size_t looks) {
    if (looks < 1)
        return PL_TOO_FEW;
    if (looks > PL_PLANNED_MAX)
        return PL_BAD_ARGUMENT;
    double before = 0, spent_before = 0;
    for (size_t k = 0; k < looks; k++) {
        if (!isfinite(information[k]) || !isfinite(spent[k]))
            return PL_NOT_FINITE;
        if (!(information[k] > before * (1 + PL_INFORMATION_STEP)) || !(spent[k] >= spent_before))
            return PL_BAD_ARGUMENT;
        before = information[k];
        spent_before = spent[k];
    }
    return spent[looks - 1] <= 0.5 && spent[looks - 1] > 0 ? PL_OK : PL_BAD_ARGUMENT;
}

/* Upper boundaries critical[k] of the z statistic at `looks` looks, such that up to look k a statistic
 * without effect has crossed with probability spent[k] (one-sided, ascending, at most .5), given the
 * information at each look (any unit, ascending). Recursive integration (Armitage, McPherson and Rowe 1969)
 * on Gauss panels, to about 1e-12. For a two-sided plan each side spends half; that a path may cross both is
 * not used, which keeps to the level from below (by some 1e-7). PL_TOO_FEW: no look. PL_BAD_ARGUMENT: more
 * than PL_PLANNED_MAX, information that does not grow by PL_INFORMATION_STEP, spending that falls or ends
 * outside (0, .5]. Source: Lan and DeMets 1983, doi:10.1093/biomet/70.3.659; Armitage, McPherson and Rowe
 * 1969, doi:10.2307/2343787. Check: R's rpact, tests/unit/stats/test_group_sequential.c. */
PlStatus pl_sequential_boundaries(const double *information, const double *spent, size_t looks,
                                  PlArena *arena, double *critical) {
    pl_stats_init();
    PlStatus status = check_plan(information, spent, looks);
    Grid before = {0};
    for (size_t k = 0; status == PL_OK && k < looks; k++) {
        double end = information[looks - 1], t = information[k] / end;
        double dt = k ? t - information[k - 1] / end : t;
        double chance = fmax(LEAST_SPENT, spent[k] - (k ? spent[k - 1] : 0));
        double root = sqrt(t), high = gsl_cdf_ugaussian_Qinv(chance) * root, boundary = high;
        if (k) {
            double low = gsl_cdf_ugaussian_Qinv(fmin(0.5, fmax(2 * LEAST_SPENT, spent[k]))) * root;
            boundary = cross_with(&before, dt, chance, fmin(low, high) - 1e-9 * root, high + 1e-9 * root);
        }
        critical[k] = boundary / root;
        if (k + 1 == looks)
            break;
        Grid now;
        double step = sqrt(fmin(dt, information[k + 1] / end - t));
        status = make_grid(&now, t, boundary, step, arena);
        for (size_t i = 0; status == PL_OK && i < now.panels * PL_GAUSS; i++)
            now.mass[i] *= k ? arrive(&before, t - dt, dt, now.at[i]) : density(now.at[i] / root) / root;
        before = now;
    }
    return status;
}

/* The boundary of the last look when alpha is spent in all. */
static PlStatus last_boundary(const double *information, const double *t, size_t looks, PlSpending spending,
                              double alpha, PlArena *arena, double *work, double *boundary) {
    PlArenaMark mark = pl_arena_mark(arena);
    for (size_t k = 0; k < looks; k++)
        work[k] = pl_spent(spending, alpha, t[k]);
    PlStatus status = pl_sequential_boundaries(information, work, looks, arena, work + looks);
    *boundary = work[2 * looks - 1];
    pl_arena_release(arena, mark);
    return status;
}

/* The one-sided repeated p-value of z at the last of `looks` looks: the alpha whose plan has its boundary
 * just there. t: fraction of the plan at each look, as in pl_spent. 1 where that were above .5. Searched on
 * the normal scale, on which boundary and alpha are nearly proportional (Illinois's variant of the secant).
 * Source: Jennison and Turnbull 1984, doi:10.1016/0197-2456(84)90148-X (repeated intervals). Check: it
 * gives back the level of a boundary, tests/unit/stats/test_group_sequential.c. */
PlStatus pl_sequential_p(const double *information, const double *t, size_t looks, PlSpending spending,
                         double z, PlArena *arena, double *p) {
    double *work = pl_arena_doubles(arena, 2 * looks);
    if (!work)
        return PL_NO_MEMORY;
    double low = 0, high = 37, at_low, at_high;
    PlStatus status = last_boundary(information, t, looks, spending, 0.5, arena, work, &at_low);
    if (status == PL_OK)
        status =
            last_boundary(information, t, looks, spending, gsl_cdf_ugaussian_Q(high), arena, work, &at_high);
    if (status != PL_OK)
        return status;
    *p = at_low > z ? 1 : gsl_cdf_ugaussian_Q(high);
    if (at_low > z || at_high <= z)
        return PL_OK;
    at_low -= z;
    at_high -= z;
    double next = high, here = at_high, last;
    int side = 0;
    for (int step = 0; step < STEPS_MAX; step++) {
        last = next;
        next = (low * at_high - high * at_low) / (at_high - at_low);
        status =
            last_boundary(information, t, looks, spending, gsl_cdf_ugaussian_Q(next), arena, work, &here);
        if (status != PL_OK)
            return status;
        here -= z;
        if (fabs(here) <= 1e-13 || fabs(next - last) <= 1e-13)
            break;
        if (here > 0) {
            high = next;
            at_high = here;
            at_low /= side > 0 ? 2 : 1;
        } else {
            low = next;
            at_low = here;
            at_high /= side < 0 ? 2 : 1;
        }
        side = here > 0 ? 1 : -1;
    }
    *p = gsl_cdf_ugaussian_Q(next);
    return PL_OK;
}
