/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

/* What all KPIs share: which are computed, what a group is, what stops them. */

#define SURVEY                                                                                               \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: survey, file: survey.csv}\n"

static const char *const answers = "employee,date,score,team\n"
                                   "a,2024-01-10,4,North\n"
                                   "b,2024-01-10,3,North\n"
                                   "c,2024-01-10,5,South\n"
                                   "a,2024-04-10,2,North\n";

Test(kpi_framework, a_table_that_is_there_makes_its_kpi_and_no_other) {
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {period: month}\n", "survey.csv", answers, NULL);
    cr_assert_not_null(kpi_section(&t, "satisfaction"));
    cr_assert(eq(u32, t.result->sections->len, 1));
}

Test(kpi_framework, a_kpi_asked_for_without_its_table_says_what_is_missing) {
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {sales_cycle: {target: 30}}\n", "survey.csv", answers, NULL);
    const PlFinding *f = kpi_find(&t, "sales_cycle", "median_days", NULL);
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "no table \"opportunities\""), "%s", f->reason);
    cr_assert(kpi_says(&t, "sales_cycle", "Not computed"));
}

Test(kpi_framework, a_group_that_no_table_has_is_an_error_with_a_place_and_what_there_is) {
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {by: [temperament]}}\n", "survey.csv", answers, NULL);
    cr_assert_null(t.result);
    cr_assert(eq(int, pl_error_exit_status(t.error), 3));
    cr_assert_not_null(strstr(t.message, "test.yaml:4:"), "%s", t.message);
    cr_assert_not_null(strstr(t.message, "\"temperament\""), "%s", t.message);
    cr_assert_not_null(strstr(t.message, "team"), "%s", t.message);
}

Test(kpi_framework, two_currencies_in_two_tables_are_an_error) {
    g_auto(KpiText) t = kpi_text(
        "experiment: test\n"
        "data:\n"
        "  - {table: order_lines, file: lines.csv}\n"
        "  - {table: opportunities, file: deals.csv}\n"
        "kpis: {period: month}\n",
        "lines.csv", "order,date,customer,product,amount,currency\n1,2024-01-10,a,x,4,EUR\n", "deals.csv",
        "opportunity,opened,closed,outcome,rep,amount,currency\n"
        "1,2024-01-10,2024-01-12,won,r,4,USD\n",
        NULL);
    cr_assert_null(t.result);
    cr_assert(eq(int, pl_error_exit_status(t.error), 4));
    cr_assert_not_null(strstr(t.message, "EUR"), "%s", t.message);
    cr_assert_not_null(strstr(t.message, "USD"), "%s", t.message);
}

Test(kpi_framework, a_currency_that_is_not_that_of_the_data_is_an_error) {
    g_auto(KpiText) t =
        kpi_text("experiment: test\n"
                 "data: [{table: order_lines, file: lines.csv}]\n"
                 "kpis: {currency: EUR}\n",
                 "lines.csv", "order,date,customer,product,amount,currency\n1,2024-01-10,a,x,4,USD\n", NULL);
    cr_assert_null(t.result);
    cr_assert_not_null(
        strstr(t.message,
               "test.yaml:3:18: error: \"currency\": EUR, but the table \"order_lines\" is in USD"),
        "%s", t.message);
}

Test(kpi_framework, a_column_of_dates_is_no_group) {
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {satisfaction: {by: [date]}}\n", "survey.csv", answers, NULL);
    cr_assert_not_null(strstr(t.message, "the column \"date\" has dates: group by another"), "%s", t.message);
}

/* Months and days in the name of a measure are examples in the documentation. */
static char *documented_name(const char *measure) {
    g_autoptr(GRegex) number = g_regex_new("_[0-9]+_(months|days)$", 0, 0, NULL);
    return g_regex_replace(number, measure, -1, 0, "_N_\\1", 0, NULL);
}

Test(kpi_framework, every_measure_is_in_the_documentation) {
    g_autofree char *text = NULL;
    g_auto(KpiText) t = kpi_file("experiments/field-sales/field-sales.yaml");
    if (t.def == NULL || !g_file_get_contents("docs/kpis.md", &text, NULL, NULL))
        cr_skip_test("not started in the project's folder");
    g_autoptr(GRegex) number = g_regex_new("_([0-9]+|N)_(months|days)`", 0, 0, NULL);
    g_autofree char *page = g_regex_replace(number, text, -1, 0, "_N_\\2`", 0, NULL);
    for (guint s = 0; s < t.result->sections->len; s++) {
        const PlSection *section = g_ptr_array_index(t.result->sections, s);
        cr_assert(eq(u32, section->findings->len > 0, 1));
        for (guint i = 0; i < section->findings->len; i++) {
            const PlFinding *f = g_ptr_array_index(section->findings, i);
            g_autofree char *name = documented_name(f->measure), *word = g_strdup_printf("`%s`", name);
            cr_expect_not_null(strstr(page, word), "%s: %s", section->id, f->measure);
        }
    }
}

