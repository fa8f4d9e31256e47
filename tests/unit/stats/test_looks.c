/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/looks.h"

#include "run.h"

#include "pairlift/stats/rng.h"

/* Reference values: tests/reference/monitor.R. */

#define NEAR(got, want)                                                                                      \
    cr_expect(epsilon_eq(dbl, got, want, 1e-9 * fabs(want)), "%.12g, not %.12g", got, want)

Test(stats_looks, a_t_has_the_normal_statistic_of_its_tail) {
    NEAR(pl_normal_of_student(2.5, 7), 2.04360870541);
    NEAR(pl_normal_of_student(-12, 2), -2.70293910425);
    NEAR(pl_student_of_normal(3, 7), 4.52997367873);
    NEAR(pl_student_of_normal(2, 1.5), 6.4181895446);
    NEAR(pl_normal_of_student(pl_student_of_normal(5, 3), 3), 5.0);
    cr_expect(eq(dbl, pl_normal_of_student(0, 4), 0));
    /* so far out that there is no tail */
    cr_expect(eq(dbl, pl_normal_of_student(1e300, 100), 38));
    cr_expect(isinf(pl_student_of_normal(40, 100)));
}

Test(stats_looks, the_always_valid_band) {
    NEAR(pl_look_multiplier(1, .05), 3.12711414369);
    NEAR(pl_look_multiplier(1.0 / 28, .05), 3.56405966937);
    NEAR(pl_look_multiplier(.5, .01), 3.59560479913);
    PlInference in;
    const PlLook look = {.5, .05, .012, 19};
    cr_assert(eq(int, pl_look_always(&look, .05, &in), PL_OK));
    NEAR(in.statistic, 3.46834817159385);
    NEAR(in.conf_low, 0.00755633765048);
    NEAR(in.conf_high, 0.09244366234952);
    NEAR(in.p_value, 0.01433002964412);
}

/* p is at most alpha exactly where the interval leaves out zero. */
Test(stats_looks, p_and_interval_agree) {
    for (int df = 1; df < 40; df += 6)
        for (double t = 1.0 / 28; t <= 1; t += 3.0 / 28)
            for (double estimate = -3; estimate <= 3; estimate += .01) {
                PlInference in;
                const PlLook look = {t, estimate, .25, df};
                cr_assert(eq(int, pl_look_always(&look, .05, &in), PL_OK));
                int rejects = in.p_value <= .05, leaves_out = in.conf_low > 0 || in.conf_high < 0;
                cr_assert(eq(int, rejects, leaves_out));
            }
}

Test(stats_looks, boundaries_of_two_looks) {
    const PlLookPlan plan = {2, PL_SPENDING_OBF, .05};
    const double information[] = {.5, 1};
    PlArena arena = {0};
    double critical[2];
    cr_assert(eq(int, pl_look_plan(&plan, information, 2, 19, &arena, critical), PL_OK));
    NEAR(critical[0], 2.96258804273);
    NEAR(critical[1], 1.96859564064);
    /* few degrees of freedom: what is newly spent at each look, whatever looks have in common */
    cr_assert(eq(int, pl_look_plan(&plan, information, 2, 4, &arena, critical), PL_OK));
    NEAR(critical[0], 2.96258804273);
    NEAR(critical[1], 1.98675679592);
    const PlLook looks[] = {{.5, .04, .03, 19}, {1, .05, .02, 19}};
    PlPlannedLook out[2];
    cr_assert(eq(int, pl_looks_planned(&plan, looks, 2, &arena, out), PL_OK));
    NEAR(out[1].low, 0.00793533797145);
    NEAR(out[1].high, 0.0920646620286);
    cr_expect(eq(int, out[0].crossed, 0));
    cr_expect(eq(int, out[1].crossed, 1));
    cr_expect(isnan(out[0].p) && out[1].p < .05 && out[1].p > .01);
    pl_arena_clear(&arena);
}

/* The repeated p-value gives back the level of a boundary. */
Test(stats_looks, p_of_a_boundary_is_the_level) {
    const PlLookPlan plan = {4, PL_SPENDING_POCOCK, .05};
    const double information[] = {.25, .5, .75};
    PlArena arena = {0};
    double critical[3];
    PlPlannedLook out[3];
    cr_assert(eq(int, pl_look_plan(&plan, information, 3, 30, &arena, critical), PL_OK));
    PlLook looks[3];
    for (int k = 0; k < 3; k++)
        looks[k] = (PlLook){information[k], k == 2 ? pl_student_of_normal(critical[2], 30) : .1, 1, 30};
    cr_assert(eq(int, pl_looks_planned(&plan, looks, 3, &arena, out), PL_OK));
    cr_expect(epsilon_eq(dbl, out[2].p, .05, 1e-6), "%g", out[2].p);
    pl_arena_clear(&arena);
}

