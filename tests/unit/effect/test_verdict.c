/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/verdict.h"

#include "experiment.h"

Test(verdict, by_p_value_interval_and_threshold) {
    static const struct {
        double estimate, low, high, p, threshold;
        PlVerdictKind want;
    } cases[] = {
        {0.03, 0.01, 0.05, 0.01, 0, PL_WIN},
        {-0.03, -0.05, -0.01, 0.01, 0, PL_LOSS},
        {0.03, -0.01, 0.07, 0.2, 0, PL_INCONCLUSIVE},
        {0.03, -0.01, 0.07, 0.2, 0.1, PL_EQUIVALENT},
        {0.03, -0.01, 0.07, 0.2, 0.07, PL_INCONCLUSIVE},  /* the limit touches */
        {0.003, 0.001, 0.005, 0.01, 0.01, PL_EQUIVALENT}, /* sure, and too small to matter */
        {0.03, 0, 0.06, 0.05, 0, PL_WIN},                 /* at the level counts */
        {0.03, 0.01, NAN, 0.01, 0.5, PL_WIN},             /* one-sided: no upper limit, never equivalent */
        {0.03, NAN, NAN, NAN, 0.5, PL_INCONCLUSIVE},      /* nothing is known of chance */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlEstimate e = {.estimate = cases[i].estimate,
                        .conf_low = cases[i].low,
                        .conf_high = cases[i].high,
                        .p_value = cases[i].p,
                        .p_adjusted = cases[i].p,
                        .conf_level = 0.95};
        cr_expect(eq(int, pl_verdict_kind(&e, cases[i].threshold), cases[i].want), "case %u", i);
    }
}

/* Ten pairs whose test stores change by the factors given, against flat controls. */
static PlResult *ten_pairs(const double *factors, const char *analysis) {
    g_autoptr(GString) csv = g_string_new("store,date,revenue\n"), yaml = g_string_new(HEAD TAIL);
    g_string_append_printf(yaml, "%spairs:\n", analysis);
    for (int i = 0; i < 10; i++) {
        g_string_append_printf(yaml, "  - {test: T%d, control: C%d}\n", i, i);
        for (int t = 1; t <= 4; t++)
            g_string_append_printf(csv, "T%d,%d,%.6f\nC%d,%d,100\n", i, t, t < 3 ? 100 : 100 * factors[i], i,
                                   t);
    }
    return run_ok(yaml->str, csv->str);
}

static const double up[] = {1.08, 1.12, 1.1, 1.05, 1.15, 1.09, 1.11, 1.07, 1.13, 1.1};
static const double down[] = {0.92, 0.88, 0.9, 0.95, 0.85, 0.91, 0.89, 0.93, 0.87, 0.9};
static const double noise_up[] = {1.2, 0.8, 1.1, 0.9, 1.05, 0.97, 1.3, 0.85, 0.99, 1.01};
static const double noise[] = {1.2, 0.8, 1.1, 0.9, 1.05, 0.97, 1.3, 0.75, 0.99, 1.01};

Test(verdict, a_win_says_effect_interval_and_chance) {
    g_autoptr(PlResult) r = ten_pairs(up, "");
    const PlVerdict *v = verdict_of(r);
    cr_assert(eq(int, v->kind, PL_WIN));
    cr_assert_not_null(
        strstr(v->sentence, "With test, revenue rose by 10.0 % against the controls (95 % interval"), "%s",
        v->sentence);
    cr_assert_not_null(
        strstr(v->sentence, "the chance of a difference at least this large would be 1 in 510 (p = 0.0020)"),
        "%s", v->sentence);
    cr_assert_str_eq(v->headline, "With test, revenue rose by 10.0 %");
}

Test(verdict, a_loss_says_fell) {
    g_autoptr(PlResult) r = ten_pairs(down, "");
    cr_assert(eq(int, verdict_of(r)->kind, PL_LOSS));
    cr_assert_not_null(strstr(verdict_of(r)->sentence, "revenue fell by 10."), "%s", verdict_of(r)->sentence);
}

Test(verdict, an_inconclusive_one_says_cannot_tell_and_what_would_settle_it) {
    g_autoptr(PlResult) open = ten_pairs(noise, ""), with = ten_pairs(noise, "analysis: {threshold: 0.05}\n");
    cr_assert(eq(int, verdict_of(open)->kind, PL_INCONCLUSIVE));
    cr_assert_not_null(strstr(verdict_of(open)->sentence, "Cannot tell"), "%s", verdict_of(open)->sentence);
    cr_assert_not_null(strstr(verdict_of(open)->sentence,
                              "these 10 pairs find an effect of 18.4 % four times out of five, "
                              "40 pairs like these one of about 7.99 %"),
                       "%s", verdict_of(open)->sentence);
    cr_assert_not_null(
        strstr(verdict_of(with)->sentence,
               "an effect of 5 %, the smallest worth having, is found four times out of five with about"),
        "%s", verdict_of(with)->sentence);
    cr_assert_str_eq(verdict_of(open)->headline, "Cannot tell whether test changed revenue");
}

