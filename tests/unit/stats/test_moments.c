/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/moments.h"

#include "run.h"

/* Matching digits; 15 when equal. */
static double log_relative_error(double actual, double exact) {
    return actual == exact ? 15 : fmin(15, -log10(fabs(actual - exact) / fabs(exact)));
}

static const char *const nist[] = {"Lew",     "Lottery", "Mavro",   "Michelso", "NumAcc1",
                                   "NumAcc2", "NumAcc3", "NumAcc4", "PiDigits"};

static size_t read_column(const char *name, double *x, size_t n_max) {
    char path[4096], file[256], line[256];
    snprintf(file, sizeof file, "data/nist/univ_%s.csv", name);
    FILE *in = fopen(shared_path(file, path, sizeof path), "r");
    if (!in)
        cr_skip_test("no %s", path);
    size_t n = 0;
    while (n < n_max && fgets(line, sizeof line, in)) {
        char *end;
        double value = strtod(line, &end);
        if (end != line)
            x[n++] = value;
    }
    fclose(in);
    return n;
}

/* All of these are decimals of at most 15 digits, so that every digit can be asked for. */
Test(stats_moments, nist_univariate_sets) {
    static double x[5000];
    json_t *root = load_expected("nist.json");
    const json_t *exact = json_object_get(root, "univariate");
    for (size_t s = 0; s < sizeof nist / sizeof *nist; s++) {
        size_t n = read_column(nist[s], x, 5000);
        const json_t *set = json_object_get(exact, nist[s]);
        double mean = 0, sd = 0;
        cr_assert(eq(dbl, (double)n, number_at(set, "n")), "%s", nist[s]);
        cr_assert(eq(int, (int)pl_mean_sd(x, n, &mean, &sd), PL_OK));
        double digits_mean = log_relative_error(mean, number_at(set, "mean")),
               digits_sd = log_relative_error(sd, number_at(set, "sd"));
        cr_log_info("%s: mean %.1f digits, sd %.1f", nist[s], digits_mean, digits_sd);
        cr_assert(digits_mean >= 15, "%s mean %.17g", nist[s], mean);
        cr_assert(digits_sd >= 15, "%s sd %.17g", nist[s], sd);
    }
    json_decref(root);
}

/* NumAcc4 without the file: 10000000.2, then .1 and .3 in turn. As decimals their sd is .1. */
Test(stats_moments, nist_numacc4_from_its_rule) {
    double x[1001] = {10000000.2}, mean, sd;
    for (size_t i = 1; i < 1001; i++)
        x[i] = i % 2 ? 10000000.1 : 10000000.3;
    cr_assert(eq(int, (int)pl_mean_sd(x, 1001, &mean, &sd), PL_OK));
    cr_assert(eq(dbl, mean, 10000000.2));
    cr_assert(eq(dbl, sd, 0.1));
}

/* With a value that no short decimal gives, the doubles themselves count: tests/reference/stats/moments.py,
 * by rational arithmetic. */
Test(stats_moments, values_that_are_not_decimals_are_taken_as_they_are) {
    double x[1001] = {10000000.0 + 1.0 / 3}, mean, sd;
    for (size_t i = 1; i < 1001; i++)
        x[i] = i % 2 ? 10000000.1 : 10000000.3;
    cr_assert(pl_units(x, 1001).decimal == false);
    cr_assert(eq(int, (int)pl_mean_sd(x, 1001, &mean, &sd), PL_OK));
    cr_assert(near(mean, 10000000.2001332, 1e-15), "%.17g", mean);
    cr_assert(near(sd, 0.10008876125537026, 1e-15), "%.17g", sd);
}

Test(stats_moments, the_unit_is_the_last_decimal_that_any_value_has) {
    const double mixed[] = {1.25, -3, 1e6, .0625}, seventh[] = {1, 1.0 / 7}, noise[] = {.1 + .2, 1},
                 wide[] = {1e12, .0001}, huge[] = {1e300, 1}, none[] = {0, 0, 0};
    cr_assert(pl_units(mixed, 4).decimal && pl_units(mixed, 4).factor == 1e4);
    const double *const others[] = {seventh, noise, wide, huge};
    for (size_t i = 0; i < 4; i++)
        cr_assert(pl_units(others[i], 2).decimal == false, "%zu", i);
    cr_assert(pl_units(none, 3).decimal && pl_units(none, 3).factor == 1);
}

Test(stats_moments, mean_of_one_and_sd_of_none) {
    double x[] = {2.5}, mean = 0, sd = 9;
    cr_assert(eq(int, (int)pl_mean_sd(x, 1, &mean, NULL), PL_OK));
    cr_assert(eq(dbl, mean, 2.5));
    cr_assert(eq(int, (int)pl_mean_sd(x, 1, &mean, &sd), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_mean_sd(x, 0, &mean, NULL), PL_TOO_FEW));
    cr_assert(eq(dbl, sd, 9));
}

