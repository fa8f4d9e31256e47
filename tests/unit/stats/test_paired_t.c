/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

/* tests/reference/stats/paired.R: t.test(d, conf.level = .9). */
Test(stats_paired_t, twelve_differences_of_r) {
    const double p[] = {0.019528682677932917, 0.0097643413389664584, 0.99023565866103347};
    const double low[] = {0.358492640239969407, 0.5242070289814876327, -INFINITY};
    const double high[] = {1.734840693093363750, INFINITY, 1.56912630435184530};
    for (size_t a = 0; a < 3; a++) {
        PlInferenceOptions o = {.9, alternatives[a], 0, 0, 1, 0};
        PlInference r = must_run("paired_t", twelve, 12, o);
        cr_assert(near(r.statistic, 2.731420694079992106, 1e-13));
        cr_assert(near(r.p_value, p[a], 1e-12), "%.17g", r.p_value);
        cr_assert(near(r.conf_low, low[a], 1e-12) && near(r.conf_high, high[a], 1e-12));
    }
}

Test(stats_paired_t, darwins_maize) {
    PlInference r = must_run("paired_t", darwin, 15, two_sided_95);
    cr_assert(epsilon_eq(dbl, r.statistic, 2.147987, 5e-7));
    cr_assert(epsilon_eq(dbl, r.p_value, .0497029, 5e-8));
    cr_assert(epsilon_eq(dbl, r.conf_low, .03119, 5e-6));
    cr_assert(epsilon_eq(dbl, r.conf_high, 41.83547, 5e-6));
    cr_assert(r.df == 14 && r.n == 15 && r.n_dropped == 0 && r.resamples == 0);
    cr_assert(eq(uint, r.has, PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF));
}

Test(stats_paired_t, shared_reference) {
    json_t *root = load_expected("paired_tests.json");
    const char *sets[] = {"sleep_g1_minus_g2", "shoes_A_minus_B", "darwin_diff"};
    for (size_t s = 0; s < 3; s++) {
        const json_t *set = json_object_get(root, sets[s]);
        double d[20];
        size_t n = (size_t)number_at(set, "n");
        for (size_t i = 0; i < n; i++)
            d[i] = item_at(set, "x", i) - item_at(set, "y", i);
        PlInferenceOptions o = two_sided_95;
        PlInference r = must_run("paired_t", d, n, o);
        cr_assert(near(r.estimate, number_at(set, "mean_d"), 1e-14));
        cr_assert(near(r.std_error, number_at(set, "se_d"), 1e-13));
        cr_assert(near(r.statistic, number_at(set, "t"), 1e-12));
        cr_assert(near(r.p_value, number_at(set, "p_two_sided"), 1e-12));
        cr_assert(near(r.conf_low, item_at(set, "ci95", 0), 1e-11));
        cr_assert(near(r.conf_high, item_at(set, "ci95", 1), 1e-11));
        o.conf_level = .9;
        r = must_run("paired_t", d, n, o);
        cr_assert(near(r.conf_low, item_at(set, "ci90", 0), 1e-11));
        cr_assert(near(r.conf_high, item_at(set, "ci90", 1), 1e-11));
        o.alternative = PL_GREATER;
        cr_assert(near(must_run("paired_t", d, n, o).p_value, number_at(set, "p_greater"), 1e-12));
        o.alternative = PL_LESS;
        cr_assert(near(must_run("paired_t", d, n, o).p_value, number_at(set, "p_less"), 1e-12));
    }
    json_decref(root);
}

Test(stats_paired_t, moves_and_scales_with_the_data) {
    PlInference base = must_run("paired_t", twelve, 12, two_sided_95);
    double moved[12], scaled[12];
    for (size_t i = 0; i < 12; i++) {
        moved[i] = twelve[i] + 1000;
        scaled[i] = twelve[i] * 1e-150;
    }
    PlInference a = must_run("paired_t", moved, 12, two_sided_95),
                b = must_run("paired_t", scaled, 12, two_sided_95);
    cr_assert(near(a.conf_low, base.conf_low + 1000, 1e-14) &&
              near(a.conf_high, base.conf_high + 1000, 1e-14));
    cr_assert(near(b.p_value, base.p_value, 1e-13) && near(b.conf_low, base.conf_low * 1e-150, 1e-12));
}

/* p = 1/2 and a limit of 0, exactly: two differences, one degree of freedom. */
Test(stats_paired_t, a_limit_that_touches_zero_is_put_where_p_says) {
    const double d[] = {0, 2};
    PlInferenceOptions o = {.5, PL_TWO_SIDED, 0, 0, 1, 0};
    PlInference r = must_run("paired_t", d, 2, o);
    cr_assert(epsilon_eq(dbl, r.p_value, .5, 1e-15));
    cr_assert(epsilon_eq(dbl, r.conf_low, 0, 1e-12));
    cr_assert(eq(int, r.p_value <= .5, r.conf_low > 0));
}

Test(stats_paired_t, constant_differences_have_no_variance) {
    const double same[] = {.3, .3, .3}, noisy[] = {.1 + .2, .3, .8 - .5}, zero[] = {0, 0, 0};
    PlInference r;
    cr_assert(eq(int, (int)run_method("paired_t", same, 3, two_sided_95, &r), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)run_method("paired_t", noisy, 3, two_sided_95, &r), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)run_method("paired_t", zero, 3, two_sided_95, &r), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)run_method("paired_t", same, 1, two_sided_95, &r), PL_TOO_FEW));
}
