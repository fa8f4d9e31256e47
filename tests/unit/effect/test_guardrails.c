/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "twelve_pairs.h"

/* Expected values: tests/reference/effect/twelve_pairs.R. */

static const PlFinding *guardrail(const PlResult *r, const char *metric, guint i) {
    return twelve_finding(r, "guardrails", metric, NULL, i);
}

Test(guardrails, as_t_tests_in_r) {
    g_autoptr(PlResult) r =
        twelve_ok(TWELVE_HEAD TWELVE_TAIL "analysis: {methods: [paired_t]}\n"
                                          "guardrails:\n"
                                          "  - {metric: price, worse: down, margin: 0.02}\n"
                                          "  - {metric: price, worse: down, margin: 0.005}\n"
                                          "  - {metric: units, worse: up, margin: 0.03}\n"
                                          "  - {metric: revenue}\n",
                  12);
    static const struct {
        const char *metric, *verdict;
        guint i;
        double effect, low, high, p;
    } cases[] = {
        {"price", "worse, perhaps within the margin", 0, -0.0142016969205180886, -0.0210076965333896928,
         -0.0073483816846672398, 0.0438495270998811096},
        {"price", "harmed", 1, -0.0142016969205180886, -0.0210076965333896928, -0.0073483816846672398,
         0.9934152150063240150},
        {"units", "worse, perhaps within the margin", 0, 0.062737870672720811, 0.029641586418572605,
         0.096897985337256173, 0.973921100459691713},
        {"revenue", "safe", 0, 0.0476451895274699541, 0.0166485150280421337, 0.0795869240115641141,
         0.0029074026592870207},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const PlFinding *f = guardrail(r, cases[i].metric, cases[i].i);
        twelve_close(f->value, cases[i].effect, "effect");
        twelve_close(f->conf_low, cases[i].low, "low");
        twelve_close(f->conf_high, cases[i].high, "high");
        twelve_close(f->p_value, cases[i].p, "p");
        cr_assert(eq(str, f->verdict, (char *)cases[i].verdict));
        cr_assert(eq(u32, f->n, 12));
    }
    g_autofree char *text = twelve_sentences(r, "guardrails");
    cr_assert(eq(str, text,
                 (char *)"With twelve, average price fell against the controls, perhaps by no more than the "
                         "tolerated 2 % (effect -1.42 %, 95 % interval -2.10 % to -0.73 %).\n"
                         "With twelve, average price is harmed: it fell by more than the tolerated 0.5 % "
                         "against the controls (effect -1.42 %, 95 % interval -2.10 % to -0.73 %).\n"
                         "With twelve, units rose against the controls, perhaps by no more than the "
                         "tolerated 3 % (effect +6.3 %, 95 % interval 3.0 % to 9.7 %).\n"
                         "With twelve, revenue is safe: any fall is ruled out (effect +4.8 %, 95 % interval "
                         "1.7 % to 8.0 %).\n"
                         "1 of 4 guardrails is shown to be safe."));
}

/* All 4,096 ways of swapping the sides, counted in R. */
Test(guardrails, by_the_method_that_decides) {
    g_autoptr(PlResult) r =
        twelve_ok(TWELVE_HEAD TWELVE_TAIL "guardrails:\n"
                                          "  - {metric: price, margin: 0.005}\n"
                                          "  - {metric: revenue, worse: up, margin: 0.03}\n"
                                          "  - {metric: revenue}\n",
                  12);
    twelve_close(guardrail(r, "price", 0)->p_value, 0.996826171875, "price");
    twelve_close(guardrail(r, "revenue", 0)->p_value, 0.882080078125, "revenue up");
    twelve_close(guardrail(r, "revenue", 1)->p_value, 0.004882812500, "revenue");
}

