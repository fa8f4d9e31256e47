/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/paired.h"
#include "pairlift/stats/rng.h"
#include "pairlift/stats/subset_means.h"

#include <math.h>
#include <string.h>

/* Flipping the signs of a subset F of the differences, shifted by an effect e, leaves their sum at least as
 * large exactly when F is empty or the mean of F is at most e. The p-value at e thus counts subset means up
 * to e, and the interval's limits are order statistics of the subset means (Hartigan 1969). */

/* Draws of one random stream. */
enum { BLOCK = 1000 };

/* Signs are drawn 64 at a time and looked up 8 at a time, two lookups in flight. */
enum { WORD = 64, BYTE = 8, PATTERNS = 256 };

typedef struct {
    const double *table; /* the sums of each subset of each 8 differences */
    size_t n, n_bytes, n_words, resamples;
    double total, tolerance;
    uint64_t last_word; /* the bits in use there */
    PlAlternative alternative;
    uint64_t seed;
    double *low_mean, *high_mean; /* one for each draw; in a one-sided test both are in low_mean */
} Draws;

typedef struct {
    double p, low, high;
} Answer;

/* Whole pairs of bytes. */
static size_t table_bytes(size_t n) {
    return (n + 2 * BYTE - 1) / (2 * BYTE) * 2;
}

static bool is_exact(size_t n, const PlInferenceOptions *options) {
    return n <= PL_SUBSET_MAX_N && (options->exact_up_to == 0 || n <= options->exact_up_to);
}

static size_t work_size(size_t n, const PlInferenceOptions *options) {
    if (is_exact(n, options))
        return pl_subset_work(n);
    return table_bytes(n) * PATTERNS + 2 * options->resamples;
}

static PlStatus enumerate(const double *d, size_t n, const PlInferenceOptions *options, double tolerance,
                          double *work, Answer *answer) {
    double all = ldexp(1, (int)n);
    PlSubsetCount count = pl_subset_count(d, n, 0, tolerance, work);
    double p_greater = (double)count.up_to / all, p_less = (all - (double)count.below) / all;
    *answer = (Answer){pl_tail_p(options->alternative, p_greater, p_less), -INFINITY, INFINITY};
    uint64_t k = (uint64_t)pl_count_at_level(pl_tail_level(options), all);
    PlStatus status = PL_OK;
    if (k > 0 && options->alternative != PL_LESS)
        status = pl_subset_mean_kth(d, n, k, tolerance, work, &answer->low);
    if (k > 0 && status == PL_OK && options->alternative != PL_GREATER)
        status = pl_subset_mean_kth(d, n, ((uint64_t)1 << n) - k, tolerance, work, &answer->high);
    return status;
}

static void fill_table(const double *d, size_t n, double *table) {
    for (size_t byte = 0; byte < table_bytes(n); byte++) {
        double *sums = table + byte * PATTERNS;
        sums[0] = 0;
        for (size_t bit = 0; bit < BYTE; bit++) {
            size_t i = byte * BYTE + bit, known = (size_t)1 << bit;
            for (size_t j = 0; j < known; j++)
                sums[known + j] = sums[j] + (i < n ? d[i] : 0);
        }
    }
}

/* Inlined, where __builtin_popcountll is a call on a portable build, and makes the loop around it spill. */
static inline size_t bits_set(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (size_t)((x * 0x0101010101010101u) >> 56);
}

/* The sum and size of a random subset. */
static double draw_subset(const Draws *draws, PlRng *rng, size_t *size) {
    const double *table = draws->table;
    double even = 0, odd = 0;
    size_t members = 0, left = draws->n_bytes;
    for (size_t w = 0; w < draws->n_words; w++) {
        uint64_t bits = pl_rng_next(rng);
        if (w + 1 == draws->n_words)
            bits &= draws->last_word;
        members += bits_set(bits);
        size_t here = left < WORD / BYTE ? left : WORD / BYTE;
        left -= here;
        for (size_t byte = 0; byte < here; byte += 2, bits >>= 2 * BYTE, table += 2 * PATTERNS) {
            even += table[bits & (PATTERNS - 1)];
            odd += table[PATTERNS + (bits >> BYTE & (PATTERNS - 1))];
        }
    }
    *size = members;
    return even + odd;
}