Test(stats_looks, conditional_power) {
    NEAR(pl_conditional_power(1, .4, 2.5, 2), 0.567887864233);
    cr_expect(eq(dbl, pl_conditional_power(2.1, 1, 9, 2), 1));
    cr_expect(eq(dbl, pl_conditional_power(1.9, 1, 9, 2), 0));
}

Test(stats_looks, what_cannot_be) {
    PlInference in = {.n = 77};
    PlPlannedLook out[1];
    PlArena arena = {0};
    const PlLookPlan plan = {1, PL_SPENDING_OBF, .05};
    const struct {
        PlLook look;
        double alpha;
        PlStatus status;
    } cases[] = {{{.5, NAN, 1, 3}, .05, PL_NOT_FINITE}, {{.5, 1, INFINITY, 3}, .05, PL_NOT_FINITE},
                 {{.5, 1, 0, 3}, .05, PL_NO_VARIANCE},  {{.5, 1, -1, 3}, .05, PL_BAD_ARGUMENT},
                 {{0, 1, 1, 3}, .05, PL_BAD_ARGUMENT},  {{1.1, 1, 1, 3}, .05, PL_BAD_ARGUMENT},
                 {{.5, 1, 1, 0}, .05, PL_BAD_ARGUMENT}, {{.5, 1, 1, 3}, 0, PL_BAD_ARGUMENT},
                 {{.5, 1, 1, 3}, 1, PL_BAD_ARGUMENT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(eq(int, pl_look_always(&cases[i].look, cases[i].alpha, &in), cases[i].status), "case %zu",
                  i);
        PlLookPlan other = plan;
        other.alpha = cases[i].alpha;
        cr_expect(eq(int, pl_looks_planned(&other, &cases[i].look, 1, &arena, out), cases[i].status),
                  "case %zu", i);
    }
    cr_expect(eq(sz, in.n, 77));
    cr_expect(eq(int, pl_looks_planned(&plan, NULL, 0, &arena, out), PL_TOO_FEW));
    pl_arena_clear(&arena);
}

/* Units whose increments are independent and normal: how often any of the looks is beyond the boundary. */
static void measure(size_t units, size_t looks, bool planned, double least, double most) {
    enum { ROUNDS = 3000, UNITS_MAX = 20, LOOKS_MAX = 28 };
    const PlLookPlan plan = {looks, PL_SPENDING_POCOCK, .05};
    double t[LOOKS_MAX], boundary[LOOKS_MAX], x[UNITS_MAX], df = (double)units - 1;
    PlArena arena = {0};
    PlRng rng = pl_rng_stream(20240214, units * 100 + looks);
    int ever = 0;
    for (size_t k = 0; k < looks; k++)
        t[k] = (double)(k + 1) / (double)looks;
    cr_assert(eq(int, pl_look_plan(&plan, t, looks, df, &arena, boundary), PL_OK));
    for (size_t k = 0; k < looks; k++)
        boundary[k] = pl_student_of_normal(planned ? boundary[k] : pl_look_multiplier(t[k], .05), df);
    for (int round = 0; round < ROUNDS; round++) {
        bool crossed = false;
        memset(x, 0, sizeof x);
        for (size_t k = 0; k < looks; k++) {
            double mean = 0, squares = 0;
            for (size_t i = 0; i < units; i++) {
                double u = 1 - pl_rng_uniform(&rng), angle = 2 * M_PI * pl_rng_uniform(&rng);
                x[i] += sqrt(-2 * log(u)) * cos(angle);
                mean += x[i] / (double)units;
            }
            for (size_t i = 0; i < units; i++)
                squares += (x[i] - mean) * (x[i] - mean);
            crossed = crossed || fabs(mean) >= boundary[k] * sqrt(squares / df / (double)units);
        }
        ever += crossed;
    }
    double rate = (double)ever / ROUNDS, error = sqrt(.05 * .95 / ROUNDS);
    cr_expect(rate <= most + 3 * error && rate >= least - 3 * error, "%zu units, %zu looks: %.4f", units,
              looks, rate);
    pl_arena_clear(&arena);
}

Test(stats_looks, the_level_is_kept_over_all_looks) {
    measure(3, 28, false, .01, .05);
    measure(20, 28, false, .01, .05);
    measure(3, 20, true, .01, .05);
    measure(8, 4, true, .05, .055); /* counting on looks being alike: 5.0 to 5.5 % */
    measure(20, 4, true, .05, .055);
}
