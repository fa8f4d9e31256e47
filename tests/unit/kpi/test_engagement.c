/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

/* The engagement KPI on four customers whose numbers were counted by hand. */

#define HEAD                                                                                                 \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: interactions, file: contacts.csv}\n"
#define CUSTOMERS "  - {table: customers, file: customers.csv}\n"

static const char *const customers = "customer,start,end,rep\n"
                                     "A,2024-01-01,,Ada\n"
                                     "B,2024-01-01,,Ada\n"
                                     "C,2024-02-01,2024-04-15,Ben\n"
                                     "D,2024-03-01,,Ben\n";

/* A: gaps of 31, 29 (two contacts on one day), 31, 30 and 31 days, 20 days open. B: 10 and 10, 147 open.
 * C: 29, has left. D: one contact, 117 days ago. Not in order. */
static const char *const contacts = "customer,date,rep,kind,solved\n"
                                    "B,2024-02-04,Ada,call,no\n"
                                    "A,2024-01-10,Ada,visit,yes\n"
                                    "A,2024-02-10,Ada,visit,no\n"
                                    "A,2024-03-10,Ada,visit,yes\n"
                                    "A,2024-03-10,Ben,call,yes\n"
                                    "A,2024-04-10,Ada,visit,yes\n"
                                    "A,2024-06-10,Ada,visit,\n"
                                    "A,2024-05-10,Ada,visit,yes\n"
                                    "B,2024-01-15,Ada,call,no\n"
                                    "B,2024-01-25,Ada,call,no\n"
                                    "C,2024-02-10,Ben,visit,yes\n"
                                    "C,2024-03-10,Ben,visit,yes\n"
                                    "D,2024-03-05,Ben,visit,no\n";

static KpiText engagement(const char *keys) {
    g_autofree char *yaml =
        g_strdup_printf(HEAD CUSTOMERS "kpis: {as_of: 2024-06-30, engagement: {%s}}\n", keys);
    return kpi_text(yaml, "contacts.csv", contacts, "customers.csv", customers, NULL);
}

static double value(const KpiText *t, const char *measure, const char *group) {
    return kpi_find(t, "engagement", measure, group)->value;
}

/* June: one contact with A, B and D are customers too. The year: 13 contacts on 173 + 173 + 75 + 122 days as
 * a customer, from the first contact on. */
Test(engagement, contacts_of_those_who_are_customers) {
    g_auto(KpiText) t = engagement("target: 0.5");
    const PlFinding *f = kpi_find(&t, "engagement", "interactions_per_customer", NULL);
    cr_assert(eq(str, f->period, "2024-06"));
    cr_assert(epsilon_eq(dbl, f->value, 1.0 / 3, 1e-12));
    cr_assert(eq(u32, f->n, 3));
    /* t interval of 1, 0 and 0: 1/3 -+ 4.302653 / 3, cut at 0 */
    cr_assert(epsilon_eq(dbl, f->conf_low, 0, 1e-12));
    cr_assert(epsilon_eq(dbl, f->conf_high, 1.0 / 3 + 4.302652729911275 / 3, 1e-9));
    cr_assert(f->mark->headline);
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_AT_RISK));
    cr_assert(epsilon_eq(dbl, value(&t, "interactions_per_customer_year", NULL), 13 * 365.25 / 543, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "interactions_per_customer_year", "Ben"), 3 * 365.25 / 197, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "interactions_per_customer", "Ada"), 0.5, 1e-12));
    const PlCurve *curve = pl_section_curve(kpi_section(&t, "engagement"), NULL, "trend");
    cr_assert(eq(u32, curve->n, 5)); /* February to June: the data begin within January */
    static const double by_month[] = {3.0 / 3, 4.0 / 4, 1.0 / 4, 1.0 / 3, 1.0 / 3};
    for (guint k = 0; k < 5; k++)
        cr_assert(epsilon_eq(dbl, curve->y[k], by_month[k], 1e-12), "%u", k);
}

/* Over A (31 days), B (10) and D (117 days or more) the median is 31. A is not overdue after 20 days; B is
 * after 147, with a usual gap of 10; D is after 117, judged by the 31 of all. */
Test(engagement, gaps_and_who_is_overdue) {
    g_auto(KpiText) t = engagement("measure: gap_days, target: 30");
    const PlFinding *f = kpi_find(&t, "engagement", "gap_days", NULL);
    cr_assert(epsilon_eq(dbl, f->value, 31, 1e-12));
    cr_assert(eq(str, f->unit, "days"));
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_AT_RISK));
    cr_assert(epsilon_eq(dbl, value(&t, "overdue_share", NULL), 2.0 / 3, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "overdue_share", "Ada"), 0.5, 1e-12));
    const PlFinding *ben = kpi_find(&t, "engagement", "overdue_share", "Ben");
    cr_assert(epsilon_eq(dbl, ben->value, 1, 1e-12));
    cr_assert(isnan(ben->conf_low));
    cr_assert_not_null(strstr(ben->reason, "one customer"));
    cr_assert(epsilon_eq(dbl, value(&t, "overdue_days", "B, Ada"), 147, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "usual_gap_days", "B, Ada"), 10, 1e-12));
    const PlFinding *d = kpi_find(&t, "engagement", "usual_gap_days", "D, Ben");
    cr_assert(epsilon_eq(dbl, d->value, 31, 1e-12));
    cr_assert_not_null(strstr(d->reason, "fewer than 3 contacts"));
    cr_assert_null(kpi_seek(&t, "engagement", "overdue_days", "A, Ada", NULL));
}