/* The verdicts follow the interval for every method. */
Test(guardrails, verdicts_follow_intervals) {
    static const char *const methods[] = {"paired_t", "sign_flip", "signed_rank", "sign_test",
                                          "bootstrap_bca"};
    static const double margins[] = {0, 0.002, 0.005, 0.0073, 0.01, 0.0142, 0.02, 0.0211, 0.03, 0.2};
    for (gsize m = 0; m < G_N_ELEMENTS(methods); m++)
        for (gsize k = 0; k < G_N_ELEMENTS(margins); k++) {
            g_autofree char *yaml =
                g_strdup_printf(TWELVE_HEAD TWELVE_TAIL "analysis: {methods: [%s], resamples: 2000}\n"
                                                        "guardrails: [{metric: price, margin: %g}]\n",
                                methods[m], margins[k]);
            g_autoptr(PlResult) r = twelve_ok(yaml, 12);
            const PlFinding *f = guardrail(r, "price", 0);
            const char *expected = f->conf_low > -margins[k]    ? "safe"
                                   : f->conf_high < -margins[k] ? "harmed"
                                   : f->conf_high < 0           ? "worse, perhaps within the margin"
                                                                : "cannot tell";
            cr_assert(eq(str, f->verdict, (char *)expected), "%s, margin %g", methods[m], margins[k]);
        }
}

Test(guardrails, absolute) {
    g_autoptr(PlResult) r = twelve_ok(
        TWELVE_HEAD TWELVE_TAIL "analysis: {methods: [paired_t], effect: absolute}\n"
                                "guardrails: [{metric: revenue, margin: 10}, {metric: units, margin: 2}]\n",
        12);
    const PlFinding *f = guardrail(r, "revenue", 0);
    twelve_close(f->value, 52.8333333333333357018, "effect");
    twelve_close(f->conf_low, 16.7692445950040820435, "low");
    twelve_close(f->conf_high, 88.8974220716625893601, "high");
    twelve_close(f->p_value, 0.0013858785432869778, "p");
    cr_assert(eq(str, f->verdict, (char *)"safe"));
    g_autofree char *text = twelve_sentences(r, "guardrails");
    cr_assert_not_null(strstr(text,
                              "Both guardrails are safe. Each is shown at 2.5 %, one-sided; because all of "
                              "them have to be, that claim needs no correction for their number."),
                       "%s", text);
}

Test(guardrails, equivalence) {
    g_autoptr(PlResult) r =
        twelve_ok(TWELVE_HEAD TWELVE_TAIL "analysis: {methods: [paired_t], threshold: 0.08}\n", 12);
    const PlFinding *f = guardrail(r, "equivalence", 0);
    twelve_close(f->p_value, 0.023803974639281522, "p");
    twelve_close(f->conf_low, 0.022283898537520320, "low");
    twelve_close(f->conf_high, 0.073635655134761252, "high");
    twelve_close(f->conf_level, 0.9, "level");
    cr_assert(eq(str, f->verdict, (char *)"equivalent"));
    cr_assert(eq(str, pl_result_section(r, "guardrails")->title, (char *)"Equivalence"));
    g_autofree char *text = twelve_sentences(r, "guardrails");
    cr_assert(
        eq(str, text,
           (char *)"The data show that twelve changed revenue by less than 8 % either way (two one-sided "
                   "tests, p = 0.024; effect +4.8 %, 90 % interval 2.2 % to 7.4 %)."));
}

/* Between the rules: 90 % of the interval within the threshold, 95 % not. */
Test(guardrails, equivalence_that_the_verdict_does_not_share) {
    g_autoptr(PlResult) r =
        twelve_ok(TWELVE_HEAD TWELVE_TAIL "analysis: {methods: [paired_t], threshold: 0.076}\n", 12);
    cr_assert(eq(str, guardrail(r, "equivalence", 0)->verdict, (char *)"equivalent"));
    cr_assert(eq(int, (int)verdict_of(r)->kind, PL_WIN));
    g_autofree char *text = twelve_sentences(r, "guardrails");
    cr_assert_not_null(
        strstr(text, "The verdict above asks for more: that the whole 95 % interval lies within."), "%s",
        text);
}

Test(guardrails, nothing_to_say) {
    g_autoptr(PlResult) r = twelve_ok(TWELVE_HEAD TWELVE_TAIL, 12);
    cr_assert_null(pl_result_section(r, "guardrails"));
}

