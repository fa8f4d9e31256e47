/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cuped.h"

#include "run.h"

/* The values of tests/reference/stats/cuped.R. */
static const double before[12] = {1.2, -0.8, 0.9, 0.4, -1.1, 1.7, -0.2, 0.8, 0.3, 1.1, -0.6, 0.2};

static PlStatus run_pairs(const double *d, const double *pre, size_t n, PlInferenceOptions inference,
                          PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = n, .roles[PL_X] = numbers("diff", d), .roles[PL_PRE] = numbers("before", pre)};
    PlMethodOptions o = unset_options();
    o.inference = inference;
    return run_answer("cuped", &sample, &o, arena, answer);
}

static PlInference must_pairs(const double *d, const double *pre, size_t n, PlInferenceOptions o) {
    PlArena arena = {0};
    PlInference r = {0};
    PlCuped cuped;
    PlStatus status = pl_cuped_pairs(d, pre, n, &o, &arena, &cuped, &r);
    cr_assert(eq(int, (int)status, PL_OK));
    pl_arena_clear(&arena);
    return r;
}

Test(stats_cuped, the_published_theta) {
    const double y[] = {10, 12, 9, 15, 14, 11}, x[] = {8, 11, 9, 13, 12, 10};
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_pairs(y, x, 6, two_sided_95, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_assert(near(figure(row, "theta"), 1.17142857142857126, 1e-13));
    cr_assert(near(figure(row, "variance_factor"), 0.10505767524401066, 1e-12));
    cr_assert(near(row->in.estimate, -0.46666666666666423, 1e-12));
    cr_assert(near(row->in.std_error, 2.13482090992671436, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_cuped, pairs_of_r) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_pairs(twelve, before, 12, two_sided_95, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_assert(near(row->in.estimate, 0.5823247604639435471, 1e-13));
    cr_assert(near(row->in.std_error, 0.1555194608909037934, 1e-13));
    cr_assert(near(row->in.statistic, 3.7443851536525176726, 1e-13));
    cr_assert(near(row->in.p_value, 0.0038189042268616988, 1e-12) && row->in.df == 10);
    cr_assert(near(row->in.conf_low, 0.2358058074129609216, 1e-12));
    cr_assert(near(row->in.conf_high, 0.9288437135149261170, 1e-12));
    cr_assert(near(figure(row, "theta"), 1.42874432677760899, 1e-13));
    cr_assert(near(figure(row, "r"), 0.93283212001592319, 1e-13));
    PlInferenceOptions o = two_sided_95;
    o.alternative = PL_GREATER;
    cr_assert(near(must_pairs(twelve, before, 12, o).conf_low, 0.3004517837585494733, 1e-12));
    pl_arena_clear(&arena);
}

static const double during[14] = {12.1, 9.4,  15.2, 11.8, 13.3, 10.2, 14.9,
                                  8.7,  16.1, 12.7, 13.9, 11.2, 17.4, 9.9};
static const double pre[14] = {10.3, 8.8, 12.9, 10.1, 11.2, 9.7, 11.9, 8.1, 12.8, 11.4, 10.6, 9.3, 14.2, 8.9};
static const size_t group[14] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2};
static const char *const labels[] = {"a", "b", "c"};

static PlStatus run_groups(const double *y, const double *x, const size_t *g, size_t n, size_t n_groups,
                           size_t control, PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = n,
                       .roles[PL_X] = numbers("during", y),
                       .roles[PL_PRE] = numbers("pre", x),
                       .roles[PL_GROUP] = levels("arm", g, n_groups, labels)};
    PlMethodOptions o = unset_options();
    o.control = control;
    return run_answer("cuped", &sample, &o, arena, answer);
}

static bool is(const PlInference *in, const double *e) {
    return near(in->estimate, e[0], 1e-12) && near(in->std_error, e[1], 1e-12) && near(in->df, e[2], 1e-11) &&
           near(in->statistic, e[3], 1e-12) && near(in->p_value, e[4], 1e-11) &&
           near(in->conf_low, e[5], 1e-11) && near(in->conf_high, e[6], 1e-11);
}

Test(stats_cuped, groups_of_r) {
    const double b[] = {0.60281788310265705, 0.43991534045893665,  8.16200043701975098, 1.37030430099067280,
                        0.20709464135752900, -0.40813463067220501, 1.61377039687751900};
    const double c[] = {0.40473630057419474, 0.33408308691556016,  3.81686295563091660, 1.21148395840970013,
                        0.29533543068532070, -0.54064553594706244, 1.35011813709545203};
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_groups(during, pre, group, 14, 3, 0, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 2));
    const PlAnswerRow *row = row_of(&answer, "b");
    cr_assert(is(&row->in, b) && is(&row_of(&answer, "c")->in, c));
    cr_assert(eq(str, (char *)row->versus, (char *)"a"));
    cr_assert(near(figure(row, "theta"), 1.44789403602214595, 1e-12));
    cr_assert(near(figure(row, "r"), 0.96982343841791097, 1e-12));
    cr_assert(near(figure(row, "theta_within"), 1.42865677586378581, 1e-12));
    cr_assert(eq(int, (int)run_groups(during, pre, group, 11, 2, 0, &arena, &answer), PL_OK));
    row = row_of(&answer, "b");
    cr_assert(near(row->in.estimate, 0.57578234880449664, 1e-12) &&
              near(row->in.df, 6.55963558468141983, 1e-11));
    cr_assert(near(row->in.p_value, 0.23492187963227745, 1e-11));
    pl_arena_clear(&arena);
}