/* One block of draws: stores the means, returns how many draws are as extreme as the data. A two-sided test
 * looks at the flipped subset and at the rest: flipping either gives the same |sum|, the smaller of the two
 * means says whether an effect below the estimate is rejected, the larger one above. An empty subset or rest,
 * one draw in 2^n, has mean 0. */
static size_t draw_block(const Draws *draws, size_t block) {
    PlRng rng = pl_rng_stream(draws->seed, block);
    size_t end = (block + 1) * BLOCK < draws->resamples ? (block + 1) * BLOCK : draws->resamples, extreme = 0;
    bool two_sided = draws->alternative == PL_TWO_SIDED;
    bool positive = two_sided ? draws->total >= 0 : draws->alternative == PL_GREATER;
    for (size_t i = block * BLOCK; i < end; i++) {
        size_t size = 0;
        double sum = draw_subset(draws, &rng, &size), rest = draws->total - sum;
        double mean = sum / (double)(size + !size), low = sum, high = sum;
        draws->low_mean[i] = mean;
        if (two_sided) {
            size_t others = draws->n - size;
            double rest_mean = rest / (double)(others + !others);
            draws->low_mean[i] = mean < rest_mean ? mean : rest_mean;
            draws->high_mean[i] = mean < rest_mean ? rest_mean : mean;
            low = sum < rest ? sum : rest;
            high = sum < rest ? rest : sum;
        }
        extreme += positive ? low <= draws->tolerance : high >= -draws->tolerance;
    }
    return extreme;
}

static PlStatus sample(const double *d, size_t n, const PlInferenceOptions *options, double tolerance,
                       double *work, Answer *answer) {
    size_t resamples = options->resamples, extreme = 0, n_blocks = (resamples + BLOCK - 1) / BLOCK;
    Draws draws = {.table = work, .n = n, .resamples = resamples, .tolerance = tolerance};
    draws.n_bytes = table_bytes(n);
    draws.n_words = (n + WORD - 1) / WORD;
    draws.last_word = n % WORD ? ((uint64_t)1 << n % WORD) - 1 : UINT64_MAX;
    draws.alternative = options->alternative;
    draws.seed = options->seed;
    draws.low_mean = work + table_bytes(n) * PATTERNS;
    draws.high_mean = draws.low_mean + resamples;
    for (size_t i = 0; i < n; i++)
        draws.total += d[i];
    fill_table(d, n, work);
#pragma omp parallel for if (resamples * n >= PL_PARALLEL_FROM) num_threads(options->threads)               \
    reduction(+ : extreme) schedule(static)
    for (size_t block = 0; block < n_blocks; block++)
        extreme += draw_block(&draws, block);

    double all = (double)resamples + 1;
    size_t k = (size_t)pl_count_at_level(1 - options->conf_level, all);
    double *high_mean = options->alternative == PL_LESS ? draws.low_mean : draws.high_mean;
    *answer = (Answer){(1 + (double)extreme) / all, -INFINITY, INFINITY};
    if (k > 0 && options->alternative != PL_LESS)
        answer->low = pl_select(draws.low_mean, resamples, k - 1);
    if (k > 0 && options->alternative != PL_GREATER)
        answer->high = pl_select(high_mean, resamples, resamples - k);
    return PL_OK;
}

