/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/against.h"

/* Churn after the purchase, counted by hand, and what the six tables of experiments/field-sales were made
 * with. */

#define BOTH                                                                                                 \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: opportunities, file: deals.csv}\n"                                                          \
    "  - {table: customers, file: customers.csv}\n"                                                          \
    "kpis:\n"                                                                                                \
    "  as_of: 2024-12-31\n"

static const char *const deals = "opportunity,opened,closed,outcome,rep,customer\n"
                                 "1,2024-01-01,2024-01-11,won,Ada,a\n"
                                 "2,2024-02-01,2024-06-11,won,Ben,a\n" /* a again: counts from the first */
                                 "3,2024-01-05,2024-01-25,lost,Ada,b\n"
                                 "4,2024-01-10,2024-02-09,won,Ada,b\n"
                                 "5,2024-02-01,2024-03-12,won,Ben,c\n"
                                 "6,2024-05-01,2024-07-31,won,Ben,d\n"
                                 "7,2024-05-01,2024-08-01,won,Ben,\n"  /* of nobody */
                                 "8,2024-05-01,2024-08-01,won,Ben,x\n" /* of somebody who is not there */
                                 "9,2024-05-01,2024-08-01,won,Ben,e\n";

static const char *const customers = "customer,start,end,rep\n"
                                     "a,2024-01-11,2024-07-11,Ada\n" /* 6 months: within 6 */
                                     "b,2024-02-09,2024-10-01,Ada\n" /* 7.7 */
                                     "c,2024-03-12,,Ben\n"           /* 9.6, still there */
                                     "d,2024-07-31,,Ben\n"           /* 5 */
                                     "e,2024-01-01,2024-06-30,Ben\n" /* left before buying */
                                     "f,2024-01-01,,Cy\n";           /* bought nothing */

static double value(const KpiText *t, const char *measure, const char *group) {
    return kpi_find(t, "sales_cycle", measure, group)->value;
}

Test(kpi_cycle_churn, counted_by_hand) {
    g_auto(KpiText) t = kpi_text(BOTH, "deals.csv", deals, "customers.csv", customers, NULL);
    /* of a, b, c, d; d is seen for 5 months: 1 of the 3 left at 6, then 1 of 2 */
    cr_assert(fabs(value(&t, "churn_6_months", NULL) - 1. / 3) < 1e-12);
    cr_assert(fabs(value(&t, "churn_9_months", NULL) - 2. / 3) < 1e-12);
    cr_assert(eq(u32, kpi_find(&t, "sales_cycle", "churn_6_months", NULL)->n, 4));
    cr_assert(value(&t, "churn_6_months", "Ada") == .5 && value(&t, "churn_9_months", "Ada") == 1);
    cr_assert(value(&t, "churn_9_months", "Ben") == 0);
    const PlCheck *c = kpi_check(&t, "ended_before_purchase");
    cr_assert(c != NULL && c->value == 1 && strstr(c->message, "customers.csv:6: customer \"e\"") != NULL,
              "%s", c != NULL ? c->message : "");
    c = kpi_check(&t, "unknown_ids");
    cr_assert(c != NULL && c->value == 1 && strstr(c->message, "deals.csv:9") != NULL, "%s",
              c != NULL ? c->message : "");
    cr_assert(kpi_check(&t, "won_without_customer")->value == 1);
    cr_assert(kpi_check(&t, "customers_without_purchase")->value == 1);
    const PlFinding *f = kpi_find(&t, "sales_cycle", "cycle_churn_correlation", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "5 are needed") != NULL);
}

