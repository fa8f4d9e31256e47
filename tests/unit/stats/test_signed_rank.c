/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/order.h"
#include "run.h"

static PlInferenceOptions options(double level, PlAlternative alternative) {
    return (PlInferenceOptions){level, alternative, 0, 0, 1, 0};
}

/* tests/reference/stats/paired.R: wilcox.test(d, conf.int = TRUE, conf.level = .9, exact = TRUE). */
Test(stats_signed_rank, twelve_differences_of_r) {
    const double p[] = {0.026855468750000017, 0.013427734375000009, 0.989501953125};
    const double low[] = {.335, .51, -INFINITY}, high[] = {1.83, INFINITY, 1.615};
    for (size_t a = 0; a < 3; a++) {
        PlInference r = must_run("signed_rank", twelve, 12, options(.9, alternatives[a]));
        cr_assert(eq(dbl, r.statistic, 67));
        cr_assert(near(r.p_value, p[a], 1e-14), "%.17g", r.p_value);
        cr_assert(near(r.estimate, 1.0375, 1e-12));
        cr_assert(near(r.conf_low, low[a], 1e-12) && near(r.conf_high, high[a], 1e-12), "%g %g", r.conf_low,
                  r.conf_high);
    }
}

Test(stats_signed_rank, darwins_maize) {
    PlInference r = must_run("signed_rank", darwin, 15, two_sided_95);
    cr_assert(r.statistic == 96 && r.estimate == 25 && r.conf_low == 4 && r.conf_high == 41.5);
    cr_assert(eq(dbl, r.p_value, 1352.0 / 32768));
    cr_assert(r.n_dropped == 0 && r.n_tied == 0 && r.has == PL_HAS_STATISTIC);
}

/* Student's sleep data, with R's exactRankTests beside it. Its estimate (-1.45) and lower limit (-3) are of
 * another procedure, which evaluates the statistic at the Walsh averages only and keeps the zeros that arise
 * there. By hand: of the nine non-zero differences four Walsh averages are below -2.95 and two are equal to
 * it, P(V <= 5) = 10/512 is rejected at 2.5 %, P(V <= 6) is not: the effects from -2.95 on are not rejected.
 */
Test(stats_signed_rank, students_sleep_with_its_zero_dropped) {
    const double d[] = {-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -.8, -4.6, -1.4};
    PlInference r = must_run("signed_rank", d, 10, two_sided_95);
    cr_assert(r.n == 10 && r.n_dropped == 1 && r.n_tied == 2 && r.statistic == 0);
    cr_assert(eq(dbl, r.p_value, 2.0 / 512));
    cr_assert(near(r.estimate, -1.4, 1e-12));
    cr_assert(near(r.conf_low, -2.95, 1e-12) && near(r.conf_high, -1.05, 1e-12));
}

Test(stats_signed_rank, shared_reference) {
    json_t *root = load_expected("paired_tests.json");
    const char *sets[] = {"shoes_A_minus_B", "darwin_diff", "sleep_g1_minus_g2"};
    for (size_t s = 0; s < 3; s++) {
        const json_t *set = json_object_get(root, sets[s]), *expected = json_object_get(set, "wilcoxon");
        double d[20];
        size_t n = (size_t)number_at(set, "n");
        for (size_t i = 0; i < n; i++) /* with the noise of the subtraction: 13.2 - 14 and 8.2 - 8.8 */
            d[i] = item_at(set, "x", i) - item_at(set, "y", i);
        PlInference r = must_run("signed_rank", d, n, two_sided_95);
        cr_assert(eq(dbl, r.statistic, number_at(expected, "V")), "%s", sets[s]);
        cr_assert(eq(sz, r.n - r.n_dropped, (size_t)number_at(expected, "n_nonzero")));
        cr_assert(near(r.p_value, number_at(expected, "p_exact_two_sided"), 1e-14));
        double p = must_run("signed_rank", d, n, options(.9, PL_GREATER)).p_value;
        cr_assert(near(p, number_at(expected, "p_exact_greater"), 1e-14));
        cr_assert(near(r.conf_high, item_at(expected, "exactRankTests_ci95", 1), 1e-12));
        if (r.n_dropped > 0) /* see students_sleep_with_its_zero_dropped */
            continue;
        cr_assert(near(r.conf_low, item_at(expected, "exactRankTests_ci95", 0), 1e-12));
        cr_assert(near(r.estimate, number_at(expected, "hodges_lehmann_walsh_median"), 1e-12));
    }
    json_decref(root);
}