/* The sign-flip (paired randomisation) test. Estimates the mean of the differences, in their unit; the
 * statistic is that mean. Under no effect each difference is as likely to have the opposite sign: p is the
 * share of sign patterns whose |mean| is at least the observed one (two-sided), or whose mean is. The
 * interval is the set of effects e that the same test of d - e does not reject; its ends are means of subsets
 * of d.
 *
 * Up to PL_SUBSET_MAX_N pairs (or options->exact_up_to) over all 2^n patterns, exactly (`resamples` is 0 in
 * the result); beyond, over options->resamples random ones, the data's own added: p = (1 + extreme) / (1 +
 * resamples), and the interval from the same draws, the same for any number of threads. Sums closer than
 * PL_TIE_TOLERANCE sum |d| are ties. Too few pairs for the level, n < 6 at two-sided 95 %, give p and
 * infinite limits. Assumes independent pairs with differences symmetric about the effect, or treatments
 * assigned in each pair by a fair coin and an effect that is the same everywhere. `work`: pl_sign_flip_work
 * doubles. PL_TOO_FEW: n < 1. PL_ALL_ZERO: every difference is 0. PL_NOT_FINITE, PL_BAD_ARGUMENT: see
 * pl_check_paired; also resamples outside [1, PL_RESAMPLES_MAX] when they are needed. PL_NO_CONVERGENCE: a
 * limit was not isolated. Source: Fisher 1935, The Design of Experiments, section 21; Pitman 1937,
 * doi:10.2307/2984124; the interval: Hartigan 1969, doi:10.1080/01621459.1969.10501057. Check: Darwin's
 * maize, p = 1726/32768, tests/unit/stats/test_sign_flip.c. */
PlStatus pl_sign_flip(const double *d, size_t n, const PlInferenceOptions *options, PlArena *arena,
                      PlInference *out) {
    PlStatus status = pl_check_paired(d, n, 1, options);
    if (status != PL_OK)
        return status;
    bool exact = is_exact(n, options);
    if (!exact && (options->resamples < 1 || options->resamples > PL_RESAMPLES_MAX))
        return PL_BAD_ARGUMENT;
    double magnitude = 0, mean = 0;
    for (size_t i = 0; i < n; i++)
        magnitude += fabs(d[i]);
    if (magnitude == 0)
        return PL_ALL_ZERO;
    double *work = pl_arena_doubles(arena, work_size(n, options));
    if (!work)
        return PL_NO_MEMORY;
    status = pl_mean_sd(d, n, &mean, NULL);
    Answer answer = {0};
    double tolerance = PL_TIE_TOLERANCE * magnitude;
    if (status == PL_OK)
        status = exact ? enumerate(d, n, options, tolerance, work, &answer)
                       : sample(d, n, options, tolerance, work, &answer);
    if (status != PL_OK)
        return status;
    *out = (PlInference){.estimate = mean,
                         .statistic = mean,
                         .has = PL_HAS_STATISTIC,
                         .n = n,
                         .resamples = exact ? 0 : options->resamples};
    pl_set_interval(out, options, answer.p, answer.low, answer.high, tolerance);
    return PL_OK;
}

const PlMethod pl_method_sign_flip = {
    .id = "sign_flip",
    .title = "Sign-flip (paired randomisation) test",
    .family = pl_family_paired,
    .estimates = "mean of the differences",
    .assumes = "Pairs are independent, and differences are symmetric about the effect or treatments were "
               "assigned within pairs by a fair coin.",
    .use = "The first choice from about 8 pairs on: no bell curve is assumed, and up to 40 pairs nothing is "
           "drawn at random. With strongly skewed effects (lognormal) it rejects at 5 % in 9 to 12 % of the "
           "cases up to 40 pairs.",
    .formula =
        "p = #{sign patterns with |sum of +-d| >= |sum of d|} / 2^n, exact up to 40 pairs, then sampled: "
        "(1 + #) / (1 + resamples)\n"
        "interval = the effects e for which the same test of d - e does not reject",
    .source = "Fisher 1935, The Design of Experiments, section 21; Pitman 1937, doi:10.2307/2984124; "
              "interval: Hartigan 1969, doi:10.1080/01621459.1969.10501057",
    .check = "Darwin's 15 pairs of maize: two-sided p = 1726/32768 = .0526733, one-sided 863/32768 "
             "(Fisher 1935)",
    .min_n = 1,
    .roles = pl_paired_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_RESAMPLES,
    .design = PL_DESIGN_PAIRS,
    .run = pl_run_paired,
    .test = pl_sign_flip,
    .point = pl_point_mean,
};
