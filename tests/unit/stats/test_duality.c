/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"

#include "run.h"

enum { N_MAX = 64, KINDS = 9 };

/* Differences as they come: ties, zeros, whole numbers, symmetric, noisy decimals, skewed, tiny, equal. */
static void draw_sample(int kind, double *d, size_t n, PlRng *rng) {
    double shift = floor(4 * pl_rng_uniform(rng)) / 2, common = normal_draw(rng);
    for (size_t i = 0; i < n; i++) {
        double z = normal_draw(rng);
        switch (kind) {
        case 0:
            d[i] = z + shift;
            break;
        case 1:
            d[i] = round(2 * z + shift);
            break;
        case 2:
            d[i] = round(z);
            break;
        case 3:
            d[i] = i % 2 ? -d[i - 1] : round(4 * z) / 4;
            break;
        case 4:
            d[i] = round(10 * (z + 13)) / 10 - round(10 * (13 - shift)) / 10;
            break;
        case 5:
            d[i] = exp(2 * z) - shift;
            break;
        case 6:
            d[i] = 1e-9 * (z + shift);
            break;
        case 7:
            d[i] = pl_rng_uniform(rng) < 0.5 ? common : -common;
            break;
        default:
            d[i] = round(1 + shift + z * (i % 3 == 0));
            break;
        }
    }
}

/* What every result owes: no NaN, limits in order, p in (0, 1], the open side open, and the equivalence. */
static bool is_sound(const PlInference *r, const PlInferenceOptions *o) {
    bool rejected = r->p_value <= 1 - o->conf_level, outside = r->conf_low > 0 || r->conf_high < 0;
    bool open = (o->alternative != PL_GREATER || r->conf_high == INFINITY) &&
                (o->alternative != PL_LESS || r->conf_low == -INFINITY);
    return rejected == outside && open && r->conf_low <= r->conf_high && r->p_value > 0 && r->p_value <= 1 &&
           isfinite(r->estimate) && r->conf_level == o->conf_level;
}

static void check_all(const char *id, size_t n_min, size_t n_max, size_t resamples, int rounds) {
    const double levels[] = {.3, .5, .75, .8, .9, .9375, .95, .96875, .99, 1 - 1.0 / 512, .9999};
    PlRng rng = pl_rng_stream(11, n_max);
    size_t rejections = 0, acceptances = 0;
    for (int round = 0; round < rounds; round++)
        for (int kind = 0; kind < KINDS; kind++) {
            double d[N_MAX];
            size_t n = n_min + pl_rng_next(&rng) % (n_max - n_min + 1);
            draw_sample(kind, d, n, &rng);
            for (size_t l = 0; l < sizeof levels / sizeof *levels; l++)
                for (size_t a = 0; a < 3; a++) {
                    PlInferenceOptions o = {levels[l], alternatives[a], resamples, (uint64_t)round, 1, 0};
                    PlInference r;
                    PlStatus status = run_method(id, d, n, o, &r);
                    if (status == PL_NO_VARIANCE || status == PL_ALL_ZERO)
                        continue;
                    cr_assert(eq(int, (int)status, PL_OK));
                    cr_assert(is_sound(&r, &o),
                              "%s kind %d n %zu level %g alternative %d: p %.17g [%.17g, %.17g]", id, kind, n,
                              levels[l], (int)alternatives[a], r.p_value, r.conf_low, r.conf_high);
                    rejections += r.p_value <= 1 - levels[l];
                    acceptances += r.p_value > 1 - levels[l];
                }
        }
    cr_assert(rejections > 1000 && acceptances > 1000, "%zu and %zu: the samples decide nothing", rejections,
              acceptances);
}

Test(stats_duality, paired_t) {
    check_all("paired_t", 2, 14, 0, 400);
}

Test(stats_duality, sign_flip_exact) {
    check_all("sign_flip", 1, 10, 0, 100);
}

Test(stats_duality, sign_flip_sampled) {
    check_all("sign_flip", 41, 60, 199, 12);
}

Test(stats_duality, signed_rank) {
    check_all("signed_rank", 1, 14, 0, 300);
}

