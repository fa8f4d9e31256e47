/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/wild_bootstrap.h"

#include "pairlift/stats/duality.h"
#include "panel.h"

/* tests/reference/stats/wild_bootstrap.py: every resample made and fitted with dummies. */
static const struct {
    bool gaps, by_pair;
    PlWeights weights;
    double conf_level, std_error, p[3], interval[2], low, high;
} cases[] = {
    {false,
     false,
     PL_WEIGHTS_DEFAULT,
     .95,
     1.25782976369936,
     {0.95849609375, 0.479248046875, 0.52099609375},
     {-2.83735597883, 3.04378152925},
     -2.32552205528,
     2.49507754673},
    {false,
     true,
     PL_WEIGHTS_RADEMACHER,
     .9,
     1.41695804249408,
     {0.96875, 0.484375, 0.53125},
     {-2.77053580234, 3.51714285715},
     -2.28940035395,
     2.37094052839},
    {false,
     true,
     PL_WEIGHTS_DEFAULT,
     .9,
     1.41695804249408,
     {0.964248971193, 0.482124485597, 0.517939814815},
     {-2.82026467239, 3.00582685396},
     -2.15428922317,
     2.29175306127},
    {true,
     false,
     PL_WEIGHTS_RADEMACHER,
     .95,
     1.25193695054479,
     {0.90087890625, 0.5498046875, 0.450439453125},
     {-3.05463660638, 2.8027393015},
     -2.55602493954,
     2.22948892755},
    {true,
     true,
     PL_WEIGHTS_RADEMACHER,
     .9,
     1.14584386293351,
     {0.9375, 0.546875, 0.46875},
     {-3.17994167766, 2.63216074328},
     -2.03115950518,
     1.61149646669},
    {true,
     true,
     PL_WEIGHTS_WEBB,
     .9,
     1.14584386293351,
     {0.902992112483, 0.54856824417, 0.451496056241},
     {-2.66334610704, 2.41204605952},
     -1.98400814807,
     1.56192206704},
};

Test(stats_wild_bootstrap, brute_force) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FormulaPanel d = formula_panel(cases[i].gaps, false);
        PlSample s = formula_sample(&d);
        if (cases[i].by_pair)
            s.roles[PL_CLUSTER] = levels("pair", d.pair, FORMULA_UNITS / 2, NULL);
        for (size_t a = 0; a < 3; a++) {
            PlMethodOptions o = unset_options();
            o.weights = cases[i].weights;
            o.inference.conf_level = cases[i].conf_level;
            o.inference.alternative = alternatives[a];
            PlInference in = must_infer("wild_bootstrap", &s, &o);
            cr_expect(near(in.std_error, cases[i].std_error, 1e-11), "%.17g", in.std_error);
            cr_expect(near(in.p_value, cases[i].p[a], 1e-11), "%zu %zu: p %.12g", i, a, in.p_value);
            cr_expect(eq(sz, in.resamples, 0));
            double low = a == 0 ? cases[i].interval[0] : a == 1 ? cases[i].low : -INFINITY;
            double high = a == 0 ? cases[i].interval[1] : a == 2 ? cases[i].high : INFINITY;
            cr_expect(near(in.conf_low, low, 1e-8), "%zu %zu: low %.12g", i, a, in.conf_low);
            cr_expect(near(in.conf_high, high, 1e-8), "%zu %zu: high %.12g", i, a, in.conf_high);
        }
    }
}

/* A mean of n values, each a cluster of its own. */
static PlStatus boot_mean(const double *d, size_t n, PlWeights weights, PlInferenceOptions options,
                          PlInference *out) {
    static double ones[1000], residuals[1000];
    static size_t cluster[1000];
    double mean = 0, bread = 1 / (double)n;
    for (size_t i = 0; i < n; i++)
        mean += d[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        ones[i] = 1;
        cluster[i] = i;
        residuals[i] = d[i] - mean;
    }
    const double *x[] = {ones};
    PlClusterFit fit = {.rows = n,
                        .n_coef = 1,
                        .x = x,
                        .residuals = residuals,
                        .bread = &bread,
                        .cluster = cluster,
                        .n_clusters = n,
                        .rank = 1,
                        .threads = 1};
    PlArena arena = {0};
    PlStatus status = pl_wild_bootstrap(&fit, mean, weights, &options, &arena, out);
    pl_arena_clear(&arena);
    return status;
}

/* All signs of a mean's residuals under the null are the sign-flip test, its interval included; 863 / 32768
 * one-sided (Fisher). */
