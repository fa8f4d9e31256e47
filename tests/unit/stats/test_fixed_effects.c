/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel.h"

/* tests/reference/stats/fixed_effects.R: clubSandwich and lm. */
static const struct {
    bool gaps, twice, by_pair;
    double estimate, r_squared;
    double cr0[5], cr1[5], cr2[5], iid[3]; /* se, df, p, interval */
} cases[] = {
    {false,
     false,
     false,
     0.0738775510204236,
     2.30202358279481e-05,
     {1.20428031270852, 11, 0.952184241304965, -2.57672554584156, 2.7244806478824},
     {1.25782976369937, 11, 0.954217287881587, -2.69458709280346, 2.84234219484431},
     {1.32712860409465, 8.77157360406087, 0.956854225642868, -2.94025595110718, 3.08801105314803},
     {1.6507943780024, 87, 0.964406965775181}},
    {true,
     false,
     false,
     -0.171036769138042,
     0.000125526604825734,
     {1.19863837365338, 11, 0.889113162028865, -2.80922204186551, 2.46714850358943},
     {1.25193695054478, 11, 0.893801305392609, -2.92653141865749, 2.5844578803814},
     {1.33001360704757, 8.78867411197665, 0.900570540683678, -3.19080071169637, 2.84872717342028},
     {1.76264032613985, 75, 0.922957904455924}},
    {true,
     false,
     true,
     -0.171036769138042,
     0.000125526604825734,
     {1.04600755184589, 5, 0.876517661790255, -2.85988478185151, 2.51781124357542},
     {1.1458438629335, 5, 0.88717674225784, -3.11652218967025, 2.77444865139416},
     {1.29467118126655, 3.79566651411491, 0.901603065673032, -3.84323748704765, 3.50116394877156},
     {1.76264032613985, 75, 0.922957904455924}},
    {true,
     true,
     false,
     -0.414958574293641,
     0.000763283201735299,
     {1.21600294721032, 11, 0.739346225325937, -3.09136301573126, 2.26144586714398},
     {1.27007365611356, 11, 0.75001199636549, -3.21037184362292, 2.38045469503563},
     {1.34955716153151, 8.81654818640326, 0.765618903063186, -3.47757977371294, 2.64766262512565},
     {1.59147961105361, 89, 0.794897213400358}},
};

Test(stats_fixed_effects, club_sandwich) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FormulaPanel d = formula_panel(cases[i].gaps, cases[i].twice);
        PlSample s = formula_sample(&d);
        if (cases[i].by_pair)
            s.roles[PL_CLUSTER] = levels("pair", d.pair, FORMULA_UNITS / 2, NULL);
        const double *expected[] = {cases[i].cr2, cases[i].cr0, cases[i].cr1, cases[i].cr2};
        const PlVcov types[] = {PL_VCOV_DEFAULT, PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR2};
        for (size_t t = 0; t < 4; t++) {
            PlMethodOptions o = unset_options();
            o.vcov = types[t];
            PlInference in = must_infer("fixed_effects", &s, &o);
            cr_expect(epsilon_eq(dbl, in.estimate, cases[i].estimate, 1e-13), "%.17g", in.estimate);
            cr_expect(near(in.std_error, expected[t][0], 1e-11), "%zu %zu: %.17g", i, t, in.std_error);
            cr_expect(near(in.df, expected[t][1], 1e-10), "%zu %zu: df %.17g", i, t, in.df);
            cr_expect(near(in.p_value, expected[t][2], 1e-11), "%zu %zu: p %.17g", i, t, in.p_value);
            cr_expect(near(in.conf_low, expected[t][3], 1e-11) && near(in.conf_high, expected[t][4], 1e-11));
        }
        PlMethodOptions o = unset_options();
        o.vcov = PL_VCOV_IID;
        PlArena arena = {0};
        PlAnswer answer;
        const PlAnswerRow *row = must_answer("fixed_effects", &s, &o, &arena, &answer);
        cr_expect(near(row->in.std_error, cases[i].iid[0], 1e-11) && row->in.df == cases[i].iid[1]);
        cr_expect(near(row->in.p_value, cases[i].iid[2], 1e-11) && row->in.n == d.n);
        cr_expect(near(figure(row, "r_squared_within"), cases[i].r_squared, 1e-8));
        cr_expect(figure(row, "n_units") == FORMULA_UNITS && figure(row, "n_times") == FORMULA_TIMES);
        cr_expect(figure(row, "n_clusters") == (cases[i].by_pair ? FORMULA_UNITS / 2 : FORMULA_UNITS));
        pl_arena_clear(&arena);
    }
}

