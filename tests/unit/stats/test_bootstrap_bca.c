/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/moments.h"
#include "run.h"

static PlInferenceOptions options(double level, PlAlternative alternative, size_t resamples) {
    return (PlInferenceOptions){level, alternative, resamples, 1, 1, 0};
}

/* methods.md: near [-1.7, 36.4]; R's boot with 199,999 resamples, seed 1: [-1.7333, 36.2667]. The means are
 * fifteenths, and the ends wander by two or three of them from seed to seed. */
Test(stats_bootstrap_bca, darwins_maize) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        PlInferenceOptions o = {.95, PL_TWO_SIDED, 99999, seed, 1, 0};
        PlInference r = must_run("bootstrap_bca", darwin, 15, o);
        cr_assert(epsilon_eq(dbl, r.conf_low, -1.67, .35));
        cr_assert(epsilon_eq(dbl, r.conf_high, 36.3, .25));
        cr_assert(epsilon_eq(dbl, r.std_error, 9.415, .1)); /* sd sqrt(14/15) / sqrt 15 = 9.4152 */
        cr_assert(epsilon_eq(dbl, r.p_value, .0668, .004));
        cr_assert(r.resamples == 99999 && r.has == PL_HAS_STD_ERROR && r.n == 15);
    }
}

/* Exactly symmetric data have no acceleration and, but for sampling, no bias: BCa is then the percentile
 * method, here against the normal limits with the plug-in standard error. */
Test(stats_bootstrap_bca, symmetric_data_get_percentile_limits) {
    double d[101];
    for (size_t i = 0; i < 101; i++)
        d[i] = (double)i - 50;
    PlInference r = must_run("bootstrap_bca", d, 101, options(.9, PL_TWO_SIDED, 49999));
    double se = sqrt((101.0 * 101 - 1) / 12 / 101);
    cr_assert(epsilon_eq(dbl, r.std_error, se, .03));
    cr_assert(epsilon_eq(dbl, r.conf_low, -1.645 * se, .1));
    cr_assert(epsilon_eq(dbl, r.conf_high, 1.645 * se, .1));
    cr_assert(r.p_value > .9, "%g", r.p_value);
}

/* Efron's formula against its inverse: at a level just above p the limit is past 0, just below it is not. */
Test(stats_bootstrap_bca, p_is_the_level_whose_limit_is_zero) {
    PlRng rng = pl_rng_stream(15, 0);
    for (int round = 0; round < 50; round++)
        for (size_t a = 0; a < 3; a++) {
            double d[20];
            for (size_t i = 0; i < 20; i++)
                d[i] = exp(normal_draw(&rng)) - 1.2;
            PlInferenceOptions o = options(.95, alternatives[a], 999);
            double p = must_run("bootstrap_bca", d, 20, o).p_value;
            if (p > .9)
                continue;
            o.conf_level = 1 - p * (1 + 1e-9);
            PlInference past = must_run("bootstrap_bca", d, 20, o);
            cr_assert(past.conf_low > 0 || past.conf_high < 0, "p %g: [%g, %g]", p, past.conf_low,
                      past.conf_high);
            o.conf_level = 1 - p * (1 - 1e-9);
            PlInference before = must_run("bootstrap_bca", d, 20, o);
            cr_assert(before.conf_low <= 0 && before.conf_high >= 0, "p %g", p);
        }
}

/* Skewed to the right, the limits must be shifted to the right of the percentile ones: a > 0. Reference: the
 * formula applied to the same resamples through the mirrored data, whose acceleration is the opposite. */
Test(stats_bootstrap_bca, acceleration_moves_the_limits_to_the_long_tail) {
    double d[40], mirrored[40];
    PlRng rng = pl_rng_stream(16, 0);
    for (size_t i = 0; i < 40; i++) {
        d[i] = exp(1.2 * normal_draw(&rng));
        mirrored[i] = -d[i];
    }
    PlInference right = must_run("bootstrap_bca", d, 40, options(.9, PL_TWO_SIDED, 19999));
    PlInference left = must_run("bootstrap_bca", mirrored, 40, options(.9, PL_TWO_SIDED, 19999));
    cr_assert(right.conf_high - right.estimate > 1.2 * (right.estimate - right.conf_low));
    cr_assert(near(left.conf_low, -right.conf_high, .02) && near(left.conf_high, -right.conf_low, .02));
}

