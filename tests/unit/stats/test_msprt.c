/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/mixture.h"

#include "run.h"

/* The values of tests/reference/stats/mixture.py. */

static PlStatus run(const double *d, size_t n, PlMethodOptions o, PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = n};
    if (d)
        sample.roles[PL_X] = numbers("diff", d);
    return run_answer("msprt", &sample, &o, arena, answer);
}

Test(stats_msprt, the_published_value) {
    PlInference r;
    double log_ratio = 0;
    PlStatus status = pl_mixture_look(.3, sqrt(2), 50, .05, &two_sided_95, &r, &log_ratio);
    cr_assert(eq(int, (int)status, PL_OK));
    cr_assert(near(exp(log_ratio), 1.193857838111703, 1e-11));
    cr_assert(epsilon_eq(dbl, r.p_value, .837621, 5e-7));
    cr_assert(r.n == 50 && near(r.std_error, .2, 1e-14));
}

Test(stats_msprt, known_variance_and_tau) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.tau = .8;
    o.variance = 1.5;
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_OK));
    cr_assert(answer.n_rows == 1 && answer.n_notes == 0);
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_assert(near(figure(row, "likelihood_ratio"), 15.803683758385773, 1e-11));
    cr_assert(near(row->in.p_value, 1 / 15.803683758385773, 1e-11));
    cr_assert(near(figure(row, "tau"), .8, 1e-14) && row->in.conf_low < 0);
    o.inference.conf_level = 1 - row->in.p_value; /* at the p-value itself a limit touches 0 */
    double estimate = row->in.estimate;
    run(twelve, 12, o, &arena, &answer);
    cr_assert(fabs(row_of(&answer, NULL)->in.conf_low) < 1e-12 * estimate);
    pl_arena_clear(&arena);
}

Test(stats_msprt, looks_are_those_of_the_data_up_to_them) {
    PlArena arena = {0}, other = {0};
    PlAnswer answer, part;
    PlMethodOptions o = unset_options();
    o.tau = 1;
    o.variance = 1.5;
    o.looks = 5;
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_OK));
    const char *terms[] = {"3", "5", "8", "10", "12"};
    const size_t at[] = {3, 5, 8, 10, 12};
    double smallest = 1;
    for (size_t j = 0; j < 5; j++) {
        const PlAnswerRow *row = row_of(&answer, terms[j]);
        o.looks = 0;
        run(twelve, at[j], o, &other, &part);
        const PlInference *single = &row_of(&part, NULL)->in;
        cr_assert(near(row->in.p_value, single->p_value, 1e-12) && row->in.n == at[j]);
        cr_assert(near(row->in.conf_low, single->conf_low, 1e-12));
        smallest = fmin(smallest, row->in.p_value);
        cr_assert(eq(dbl, figure(row, "p_running"), smallest));
        cr_assert(eq(dbl, figure(row, "crossed"), smallest <= .05));
    }
    pl_arena_clear(&arena);
    pl_arena_clear(&other);
}

Test(stats_msprt, more_looks_than_rows_is_a_look_a_row) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.looks = 1000;
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_OK));
    cr_assert(answer.n_rows == 12 && answer.n_notes == 1);
    /* the variance of one observation is unknown; looks before the 10th do not count for p_running */
    cr_assert(answer.rows[0].status == PL_TOO_FEW && answer.rows[0].lacks == 7u);
    cr_assert(eq(dbl, figure(row_of(&answer, "9"), "p_running"), 1));
    cr_assert(eq(dbl, figure(row_of(&answer, "10"), "p_running"), row_of(&answer, "10")->in.p_value));
    pl_arena_clear(&arena);
}