/* Two groups, before and after: a difference of differences of means. */
Test(stats_fixed_effects, two_by_two) {
    const double y[] = {1, 4, 2, 6, 3, 3.5, 5, 5}, x[] = {0, 1, 0, 1, 0, 0, 0, 0};
    const size_t unit[] = {0, 0, 1, 1, 2, 2, 3, 3}, time[] = {0, 1, 0, 1, 0, 1, 0, 1};
    PlSample s = {.rows = 8};
    s.roles[PL_X] = numbers("y", y);
    s.roles[PL_TREATED] = numbers("treated", x);
    s.roles[PL_UNIT] = levels("unit", unit, 4, NULL);
    s.roles[PL_TIME] = levels("time", time, 2, NULL);
    PlMethodOptions o = unset_options();
    PlInference in = must_infer("fixed_effects", &s, &o);
    /* Changes 3, 4 and .5, 0: CR2 is Welch's test of them. */
    cr_assert(near(in.estimate, 3.25, 1e-14));
    cr_assert(near(in.std_error, sqrt(.25 + .0625), 1e-13), "%.17g", in.std_error);
}

/* Ten patients, two drugs: with the pairs' effects the test is Student's paired one. */
Test(stats_fixed_effects, pairs_give_the_paired_t_test) {
    size_t unit[20], pair[20], time[20] = {0};
    double drug[20], d[10];
    for (size_t r = 0; r < 20; r++) {
        unit[r] = r;
        pair[r] = r % 10;
        drug[r] = r >= 10;
        d[r % 10] = sleep_hours[10 + r % 10] - sleep_hours[r % 10];
    }
    PlSample s = {.rows = 20};
    s.roles[PL_X] = numbers("hours", sleep_hours);
    s.roles[PL_TREATED] = numbers("drug", drug);
    s.roles[PL_UNIT] = levels("night", unit, 20, NULL);
    s.roles[PL_TIME] = levels("time", time, 1, NULL);
    s.roles[PL_PAIR] = levels("patient", pair, 10, NULL);
    PlInference t = must_run("paired_t", d, 10, two_sided_95);
    const PlVcov types[] = {PL_VCOV_DEFAULT, PL_VCOV_CR1, PL_VCOV_CR1S};
    for (size_t i = 0; i < 3; i++) {
        PlMethodOptions o = unset_options();
        o.vcov = types[i];
        PlInference in = must_infer("fixed_effects", &s, &o);
        cr_expect(near(in.std_error, t.std_error, 1e-13) && near(in.df, 9, 1e-12));
        cr_expect(near(in.p_value, t.p_value, 1e-11) && near(in.conf_low, t.conf_low, 1e-12));
    }
    PlMethodOptions o = unset_options();
    s.roles[PL_CLUSTER] = levels("night", unit, 20, NULL);
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "night"), PL_NESTED_CLUSTERS));
    s.roles[PL_CLUSTER] = levels("patient", pair, 10, NULL);
    cr_assert(near(must_infer("fixed_effects", &s, &o).std_error, t.std_error, 1e-13));
}