/* 7 of 12 contacts that say so; by rep who made the contact: Ada 4 of 8, Ben 3 of 4. */
Test(engagement, solved_problems) {
    g_auto(KpiText) t = engagement("measure: solved_share, target: 0.6");
    cr_assert(epsilon_eq(dbl, value(&t, "solved_share", NULL), 7.0 / 12, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "solved_share", "Ada"), 4.0 / 8, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "solved_share", "Ben"), 3.0 / 4, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "solved_share", "call"), 1.0 / 4, 1e-12));
    const PlCheck *check = kpi_check(&t, "solved_empty");
    cr_assert_not_null(check);
    cr_assert(eq(dbl, check->value, 1));
}

/* C left after 74 days; A, B and D are there for 181, 181 and 121 days: S falls to 3/4 and stays. */
Test(engagement, length_of_the_relationship) {
    g_auto(KpiText) t = engagement("target: 0.5");
    const PlFinding *f = kpi_find(&t, "engagement", "relationship_days", NULL);
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "more than half of the customers are still there"));
    f = kpi_find(&t, "engagement", "retention_12_months", NULL);
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "observed for that long"));
    cr_assert(kpi_says(&t, "engagement", "cannot be told"));
}

Test(engagement, without_a_table_of_customers) {
    g_auto(KpiText) t = kpi_text(HEAD "kpis: {as_of: 2024-06-30, engagement: {target: 0.5}}\n",
                                 "contacts.csv", contacts, NULL);
    const PlFinding *f = kpi_find(&t, "engagement", "interactions_per_customer", NULL);
    cr_assert(epsilon_eq(dbl, f->value, 1.0 / 4, 1e-12)); /* nobody is known to have left */
    cr_assert_not_null(strstr(f->reason, "customers seen"));
    cr_assert_not_null(strstr(kpi_find(&t, "engagement", "relationship_days", NULL)->reason, "customers"));
    /* the rep of the last contact */
    cr_assert(epsilon_eq(dbl, value(&t, "overdue_share", "Ben"), 1, 1e-12));
}

Test(engagement, without_ends_nobody_is_said_to_stay) {
    g_auto(KpiText) t = kpi_text(
        HEAD CUSTOMERS "kpis: {as_of: 2024-06-30, engagement: {target: 0.5}}\n", "contacts.csv", contacts,
        "customers.csv", "customer,start\nA,2024-01-01\nB,2024-01-01\nC,2024-02-01\nD,2024-03-01\n", NULL);
    cr_assert_not_null(strstr(kpi_find(&t, "engagement", "retention_12_months", NULL)->reason, "\"end\""));
    cr_assert(epsilon_eq(dbl, value(&t, "interactions_per_customer", NULL), 1.0 / 4, 1e-12));
}

Test(engagement, contacts_that_do_not_count_are_told) {
    g_autofree char *more = g_strconcat(contacts,
                                        "A,2023-12-30,Ada,visit,yes\n"
                                        "C,2024-05-01,Ben,visit,yes\n"
                                        "Z,2024-05-01,Ben,visit,yes\n"
                                        "A,2024-07-02,Ada,visit,yes\n",
                                        NULL);
    g_auto(KpiText) t = kpi_text(HEAD CUSTOMERS "kpis: {as_of: 2024-06-30, engagement: {target: 0.5}}\n",
                                 "contacts.csv", more, "customers.csv", customers, NULL);
    cr_assert(epsilon_eq(dbl, value(&t, "interactions_per_customer", NULL), 1.0 / 3, 1e-12));
    cr_assert(epsilon_eq(dbl, value(&t, "gap_days", NULL), 31, 1e-12));
    static const char *const names[] = {"contacts_before_start", "contacts_after_end", "contacts_after",
                                        "unknown_ids"};
    static const char *const places[] = {"contacts.csv:15", "contacts.csv:16", "contacts.csv:18",
                                         "contacts.csv:17"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const PlCheck *check = kpi_check(&t, names[i]);
        cr_assert_not_null(check, "%s", names[i]);
        cr_assert(eq(dbl, check->value, 1));
        cr_assert_not_null(strstr(check->message, places[i]), "%s", check->message);
    }
}