Test(guardrails, too_little) {
    g_autoptr(PlResult) r = twelve_ok(
        TWELVE_HEAD TWELVE_TAIL "analysis: {threshold: 0.01}\n"
                                "guardrails: [{metric: price, margin: 0.02}, {metric: price, margin: 1.5}]\n",
        1);
    const PlFinding *f = guardrail(r, "price", 0);
    cr_assert(eq(dbl, f->value, f->value)); /* one pair has an effect all the same */
    cr_assert(isnan(f->p_value) && isnan(f->conf_low) && f->verdict == NULL);
    cr_assert(eq(str, f->reason, (char *)"1 pair is not enough to say how much pairs differ by chance"));
    cr_assert(eq(
        str, guardrail(r, "price", 1)->reason,
        (char *)"a margin of 1.5 is a fall of 150 %: nothing falls by more than 100 %; 2 % is written 0.02"));
    cr_assert(isnan(guardrail(r, "equivalence", 0)->p_value));
}

/* With three pairs and sign flips no interval at 95 % is finite. */
Test(guardrails, three_pairs_by_sign_flips) {
    g_autoptr(PlResult) r = twelve_ok(TWELVE_HEAD TWELVE_TAIL "analysis: {methods: [sign_flip]}\n"
                                                              "guardrails: [{metric: price, margin: 0.02}]\n",
                                      3);
    const PlFinding *f = guardrail(r, "price", 0);
    cr_assert(isnan(f->conf_low) && isnan(f->conf_high));
    cr_assert(eq(str, f->verdict, (char *)"cannot tell"));
    g_autofree char *text = twelve_sentences(r, "guardrails");
    cr_assert_not_null(strstr(text, "with too few pairs for a 95 % interval"), "%s", text);
}

/* A price that never changes: rounding must not become a verdict, in pairs as in groups. */
Test(guardrails, a_price_that_never_changes) {
    static const char *const designs[] = {
        "pairs_file: pairs.csv\n",
        "assignment: {file: stores.csv, store: store, group: arm, control: none}\n",
        "assignment: {file: stores.csv, store: store, group: arm, control: none, block: region}\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(designs); i++) {
        /* revenue is units times 5.99, as far as doubles go */
        g_autofree char *yaml =
            g_strdup_printf(TWELVE_HEAD "metrics:\n"
                                        "  - {name: units, sum: units}\n"
                                        "  - {name: price, ratio: [takings, units]}\n"
                                        "periods: {before: {from: 1, to: 1}, during: {from: 2, to: 2}}\n%s"
                                        "guardrails: [{metric: price, margin: 0.02}]\n",
                            designs[i]);
        g_autoptr(PlResult) r = twelve_ok(yaml, 12);
        const PlFinding *f = guardrail(r, "price", 0);
        cr_assert(eq(dbl, f->value, 0));
        cr_assert(isnan(f->p_value) && f->verdict == NULL && f->reason != NULL);
        g_autofree char *text = twelve_sentences(r, "guardrails");
        cr_assert(
            eq(str, text,
               (char *)"With twelve, price did not change against the controls at all, so nothing shows how "
                       "sure that is."));
    }
}

/* Of groups the numbers are those of the main estimate: R, lm(y ~ t + region). */
Test(guardrails, groups_are_the_main_estimate) {
    g_autoptr(PlResult) r =
        twelve_ok(TWELVE_HEAD TWELVE_METRICS
                  "assignment: {file: stores.csv, store: store, group: arm, control: none, block: region}\n"
                  "guardrails: [{metric: revenue, worse: up, margin: 0.03}]\nanalysis: {threshold: 0.06}\n",
                  0);
    const PlFinding *f = guardrail(r, "revenue", 0);
    const PlEstimate *e = pl_result_deciding(r, NULL);
    twelve_close(f->value, e->estimate, "effect");
    twelve_close(f->conf_low, e->conf_low, "low");
    twelve_close(f->conf_high, e->conf_high, "high");
    twelve_close(f->p_value, 0.93105890081842024, "p");
    twelve_close(guardrail(r, "equivalence", 0)->p_value, 0.14939210838640596, "TOST");
}
