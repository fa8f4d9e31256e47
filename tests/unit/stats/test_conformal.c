/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel_data.h"

#include "pairlift/stats/conformal.h"

/* methods.md: against the own mean; the 90 % set on a .01 grid is [1.03, 3.92]. By hand: the ends are where
 * the during sum meets that of ten, nine, ... windows. */
static const double own[12] = {1, -.5, .3, .8, -1.1, .2, -.4, .6, -.2, .1, 2.5, 2};

Test(stats_conformal, against_the_own_mean) {
    PlArena arena = {0};
    PlConformal c;
    double p;
    cr_assert(pl_conformal_mean(own, 12, 10, .9, &arena, &c) == PL_OK);
    cr_assert(near(c.p_value, 1. / 12, 1e-15));
    cr_assert(near(c.effect, 2.17, 1e-14) && near(c.p_at_effect, 10. / 12, 1e-15));
    cr_assert(epsilon_eq(dbl, c.low, 1.03, 1e-10), "%.17g", c.low);
    cr_assert(epsilon_eq(dbl, c.high, 3.925, 1e-10), "%.17g", c.high);
    cr_assert(pl_conformal_mean_p(own, 12, 10, 2, &arena, &p) == PL_OK);
    cr_assert(near(p, 10. / 12, 1e-15));
    size_t accepted = 0;
    for (int i = -500; i < 900; i++) {
        double at = i / 100.;
        cr_assert(pl_conformal_mean_p(own, 12, 10, at, &arena, &p) == PL_OK);
        cr_assert(p <= .1 || (i >= 103 && i <= 392), "%g", at);
        accepted += p > .1;
    }
    cr_assert(eq(sz, accepted, 290));
    pl_arena_clear(&arena);
}

/* More times during than before: far off, the windows before stand out as much. */
Test(stats_conformal, a_set_without_an_end) {
    const double y[] = {1, 2, 1.5, 1.8, 1.2, 1.1, 1.9, 1.4};
    PlArena arena = {0};
    PlConformal c;
    cr_assert(pl_conformal_mean(y, 8, 1, .8, &arena, &c) == PL_OK);
    cr_assert(c.low == -INFINITY && c.high == INFINITY);
    pl_arena_clear(&arena);
}

/* tests/reference/stats/synthetic.py: "conformal prop99". */
Test(stats_conformal, proposition_99) {
    PlArena arena = {0};
    TextTable t;
    PlSample sample = california(&t, &arena);
    PlAnswer a = must_answer("conformal", &sample, unset_options(), &arena);
    const PlAnswerRow *row = row_of(&a, NULL);
    cr_assert(near(row->in.estimate, -17.347212064099601, 1e-10), "%.17g", row->in.estimate);
    cr_assert(near(row->in.p_value, 3. / 31, 1e-15) && near(figure(row, "p_at_estimate"), 2. / 31, 1e-15));
    cr_assert(near(figure(row, "smallest_p"), 1. / 31, 1e-15));
    cr_assert(row->lacks == 0 && row->in.conf_low < -60);
    cr_assert(row->in.conf_high > 9.2 && row->in.conf_high < 9.25); /* neighbours of the grid */
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .9; /* 2/31 < .1 */
    a = must_answer("conformal", &sample, o, &arena);
    cr_assert(a.rows[0].lacks == PL_LACKS_INTERVAL && strstr(a.rows[0].reason, "No constant effect"));
    pl_arena_clear(&arena);
    free_table(&t);
}

/* "conformal geolift": the set at 99 % ends between 200 and 205; at 95 % the estimate is not in it. */
Test(stats_conformal, geolift_cities) {
    PlArena arena = {0};
    TextTable t;
    PlSample sample = geolift(&t, &arena);
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .99;
    PlAnswer a = must_answer("conformal", &sample, o, &arena);
    cr_assert(near(a.rows[0].in.estimate, 64.157692517261694, 1e-9), "%.17g", a.rows[0].in.estimate);
    cr_assert(near(a.rows[0].in.p_value, 2. / 105, 1e-15));
    cr_assert(a.rows[0].in.conf_high > 200 && a.rows[0].in.conf_high < 205);
    o.inference.conf_level = .95;
    a = must_answer("conformal", &sample, o, &arena);
    cr_assert(a.rows[0].lacks == PL_LACKS_INTERVAL);
    pl_arena_clear(&arena);
    free_table(&t);
}

