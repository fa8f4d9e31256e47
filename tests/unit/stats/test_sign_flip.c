/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/order.h"
#include "pairlift/stats/subset_means.h"
#include "run.h"

static PlInferenceOptions options(double level, PlAlternative alternative, size_t resamples) {
    return (PlInferenceOptions){level, alternative, resamples, 1, 1, 0};
}

/* Fisher 1935: 863 of 32768 one-sided, 1726 two-sided. */
Test(stats_sign_flip, darwins_maize) {
    PlInference r = must_run("sign_flip", darwin, 15, two_sided_95);
    cr_assert(eq(dbl, r.p_value, 1726.0 / 32768));
    cr_assert(eq(dbl, must_run("sign_flip", darwin, 15, options(.95, PL_GREATER, 0)).p_value, 863.0 / 32768));
    cr_assert(epsilon_eq(dbl, r.estimate, 20.933333333333334, 1e-14));
    cr_assert(r.conf_low < 0 && r.conf_high > 40 && r.resamples == 0);
    cr_assert(r.has == PL_HAS_STATISTIC && r.statistic == r.estimate);
}

Test(stats_sign_flip, shared_reference) {
    json_t *root = load_expected("paired_tests.json");
    const char *sets[] = {"sleep_g1_minus_g2", "shoes_A_minus_B", "darwin_diff"};
    for (size_t s = 0; s < 3; s++) {
        const json_t *set = json_object_get(root, sets[s]), *expected = json_object_get(set, "sign_flip");
        double d[20];
        size_t n = (size_t)number_at(set, "n");
        for (size_t i = 0; i < n; i++)
            d[i] = item_at(set, "x", i) - item_at(set, "y", i);
        double p = must_run("sign_flip", d, n, two_sided_95).p_value;
        cr_assert(eq(dbl, p * ldexp(1, (int)n), number_at(expected, "count_two_sided")));
        cr_assert(eq(dbl, p, number_at(expected, "two_sided_p")));
        cr_assert(eq(dbl, must_run("sign_flip", d, n, options(.9, PL_GREATER, 0)).p_value,
                     number_at(expected, "greater_p")));
        cr_assert(eq(dbl, must_run("sign_flip", d, n, options(.9, PL_LESS, 0)).p_value,
                     number_at(expected, "less_p")));
    }
    json_decref(root);
}

/* The p-value of "the effect is e" by going through all sign patterns. */
static double listed_p(const double *d, size_t n, double e, PlAlternative alternative) {
    double observed = 0, tolerance = 1e-9, extreme = 0;
    for (size_t i = 0; i < n; i++)
        observed += d[i] - e;
    for (uint32_t signs = 0; signs < (uint32_t)1 << n; signs++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += signs >> i & 1 ? e - d[i] : d[i] - e;
        extreme += alternative == PL_TWO_SIDED ? fabs(sum) >= fabs(observed) - tolerance
                   : alternative == PL_GREATER ? sum >= observed - tolerance
                                               : sum <= observed + tolerance;
    }
    return extreme / ldexp(1, (int)n);
}

/* The definition itself, point by point: the test of e rejects outside the interval and nowhere inside. */
Test(stats_sign_flip, interval_is_the_inverted_test) {
    PlRng rng = pl_rng_stream(6, 0);
    const double levels[] = {.6, .9, .95, .99};
    for (int round = 0; round < 60; round++) {
        double d[9];
        size_t n = 5 + (size_t)round % 5;
        for (size_t i = 0; i < n; i++)
            d[i] = round % 2 ? round * normal_draw(&rng) : rint(3 * normal_draw(&rng)) + 1;
        for (size_t l = 0; l < 4; l++)
            for (size_t a = 0; a < 3; a++) {
                PlInference r;
                if (run_method("sign_flip", d, n, options(levels[l], alternatives[a], 0), &r) != PL_OK)
                    continue;
                cr_assert(eq(dbl, r.p_value, listed_p(d, n, 0, alternatives[a])));
                const double ends[] = {r.conf_low, r.conf_high};
                for (int end = 0; end < 2; end++) {
                    double out = end ? 1e-6 : -1e-6;
                    if (isinf(ends[end]))
                        continue;
                    double p_out = listed_p(d, n, ends[end] + out, alternatives[a]);
                    double p_at = listed_p(d, n, ends[end], alternatives[a]);
                    cr_assert(p_out <= 1 - levels[l] && p_at > 1 - levels[l], "%g at %.9g, %g outside", p_at,
                              ends[end], p_out);
                }
            }
    }
}

