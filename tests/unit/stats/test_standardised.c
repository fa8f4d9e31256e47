/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/standardised.h"
#include "run.h"

/* R: tests/reference/stats/standardised.R. */
static const double y16[16] = {3.1, 4.7,  2.2, 8.9, 7.3, 6.1, 9.8, 5.5,
                               4.4, 10.3, 7.9, 3.6, 6.6, 8.2, 5.1, 9.4};
static const double a16[16] = {1, 2.5, .7, 4.1, 3.9, 2.8, 5.2, 2.2, 1.9, 5.6, 3.3, 1.4, 3.1, 4.4, 2.0, 4.9};
static const double b16[16] = {.3, -1.2, .8, 1.9, -.4, .1, 1.1, -.9, .6, 2.1, -1.7, .2, 1.3, -.6, .5, -.1};
static const size_t g16[16] = {0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6};
static const double *const columns[2] = {a16, b16};

static PlStatus fit(const double *const *x, size_t k, const double *y, size_t n, const size_t *cluster,
                    size_t n_clusters, PlArena *arena, PlStandardised *out) {
    return pl_standardised(x, k, y, n, cluster, n_clusters, .95, arena, out);
}

static void same(PlBeta b, const double *expected) {
    cr_expect(near(b.beta, expected[0], 1e-11), "%.17g", b.beta);
    cr_expect(near(b.std_error, expected[1], 1e-11), "%.17g", b.std_error);
    cr_expect(near(b.df, expected[2], 1e-10), "%.17g", b.df);
    cr_expect(near(b.p_value, expected[3], 1e-10), "%.17g", b.p_value);
    cr_expect(near(b.conf_low, expected[4], 1e-10) && near(b.conf_high, expected[5], 1e-10), "%.17g %.17g",
              b.conf_low, b.conf_high);
}

Test(stats_standardised, agrees_with_r) {
    static const double hc3[2][6] = {{9.8194207808800793e-01, 4.5866468637406156e-02, 13,
                                      1.6065008146304288e-11, 8.8285359686112197e-01, 1.0810305593148939},
                                     {-3.6994864579257200e-03, 1.0151380330112558e-01, 13,
                                      9.7148264427842013e-01, -2.2300672530800653e-01,
                                      2.1560775239215507e-01}},
                        cr2[2][6] = {{9.8194207808800793e-01, 3.6073621829456261e-02, 5.3214565441181803,
                                      6.4199146887376554e-07, 8.9087165509922506e-01, 1.0730125010767908},
                                     {-3.6994864579257200e-03, 9.7017579839022455e-02, 3.6615979785494299,
                                      9.7156938759942646e-01, -2.8317119041938499e-01,
                                      2.7577221750353353e-01}};
    PlArena arena = {0};
    PlStandardised s;
    cr_assert(eq(int, (int)fit(columns, 2, y16, 16, NULL, 0, &arena, &s), PL_OK));
    for (size_t c = 0; c < 2; c++)
        same(s.coef[c], hc3[c]);
    cr_expect(near(s.coef[0].raw, 1.6290695827981783, 1e-12) &&
              near(s.coef[1].raw, -0.0087126546710410372, 1e-10));
    cr_expect(near(s.r_squared, 0.96261739094473375, 1e-13) &&
              near(s.adj_r_squared, 0.95686622032084667, 1e-13));
    cr_assert(eq(int, (int)fit(columns, 2, y16, 16, g16, 7, &arena, &s), PL_OK));
    for (size_t c = 0; c < 2; c++)
        same(s.coef[c], cr2[c]);
    cr_expect(s.n_clusters == 7 && s.rows == 16);
    pl_arena_clear(&arena);
}

/* Neither the units nor the zero of a column or of y matter. */
Test(stats_standardised, units_do_not_matter) {
    double far[16], high[16];
    for (size_t i = 0; i < 16; i++) {
        far[i] = 1e6 + 1000 * a16[i];
        high[i] = .001 * y16[i] - 7;
    }
    const double *const others[2] = {far, b16};
    PlArena arena = {0};
    PlStandardised s, t;
    cr_assert(eq(int, (int)fit(columns, 2, y16, 16, NULL, 0, &arena, &s), PL_OK));
    cr_assert(eq(int, (int)fit(others, 2, high, 16, NULL, 0, &arena, &t), PL_OK));
    cr_expect(near(s.coef[0].beta, t.coef[0].beta, 1e-9) && near(s.coef[1].p_value, t.coef[1].p_value, 1e-8));
    cr_expect(near(t.coef[0].raw, 1e-6 * s.coef[0].raw, 1e-8));
    pl_arena_clear(&arena);
}

/* Answers of 20 people in 6 waves: the people differ, and so does a question that is a person's own, which
 * has no effect. Clusters see that the rows of one person are not new ones. */
Test(stats_standardised, clusters_hold_their_level) {
    enum { ROUNDS = 800, PEOPLE = 20, WAVES = 6, N = PEOPLE * WAVES };
    size_t wrong = 0, wrong_rows = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        PlRng rng = pl_rng_stream(31, round);
        double x[N], y[N];
        size_t g[N];
        for (size_t i = 0; i < PEOPLE; i++) {
            double own = normal_draw(&rng), question = normal_draw(&rng);
            for (size_t w = 0; w < WAVES; w++) {
                size_t r = i * WAVES + w;
                x[r] = question + .2 * normal_draw(&rng);
                y[r] = own + .5 * normal_draw(&rng);
                g[r] = i;
            }
        }
        const double *const one[1] = {x};
        PlArena arena = {0};
        PlStandardised s;
        cr_assert(eq(int, (int)fit(one, 1, y, N, g, PEOPLE, &arena, &s), PL_OK));
        wrong += s.coef[0].p_value <= .05;
        cr_assert(eq(int, (int)fit(one, 1, y, N, NULL, 0, &arena, &s), PL_OK));
        wrong_rows += s.coef[0].p_value <= .05;
        pl_arena_clear(&arena);
    }
    double rate = (double)wrong / ROUNDS, rate_rows = (double)wrong_rows / ROUNDS;
    cr_expect(rate < .05 + .025, "%g", rate);
    cr_expect(rate_rows > .2, "%g", rate_rows);
}

