/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/correlation.h"

#include <gsl/gsl_cdf.h>

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

/* tests/reference/stats/correlation.py */
/* Ruben's form of the distribution, which is not the one in the code. */
Test(stats_correlation, tails_of_the_distribution) {
    const struct {
        double r, rho, tail;
        size_t n;
    } cases[] = {
        {.3, -.5, .0099994351964533892, 10}, {.3, 0, .19984573437500955, 10},
        {.3, .2, .39834010005297299, 10},    {.3, .8, .9875536440425835, 10},
        {.9, -.5, .0026900155302900198, 5},  {.9, .2, .035963219270905747, 5},
        {.9, .8, .3494848383207324, 5},      {-.75, -.5, .9550380178713157, 20},
        {-.75, 0, .99992995622627545, 20},   {.05, 0, .24099218424277821, 200},
        {.05, .2, .98417772715309471, 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double tail = pl_correlation_tail(atanh(cases[i].r), atanh(cases[i].rho), cases[i].n);
        cr_expect(near(tail, cases[i].tail, 2e-12), "%zu %.17g", i, tail);
    }
}

/* At rho = 0 the distribution is Student's, for any n and any r. */
Test(stats_correlation, of_no_correlation_it_is_students) {
    const size_t sizes[] = {3, 4, 5, 9, 30, 1000, 1000000};
    const double values[] = {-.9, -.3, -1e-3, 0, 1e-4, .02, .5, .99, .999999};
    for (size_t s = 0; s < 7; s++)
        for (size_t v = 0; v < 9; v++) {
            double r = values[v], df = (double)(sizes[s] - 2);
            double t = r * sqrt(df / ((1 - r) * (1 + r))), q = gsl_cdf_tdist_Q(t, df);
            double tail = pl_correlation_tail(atanh(r), 0, sizes[s]);
            cr_expect(q < 1e-200 || near(tail, q, 1e-11), "n %zu r %g: %.17g, not %.17g", sizes[s], r, tail,
                      q);
        }
}

/* p and interval agree; order, sign and scale change nothing else. */
Test(stats_correlation, any_alternative_any_units) {
    PlRng rng = pl_rng_stream(3, 0);
    size_t rejected = 0;
    for (size_t trial = 0; trial < 300; trial++) {
        size_t n = 3 + trial % 20;
        double u[30], v[30], rx[30], ry[30];
        for (size_t i = 0; i < n; i++) {
            u[i] = normal_draw(&rng);
            v[i] = normal_draw(&rng) + .4 * u[i];
        }
        for (size_t i = 0; i < n; i++) {
            rx[i] = u[n - 1 - i] * 1e-200 + 1e-198;
            ry[i] = v[n - 1 - i] * -1e150;
        }
        PlInferenceOptions o = two_sided_95;
        o.alternative = alternatives[trial % 3];
        o.conf_level = trial % 2 ? .95 : .5;
        PlCorrelation a, b;
        cr_assert(eq(int, (int)pl_pearson(u, v, n, &o, &a), PL_OK));
        bool outside = a.in.conf_low > 0 || a.in.conf_high < 0;
        cr_assert(eq(int, a.in.p_value <= 1 - o.conf_level, outside), "n %zu", n);
        rejected += outside;
        o.alternative = o.alternative == PL_TWO_SIDED ? PL_TWO_SIDED
                        : o.alternative == PL_LESS    ? PL_GREATER
                                                      : PL_LESS;
        cr_assert(eq(int, (int)pl_pearson(rx, ry, n, &o, &b), PL_OK));
        cr_assert(near(a.in.estimate, -b.in.estimate, 1e-10) && near(a.in.p_value, b.in.p_value, 1e-9));
        cr_assert(fabs(a.in.conf_low + b.in.conf_high) < 1e-10 &&
                  fabs(a.in.conf_high + b.in.conf_low) < 1e-10);
    }
    cr_assert(rejected > 30 && rejected < 270);
}

/* The exact interval holds the true correlation as often as it says, also in four rows. */
Test(stats_correlation, coverage_in_small_samples) {
    PlRng rng = pl_rng_stream(4, 0);
    size_t held = 0, trials = 1000;
    for (size_t trial = 0; trial < trials; trial++) {
        double u[4], v[4];
        for (size_t i = 0; i < 4; i++) {
            u[i] = normal_draw(&rng);
            v[i] = .8 * u[i] + .6 * normal_draw(&rng);
        }
        PlInferenceOptions o = two_sided_95;
        o.conf_level = .9;
        PlCorrelation c;
        cr_assert(eq(int, (int)pl_pearson(u, v, 4, &o, &c), PL_OK));
        held += c.in.conf_low <= .8 && .8 <= c.in.conf_high;
    }
    cr_assert(held > 870 && held < 930, "%zu of %zu", held, trials); /* 3 sd: 28 */
}

Test(stats_correlation, many_rows) {
    enum { MANY = 100000 };
    static double u[MANY], v[MANY];
    PlRng rng = pl_rng_stream(6, 0);
    for (size_t i = 0; i < MANY; i++) {
        u[i] = normal_draw(&rng);
        v[i] = normal_draw(&rng) + .5 * u[i];
    }
    PlCorrelation c;
    cr_assert(eq(int, (int)pl_pearson(u, v, MANY, &two_sided_95, &c), PL_OK));
    double z = atanh(c.in.estimate), se = 1 / sqrt(MANY - 3.0); /* Fisher's z, but for its bias r / 2n */
    cr_assert(epsilon_eq(dbl, c.in.conf_low, tanh(z - 1.959964 * se), 5e-6));
    cr_assert(epsilon_eq(dbl, c.in.conf_high, tanh(z + 1.959964 * se), 5e-6));
}