/* Where a group's p-value would be a rough one, there is none. */
Test(kpi_cycle_churn, groups_of_few_expected_events_are_not_compared) {
    g_auto(KpiText) t = kpi_text(BOTH, "deals.csv", deals, "customers.csv", customers, NULL);
    static const char *const measures[] = {"churn_against_rest", "win_rate_against_rest",
                                           "closing_rate_against_rest"};
    for (gsize k = 0; k < G_N_ELEMENTS(measures); k++) {
        const PlFinding *f = kpi_find(&t, "sales_cycle", measures[k], "Ada");
        cr_assert(isnan(f->p_value) && isnan(f->p_adjusted) && f->verdict == NULL);
        cr_assert(strstr(f->reason, "fewer than 5") != NULL, "%s: %s", measures[k], f->reason);
    }
    cr_assert_not(kpi_says(&t, "sales_cycle", " compared"));
    cr_assert(pl_against_enough(5, 10) && !pl_against_enough(4.9, 100) && !pl_against_enough(96, 100));
}

/* Target of churn: judged at the first of the months only, with a trend by the month of the purchase. */
Test(kpi_cycle_churn, the_target_is_of_the_first_of_the_months) {
    g_auto(KpiText) t =
        kpi_text(BOTH "  sales_cycle: {measure: churn, target: 0.2, churn_months: [9, 6, 6]}\n", "deals.csv",
                 deals, "customers.csv", customers, NULL);
    const PlSection *s = kpi_section(&t, "sales_cycle");
    const PlFinding *f = pl_section_headline(s);
    cr_assert(eq(str, f->measure, (char *)"churn_6_months"));
    cr_assert(f->mark->down && f->mark->target == .2);
    cr_assert_null(kpi_find(&t, "sales_cycle", "churn_9_months", NULL)->mark);
    cr_assert_null(kpi_find(&t, "sales_cycle", "churn_9_months", "Ada")->mark);
    cr_assert(eq(int, (int)kpi_find(&t, "sales_cycle", "churn_6_months", "Ben")->mark->status,
                 PL_STATUS_ON_TARGET));
    const PlCurve *c = pl_section_curve(s, NULL, "trend");
    cr_assert(c != NULL && c->n >= 3 && g_str_equal(c->x_names[0], "2024-02")); /* January is not complete */
    cr_assert(c->y[0] == 0 && c->y[1] == 0 && isnan(c->y[2]));                  /* b, c; nobody in April */
}

Test(kpi_cycle_churn, all_lost_or_one_customer_has_no_interval) {
    g_auto(KpiText) t = kpi_text(BOTH, "deals.csv", deals, "customers.csv", customers, NULL);
    const PlFinding *f = kpi_find(&t, "sales_cycle", "churn_9_months", "Ada");
    cr_assert(isnan(f->conf_low) && f->reason != NULL);
    f = kpi_find(&t, "sales_cycle", "churn_6_months",
                 "Ben"); /* c alone was seen for 6 months, and not lost */
    cr_assert(f->value == 0 && (isnan(f->conf_high) || f->conf_high > .5));
}

Test(kpi_cycle_churn, without_customers_in_the_deals_their_start_is_the_purchase) {
    g_auto(KpiText) t =
        kpi_text(BOTH, "deals.csv", "opportunity,opened,closed,outcome\n1,2024-01-01,2024-01-11,won\n",
                 "customers.csv", customers, NULL);
    cr_assert(fabs(value(&t, "churn_6_months", "Ada") - .5) < 1e-12);
    cr_assert(eq(u32, kpi_find(&t, "sales_cycle", "churn_6_months", NULL)->n, 6));
    cr_assert(kpi_says(&t, "sales_cycle", "since their start"));
}