/* Twice the statistic and all its 2^m values, by midranks from their definition. */
static double listed_tail(const double *d, size_t m, bool upper, double *statistic2) {
    double rank2[12], extreme = 0;
    *statistic2 = 0;
    for (size_t i = 0; i < m; i++) {
        rank2[i] = 1;
        for (size_t j = 0; j < m; j++)
            rank2[i] += fabs(d[j]) < fabs(d[i]) ? 2 : fabs(d[j]) == fabs(d[i]);
        *statistic2 += d[i] > 0 ? rank2[i] : 0;
    }
    for (uint32_t signs = 0; signs < (uint32_t)1 << m; signs++) {
        double sum = 0;
        for (size_t i = 0; i < m; i++)
            sum += signs >> i & 1 ? rank2[i] : 0;
        extreme += upper ? sum >= *statistic2 : sum <= *statistic2;
    }
    return extreme / ldexp(1, (int)m);
}

/* Whole numbers: every kind of tie, and zeros. */
Test(stats_signed_rank, p_and_estimate_by_listing) {
    PlRng rng = pl_rng_stream(9, 0);
    for (int round = 0; round < 300; round++) {
        double all[12], d[12], walsh[78], statistic2;
        size_t n = 1 + (size_t)round % 10, m = 0, n_walsh = 0;
        for (size_t i = 0; i < n; i++) {
            all[i] = rint(3 * normal_draw(&rng));
            if (all[i] != 0)
                d[m++] = all[i];
        }
        PlInference r;
        if (run_method("signed_rank", all, n, options(.9, PL_GREATER), &r) == PL_ALL_ZERO) {
            cr_assert(eq(sz, m, 0));
            continue;
        }
        cr_assert(near(r.p_value, listed_tail(d, m, true, &statistic2), 1e-14));
        cr_assert(eq(dbl, 2 * r.statistic, statistic2));
        cr_assert(near(must_run("signed_rank", all, n, options(.9, PL_LESS)).p_value,
                       listed_tail(d, m, false, &statistic2), 1e-14));
        for (size_t i = 0; i < m; i++)
            for (size_t j = i; j < m; j++)
                walsh[n_walsh++] = (d[i] + d[j]) / 2;
        pl_sort(walsh, n_walsh);
        cr_assert(near(r.estimate, (walsh[(n_walsh - 1) / 2] + walsh[n_walsh / 2]) / 2, 1e-12));
        cr_assert(eq(sz, r.n_dropped, n - m));
    }
}

/* Without ties the test of d - e must reject outside the interval and nowhere inside. */
Test(stats_signed_rank, interval_is_the_inverted_test) {
    PlRng rng = pl_rng_stream(10, 0);
    for (int round = 0; round < 200; round++)
        for (size_t a = 0; a < 3; a++) {
            double d[11], shifted[11], level = round % 2 ? .95 : .7;
            for (size_t i = 0; i < 11; i++)
                d[i] = normal_draw(&rng) + .5;
            PlInference r = must_run("signed_rank", d, 11, options(level, alternatives[a]));
            const double points[] = {r.conf_low - 1e-6, r.conf_low + 1e-6, r.conf_high - 1e-6,
                                     r.conf_high + 1e-6};
            for (size_t p = 0; p < 4; p++) {
                if (isinf(points[p]))
                    continue;
                for (size_t i = 0; i < 11; i++)
                    shifted[i] = d[i] - points[p];
                PlInference at = must_run("signed_rank", shifted, 11, options(level, alternatives[a]));
                cr_assert(eq(int, at.p_value > 1 - level, p == 1 || p == 2), "point %zu: p %g", p,
                          at.p_value);
            }
        }
}