/* The number of subsets of whole numbers with a sum up to `bound`, by dynamic programming over the sums. */
static double subsets_up_to(const double *d, size_t n, double bound) {
    enum { OFFSET = 4000, SIZE = 2 * OFFSET + 1 };
    double *count = calloc(SIZE, sizeof *count), *next = calloc(SIZE, sizeof *next), total = 0;
    count[OFFSET] = 1;
    for (size_t i = 0; i < n; i++) {
        for (int s = 0; s < SIZE; s++) {
            int from = s - (int)d[i];
            next[s] = count[s] + (from >= 0 && from < SIZE ? count[from] : 0);
        }
        memcpy(count, next, SIZE * sizeof *count);
    }
    for (int s = 0; s < SIZE && s - OFFSET <= bound; s++)
        total += count[s];
    free(count);
    free(next);
    return total;
}

/* 40 pairs, 2^40 patterns, exactly: two independent algorithms count the same. */
Test(stats_sign_flip, forty_pairs_by_another_algorithm) {
    double d[40], scaled[40];
    for (size_t i = 0; i < 40; i++) {
        d[i] = (double)((i * 37 + 11) % 61) - 23;
        scaled[i] = d[i] * 0.1;
    }
    PlInference r = must_run("sign_flip", d, 40, options(.95, PL_GREATER, 0));
    cr_assert(eq(dbl, r.p_value, subsets_up_to(d, 40, 0) / ldexp(1, 40)));
    cr_assert(r.p_value > .0001 && r.p_value < .2, "%g decides little", r.p_value);
    PlInference tenth = must_run("sign_flip", scaled, 40, options(.95, PL_GREATER, 0));
    cr_assert(eq(dbl, tenth.p_value, r.p_value));
    cr_assert(near(tenth.conf_low, r.conf_low / 10, 1e-12));
}

/* Beyond: 60 pairs, sampled, against the exact p; the bound is five binomial standard errors. */
Test(stats_sign_flip, sampled_p_is_close_to_the_exact_one) {
    double d[60];
    for (size_t i = 0; i < 60; i++)
        d[i] = (double)((i * 37 + 11) % 61) - 25;
    double exact = subsets_up_to(d, 60, 0) / ldexp(1, 60), resamples = 100000;
    cr_assert(exact > .001 && exact < .2, "%g", exact);
    PlInference one = must_run("sign_flip", d, 60, options(.95, PL_GREATER, 100000));
    PlInference two = must_run("sign_flip", d, 60, options(.95, PL_TWO_SIDED, 100000));
    cr_assert(epsilon_eq(dbl, one.p_value, exact, 5 * sqrt(exact / resamples)));
    cr_assert(epsilon_eq(dbl, two.p_value, 2 * exact, 5 * sqrt(2 * exact / resamples)));
    cr_assert(eq(sz, one.resamples, 100000));
    /* Of fresh subsets, the share with a mean up to the lower limit must be 2.5 %, within five standard
     * errors of the limit's own sampling and of this one. */
    double share = 0;
    PlRng rng = pl_rng_stream(99, 0);
    for (int draw = 0; draw < 200000; draw++) {
        uint64_t bits = pl_rng_next(&rng);
        double sum = 0;
        for (size_t i = 0; i < 60; i++)
            sum += bits >> i & 1 ? d[i] - two.conf_low : 0;
        share += sum <= 1e-9;
    }
    cr_assert(epsilon_eq(dbl, share / 200000, .025, 5 * sqrt(.025 / 200000) + 5 * sqrt(.025 / resamples)));
}