Test(stats_msprt, boundaries_without_data) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.looks = 50;
    o.tau = sqrt(.1);
    o.variance = 2;
    cr_assert(eq(int, (int)run(NULL, 0, o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 50));
    const PlAnswerRow *row = row_of(&answer, "50");
    double boundary = figure(row, "boundary"), log_ratio = 0;
    cr_assert(row->lacks == 7u && row->reason != NULL && row->in.n == 50);
    cr_assert(near(boundary, figure(row, "multiplier") * .2, 1e-14));
    PlInference r;
    pl_mixture_look(boundary, sqrt(2), 50, .05, &two_sided_95, &r, &log_ratio);
    cr_assert(near(r.p_value, .05, 1e-12)); /* a mean on the boundary has p = alpha */
    o.variance = NAN;
    cr_assert(eq(int, (int)run(NULL, 0, o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_notes, 1));
    pl_arena_clear(&arena);
}

static void refused(PlMethodOptions o, const double *d, size_t n, PlStatus expected, const char *culprit) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(d, n, o, &arena, &answer), (int)expected));
    if (culprit)
        cr_assert(eq(str, (char *)answer.culprit, (char *)culprit));
    pl_arena_clear(&arena);
}

Test(stats_msprt, refusals) {
    const double nan[] = {1, NAN}, same[] = {.3, .3, .1 + .2};
    const double bad[] = {0, -1, INFINITY};
    PlMethodOptions o = unset_options();
    refused(o, twelve, 0, PL_TOO_FEW, NULL);
    refused(o, twelve, 1, PL_TOO_FEW, NULL);
    refused(o, nan, 2, PL_NOT_FINITE, NULL);
    refused(o, same, 3, PL_NO_VARIANCE, "diff");
    refused(o, NULL, 0, PL_NOT_GIVEN, "looks");
    o.looks = PL_LOOKS_MAX + 1;
    refused(o, NULL, 0, PL_BAD_ARGUMENT, "looks");
    for (size_t i = 0; i < 3; i++) {
        o = unset_options();
        o.tau = bad[i];
        refused(o, twelve, 12, PL_BAD_ARGUMENT, "tau");
        o = unset_options();
        o.variance = bad[i];
        refused(o, twelve, 12, PL_BAD_ARGUMENT, "variance");
        o = unset_options();
        o.tuned_at = bad[i];
        refused(o, twelve, 12, PL_BAD_ARGUMENT, "tuned_at");
    }
    o.tau = 1;
    o.tuned_at = 10;
    refused(o, twelve, 12, PL_NOT_TOGETHER, "tuned_at");
    o = unset_options();
    o.tau = 1e-200;
    refused(o, twelve, 12, PL_BAD_ARGUMENT, "tau");
    o.looks = 4;
    refused(o, NULL, 0, PL_BAD_ARGUMENT, "tau");
    o = unset_options();
    o.inference.conf_level = 1;
    refused(o, twelve, 12, PL_BAD_ARGUMENT, NULL);
    PlInference r;
    double ratio = 0;
    cr_assert(eq(int, (int)pl_mixture_look(1, 0, 5, 1, &two_sided_95, &r, &ratio), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)pl_mixture_look(1, NAN, 5, 1, &two_sided_95, &r, &ratio), PL_NOT_FINITE));
    cr_assert(eq(int, (int)pl_mixture_look(1e300, 1e-10, 5, 1, &two_sided_95, &r, &ratio), PL_NOT_FINITE));
    PlArena arena = {.limit = 64};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(twelve, 12, unset_options(), &arena, &answer), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}

Test(stats_msprt, a_known_variance_needs_no_spread) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    const double one[] = {.3};
    o.variance = 1;
    cr_assert(eq(int, (int)run(one, 1, o, &arena, &answer), PL_OK));
    cr_assert(eq(dbl, row_of(&answer, NULL)->in.estimate, .3));
    pl_arena_clear(&arena);
}