/* With -1 and 1 both there, 0 is a Walsh average: 0 itself may be rejected and all effects just above it not.
 * The limit then is beside 0, half a step of the grid away. */
Test(stats_signed_rank, an_open_end_at_zero_is_beside_zero) {
    size_t seen = 0;
    PlRng rng = pl_rng_stream(13, 0);
    for (int round = 0; round < 3000; round++) {
        double d[8];
        for (size_t i = 0; i < 8; i++)
            d[i] = rint(2 * normal_draw(&rng)) + 1;
        PlInference r;
        if (run_method("signed_rank", d, 8, options(.9, PL_GREATER), &r) != PL_OK)
            continue;
        bool beside_zero = fabs(r.conf_low) > 0 && fabs(r.conf_low) < 1e-9;
        cr_assert(beside_zero == false || r.p_value <= 1 - .9);
        seen += beside_zero;
    }
    cr_assert(seen > 0, "no sample with an open end at zero");
}

/* tests/reference/stats/paired.R: wilcox.test(exact = FALSE, correct = TRUE) on 1200 with ties and zeros. */
Test(stats_signed_rank, normal_approximation_of_r) {
    static double x[1200];
    for (size_t i = 0; i < 1200; i++)
        x[i] = (double)((int)((i + 1) * 7919 % 401) - 190) / 8;
    PlInference r = must_run("signed_rank", x, 1200, two_sided_95);
    cr_assert(eq(sz, r.n_dropped, 3));
    cr_assert(eq(dbl, r.statistic, 394324.5));
    cr_assert(near(r.p_value, 2.7483156500186568e-03, 1e-10), "%.17g", r.p_value);
    cr_assert(r.conf_low > 0 && r.conf_low < r.estimate && r.estimate < r.conf_high);
}

/* The exact distribution ends at 1000; on both sides of it p must be nearly the same. */
Test(stats_signed_rank, exact_and_approximate_join) {
    static double x[1001];
    PlRng rng = pl_rng_stream(14, 0);
    for (size_t i = 0; i < 1001; i++)
        x[i] = normal_draw(&rng) + .06;
    x[1000] = 1e-9 * x[999]; /* the smallest rank: it changes the statistic by 1 at most */
    PlInference exact = must_run("signed_rank", x, 1000, two_sided_95);
    PlInference normal = must_run("signed_rank", x, 1001, two_sided_95);
    cr_assert(exact.p_value > .001 && exact.p_value < .9, "%g", exact.p_value);
    cr_assert(near(normal.p_value, exact.p_value, 2e-2), "%.9g %.9g", exact.p_value, normal.p_value);
    cr_assert(near(normal.conf_high, exact.conf_high, 2e-2));
}

Test(stats_signed_rank, scales_by_any_power_of_ten) {
    PlInference base = must_run("signed_rank", twelve, 12, two_sided_95);
    for (int exponent = -280; exponent <= 300; exponent += 20) {
        double d[12], scale = pow(10, exponent);
        for (size_t i = 0; i < 12; i++)
            d[i] = twelve[i] * scale;
        PlInference r = must_run("signed_rank", d, 12, two_sided_95);
        cr_assert(eq(dbl, r.p_value, base.p_value));
        cr_assert(near(r.conf_low, base.conf_low * scale, 1e-10), "10^%d: %g", exponent, r.conf_low);
    }
}

Test(stats_signed_rank, too_few_for_the_level_all_zero_and_none) {
    const double d[] = {1, 2, 3, 4, 5}, zero[] = {0, 0};
    PlInference r = must_run("signed_rank", d, 5, two_sided_95);
    cr_assert(r.p_value == .0625 && r.conf_low == -INFINITY && r.conf_high == INFINITY && r.estimate == 3);
    cr_assert(eq(int, (int)run_method("signed_rank", zero, 2, two_sided_95, &r), PL_ALL_ZERO));
    cr_assert(eq(int, (int)run_method("signed_rank", zero, 0, two_sided_95, &r), PL_TOO_FEW));
}
