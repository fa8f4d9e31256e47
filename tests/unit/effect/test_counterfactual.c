/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arm_case.h"

#include "pairlift/stats/student.h"

typedef struct {
    double *before, *during, *with, *without;
    guint n;
} Values;

static Values values_of(guint n_stores, size_t draws, guint64 seed) {
    PlRng rng = pl_rng_stream(seed, 3);
    Values v = {g_new(double, n_stores), g_new(double, n_stores), g_new(double, draws + 1),
                g_new(double, draws + 1), n_stores};
    for (guint s = 0; s < n_stores; s++) {
        v.before[s] = 100 * exp(.4 * pl_rng_normal(&rng));
        v.during[s] = v.before[s] * 1.2 * exp(.1 * pl_rng_normal(&rng));
    }
    return v;
}

static void values_free(Values *v) {
    g_free(v->before);
    g_free(v->during);
    g_free(v->with);
    g_free(v->without);
}

/* What the header says, written out. */
Test(counterfactual, totals_of_pairs_are_those_by_hand) {
    enum { N = 9, DRAWS = 200 };
    PlArm *arm = arm_of(TRUE, N, N, 0);
    PlInferenceOptions o = arm_options(DRAWS);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(2 * N, DRAWS, 1);
    double with = 0, without = 0, plus = 0, levels = 0;
    for (guint i = 0; i < N; i++) {
        with += v.during[i];
        without += v.before[i] * v.during[N + i] / v.before[N + i];
        plus += v.before[i] + v.during[N + i] - v.before[N + i];
        levels += v.during[N + i];
    }
    cr_assert(eq(u32, pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without), N));
    cr_assert(epsilon_eq(dbl, v.with[0], with, 1e-10));
    cr_assert(epsilon_eq(dbl, v.without[0], without, 1e-10));
    pl_draws_totals(draws, v.before, v.during, PL_EFFECT_ABSOLUTE, v.with, v.without);
    cr_assert(epsilon_eq(dbl, v.without[0], plus, 1e-10));
    pl_draws_totals(draws, NULL, v.during, PL_EFFECT_RELATIVE, v.with, v.without);
    cr_assert(epsilon_eq(dbl, v.without[0], levels, 1e-10));
    values_free(&v);
    pl_arm_free(arm);
}

Test(counterfactual, totals_of_groups_are_those_by_hand_block_by_block) {
    enum { T = 6, C = 9, B = 2 };
    PlArm *arm = arm_of(FALSE, T, C, B);
    PlInferenceOptions o = arm_options(50);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(T + C, 50, 2);
    double during[B] = {0}, before[B] = {0}, without = 0;
    for (guint c = 0; c < C; c++) {
        during[c % B] += v.during[T + c];
        before[c % B] += v.before[T + c];
    }
    for (guint i = 0; i < T; i++)
        without += v.before[i] * during[i % B] / before[i % B];
    pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without);
    cr_assert(epsilon_eq(dbl, v.without[0], without, 1e-10));
    values_free(&v);
    pl_arm_free(arm);
}

/* A store counted `times` times is its total. */
Test(counterfactual, times_make_totals_of_means) {
    PlArm *arm = arm_of(TRUE, 4, 4, 0);
    PlInferenceOptions o = arm_options(10);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(8, 10, 3), w = values_of(8, 10, 3);
    double times[8] = {3, 3, 3, 3, 9, 9, 9, 9};
    pl_draws_totals(draws, v.before, v.during, PL_EFFECT_ABSOLUTE, v.with, v.without);
    pl_draws_totals_over(draws, w.before, w.during, times, PL_EFFECT_ABSOLUTE, NULL, w.with, w.without);
    for (guint k = 0; k <= 10; k++) {
        cr_assert(epsilon_eq(dbl, w.with[k], 3 * v.with[k], 1e-9));
        cr_assert(epsilon_eq(dbl, w.without[k], 3 * v.without[k], 1e-9));
    }
    values_free(&v);
    values_free(&w);
    pl_arm_free(arm);
}

/* Of a plain sum (no sizes to level) the draws' variance is n times that of the pairs: n s^2 without a factor
 * (n - 1) / n. */
Test(counterfactual, draws_vary_as_a_sum_of_pairs_does) {
    enum { N = 5, DRAWS = 40000 };
    PlArm *arm = arm_of(TRUE, N, N, 0);
    PlInferenceOptions o = arm_options(DRAWS);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(2 * N, DRAWS, 4);
    pl_draws_totals(draws, v.before, v.during, PL_EFFECT_ABSOLUTE, v.with, v.without);
    double mean = 0, square = 0, drawn_mean = 0, drawn = 0;
    for (guint i = 0; i < N; i++)
        mean += (v.during[i] - v.before[i] - v.during[N + i] + v.before[N + i]) / N;
    for (guint i = 0; i < N; i++)
        square += pow(v.during[i] - v.before[i] - v.during[N + i] + v.before[N + i] - mean, 2);
    for (guint k = 0; k <= DRAWS; k++)
        v.with[k] -= v.without[k];
    for (guint k = 1; k <= DRAWS; k++)
        drawn_mean += v.with[k] / DRAWS;
    for (guint k = 1; k <= DRAWS; k++)
        drawn += pow(v.with[k] - drawn_mean, 2) / (DRAWS - 1);
    double expected = N * square / (N - 1);
    cr_assert(epsilon_eq(dbl, drawn_mean, N * mean, 4 * sqrt(expected / DRAWS)));
    cr_assert(epsilon_eq(dbl, drawn, expected, .03 * expected));
    PlDrawn interval = pl_draws_interval(draws, v.with, .95);
    double half = pl_student_quantile(.025, N - 1) * sqrt(drawn);
    cr_assert(epsilon_eq(dbl, interval.high - interval.low, 2 * half, 1e-6 * half));
    values_free(&v);
    pl_arm_free(arm);
}

