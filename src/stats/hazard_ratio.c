/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/hazard_ratio.h"

#include "pairlift/stats/chi_square.h"
#include "pairlift/stats/root.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Log hazard ratios are looked for up to this: one of 10^13 is no finite one. */
#define LOG_RATIO_MOST 30.0

/* The times with an event, of all and of one group. */
typedef struct {
    size_t n;               /* times */
    double *time;           /* [n] ascending */
    double *events, *risk;  /* [n] of all */
    double *own, *own_risk; /* [n] of the group */
} Times;

/* Observed less expected events of the group, and their variance, if its hazard were exp(log_ratio) times
 * that of the others; at 0 those of the log-rank test. */
static void score(const Times *t, double log_ratio, double *u, double *variance) {
    double ratio = exp(log_ratio);
    *u = *variance = 0;
    for (size_t i = 0; i < t->n; i++) {
        double weighted = ratio * t->own_risk[i], others = t->risk[i] - t->own_risk[i];
        double all = weighted + others, share = weighted / all, d = t->events[i], n = t->risk[i];
        *u += t->own[i] - d * share;
        if (n > 1)
            *variance += d * (n - d) / (n - 1) * share * (others / all);
    }
}

typedef struct {
    const Times *times;
    double z; /* that the score is compared with */
} Search;

/* The score falls as the ratio rises: beyond the place where it is z standard deviations. */
static bool beyond(double log_ratio, const void *context) {
    const Search *s = context;
    double u, variance;
    score(s->times, log_ratio, &u, &variance);
    return u < s->z * sqrt(variance);
}

/* INFINITY of that sign when there is no place within reach. */
static double place_of(const Times *t, double z) {
    Search s = {t, z};
    if (beyond(-LOG_RATIO_MOST, &s))
        return -INFINITY;
    if (!beyond(LOG_RATIO_MOST, &s))
        return INFINITY;
    return pl_root(beyond, &s, -LOG_RATIO_MOST, LOG_RATIO_MOST);
}

/* Times with events, and at each how many had one and were there. */
static PlStatus tally(const PlLifetime *sorted, size_t n, PlArena *arena, Times *t) {
    *t = (Times){0,
                 pl_arena_doubles(arena, n),
                 pl_arena_doubles(arena, n),
                 pl_arena_doubles(arena, n),
                 pl_arena_doubles(arena, n),
                 pl_arena_doubles(arena, n)};
    if (!t->time || !t->events || !t->risk || !t->own || !t->own_risk)
        return PL_NO_MEMORY;
    for (size_t i = 0, next; i < n; i = next) {
        double events = 0;
        for (next = i; next < n && sorted[next].time == sorted[i].time; next++)
            events += sorted[next].event;
        if (events == 0)
            continue;
        t->time[t->n] = sorted[i].time;
        t->events[t->n] = events;
        t->risk[t->n++] = (double)(n - i);
    }
    return PL_OK;
}

/* The group's own part of the tally, from its lifetimes alone. */
static void tally_own(Times *t, const PlLifetime *own, size_t n, PlHazardRatio *out) {
    size_t i = 0;
    for (size_t k = 0; k < t->n; k++) {
        while (i < n && own[i].time < t->time[k])
            i++;
        t->own_risk[k] = (double)(n - i);
        t->own[k] = 0;
        for (size_t j = i; j < n && own[j].time == t->time[k]; j++)
            t->own[k] += own[j].event;
        out->observed += t->own[k];
        out->expected += t->events[k] * t->own_risk[k] / t->risk[k];
    }
}

static void compare(const Times *t, double conf_level, PlHazardRatio *out) {
    double u, z = gsl_cdf_ugaussian_Qinv((1 - conf_level) / 2);
    score(t, 0, &u, &out->variance);
    if (!(out->variance > 0))
        return;
    out->tested = true;
    out->z = u / sqrt(out->variance);
    out->p_value = pl_chi_square_tail(out->z * out->z, 1);
    out->log_ratio = place_of(t, 0);
    out->conf_low = place_of(t, z);
    out->conf_high = place_of(t, -z);
}

/* The lifetimes of each group together, still ascending: group g's begin at begin[g]. */
static PlLifetime *split(const PlLifetime *sorted, size_t n, size_t n_groups, PlArena *arena, size_t *begin) {
    PlLifetime *own = pl_arena_take(arena, n, sizeof *own);
    size_t *next = pl_arena_sizes(arena, n_groups + 1);
    if (!own || !next)
        return NULL;
    for (size_t i = 0; i < n; i++)
        begin[sorted[i].group + 1]++;
    for (size_t g = 0; g < n_groups; g++) {
        begin[g + 1] += begin[g];
        next[g] = begin[g];
    }
    for (size_t i = 0; i < n; i++)
        own[next[sorted[i].group]++] = sorted[i];
    return own;
}

/* For each of n_groups groups of n lifetimes, ascending by time (pl_lifetimes_sort): the log of the ratio of
 * its hazard to that of all others taken together, above 0 when its events come sooner. The estimate is that
 * of Cox's partial likelihood (ties as Breslow has them); p-value by the log-rank test; the interval holds
 * the ratios that the same test does not reject (its score and hypergeometric variance at that ratio), so
 * that p <= 1 - conf_level exactly when it leaves out 0. The one-step ratio (O - E) / V is not used, as it is
 * far off where a group's deals are over long before the others'. Assumes that the hazards stand in one ratio
 * over time, and that leaving observation says nothing about the event. PL_TOO_FEW: n < 2 or fewer than two
 * groups. PL_BAD_ARGUMENT: conf_level. PL_NO_MEMORY.
 * Source: Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x; Breslow 1974, doi:10.2307/2529620; Mantel 1966.
 * Check: R's coxph and survdiff, tests/unit/stats/test_hazard_ratio.c. */
PlStatus pl_hazard_ratios(const PlLifetime *sorted, size_t n, size_t n_groups, double conf_level,
                          PlArena *arena, PlHazardRatio *out) {
    if (n < 2 || n_groups < 2)
        return PL_TOO_FEW;
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    Times t;
    size_t *begin = pl_arena_sizes(arena, n_groups + 1);
    PlLifetime *own = begin ? split(sorted, n, n_groups, arena, begin) : NULL;
    if (!own || tally(sorted, n, arena, &t) != PL_OK)
        return PL_NO_MEMORY;
    for (size_t g = 0; g < n_groups; g++) {
        out[g] = (PlHazardRatio){.n = begin[g + 1] - begin[g]};
        tally_own(&t, own + begin[g], out[g].n, &out[g]);
        compare(&t, conf_level, &out[g]);
    }
    return PL_OK;
}
