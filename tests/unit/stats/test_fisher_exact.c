/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rates.h"

#include "pairlift/stats/fisher_exact.h"

static PlFisher must_test(double x1, double n1, double x2, double n2, PlInferenceOptions options) {
    PlFisher r = {0};
    PlStatus status = pl_fisher_exact((PlRate){x1, n1}, (PlRate){x2, n2}, &options, &r);
    cr_assert(eq(int, (int)status, PL_OK), "%g/%g %g/%g: %s", x1, n1, x2, n2, pl_status_text(status));
    return r;
}

/* tests/reference/stats/rates.py, in 60 digits. */
Test(stats_fisher_exact, tails_odds_ratio_and_limits) {
    const struct {
        double x1, n1, x2, n2, greater, less, point, odds, low, high;
    } cases[] = {
        {56, 70, 48, 80, 0.0063247111298983701, 0.99787526845044572, 0.012521129749209154, 2.6491872957236944,
         1.2091154789241256, 6.0398730131334437},
        {45, 300, 30, 310, 0.029998540149361885, 0.98338587480908635, 0.048961434953200378,
         1.6457178899858576, 0.98071115444063472, 2.7944033628163671},
        {3, 4, 1, 4, 0.24285714285714285, 0.98571428571428577, 0.48571428571428571, 6.408319658199674,
         0.21173559544657858, 626.243530588814},
        {2, 50, 9, 48, 0.99687954599134643, 0.021456455127878617, 0.026190477235023994, 0.18345139084020179,
         0.018266750519567297, 0.95973885616421661},
        {0, 20, 5, 20, 1, 0.023562023562023561, 0.047124047124047122, 0, 0, 0.97645836821834076},
        {10, 10, 0, 9, 1.082508822446903e-05, 1, 1.082508822446903e-05, 0, 9.9133689264716285, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlInferenceOptions o = two_sided_95;
        PlFisher r = must_test(cases[i].x1, cases[i].n1, cases[i].x2, cases[i].n2, o);
        cr_assert(near(r.in.p_value, fmin(1, 2 * fmin(cases[i].greater, cases[i].less)), 1e-13), "%zu", i);
        cr_assert(near(r.p_point_probability, cases[i].point, 1e-13), "%zu %.17g", i, r.p_point_probability);
        cr_assert(near(r.in.estimate, cases[i].odds, 1e-12), "%zu: %.17g", i, r.in.estimate);
        cr_assert(near(r.in.conf_low, cases[i].low, 1e-12), "%zu: %.17g", i, r.in.conf_low);
        cr_assert(near(r.in.conf_high, cases[i].high, 1e-12), "%zu: %.17g", i, r.in.conf_high);
        cr_assert(eq(int, r.odds_infinite, i == 5));
        o.alternative = PL_GREATER;
        r = must_test(cases[i].x1, cases[i].n1, cases[i].x2, cases[i].n2, o);
        cr_assert(near(r.in.p_value, cases[i].greater, 1e-13) && r.in.conf_high == INFINITY, "%zu", i);
        o.alternative = PL_LESS;
        r = must_test(cases[i].x1, cases[i].n1, cases[i].x2, cases[i].n2, o);
        cr_assert(near(r.in.p_value, cases[i].less, 1e-13) && r.in.conf_low == 0, "%zu", i);
    }
}

/* The most extreme table holds all of the probability on its own side, whatever the rounding of the sums. */
Test(stats_fisher_exact, a_tail_is_never_above_1) {
    for (double n1 = 1; n1 <= 12; n1++)
        for (double n2 = 1; n2 <= 12; n2++)
            for (double x2 = 1; x2 < n2; x2++)
                for (int alternative = PL_TWO_SIDED; alternative <= PL_LESS; alternative++) {
                    PlInferenceOptions o = two_sided_95;
                    o.alternative = (PlAlternative)alternative;
                    cr_assert(le(dbl, must_test(n1, n1, x2, n2, o).in.p_value, 1.0));
                    cr_assert(le(dbl, must_test(0, n1, x2, n2, o).in.p_value, 1.0));
                }
}

/* R finds its odds ratio and limits with a tolerance of 1e-4 only; its probabilities have all digits. */
Test(stats_fisher_exact, shared_reference) {
    json_t *root = load_expected("proportions_coupons.json");
    const char *sets[] = {"cj_type_pairs", "small_tables"};
    for (size_t s = 0; s < 2; s++) {
        const char *key;
        json_t *e;
        json_object_foreach(json_object_get(root, sets[s]), key, e) {
            PlInferenceOptions o = two_sided_95;
            double x1 = number_at(e, "x1"), n1 = number_at(e, "n1"), x2 = number_at(e, "x2"),
                   n2 = number_at(e, "n2");
            PlFisher r = must_test(x1, n1, x2, n2, o);
            cr_assert(near(r.p_point_probability, number_at(e, "fisher_p"), 1e-10), "%s", key);
            cr_assert(near(r.in.estimate, number_at(e, "fisher_or_cmle"), 1e-3), "%s", key);
            cr_assert(near(r.in.conf_low, item_at(e, "fisher_ci95", 0), 1e-2), "%s", key);
            cr_assert(near(r.in.conf_high, item_at(e, "fisher_ci95", 1), 1e-2), "%s", key);
            o.alternative = PL_GREATER;
            r = must_test(x1, n1, x2, n2, o);
            cr_assert(near(r.in.p_value, number_at(e, "fisher_p_greater"), 1e-10), "%s", key);
        }
    }
    json_decref(root);
}

Test(stats_fisher_exact, association_of_two_products_in_9835_baskets) {
    PlInferenceOptions o = two_sided_95;
    o.alternative = PL_GREATER;
    PlFisher r = must_test(736, 1903, 2513 - 736, 9835 - 1903, o);
    cr_assert(near(r.in.p_value, 1.4438915547436863e-45, 1e-10), "%.17g", r.in.p_value);
    r = must_test(377, 1809, 1715 - 377, 9835 - 1809, o);
    cr_assert(near(r.in.p_value, 1.9189861885624315e-05, 1e-10), "%.17g", r.in.p_value);
}

Test(stats_fisher_exact, p_and_interval_never_contradict) {
    for (double x1 = 0; x1 <= 6; x1++)
        for (double x2 = 0; x2 <= 8; x2++)
            for (size_t a = 0; a < 3; a++) {
                if (x1 + x2 == 0 || x1 + x2 == 14)
                    continue;
                PlInferenceOptions o = {.95, alternatives[a], 0, 0, 1, 0};
                PlInference r = must_test(x1, 6, x2, 8, o).in;
                const double confidences[] = {.05, .3, .5, .7, .9, .95, .999, 1 - r.p_value};
                for (size_t c = 0; c < 8; c++) {
                    o.conf_level = confidences[c];
                    if (!(o.conf_level > 0 && o.conf_level < 1))
                        continue;
                    PlInference at = must_test(x1, 6, x2, 8, o).in;
                    cr_assert(eq(int, at.p_value <= 1 - o.conf_level, at.conf_low > 1 || at.conf_high < 1),
                              "%g/6 %g/8 at %.17g: p %.17g [%.17g, %.17g]", x1, x2, o.conf_level, at.p_value,
                              at.conf_low, at.conf_high);
                }
            }
}

Test(stats_fisher_exact, swapped_groups_invert_the_odds_ratio) {
    PlInference r = must_test(2, 50, 9, 48, two_sided_95).in;
    PlInference s = must_test(9, 48, 2, 50, two_sided_95).in;
    cr_assert(near(s.estimate, 1 / r.estimate, 1e-13) && near(s.conf_low, 1 / r.conf_high, 1e-13) &&
              near(s.p_value, r.p_value, 1e-13));
}

/* A million trials take no longer than their spread, and meet the normal approximation. */
Test(stats_fisher_exact, a_million_trials) {
    PlFisher r = must_test(150900, 500000, 150000, 500000, two_sided_95);
    double z = (150900 - 150450) / (sqrt(300900.0 * 699100 / 1e6) / 2);
    cr_assert(near(r.in.p_value, erfc(z / sqrt(2)), .01), "%g %g", r.in.p_value, erfc(z / sqrt(2)));
    r = must_test(400000, 500000, 100000, 500000, two_sided_95);
    cr_assert(r.in.p_value == 0 && r.in.conf_low > 15 && r.in.conf_high < 17);
}

Test(stats_fisher_exact, rows_of_the_answer) {
    const double successes[] = {0, 10, 3}, trials[] = {9, 10, 9};
    PlSample sample = counted(successes, trials, 3);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("fisher_exact", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 2));
    cr_assert(answer.rows[0].lacks == PL_LACKS_ESTIMATE && answer.rows[0].reason != NULL);
    cr_assert(answer.rows[1].lacks == PL_LACKS_ESTIMATE && answer.rows[1].in.conf_high == INFINITY);
    options.control = 2;
    run_answer("fisher_exact", &sample, &options, &arena, &answer);
    cr_assert(answer.rows[0].lacks == 0 && answer.rows[0].in.estimate == 0);
    cr_assert(eq(str, (char *)answer.rows[0].versus, "third"));
    pl_arena_clear(&arena);
}

