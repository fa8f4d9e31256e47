/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#define PAIRS3 "pairs: [{test: A, control: B}, {test: C, control: D}, {test: E, control: F}]\n"

/* Three pairs over four weeks; test stores sell 10 %, 20 % and 30 % more than their controls' course. */
static const char three_pairs[] = "store,date,revenue\n"
                                  "A,1,100\nA,2,100\nA,3,110\nA,4,110\n"
                                  "B,1,50\nB,2,50\nB,3,50\nB,4,50\n"
                                  "C,1,10\nC,2,30\nC,3,20\nC,4,28\n"
                                  "D,1,5\nD,2,7\nD,3,6\nD,4,6\n"
                                  "E,1,1\nE,2,1\nE,3,2.6\nE,4,2.6\n"
                                  "F,1,4\nF,2,4\nF,3,8\nF,4,8\n";

Test(run, relative_effects_are_differences_of_log_ratios) {
    g_autoptr(PlResult) r = run_ok(HEAD TAIL PAIRS3, three_pairs);
    const double want[] = {0.1, 0.2, 0.3};
    for (guint i = 0; i < 3; i++)
        cr_expect(epsilon_eq(dbl, pair_row(r, i)->effect, want[i], 1e-14));
    const PlEstimate *e = estimate_of(r, "revenue", "paired_t");
    double mean = (log(1.1) + log(1.2) + log(1.3)) / 3;
    cr_assert(epsilon_eq(dbl, e->estimate, exp(mean) - 1, 1e-14));
    cr_assert(eq(int, e->scale, PL_EFFECT_RELATIVE));
    cr_assert(eq(u32, e->n, 3));
    cr_assert_str_eq(pair_row(r, 0)->pair, "A / B");
    cr_assert(epsilon_eq(dbl, pair_row(r, 1)->test_before, 20, 1e-14));
    cr_assert(epsilon_eq(dbl, pair_row(r, 1)->test_during, 24, 1e-14));
}

Test(run, absolute_effects_are_in_units_a_store_and_interval) {
    g_autoptr(PlResult) r = run_ok(HEAD TAIL PAIRS3 "analysis: {effect: absolute}\n", three_pairs);
    const double want[] = {10, 4, 1.6 - 4};
    for (guint i = 0; i < 3; i++)
        cr_expect(epsilon_eq(dbl, pair_row(r, i)->effect, want[i], 1e-13));
    const PlEstimate *e = estimate_of(r, "revenue", "paired_t");
    cr_assert(epsilon_eq(dbl, e->estimate, (10 + 4 - 2.4) / 3, 1e-13));
    cr_assert_str_eq(e->unit, "per store and interval");
}

Test(run, without_before_the_effect_is_the_difference_during_and_a_warning) {
    g_autoptr(PlResult) r = run_ok(HEAD "metrics: [{name: revenue, sum: revenue}]\n"
                                        "periods: {during: {from: 3, to: 4}}\n" PAIRS3,
                                   three_pairs);
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->effect, 110.0 / 50 - 1, 1e-14));
    cr_assert(eq(int, check_of(r, "before_period")->status, PL_WARN));
}

Test(run, a_ratio_is_a_ratio_of_sums_and_a_mean_a_mean_of_rows) {
    g_autoptr(PlResult) r =
        run_ok(HEAD "metrics: [{name: price, ratio: [revenue, units]}, {name: score, mean: score}]\n"
                    "periods: {before: {from: 1, to: 1}, during: {from: 2, to: 2}}\n"
                    "pairs: [{test: A, control: B}]\n",
               "store,date,revenue,units,score\n"
               "A,1,10,1,1\nA,1,20,4,2\nA,2,60,6,4\nA,2,0,4,2\nA,2,30,5,9\n"
               "B,1,10,5,1\nB,2,10,5,1\n");
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->test_before, 30.0 / 5, 1e-14));
    cr_assert(epsilon_eq(dbl, pair_row(r, 0)->test_during, 90.0 / 15, 1e-14));
    cr_assert(epsilon_eq(dbl, pair_row(r, 1)->test_before, 1.5, 1e-14));
    cr_assert(epsilon_eq(dbl, pair_row(r, 1)->test_during, 5, 1e-14));
}

