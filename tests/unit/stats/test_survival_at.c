/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survival.h"

#include "pairlift/stats/survival.h"

static size_t read_gehan(size_t first, size_t last, PlArena *arena, PlLifetime *out) {
    size_t n = 0;
    for (size_t i = first; i < last; i++)
        out[n++] = (PlLifetime){gehan_time[i], gehan_event[i] == 1, gehan_arm[i]};
    cr_assert(eq(int, (int)pl_lifetimes_sort(out, n, arena), PL_OK));
    return n;
}

/* tests/reference/stats/survival.R: summary(survfit, times). */
Test(stats_survival_at, times_of_gehan) {
    const struct {
        double time, n_risk, survival, std_error, low, high;
    } r[] = {{6, 21, 0.85714285714285710, 0.076360354832121252, 0.71981708391627042, 1},
             {9.5, 15, 0.80672268907563016, 0.086935285180057192, 0.65312421846217106, 0.99644367590865912},
             {35, 1, 0.44817927170868338, 0.134591456755760425, 0.24878822681765961, 0.80737204552907704}};
    PlArena arena = {0};
    PlLifetime own[42];
    PlSurvivalCurve curve;
    PlSurvivalAt at;
    size_t n = read_gehan(0, 21, &arena, own);
    cr_assert(eq(int, (int)pl_kaplan_meier(own, n, .95, &arena, &curve), PL_OK));
    for (size_t i = 0; i < sizeof r / sizeof *r; i++) {
        pl_survival_at(&curve, own, r[i].time, &at);
        cr_assert(at.estimable && at.has_interval && at.n_risk == (size_t)r[i].n_risk, "%g", r[i].time);
        cr_assert(near(at.survival, r[i].survival, 1e-14) && near(at.std_error, r[i].std_error, 1e-13));
        cr_assert(near(at.low, r[i].low, 1e-13) && near(at.high, r[i].high, 1e-13));
    }
    pl_survival_at(&curve, own, 5, &at); /* before the first event */
    cr_assert(at.estimable && at.survival == 1 && at.std_error == 0 && !at.has_interval && at.n_risk == 21);
    pl_survival_at(&curve, own, 35.5, &at); /* beyond the last time, some left: nothing is known */
    cr_assert(at.n_risk == 0 && !at.estimable && !at.has_interval);
    n = read_gehan(21, 42, &arena, own); /* all relapsed by 23 weeks */
    cr_assert(eq(int, (int)pl_kaplan_meier(own, n, .95, &arena, &curve), PL_OK));
    pl_survival_at(&curve, own, 100, &at);
    cr_assert(at.estimable && at.survival == 0 && !at.has_interval && at.n_risk == 0);
    pl_arena_clear(&arena);
}

/* The variance of each group is that of the test of it against all others together: survdiff with the groups
 * pooled, tests/reference/stats/survival.R. */
Test(stats_survival_at, each_group_against_the_rest) {
    const double variance[] = {6.7389727602187550, 6.5760009018494392, 4.7352694291935036},
                 chi_square[] = {5.1920854327874917, 0.30343361059109258, 11.339589929917132};
    PlArena arena = {0};
    PlLifetime all[42];
    PlLogrank test;
    for (size_t i = 0; i < 42; i++)
        all[i] = (PlLifetime){gehan_time[i], gehan_event[i] == 1, (i + 1) % 3 == 0 ? 2 : gehan_arm[i]};
    cr_assert(eq(int, (int)pl_lifetimes_sort(all, 42, &arena), PL_OK));
    cr_assert(eq(int, (int)pl_logrank(all, 42, 3, &arena, &test), PL_OK));
    for (size_t g = 0; g < 3; g++) {
        const PlLogrankGroup *group = &test.groups[g];
        double u = group->observed - group->expected, x = u * u / group->variance, best = INFINITY;
        for (size_t k = 0; k < 3; k++)
            best = fmin(best, fabs(x - chi_square[k]));
        cr_assert(best < 1e-12, "%zu: %.17g", g, x);
        best = INFINITY;
        for (size_t k = 0; k < 3; k++)
            best = fmin(best, fabs(group->variance - variance[k]));
        cr_assert(best < 1e-12, "%zu: %.17g", g, group->variance);
    }
    pl_arena_clear(&arena);
}
