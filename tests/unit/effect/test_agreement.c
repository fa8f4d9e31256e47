/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/agreement.h"

#include "experiment.h"

/* `n` pairs whose test stores change by the factors given, against flat controls, by the methods given. */
static PlResult *pairs_by(const double *factors, int n, const char *methods) {
    g_autoptr(GString) csv = g_string_new("store,date,revenue\n"), yaml = g_string_new(HEAD TAIL);
    g_string_append_printf(yaml, "analysis: {methods: [%s]}\npairs:\n", methods);
    for (int i = 0; i < n; i++) {
        g_string_append_printf(yaml, "  - {test: T%d, control: C%d}\n", i, i);
        for (int t = 1; t <= 4; t++)
            g_string_append_printf(csv, "T%d,%d,%.6f\nC%d,%d,100\n", i, t, t < 3 ? 100 : 100 * factors[i], i,
                                   t);
    }
    return run_ok(yaml->str, csv->str);
}

static void expect_check(const PlResult *r, PlCheckStatus status, const char *says) {
    const PlCheck *c = check_of(r, "methods_agree");
    cr_expect(eq(int, (int)c->status, (int)status));
    cr_expect(strstr(c->message, says) != NULL, "\"%s\" is not in: %s", says, c->message);
}

static const double up[] = {1.08, 1.12, 1.1, 1.05, 1.15, 1.09, 1.11, 1.07, 1.13, 1.1};
static const double one_off[] = {1.08, 1.12, 1.1, 1.05, 1.15, 1.09, 1.11, 1.07, 1.13, 0.2};

Test(agreement, passes_when_all_find_the_same) {
    g_autoptr(PlResult) r = pairs_by(up, 10, "sign_flip, paired_t, sign_test");
    expect_check(r, PL_PASS, "all 3 methods find an effect above zero");
}

Test(agreement, names_the_pair_that_is_far_off) {
    g_autoptr(PlResult) r = pairs_by(one_off, 10, "paired_t, sign_test");
    expect_check(r, PL_WARN, "paired_t finds nothing certain, but 1 of 2 methods (sign_test) does not");
    expect_check(r, PL_WARN, "the pair T9 / C9 is far off the others");
}

Test(agreement, says_when_there_are_too_few_pairs_for_a_method_that_counts) {
    g_autoptr(PlResult) r = pairs_by(up, 4, "paired_t, sign_flip, sign_test");
    expect_check(r, PL_PASS,
                 "paired_t finds an effect above zero, and no method that can be sure parts from it");
    expect_check(r, PL_PASS, "with 4 pairs the smallest p of sign_flip is 0.12");
    expect_check(r, PL_PASS, "with 4 pairs the smallest p of sign_test is 0.12");
}

Test(agreement, says_when_a_method_rejects_too_often) {
    static const double close[] = {1.03, 1.05, 1.02, 1.08, 0.99, 1.01};
    g_autoptr(PlResult) r = pairs_by(close, 6, "paired_t, bootstrap_bca");
    expect_check(r, PL_WARN, "bootstrap_bca rejects too often with fewer than 30 pairs");
}

Test(agreement, is_silent_where_there_is_nothing_to_compare) {
    g_autoptr(PlResult) r = pairs_by(up, 10, "paired_t");
    for (guint i = 0; i < r->checks->len; i++)
        cr_expect_str_neq(((PlCheck *)g_ptr_array_index(r->checks, i))->name, "methods_agree");
}
