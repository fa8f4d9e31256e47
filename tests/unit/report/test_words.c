/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/words.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static void expect_words(char *words, const char *wanted) {
    cr_expect_str_eq(words, wanted);
    g_free(words);
}

static PlEstimate *add(PlResult *r, const char *treatment, const char *metric, const char *period) {
    PlEstimate *e = pl_result_add_estimate(r);
    e->treatment = g_strdup(treatment);
    e->metric = g_strdup(metric);
    e->period = g_strdup(period);
    e->method = g_strdup("paired_t");
    e->conf_level = 0.9;
    return e;
}

static PlResult *two_treatments(void) {
    PlResult *r = pl_result_new();
    r->primary = g_strdup("revenue");
    r->treatments = g_strsplit("coupon,deal", ",", -1);
    add(r, "coupon", "revenue", "during")->deciding = TRUE;
    add(r, "deal", "revenue", "during")->deciding = TRUE;
    return r;
}

Test(words, an_effect_has_the_digits_that_its_interval_supports) {
    PlEstimate e = {.estimate = 0.0312345, .conf_low = 0.009, .conf_high = 0.054, .p_value = 0.012};
    expect_words(pl_words_effect(&e), "+3.1 %");
    expect_words(pl_words_interval(&e), "0.9 % to 5.4 %");
    e.estimate = -0.2;
    e.conf_low = -0.45;
    e.conf_high = 0.05;
    expect_words(pl_words_effect(&e), "-20 %");
}

Test(words, an_absent_effect_is_not_a_number_in_words) {
    PlEstimate e = {.estimate = NAN, .conf_low = NAN, .conf_high = NAN, .p_value = NAN, .p_adjusted = NAN};
    expect_words(pl_words_effect(&e), "n/a");
    expect_words(pl_words_interval(&e), "n/a");
    expect_words(pl_words_p(&e), "n/a");
}

Test(words, a_missing_limit_is_an_open_side) {
    PlEstimate e = {.estimate = 0.03, .conf_low = 0.009, .conf_high = NAN, .p_value = 0.01};
    g_autofree char *above = pl_words_interval(&e);
    e.conf_high = INFINITY;
    expect_words(pl_words_interval(&e), above);
    e.conf_low = NAN;
    e.conf_high = 0.05;
    g_autofree char *below = pl_words_interval(&e);
    cr_expect(g_str_has_suffix(above, " or more"), "%s", above);
    cr_expect(g_str_has_suffix(below, " or less"), "%s", below);
}

Test(words, an_adjusted_p_value_is_said_where_it_differs) {
    PlEstimate e = {.p_value = 0.012, .p_adjusted = 0.012};
    expect_words(pl_words_p(&e), "0.012");
    e.p_adjusted = NAN;
    expect_words(pl_words_p(&e), "0.012");
    e.p_adjusted = 0.024;
    expect_words(pl_words_p(&e), "0.012 (adj. 0.024)");
    e.p_value = 1e-9;
    expect_words(pl_words_p(&e), "< 0.0001 (adj. 0.024)");
}

Test(words, a_design_says_pairs_and_the_periods_that_were_given) {
    g_autoptr(PlResult) r = pl_result_new();
    r->n_pairs = 1;
    r->during = (PlSpan){TRUE, 19754, 19754, 1};
    expect_words(pl_words_design(r), "1 pair of stores; during: 2024-02-01 (1 day)");
    r->n_pairs = 32;
    r->time_kind = PL_TIME_NUMBER;
    r->step = PL_STEP_WEEK;
    r->before = (PlSpan){TRUE, 140, 143, 4};
    r->during = (PlSpan){TRUE, 144, 145, 2};
    r->after = (PlSpan){TRUE, 146, 147, 1};
    expect_words(pl_words_design(r), "32 pairs of stores; before: 140 to 143 (4 weeks); during: 144 to 145 "
                                     "(2 weeks); after: 146 to 147 (1 week)");
}

Test(words, a_methods_title_says_treatment_metric_and_level) {
    g_autoptr(PlResult) r = two_treatments();
    expect_words(pl_words_methods_title(r, "deal"),
                 "Effect of deal on revenue, by method (90 % intervals, * decides)");
}

Test(words, another_row_is_named_by_what_sets_it_apart) {
    g_autoptr(PlResult) r = two_treatments();
    PlEstimate *e = add(r, "deal", "units", "after");
    expect_words(pl_words_other_label(r, e), "units, after, deal");
    e->unit = g_strdup("cartons");
    expect_words(pl_words_other_label(r, e), "units, after, deal (cartons)");
    g_strfreev(r->treatments);
    r->treatments = g_strsplit("deal", ",", -1);
    expect_words(pl_words_other_label(r, e), "units, after (cartons)");
    e = add(r, "deal", "units", "during");
    expect_words(pl_words_other_label(r, e), "units");
    e->unit = g_strdup("");
    expect_words(pl_words_other_label(r, e), "units");
}

Test(words, only_the_primary_metric_during_is_the_main_matter) {
    g_autoptr(PlResult) r = two_treatments();
    cr_expect(pl_words_is_main(r, add(r, "deal", "revenue", "during")));
    cr_expect(zero(pl_words_is_main(r, add(r, "deal", "revenue", "after"))));
    cr_expect(zero(pl_words_is_main(r, add(r, "deal", "units", "during"))));
}
