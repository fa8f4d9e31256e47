/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel_data.h"

#include "pairlift/stats/synthetic_control.h"

static PlPanelMatrix matrix_of(const double *y, size_t units, size_t controls, size_t times, size_t before) {
    return (PlPanelMatrix){
        .n_units = units, .n_controls = controls, .n_times = times, .n_before = before, .y = y};
}

/* tests/reference/stats/synthetic.py, "small". */
Test(stats_synthetic_control, two_treated_of_eight) {
    PanelRows p = small_rows();
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .9;
    PlAnswer a = must_answer("synthetic_control", &p.sample, o, &p.arena);
    const PlAnswerRow *row = row_of(&a, NULL);
    cr_assert(near(row->in.estimate, 3.1452808657732989, 1e-12), "%.17g", row->in.estimate);
    cr_assert(near(figure(row, "rmspe_before"), 0.033895856261413712, 1e-11));
    cr_assert(near(figure(row, "rmspe_during"), 3.1815482062420024, 1e-12));
    cr_assert(near(figure(row, "rmspe_ratio"), 93.862452734784753, 1e-11));
    cr_assert(near(row->in.std_error, 2.9073335924032095, 1e-11));
    cr_assert(row->in.p_value == 1. / 16 && figure(row, "smallest_p") == 1. / 16);
    cr_assert(figure(row, "n_placebos") == 15 && row->in.resamples == 0 && row->in.n == 80);
    pl_arena_clear(&p.arena);
}

Test(stats_synthetic_control, weights_of_two_treated_of_eight) {
    const double w[] = {0.067001587531233975, 0.38918751956975123, 0.1232606988678986,
                        0.28633056271254975,  0.13421963131856637, 0};
    PlPanelMatrix m = matrix_of(small_panel, 8, 6, 10, 6);
    PlArena arena = {0};
    PlSyntheticControl fit;
    cr_assert(pl_synthetic_control(&m, &arena, &fit) == PL_OK);
    for (size_t u = 0; u < 6; u++)
        cr_assert(near(fit.weights[u], w[u], 1e-11), "%zu", u);
    for (size_t t = 0; t < 10; t++) {
        double actual = (small_panel[60 + t] + small_panel[70 + t]) / 2, synthetic = 0;
        for (size_t u = 0; u < 6; u++)
            synthetic += w[u] * small_panel[u * 10 + t];
        cr_assert(near(fit.actual[t], actual, 1e-14) && near(fit.synthetic[t], synthetic, 1e-12));
    }
    pl_arena_clear(&arena);
}

Test(stats_synthetic_control, proposition_99) {
    json_t *root = load_expected("synth.json"), *expected = json_object_get(root, "prop99");
    PlArena arena = {0};
    TextTable t;
    PlSample sample = california(&t, &arena);
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .9;
    PlAnswer a = must_answer("synthetic_control", &sample, o, &arena);
    const PlAnswerRow *row = row_of(&a, NULL);
    cr_assert(near(row->in.estimate, number_at(expected, "tau_sc"), 1e-10), "%.17g", row->in.estimate);
    cr_assert(near(figure(row, "rmspe_before"), number_at(expected, "pre_rmse_sc"), 1e-10));
    /* tests/reference/stats/synthetic.py, "prop99" */
    cr_assert(near(row->in.estimate, -19.513629768420859, 1e-12));
    cr_assert(near(row->in.statistic, 12.439968869612672, 1e-11));
    cr_assert(near(row->in.std_error, 10.63304572952209, 1e-11));
    cr_assert(near(row->in.p_value, 3. / 39, 1e-15));
    cr_assert(near(row->in.conf_low, -32.985285339356984, 1e-10));
    cr_assert(near(row->in.conf_high, -6.0419741974847341, 1e-10));
    pl_arena_clear(&arena);
    free_table(&t);
    json_decref(root);
}

