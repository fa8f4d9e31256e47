/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/correlation.h"

/* R: tests/reference/stats/correlation.R; the interval by numerical integration of Hotelling's density. */
static const double x[8] = {44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2};
static const double y[8] = {2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8};

static PlCorrelation pearson(const double *a, const double *b, size_t n, double level,
                             PlAlternative alternative) {
    PlCorrelation out = {0};
    PlInferenceOptions o = {.conf_level = level, .alternative = alternative, .threads = 1};
    PlStatus status = pl_pearson(a, b, n, &o, &out);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    return out;
}

Test(stats_correlation, agrees_with_r_and_with_the_exact_distribution) {
    static const double p[3] = {0.0072104525789621126, 0.0036052262894810563, 0.99639477371051899};
    for (size_t a = 0; a < 3; a++) {
        PlCorrelation c = pearson(x, y, 8, .95, alternatives[a]);
        cr_expect(near(c.in.estimate, 0.85214963013846534, 1e-14));
        cr_expect(near(c.in.statistic, 3.9887998310351844, 1e-13));
        cr_expect(near(c.in.p_value, p[a], 1e-12));
    }
    PlCorrelation c = pearson(x, y, 8, .95, PL_TWO_SIDED);
    cr_expect(near(c.in.conf_low, 0.34229125850278569, 1e-11), "%.17g", c.in.conf_low);
    cr_expect(near(c.in.conf_high, 0.96484406512955045, 1e-11), "%.17g", c.in.conf_high);
}

/* At the level of its own p-value the interval ends at 0. */
Test(stats_correlation, interval_and_p_are_one_procedure) {
    for (uint64_t round = 0; round < 200; round++) {
        PlRng rng = pl_rng_stream(11, round);
        double a[12], b[12];
        size_t n = 4 + round % 9;
        for (size_t i = 0; i < n; i++) {
            a[i] = normal_draw(&rng);
            b[i] = .5 * a[i] + normal_draw(&rng);
        }
        PlCorrelation at = pearson(a, b, n, .9, PL_TWO_SIDED);
        bool rejects = at.in.p_value <= 1 - .9, leaves_out = at.in.conf_low > 0 || at.in.conf_high < 0;
        cr_expect(rejects == leaves_out, "round %d", (int)round);
        PlCorrelation edge = pearson(a, b, n, 1 - at.in.p_value, PL_TWO_SIDED);
        double nearest = fmin(fabs(edge.in.conf_low), fabs(edge.in.conf_high));
        cr_expect(nearest < 1e-7, "round %d: %g", (int)round, nearest);
    }
}

Test(stats_correlation, order_scale_and_shift_do_not_matter_and_a_sign_turns_it) {
    double a[8], b[8];
    for (size_t i = 0; i < 8; i++) {
        a[i] = 1e6 + 4 * x[7 - i];
        b[i] = -2 * y[7 - i];
    }
    PlCorrelation base = pearson(x, y, 8, .95, PL_TWO_SIDED), turned = pearson(a, b, 8, .95, PL_TWO_SIDED);
    cr_expect(near(turned.in.estimate, -base.in.estimate, 1e-9));
    cr_expect(near(turned.in.conf_low, -base.in.conf_high, 1e-9));
    cr_expect(near(turned.in.p_value, base.in.p_value, 1e-8));
}

Test(stats_correlation, a_line_has_an_estimate_and_nothing_else) {
    const double line[4] = {1, 2, 3, 4}, twice[4] = {5, 7, 9, 11};
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = {.rows = 4};
    s.roles[PL_X] = numbers("a", line);
    s.roles[PL_Y] = numbers("b", twice);
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)run_answer("correlation", &s, &o, &arena, &answer), PL_OK));
    cr_expect(answer.rows[0].in.estimate == 1 && answer.rows[0].reason != NULL);
    cr_expect(eq(uint, answer.rows[0].lacks, PL_LACKS_P | PL_LACKS_INTERVAL));
    pl_arena_clear(&arena);
}

Test(stats_correlation, what_is_refused) {
    const double flat[4] = {3, 3, 3, 3}, some[4] = {1, 2, 4, 3}, nan[4] = {1, NAN, 2, 3};
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample s = {.rows = 4};
    s.roles[PL_X] = numbers("a", some);
    s.roles[PL_Y] = numbers("b", flat);
    cr_expect(eq(int, (int)run_answer("correlation", &s, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"b"));
    s.roles[PL_Y] = numbers("b", nan);
    cr_expect(eq(int, (int)run_answer("correlation", &s, &o, &arena, &answer), PL_NOT_FINITE));
    s.rows = 2;
    cr_expect(eq(int, (int)run_answer("correlation", &s, &o, &arena, &answer), PL_TOO_FEW));
    s.rows = 4;
    s.roles[PL_Y] = numbers("b", some);
    o.inference.conf_level = 1;
    cr_expect(eq(int, (int)run_answer("correlation", &s, &o, &arena, &answer), PL_BAD_ARGUMENT));
    pl_arena_clear(&arena);
}