Test(stats_cuped, the_other_way_round_is_the_negative) {
    PlArena arena = {0};
    PlAnswer answer, swapped;
    run_groups(during, pre, group, 11, 2, 0, &arena, &answer);
    run_groups(during, pre, group, 11, 2, 1, &arena, &swapped);
    const PlInference *a = &row_of(&answer, "b")->in, *b = &row_of(&swapped, "a")->in;
    cr_assert(near(a->estimate, -b->estimate, 1e-13) && near(a->conf_low, -b->conf_high, 1e-12));
    cr_assert(near(a->p_value, b->p_value, 1e-12) && near(a->df, b->df, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_cuped, shift_scale_and_order) {
    const PlInference base = must_pairs(twelve, before, 12, two_sided_95);
    double d[12], x[12];
    for (size_t i = 0; i < 12; i++) {
        d[i] = twelve[11 - i] * 1e-150;
        x[i] = before[11 - i] * 1e200;
    }
    PlInference r = must_pairs(d, x, 12, two_sided_95);
    cr_assert(near(r.p_value, base.p_value, 1e-11) && near(r.conf_low, base.conf_low * 1e-150, 1e-11));
    for (size_t i = 0; i < 12; i++)
        d[i] = twelve[i] + 1000;
    r = must_pairs(d, before, 12, two_sided_95);
    cr_assert(near(r.estimate, base.estimate + 1000, 1e-13) && near(r.std_error, base.std_error, 1e-10));
}

Test(stats_cuped, p_and_interval_agree) {
    PlRng rng = pl_rng_stream(77, 0);
    for (int round = 0; round < 400; round++) {
        double d[9], x[9];
        size_t n = 3 + pl_rng_next(&rng) % 7;
        for (size_t i = 0; i < n; i++) {
            x[i] = normal_draw(&rng);
            d[i] = .4 + x[i] + .5 * normal_draw(&rng);
        }
        PlInferenceOptions o = {.8, alternatives[round % 3], 0, 0, 1, 0};
        PlInference r = must_pairs(d, x, n, o);
        bool rejected = r.p_value <= 1 - .8;
        cr_assert(rejected == (r.conf_low > 0 || r.conf_high < 0));
    }
}

/* 4000 experiments of 6 + 6 units, a large effect, unequal variances: coverage of 95 %, give or take the
 * simulation's 1 % (three errors). */
Test(stats_cuped, covers_with_few_units_and_a_large_effect) {
    PlRng rng = pl_rng_stream(5, 0);
    size_t covered = 0;
    PlCuped cuped;
    for (int round = 0; round < 4000; round++) {
        PlArena arena = {0};
        PlInference out[2];
        PlStatus statuses[2];
        double y[12], x[12];
        size_t g[12];
        for (size_t i = 0; i < 12; i++) {
            g[i] = i % 2;
            x[i] = normal_draw(&rng);
            y[i] = 2 * x[i] + (g[i] ? 10 + 1.5 * normal_draw(&rng) : normal_draw(&rng));
        }
        PlStatus status = pl_cuped_groups(y, x, g, 12, 2, 0, &two_sided_95, &arena, &cuped, statuses, out);
        cr_assert(eq(int, (int)status, PL_OK));
        covered += out[1].conf_low <= 10 && out[1].conf_high >= 10;
        pl_arena_clear(&arena);
    }
    cr_assert(covered > 3760 && covered < 3880, "%zu", covered);
}

Test(stats_cuped, refusals_name_the_column) {
    PlArena arena = {0};
    PlAnswer answer;
    const double constant[12] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, nan[3] = {1, NAN, 2};
    double line[12];
    for (size_t i = 0; i < 12; i++)
        line[i] = 2 * before[i] + .1;
    cr_assert(eq(int, (int)run_pairs(twelve, constant, 12, two_sided_95, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"before"));
    cr_assert(eq(int, (int)run_pairs(line, before, 12, two_sided_95, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"diff"));
    cr_assert(eq(int, (int)run_pairs(constant, before, 12, two_sided_95, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"diff"));
    cr_assert(eq(int, (int)run_pairs(twelve, before, 2, two_sided_95, &arena, &answer), PL_TOO_FEW));
    cr_assert(eq(int, (int)run_pairs(nan, before, 3, two_sided_95, &arena, &answer), PL_NOT_FINITE));
    cr_assert(eq(int, (int)run_pairs(twelve, nan, 3, two_sided_95, &arena, &answer), PL_NOT_FINITE));
    const double huge[] = {-3.7e299, 0, 1.9e300, 0}, small[] = {0, -8e-9, 0, -1.2e-8};
    cr_assert(eq(int, (int)run_pairs(huge, small, 4, two_sided_95, &arena, &answer), PL_NOT_FINITE));
    PlInferenceOptions bad = two_sided_95;
    bad.conf_level = 0;
    cr_assert(eq(int, (int)run_pairs(twelve, before, 12, bad, &arena, &answer), PL_BAD_ARGUMENT));
    arena.limit = arena.taken + 64;
    cr_assert(eq(int, (int)run_pairs(twelve, before, 12, two_sided_95, &arena, &answer), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}

Test(stats_cuped, refusals_of_groups) {
    PlArena arena = {0};
    PlAnswer answer;
    const size_t one[14] = {0}, lone[14] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2};
    const double steps[14] = {1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3};
    cr_assert(eq(int, (int)run_groups(during, pre, one, 14, 1, 0, &arena, &answer), PL_ONE_LEVEL));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"arm"));
    cr_assert(eq(int, (int)run_groups(during, steps, group, 14, 3, 0, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"pre"));
    cr_assert(eq(int, (int)run_groups(during, pre, group, 14, 3, 3, &arena, &answer), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_groups(during, pre, group + 5, 3, 2, 0, &arena, &answer), PL_TOO_FEW));
    cr_assert(eq(int, (int)run_groups(during, pre, lone, 14, 3, 0, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, "c");
    cr_assert(row->status == PL_TOO_FEW && row->reason != NULL && row->lacks == 7u);
    cr_assert(eq(int, (int)row_of(&answer, "b")->status, PL_OK));
    /* the slope hangs on the one unit of group a that has a value before of its own */
    const double spike[6] = {1, 0, 5, 5, 5, 5}, y[6] = {1, 2, 4, 3, 5, 9};
    const size_t two[6] = {0, 0, 1, 1, 1, 1};
    cr_assert(eq(int, (int)run_groups(y, spike, two, 6, 2, 0, &arena, &answer), PL_OK));
    cr_assert(eq(int, (int)row_of(&answer, "b")->status, PL_TOO_FEW));
    pl_arena_clear(&arena);
}