Test(kpi_framework, an_open_end_of_a_customer_is_no_day_of_the_data) {
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data:\n"
                                 "  - {table: interactions, file: contacts.csv}\n"
                                 "  - {table: customers, file: customers.csv}\n"
                                 "kpis: {period: month}\n",
                                 "contacts.csv", "customer,date\na,2024-01-10\na,2024-02-10\n",
                                 "customers.csv", "customer,start,end\na,2024-01-02,9999-12-31\n", NULL);
    cr_assert_not_null(t.result, "%s", t.message);
    cr_assert(eq(int, t.result->as_of, pl_day_from_ymd(2024, 2, 10)));
}

#define DATED                                                                                                \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: interactions, file: contacts.csv}\n"                                                        \
    "  - {table: customers, file: customers.csv}\n"                                                          \
    "  - {table: opportunities, file: deals.csv}\n"

static const char contacts_to_march[] = "customer,date\na,2024-01-10\na,2024-03-10\n",
                  customers_of_2023[] = "customer,start\na,2023-01-02\nb,2023-05-02\n";

/* `n` deals of a day each from 2024-01-01 on, and those that are given. */
static char *deals(int n, const char *more) {
    GString *out = g_string_new("opportunity,opened,closed,outcome\n");
    for (int i = 0; i < n; i++)
        g_string_append_printf(out, "d%d,2024-01-%02d,2024-02-%02d,won\n", i, 1 + i % 28, 1 + i % 28);
    g_string_append(out, more);
    return g_string_free(out, FALSE);
}

Test(kpi_framework, a_day_far_ahead_of_the_rest_is_told_and_is_not_the_last_of_the_data) {
    static const struct {
        const char *kpis, *customers, *more;
        int n, year, month, day;
        const char *told;
    } cases[] = {
        {"", customers_of_2023, "", 9, 2024, 3, 10, NULL},
        {"", customers_of_2023, "x,2024-01-02,2042-02-01,won\n", 9, 2024, 3, 10,
         "deals.csv:11: column \"closed\": 2042-02-01 is more than a year after"},
        {"", "customer,start\na,2023-01-02\nb,2032-05-02\n", "", 9, 2024, 3, 10, "customers.csv:3: column"},
        {"", customers_of_2023, "x,2042-01-02,,open\ny,2042-01-03,,open\n", 250, 2024, 3, 10,
         "deals.csv:252: column \"opened\": 2042-01-02 is more than a year after the other days of the data: "
         "2 days not"},
        /* two of nine are no slip: the deals go on after the contacts */
        {"", customers_of_2023, "x,2026-01-02,,open\ny,2026-01-03,,open\n", 9, 2026, 1, 3, NULL},
        {"", customers_of_2023, "x,2025-03-01,,open\n", 9, 2025, 3, 1, NULL}, /* less than a year */
        {"kpis: {as_of: 2024-02-20}\n", customers_of_2023, "x,2024-01-02,2042-02-01,won\n", 9, 2024, 2, 20,
         NULL}};
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_autofree char *text = deals(cases[k].n, cases[k].more),
                        *yaml = g_strconcat(DATED, *cases[k].kpis ? cases[k].kpis : "kpis: {period: month}\n",
                                            NULL);
        g_auto(KpiText) t = kpi_text(yaml, "contacts.csv", contacts_to_march, "customers.csv",
                                     cases[k].customers, "deals.csv", text, NULL);
        cr_assert_not_null(t.result, "%zu: %s", k, t.message);
        cr_expect(eq(int, t.result->as_of, pl_day_from_ymd(cases[k].year, cases[k].month, cases[k].day)),
                  "%zu", k);
        const PlCheck *c = kpi_check(&t, "days_far_ahead");
        cr_expect(eq(int, c != NULL, cases[k].told != NULL), "%zu: %s", k, c != NULL ? c->message : "");
        cr_expect(c == NULL || cases[k].told == NULL || strstr(c->message, cases[k].told) != NULL, "%zu: %s",
                  k, c != NULL ? c->message : "");
    }
}

/* Deals alone: of a few nothing says which is the slip. */
Test(kpi_framework, a_day_far_ahead_of_deals_alone_needs_a_hundred_of_them) {
    for (int n = 50; n <= 100; n += 50) {
        g_autofree char *text = deals(n, "x,2024-01-02,2042-02-01,won\n");
        g_auto(KpiText) t = kpi_text("experiment: test\ndata: [{table: opportunities, file: deals.csv}]\n"
                                     "kpis: {period: month}\n",
                                     "deals.csv", text, NULL);
        cr_assert_not_null(t.result, "%s", t.message);
        cr_expect(
            eq(int, t.result->as_of, n < 100 ? pl_day_from_ymd(2042, 2, 1) : pl_day_from_ymd(2024, 2, 28)));
    }
}