Test(stats_standardised, what_cannot_be_told) {
    double copy[16], flat[16], only[16], nan[16];
    size_t one[16] = {0};
    for (size_t i = 0; i < 16; i++) {
        copy[i] = 3 * a16[i] - 2 * b16[i] + 1;
        flat[i] = 4;
        only[i] = i == 3;
        nan[i] = i ? a16[i] : NAN;
    }
    const double *const combined[3] = {a16, b16, copy}, *const same_value[2] = {a16, flat},
                        *const alone[2] = {a16, only}, *const missing[2] = {a16, nan};
    PlArena arena = {0}, tiny = {.limit = 64};
    PlStandardised s;
    cr_expect(eq(int, (int)fit(combined, 3, y16, 16, NULL, 0, &arena, &s), PL_SINGULAR));
    cr_expect(s.culprit < 3);
    cr_expect(eq(int, (int)fit(same_value, 2, y16, 16, NULL, 0, &arena, &s), PL_NO_VARIANCE));
    cr_expect(eq(sz, s.culprit, 1));
    cr_expect(eq(int, (int)fit(columns, 2, flat, 16, NULL, 0, &arena, &s), PL_NO_VARIANCE));
    cr_expect(eq(sz, s.culprit, 2));
    cr_expect(eq(int, (int)fit(missing, 2, y16, 16, NULL, 0, &arena, &s), PL_NOT_FINITE));
    cr_expect(eq(int, (int)fit(columns, 2, y16, 4, NULL, 0, &arena, &s), PL_TOO_FEW));
    cr_expect(eq(int, (int)fit(columns, 0, y16, 16, NULL, 0, &arena, &s), PL_TOO_FEW));
    cr_expect(eq(int, (int)fit(columns, 2, y16, 16, one, 1, &arena, &s), PL_ONE_LEVEL));
    cr_expect(eq(int, (int)fit(columns, 2, y16, 16, NULL, 0, &tiny, &s), PL_NO_MEMORY));
    cr_expect(eq(int, (int)pl_standardised(columns, 2, y16, 16, NULL, 0, 1, &arena, &s), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)fit(alone, 2, y16, 16, NULL, 0, &arena, &s), PL_OK));
    bool no_error = isnan(s.coef[1].std_error) && isnan(s.coef[1].p_value), has = s.coef[0].p_value < .01;
    cr_expect(no_error && has, "%g %g", s.coef[1].std_error, s.coef[0].p_value);
    cr_assert(eq(int, (int)fit(combined, 2, copy, 16, NULL, 0, &arena, &s), PL_OK)); /* a perfect fit */
    no_error = isnan(s.coef[0].std_error);
    cr_expect(no_error && near(s.r_squared, 1, 1e-12));
    pl_arena_clear(&arena);
    pl_arena_clear(&tiny);
}

Test(stats_standardised, cronbach_agrees_with_r) {
    const double *const items[3] = {y16, a16, b16};
    PlReliability r;
    cr_assert(eq(int, (int)pl_cronbach_alpha(items, 3, 16, .95, &r), PL_OK));
    cr_expect(near(r.alpha, 0.73351215622178434, 1e-13), "%.17g", r.alpha);
    cr_expect(near(r.conf_low, 0.38517153638959201, 1e-9) && near(r.conf_high, 0.89920026163429667, 1e-9),
              "%.17g %.17g", r.conf_low, r.conf_high);
}

/* Items that are one true score and noise of the same size: alpha of k of them is k / (k + 1). */
Test(stats_standardised, cronbach_interval_holds_the_truth) {
    enum { ROUNDS = 2000, N = 30, K = 4 };
    size_t covered = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        PlRng rng = pl_rng_stream(32, round);
        double x[K][N];
        const double *const items[K] = {x[0], x[1], x[2], x[3]};
        for (size_t i = 0; i < N; i++) {
            double truth = normal_draw(&rng);
            for (size_t j = 0; j < K; j++)
                x[j][i] = truth + normal_draw(&rng);
        }
        PlReliability r;
        cr_assert(eq(int, (int)pl_cronbach_alpha(items, K, N, .95, &r), PL_OK));
        covered += r.conf_low <= .8 && .8 <= r.conf_high;
    }
    cr_expect(fabs((double)covered / ROUNDS - .95) < .016, "%g", (double)covered / ROUNDS);
}

Test(stats_standardised, cronbach_of_nothing) {
    double against[16], flat[16];
    for (size_t i = 0; i < 16; i++) {
        against[i] = -a16[i];
        flat[i] = 2;
    }
    const double *const no_sum[2] = {a16, against}, *const none[2] = {flat, flat};
    PlReliability r;
    cr_expect(eq(int, (int)pl_cronbach_alpha(no_sum, 2, 16, .95, &r), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)pl_cronbach_alpha(none, 2, 16, .95, &r), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)pl_cronbach_alpha(columns, 1, 16, .95, &r), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_cronbach_alpha(columns, 2, 2, .95, &r), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_cronbach_alpha(columns, 2, 16, 0, &r), PL_BAD_ARGUMENT));
}
