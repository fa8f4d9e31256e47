/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel_data.h"

#include "pairlift/stats/synthetic_did.h"

/* tests/reference/stats/synthetic.py, "did small". */
Test(stats_synthetic_did, two_treated_of_eight) {
    const double error[] = {0.55081931505330317, 0.55081931505330317, 0.15203688400125279};
    for (PlErrors e = PL_ERRORS_DEFAULT; e <= PL_ERRORS_JACKKNIFE; e++) {
        PanelRows p = small_rows();
        PlMethodOptions o = unset_options();
        o.errors = e;
        PlAnswer a = must_answer("synthetic_did", &p.sample, o, &p.arena);
        const PlInference *in = &row_of(&a, NULL)->in;
        cr_assert(near(in->estimate, 3.066540654419454, 1e-12), "%.17g", in->estimate);
        cr_assert(near(in->std_error, error[e], 1e-11), "%.17g", in->std_error);
        cr_assert(near(in->statistic, in->estimate / in->std_error, 1e-14));
        cr_assert(near(in->conf_low, in->estimate - 1.959963984540054 * in->std_error, 1e-12));
        cr_assert(near(in->conf_high, in->estimate + 1.959963984540054 * in->std_error, 1e-12));
        cr_assert(near(in->p_value, erfc(in->statistic / sqrt(2)), 1e-9));
        cr_assert(in->resamples == 0 && in->n == 80);
        pl_arena_clear(&p.arena);
    }
}

Test(stats_synthetic_did, weights_of_two_treated_of_eight) {
    const double w[] = {0.15346458282067466, 0.17375490217786391, 0.15864826617402344,
                        0.18337171387854462, 0.16085417251002337, 0.16990636243886989};
    const double l[] = {0.18812949957176095, 0, 0.17116977013780993, 0.23365143117471879,
                        0.40704929911571031, 0};
    PlPanelMatrix m = {.n_units = 8, .n_controls = 6, .n_times = 10, .n_before = 6, .y = small_panel};
    PlArena arena = {0};
    PlSyntheticDid fit;
    cr_assert(pl_synthetic_did(&m, &arena, &fit) == PL_OK);
    for (size_t i = 0; i < 6; i++)
        cr_assert(near(fit.unit_weights[i], w[i], 1e-12) && near(fit.time_weights[i], l[i], 1e-12), "%zu", i);
    pl_arena_clear(&arena);
}

/* expected/synth.json and the package's own digits in synthdid_reference.json, which stops early. */
Test(stats_synthetic_did, shared_reference) {
    json_t *root = load_expected("synth.json");
    const json_t *sets[] = {json_object_get(root, "prop99"),
                            json_object_get(json_object_get(root, "geolift"), "sdid")};
    for (size_t s = 0; s < 2; s++) {
        PlArena arena = {0};
        TextTable t;
        PlSample sample = s ? geolift(&t, &arena) : california(&t, &arena);
        PlAnswer answer = {.arena = &arena};
        PlPanelMatrix m;
        PlSyntheticDid fit;
        cr_assert(pl_panel_matrix(&sample, &answer, &m) == PL_OK);
        cr_assert(pl_synthetic_did(&m, &arena, &fit) == PL_OK);
        cr_assert(near(fit.effect, number_at(sets[s], "tau_sdid"), 1e-11), "%.17g", fit.effect);
        cr_assert(near(fit.did, number_at(sets[s], "tau_did"), 1e-12));
        cr_assert(near(fit.noise, number_at(sets[s], "noise_level"), 1e-13));
        cr_assert(near(fit.zeta_units, number_at(sets[s], "zeta_omega"), 1e-13));
        cr_assert(near(fit.zeta_times, number_at(sets[s], "zeta_lambda"), 1e-13));
        for (size_t u = 0; u < m.n_controls; u++) {
            json_t *w = json_object_get(json_object_get(sets[s], "omega"), m.units[u]);
            cr_assert(epsilon_eq(dbl, fit.unit_weights[u], w ? json_number_value(w) : 0, 1e-12));
        }
        for (size_t u = 0; u < m.n_before; u++) {
            json_t *w = json_object_get(json_object_get(sets[s], "lambda"), m.times[u]);
            cr_assert(epsilon_eq(dbl, fit.time_weights[u], w ? json_number_value(w) : 0, 1e-10));
        }
        pl_arena_clear(&arena);
        free_table(&t);
    }
    json_decref(root);
}