Test(stats_fixed_effects, shift_scale_order_and_threads) {
    for (int gaps = 0; gaps < 2; gaps++) {
        FormulaPanel d = formula_panel(gaps, false), other = d;
        PlSample s = formula_sample(&d), t = formula_sample(&other);
        PlMethodOptions o = unset_options();
        PlInference base = must_infer("fixed_effects", &s, &o);
        const double scale[] = {1e-300, 1e300, -3};
        for (size_t i = 0; i < 3; i++) {
            for (size_t r = 0; r < d.n; r++)
                other.y[r] = d.y[r] * scale[i];
            PlInference in = must_infer("fixed_effects", &t, &o);
            cr_expect(near(in.std_error / fabs(scale[i]), base.std_error, 1e-12), "%g", in.std_error);
            cr_expect(near(in.estimate / scale[i], base.estimate, 1e-11));
            cr_expect(near(in.p_value, base.p_value, 1e-11));
        }
        for (size_t r = 0; r < d.n; r++)
            other.y[r] = d.y[r] + 1000 + (double)d.unit[r] * 17 - (double)d.time[r] * 5;
        PlInference shifted = must_infer("fixed_effects", &t, &o);
        cr_expect(near(shifted.std_error, base.std_error, 1e-11));
        for (size_t r = 0; r < d.n; r++) {
            size_t from = (r * 31 + 5) % d.n; /* 31 divides neither number of rows */
            other.y[r] = d.y[from];
            other.x[r] = d.x[from];
            other.unit[r] = d.unit[from];
            other.time[r] = d.time[from];
        }
        PlInference turned = must_infer("fixed_effects", &t, &o);
        cr_expect(near(turned.std_error, base.std_error, 1e-12) && near(turned.df, base.df, 1e-11));
        for (int threads = 2; threads <= 3; threads++) {
            o.inference.threads = threads;
            PlInference in = must_infer("fixed_effects", &s, &o);
            cr_expect(in.std_error == base.std_error && in.df == base.df && in.estimate == base.estimate);
        }
    }
}

Test(stats_fixed_effects, interval_and_p_agree) {
    FormulaPanel d = formula_panel(true, false);
    PlSample s = formula_sample(&d);
    for (int shift = -8; shift <= 8; shift++) {
        FormulaPanel moved = d;
        for (size_t r = 0; r < d.n; r++)
            moved.y[r] += d.x[r] * shift;
        s.roles[PL_X] = numbers("sales", moved.y);
        for (size_t a = 0; a < 3; a++) {
            PlMethodOptions o = unset_options();
            o.inference.alternative = alternatives[a];
            PlInference in = must_infer("fixed_effects", &s, &o);
            bool rejected = in.p_value <= 1 - in.conf_level, outside = in.conf_low > 0 || in.conf_high < 0;
            cr_expect(eq(int, rejected, outside), "%d: p %g [%g, %g]", shift, in.p_value, in.conf_low,
                      in.conf_high);
        }
    }
}

Test(stats_fixed_effects, one_treated_cluster_gets_an_estimate_and_a_reason) {
    FormulaPanel d = formula_panel(true, false);
    PlSample s = formula_sample(&d);
    for (size_t r = 0; r < d.n; r++)
        d.x[r] = d.unit[r] == 3 && d.time[r] >= 5;
    const PlVcov types[] = {PL_VCOV_DEFAULT, PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR1S, PL_VCOV_CR3};
    for (size_t i = 0; i < 5; i++) {
        PlMethodOptions o = unset_options();
        o.vcov = types[i];
        PlArena arena = {0};
        PlAnswer answer;
        const PlAnswerRow *row = must_answer("fixed_effects", &s, &o, &arena, &answer);
        cr_expect(row->lacks == (PL_LACKS_P | PL_LACKS_INTERVAL) && row->reason &&
                  isfinite(row->in.estimate));
        cr_expect(row->in.has == 0);
        pl_arena_clear(&arena);
    }
    PlMethodOptions o = unset_options();
    o.vcov = PL_VCOV_IID;
    cr_assert(must_infer("fixed_effects", &s, &o).std_error > 0);
}