Test(run, swapping_test_and_control_turns_the_effect_around) {
    g_autoptr(PlResult) a = run_ok(HEAD TAIL PAIRS3, three_pairs);
    g_autoptr(PlResult) b =
        run_ok(HEAD TAIL "pairs: [{test: B, control: A}, {test: D, control: C}, {test: F, control: E}]\n",
               three_pairs);
    const PlEstimate *x = estimate_of(a, "revenue", "paired_t"), *y = estimate_of(b, "revenue", "paired_t");
    cr_assert(epsilon_eq(dbl, (1 + x->estimate) * (1 + y->estimate), 1, 1e-14));
    cr_assert(epsilon_eq(dbl, (1 + x->conf_low) * (1 + y->conf_high), 1, 1e-13));
    cr_assert(epsilon_eq(dbl, x->p_value, y->p_value, 1e-14));
}

Test(run, one_pair_has_an_estimate_and_a_reason_and_nothing_made_up) {
    g_autoptr(PlResult) r = run_ok(HEAD TAIL "pairs: [{test: A, control: B}]\n", three_pairs);
    const PlEstimate *e = estimate_of(r, "revenue", "paired_t");
    cr_assert(epsilon_eq(dbl, e->estimate, 0.1, 1e-14));
    cr_assert(ne(int, isnan(e->p_value), 0));
    cr_assert(ne(int, isnan(e->conf_low), 0));
    cr_assert_not_null(e->reason);
    cr_assert(eq(int, verdict_of(r)->kind, PL_INCONCLUSIVE));
    cr_assert_not_null(strstr(verdict_of(r)->sentence, "one pair"));
}

Test(run, identical_effects_have_no_variance_and_say_so) {
    g_autoptr(PlResult) r = run_ok(HEAD TAIL "pairs: [{test: A, control: B}, {test: C, control: D}]\n",
                                   "store,date,revenue\n"
                                   "A,1,1\nA,2,1\nA,3,2\nA,4,2\nB,1,1\nB,2,1\nB,3,1\nB,4,1\n"
                                   "C,1,1\nC,2,1\nC,3,2\nC,4,2\nD,1,1\nD,2,1\nD,3,1\nD,4,1\n");
    const PlEstimate *e = estimate_of(r, "revenue", "paired_t");
    cr_assert_not_null(e->reason);
    cr_assert(ne(int, isnan(e->p_value), 0));
}

Test(run, a_value_without_logarithm_names_store_and_period_and_the_way_out) {
    g_autofree char *message =
        run_fails(HEAD TAIL "pairs: [{test: A, control: B}]\n",
                  "store,date,revenue\nA,1,5\nA,2,5\nA,3,0\nA,4,0\nB,1,1\nB,2,1\nB,3,1\nB,4,1\n", 4);
    cr_assert_not_null(strstr(message, "store \"A\" is 0 during"), "%s", message);
    cr_assert_not_null(strstr(message, "effect: absolute"), "%s", message);
}

Test(run, a_period_without_data_is_named_with_its_place) {
    g_autofree char *message = run_fails(HEAD "metrics: [{name: revenue, sum: revenue}]\n"
                                              "periods: {during: {from: 30, to: 40}}\n" PAIRS3,
                                         three_pairs, 4);
    cr_assert_not_null(strstr(message, "test.yaml:5:"), "%s", message);
    cr_assert_not_null(strstr(message, "no data in period \"during\": the data run from 1 to 4"), "%s",
                       message);
}

Test(run, an_unknown_method_is_an_error_with_a_suggestion) {
    g_autofree char *message =
        run_fails(HEAD TAIL PAIRS3 "analysis: {methods: [paired_x]}\n", three_pairs, 3);
    cr_assert_not_null(strstr(message, "no method \"paired_x\""), "%s", message);
    cr_assert_not_null(strstr(message, "did you mean \"paired_t\"?"), "%s", message);
}

Test(run, the_declared_method_decides_and_a_design_without_one_says_why) {
    g_autoptr(PlResult) declared =
        run_ok(HEAD TAIL PAIRS3 "analysis: {methods: [signed_rank, paired_t]}\n", three_pairs);
    g_autoptr(PlResult) chosen = run_ok(HEAD TAIL PAIRS3, three_pairs);
    cr_assert_str_eq(pl_result_deciding(declared, NULL)->method, "signed_rank");
    cr_assert(eq(u32, declared->estimates->len, 2));
    cr_assert_str_eq(pl_result_deciding(chosen, NULL)->method, "paired_t");
    cr_assert_not_null(
        strstr(chosen->method_choice, "with 3 pairs a method that assumes less could hardly ever be sure"));
}