Test(kpi_cycle_churn, what_is_missing_is_a_reason) {
    g_auto(KpiText) end =
        kpi_text(BOTH, "deals.csv", deals, "customers.csv", "customer,start\na,2024-01-11\n", NULL);
    const PlFinding *f = kpi_find(&end, "sales_cycle", "churn_6_months", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "end: NAME") != NULL);
    g_auto(KpiText) nobody =
        kpi_text(BOTH, "deals.csv", deals, "customers.csv", "customer,start,end\nz,2024-01-11,\n", NULL);
    f = kpi_find(&nobody, "sales_cycle", "churn_6_months", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "no won deal is of a customer") != NULL, "%s", f->reason);
    g_auto(KpiText) kinds =
        kpi_text("experiment: test\n"
                 "data:\n"
                 "  - {table: opportunities, file: deals.csv}\n"
                 "  - {table: customers, file: customers.csv, date_format: number}\n"
                 "kpis: {period: month}\n",
                 "deals.csv", deals, "customers.csv", "customer,start,end\na,3,9\n", NULL);
    f = kpi_find(&kinds, "sales_cycle", "churn_6_months", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "numbers of periods") != NULL, "%s", f->reason);
    g_auto(KpiText) soon = kpi_text(
        BOTH, "deals.csv", "opportunity,opened,closed,outcome,customer\n1,2024-10-01,2024-11-01,won,a\n",
        "customers.csv", "customer,start,end\na,2024-11-01,\n", NULL);
    f = kpi_find(&soon, "sales_cycle", "churn_6_months", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "no customer has been observed for 6 months") != NULL);
}

/* experiments/field-sales/truth.json: Finn closes in half the time and loses four times as many customers,
 * Ada wins most and Ivo least. Of the others nobody differs but by a few days, of which Dora and Karl need
 * most. */
Test(kpi_cycle_churn, the_truths_of_the_simulated_company_are_found) {
    if (!g_file_test("experiments/field-sales/field-sales.yaml", G_FILE_TEST_EXISTS))
        cr_skip_test("not started in the project's folder");
    g_auto(KpiText) t = kpi_file("experiments/field-sales/field-sales.yaml");
    static const char *const measures[] = {"closing_rate_against_rest", "win_rate_against_rest",
                                           "churn_against_rest"};
    static const char *const found[][2] = {
        {"Finn", "faster"}, {"Ada", "higher"}, {"Ivo", "lower"}, {"Finn", "more"}};
    static const guint of[] = {0, 1, 1, 2};
    const PlSection *s = kpi_section(&t, "sales_cycle");
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        for (gsize m = 0; m < G_N_ELEMENTS(measures); m++) {
            if (f->verdict == NULL || !g_str_equal(f->measure, measures[m]))
                continue;
            gboolean slow = m == 0 && g_str_equal(f->verdict, "slower") &&
                            (g_str_equal(f->values[0], "Dora") || g_str_equal(f->values[0], "Karl"));
            gboolean known = slow;
            for (gsize k = 0; k < G_N_ELEMENTS(of); k++)
                known = known || (of[k] == m && g_str_equal(f->values[0], found[k][0]) &&
                                  g_str_equal(f->verdict, found[k][1]));
            cr_assert(known, "%s of %s: %s", f->measure, f->values[0], f->verdict);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(of); i++) {
        const PlFinding *f = kpi_find(&t, "sales_cycle", measures[of[i]], found[i][0]);
        cr_assert(eq(str, f->verdict, (char *)found[i][1]), "%s %s", measures[of[i]], found[i][0]);
    }
    cr_assert(kpi_says(&t, "sales_cycle",
                       "Finn closes clearly faster than the others and loses clearly more customers"));
    const PlFinding *six = kpi_find(&t, "sales_cycle", "churn_6_months", "Finn");
    cr_assert(six->conf_low <= 0.43938877948862065 && 0.43938877948862065 <= six->conf_high);
    const PlFinding *days = kpi_find(&t, "sales_cycle", "median_days", "Finn, won");
    cr_assert(days->conf_low <= 28 && 28 <= days->conf_high);
    const PlCurve *c = pl_section_curve(s, NULL, "cycle_vs_churn");
    cr_assert(c != NULL && c->n == 16);
    cr_assert(strstr(pl_section_headline(s)->mark->sentence, "Look at rep Finn") != NULL);
}