Test(engagement, nothing_that_counts) {
    g_auto(KpiText) t =
        kpi_text(HEAD CUSTOMERS "kpis: {as_of: 2024-06-30, engagement: {target: 0.5}}\n", "contacts.csv",
                 "customer,date\nA,2023-12-30\n", "customers.csv", customers, NULL);
    const PlFinding *f = kpi_find(&t, "engagement", "interactions_per_customer", NULL);
    cr_assert(isnan(f->value));
    cr_assert(f->mark->headline);
    cr_assert_not_null(strstr(f->reason, "no contact"));
}

Test(engagement, a_customer_who_ends_before_the_start_is_a_fault) {
    g_auto(KpiText) t =
        kpi_text(HEAD CUSTOMERS "kpis: {engagement: {target: 0.5}}\n", "contacts.csv", contacts,
                 "customers.csv", "customer,start,end\nA,2024-02-01,2024-01-01\n", NULL);
    cr_assert_null(t.result);
    cr_assert_not_null(strstr(t.message, "customers.csv:2"), "%s", t.message);
}

/* Weeks are 7 days; periods that nobody knows the length of have gaps, and no years. */
Test(engagement, numbered_weeks_and_periods) {
    static const char *const weeks = "customer,week,rep\nA,1,r\nA,3,r\nA,5,r\nA,7,r\nB,2,r\nB,6,r\nB,9,r\n";
    g_auto(KpiText) t =
        kpi_text("experiment: test\ndata:\n"
                 "  - {table: interactions, file: contacts.csv, date_format: number, columns: {date: week}}\n"
                 "kpis: {engagement: {target: 0.5}}\n",
                 "contacts.csv", weeks, NULL);
    /* A: 2 weeks; B: 4 and 3, of which the median is 3.5; over both (14 + 24.5) / 2 */
    cr_assert(epsilon_eq(dbl, value(&t, "gap_days", NULL), 19.25, 1e-12));
    g_auto(KpiText) p =
        kpi_text("experiment: test\ndata:\n"
                 "  - {table: interactions, file: contacts.csv, date_format: number, columns: {date: step}}\n"
                 "kpis: {engagement: {target: 0.5}}\n",
                 "contacts.csv", "customer,step\nA,1\nA,3\nA,5\nA,7\nB,2\nB,6\nB,9\n", NULL);
    cr_assert(epsilon_eq(dbl, value(&p, "gap_days", NULL), 2.75, 1e-12));
    cr_assert(eq(str, kpi_find(&p, "engagement", "gap_days", NULL)->unit, "periods"));
    cr_assert_not_null(
        strstr(kpi_find(&p, "engagement", "interactions_per_customer_year", NULL)->reason, "periods"));
}

Test(engagement, a_few_days_and_one_customer) {
    g_auto(KpiText) t =
        kpi_text(HEAD CUSTOMERS "kpis: {as_of: 2024-01-20, engagement: {target: 1}}\n", "contacts.csv",
                 "customer,date,solved,rep\nA,2024-01-10,yes,x\nA,2024-01-12,no,x\n", "customers.csv",
                 customers, NULL);
    const PlFinding *year = kpi_find(&t, "engagement", "interactions_per_customer_year", NULL),
                    *solved = kpi_find(&t, "engagement", "solved_share", NULL);
    cr_assert(isnan(year->value));
    cr_assert_not_null(strstr(year->reason, "fewer than 90 days"), "%s", year->reason);
    cr_assert(eq(dbl, solved->value, 0.5));
    cr_assert(isnan(solved->conf_low)); /* two contacts of one customer are no sample */
    cr_assert_not_null(strstr(solved->reason, "one customer"));
    cr_assert(eq(dbl, kpi_check(&t, "customers_later")->value, 2));
}

/* A list that nobody reads to its end is cut, and says so; the share is of all. */
Test(engagement, a_long_list_of_overdue_customers) {
    g_autoptr(GString) many = g_string_new("customer,date\n");
    for (int i = 0; i < 2100; i++)
        g_string_append_printf(many, "c%d,2023-01-01\nc%d,2023-01-11\nc%d,2023-01-%02d\n", i, i, i,
                               21 + i % 7);
    g_auto(KpiText) t = kpi_text(HEAD "kpis: {as_of: 2024-01-01, engagement: {target: 1}}\n", "contacts.csv",
                                 many->str, NULL);
    const PlSection *s = kpi_section(&t, "engagement");
    guint rows = 0, read = 0;
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        rows += g_str_equal(f->measure, "overdue_days");
        read += g_str_equal(f->measure, "overdue_days") && !f->detail;
    }
    cr_assert(all(eq(u32, rows, 2000), eq(u32, read, 20)));
    cr_assert(eq(dbl, kpi_check(&t, "overdue_list")->value, 100));
    cr_assert(eq(dbl, value(&t, "overdue_share", NULL), 1));
    cr_assert(kpi_says(&t, "engagement", "2,100 customers have been waiting"));
}