Test(stats_msprt, p_and_interval_agree_and_move_with_the_data) {
    PlRng rng = pl_rng_stream(8, 0);
    for (int round = 0; round < 300; round++) {
        double d[20], scaled[20];
        PlArena arena = {0};
        PlAnswer answer, other;
        PlMethodOptions o = unset_options();
        o.inference.conf_level = .8;
        for (size_t i = 0; i < 20; i++) {
            d[i] = .4 + normal_draw(&rng);
            scaled[19 - i] = d[i] * 1e-200;
        }
        run(d, 20, o, &arena, &answer);
        run(scaled, 20, o, &arena, &other);
        const PlInference *a = &row_of(&answer, NULL)->in, *b = &row_of(&other, NULL)->in;
        bool rejected = a->p_value <= 1 - .8;
        cr_assert(rejected == (a->conf_low > 0 || a->conf_high < 0));
        cr_assert(near(a->p_value, b->p_value, 1e-10) && near(b->conf_high, a->conf_high * 1e-200, 1e-11));
        pl_arena_clear(&arena);
    }
}

/* 2000 experiments without effect, looked at after each of 300 observations: at most 5 % may ever cross. */
Test(stats_msprt, looking_all_the_time_keeps_the_level) {
    PlRng rng = pl_rng_stream(9, 0);
    size_t crossed[2] = {0};
    static double d[300];
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < 300; i++)
            d[i] = normal_draw(&rng);
        for (size_t known = 0; known < 2; known++) {
            PlArena arena = {0};
            PlAnswer answer;
            PlMethodOptions o = unset_options();
            o.looks = 300;
            o.variance = known ? 1 : NAN;
            run(d, 300, o, &arena, &answer);
            crossed[known] += figure(row_of(&answer, "300"), "crossed") > 0;
            pl_arena_clear(&arena);
        }
    }
    cr_assert(crossed[0] <= 115 && crossed[1] <= 100 && crossed[1] > 20, "%zu, %zu", crossed[0], crossed[1]);
}

Test(stats_msprt, many_rows) {
    enum { MANY = 100000 };
    static double d[MANY];
    PlRng rng = pl_rng_stream(10, 0);
    for (size_t i = 0; i < MANY; i++)
        d[i] = 1e6 + normal_draw(&rng);
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.looks = MANY;
    cr_assert(eq(int, (int)run(d, MANY, o, &arena, &answer), PL_OK));
    const PlAnswerRow *row = &answer.rows[MANY - 1];
    cr_assert(row->in.n == MANY && fabs(row->in.estimate - 1e6) < .02);
    cr_assert(row->in.p_value == 0 && fabs(row->in.std_error * sqrt(MANY) - 1) < .01);
    pl_arena_clear(&arena);
}

/* The first few estimated variances are near 0 by chance; a known one is not. */
Test(stats_msprt, early_looks_promise_nothing_with_an_estimated_variance) {
    double x[12];
    PlRng rng = pl_rng_stream(3, 3);
    for (size_t i = 0; i < 12; i++)
        x[i] = 1 + normal_draw(&rng);
    const char *const ids[] = {"msprt", "confidence_sequence"};
    for (size_t m = 0; m < 2; m++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = {.rows = 12};
        s.roles[PL_X] = numbers("x", x);
        PlMethodOptions o = unset_options();
        o.looks = 12;
        cr_assert(eq(int, (int)run_answer(ids[m], &s, &o, &arena, &answer), PL_OK));
        cr_assert(eq(sz, answer.n_rows, 12));
        for (size_t i = 1; i < 12; i++) {
            unsigned early = PL_LACKS_P | PL_LACKS_INTERVAL;
            cr_expect(eq(uint, answer.rows[i].lacks, i + 1 < 10 ? early : 0), "%s, look %zu", ids[m], i + 1);
            bool has_reason = answer.rows[i].reason != NULL;
            cr_expect(has_reason == (i + 1 < 10));
        }
        o.variance = m == 0 ? 1 : NAN;
        cr_assert(eq(int, (int)run_answer(ids[m], &s, &o, &arena, &answer), PL_OK));
        cr_expect(m == 1 || answer.rows[1].lacks == 0);
        pl_arena_clear(&arena);
    }
}