Test(stats_synthetic_did, proposition_99_and_its_placebos) {
    json_t *root = load_expected("synth.json"), *package = load_expected("synthdid_reference.json");
    const json_t *placebo = json_object_get(json_object_get(root, "prop99"), "placebo_sdid");
    PlArena arena = {0};
    TextTable t;
    PlSample sample = california(&t, &arena);
    PlAnswer a = must_answer("synthetic_did", &sample, unset_options(), &arena);
    const PlAnswerRow *row = row_of(&a, NULL);
    cr_assert(near(row->in.std_error, number_at(placebo, "sd_ddof0"), 1e-11), "%.17g", row->in.std_error);
    cr_assert(epsilon_eq(dbl, row->in.estimate, number_at(package, "synthdid_tight_tolerance"), 2e-4));
    cr_assert(epsilon_eq(dbl, row->in.estimate, -15.60383, 2e-3));
    cr_assert(near(figure(row, "did"), -27.34911108361496, 1e-12));
    cr_assert(figure(row, "n_placebos") == 38 && row->in.resamples == 0);
    pl_arena_clear(&arena);
    free_table(&t);
    json_decref(root);
    json_decref(package);
}

/* tests/reference/stats/synthetic.py, "did geolift": all 703 pairs of cities, and each unit left out. */
Test(stats_synthetic_did, errors_of_two_cities) {
    PlArena arena = {0};
    TextTable t;
    PlSample sample = geolift(&t, &arena);
    PlMethodOptions o = unset_options();
    PlAnswer a = must_answer("synthetic_did", &sample, o, &arena);
    cr_assert(near(a.rows[0].in.estimate, 236.18519238361907, 1e-12));
    o.inference.resamples = 703;
    a = must_answer("synthetic_did", &sample, o, &arena);
    cr_assert(near(a.rows[0].in.std_error, 262.44641424047165, 1e-9), "%.17g", a.rows[0].in.std_error);
    o.errors = PL_ERRORS_JACKKNIFE;
    a = must_answer("synthetic_did", &sample, o, &arena);
    cr_assert(near(a.rows[0].in.std_error, 365.13408296095338, 1e-11), "%.17g", a.rows[0].in.std_error);
    pl_arena_clear(&arena);
    free_table(&t);
}

/* Drawn groups and resamples: near the value of all of them, and the same for any number of threads. */
Test(stats_synthetic_did, draws_are_the_same_for_any_number_of_threads) {
    static double y[60 * 80];
    PlRng rng = pl_rng_stream(8, 8);
    for (size_t i = 0; i < 60 * 80; i++)
        y[i] = 10 + (double)(i / 80) + sin((double)(i % 80) / 5) * (double)(i / 80 % 7) + normal_draw(&rng);
    for (PlErrors e = PL_ERRORS_PLACEBO; e <= PL_ERRORS_BOOTSTRAP; e++) {
        PlInference first = {0};
        for (int threads = 1; threads <= 3; threads++) {
            PanelRows p = panel_rows(y, 60, 57, 80, 60);
            PlMethodOptions o = unset_options();
            o.errors = e;
            o.inference.threads = threads;
            o.inference.resamples = 500;
            PlInference in = must_answer("synthetic_did", &p.sample, o, &p.arena).rows[0].in;
            cr_assert(eq(sz, in.resamples, e == PL_ERRORS_JACKKNIFE ? 0 : 500));
            cr_assert(in.std_error > .05 && in.std_error < 2, "%g", in.std_error);
            if (threads > 1)
                cr_assert(memcmp(&in, &first, sizeof in) == 0);
            first = in;
            pl_arena_clear(&p.arena);
        }
    }
}

