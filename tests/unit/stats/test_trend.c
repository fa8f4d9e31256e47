/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/trend.h"
#include "run.h"

/* R: tests/reference/stats/trend.R. */
static const double months[12] = {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14};

static PlTrendTest trend(const double *x, const double *y, size_t n, double level) {
    PlArena arena = {0};
    PlTrendTest out = {0};
    PlStatus status = pl_trend(x, y, n, level, &arena, &out);
    pl_arena_clear(&arena);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    return out;
}

static PlStatus refused(const double *x, const double *y, size_t n, double level, size_t limit) {
    PlArena arena = {.limit = limit};
    PlTrendTest out;
    PlStatus status = pl_trend(x, y, n, level, &arena, &out);
    pl_arena_clear(&arena);
    return status;
}

Test(stats_trend, agrees_with_r_without_ties) {
    PlTrendTest t = trend(months, twelve, 12, .95);
    cr_expect(t.s == -2 && t.exact && near(t.tau, -0.030303030303030304, 1e-14));
    cr_expect(near(t.p_value, 0.94655928915477527, 1e-13), "%.17g", t.p_value);
    cr_expect(near(t.slope, -0.032909090909090895, 1e-13));
    double rising[12];
    for (size_t i = 0; i < 12; i++)
        rising[i] = twelve[i] + .3 * months[i];
    t = trend(months, rising, 12, .95);
    cr_expect(t.s == 36 && near(t.p_value, 0.013770768197851613, 1e-12), "%.17g", t.p_value);
    cr_expect(near(t.slope, 0.26709090909090916, 1e-13));
    cr_expect(near(t.conf_low, 0.052857142857142873, 1e-12) && near(t.conf_high, .56, 1e-12), "%.17g %.17g",
              t.conf_low, t.conf_high);
    double x[50], y[50];
    for (size_t i = 0; i < 50; i++) {
        x[i] = (double)i + 1;
        y[i] = sin(x[i] * 1.7) * 10 + x[i] * .15;
    }
    t = trend(x, y, 50, .95);
    cr_expect(near(t.p_value, 0.024432134127731375, 1e-11), "%.17g", t.p_value);
    cr_expect(near(t.slope, 0.14700667062785555, 1e-12) && near(t.tau, 0.21959183673469387, 1e-13));
}

Test(stats_trend, counts_the_orders_of_tied_values) {
    const double x[8] = {1, 2, 3, 4, 5, 6, 7, 8}, y[8] = {3, 3, 4, 3, 5, 4, 6, 6};
    PlTrendTest t = trend(x, y, 8, .95);
    cr_expect(t.s == 19 && t.n_tied == 7 && near(t.tau, 0.74870488592714557, 1e-14));
    cr_expect(near(t.p_value, 0.014285714285714285, 1e-12), "%.17g", t.p_value);
    cr_expect(near(t.slope, .5, 1e-14));
}

/* A tie within the rounding of a subtraction is a tie. */
Test(stats_trend, computed_values_tie) {
    const double x[6] = {1, 2, 3, 4, 5, 6}, y[6] = {.1 + .2, .3, .5, .7, .1 + .6, .9};
    PlTrendTest t = trend(x, y, 6, .9);
    cr_expect(t.n_tied == 4 && t.s == 13);
}

Test(stats_trend, many_values_by_the_normal_distribution) {
    double x[200], y[200];
    for (size_t i = 0; i < 200; i++) {
        x[i] = (double)i + 1;
        y[i] = nearbyint(sin(x[i] * .9) * 5 + x[i] * .01);
    }
    PlTrendTest t = trend(x, y, 200, .95);
    cr_expect(t.exact == false && t.s == 2722 && near(t.p_value, 0.003725493608301047, 1e-10), "%g %.17g",
              t.s, t.p_value);
    cr_expect(t.conf_low >= 0 && t.conf_low <= t.slope && t.slope <= t.conf_high);
}

/* At n = 60 both ways of computing are at hand: 60 values are counted, 61 are not. */
Test(stats_trend, counting_joins_the_normal_distribution) {
    double x[61], y[61];
    for (size_t i = 0; i < 61; i++) {
        x[i] = (double)i;
        y[i] = (double)(i * 37 % 61) + (double)i / 3;
    }
    PlTrendTest counted = trend(x, y, 60, .95), by_normal = trend(x, y, 61, .95);
    cr_expect(counted.exact && by_normal.exact == false);
    cr_expect(fabs(counted.p_value - by_normal.p_value) < .02, "%g %g", counted.p_value, by_normal.p_value);
}

Test(stats_trend, four_values_cannot_reject_and_five_can) {
    const double x[5] = {1, 2, 3, 4, 5}, y[5] = {1, 2, 4, 8, 16};
    PlTrendTest t = trend(x, y, 4, .95);
    cr_expect(near(t.p_value, 2.0 / 24, 1e-14) && isinf(t.conf_low) && isinf(t.conf_high));
    t = trend(x, y, 5, .95);
    cr_expect(near(t.p_value, 2.0 / 120, 1e-14) && t.conf_low == 1 && t.conf_high == 8, "%g %g", t.conf_low,
              t.conf_high);
}

/* p is within the level exactly when the interval leaves out 0; time's unit, the order of the rows and the
 * sign of y change nothing else. */
