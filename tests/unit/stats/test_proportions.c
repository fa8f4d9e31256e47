/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rates.h"

#include "pairlift/stats/proportions.h"

#include <gsl/gsl_cdf.h>

/* tests/reference/stats/rates.py: x1, n1, x2, n2, the z at which the interval touches 0, the interval. */
static const struct {
    double x1, n1, x2, n2, z, low, high;
} cases[] = {
    {56, 70, 48, 80, 2.6464921053369683, 0.052431472402364877, 0.33387265403690597},
    {45, 300, 30, 310, 1.9928949109565204, 0.00089217261748295528, 0.10614747824633965},
    {3, 4, 1, 4, 1.4455556024276381, -0.13548840058295147, 0.78908326808475571},
    {2, 50, 9, 48, -2.2307665513593165, -0.28254075593155925, -0.019929194325809498},
    {0, 20, 5, 20, -2.2360679774997898, -0.46870087761874402, -0.037765445566630342},
    {10, 10, 0, 9, 4.7861358686597049, 0.59194091727586073, 1},
};

Test(stats_proportions, newcombes_interval_and_its_p) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlRate treated = {cases[i].x1, cases[i].n1}, control = {cases[i].x2, cases[i].n2};
        PlInference r;
        cr_assert(eq(int, (int)pl_newcombe(treated, control, &two_sided_95, &r), PL_OK));
        cr_assert(near(r.statistic, cases[i].z, 1e-14), "%zu: %.17g", i, r.statistic);
        cr_assert(near(r.p_value, 2 * gsl_cdf_ugaussian_Q(fabs(cases[i].z)), 1e-13));
        cr_assert(near(r.conf_low, cases[i].low, 1e-12), "%zu: %.17g", i, r.conf_low);
        cr_assert(near(r.conf_high, cases[i].high, 1e-12), "%zu: %.17g", i, r.conf_high);
    }
}

Test(stats_proportions, the_contrast_first_then_the_rates) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_counts("proportions", 56, 70, 48, 80, two_sided_95, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 3));
    const PlAnswerRow *row = &answer.rows[0];
    cr_assert(eq(str, (char *)row->term, "treated"));
    cr_assert(eq(str, (char *)row->versus, "control"));
    cr_assert(near(row->in.estimate, .2, 1e-15) && row->lacks == 0 && row->in.n == 150);
    cr_assert(near(figure(row, "lift"), 1 / 3.0, 1e-14));
    row = &answer.rows[1];
    cr_assert(row->lacks == PL_LACKS_P && row->in.estimate == .6 && figure(row, "trials") == 80);
    pl_arena_clear(&arena);
}

Test(stats_proportions, shared_reference) {
    json_t *root = load_expected("proportions_coupons.json");
    const char *sets[] = {"cj_type_pairs", "small_tables"};
    size_t seen = 0;
    for (size_t s = 0; s < 2; s++) {
        const char *key;
        json_t *e;
        json_object_foreach(json_object_get(root, sets[s]), key, e) {
            PlArena arena = {0};
            PlAnswer answer;
            PlStatus status =
                run_counts("proportions", number_at(e, "x1"), number_at(e, "n1"), number_at(e, "x2"),
                           number_at(e, "n2"), two_sided_95, &arena, &answer);
            cr_assert(eq(int, (int)status, PL_OK));
            const PlAnswerRow *row = &answer.rows[0];
            cr_assert(near(row->in.estimate, number_at(e, "diff"), 1e-12), "%s", key);
            cr_assert(near(row->in.conf_low, item_at(e, "newcombe_ci95", 0), 1e-11), "%s", key);
            cr_assert(near(row->in.conf_high, item_at(e, "newcombe_ci95", 1), 1e-11), "%s", key);
            cr_assert(near(figure(row, "lift"), number_at(e, "lift"), 1e-12), "%s", key);
            cr_assert(near(figure(row, "cohen_h"), number_at(e, "cohen_h"), 1e-12), "%s", key);
            cr_assert(near(figure(row, "z_pooled"), number_at(e, "z_pooled"), 1e-12), "%s", key);
            cr_assert(near(figure(row, "p_pooled"), number_at(e, "p_pooled"), 1e-10), "%s", key);
            cr_assert(near(row_of(&answer, "treated")->in.p_value, row->in.p_value, 0));
            cr_assert(near(answer.rows[2].in.conf_low, item_at(e, "wilson1", 0), 1e-12), "%s", key);
            cr_assert(near(answer.rows[2].in.conf_high, item_at(e, "wilson1", 1), 1e-12), "%s", key);
            cr_assert(near(answer.rows[1].in.conf_low, item_at(e, "wilson2", 0), 1e-12), "%s", key);
            cr_assert(near(answer.rows[1].in.conf_high, item_at(e, "wilson2", 1), 1e-12), "%s", key);
            pl_arena_clear(&arena);
            seen++;
        }
    }
    cr_assert(eq(sz, seen, 6));
    json_decref(root);
}