/* One contrast without any success does not take the other along. */
Test(stats_fisher_exact, a_contrast_that_cannot_be_tested) {
    const double successes[] = {0, 0, 3}, trials[] = {9, 10, 9};
    PlSample sample = counted(successes, trials, 3);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("fisher_exact", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(answer.rows[0].status == PL_NO_VARIANCE && answer.rows[1].status == PL_OK);
    sample.rows = 2;
    sample.roles[PL_GROUP].n_levels = 2;
    cr_assert(eq(int, (int)run_answer("fisher_exact", &sample, &options, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(str, (char *)answer.culprit, "redeemed"));
    pl_arena_clear(&arena);
}

Test(stats_fisher_exact, refusals) {
    must_refuse_bad_counts("fisher_exact");
    PlFisher r;
    PlInferenceOptions bad = two_sided_95;
    bad.conf_level = 0;
    cr_assert(eq(int, (int)pl_fisher_exact((PlRate){1, 2}, (PlRate){1, 2}, &bad, &r), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_fisher_exact((PlRate){0, 0}, (PlRate){1, 2}, &two_sided_95, &r), PL_TOO_FEW));
    cr_assert(
        eq(int, (int)pl_fisher_exact((PlRate){2, 2}, (PlRate){3, 3}, &two_sided_95, &r), PL_NO_VARIANCE));
    /* one table in 2^53 and a level to match: the limit would be beyond any double */
    bad.conf_level = 1 - 1e-16;
    PlStatus status = pl_fisher_exact((PlRate){1, 1e6}, (PlRate){0, 1e6}, &bad, &r);
    cr_assert(status == PL_OK || status == PL_NO_CONVERGENCE);
}

/* What the note says of p holds for two sides only. */
Test(stats_fisher_exact, a_one_sided_answer_has_no_note_on_two_sides) {
    const double successes[2] = {3, 9}, trials[2] = {3, 11};
    const size_t of[2] = {0, 1};
    const char *const labels[2] = {"a", "b"};
    for (size_t a = 0; a < 3; a++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = {.rows = 2};
        s.roles[PL_X] = numbers("k", successes);
        s.roles[PL_TRIALS] = numbers("n", trials);
        s.roles[PL_GROUP] = levels("g", of, 2, labels);
        PlMethodOptions o = unset_options();
        o.inference.alternative = alternatives[a];
        cr_assert(eq(int, (int)run_answer("fisher_exact", &s, &o, &arena, &answer), PL_OK));
        cr_expect(eq(sz, answer.n_notes, alternatives[a] == PL_TWO_SIDED ? 1 : 0));
        pl_arena_clear(&arena);
    }
}