static void noisy(double *y, size_t units, size_t times, size_t before, double effect, uint64_t seed) {
    PlRng rng = pl_rng_stream(seed, 3);
    for (size_t i = 0; i < units * times; i++) {
        size_t u = i / times, t = i % times;
        y[i] = 20 + 6 * sin((double)t / 4 + (double)(u % 3)) * (1 + (double)u / 4) + normal_draw(&rng) +
               (u + 1 == units && t >= before ? effect : 0);
    }
}

/* The test itself is on the accepting side just within each end, on the rejecting one just beyond, and
 * nowhere farther out accepts. Panels of more controls than times among them. */
Test(stats_conformal, ends_are_where_the_test_changes) {
    static double y[40 * 30];
    const struct {
        size_t units, times, before;
    } shapes[] = {{3, 24, 20}, {8, 24, 18}, {8, 30, 15}, {40, 20, 16}, {2, 20, 17}};
    size_t ends = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        size_t units = shapes[seed % 5].units, times = shapes[seed % 5].times,
               before = shapes[seed % 5].before;
        noisy(y, units, times, before, (double)(seed % 4), seed);
        PlPanelMatrix m = {
            .n_units = units, .n_controls = units - 1, .n_times = times, .n_before = before, .y = y};
        PlArena arena = {0};
        PlConformal c;
        double p;
        cr_assert(pl_conformal(&m, .8, &arena, &c) == PL_OK);
        if (!isfinite(c.low) || !isfinite(c.high)) {
            cr_assert(c.p_at_effect <= 1 - .8, "seed %zu: no end", (size_t)seed);
            pl_arena_clear(&arena);
            continue;
        }
        ends++;
        cr_assert(c.low <= c.effect && c.effect <= c.high);
        const double at[] = {c.low - 1e-7, c.low + 1e-7, c.high - 1e-7, c.high + 1e-7};
        for (size_t i = 0; i < 4; i++) {
            cr_assert(pl_conformal_p(&m, at[i], &arena, &p) == PL_OK);
            cr_assert(eq(int, p > 1 - .8, i == 1 || i == 2), "seed %zu, end %zu: p %g", (size_t)seed, i, p);
        }
        for (size_t i = 1; i < 60; i++)
            for (int side = -1; side <= 1; side += 2) {
                double far = (side < 0 ? c.low : c.high) + side * .03 * (double)(i * i);
                cr_assert(pl_conformal_p(&m, far, &arena, &p) == PL_OK);
                cr_assert(p <= 1 - .8, "seed %zu: p(%g) is %g beyond [%g, %g]", (size_t)seed, far, p, c.low,
                          c.high);
            }
        pl_arena_clear(&arena);
    }
    cr_assert(ends >= 20, "%zu", ends);
}

Test(stats_conformal, interval_and_p_agree) {
    static double y[6 * 30];
    size_t with = 0, rejected = 0;
    for (uint64_t seed = 0; seed < 150; seed++) {
        noisy(y, 6, 30, 24, .7 * (double)(seed % 5), seed);
        PanelRows p = panel_rows(y, 6, 5, 30, 24);
        PlMethodOptions o = unset_options();
        o.inference.conf_level = (const double[]){.5, .8, .9, .95}[seed % 4];
        PlAnswer a = must_answer("conformal", &p.sample, o, &p.arena);
        const PlInference *in = &a.rows[0].in;
        bool says = in->p_value <= 1 - in->conf_level, outside = in->conf_low > 0 || in->conf_high < 0;
        if (a.rows[0].lacks) {
            cr_assert(a.rows[0].reason != NULL);
        } else {
            cr_assert(eq(int, says, outside));
            cr_assert(in->conf_low <= in->estimate && in->estimate <= in->conf_high);
            with++;
        }
        rejected += says;
        pl_arena_clear(&p.arena);
    }
    cr_assert(with > 60 && rejected > 20, "%zu %zu", with, rejected);
}