Test(stats_synthetic_control, weights_of_the_shared_reference) {
    json_t *root = load_expected("synth.json");
    const json_t *sets[] = {json_object_get(root, "prop99"),
                            json_object_get(json_object_get(root, "geolift"), "sdid")};
    for (size_t s = 0; s < 2; s++) {
        PlArena arena = {0};
        TextTable t;
        PlSample sample = s ? geolift(&t, &arena) : california(&t, &arena);
        PlAnswer answer = {.arena = &arena};
        PlPanelMatrix m;
        PlSyntheticControl fit;
        cr_assert(pl_panel_matrix(&sample, &answer, &m) == PL_OK);
        cr_assert(pl_synthetic_control(&m, &arena, &fit) == PL_OK);
        cr_assert(near(fit.effect, number_at(sets[s], "tau_sc"), 1e-9), "%.17g", fit.effect);
        for (size_t u = 0; u < m.n_controls; u++) {
            json_t *w = json_object_get(json_object_get(sets[s], "sc_weights"), m.units[u]);
            cr_assert(epsilon_eq(dbl, fit.weights[u], w ? json_number_value(w) : 0, 1e-10), "%s", m.units[u]);
        }
        pl_arena_clear(&arena);
        free_table(&t);
    }
    json_decref(root);
}

/* Controls and one treated unit that follow common waves, with noise and an effect. */
static void waves(double *y, size_t units, size_t times, size_t before, double effect, uint64_t seed) {
    PlRng rng = pl_rng_stream(seed, 0);
    for (size_t u = 0; u < units; u++) {
        double level = 50 + 20 * pl_rng_uniform(&rng), swing = 5 * pl_rng_uniform(&rng);
        for (size_t t = 0; t < times; t++)
            y[u * times + t] = level + swing * sin((double)t / 3) + normal_draw(&rng) +
                               (u + 1 == units && t >= before ? effect : 0);
    }
}

/* The null value is outside of the interval exactly when p says so; without one, the reason is given. */
Test(stats_synthetic_control, interval_and_p_agree) {
    double y[25 * 30];
    size_t with = 0, rejected = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        waves(y, 25, 30, 20, (double)(seed % 5), seed);
        for (size_t i = 0; i < 9; i++) {
            PanelRows p = panel_rows(y, 25, 24, 30, 20);
            PlMethodOptions o = unset_options();
            o.inference.alternative = alternatives[i / 3];
            o.inference.conf_level = (const double[]){.5, .9, .96}[i % 3];
            PlAnswer a = must_answer("synthetic_control", &p.sample, o, &p.arena);
            const PlInference *in = &a.rows[0].in;
            bool outside = in->conf_low > 0 || in->conf_high < 0, says = in->p_value <= 1 - in->conf_level;
            if (a.rows[0].lacks) {
                cr_assert(a.rows[0].lacks == PL_LACKS_INTERVAL && a.rows[0].reason != NULL);
            } else {
                cr_assert(eq(int, outside, says), "seed %zu: p %g [%g, %g]", (size_t)seed, in->p_value,
                          in->conf_low, in->conf_high);
                cr_assert(in->conf_low <= in->estimate && in->estimate <= in->conf_high);
                with++;
            }
            rejected += says;
            pl_arena_clear(&p.arena);
        }
    }
    cr_assert(with > 100 && rejected > 50, "%zu with an interval, %zu rejected", with, rejected);
}

/* Limits are where p changes: moving the data by a limit brings p over the level. */
Test(stats_synthetic_control, limits_are_where_the_test_changes) {
    double y[25 * 30];
    for (size_t i = 0; i < 3; i++) {
        waves(y, 25, 30, 20, 2, 77);
        PlMethodOptions o = unset_options();
        o.inference.alternative = alternatives[i];
        o.inference.conf_level = .8;
        PanelRows p = panel_rows(y, 25, 24, 30, 20);
        PlInference base = must_answer("synthetic_control", &p.sample, o, &p.arena).rows[0].in;
        pl_arena_clear(&p.arena);
        const double limits[] = {base.conf_low, base.conf_high};
        for (size_t k = 0; k < 2; k++)
            for (int side = -1; side <= 1 && isfinite(limits[k]); side += 2) {
                double by = limits[k] + side * 1e-6;
                p = panel_rows(y, 25, 24, 30, 20);
                for (size_t t = 20; t < 30; t++)
                    p.x[24 * 30 + t] -= by;
                PlInference moved = must_answer("synthetic_control", &p.sample, o, &p.arena).rows[0].in;
                bool within = base.conf_low < by && by < base.conf_high;
                cr_assert(eq(int, moved.p_value > 1 - .8, within), "%zu %zu %d: %g", i, k, side,
                          moved.p_value);
                pl_arena_clear(&p.arena);
            }
    }
}

