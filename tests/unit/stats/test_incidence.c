/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survival.h"

#include "pairlift/stats/incidence.h"

/* Gehan's children with two made-up endings in turn: 1 and 2, by the place in the list. */
static void endings(PlLifetime *out, PlArena *arena) {
    for (size_t i = 0; i < 42; i++)
        out[i] = (PlLifetime){gehan_time[i], gehan_event[i] == 1, 1 + (i + 1) % 2};
    cr_assert(eq(int, (int)pl_lifetimes_sort(out, 42, arena), PL_OK));
}

/* tests/reference/stats/survival.R: survfit of a factor; the standard error is its infinitesimal jackknife,
 * the limits are those of the logit. */
Test(stats_incidence, two_endings_of_r) {
    const struct {
        double time, incidence, std_error, low, high;
    } r[] = {
        {1, 0.023809523809523808, 0.023524369525222723, 0.0033438131081770677, 0.15060675773353877},
        {6, 0.142857142857142849, 0.053994924715603868, 0.065618794005612407, 0.2834328782238304},
        {10, 0.217819661597772524, 0.064326847127626666, 0.11728186556193033, 0.36855755748144492},
        {15, 0.301587301587301571, 0.073313375549015028, 0.17917574576612907, 0.46069142836844695},
        {23, 0.405798234669513314, 0.083070567471177123, NAN, NAN},
    };
    PlArena arena = {0};
    PlLifetime all[42];
    PlIncidenceCurve won, lost;
    PlIncidenceAt at, other;
    endings(all, &arena);
    cr_assert(eq(int, (int)pl_incidence(all, 42, 2, .95, &arena, &won), PL_OK));
    cr_assert(eq(int, (int)pl_incidence(all, 42, 1, .95, &arena, &lost), PL_OK));
    cr_assert(won.n_events + lost.n_events == 30 && won.last_time == 35 && !won.all_ended);
    for (size_t i = 0; i < sizeof r / sizeof *r; i++) {
        pl_incidence_at(&won, all, r[i].time, &at);
        cr_assert(at.estimable && at.has_interval, "%g", r[i].time);
        cr_assert(near(at.incidence, r[i].incidence, 1e-14) && near(at.std_error, r[i].std_error, 1e-12),
                  "%g: %.17g (%.17g)", r[i].time, at.incidence, at.std_error);
        if (isnan(r[i].low))
            continue;
        cr_assert(near(at.low, r[i].low, 1e-12) && near(at.high, r[i].high, 1e-12));
    }
    pl_incidence_at(&lost, all, 23, &other); /* with those still open they make everybody */
    cr_assert(near(at.incidence + other.incidence, 1 - 0.18947442378583951, 1e-13));
    pl_incidence_at(&won, all, 0, &at);
    cr_assert(at.estimable && at.incidence == 0 && !at.has_interval && at.n_risk == 42);
    pl_incidence_at(&won, all, 36, &at);
    cr_assert(at.n_risk == 0 && !at.estimable);
    pl_arena_clear(&arena);
}

/* One cause: 1 - Kaplan-Meier, and Greenwood's error. */
Test(stats_incidence, one_cause_is_kaplan_meier) {
    PlArena arena = {0};
    PlLifetime all[42];
    PlIncidenceCurve curve;
    PlSurvivalCurve survival;
    endings(all, &arena);
    for (size_t i = 0; i < 42; i++)
        all[i].group = 7;
    cr_assert(eq(int, (int)pl_incidence(all, 42, 7, .95, &arena, &curve), PL_OK));
    cr_assert(eq(int, (int)pl_kaplan_meier(all, 42, .95, &arena, &survival), PL_OK));
    cr_assert(eq(sz, curve.n_points, survival.n_points));
    for (size_t k = 0; k < curve.n_points; k++) {
        cr_assert(near(curve.points[k].incidence, 1 - survival.points[k].survival, 1e-13));
        cr_assert(near(curve.points[k].std_error, survival.points[k].std_error, 1e-10));
    }
    pl_arena_clear(&arena);
}

/* Nobody censored: a share of all, with the error of a share, whatever the order of the endings. */
Test(stats_incidence, without_censoring_it_is_a_share) {
    enum { N = 200 };
    PlArena arena = {0};
    PlLifetime all[N];
    PlIncidenceCurve curve;
    PlIncidenceAt at;
    PlRng rng = pl_rng_stream(7, 1);
    for (size_t i = 0; i < N; i++)
        all[i] = (PlLifetime){floor(20 * pl_rng_uniform(&rng)), true, pl_rng_uniform(&rng) < .3};
    cr_assert(eq(int, (int)pl_lifetimes_sort(all, N, &arena), PL_OK));
    cr_assert(eq(int, (int)pl_incidence(all, N, 1, .95, &arena, &curve), PL_OK));
    for (double time = 0; time < 25; time++) {
        double count = 0;
        for (size_t i = 0; i < N; i++)
            count += all[i].group == 1 && all[i].time <= time;
        pl_incidence_at(&curve, all, time, &at);
        cr_assert(at.estimable && near(at.incidence, count / N, 1e-12));
        cr_assert(near(at.std_error, sqrt(count / N * (1 - count / N) / N), 1e-9), "%g: %.17g", time,
                  at.std_error);
    }
    pl_arena_clear(&arena);
}

/* True share won by 10 of two exponential causes with rates .06 and .03, censored uniformly on 0 to 30: the
 * interval covers it 19 times of 20, and nobody is won when all are lost first. */
Test(stats_incidence, the_interval_covers) {
    enum { N = 120, TIMES = 2000 };
    double truth = .06 / .09 * (1 - exp(-.9));
    size_t covered = 0;
    for (size_t s = 0; s < TIMES; s++) {
        PlArena arena = {0};
        PlLifetime all[N];
        PlIncidenceCurve curve;
        PlIncidenceAt at;
        PlRng rng = pl_rng_stream(11, s);
        for (size_t i = 0; i < N; i++) {
            double end = -log(1 - pl_rng_uniform(&rng)) / .09, open = 30 * pl_rng_uniform(&rng);
            size_t cause = pl_rng_uniform(&rng) < 2. / 3;
            all[i] = (PlLifetime){fmin(end, open), end <= open, cause};
        }
        cr_assert(eq(int, (int)pl_lifetimes_sort(all, N, &arena), PL_OK));
        cr_assert(eq(int, (int)pl_incidence(all, N, 1, .95, &arena, &curve), PL_OK));
        pl_incidence_at(&curve, all, 10, &at);
        covered += at.low <= truth && truth <= at.high;
        pl_arena_clear(&arena);
    }
    cr_assert(covered > .935 * TIMES && covered < .965 * TIMES, "%zu of %d", covered, TIMES);
}

Test(stats_incidence, refusals) {
    PlArena arena = {0}, none = {.limit = 1};
    PlIncidenceCurve curve;
    PlLifetime one = {3, true, 1};
    cr_assert(eq(int, (int)pl_incidence(&one, 0, 1, .95, &arena, &curve), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_incidence(&one, 1, 1, 1, &arena, &curve), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_incidence(&one, 1, 1, .95, &none, &curve), PL_NO_MEMORY));
    cr_assert(eq(int, (int)pl_incidence(&one, 1, 1, .95, &arena, &curve), PL_OK));
    cr_assert(curve.n_points == 1 && curve.points[0].incidence == 1 && !curve.points[0].has_interval);
    PlIncidenceAt at;
    pl_incidence_at(&curve, &one, 50, &at); /* all have ended, so that it is known for ever */
    cr_assert(at.estimable && at.incidence == 1 && curve.all_ended);
    pl_arena_clear(&arena);
}