Test(stats_sign_flip, same_result_for_any_number_of_threads) {
    double d[70];
    PlRng rng = pl_rng_stream(8, 0);
    for (size_t i = 0; i < 70; i++)
        d[i] = normal_draw(&rng) + .2;
    for (size_t a = 0; a < 3; a++) {
        PlInferenceOptions o = options(.95, alternatives[a], PL_PARALLEL_FROM / 70 + 432);
        PlInference one = must_run("sign_flip", d, 70, o);
        for (o.threads = 2; o.threads <= 5; o.threads++) {
            PlInference more = must_run("sign_flip", d, 70, o);
            cr_assert(more.p_value == one.p_value && more.conf_low == one.conf_low &&
                      more.conf_high == one.conf_high);
        }
        o.seed = 2;
        PlInference other = must_run("sign_flip", d, 70, o);
        cr_assert(other.conf_low != one.conf_low || other.conf_high != one.conf_high,
                  "the seed has no effect");
    }
}

/* Tables of eight signs must not read beyond the last pair. */
Test(stats_sign_flip, any_number_of_pairs_beyond_the_exact_ones) {
    double d[200];
    for (size_t i = 0; i < 200; i++)
        d[i] = i % 3 ? 1 + (double)i / 100 : -1;
    for (size_t n = PL_SUBSET_MAX_N + 1; n <= 200; n++) {
        PlInference r = must_run("sign_flip", d, n, options(.95, PL_TWO_SIDED, 199));
        cr_assert(r.conf_low < r.estimate && r.estimate < r.conf_high, "n %zu", n);
    }
}

Test(stats_sign_flip, too_few_for_the_level_have_no_limits) {
    const double d[] = {1, 2, 3, 4, 5, 6};
    PlInference five = must_run("sign_flip", d, 5, two_sided_95),
                six = must_run("sign_flip", d, 6, two_sided_95);
    cr_assert(five.p_value == .0625 && five.conf_low == -INFINITY && five.conf_high == INFINITY);
    cr_assert(six.p_value == .03125 && six.conf_low == 1 && six.conf_high == 6);
    PlInference none = must_run("sign_flip", twelve, 12, options(1 - 1e-9, PL_TWO_SIDED, 0));
    cr_assert(none.conf_low == -INFINITY && none.conf_high == INFINITY);
}

Test(stats_sign_flip, refusals) {
    double zero[50] = {0}, d[50];
    PlInference r;
    for (size_t i = 0; i < 50; i++)
        d[i] = (double)i;
    cr_assert(eq(int, (int)run_method("sign_flip", zero, 50, two_sided_95, &r), PL_ALL_ZERO));
    cr_assert(eq(int, (int)run_method("sign_flip", zero, 7, two_sided_95, &r), PL_ALL_ZERO));
    PlInferenceOptions none = options(.95, PL_TWO_SIDED, 0), many = options(.95, PL_TWO_SIDED, 100000001);
    cr_assert(eq(int, (int)run_method("sign_flip", d, 50, none, &r), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_method("sign_flip", d, 50, many, &r), PL_BAD_ARGUMENT));
}

/* Whole numbers of one size: a fifth of the patterns near the data tie with it, and a tie is as extreme. R:
 * binom.test(31, 50)$p.value. */
Test(stats_sign_flip, sampled_ties_count_as_extreme) {
    double d[50];
    for (size_t i = 0; i < 50; i++)
        d[i] = i < 31 ? .1 : -.1;
    double p = must_run("sign_flip", d, 50, options(.95, PL_TWO_SIDED, 100000)).p_value;
    cr_assert(epsilon_eq(dbl, p, 0.11892045255943624, 5 * sqrt(.1189 * .8811 / 100000)), "%g", p);
}
