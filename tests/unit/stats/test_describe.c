/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nist.h"

#include "pairlift/stats/describe.h"

static PlSample column(const double *x, size_t n) {
    PlSample s = {.rows = n};
    s.roles[PL_X] = numbers("x", x);
    return s;
}

/* NumAcc4's doubles are off from what was written by a part in 1e-16, which its deviation of 1e-8 of the mean
 * would show in the eighth digit: read as decimals they give all of them. */
Test(stats_describe, nist_univariate_to_thirteen_digits) {
    static const char *const sets[] = {"Lew",     "Lottery", "Mavro",   "Michelso", "NumAcc1",
                                       "NumAcc2", "NumAcc3", "NumAcc4", "PiDigits"};
    json_t *all = load_expected("nist.json"), *expected = json_object_get(all, "univariate");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        char name[64];
        double *x;
        size_t *group;
        snprintf(name, sizeof name, "univ_%s", sets[i]);
        size_t n = read_nist(name, &x, &group);
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = column(x, n);
        PlMethodOptions o = unset_options();
        cr_assert(eq(int, (int)run_answer("describe", &s, &o, &arena, &answer), PL_OK), "%s", sets[i]);
        const json_t *want = json_object_get(expected, sets[i]);
        double mean = log_relative_error(answer.rows[0].in.estimate, number_at(want, "mean")),
               sd = log_relative_error(figure(&answer.rows[0], "sd"), number_at(want, "sd")),
               r1 = log_relative_error(figure(&answer.rows[0], "autocorrelation"), number_at(want, "r1"));
        cr_expect(mean >= 13 && sd >= 13 && r1 >= 13, "%s: %.1f %.1f %.1f", sets[i], mean, sd, r1);
        pl_arena_clear(&arena);
        free(x);
        free(group);
    }
    json_decref(all);
}

/* R: x <- c(6,8,4,5,3,4); t.test(x)$conf.int; quantile(x, c(.05,.25,.5,.75,.95)). */
Test(stats_describe, figures_of_a_small_column) {
    const double x[6] = {6, 8, 4, 5, 3, 4};
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = column(x, 6);
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)run_answer("describe", &s, &o, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_expect(near(row->in.estimate, 5, 1e-15) && near(row->in.std_error, 0.7302967433402214, 1e-14));
    cr_expect(near(row->in.conf_low, 3.122712, 1e-6) && near(row->in.conf_high, 6.877288, 1e-6));
    cr_expect(figure(row, "q05") == 3.25 && figure(row, "q25") == 4 && figure(row, "median") == 4.5);
    cr_expect(figure(row, "q75") == 5.75 && figure(row, "q95") == 7.5 && figure(row, "sum") == 30);
    cr_expect(eq(uint, row->lacks, PL_LACKS_P));
    pl_arena_clear(&arena);
}

Test(stats_describe, a_row_for_each_group_with_what_it_has) {
    const double x[5] = {1, 2, 4, 7, 7};
    const size_t of[5] = {0, 0, 1, 2, 2};
    const char *const labels[] = {"a", "b", "c"};
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = column(x, 5);
    s.roles[PL_GROUP] = levels("g", of, 3, labels);
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)run_answer("describe", &s, &o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 3));
    cr_expect(eq(uint, row_of(&answer, "a")->lacks, PL_LACKS_P));
    cr_expect(row_of(&answer, "b")->in.estimate == 4 && row_of(&answer, "b")->reason != NULL);
    cr_expect(eq(uint, row_of(&answer, "c")->lacks, PL_LACKS_P | PL_LACKS_INTERVAL));
    pl_arena_clear(&arena);
}

/* Nine times .1 is .9, which neither adding doubles nor the mean times nine need give. Spread that is
 * rounding gives no interval. */
Test(stats_describe, the_sum_is_exact_and_noise_has_no_interval) {
    const double x[9] = {.1, .1, .1, .1, .1, .1, .1, .1, .1}, noise[4] = {.3, .1 + .2, .3, .3};
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = column(x, 9), n = column(noise, 4);
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)run_answer("describe", &s, &o, &arena, &answer), PL_OK));
    cr_expect(figure(&answer.rows[0], "sum") == .9, "%.17g", figure(&answer.rows[0], "sum"));
    cr_assert(eq(int, (int)run_answer("describe", &n, &o, &arena, &answer), PL_OK));
    cr_expect(eq(uint, answer.rows[0].lacks, PL_LACKS_P | PL_LACKS_INTERVAL));
    cr_expect(answer.rows[0].reason != NULL);
    pl_arena_clear(&arena);
}

Test(stats_describe, what_is_refused) {
    const double nan[2] = {1, NAN}, flat[3] = {2, 2, 2};
    double r1 = 9;
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample s = column(nan, 2), none = column(nan, 0);
    cr_expect(eq(int, (int)run_answer("describe", &s, &o, &arena, &answer), PL_NOT_FINITE));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"x"));
    cr_expect(eq(int, (int)run_answer("describe", &none, &o, &arena, &answer), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_autocorrelation(flat, 3, &r1), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)pl_autocorrelation(flat, 1, &r1), PL_TOO_FEW));
    cr_expect(eq(dbl, r1, 9));
    pl_arena_clear(&arena);
}
