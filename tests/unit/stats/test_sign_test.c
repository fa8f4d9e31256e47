/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

/* tests/reference/stats/paired.R: binom.test(9, 12). */
Test(stats_sign_test, twelve_differences_of_r) {
    const double p[] = {0.14599609375, 0.072998046875, 0.980712890625};
    for (size_t a = 0; a < 3; a++) {
        PlInferenceOptions o = {.9, alternatives[a], 0, 0, 1, 0};
        PlInference r = must_run("sign_test", twelve, 12, o);
        cr_assert(eq(dbl, r.p_value, p[a]));
        cr_assert(eq(dbl, r.statistic, 9));
    }
}

/* The 4th and 12th of 15: P(X <= 3) = .0176, P(X <= 4) = .0592 (any table of the binomial). */
Test(stats_sign_test, darwins_maize) {
    PlInference r = must_run("sign_test", darwin, 15, two_sided_95);
    cr_assert(epsilon_eq(dbl, r.p_value, .0073853, 5e-8));
    cr_assert(r.estimate == 24 && r.conf_low == 8 && r.conf_high == 49);
    cr_assert(r.statistic == 13 && r.n_dropped == 0 && r.has == PL_HAS_STATISTIC);
}

Test(stats_sign_test, shared_reference) {
    json_t *root = load_expected("paired_tests.json");
    const char *sets[] = {"sleep_g1_minus_g2", "shoes_A_minus_B", "darwin_diff"};
    for (size_t s = 0; s < 3; s++) {
        const json_t *set = json_object_get(root, sets[s]), *expected = json_object_get(set, "sign_test");
        double d[20];
        size_t n = (size_t)number_at(set, "n");
        for (size_t i = 0; i < n; i++)
            d[i] = item_at(set, "x", i) - item_at(set, "y", i);
        PlInferenceOptions o = two_sided_95;
        PlInference r = must_run("sign_test", d, n, o);
        cr_assert(near(r.p_value, number_at(expected, "p_two_sided"), 1e-13));
        cr_assert(eq(dbl, r.statistic, number_at(expected, "n_pos")));
        cr_assert(eq(dbl, (double)(n - r.n_dropped) - r.statistic, number_at(expected, "n_neg")));
        o.alternative = PL_GREATER;
        cr_assert(near(must_run("sign_test", d, n, o).p_value, number_at(expected, "p_greater"), 1e-13));
    }
    json_decref(root);
}

Test(stats_sign_test, zeros_and_rounding_noise_are_dropped) {
    const double d[] = {3, 0, .1 + .2 - .3, -1, 2, 5, 4, 7, 6}; /* the third is 5.6e-17 */
    PlInference r = must_run("sign_test", d, 9, two_sided_95);
    cr_assert(eq(sz, r.n_dropped, 2));
    cr_assert(eq(sz, r.n, 9));
    cr_assert(eq(dbl, r.p_value, 2 * 8.0 / 128));
    cr_assert(eq(dbl, r.estimate, 4));
}

Test(stats_sign_test, too_few_for_the_level_have_no_limits) {
    const double d[] = {1, 2, 3, 4, 5};
    PlInference r = must_run("sign_test", d, 5, two_sided_95);
    cr_assert(eq(dbl, r.p_value, .0625));
    cr_assert(r.conf_low == -INFINITY && r.conf_high == INFINITY);
}

/* 1001 differences use the incomplete beta function, 1000 the sum: they must join. */
Test(stats_sign_test, the_two_ways_to_sum_agree) {
    static double d[1001];
    for (size_t i = 0; i < 1001; i++)
        d[i] = i < 470 ? -(double)(i + 1) : (double)(i + 1);
    PlInference summed = must_run("sign_test", d, 1000, two_sided_95);
    PlInference beta = must_run("sign_test", d, 1001, two_sided_95);
    cr_assert(near(summed.p_value, 0.0620231950983633, 1e-11), "%.17g", summed.p_value);
    cr_assert(near(beta.p_value, 0.05785052237168655, 1e-11), "%.17g", beta.p_value);
}

Test(stats_sign_test, all_zero_and_none) {
    const double d[] = {0, 0, 0};
    PlInference r;
    cr_assert(eq(int, (int)run_method("sign_test", d, 3, two_sided_95, &r), PL_ALL_ZERO));
    cr_assert(eq(int, (int)run_method("sign_test", d, 0, two_sided_95, &r), PL_TOO_FEW));
}