Test(stats_synthetic_did, a_bootstrap_comes_near_the_other_errors) {
    PanelRows p = small_rows();
    PlMethodOptions o = unset_options();
    o.errors = PL_ERRORS_BOOTSTRAP;
    o.inference.resamples = 2000;
    PlInference in = must_answer("synthetic_did", &p.sample, o, &p.arena).rows[0].in;
    cr_assert(in.std_error > .1 && in.std_error < .6, "%g", in.std_error);
    o.inference.resamples = 1;
    PlAnswer answer;
    cr_assert(run_answer("synthetic_did", &p.sample, &o, &p.arena, &answer) == PL_BAD_ARGUMENT);
    pl_arena_clear(&p.arena);
}

static void must_lack(PanelRows *p, PlErrors errors, const char *words) {
    PlMethodOptions o = unset_options();
    o.errors = errors;
    PlAnswer a = must_answer("synthetic_did", &p->sample, o, &p->arena);
    cr_assert(a.rows[0].lacks == (PL_LACKS_P | PL_LACKS_INTERVAL) && isfinite(a.rows[0].in.estimate));
    cr_assert(a.rows[0].reason && strstr(a.rows[0].reason, words), "%s", a.rows[0].reason);
    pl_arena_clear(&p->arena);
}

Test(stats_synthetic_did, errors_that_are_not_defined_are_said) {
    PanelRows p = panel_rows(small_panel, 7, 6, 10, 6);
    must_lack(&p, PL_ERRORS_JACKKNIFE, "jackknife is not defined");
    p = panel_rows(small_panel, 7, 6, 10, 6);
    must_lack(&p, PL_ERRORS_BOOTSTRAP, "bootstrap is not defined");
    p = panel_rows(small_panel, 8, 4, 10, 6);
    must_lack(&p, PL_ERRORS_PLACEBO, "more controls than treated");
    p = panel_rows(small_panel, 2, 1, 10, 6);
    must_lack(&p, PL_ERRORS_DEFAULT, "no error can be estimated");
    p = panel_rows(small_panel, 3, 1, 10, 6);
    must_lack(&p, PL_ERRORS_DEFAULT, "all the weight");
    p = small_rows();
    for (size_t r = 0; r < 80; r++)
        p.x[r] = 5 * (double)(r / 10) + (double)(r % 10);
    must_lack(&p, PL_ERRORS_DEFAULT, "do not differ");
}

/* Jackknife is the default with as many treated as controls. */
Test(stats_synthetic_did, the_default_error_is_one_that_is_defined) {
    PanelRows p = panel_rows(small_panel, 8, 4, 10, 6);
    PlMethodOptions o = unset_options();
    PlInference by_default = must_answer("synthetic_did", &p.sample, o, &p.arena).rows[0].in;
    o.errors = PL_ERRORS_JACKKNIFE;
    PlInference jackknife = must_answer("synthetic_did", &p.sample, o, &p.arena).rows[0].in;
    cr_assert(memcmp(&by_default, &jackknife, sizeof jackknife) == 0);
    pl_arena_clear(&p.arena);
}

Test(stats_synthetic_did, one_time_before_is_too_few) {
    PanelRows p = panel_rows(small_panel, 8, 6, 10, 1);
    must_refuse("synthetic_did", &p, PL_NO_BEFORE, "treated");
}

Test(stats_synthetic_did, interval_and_p_agree) {
    for (size_t i = 0; i < 200; i++) {
        PanelRows p = small_rows();
        PlMethodOptions o = unset_options();
        o.inference.alternative = alternatives[i % 3];
        o.inference.conf_level = .5 + .49 * (double)i / 200;
        for (size_t r = 60; r < 80; r++)
            p.x[r] -= r % 10 >= 6 ? (double)(i % 11) / 2 : 0;
        PlInference in = must_answer("synthetic_did", &p.sample, o, &p.arena).rows[0].in;
        bool outside = in.conf_low > 0 || in.conf_high < 0;
        cr_assert(eq(int, in.p_value <= 1 - in.conf_level, outside));
        cr_assert(in.conf_low <= in.estimate && in.estimate <= in.conf_high);
        pl_arena_clear(&p.arena);
    }
}