/* Under no effect, and independent residuals, p is at most as often below a level as the level says. */
Test(stats_conformal, rejects_no_more_often_than_it_should) {
    size_t rejected = 0;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        PlRng rng = pl_rng_stream(seed, 99);
        PlArena arena = {0};
        double y[20], p;
        for (size_t t = 0; t < 20; t++)
            y[t] = normal_draw(&rng);
        cr_assert(pl_conformal_mean_p(y, 20, 16, 0, &arena, &p) == PL_OK);
        rejected += p <= .1;
        pl_arena_clear(&arena);
    }
    cr_assert(rejected > 150 && rejected < 250, "%zu of 2000 at .1", rejected); /* 200, sd 13.4 */
}

Test(stats_conformal, too_few_times_are_said) {
    PanelRows p = small_rows(); /* 1/10 > .05 */
    PlAnswer a = must_answer("conformal", &p.sample, unset_options(), &p.arena);
    cr_assert(a.rows[0].lacks == PL_LACKS_INTERVAL && strstr(a.rows[0].reason, "too few times"));
    cr_assert(near(a.rows[0].in.estimate, 3.1208369262184164, 1e-12)); /* synthetic.py, "conformal small" */
    cr_assert(near(a.rows[0].in.p_value, .1, 1e-15) && near(figure(&a.rows[0], "p_at_estimate"), .1, 1e-15));
    pl_arena_clear(&p.arena);
}

/* A treated unit that is one of the controls but for the effect: nothing is left over, whatever the shift. */
Test(stats_conformal, a_perfect_fit_has_the_effect_alone) {
    double y[5 * 24];
    noisy(y, 5, 24, 20, 0, 4);
    for (size_t t = 0; t < 24; t++)
        y[4 * 24 + t] = y[24 + t] + (t >= 20 ? 5 : 0);
    PlPanelMatrix m = {.n_units = 5, .n_controls = 4, .n_times = 24, .n_before = 20, .y = y};
    PlArena arena = {0};
    PlConformal c;
    cr_assert(pl_conformal(&m, .9, &arena, &c) == PL_OK);
    cr_assert(near(c.effect, 5, 1e-12) && c.p_at_effect == 1 && c.weights[1] > 1 - 1e-12);
    cr_assert(near(c.p_value, 1. / 24, 1e-14));
    cr_assert(fabs(c.low - 5) < 1e-6 && fabs(c.high - 5) < 1e-6, "[%.12g, %.12g]", c.low, c.high);
    cr_assert(c.low <= 5 + 1e-12 && c.high >= 5 - 1e-12);
    pl_arena_clear(&arena);
}

Test(stats_conformal, what_cannot_be_is_refused) {
    PlArena arena = {0};
    PlConformal c;
    double p, bad[12];
    memcpy(bad, own, sizeof bad);
    bad[3] = INFINITY;
    cr_assert(pl_conformal_mean(bad, 12, 10, .9, &arena, &c) == PL_NOT_FINITE);
    cr_assert(pl_conformal_mean(own, 12, 0, .9, &arena, &c) == PL_BAD_ARGUMENT);
    cr_assert(pl_conformal_mean(own, 12, 12, .9, &arena, &c) == PL_BAD_ARGUMENT);
    cr_assert(pl_conformal_mean(own, 12, 10, 1, &arena, &c) == PL_BAD_ARGUMENT);
    cr_assert(pl_conformal_mean_p(own, 12, 10, NAN, &arena, &p) == PL_BAD_ARGUMENT);
    pl_arena_clear(&arena);
}

/* A constant series is no evidence of anything. */
Test(stats_conformal, constant_data) {
    double y[3 * 30];
    for (size_t i = 0; i < 90; i++)
        y[i] = 7;
    PanelRows p = panel_rows(y, 3, 2, 30, 24);
    PlInference in = must_answer("conformal", &p.sample, unset_options(), &p.arena).rows[0].in;
    cr_assert(in.p_value == 1 && in.estimate == 0);
    pl_arena_clear(&p.arena);
}