Test(stats_duality, sign_test) {
    check_all("sign_test", 1, 16, 0, 400);
}

Test(stats_duality, bootstrap_bca) {
    check_all("bootstrap_bca", 5, 14, 199, 40);
}

/* One-sided tests mirror each other, and the two-sided one is made of them. */
Test(stats_duality, mirrored_data_give_mirrored_results) {
    PlRng rng = pl_rng_stream(12, 0);
    const char *ids[] = {"paired_t", "sign_flip", "signed_rank", "sign_test"};
    for (int round = 0; round < 300; round++)
        for (size_t m = 0; m < 4; m++) {
            double d[12], mirrored[12];
            PlInferenceOptions greater = {.9, PL_GREATER, 0, 1, 1, 0}, less = {.9, PL_LESS, 0, 1, 1, 0};
            draw_sample(round % 7, d, 12, &rng);
            for (size_t i = 0; i < 12; i++)
                mirrored[i] = -d[i];
            PlInference a, b, both;
            if (run_method(ids[m], d, 12, greater, &a) != PL_OK)
                continue;
            b = must_run(ids[m], mirrored, 12, less);
            both = must_run(ids[m], d, 12, two_sided_95);
            cr_assert(near(a.p_value, b.p_value, 1e-12), "%s: %.17g %.17g", ids[m], a.p_value, b.p_value);
            cr_assert(near(a.conf_low, -b.conf_high, 1e-9) || fabs(a.conf_low + b.conf_high) < 1e-12,
                      "%s: %.17g %.17g", ids[m], a.conf_low, b.conf_high);
            double p_less = must_run(ids[m], d, 12, less).p_value;
            cr_assert(near(both.p_value, fmin(1, 2 * fmin(a.p_value, p_less)), 1e-15), "%s", ids[m]);
        }
}

/* The count that a level allows is the last whose p-value is within it, also where k / total rounds. */
Test(stats_duality, count_at_level_is_exact) {
    for (double total = 1; total < 3000; total = floor(total * 1.3) + 1)
        for (double level = 1e-4; level < 1; level *= 1.37) {
            double k = pl_count_at_level(level, total);
            cr_assert(k == 0 || k / total <= level);
            cr_assert(level < (k + 1) / total);
        }
    cr_assert(eq(dbl, pl_count_at_level(1 - .95, 20), 1));
    cr_assert(eq(dbl, pl_count_at_level(.05, 20), 1));
    cr_assert(eq(dbl, pl_count_at_level(.025, 32), 0));
}

Test(stats_duality, level_and_p_of_a_tail) {
    PlInferenceOptions o = two_sided_95;
    cr_assert(eq(dbl, 2 * pl_tail_level(&o), 1 - .95));
    o.alternative = PL_LESS;
    cr_assert(eq(dbl, pl_tail_level(&o), 1 - .95));
    cr_assert(eq(dbl, pl_tail_p(PL_TWO_SIDED, .01, .99), .02));
    cr_assert(eq(dbl, pl_tail_p(PL_TWO_SIDED, .7, .6), 1));
    cr_assert(eq(dbl, pl_tail_p(PL_GREATER, .01, .99), .01));
    cr_assert(eq(dbl, pl_tail_p(PL_LESS, .01, .99), .99));
}