Test(stats_fixed_effects, refusals) {
    FormulaPanel d = formula_panel(true, false);
    PlMethodOptions o = unset_options();
    PlSample s = formula_sample(&d);
    const size_t one[FORMULA_ROWS] = {0};
    double x[FORMULA_ROWS], y[FORMULA_ROWS];
    s.roles[PL_TREATED] = numbers("promo", x);
    for (size_t r = 0; r < d.n; r++)
        x[r] = 0;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "promo"), PL_NO_TREATED));
    for (size_t r = 0; r < d.n; r++)
        x[r] = 1;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "promo"), PL_NO_CONTROL));
    x[3] = .5;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "promo"), PL_NOT_BINARY));
    x[3] = NAN;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "promo"), PL_NOT_BINARY));
    for (size_t r = 0; r < d.n; r++)
        x[r] = d.unit[r] < 5;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "promo"), PL_SINGULAR));
    for (size_t r = 0; r < d.n; r++)
        x[r] = d.time[r] >= 5;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "promo"), PL_SINGULAR));
    s = formula_sample(&d);
    s.roles[PL_UNIT] = levels("store", one, 1, NULL);
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "store"), PL_ONE_LEVEL));
    s = formula_sample(&d);
    s.roles[PL_TIME] = levels("week", one, 1, NULL);
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "week"), PL_ONE_LEVEL));
    s = formula_sample(&d);
    s.roles[PL_CLUSTER] = levels("region", one, 1, NULL);
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "region"), PL_ONE_LEVEL));
    s = formula_sample(&d);
    s.roles[PL_X] = numbers("sales", y);
    for (size_t r = 0; r < d.n; r++)
        y[r] = 7;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "sales"), PL_NO_VARIANCE));
    for (size_t r = 0; r < d.n; r++)
        y[r] = (double)d.unit[r] / 3 + (double)d.time[r] * .1 + d.x[r];
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "sales"), PL_NO_VARIANCE));
    y[5] = INFINITY;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, "sales"), PL_NOT_FINITE));
    s = formula_sample(&d);
    o.inference.conf_level = 1;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, NULL), PL_BAD_ARGUMENT));
    o = unset_options();
    s.rows = 0;
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, NULL), PL_TOO_FEW));
}

/* Three rows are fitted exactly. */
Test(stats_fixed_effects, too_few_rows) {
    const double y[] = {1, 2, 3, 5}, x[] = {0, 0, 0, 1};
    const size_t unit[] = {0, 0, 1, 1}, time[] = {0, 1, 0, 1};
    PlSample s = {.rows = 4};
    s.roles[PL_X] = numbers("y", y);
    s.roles[PL_TREATED] = numbers("treated", x);
    s.roles[PL_UNIT] = levels("unit", unit, 2, NULL);
    s.roles[PL_TIME] = levels("time", time, 2, NULL);
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)refusal_of("fixed_effects", &s, &o, NULL), PL_TOO_FEW));
}

/* Of nine clusters five have rows that the effects explain (units seen once, mostly): what is left of the
 * treatment there is rounding, and the effect does not rest on such a cluster. */
Test(stats_fixed_effects, a_cluster_that_the_effects_explain_is_not_what_it_rests_on) {
    enum { ROWS = 19 };
    const size_t unit[ROWS] = {0, 8, 7, 2, 6, 6, 0, 5, 2, 1, 2, 4, 8, 3, 6, 1, 7, 1, 6};
    const size_t time[ROWS] = {4, 7, 1, 2, 3, 3, 4, 5, 5, 1, 0, 0, 3, 0, 0, 4, 6, 4, 7};
    const size_t cluster[ROWS] = {0, 8, 7, 2, 6, 6, 0, 5, 2, 1, 2, 4, 8, 3, 6, 1, 7, 1, 6};
    const double x[ROWS] = {0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1};
    double y[ROWS];
    for (size_t r = 0; r < ROWS; r++)
        y[r] = (double)(r * 37 % 11);
    PlSample s = {.rows = ROWS};
    s.roles[PL_X] = numbers("y", y);
    s.roles[PL_TREATED] = numbers("x", x);
    s.roles[PL_UNIT] = levels("unit", unit, 9, NULL);
    s.roles[PL_TIME] = levels("time", time, 8, NULL);
    s.roles[PL_CLUSTER] = levels("cluster", cluster, 9, NULL);
    const PlVcov types[] = {PL_VCOV_CR2, PL_VCOV_CR3, PL_VCOV_CR0};
    for (size_t i = 0; i < 3; i++) {
        PlMethodOptions o = unset_options();
        o.vcov = types[i];
        PlInference in = must_infer("fixed_effects", &s, &o);
        cr_expect(in.std_error > 0 && in.df > 1, "%g, df %g", in.std_error, in.df);
    }
}