Test(stats_wild_bootstrap, signs_of_pair_differences_are_the_sign_flip_test) {
    for (size_t a = 0; a < 3; a++) {
        PlInferenceOptions o = two_sided_95;
        o.alternative = alternatives[a];
        PlInference in, flip = must_run("sign_flip", darwin, 15, o);
        cr_assert(eq(int, (int)boot_mean(darwin, 15, PL_WEIGHTS_RADEMACHER, o, &in), PL_OK));
        cr_expect(eq(dbl, in.p_value, flip.p_value), "%.17g", in.p_value);
        cr_expect(near(in.conf_low, flip.conf_low, 1e-9), "%.17g, %.17g", in.conf_low, flip.conf_low);
        cr_expect(near(in.conf_high, flip.conf_high, 1e-9), "%.17g, %.17g", in.conf_high, flip.conf_high);
        o.resamples = 99999;
        cr_expect(near(must_run("paired_t", darwin, 15, o).std_error, in.std_error, 1e-13));
        cr_assert(eq(int, (int)boot_mean(darwin, 15, PL_WEIGHTS_WEBB, o, &in), PL_OK));
        cr_expect(a > 0 || fabs(in.p_value - .0506) < .0025, "%.17g", in.p_value);
        cr_expect(eq(sz, in.resamples, 99999));
    }
}

Test(stats_wild_bootstrap, too_few_clusters_for_the_level) {
    PlInference in;
    cr_assert(eq(int, (int)boot_mean(darwin, 5, PL_WEIGHTS_RADEMACHER, two_sided_95, &in), PL_OK));
    cr_assert(in.p_value >= 2. / 32 && in.conf_low == -INFINITY && in.conf_high == INFINITY);
    cr_assert(eq(int, (int)boot_mean(darwin, 2, PL_WEIGHTS_DEFAULT, two_sided_95, &in), PL_OK));
    cr_assert(in.p_value > .05 && in.conf_low == -INFINITY && in.conf_high == INFINITY);
    double same[] = {3, 3, 3, 3, 3, 3};
    cr_assert(eq(int, (int)boot_mean(same, 6, PL_WEIGHTS_DEFAULT, two_sided_95, &in), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)boot_mean(same, 1, PL_WEIGHTS_DEFAULT, two_sided_95, &in), PL_ONE_LEVEL));
}

/* Drawn weights against all of them. */
Test(stats_wild_bootstrap, drawn_signs_are_near_all_signs) {
    double d[24];
    PlRng rng = pl_rng_stream(3, 1);
    for (size_t i = 0; i < 24; i++)
        d[i] = normal_draw(&rng) + .4;
    PlInferenceOptions o = two_sided_95;
    PlInference all = must_run("sign_flip", d, 24, o), in;
    o.resamples = 40000;
    cr_assert(eq(int, (int)boot_mean(d, 24, PL_WEIGHTS_DEFAULT, o, &in), PL_OK));
    cr_assert(eq(sz, in.resamples, 40000));
    double error = sqrt(all.p_value * (1 - all.p_value) / 40000);
    cr_assert(fabs(in.p_value - all.p_value) < 5 * error, "%g, %g", in.p_value, all.p_value);
    cr_assert(fabs(in.conf_low - all.conf_low) < .03 && fabs(in.conf_high - all.conf_high) < .03);
}

Test(stats_wild_bootstrap, threads_order_scale) {
    for (int gaps = 0; gaps < 2; gaps++) {
        FormulaPanel d = formula_panel(gaps, false), other = d;
        PlSample s = formula_sample(&d), t = formula_sample(&other);
        PlMethodOptions o = unset_options();
        o.inference.resamples = 70000;
        o.weights = PL_WEIGHTS_WEBB;
        PlInference base = must_infer("wild_bootstrap", &s, &o);
        cr_expect(eq(sz, base.resamples, 70000));
        for (int threads = 2; threads <= 3; threads++) {
            o.inference.threads = threads;
            PlInference in = must_infer("wild_bootstrap", &s, &o);
            cr_expect(in.p_value == base.p_value && in.conf_low == base.conf_low &&
                      in.conf_high == base.conf_high);
        }
        o.weights = PL_WEIGHTS_DEFAULT;
        base = must_infer("wild_bootstrap", &s, &o);
        const double scale[] = {1e-300, 1e300, -2};
        for (size_t i = 0; i < 3; i++) {
            for (size_t r = 0; r < d.n; r++)
                other.y[r] = d.y[r] * scale[i];
            PlInference in = must_infer("wild_bootstrap", &t, &o);
            cr_expect(near(in.p_value, base.p_value, 1e-12));
            cr_expect(near(in.conf_low / scale[i], i < 2 ? base.conf_low : base.conf_high, 1e-9));
            cr_expect(near(in.std_error / fabs(scale[i]), base.std_error, 1e-12));
        }
        for (size_t r = 0; r < d.n; r++) {
            size_t from = (r * 31 + 5) % d.n;
            other.y[r] = d.y[from];
            other.x[r] = d.x[from];
            other.unit[r] = d.unit[from];
            other.time[r] = d.time[from];
        }
        PlInference turned = must_infer("wild_bootstrap", &t, &o);
        cr_expect(near(turned.p_value, base.p_value, 1e-12) && near(turned.conf_low, base.conf_low, 1e-8));
    }
}

