/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/bayes_normal.h"

#include "run.h"

/* The values of tests/reference/stats/bayes_normal.R. */

static PlStatus run(const double *d, size_t n, PlMethodOptions o, PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = n, .roles[PL_X] = numbers("diff", d)};
    return run_answer("bayes_normal", &sample, &o, arena, answer);
}

static PlMethodOptions prior(double mean, double sd, double level) {
    PlMethodOptions o = unset_options();
    o.prior_mean = mean;
    o.prior_sd = sd;
    o.inference.conf_level = level;
    return o;
}

Test(stats_bayes_normal, flat_is_students_test) {
    PlArena arena = {0};
    PlAnswer answer;
    for (size_t a = 0; a < 3; a++) {
        PlMethodOptions o = prior(NAN, NAN, .9);
        o.inference.alternative = alternatives[a];
        cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_OK));
        const PlAnswerRow *row = row_of(&answer, NULL);
        PlInference t = must_run("paired_t", twelve, 12, o.inference);
        cr_assert(row->in.estimate == t.estimate && row->in.p_value == t.p_value);
        cr_assert(row->in.conf_low == t.conf_low && row->in.conf_high == t.conf_high && row->in.df == 11);
        cr_assert(near(row->in.std_error, 0.4236379772901258667, 1e-13));
        cr_assert(near(figure(row, "prob_win"), 0.9902356586610334688, 1e-13));
        cr_assert(near(figure(row, "prob_loss"), 1 - 0.9902356586610334688, 1e-11));
        cr_assert(near(figure(row, "expected_loss"), 0.0021278895063983798, 1e-11));
        cr_assert(near(figure(row, "expected_loss_control"), 1.0487945561730649402, 1e-12));
    }
    pl_arena_clear(&arena);
}

Test(stats_bayes_normal, darwins_maize) {
    PlInference r = must_run("bayes_normal", darwin, 15, two_sided_95);
    cr_assert(epsilon_eq(dbl, 1 - r.p_value / 2, .9751485, 5e-8));
    cr_assert(epsilon_eq(dbl, r.conf_low, .03119, 5e-6));
    cr_assert(epsilon_eq(dbl, r.conf_high, 41.83547, 5e-6));
}

static const double four[] = {2.31, 1.83, 2.6, 2.4};

static void check_prior(const double *d, size_t n, PlMethodOptions o, const double *e) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(d, n, o, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, NULL);
    const double actual[] = {row->in.estimate,
                             row->in.std_error,
                             row->in.conf_low,
                             row->in.conf_high,
                             figure(row, "prob_win"),
                             figure(row, "prob_loss"),
                             figure(row, "expected_loss"),
                             figure(row, "expected_loss_control")};
    for (size_t i = 0; i < 8; i++)
        cr_assert(near(actual[i], e[i], 1e-10), "%zu: %.17g, not %.17g", i, actual[i], e[i]);
    cr_assert(near(row->in.p_value, 2 * fmin(actual[4], actual[5]), 1e-14));
    cr_assert(eq(dbl, figure(row, "prior_sd"), o.prior_sd));
    pl_arena_clear(&arena);
}

Test(stats_bayes_normal, normal_priors_of_r) {
    const double narrow[] = {0.6172871087301848858, 0.3390938706137057723, -0.0897243243953584207,
                             1.2458932241451363687, 0.9589448428592561857, 0.0410551571407436963,
                             0.0069339251236095979, 0.6242210338537946823};
    const double wide[] = {1.0658192456980684071, 0.4111930845060698947, 0.3990998338496127285,
                           1.7382304342424557131, 0.9929327740660076618, 0.0070672259339924050,
                           0.0013868188206883623, 1.0672060645187568806};
    const double peaks[] = {0.70354899262270776, 0.93865858467421892, -1.04324696881089407,
                            2.27060277131950805, 0.75068176893698857, 0.24931823106301151,
                            0.12312852223143680, 0.82667751485414454};
    check_prior(twelve, 12, prior(NAN, .5, .95), narrow);
    check_prior(twelve, 12, prior(1.5, 2, .9), wide);
    check_prior(four, 4, prior(-.5, .65, .95), peaks);
}

Test(stats_bayes_normal, a_wide_prior_is_flat_and_a_narrow_one_wins) {
    PlArena arena = {0};
    PlAnswer flat, wide, narrow;
    run(twelve, 12, prior(NAN, NAN, .95), &arena, &flat);
    cr_assert(eq(int, (int)run(twelve, 12, prior(3, 1e9, .95), &arena, &wide), PL_OK));
    const PlAnswerRow *f = row_of(&flat, NULL), *w = row_of(&wide, NULL);
    cr_assert(near(w->in.conf_low, f->in.conf_low, 1e-9) && near(w->in.p_value, f->in.p_value, 1e-9));
    cr_assert(near(figure(w, "expected_loss"), figure(f, "expected_loss"), 1e-9));
    cr_assert(near(w->in.std_error, f->in.std_error, 1e-9));
    cr_assert(eq(int, (int)run(twelve, 12, prior(-7, 1e-5, .95), &arena, &narrow), PL_OK));
    const PlAnswerRow *s = row_of(&narrow, NULL);
    cr_assert(near(s->in.estimate, -7, 1e-6) && near(s->in.std_error, 1e-5, 1e-4));
    cr_assert(near(s->in.conf_high - s->in.conf_low, 2 * 1.959963984540054e-5, 1e-4));
    pl_arena_clear(&arena);
}

