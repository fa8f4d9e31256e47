/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/concordance.h"

#include "run.h"

static PlConcordance must(const PlRankedLifetime *rows, size_t n) {
    PlArena arena = {0};
    PlConcordance c = {0};
    PlStatus status = pl_concordance(rows, n, &two_sided_95, &arena, &c);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    pl_arena_clear(&arena);
    return c;
}

static PlStatus status_of(const PlRankedLifetime *rows, size_t n, PlInferenceOptions options) {
    PlArena arena = {0};
    PlConcordance c;
    PlStatus status = pl_concordance(rows, n, &options, &arena, &c);
    pl_arena_clear(&arena);
    return status;
}

/* survival::concordance of R, tests/reference/stats/concordance.R; ties in both. */
Test(concordance, matches_r) {
    PlRankedLifetime rows[40];
    for (int i = 1; i <= 40; i++)
        rows[i - 1] = (PlRankedLifetime){i * 11 % 13, i * 37 % 23, i * 7 % 5 < 3};
    PlConcordance c = must(rows, 40);
    cr_assert(epsilon_eq(dbl, c.in.estimate, -0.18669527896995708, 1e-14));
    cr_assert(epsilon_eq(dbl, c.in.std_error, 0.13391830697479684, 1e-14));
    cr_assert(epsilon_eq(dbl, c.in.conf_low, -0.43078890702899547, 1e-12));
    cr_assert(epsilon_eq(dbl, c.in.conf_high, 0.082852785381018951, 1e-12));
    cr_assert(epsilon_eq(dbl, c.in.p_value, 0.17336372819138748, 1e-12));
    cr_assert(all(eq(dbl, c.n_concordant, 177), eq(dbl, c.n_discordant, 264), eq(dbl, c.n_tied_x, 25)));
}

/* 1: the pair is in order; -1: reversed; 0: x tie; 2: the order in time is not known. */
static int kind(const PlRankedLifetime *a, const PlRankedLifetime *b) {
    bool a_first = a->event && (a->time < b->time || (a->time == b->time && !b->event));
    bool b_first = b->event && (b->time < a->time || (a->time == b->time && !a->event));
    if (!a_first && !b_first)
        return 2;
    double longer = a_first ? b->x : a->x, shorter = a_first ? a->x : b->x;
    return (longer > shorter) - (longer < shorter);
}

/* Against every pair, one by one, and the error by giving each row a little more weight. */
Test(concordance, every_pair) {
    enum { N = 300 };
    PlRng rng = pl_rng_stream(3, 1);
    static PlRankedLifetime rows[N];
    for (size_t i = 0; i < N; i++)
        rows[i] = (PlRankedLifetime){floor(pl_rng_uniform(&rng) * 40), floor(pl_rng_uniform(&rng) * 60),
                                     pl_rng_uniform(&rng) < .6};
    double net = 0, pairs = 0, variance = 0;
    static double row_net[N], row_pairs[N];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            int k = i == j ? 2 : kind(&rows[i], &rows[j]);
            row_net[i] += k == 2 ? 0 : k;
            row_pairs[i] += k != 2;
        }
    for (size_t i = 0; i < N; i++) {
        net += row_net[i] / 2;
        pairs += row_pairs[i] / 2;
    }
    for (size_t i = 0; i < N; i++)
        variance += pow((row_net[i] - net / pairs * row_pairs[i]) / pairs, 2);
    PlConcordance c = must(rows, N);
    cr_assert(eq(dbl, c.n_concordant + c.n_discordant + c.n_tied_x, pairs));
    cr_assert(epsilon_eq(dbl, c.in.estimate, net / pairs, 1e-14));
    cr_assert(epsilon_eq(dbl, c.in.std_error, sqrt(variance), 1e-14));
}

/* Independent values and lifetimes: the interval leaves out 0 in about 5 % of samples (three standard errors
 * of 2,000: 1.5 %). */
Test(concordance, errs_as_often_as_it_says) {
    enum { SAMPLES = 2000, N = 100 };
    size_t wrong = 0;
    for (size_t s = 0; s < SAMPLES; s++) {
        PlRng rng = pl_rng_stream(11, s);
        PlRankedLifetime rows[N];
        for (size_t i = 0; i < N; i++) {
            double life = -log1p(-pl_rng_uniform(&rng)), until = pl_rng_uniform(&rng) * 2;
            rows[i] = (PlRankedLifetime){pl_rng_uniform(&rng), fmin(life, until), life <= until};
        }
        PlConcordance c = must(rows, N);
        wrong += c.in.p_value <= .05;
        cr_assert(eq(int, c.in.p_value <= .05, c.in.conf_low > 0 || c.in.conf_high < 0));
    }
    cr_assert(epsilon_eq(dbl, (double)wrong / SAMPLES, .05, .015), "%zu", wrong);
}

Test(concordance, perfect_and_refused) {
    static const PlRankedLifetime up[3] = {{1, 1, true}, {2, 2, true}, {3, 3, true}},
                                  same[3] = {{1, 1, true}, {1, 2, true}, {1, 3, true}},
                                  censored[3] = {{1, 1, false}, {2, 2, false}, {3, 3, false}},
                                  negative[3] = {{1, -1, true}, {2, 2, true}, {3, 3, true}},
                                  infinite[3] = {{1, 1, true}, {INFINITY, 2, true}, {3, 3, true}};
    PlConcordance c = must(up, 3);
    cr_assert(eq(dbl, c.in.estimate, 1));
    cr_assert(c.perfect);
    cr_assert(eq(int, (int)status_of(up, 2, two_sided_95), PL_TOO_FEW));
    cr_assert(eq(int, (int)status_of(same, 3, two_sided_95), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)status_of(censored, 3, two_sided_95), PL_TOO_FEW));
    cr_assert(eq(int, (int)status_of(negative, 3, two_sided_95), PL_NEGATIVE_TIME));
    cr_assert(eq(int, (int)status_of(infinite, 3, two_sided_95), PL_NOT_FINITE));
    PlInferenceOptions bad = two_sided_95;
    bad.conf_level = 1;
    cr_assert(eq(int, (int)status_of(up, 3, bad), PL_BAD_ARGUMENT));
}