Test(stats_wild_bootstrap, interval_and_p_agree) {
    FormulaPanel d = formula_panel(true, false);
    PlSample s = formula_sample(&d);
    const double conf_levels[] = {.95, .9, .6, .3};
    for (int shift = -8; shift <= 8; shift++)
        for (size_t a = 0; a < 3; a++)
            for (size_t c = 0; c < 4; c++) {
                FormulaPanel moved = d;
                for (size_t r = 0; r < d.n; r++)
                    moved.y[r] += d.x[r] * shift * .7;
                s.roles[PL_X] = numbers("sales", moved.y);
                PlMethodOptions o = unset_options();
                o.inference.alternative = alternatives[a];
                o.inference.conf_level = conf_levels[c];
                PlInference in = must_infer("wild_bootstrap", &s, &o);
                bool rejected = in.p_value <= 1 - in.conf_level;
                bool outside = in.conf_low > 0 || in.conf_high < 0;
                cr_expect(eq(int, rejected, outside), "%d %zu %g: p %g [%g, %g]", shift, a, conf_levels[c],
                          in.p_value, in.conf_low, in.conf_high);
            }
}

/* Under no effect with 14 clusters of correlated errors, 5 % tests reject about 5 %. */
Test(stats_wild_bootstrap, rejects_at_its_level) {
    enum { RUNS = 400, UNITS = 14, TIMES = 6 };
    size_t unit[UNITS * TIMES], time[UNITS * TIMES], rejected = 0;
    double y[UNITS * TIMES], x[UNITS * TIMES];
    PlRng rng = pl_rng_stream(11, 0);
    for (int run = 0; run < RUNS; run++) {
        for (size_t u = 0; u < UNITS; u++) {
            double walk = 0;
            for (size_t t = 0; t < TIMES; t++) {
                size_t r = u * TIMES + t;
                unit[r] = u;
                time[r] = t;
                x[r] = u < 6 && t >= 3;
                walk += normal_draw(&rng);
                y[r] = walk;
            }
        }
        PlSample s = {.rows = UNITS * TIMES};
        s.roles[PL_X] = numbers("y", y);
        s.roles[PL_TREATED] = numbers("x", x);
        s.roles[PL_UNIT] = levels("unit", unit, UNITS, NULL);
        s.roles[PL_TIME] = levels("time", time, TIMES, NULL);
        PlMethodOptions o = unset_options();
        rejected += must_infer("wild_bootstrap", &s, &o).p_value <= .05;
    }
    cr_assert(rejected > 8 && rejected < 34, "%zu of %d", rejected, RUNS);
}

Test(stats_wild_bootstrap, pairs_and_one_treated) {
    FormulaPanel d = formula_panel(true, false);
    PlSample s = formula_sample(&d);
    PlMethodOptions o = unset_options();
    s.roles[PL_PAIR] = levels("pair", d.pair, FORMULA_UNITS / 2, NULL);
    cr_assert(must_infer("wild_bootstrap", &s, &o).p_value > 0);
    s.roles[PL_CLUSTER] = levels("store", d.unit, FORMULA_UNITS, NULL);
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, "store"), PL_NESTED_CLUSTERS));
    s = formula_sample(&d);
    for (size_t r = 0; r < d.n; r++)
        d.x[r] = d.unit[r] == 3 && d.time[r] >= 5;
    PlArena arena = {0};
    PlAnswer answer;
    const PlAnswerRow *row = must_answer("wild_bootstrap", &s, &o, &arena, &answer);
    cr_assert(row->lacks == (PL_LACKS_P | PL_LACKS_INTERVAL) && row->reason && isfinite(row->in.estimate));
    pl_arena_clear(&arena);
}

Test(stats_wild_bootstrap, refusals) {
    FormulaPanel d = formula_panel(true, false);
    PlMethodOptions o = unset_options();
    PlSample s = formula_sample(&d);
    const size_t one[FORMULA_ROWS] = {0};
    double x[FORMULA_ROWS] = {0};
    s.roles[PL_TREATED] = numbers("promo", x);
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, "promo"), PL_NO_TREATED));
    x[0] = 2;
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, "promo"), PL_NOT_BINARY));
    for (size_t r = 0; r < d.n; r++)
        x[r] = d.unit[r] < 5;
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, "promo"), PL_SINGULAR));
    s = formula_sample(&d);
    s.roles[PL_CLUSTER] = levels("region", one, 1, NULL);
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, "region"), PL_ONE_LEVEL));
    s = formula_sample(&d);
    o.weights = PL_WEIGHTS_WEBB; /* 6^12 are too many to list */
    o.inference.resamples = 0;
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, NULL), PL_BAD_ARGUMENT));
    o.inference.resamples = (size_t)PL_RESAMPLES_MAX + 1;
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, NULL), PL_BAD_ARGUMENT));
    o = unset_options();
    o.inference.conf_level = 0;
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, NULL), PL_BAD_ARGUMENT));
    o = unset_options();
    double bad[FORMULA_ROWS];
    memcpy(bad, d.y, sizeof bad);
    bad[4] = NAN;
    s.roles[PL_X] = numbers("sales", bad);
    cr_assert(eq(int, (int)refusal_of("wild_bootstrap", &s, &o, "sales"), PL_NOT_FINITE));
}