Test(stats_trend, interval_and_p_are_one_procedure) {
    size_t rejected = 0;
    for (uint64_t round = 0; round < 2000; round++) {
        PlRng rng = pl_rng_stream(21, round);
        size_t n = 4 + round % 70;
        double x[80], y[80], rx[80], ry[80];
        for (size_t i = 0; i < n; i++) {
            x[i] = (double)i + (round % 2 ? pl_rng_uniform(&rng) : 0);
            y[i] = 1.5 * (double)i / (double)n + normal_draw(&rng);
            if (round % 3 == 0)
                y[i] = nearbyint(y[i]);
        }
        for (size_t i = 0; i < n; i++) {
            rx[i] = 12 * x[n - 1 - i];
            ry[i] = -y[n - 1 - i];
        }
        double level = round % 5 ? .95 : .8;
        PlArena arena = {0};
        PlTrendTest t, back;
        if (pl_trend(x, y, n, level, &arena, &t) == PL_OK) {
            bool leaves_out = t.conf_low > 0 || t.conf_high < 0;
            cr_expect(eq(int, t.p_value <= 1 - level, leaves_out), "round %d: p %g, %g to %g", (int)round,
                      t.p_value, t.conf_low, t.conf_high);
            cr_expect(t.conf_low <= t.slope + 1e-9 && t.slope <= t.conf_high + 1e-9);
            rejected += leaves_out;
            cr_assert(pl_trend(rx, ry, n, level, &arena, &back) == PL_OK);
            cr_expect(t.s == -back.s && near(t.p_value, back.p_value, 1e-12) &&
                      fabs(t.slope + 12 * back.slope) < 1e-9);
        }
        pl_arena_clear(&arena);
    }
    cr_expect(rejected > 300 && rejected < 1700, "%zu", rejected);
}

/* Twelve months of noise on a line: how often it errs, and how often the interval holds the slope. */
Test(stats_trend, errs_as_often_as_it_says) {
    enum { ROUNDS = 4000 };
    size_t covered = 0, errs = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        PlRng rng = pl_rng_stream(22, round);
        double y[12], flat[12];
        for (size_t i = 0; i < 12; i++) {
            flat[i] = normal_draw(&rng);
            y[i] = .3 * months[i] + flat[i];
        }
        PlTrendTest t = trend(months, y, 12, .95);
        covered += t.conf_low <= .3 && .3 <= t.conf_high;
        errs += trend(months, flat, 12, .95).p_value <= .05;
    }
    double coverage = (double)covered / ROUNDS, rate = (double)errs / ROUNDS;
    cr_expect(coverage > .95 - .011 && coverage < .98, "%g", coverage);
    cr_expect(rate < .05 + .011 && rate > .02, "%g", rate);
}

Test(stats_trend, what_is_refused) {
    const double x[5] = {1, 2, 3, 4, 5}, y[5] = {1, 2, 4, 8, 16}, flat[5] = {2, 2, 2, 2, 2};
    const double twice[5] = {1, 2, 2, 4, 5}, nan[5] = {1, NAN, 3, 4, 5}, far[5] = {-1e308, 1e308, 3, 4, 5};
    cr_expect(eq(int, (int)refused(x, y, 3, .95, 0), PL_TOO_FEW));
    cr_expect(eq(int, (int)refused(x, flat, 5, .95, 0), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)refused(twice, y, 5, .95, 0), PL_DUPLICATE));
    cr_expect(eq(int, (int)refused(x, nan, 5, .95, 0), PL_NOT_FINITE));
    cr_expect(eq(int, (int)refused(nan, y, 5, .95, 0), PL_NOT_FINITE));
    cr_expect(eq(int, (int)refused(x, far, 5, .95, 0), PL_NOT_FINITE));
    cr_expect(eq(int, (int)refused(x, y, 5, 1, 0), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)refused(x, y, 5001, .95, 0), PL_TOO_LARGE));
    for (size_t limit = 16; limit < 700; limit += 48)
        cr_expect(eq(int, (int)refused(x, y, 5, .95, limit), PL_NO_MEMORY), "%zu", limit);
}

Test(stats_trend, as_a_method) {
    const char *const years[4] = {"2019", "2020", "2022", "2024"}, *const dates[4] = {"2019-01", "2019-02",
                                                                                      "2019-03", "2019-04"};
    const double y[4] = {1, 2, 4, 8};
    const size_t at[4] = {0, 1, 2, 3}, double_at[4] = {0, 1, 2, 2};
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample s = {.rows = 4};
    s.roles[PL_X] = numbers("y", y);
    s.roles[PL_TIME] = levels("t", at, 4, years);
    cr_assert(eq(int, (int)run_answer("trend", &s, &o, &arena, &answer), PL_OK));
    cr_expect(near(row_of(&answer, NULL)->in.estimate, 1.2, 1e-13)); /* of 1 1 1 1.4 1.5 2 */
    cr_expect(eq(uint, row_of(&answer, NULL)->lacks, PL_LACKS_INTERVAL));
    s.roles[PL_TIME] = levels("t", at, 4, dates);
    cr_assert(eq(int, (int)run_answer("trend", &s, &o, &arena, &answer), PL_OK));
    cr_expect(near(row_of(&answer, NULL)->in.estimate, (2 + 7.0 / 3) / 2, 1e-13)); /* of 1 1.5 2 7/3 3 4 */
    cr_expect(figure(row_of(&answer, NULL), "tau") == 1);
    s.roles[PL_TIME] = levels("t", double_at, 3, dates);
    cr_expect(eq(int, (int)run_answer("trend", &s, &o, &arena, &answer), PL_DUPLICATE));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"t"));
    pl_arena_clear(&arena);
}