Test(stats_moments, squares_neither_overflow_nor_vanish) {
    double scales[] = {1e-320, 1e-200, 1e200, 1e307};
    for (size_t i = 0; i < 4; i++) {
        double x[] = {1 * scales[i], 2 * scales[i], 3 * scales[i]}, mean, sd;
        cr_assert(eq(int, (int)pl_mean_sd(x, 3, &mean, &sd), PL_OK));
        cr_assert(near(mean, 2 * scales[i], i ? 1e-15 : 1e-3), "%g", scales[i]);
        cr_assert(near(sd, scales[i], i ? 1e-15 : 1e-3), "%g: %g", scales[i], sd);
    }
}

Test(stats_moments, what_is_not_finite_is_refused) {
    double bad[][3] = {{1, NAN, 2}, {1, INFINITY, 2}, {1.7e308, 1.7e308, 1}, {-1.7e308, 1.7e308, 1.7e308}};
    double y[] = {1, 2, 4}, mean = 9, sd = 9;
    for (size_t i = 0; i < 4; i++) {
        cr_assert(eq(int, (int)pl_mean_sd(bad[i], 3, &mean, &sd), PL_NOT_FINITE), "case %zu", i);
        cr_assert(eq(int, (int)pl_correlation(y, bad[i], 3, &mean), PL_NOT_FINITE));
        cr_assert(eq(int, (int)pl_correlation(bad[i], y, 3, &mean), PL_NOT_FINITE));
        cr_assert(eq(int, (int)pl_slope(bad[i], 3, &mean), PL_NOT_FINITE));
    }
    cr_assert(mean == 9 && sd == 9, "an output was touched");
}

/* R: cor, lm and quantile(type = 7) of these. */
static const double five_x[] = {3.2, -1.5, 7.7, 0.4, 9.1}, five_y[] = {1.1, 0.3, 5.2, -2.4, 6.6};

Test(stats_moments, correlation_of_r) {
    double r;
    cr_assert(eq(int, (int)pl_correlation(five_x, five_y, 5, &r), PL_OK));
    cr_assert(epsilon_eq(dbl, r, 0.91242701403496329, 1e-15));
    double shifted[5], mirrored[5];
    for (size_t i = 0; i < 5; i++) {
        shifted[i] = 3 * five_x[i] + 1e6;
        mirrored[i] = -five_x[i];
    }
    cr_assert(eq(int, (int)pl_correlation(five_x, shifted, 5, &r), PL_OK));
    cr_assert(epsilon_eq(dbl, r, 1, 1e-9));
    cr_assert(r <= 1);
    cr_assert(eq(int, (int)pl_correlation(five_x, mirrored, 5, &r), PL_OK));
    cr_assert(epsilon_eq(dbl, r, -1, 1e-15));
    cr_assert(r >= -1);
}

Test(stats_moments, correlation_needs_three_and_a_spread) {
    double same[] = {0.1 + 0.2, 0.3, 0.3}, r = 9;
    cr_assert(eq(int, (int)pl_correlation(five_x, five_y, 2, &r), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_correlation(five_x, same, 3, &r), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)pl_correlation(same, five_x, 3, &r), PL_NO_VARIANCE));
    cr_assert(eq(dbl, r, 9));
}

Test(stats_moments, slope_of_r_and_of_a_line) {
    double slope, line[1000];
    cr_assert(eq(int, (int)pl_slope(five_x, 5, &slope), PL_OK));
    cr_assert(epsilon_eq(dbl, slope, 1.37, 1e-14));
    for (size_t i = 0; i < 1000; i++)
        line[i] = 1e9 - 0.25 * (double)i;
    cr_assert(eq(int, (int)pl_slope(line, 1000, &slope), PL_OK));
    cr_assert(eq(dbl, slope, -0.25));
    cr_assert(eq(int, (int)pl_slope(line, 1, &slope), PL_TOO_FEW));
}

Test(stats_moments, quantiles_of_r) {
    double sorted[] = {-1.5, 0.4, 3.2, 7.7, 9.1};
    double p[] = {0, .1, .37, .5, .93, 1}, expected[] = {-1.5, -.74, 1.744, 3.2, 8.708, 9.1};
    for (size_t i = 0; i < 6; i++)
        cr_assert(epsilon_eq(dbl, pl_quantile_sorted(sorted, 5, p[i]), expected[i], 1e-14));
    cr_assert(eq(dbl, pl_quantile_sorted(sorted, 1, 0.3), -1.5));
}

Test(stats_moments, a_quantile_of_nothing_is_not_a_number) {
    double x[] = {1, 2};
    cr_assert(isnan(pl_quantile_sorted(x, 0, 0.5)));
    cr_assert(isnan(pl_quantile_sorted(x, 2, -0.1)));
    cr_assert(isnan(pl_quantile_sorted(x, 2, 1.1)));
    cr_assert(isnan(pl_quantile_sorted(x, 2, NAN)));
}

/* The mean of these is between two doubles; sd is sqrt(1 / 192). */
Test(stats_moments, the_rounding_of_the_mean_is_not_in_sd) {
    const double x[] = {1e15, 1e15 + .125, 1e15 + .125};
    double sd = 0;
    cr_assert(eq(int, (int)pl_mean_sd(x, 3, NULL, &sd), PL_OK));
    cr_assert(near(sd, sqrt(1.0 / 192), 1e-15), "%.17g", sd);
}