Test(verdict, equivalent_says_too_small_to_matter) {
    g_autoptr(PlResult) r = ten_pairs(up, "analysis: {threshold: 0.5}\n");
    cr_assert(eq(int, verdict_of(r)->kind, PL_EQUIVALENT));
    cr_assert_not_null(strstr(verdict_of(r)->sentence, "lies within 50 % either way"), "%s",
                       verdict_of(r)->sentence);
}

Test(verdict, not_randomised_is_said_in_the_sentence) {
    g_autoptr(PlResult) r = ten_pairs(up, "randomised: false\n");
    cr_assert_not_null(strstr(verdict_of(r)->sentence, "not assigned at random"), "%s",
                       verdict_of(r)->sentence);
    cr_assert(eq(int, check_of(r, "randomisation")->status, PL_WARN));
}

Test(verdict, leaving_one_pair_out_gives_the_range_and_the_heaviest_pair) {
    g_autoptr(PlResult) r = ten_pairs(noise, "");
    const PlCheck *c = check_of(r, "leave_one_out");
    double sum = 0, farthest = 0;
    for (int i = 0; i < 10; i++)
        sum += log(noise[i]);
    for (int i = 0; i < 10; i++)
        farthest = fmax(farthest, fabs((sum - log(noise[i])) / 9 - sum / 10));
    cr_assert(epsilon_eq(dbl, c->value, farthest, 1e-6)); /* the file has six decimals */
    cr_assert(eq(int, c->status, PL_WARN), "the sign hangs on one pair: %s", c->message);
    cr_assert_not_null(strstr(c->message, "the pair T7 / C7 weighs most"), "%s", c->message);
}

static void expect_words(const PlResult *r, const char *words) {
    cr_expect_not_null(strstr(verdict_of(r)->sentence, words), "\"%s\" is not in: %s", words,
                       verdict_of(r)->sentence);
}

Test(verdict, one_sided_intervals_and_too_few_pairs_have_their_own_words) {
    g_autoptr(PlResult) up_only = ten_pairs(noise_up, "analysis: {alternative: greater}\n");
    g_autoptr(PlResult) down_only = ten_pairs(noise, "analysis: {alternative: less, threshold: 0.05}\n");
    expect_words(up_only, "but any effect of -");
    expect_words(up_only, "or more fits the data");
    expect_words(up_only, "at least this high");
    expect_words(down_only, "or less fits the data");
    expect_words(down_only, "at least this low");
    expect_words(
        down_only,
        "a fall of 5 %, the smallest worth having, is found four times out of five with about 69 pairs");
    g_autoptr(PlResult) few = run_ok(HEAD TAIL "analysis: {methods: [sign_flip]}\n"
                                               "pairs: [{test: A, control: B}, {test: C, control: D}]\n",
                                     "store,date,revenue\n"
                                     "A,1,1\nA,2,1\nA,3,2\nA,4,2\nB,1,1\nB,2,1\nB,3,1\nB,4,1\n"
                                     "C,1,1\nC,2,1\nC,3,3\nC,4,2\nD,1,1\nD,2,1\nD,3,1\nD,4,1\n");
    cr_assert_not_null(strstr(verdict_of(few)->sentence, "so few pairs rule no effect out"), "%s",
                       verdict_of(few)->sentence);
    cr_assert_not_null(strstr(verdict_of(few)->sentence, "at least 6."), "%s", verdict_of(few)->sentence);
}

Test(verdict, a_one_sided_test_that_finds_the_opposite_has_nothing_to_settle) {
    g_autoptr(PlResult) r = ten_pairs(down, "analysis: {alternative: greater}\n");
    expect_words(r, "No sign of a rise: with test, revenue went down by 10 %");
    cr_expect_null(strstr(verdict_of(r)->sentence, "settle"));
    cr_expect_str_eq(verdict_of(r)->headline, "No sign that test raised revenue");
}

Test(verdict, a_win_below_the_threshold_says_so) {
    g_autoptr(PlResult) r = ten_pairs(up, "analysis: {threshold: 0.09}\n");
    cr_expect(eq(int, verdict_of(r)->kind, PL_WIN));
    expect_words(r, "It is not shown to reach 9 %, the smallest effect worth having.");
}

