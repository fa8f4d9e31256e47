/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include <gsl/gsl_cdf.h>

/* Published first outputs of the two algorithms' reference implementations. */
Test(stats_rng, splitmix64_gives_its_published_sequence) {
    uint64_t state = 1234567;
    uint64_t expected[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                           4593380528125082431u};
    for (size_t i = 0; i < 4; i++)
        cr_assert(eq(u64, pl_splitmix64(&state), expected[i]));
}

Test(stats_rng, xoshiro256ss_gives_its_published_sequence) {
    PlRng rng = {{1, 2, 3, 4}};
    uint64_t expected[] = {11520u, 0u, 1509978240u, 1215971899390074240u};
    for (size_t i = 0; i < 4; i++)
        cr_assert(eq(u64, pl_rng_next(&rng), expected[i]));
}

Test(stats_rng, a_stream_depends_on_seed_and_block_and_on_nothing_else) {
    PlRng a = pl_rng_stream(7, 3), again = pl_rng_stream(7, 3);
    cr_assert(eq(u64, pl_rng_next(&a), pl_rng_next(&again)));
    uint64_t first[3 * 64];
    size_t n = 0;
    for (uint64_t seed = 0; seed < 3; seed++)
        for (uint64_t block = 0; block < 64; block++) {
            PlRng rng = pl_rng_stream(seed, block);
            first[n++] = pl_rng_next(&rng);
        }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            cr_assert(first[i] != first[j], "streams %zu and %zu start alike", i, j);
}

Test(stats_rng, neighbouring_streams_share_no_words_of_state) {
    for (uint64_t block = 0; block < 100; block++) {
        PlRng a = pl_rng_stream(1, block), b = pl_rng_stream(1, block + 1);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                cr_assert(a.state[i] != b.state[j], "block %d", (int)block);
    }
}

/* Means over many streams, as the resampling loops use them: five standard errors. */
Test(stats_rng, uniform_numbers_have_mean_a_half_and_variance_a_twelfth) {
    double sum = 0, squares = 0, n = 0;
    for (uint64_t block = 0; block < 1000; block++) {
        PlRng rng = pl_rng_stream(5, block);
        for (int i = 0; i < 100; i++, n++) {
            double u = pl_rng_uniform(&rng);
            cr_assert(u >= 0 && u < 1);
            sum += u;
            squares += (u - 0.5) * (u - 0.5);
        }
    }
    cr_assert(epsilon_eq(dbl, sum / n, 0.5, 5 * sqrt(1.0 / 12 / n)));
    cr_assert(epsilon_eq(dbl, squares / n, 1.0 / 12, 5 * sqrt(1.0 / 180 / n)));
}

/* Shares below the quantiles of a distribution, by GSL's own distribution functions: five standard errors. */
static void has_distribution(double (*draw)(PlRng *), double (*quantile)(double)) {
    static const double p[] = {0.0005, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9995};
    enum { N = 400000, POINTS = sizeof p / sizeof *p };
    size_t below[POINTS] = {0};
    double at[POINTS];
    for (size_t j = 0; j < POINTS; j++)
        at[j] = quantile(p[j]);
    PlRng rng = pl_rng_stream(11, 0);
    for (size_t i = 0; i < N; i++) {
        double x = draw(&rng);
        cr_assert(isfinite(x));
        for (size_t j = 0; j < POINTS; j++)
            below[j] += x < at[j];
    }
    for (size_t j = 0; j < POINTS; j++)
        cr_expect(epsilon_eq(dbl, (double)below[j] / N, p[j], 5 * sqrt(p[j] * (1 - p[j]) / N)), "%g", p[j]);
}

static double normal_quantile(double p) {
    return gsl_cdf_ugaussian_Pinv(p);
}

static double t3(PlRng *rng) {
    return pl_rng_student(rng, 3);
}

static double t3_quantile(double p) {
    return gsl_cdf_tdist_Pinv(p, 3);
}

Test(stats_rng, normal_numbers_have_the_quantiles_of_the_normal_distribution) {
    has_distribution(pl_rng_normal, normal_quantile);
}

Test(stats_rng, students_numbers_have_the_quantiles_of_the_t_distribution) {
    has_distribution(t3, t3_quantile);
}

Test(stats_rng, normal_numbers_have_mean_0_variance_1_and_no_memory) {
    enum { N = 400000 };
    double sum = 0, squares = 0, products = 0, last = 0;
    PlRng rng = pl_rng_stream(12, 0);
    for (size_t i = 0; i < N; i++) {
        double z = pl_rng_normal(&rng);
        sum += z;
        squares += z * z;
        products += z * last;
        last = z;
    }
    cr_expect(epsilon_eq(dbl, sum / N, 0.0, 5 / sqrt(N)));
    cr_expect(epsilon_eq(dbl, squares / N, 1.0, 5 * sqrt(2.0 / N)));
    cr_expect(epsilon_eq(dbl, products / N, 0.0, 5 / sqrt(N)));
}