/* Only a limit within the grain of zero may move, and only to the side that p says. */
Test(stats_duality, limits_move_within_the_grain_only) {
    const struct {
        double p, low, high, grain, expected_low, expected_high;
    } cases[] = {
        {.01, 0, 2, 1e-3, 1e-3, 2},       {.01, -1e-4, 2, 1e-3, 1e-3, 2}, {.01, -1, 2, 1e-3, -1, 2},
        {.01, -2, 1e-4, 1e-3, -2, -1e-3}, {.2, 1e-4, 2, 1e-3, 0, 2},      {.2, 1, 2, 1e-3, 1, 2},
        {.01, 0, 0, 1e-3, 1e-3, 1e-3},    {.2, -2, -1e-4, 1e-3, -2, 0},   {.2, -1, 1, 1e-3, -1, 1},
        {.01, 1, 2, 1e-3, 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlInference r = {.estimate = cases[i].low + cases[i].high};
        pl_set_interval(&r, &two_sided_95, cases[i].p, cases[i].low, cases[i].high, cases[i].grain);
        cr_assert(eq(dbl, r.conf_low, cases[i].expected_low), "case %zu", i);
        cr_assert(eq(dbl, r.conf_high, cases[i].expected_high), "case %zu", i);
        cr_assert(eq(dbl, r.p_value, cases[i].p));
    }
}

Test(stats_duality, every_method_refuses_what_it_cannot_use) {
    const double nan[] = {1, 2, NAN, 4, 5, 6}, inf[] = {1, 2, -INFINITY, 4, 5, 6};
    const double huge[] = {1e308, 1e308, -1e308, 1, 2, 3}, fine[] = {1, 2, -3, 4, 5, 7};
    PlInferenceOptions bad[] = {two_sided_95, two_sided_95, two_sided_95, two_sided_95, two_sided_95};
    bad[0].conf_level = 0;
    bad[1].conf_level = 1;
    bad[2].conf_level = NAN;
    bad[3].threads = 0;
    bad[4].alternative = (PlAlternative)3;
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        if (!m->test)
            continue;
        PlInference out = {.estimate = 9};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            cr_assert(eq(int, (int)run_method(m->id, fine, 6, bad[i], &out), PL_BAD_ARGUMENT), "%s %zu",
                      m->id, i);
        cr_assert(eq(int, (int)run_method(m->id, nan, 6, two_sided_95, &out), PL_NOT_FINITE), "%s", m->id);
        cr_assert(eq(int, (int)run_method(m->id, inf, 6, two_sided_95, &out), PL_NOT_FINITE), "%s", m->id);
        cr_assert(eq(int, (int)run_method(m->id, huge, 6, two_sided_95, &out), PL_NOT_FINITE), "%s", m->id);
        cr_assert(eq(dbl, out.estimate, 9));
    }
}

/* 2000 experiments without effect, n = 10 normal: each method's error rate and coverage; the bounds are five
 * binomial standard errors, and one-sided for the discrete tests, which may be cautious. */
Test(stats_duality, error_rate_and_coverage_in_simulation) {
    enum { ROUNDS = 2000, N = 10 };
    const double slack = 5 * sqrt(.05 * .95 / ROUNDS);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        if (!m->test)
            continue;
        bool bootstrap = strcmp(m->id, "bootstrap_bca") == 0, student = strcmp(m->id, "paired_t") == 0;
        size_t rejected = 0, covered = 0;
        double p_sum = 0;
        for (uint64_t round = 0; round < ROUNDS; round++) {
            PlRng rng = pl_rng_stream(77, round);
            PlInferenceOptions o = {.95, PL_TWO_SIDED, 199, round, 1, 0};
            double d[N], moved[N];
            for (size_t i = 0; i < N; i++) {
                d[i] = normal_draw(&rng);
                moved[i] = d[i] + 3;
            }
            PlInference null = must_run(m->id, d, N, o), effect = must_run(m->id, moved, N, o);
            rejected += null.p_value <= .05;
            p_sum += null.p_value;
            covered += effect.conf_low <= 3 && effect.conf_high >= 3;
        }
        double rate = (double)rejected / ROUNDS, coverage = (double)covered / ROUNDS;
        cr_log_info("%s: error rate %.4f, coverage %.4f", m->id, rate, coverage);
        /* BCa at n = 10 is known to undercover, near .90 (DiCiccio and Efron 1996). */
        cr_assert(rate < (bootstrap ? .13 : .05 + slack), "%s: %g", m->id, rate);
        cr_assert(coverage > (bootstrap ? .87 : .95 - slack), "%s: %g", m->id, coverage);
        cr_assert(student == false || (rate > .05 - slack && coverage < .95 + slack), "%s: %g %g", m->id,
                  rate, coverage);
        cr_assert(student == false || fabs(p_sum / ROUNDS - .5) < 5 * sqrt(1.0 / 12 / ROUNDS));
    }
}