Test(run, the_same_definition_and_seed_give_the_same_result) {
    g_autoptr(PlResult) a =
        run_ok(HEAD TAIL PAIRS3 "analysis: {methods: [bootstrap_bca, paired_t]}\n", three_pairs);
    g_autoptr(PlResult) b =
        run_ok(HEAD TAIL PAIRS3 "analysis: {methods: [bootstrap_bca, paired_t]}\n", three_pairs);
    for (guint i = 0; i < a->estimates->len; i++) {
        const PlEstimate *x = g_ptr_array_index(a->estimates, i), *y = g_ptr_array_index(b->estimates, i);
        cr_expect(eq(int, memcmp(&x->estimate, &y->estimate, sizeof(double)), 0));
        cr_expect(eq(int, memcmp(&x->p_value, &y->p_value, sizeof(double)), 0));
    }
}

Test(run, check_stops_before_any_estimate) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) r = run_files(HEAD TAIL PAIRS3, three_pairs, FALSE, &error);
    cr_assert_not_null(r);
    cr_assert(eq(u32, r->estimates->len, 0));
    cr_assert(eq(u32, r->verdicts->len, 0));
    cr_assert(gt(u32, r->checks->len, 3));
}

Test(run, the_series_is_indexed_to_the_period_before) {
    g_autoptr(PlResult) r = run_ok(HEAD TAIL PAIRS3, three_pairs);
    const PlSeries *s = g_ptr_array_index(r->series, 0);
    cr_assert(eq(u32, s->n, 4));
    cr_assert(epsilon_eq(dbl, (s->test[0] + s->test[1]) / 2, 100, 1e-12));
    cr_assert(epsilon_eq(dbl, s->control[2], (100.0 + 100.0 + 200.0) / 3, 1e-12));
}

Test(run, several_treatments_are_estimated_apart_and_adjusted_by_holm) {
    const char *yaml =
        HEAD TAIL "treatments: [{name: coupon, kind: coupon}, {name: display, kind: display}]\n"
                  "pairs:\n"
                  "  - {test: A, control: B, treatment: coupon}\n"
                  "  - {test: C, control: D, treatment: coupon}\n"
                  "  - {test: E, control: F, treatment: display}\n"
                  "  - {test: G, control: H, treatment: display}\n";
    const char *csv = "store,date,revenue\n"
                      "A,1,10\nA,2,10\nA,3,12\nA,4,12\nB,1,10\nB,2,10\nB,3,10\nB,4,10\n"
                      "C,1,10\nC,2,10\nC,3,13\nC,4,13\nD,1,10\nD,2,10\nD,3,10\nD,4,10\n"
                      "E,1,10\nE,2,10\nE,3,11\nE,4,11\nF,1,10\nF,2,10\nF,3,10\nF,4,10\n"
                      "G,1,10\nG,2,10\nG,3,10\nG,4,10\nH,1,10\nH,2,10\nH,3,10.4\nH,4,10.5\n";
    g_autoptr(PlResult) r = run_ok(yaml, csv);
    cr_assert(eq(u32, r->verdicts->len, 2));
    const PlEstimate *coupon = pl_result_deciding(r, "coupon"), *display = pl_result_deciding(r, "display");
    cr_assert(eq(u32, coupon->n, 2));
    double low = fmin(coupon->p_value, display->p_value), high = fmax(coupon->p_value, display->p_value);
    cr_assert(epsilon_eq(dbl, fmin(coupon->p_adjusted, display->p_adjusted), fmin(2 * low, 1), 1e-14));
    cr_assert(
        epsilon_eq(dbl, fmax(coupon->p_adjusted, display->p_adjusted), fmax(high, fmin(2 * low, 1)), 1e-14));
}

Test(run, a_suggested_store_is_one_that_no_pair_names) {
    g_autofree char *taken =
        run_fails(HEAD TAIL "pairs: [{test: S1, control: S2}, {test: S3, control: S4}]\n",
                  "store,date,revenue\nS1,1,1\nS1,2,1\nS1,3,1\nS1,4,1\nS2,1,1\nS2,2,1\nS2,3,1\nS2,4,1\n", 4);
    cr_assert_not_null(strstr(taken, "store \"S3\" has no data"), "%s", taken);
    cr_assert_null(strstr(taken, "did you mean"), "%s", taken);
    g_autofree char *near =
        run_fails(HEAD TAIL "pairs: [{test: North1, control: South}]\n",
                  "store,date,revenue\nNorth,1,1\nNorth,2,1\nNorth,3,1\nNorth,4,1\nSouth,1,1\n", 4);
    cr_assert_not_null(strstr(near, "did you mean \"North\"?"), "%s", near);
}