/* Many observations: the t is normal, and normal times normal has a closed form. */
Test(stats_bayes_normal, many_differences_are_conjugate) {
    enum { MANY = 100000 };
    static double d[MANY];
    PlRng rng = pl_rng_stream(12, 0);
    for (size_t i = 0; i < MANY; i++)
        d[i] = .01 + normal_draw(&rng);
    PlArena arena = {0};
    PlAnswer answer;
    PlInference t = must_run("paired_t", d, MANY, two_sided_95);
    cr_assert(eq(int, (int)run(d, MANY, prior(.5, .01, .95), &arena, &answer), PL_OK));
    double a = 1 / (t.std_error * t.std_error), b = 1e4, mean = (a * t.estimate + b * .5) / (a + b);
    const PlInference *in = &row_of(&answer, NULL)->in;
    cr_assert(near(in->estimate, mean, .02) && near(in->std_error, 1 / sqrt(a + b), .05), "%g %g",
              in->estimate, mean);
    pl_arena_clear(&arena);
}

Test(stats_bayes_normal, p_and_interval_agree_and_mirror) {
    PlRng rng = pl_rng_stream(21, 0);
    for (int round = 0; round < 300; round++) {
        double d[8], minus[8];
        size_t n = 3 + pl_rng_next(&rng) % 6;
        for (size_t i = 0; i < n; i++) {
            d[i] = .7 + normal_draw(&rng);
            minus[n - 1 - i] = -d[i] * 1e-100;
        }
        double m = normal_draw(&rng), sd = .3 + pl_rng_uniform(&rng);
        PlMethodOptions o = prior(m, sd, .8), mirrored = prior(-m * 1e-100, sd * 1e-100, .8);
        o.inference.alternative = alternatives[round % 3];
        mirrored.inference.alternative = round % 3 == 0                          ? PL_TWO_SIDED
                                         : o.inference.alternative == PL_GREATER ? PL_LESS
                                                                                 : PL_GREATER;
        PlArena arena = {0};
        PlAnswer answer, other;
        cr_assert(eq(int, (int)run(d, n, o, &arena, &answer), PL_OK));
        cr_assert(eq(int, (int)run(minus, n, mirrored, &arena, &other), PL_OK));
        const PlInference *a = &row_of(&answer, NULL)->in, *b = &row_of(&other, NULL)->in;
        bool rejected = a->p_value <= 1 - .8;
        cr_assert(rejected == (a->conf_low > 0 || a->conf_high < 0));
        cr_assert(near(a->p_value, b->p_value, 1e-10) && near(a->estimate, -b->estimate * 1e100, 1e-10));
        double win = figure(row_of(&answer, NULL), "prob_win"),
               loss = figure(row_of(&answer, NULL), "prob_loss");
        cr_assert(near(win + loss, 1, 1e-13));
        double gain = figure(row_of(&answer, NULL), "expected_loss_control");
        cr_assert(near(gain - figure(row_of(&answer, NULL), "expected_loss"), a->estimate, 1e-9));
        pl_arena_clear(&arena);
    }
}

Test(stats_bayes_normal, certainty_far_out) {
    double d[6];
    for (size_t i = 0; i < 6; i++)
        d[i] = 1e6 + twelve[i];
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(d, 6, prior(NAN, NAN, .95), &arena, &answer), PL_OK));
    double loss = figure(row_of(&answer, NULL), "expected_loss");
    cr_assert(loss >= 0 && loss < 1e-15);
    cr_assert(eq(int, (int)run(d, 6, prior(1e6, 10, .95), &arena, &answer), PL_OK));
    cr_assert(eq(dbl, row_of(&answer, NULL)->in.p_value, 0));
    cr_assert(eq(dbl, figure(row_of(&answer, NULL), "prob_win"), 1));
    pl_arena_clear(&arena);
}

static void refused(const double *d, size_t n, PlMethodOptions o, PlStatus expected, const char *culprit) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(d, n, o, &arena, &answer), (int)expected));
    if (culprit)
        cr_assert(eq(str, (char *)answer.culprit, (char *)culprit));
    pl_arena_clear(&arena);
}

Test(stats_bayes_normal, refusals) {
    const double same[] = {.3, .3, .1 + .2}, nan[] = {1, NAN, 2};
    refused(twelve, 2, prior(NAN, NAN, .95), PL_TOO_FEW, NULL);
    refused(same, 3, prior(NAN, NAN, .95), PL_NO_VARIANCE, NULL);
    refused(nan, 3, prior(NAN, NAN, .95), PL_NOT_FINITE, NULL);
    refused(twelve, 12, prior(NAN, NAN, 1), PL_BAD_ARGUMENT, NULL);
    refused(twelve, 12, prior(1, NAN, .95), PL_NOT_GIVEN, "prior_sd");
    refused(twelve, 12, prior(1, 0, .95), PL_BAD_ARGUMENT, "prior_sd");
    refused(twelve, 12, prior(1, -1, .95), PL_BAD_ARGUMENT, "prior_sd");
    refused(twelve, 12, prior(1, INFINITY, .95), PL_BAD_ARGUMENT, "prior_sd");
    refused(twelve, 12, prior(INFINITY, 1, .95), PL_BAD_ARGUMENT, "prior_mean");
    refused(twelve, 12, prior(0, 1e-9, .95), PL_BAD_ARGUMENT, "prior_sd");
    refused(twelve, 12, prior(0, 1e200, .95), PL_BAD_ARGUMENT, "prior_sd");
    PlArena arena = {.limit = 2048};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(twelve, 12, prior(0, 1, .95), &arena, &answer), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}

Test(stats_bayes_normal, three_differences_have_no_posterior_sd) {
    PlInference r = must_run("bayes_normal", twelve, 3, two_sided_95);
    cr_assert(eq(uint, r.has, PL_HAS_DF));
    cr_assert(eq(dbl, r.std_error, 0));
}