Test(verdict, a_drift_before_is_said_with_the_win) {
    g_autoptr(GString) csv = g_string_new("store,date,revenue\n"), yaml = g_string_new(HEAD);
    g_string_append(yaml, "metrics: [{name: revenue, sum: revenue}]\n"
                          "periods: {before: {from: 1, to: 4}, during: {from: 5, to: 6}}\npairs:\n");
    for (int i = 0; i < 10; i++) {
        g_string_append_printf(yaml, "  - {test: T%d, control: C%d}\n", i, i);
        for (int t = 1; t <= 6; t++)
            g_string_append_printf(csv, "T%d,%d,%.9f\nC%d,%d,100\n", i, t, 100 * exp((0.02 + 0.001 * i) * t),
                                   i, t);
    }
    g_autoptr(PlResult) r = run_ok(yaml->str, csv->str);
    cr_expect(eq(int, verdict_of(r)->kind, PL_WIN));
    expect_words(r, "But the two sides were drifting apart before already");
}

Test(verdict, rounding_noise_is_no_effect) {
    /* a price of 1.99 everywhere, from revenues and units that do not divide exactly */
    g_autoptr(GString) csv = g_string_new("store,date,revenue,units\n"), yaml = g_string_new(HEAD);
    g_string_append(yaml, "metrics: [{name: price, ratio: [revenue, units]}]\n"
                          "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\npairs:\n");
    for (int i = 0; i < 12; i++) {
        g_string_append_printf(yaml, "  - {test: T%d, control: C%d}\n", i, i);
        for (int t = 1; t <= 4; t++)
            g_string_append_printf(csv, "T%d,%d,%.2f,%d\nC%d,%d,%.2f,%d\n", i, t, 1.99 * (7 + 3 * i + t),
                                   7 + 3 * i + t, i, t, 1.99 * (11 + i * t), 11 + i * t);
    }
    g_autoptr(PlResult) r = run_ok(yaml->str, csv->str);
    const PlEstimate *e = pl_result_deciding(r, NULL);
    cr_expect(eq(dbl, e->estimate, 0));
    cr_expect(eq(int, verdict_of(r)->kind, PL_INCONCLUSIVE));
    cr_expect_str_eq(e->reason, "the effect is zero in every pair");
    expect_words(r, "price did not change against the controls in any pair.");
}

Test(verdict, the_same_effect_in_every_pair_is_estimated_but_not_tested) {
    const double same[] = {1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1};
    g_autoptr(PlResult) r = ten_pairs(same, "analysis: {methods: [paired_t]}\n");
    const PlEstimate *e = pl_result_deciding(r, NULL);
    cr_expect(epsilon_eq(dbl, e->estimate, 0.1, 1e-9));
    cr_expect(ne(int, isnan(e->p_value), 0));
    expect_words(r, "moved by +10 % against the controls; every pair has the same effect");
}

Test(verdict, with_few_pairs_no_plan_is_made) {
    g_autoptr(PlResult) r = run_ok(HEAD TAIL "pairs: [{test: A, control: B}, {test: C, control: D}]\n",
                                   "store,date,revenue\n"
                                   "A,1,1\nA,2,1\nA,3,9\nA,4,9\nB,1,1\nB,2,1\nB,3,1\nB,4,1\n"
                                   "C,1,1\nC,2,1\nC,3,1\nC,4,1\nD,1,1\nD,2,1\nD,3,3\nD,4,3\n");
    expect_words(r, "anything from -100 % to over 1,000 % fits the data");
    expect_words(r, "To settle it: run the test in more pairs of stores, at least 6.");
}

Test(verdict, sign_flips_decide_only_where_they_can_reject) {
    g_autoptr(PlResult) usual = ten_pairs(up, ""), strict = ten_pairs(up, "analysis: {confidence: 0.999}\n");
    cr_expect_str_eq(pl_result_deciding(usual, NULL)->method, "sign_flip");
    cr_expect_str_eq(pl_result_deciding(strict, NULL)->method, "paired_t");
    cr_expect_not_null(strstr(strict->method_choice, "from 13 on, sign_flip decides"), "%s",
                       strict->method_choice);
}

Test(verdict, a_method_that_rejects_too_often_says_so_with_its_win) {
    g_autoptr(PlResult) r = ten_pairs(up, "analysis: {methods: [bootstrap_bca]}\n");
    cr_expect(eq(int, verdict_of(r)->kind, PL_WIN));
    expect_words(r,
                 "But bootstrap_bca rejects too often with fewer than 30 pairs: look at the other methods.");
}