Test(stats_bootstrap_bca, same_result_for_any_number_of_threads) {
    for (size_t a = 0; a < 3; a++) {
        PlInferenceOptions o = options(.95, alternatives[a], PL_PARALLEL_FROM / 12 + 321);
        PlInference one = must_run("bootstrap_bca", twelve, 12, o);
        for (o.threads = 2; o.threads <= 5; o.threads++) {
            PlInference more = must_run("bootstrap_bca", twelve, 12, o);
            cr_assert(more.p_value == one.p_value && more.conf_low == one.conf_low &&
                      more.conf_high == one.conf_high);
            cr_assert(more.std_error == one.std_error);
        }
        o.seed = 2;
        cr_assert(must_run("bootstrap_bca", twelve, 12, o).std_error != one.std_error,
                  "the seed has no effect");
    }
}

/* No p below what the resamples can show, and no limit at a level that they cannot. */
Test(stats_bootstrap_bca, resamples_bound_p_and_limits) {
    const double d[] = {-4.6, -2.4, -1.8, -1.4, -1.3, -1.3, -1.2, -1, -.8};
    PlInference r = must_run("bootstrap_bca", d, 9, options(.95, PL_TWO_SIDED, 999));
    cr_assert(eq(dbl, r.p_value, 2.0 / 1000));
    r = must_run("bootstrap_bca", d, 9, options(.999, PL_TWO_SIDED, 999));
    cr_assert(r.conf_low == -INFINITY && r.conf_high == INFINITY);
    r = must_run("bootstrap_bca", d, 9, options(.95, PL_TWO_SIDED, 1));
    cr_assert(r.p_value == 1 && r.conf_low == -INFINITY && r.has == 0);
}

Test(stats_bootstrap_bca, moves_and_scales_with_the_data) {
    double moved[12];
    PlInference base = must_run("bootstrap_bca", twelve, 12, two_sided_95);
    for (size_t i = 0; i < 12; i++)
        moved[i] = 8 * twelve[i] + 16;
    PlInference r = must_run("bootstrap_bca", moved, 12, two_sided_95);
    cr_assert(near(r.conf_low, 8 * base.conf_low + 16, 1e-13) &&
              near(r.conf_high, 8 * base.conf_high + 16, 1e-13));
}

Test(stats_bootstrap_bca, refusals) {
    const double same[] = {.3, .1 + .2, .3, .3, .3}, d[] = {1, 2, 3, 4, 5};
    PlInference r;
    PlInferenceOptions none = options(.95, PL_TWO_SIDED, 0), many = options(.95, PL_TWO_SIDED, 100000001);
    cr_assert(eq(int, (int)run_method("bootstrap_bca", same, 5, two_sided_95, &r), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)run_method("bootstrap_bca", d, 4, two_sided_95, &r), PL_TOO_FEW));
    cr_assert(eq(int, (int)run_method("bootstrap_bca", d, 5, none, &r), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_method("bootstrap_bca", d, 5, many, &r), PL_BAD_ARGUMENT));
}

/* A quarter of the resamples of five 1 and five -1 have the mean 0 of the data. Unless half of them count as
 * below, the bias correction pushes symmetric limits to one side. */
Test(stats_bootstrap_bca, ties_with_the_estimate_are_no_bias) {
    const double d[] = {1, -1, 1, -1, 1, -1, 1, -1, 1, -1};
    for (size_t a = 1; a < 3; a++) {
        PlInference r = must_run("bootstrap_bca", d, 10, options(.95, alternatives[a], 9999));
        double limit = a == 1 ? r.conf_low : r.conf_high;
        cr_assert(epsilon_eq(dbl, fabs(limit), .6, 1e-12), "%g",
                  limit);                                 /* P(mean <= -.6) = .055, <= -.4: .17 */
        cr_assert(epsilon_eq(dbl, r.p_value, .623, .02)); /* P(mean <= 0) */
    }
}
