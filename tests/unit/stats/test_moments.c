/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/moments.h"

#include "run.h"

/* Matching digits; 15 when equal. */
static double log_relative_error(double actual, double exact) {
    return actual == exact ? 15 : fmin(15, -log10(fabs(actual - exact) / fabs(exact)));
}

/* Exact values of the data as doubles, by rational arithmetic: tests/reference/stats/moments.py. The
 * certified ones, of the decimal data, differ where 10000000.2 is no double. */
static const struct {
    const char *name;
    size_t n;
    double mean, sd;
} nist[] = {
    {"Lew", 200, -177.435, 277.3321680443161},
    {"Lottery", 218, 518.9587155963303, 291.6997274709691},
    {"Mavro", 50, 2.001856, 0.0004291234540030854},
    {"Michelso", 100, 299.8524, 0.07901054781905066},
    {"NumAcc1", 3, 10000002.0, 1.0},
    {"NumAcc2", 1001, 1.2, 0.09999999999999998},
    {"NumAcc3", 1001, 1000000.2, 0.1000000000349246},
    {"NumAcc4", 1001, 10000000.2, 0.10000000055879354},
    {"PiDigits", 5000, 4.5348, 2.867339060288708},
};

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

Test(stats_moments, nist_univariate_sets) {
    static double x[5000];
    json_t *root = load_expected("nist.json");
    const json_t *certified = json_object_get(root, "univariate");
    for (size_t s = 0; s < sizeof nist / sizeof *nist; s++) {
        size_t n = read_column(nist[s].name, x, 5000);
        double mean = 0, sd = 0;
        cr_assert(eq(sz, n, nist[s].n), "%s", nist[s].name);
        cr_assert(eq(int, (int)pl_mean_sd(x, n, &mean, &sd), PL_OK));
        const json_t *set = json_object_get(certified, nist[s].name);
        double digits_mean = log_relative_error(mean, nist[s].mean),
               digits_sd = log_relative_error(sd, nist[s].sd);
        cr_log_info("%s: mean %.1f digits, sd %.1f, sd against the decimal data %.1f", nist[s].name,
                    digits_mean, digits_sd, log_relative_error(sd, number_at(set, "sd")));
        cr_assert(digits_mean >= 15, "%s mean %.17g", nist[s].name, mean);
        cr_assert(digits_sd >= 14.5, "%s sd %.17g", nist[s].name, sd);
        cr_assert(near(mean, number_at(set, "mean"), 1e-15), "%s", nist[s].name);
        bool doubles_differ = strcmp(nist[s].name, "NumAcc3") == 0 || strcmp(nist[s].name, "NumAcc4") == 0;
        cr_assert(near(sd, number_at(set, "sd"), doubles_differ ? 1e-8 : 1e-13), "%s", nist[s].name);
    }
    json_decref(root);
}

/* NumAcc4 without the file: 10000000.2, then .1 and .3 in turn. */
Test(stats_moments, nist_numacc4_from_its_rule) {
    double x[1001] = {10000000.2}, mean, sd;
    for (size_t i = 1; i < 1001; i++)
        x[i] = i % 2 ? 10000000.1 : 10000000.3;
    cr_assert(eq(int, (int)pl_mean_sd(x, 1001, &mean, &sd), PL_OK));
    cr_assert(eq(dbl, mean, 10000000.2));
    cr_assert(near(sd, 0.10000000055879354, 1e-15), "%.17g", sd);
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