/* A gain in proportion to size is certain, however much sizes vary. */
Test(counterfactual, a_gain_in_proportion_is_as_sure_as_the_proportion) {
    enum { N = 10 };
    PlArm *arm = arm_of(TRUE, N, N, 0);
    PlInferenceOptions o = arm_options(500);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(2 * N, 500, 5);
    for (guint s = 0; s < 2 * N; s++)
        v.during[s] = v.before[s] * (s < N ? 1.3 : 1);
    pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without);
    for (guint k = 0; k <= 500; k++)
        v.with[k] -= v.without[k];
    PlDrawn d = pl_draws_interval(draws, v.with, .95);
    cr_assert(epsilon_eq(dbl, d.low, d.estimate, 1e-9 * d.estimate));
    cr_assert(epsilon_eq(dbl, d.high, d.estimate, 1e-9 * d.estimate));
    cr_assert(gt(dbl, pl_draws_chance_above(draws, v.with, 0), .99));
    values_free(&v);
    pl_arm_free(arm);
}

/* The chance and the interval are one: limits of the interval have the chances that its level says. */
Test(counterfactual, chance_and_interval_agree) {
    const guint sizes[] = {4, 12};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        guint n = sizes[i];
        PlArm *arm = arm_of(TRUE, n, n, 0);
        PlInferenceOptions o = arm_options(4999);
        g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
        Values v = values_of(2 * n, 4999, 6);
        pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without);
        for (guint k = 0; k < 5000; k++)
            v.with[k] -= v.without[k];
        PlDrawn d = pl_draws_interval(draws, v.with, .95);
        cr_assert(epsilon_eq(dbl, pl_draws_chance_above(draws, v.with, d.low), .975, 2e-3), "%u", n);
        cr_assert(epsilon_eq(dbl, pl_draws_chance_above(draws, v.with, d.high), .025, 2e-3), "%u", n);
        values_free(&v);
        pl_arm_free(arm);
    }
}

Test(counterfactual, is_a_function_of_arm_and_seed) {
    PlArm *arm = arm_of(FALSE, 5, 7, 1);
    PlInferenceOptions o = arm_options(100), many = o;
    many.threads = 8;
    g_autoptr(PlDraws) a = pl_draws_new(arm, &o), b = pl_draws_new(arm, &many);
    Values v = values_of(12, 100, 7), w = values_of(12, 100, 7);
    pl_draws_totals(a, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without);
    pl_draws_totals(b, w.before, w.during, PL_EFFECT_RELATIVE, w.with, w.without);
    for (guint k = 0; k <= 100; k++)
        cr_assert(eq(dbl, v.without[k], w.without[k]));
    values_free(&v);
    values_free(&w);
    pl_arm_free(arm);
}

Test(counterfactual, of_one_pair_there_is_no_interval_and_a_reason) {
    PlArm *arm = arm_of(TRUE, 1, 1, 0);
    PlInferenceOptions o = arm_options(100);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(2, 100, 8);
    cr_assert_not_null(pl_draws_reason(draws));
    cr_assert(eq(u32, pl_draws_n(draws), 0));
    cr_assert(eq(u32, pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without), 1));
    PlDrawn d = pl_draws_interval(draws, v.with, .95);
    cr_assert(eq(dbl, d.estimate, v.with[0]));
    cr_assert(isnan(d.low) && isnan(d.high));
    cr_assert(isnan(pl_draws_chance_above(draws, v.with, 0)));
    values_free(&v);
    pl_arm_free(arm);
}

/* A store without a value, or without a logarithm, takes no part; none left: no totals. */
Test(counterfactual, leaves_out_what_has_no_value) {
    PlArm *arm = arm_of(TRUE, 3, 3, 0);
    PlInferenceOptions o = arm_options(20);
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &o);
    Values v = values_of(6, 20, 9);
    v.during[4] = 0;
    cr_assert(eq(u32, pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without), 2));
    cr_assert(epsilon_eq(dbl, v.with[0], v.during[0] + v.during[2], 1e-10));
    cr_assert(eq(u32, pl_draws_totals(draws, v.before, v.during, PL_EFFECT_ABSOLUTE, v.with, v.without), 3));
    v.during[3] = v.during[5] = NAN;
    cr_assert(eq(u32, pl_draws_totals(draws, v.before, v.during, PL_EFFECT_RELATIVE, v.with, v.without), 0));
    cr_assert(isnan(v.with[0]) && isnan(v.without[20]));
    values_free(&v);
    pl_arm_free(arm);
}
