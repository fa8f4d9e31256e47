/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/order.h"
#include "pairlift/stats/quantile.h"

#include "run.h"

/* The values of squares() in tests/reference/stats/quantile.R, ascending. */
static void fill(double *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        x[i] = (double)((i + 1) * 37 * (i + 1) * 37 % 997) / 8;
    pl_sort(x, n);
}

static void expect(double is, double wanted) {
    if (isinf(wanted))
        cr_assert(isinf(is) && is * wanted > 0, "%g, not %g", is, wanted);
    else
        cr_assert(epsilon_eq(dbl, is, wanted, 1e-12));
}

/* R's quantile and pbinom, see the script. */
Test(quantile, matches_r) {
    static const struct {
        size_t n;
        double probability, level, value, low, high;
    } cases[] = {{5, .5, .95, 46.5, -INFINITY, INFINITY}, {6, .5, .95, 50.1875, 40.875, 120.875},
                 {20, .5, .95, 50.1875, 35.25, 90.875},   {101, .25, .9, 28.5, 23.75, 35.5},
                 {101, .9, .99, 111.5, 99.875, 120.125},  {2000, .5, .95, 62, 59.5, 65}};
    static double x[2000];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlQuantile q;
        fill(x, cases[i].n);
        cr_assert(eq(int, (int)pl_quantile(x, cases[i].n, cases[i].probability, cases[i].level, &q), PL_OK));
        expect(q.value, cases[i].value);
        expect(q.low, cases[i].low);
        expect(q.high, cases[i].high);
    }
}

/* The interval of 12 values runs from the 3rd to the 10th, which hold the median with a chance of 0.9614258
 * (see the script); in 20,000 samples within three standard errors. */
Test(quantile, holds_the_median_as_often_as_it_says) {
    enum { SAMPLES = 20000, N = 12 };
    size_t held = 0;
    PlRng rng = pl_rng_stream(7, 0);
    for (size_t s = 0; s < SAMPLES; s++) {
        double x[N];
        PlQuantile q;
        for (size_t i = 0; i < N; i++)
            x[i] = pl_rng_uniform(&rng);
        pl_sort(x, N);
        cr_assert(eq(int, (int)pl_quantile(x, N, .5, .95, &q), PL_OK));
        cr_assert(all(eq(dbl, q.low, x[2]), eq(dbl, q.high, x[9])));
        held += q.low <= .5 && .5 <= q.high;
    }
    cr_assert(epsilon_eq(dbl, (double)held / SAMPLES, 0.9614258, 3 * sqrt(.9614258 * .0385742 / SAMPLES)));
}

Test(quantile, ties_and_one_value) {
    PlQuantile q;
    static const double same[8] = {3, 3, 3, 3, 3, 3, 3, 3}, one[1] = {4};
    cr_assert(eq(int, (int)pl_quantile(same, 8, .5, .95, &q), PL_OK));
    cr_assert(all(eq(dbl, q.value, 3), eq(dbl, q.low, 3), eq(dbl, q.high, 3)));
    cr_assert(eq(int, (int)pl_quantile(one, 1, .5, .95, &q), PL_OK));
    cr_assert(eq(dbl, q.value, 4));
    cr_assert(isinf(q.low) && isinf(q.high));
}

Test(quantile, refuses) {
    PlQuantile q;
    static const double x[3] = {1, 2, 3}, down[2] = {2, 1}, bad[2] = {1, INFINITY};
    cr_assert(eq(int, (int)pl_quantile(x, 0, .5, .95, &q), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_quantile(down, 2, .5, .95, &q), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_quantile(bad, 2, .5, .95, &q), PL_NOT_FINITE));
    static const double wrong[3] = {0, 1, NAN};
    for (size_t i = 0; i < 3; i++) {
        cr_assert(eq(int, (int)pl_quantile(x, 3, wrong[i], .95, &q), PL_BAD_ARGUMENT));
        cr_assert(eq(int, (int)pl_quantile(x, 3, .5, wrong[i], &q), PL_BAD_ARGUMENT));
    }
}