/* Every table of up to 7 by 9, at many levels and alternatives; the level at which p itself stands too. */
Test(stats_proportions, p_and_interval_never_contradict) {
    for (double x1 = 0; x1 <= 7; x1++)
        for (double x2 = 0; x2 <= 9; x2++)
            for (size_t a = 0; a < 3; a++) {
                PlInference r, at;
                PlInferenceOptions o = {.95, alternatives[a], 0, 0, 1, 0};
                cr_assert(eq(int, (int)pl_newcombe((PlRate){x1, 7}, (PlRate){x2, 9}, &o, &r), PL_OK));
                const double confidences[] = {.05, .3, .5, .7, .9, .95, .999, 1 - r.p_value};
                for (size_t c = 0; c < 8; c++) {
                    o.conf_level = confidences[c];
                    if (!(o.conf_level > 0 && o.conf_level < 1))
                        continue;
                    pl_newcombe((PlRate){x1, 7}, (PlRate){x2, 9}, &o, &at);
                    cr_assert(eq(int, at.p_value <= 1 - o.conf_level, at.conf_low > 0 || at.conf_high < 0),
                              "%g/7 %g/9 at %.17g: p %.17g [%.17g, %.17g]", x1, x2, o.conf_level, at.p_value,
                              at.conf_low, at.conf_high);
                }
            }
}

Test(stats_proportions, swapping_groups_or_outcomes_turns_the_sign) {
    PlInference r, swapped, failures;
    pl_newcombe((PlRate){2, 50}, (PlRate){9, 48}, &two_sided_95, &r);
    pl_newcombe((PlRate){9, 48}, (PlRate){2, 50}, &two_sided_95, &swapped);
    pl_newcombe((PlRate){48, 50}, (PlRate){39, 48}, &two_sided_95, &failures);
    cr_assert(near(swapped.conf_low, -r.conf_high, 1e-14) && near(swapped.p_value, r.p_value, 1e-14));
    cr_assert(near(failures.conf_low, -r.conf_high, 1e-14) && near(failures.p_value, r.p_value, 1e-13));
}

Test(stats_proportions, rows_of_a_group_are_summed_in_any_order) {
    const double outcome[] = {1, 0, 0, 1, 1, 0, 1, 1};
    const size_t arm[] = {0, 0, 1, 1, 1, 0, 1, 1};
    PlSample sample = {.rows = 8};
    sample.roles[PL_X] = numbers("bought", outcome);
    sample.roles[PL_GROUP] = levels("arm", arm, 2, arms);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer, counts;
    cr_assert(eq(int, (int)run_answer("proportions", &sample, &options, &arena, &answer), PL_OK));
    run_counts("proportions", 4, 5, 1, 3, two_sided_95, &arena, &counts);
    cr_assert(answer.rows[0].in.conf_low == counts.rows[0].in.conf_low);
    options.control = 1;
    run_answer("proportions", &sample, &options, &arena, &answer);
    cr_assert(eq(str, (char *)answer.rows[0].versus, "treated"));
    cr_assert(near(answer.rows[0].in.estimate, -counts.rows[0].in.estimate, 1e-15));
    pl_arena_clear(&arena);
}

Test(stats_proportions, a_contrast_for_each_group_but_the_control) {
    const double successes[] = {34, 154, 604}, trials[] = {574, 2368, 3647};
    PlSample sample = counted(successes, trials, 3);
    PlMethodOptions options = unset_options();
    options.control = 1;
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("proportions", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 5));
    cr_assert(eq(str, (char *)answer.rows[0].term, "control"));
    cr_assert(eq(str, (char *)answer.rows[1].term, "third"));
    cr_assert(near(answer.rows[1].in.conf_low, 0.08474986242838717, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_proportions, no_success_anywhere_is_no_difference) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_counts("proportions", 0, 50, 0, 48, two_sided_95, &arena, &answer), PL_OK));
    const PlAnswerRow *row = &answer.rows[0];
    cr_assert(row->in.estimate == 0 && row->in.p_value == 1 && row->in.has == PL_HAS_STATISTIC);
    cr_assert(row->in.conf_low < 0 && row->in.conf_high > 0 && row->reason != NULL);
    for (size_t i = 0; i < row->n_figures; i++)
        cr_assert(isfinite(row->figures[i].value), "%s", row->figures[i].name);
    pl_arena_clear(&arena);
}

Test(stats_proportions, tiny_rates_of_huge_samples) {
    PlInference r;
    cr_assert(eq(int, (int)pl_newcombe((PlRate){30, 1e15}, (PlRate){9, 1e15}, &two_sided_95, &r), PL_OK));
    cr_assert(r.conf_low > 0 && r.conf_low < r.estimate && r.conf_high > r.estimate && r.p_value < .01);
    cr_assert(
        eq(int, (int)pl_newcombe((PlRate){6e14, 1e15}, (PlRate){5e14, 1e15}, &two_sided_95, &r), PL_OK));
    cr_assert(r.p_value == 0 && r.conf_low > .0999);
}