Test(stats_synthetic_control, the_same_for_any_number_of_threads) {
    static double y[60 * 80];
    waves(y, 60, 80, 60, 2, 5);
    PlInference first = {0};
    for (int threads = 1; threads <= 3; threads++) {
        PanelRows p = panel_rows(y, 60, 57, 80, 60);
        PlMethodOptions o = unset_options();
        o.inference.threads = threads;
        PlAnswer a = must_answer("synthetic_control", &p.sample, o, &p.arena);
        PlInference in = a.rows[0].in;
        cr_assert(eq(sz, in.resamples, 999)); /* 29,260 groups of three: drawn */
        if (threads > 1)
            cr_assert(memcmp(&in, &first, sizeof in) == 0);
        first = in;
        pl_arena_clear(&p.arena);
    }
}

Test(stats_synthetic_control, what_cannot_be_tested_is_said) {
    PanelRows p = panel_rows(small_panel, 3, 1, 10, 6); /* one control, two treated */
    PlAnswer a = must_answer("synthetic_control", &p.sample, unset_options(), &p.arena);
    cr_assert(a.rows[0].lacks == (PL_LACKS_P | PL_LACKS_INTERVAL) && a.rows[0].reason != NULL);
    double difference = 0;
    for (size_t t = 6; t < 10; t++)
        difference += ((small_panel[10 + t] + small_panel[20 + t]) / 2 - small_panel[t]) / 4;
    cr_assert(near(a.rows[0].in.estimate, difference, 1e-13));
    pl_arena_clear(&p.arena);

    p = small_rows(); /* the treated are the mean of two controls before */
    for (size_t t = 0; t < 6; t++)
        p.x[60 + t] = p.x[70 + t] = (p.x[t] + p.x[10 + t]) / 2;
    a = must_answer("synthetic_control", &p.sample, unset_options(), &p.arena);
    cr_assert(a.rows[0].lacks == (PL_LACKS_P | PL_LACKS_INTERVAL) && strstr(a.rows[0].reason, "equals"));
    pl_arena_clear(&p.arena);

    p = panel_rows(small_panel, 7, 6, 10, 6); /* 1/7 > .05 */
    a = must_answer("synthetic_control", &p.sample, unset_options(), &p.arena);
    cr_assert(a.rows[0].lacks == PL_LACKS_INTERVAL && strstr(a.rows[0].reason, "too few placebos"));
    pl_arena_clear(&p.arena);

    p = panel_rows(small_panel, 7, 6, 10, 6);
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .8; /* tests/reference/stats/synthetic.py: no interval */
    a = must_answer("synthetic_control", &p.sample, o, &p.arena);
    cr_assert(a.rows[0].lacks == PL_LACKS_INTERVAL && strstr(a.rows[0].reason, "No constant effect"));
    cr_assert(near(a.rows[0].in.p_value, 1. / 7, 1e-15));
    cr_assert(near(a.rows[0].in.estimate, 2.8003612605477954, 1e-12));
    pl_arena_clear(&p.arena);
}

/* Placebos that follow each other exactly have no ratio; they count as larger. */
Test(stats_synthetic_control, equal_controls_are_no_evidence) {
    double y[6 * 8];
    for (size_t u = 0; u < 6; u++)
        for (size_t t = 0; t < 8; t++)
            y[u * 8 + t] = (double)(t * t % 5) + (u == 5 ? .25 * (double)(t % 3) + (t >= 5 ? 9 : 0) : 0);
    PanelRows p = panel_rows(y, 6, 5, 8, 5);
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .5;
    PlAnswer a = must_answer("synthetic_control", &p.sample, o, &p.arena);
    cr_assert(a.rows[0].in.p_value == 1 && a.rows[0].lacks == PL_LACKS_INTERVAL);
    cr_assert(strstr(a.rows[0].reason, "infinite") != NULL);
    pl_arena_clear(&p.arena);
}

Test(stats_synthetic_control, placebo_groups_are_all_different) {
    PlInferenceOptions o = two_sided_95;
    PlPlacebos all = pl_placebos(7, 3, &o), drawn = pl_placebos(40, 4, &o), none = pl_placebos(3, 3, &o);
    cr_assert(all.all && all.count == 35 && !drawn.all && drawn.count == 999 && none.count == 0);
    bool seen[128] = {false};
    for (size_t i = 0; i < all.count; i++) {
        size_t order[7], members = 0, everyone = 0;
        pl_placebo_group(&all, i, order);
        for (size_t k = 0; k < 7; k++) {
            members |= k < 3 ? (size_t)1 << order[k] : 0;
            everyone |= (size_t)1 << order[k];
        }
        cr_assert(everyone == 127 && !seen[members]);
        seen[members] = true;
    }
}