Test(stats_proportions, refusals) {
    must_refuse_bad_counts("proportions");
    PlInference r;
    PlInferenceOptions bad = two_sided_95;
    bad.conf_level = 1;
    cr_assert(eq(int, (int)pl_newcombe((PlRate){1, 2}, (PlRate){1, 2}, &bad, &r), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_newcombe((PlRate){0, 0}, (PlRate){1, 2}, &two_sided_95, &r), PL_TOO_FEW));
    const double successes[] = {1, 2}, trials[] = {3, 4};
    PlSample sample = counted(successes, trials, 2);
    PlMethodOptions options = unset_options();
    options.control = 2;
    PlArena arena = {0}, none = {.limit = 1};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("proportions", &sample, &options, &arena, &answer), PL_BAD_ARGUMENT));
    options.control = 0;
    cr_assert(eq(int, (int)run_answer("proportions", &sample, &options, &none, &answer), PL_NO_MEMORY));
    sample.rows = 0;
    cr_assert(eq(int, (int)run_answer("proportions", &sample, &options, &arena, &answer), PL_TOO_FEW));
    pl_arena_clear(&arena);
}

/* ---- with clusters ---- */

static const char *const stores[] = {"a", "b", "c", "d", "e", "f", "g"};
static const size_t store_of_row[] = {0, 1, 2, 3, 4, 5, 6};

static PlSample by_store(const double *successes, const double *trials, const size_t *arm) {
    PlSample sample = {.rows = 7};
    sample.roles[PL_X] = numbers("redeemed", successes);
    sample.roles[PL_TRIALS] = numbers("sent", trials);
    sample.roles[PL_GROUP] = levels("arm", arm, 2, arms);
    sample.roles[PL_CLUSTER] = levels("store", store_of_row, 7, stores);
    return sample;
}

/* tests/reference/stats/rates.R: t.test of the stores' rates. */
Test(stats_proportions, stores_are_compared_by_their_rates) {
    const double successes[] = {5, 9, 2, 8, 3, 1, 4}, trials[] = {20, 30, 25, 21, 40, 22, 31};
    const size_t arm[] = {1, 1, 1, 1, 0, 0, 0};
    const double p[] = {0.070362543405940503, 0.035181271702970252, 0.96481872829702975};
    const double low[] = {-0.022980399069550579, 0.022437832679884515, -INFINITY};
    const double high[] = {0.36213205386636665, INFINITY, 0.31671382211693155};
    PlSample sample = by_store(successes, trials, arm);
    for (size_t a = 0; a < 3; a++) {
        PlMethodOptions options = unset_options();
        options.inference.alternative = alternatives[a];
        PlArena arena = {0};
        PlAnswer answer;
        cr_assert(eq(int, (int)run_answer("proportions", &sample, &options, &arena, &answer), PL_OK));
        cr_assert(eq(sz, answer.n_rows, 1));
        const PlInference *r = &answer.rows[0].in;
        cr_assert(near(r->statistic, 2.4889305749039554, 1e-13) && near(r->df, 3.8283923669037634, 1e-13));
        cr_assert(near(r->p_value, p[a], 1e-12), "%.17g", r->p_value);
        cr_assert(near(r->conf_low, low[a], 1e-11) && near(r->conf_high, high[a], 1e-11));
        cr_assert(figure(&answer.rows[0], "clusters") == 4);
        pl_arena_clear(&arena);
    }
}

Test(stats_proportions, clusters_that_cannot_be_compared) {
    const double successes[] = {5, 9, 2, 8, 3, 1, 4}, trials[] = {20, 30, 25, 21, 40, 22, 31};
    const double halves[] = {10, 15, 5, 10, 20, 11, 8}, of[] = {20, 30, 10, 20, 40, 22, 16};
    const size_t lone_control[] = {0, 1, 1, 1, 1, 1, 1}, lone_treated[] = {1, 0, 0, 0, 0, 0, 0};
    const size_t mixed[] = {0, 1, 1, 1, 0, 0, 0}, three[] = {1, 1, 1, 1, 0, 0, 0};
    const size_t same_store[] = {0, 0, 2, 3, 4, 5, 1};
    const struct {
        const double *x, *n;
        const size_t *arm, *store;
        PlStatus status;
        const char *culprit;
    } bad[] = {
        {successes, trials, lone_control, store_of_row, PL_TOO_FEW, "control"},
        {successes, trials, lone_treated, store_of_row, PL_TOO_FEW, "treated"},
        {successes, trials, mixed, same_store, PL_MIXED_CLUSTERS, "a"},
        {halves, of, three, store_of_row, PL_NO_VARIANCE, "treated"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        PlSample sample = by_store(bad[i].x, bad[i].n, bad[i].arm);
        sample.roles[PL_CLUSTER].levels = bad[i].store;
        sample.roles[PL_CLUSTER].n_levels = bad[i].store == same_store ? 6 : 7;
        PlMethodOptions options = unset_options();
        PlArena arena = {0};
        PlAnswer answer;
        PlStatus status = run_answer("proportions", &sample, &options, &arena, &answer);
        cr_assert(eq(int, (int)status, (int)bad[i].status), "case %zu", i);
        cr_assert(eq(str, (char *)answer.culprit, (char *)bad[i].culprit), "case %zu", i);
        pl_arena_clear(&arena);
    }
}
