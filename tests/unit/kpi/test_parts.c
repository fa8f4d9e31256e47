/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/parts.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/value.h"

/* KPIs as metrics of an experiment: the tables below are small enough to be counted by hand. */

static const char *const definition =
    "experiment: test\n"
    "data:\n"
    "  - {table: sales, file: sales.csv}\n"
    "  - {table: competitor_prices, file: prices.csv}\n"
    "  - {table: interactions, file: contacts.csv}\n"
    "  - {table: customers, file: customers.csv}\n"
    "  - {table: survey, file: survey.csv}\n"
    "  - {table: order_lines, file: lines.csv}\n"
    "  - {table: opportunities, file: deals.csv}\n"
    "kpis: {as_of: 2024-12-31, satisfaction: {scale: [1, 5], smallest_group: 2}}\n"
    "periods: {before: {from: 2024-01-01, to: 2024-01-31}, during: {from: 2024-02-01, to: 2024-02-29}}\n";

static const char *const sales = "store,date,product,channel,revenue,units\n"
                                 "A,2024-01-08,cola,shop,20,10\n"
                                 "A,2024-01-08,soup,Online,12,4\n"
                                 "A,2024-01-15,cola,shop,18,10\n"
                                 "A,2024-02-05,cola,online,10,10\n"
                                 "B,2024-01-08,cola,shop,30,10\n"
                                 "B,2024-01-08,tea,shop,30,10\n";
/* cola: X asks 2, Y 4 from the first; from the 10th X asks 1. soup: 3. tea: no price. */
static const char *const prices = "date,product,competitor,price\n"
                                  "2024-01-01,cola,X,2\n"
                                  "2024-01-01,cola,Y,4\n"
                                  "2024-01-10,cola,X,1\n"
                                  "2024-01-08,soup,X,3\n";
/* gaps: 1 has 4 (two contacts on the 9th are one) and 20; 2 none; the store of 3 is not known */
static const char *const contacts = "customer,date,solved,store\n"
                                    "1,2024-01-09,yes,A\n"
                                    "1,2024-01-05,no,A\n"
                                    "1,2024-01-09,no,A\n"
                                    "1,2024-01-29,yes,A\n"
                                    "2,2024-01-06,yes,B\n"
                                    "3,2024-01-07,,\n";
static const char *const customers = "customer,start,end,store\n"
                                     "1,2023-05-01,,A\n"
                                     "2,2024-01-07,2024-01-10,A\n"
                                     "3,2023-01-01,,\n";
/* C has too few people; a second answer of one is not another person's */
static const char *const survey = "employee,date,score,store\n"
                                  "a,2024-01-10,5,A\n"
                                  "b,2024-01-10,,A\n"
                                  "c,2024-01-10,2,A\n"
                                  "d,2024-01-10,4,B\n"
                                  "e,2024-01-10,4,B\n"
                                  "f,2024-01-10,1,C\n"
                                  "f,2024-01-20,1,C\n"
                                  "g,2024-01-10,,C\n";
/* order 5 came back */
static const char *const lines = "order,date,customer,product,amount,kind,store\n"
                                 "1,2024-01-10,1,x,10,base,A\n"
                                 "1,2024-01-10,1,y,5,upsell,A\n"
                                 "2,2024-01-11,1,x,10,base,A\n"
                                 "2,2024-01-11,1,x,10,cross_sell,A\n"
                                 "3,2024-01-12,2,x,7,,A\n"
                                 "4,2024-01-12,2,x,8,upsell,B\n"
                                 "5,2024-01-12,2,x,-8,upsell,B\n";
/* purchases: 1 on the 10th (lost on 2024-07-10, exactly six months later), 2 not lost, 3 too late to be
 * followed for six months */
static const char *const deals = "opportunity,opened,closed,outcome,customer,store\n"
                                 "1,2024-01-01,2024-01-11,won,1,A\n"
                                 "2,2024-01-01,2024-01-10,won,1,A\n"
                                 "3,2024-01-01,2024-01-21,lost,2,A\n"
                                 "4,2024-01-01,,open,2,A\n"
                                 "5,2024-01-01,2024-01-31,won,2,B\n"
                                 "6,2024-01-01,2024-09-15,won,3,A\n";

static KpiText tables(const char *metric, const char *customers_text) {
    g_autofree char *yaml = g_strdup_printf("%smetrics: [{name: m, kpi: %s}]\n", definition, metric);
    return kpi_text(yaml, "sales.csv", sales, "prices.csv", prices, "contacts.csv", contacts, "customers.csv",
                    customers_text, "survey.csv", survey, "lines.csv", lines, "deals.csv", deals, NULL);
}

static KpiText tables_of(const char *metric) {
    KpiText t = tables(metric, customers);
    cr_assert_not_null(t.result, "%s", t.message);
    return t;
}

typedef struct {
    double part, whole;
    guint64 storeless, unmatched;
} Sum;

/* Of one store over all days. */
static Sum sum_of(const KpiText *t, const char *store) {
    g_auto(PlKpiStudy) study = {0};
    g_auto(PlKpiParts) parts = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) result = pl_result_new();
    cr_assert(pl_kpi_study_init(&study, t->def, &t->tables, 1, result, &error));
    cr_assert(pl_kpi_parts(&study, pl_definition_primary(t->def), &parts, &error), "%s",
              error != NULL ? error->message : "");
    Sum sum = {.storeless = parts.n_storeless, .unmatched = parts.n_unmatched};
    for (guint i = 0; i < parts.parts->len; i++) {
        const PlKpiPart *p = &g_array_index(parts.parts, PlKpiPart, i);
        if (g_str_equal(parts.stores[p->store], store)) {
            sum.part += p->part;
            sum.whole += p->whole;
        }
    }
    return sum;
}

static void is_sum(const char *metric, const char *store, double part, double whole) {
    g_auto(KpiText) t = tables_of(metric);
    Sum sum = sum_of(&t, store);
    cr_assert(ieee_ulp_eq(dbl, sum.part, part, 4), "%s of %s", metric, store);
    cr_assert(ieee_ulp_eq(dbl, sum.whole, whole, 4), "%s of %s", metric, store);
}

Test(kpi_parts, orders_count_once_with_all_their_lines) {
    is_sum("upsell_rate", "A", 1, 3);
    is_sum("upsell_rate", "B", 1, 2);
    is_sum("upsell.cross_sell_rate", "A", 1, 3);
    is_sum("attach_rate", "A", 1, 3);
}

Test(kpi_parts, the_value_share_is_of_lines_whose_kind_is_known) {
    is_sum("upsell_value_share", "A", 15, 35);
}

Test(kpi_parts, deals_count_on_the_day_they_close_and_open_ones_not) {
    is_sum("mean_days", "A", 10 + 9 + 20 + 258, 4);
    is_sum("win_rate", "A", 3, 4);
    is_sum("win_rate", "B", 1, 1);
}

Test(kpi_parts, surveys_count_answers_and_those_asked) {
    is_sum("mean_score", "A", 7, 2);
    is_sum("top_two_share", "A", 1, 2);
    is_sum("response_rate", "A", 2, 3);
}

Test(kpi_parts, a_store_s_score_is_never_of_a_few_people) {
    is_sum("mean_score", "B", 8, 2);
    is_sum("mean_score", "C", 0, 0);
    is_sum("response_rate", "C", 2, 3); /* of two people, of whom one did not answer */
    g_auto(KpiText) t = tables_of("mean_score");
    cr_assert(eq(u64, sum_of(&t, "C").unmatched, 2));
}

Test(kpi_parts, gaps_are_between_days_of_contact_of_one_customer) {
    is_sum("gap_days", "A", 4 + 20, 2);
    is_sum("gap_days", "B", 0, 0);
}

Test(kpi_parts, solved_is_of_contacts_of_which_it_is_known) {
    is_sum("solved_share", "A", 2, 4);
    g_auto(KpiText) t = tables_of("solved_share");
    cr_assert(eq(u64, sum_of(&t, "A").storeless, 0)); /* the row without a store says nothing of it */
}

Test(kpi_parts, contacts_are_per_customer_there_that_day) {
    /* 5 January (the first contact) to 29 February (the end of the periods): customer 1 all 56 days, customer
     * 2 from the 7th to the 10th; its contact in B was before it was one, and counts nowhere */
    is_sum("interactions_per_customer", "A", 4, 56 + 4);
    is_sum("interactions_per_customer", "B", 0, 0);
    g_auto(KpiText) t = tables_of("interactions_per_customer");
    cr_assert(eq(u64, sum_of(&t, "A").storeless, 1));
}

Test(kpi_parts, prices_stand_beside_what_competitors_asked_last) {
    /* the 8th: cola 20 against 10 x 3, soup 12 against 4 x 3; the 15th: 18 against 10 x 2.5 (X 1, Y 4);
     * 5 February: 10 against 10 x 2.5 */
    is_sum("price_index", "A", 20 + 12 + 18 + 10, 30 + 12 + 25 + 25);
    is_sum("price_gap", "A", -10 + 0 - 7 - 15, 10 + 4 + 10 + 10);
    is_sum("price_index", "B", 30, 30);
    g_auto(KpiText) t = tables_of("price_index");
    cr_assert(eq(u64, sum_of(&t, "A").unmatched, 1)); /* tea */
}

Test(kpi_parts, online_is_the_channel_of_that_name_in_any_case) {
    is_sum("online_share", "A", 12 + 10, 20 + 12 + 18 + 10);
}

Test(kpi_parts, churn_is_of_first_purchases_that_were_followed_long_enough) {
    g_auto(KpiText) t = tables("churn_6_months", "customer,start,end,store\n"
                                                 "1,2023-05-01,2024-07-10,A\n"
                                                 "2,2024-01-07,2024-08-01,A\n"
                                                 "3,2023-01-01,,\n");
    cr_assert_not_null(t.result, "%s", t.message);
    Sum a = sum_of(&t, "A"), b = sum_of(&t, "B");
    cr_assert(eq(dbl, a.part, 1));
    cr_assert(eq(dbl, a.whole, 1));
    cr_assert(eq(dbl, b.part, 0));
    cr_assert(eq(dbl, b.whole, 1));     /* lost a day after six months */
    cr_assert(eq(u64, a.unmatched, 1)); /* 2024-09-15: as of 2024-12-31 */
}

Test(kpi_parts, customers_who_had_ended_before_are_not_lost_by_a_purchase) {
    g_auto(KpiText) t = tables("churn_6_months", "customer,start,end,store\n"
                                                 "1,2023-05-01,2024-01-05,A\n"
                                                 "2,2024-01-07,,A\n"
                                                 "3,2023-01-01,,\n");
    cr_assert_not_null(t.result, "%s", t.message);
    Sum a = sum_of(&t, "A");
    cr_assert(eq(dbl, a.whole, 0));
    cr_assert(eq(u64, a.unmatched, 2));
}

Test(kpi_parts, contacts_of_unknown_customers_count_nowhere) {
    g_auto(KpiText) t = tables("interactions_per_customer", "customer,start,end,store\n2,2023-01-07,,A\n");
    cr_assert_not_null(t.result, "%s", t.message);
    Sum a = sum_of(&t, "A"), b = sum_of(&t, "B");
    cr_assert(eq(dbl, a.part, 0));
    cr_assert(eq(dbl, b.part, 1));
    cr_assert(gt(dbl, a.whole, 0));
}

/* The message of a metric that must be refused. */
static void is_refused(const char *metric, const char *said) {
    g_auto(KpiText) t = tables(metric, customers);
    cr_assert_null(t.result);
    cr_assert(eq(int, pl_error_exit_status(t.error), 3));
    cr_assert_not_null(strstr(t.message, said), "%s", t.message);
}

Test(kpi_parts, measures_that_are_no_metric_say_what_to_take_instead) {
    is_refused("growth", "the effect on \"volume\" is the growth");
    is_refused("median_days", "take \"mean_days\"");
    is_refused("overdue_share", "\"gap_days\"");
    is_refused("win_rat", "did you mean \"win_rate\"?");
    is_refused("upsell.win_rate", "no KPI has a measure \"upsell.win_rate\"");
}

Test(kpi_parts, a_metric_without_its_table_is_an_error) {
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data: [{table: sales, file: sales.csv}]\n"
                                 "metrics: [{name: m, kpi: win_rate}]\n",
                                 "sales.csv", sales, NULL);
    cr_assert(eq(int, pl_error_exit_status(t.error), 3));
    cr_assert_not_null(strstr(t.message, "\"win_rate\" is made of the table \"opportunities\""), "%s",
                       t.message);
}

/* The message of a table that lacks a column; free with g_free. */
static char *lacking(const char *metric, const char *table, const char *text) {
    g_autofree char *yaml = g_strdup_printf("experiment: test\n"
                                            "data: [{table: %s, file: t.csv}]\n"
                                            "kpis: {period: month}\n"
                                            "metrics: [{name: m, kpi: %s}]\n",
                                            table, metric);
    g_auto(KpiText) t = kpi_text(yaml, "t.csv", text, NULL);
    g_auto(PlKpiStudy) study = {0};
    g_auto(PlKpiParts) parts = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) result = pl_result_new();
    cr_assert_not_null(t.result, "%s", t.message);
    cr_assert(pl_kpi_study_init(&study, t.def, &t.tables, 1, result, &error));
    cr_assert(not(pl_kpi_parts(&study, pl_definition_primary(t.def), &parts, &error)));
    cr_assert(eq(int, pl_error_exit_status(error), 3));
    return g_strdup(error->message);
}

Test(kpi_parts, columns_that_a_metric_needs_are_named) {
    static const struct {
        const char *metric, *table, *text, *said;
    } cases[] = {
        {"win_rate", "opportunities", "opportunity,opened,closed,outcome\n1,2024-01-01,2024-01-02,won\n",
         "column \"store\""},
        {"win_rate", "opportunities", "opportunity,opened,closed,store\n1,2024-01-01,2024-01-02,A\n",
         "column \"outcome\""},
        {"upsell_rate", "order_lines", "order,date,customer,product,amount,store\n1,2024-01-01,a,x,1,A\n",
         "column \"kind\""},
        {"solved_share", "interactions", "customer,date,store\n1,2024-01-01,A\n", "column \"solved\""},
        {"online_share", "sales", "store,date,revenue\nA,2024-01-01,1\n", "column \"channel\""},
        {"top_two_share", "survey", "employee,date,score,store\na,2024-01-01,4,A\n",
         "needs the scale of the scores"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *message = lacking(cases[i].metric, cases[i].table, cases[i].text);
        cr_expect_not_null(strstr(message, cases[i].said), "%s", message);
    }
}

static PlPanel *panel_with(const KpiText *t, PlPanel *sales_panel, PlResult *result) {
    g_autoptr(GError) error = NULL;
    PlPanel *panel = pl_kpi_metrics_panel(t->def, &t->tables, sales_panel, result, &error);
    cr_assert_not_null(panel, "%s", error != NULL ? error->message : "");
    return panel;
}

static double value_of(const KpiText *t, const PlPanel *panel, const char *store, PlDay from, PlDay to) {
    PlBoundMetric bound;
    guint begin, end;
    double value = NAN;
    cr_assert(pl_metric_bind(pl_definition_primary(t->def), panel, &bound));
    pl_panel_range(panel, from, to, &begin, &end);
    return pl_metric_value(panel, &bound, (guint)pl_panel_store(panel, store), begin, end, &value) ? value
                                                                                                   : NAN;
}

Test(kpi_parts, without_sales_every_day_is_one) {
    g_auto(KpiText) t = tables_of("win_rate");
    g_autoptr(PlResult) result = pl_result_new();
    g_autoptr(PlPanel) panel = panel_with(&t, NULL, result);
    PlDay first = pl_day_from_ymd(2024, 1, 10), last = pl_day_from_ymd(2024, 9, 15);
    cr_assert(eq(u32, panel->n_times, (guint)(last - first) + 1));
    cr_assert(eq(dbl, value_of(&t, panel, "A", first, pl_day_from_ymd(2024, 1, 31)), 2.0 / 3));
    cr_assert(eq(dbl, value_of(&t, panel, "B", first, last), 1));
    cr_assert(isnan(value_of(&t, panel, "B", first, first))); /* nothing closed */
}

/* Weekly sales: a day belongs to the week that has begun, but never to another period. */
Test(kpi_parts, days_between_those_of_the_sales_stay_in_their_period) {
    g_auto(KpiText) t = tables_of("mean_days");
    const char *stores[] = {"A", "C"}, *measures[] = {"revenue"};
    const PlDay times[] = {pl_day_from_ymd(2024, 1, 7), pl_day_from_ymd(2024, 1, 14),
                           pl_day_from_ymd(2024, 1, 21)};
    PlPanel *weeks = pl_panel_new(stores, 2, times, 3, PL_TIME_DATE, measures, 1);
    for (guint time = 0; time < 3; time++)
        pl_panel_set(weeks, 0, time, 0, 5); /* C sells nothing */
    g_autoptr(PlResult) result = pl_result_new();
    g_autoptr(PlPanel) panel = panel_with(&t, weeks, result);
    cr_assert(eq(dbl, value_of(&t, panel, "A", times[0], times[0]), (10 + 9) / 2.0));
    cr_assert(isnan(value_of(&t, panel, "A", times[1], times[1])));
    cr_assert(eq(dbl, value_of(&t, panel, "A", times[2], times[2]), 20));
    double revenue;
    cr_assert(pl_panel_get(panel, 0, 2, 0, &revenue));
    cr_assert(eq(dbl, revenue, 5));
    cr_assert(not(pl_panel_get(panel, 1, 2, 0, &revenue)));
    const PlCheck *check = g_ptr_array_index(result->checks, 0);
    cr_assert(eq(int, (int)check->status, PL_WARN));
    cr_assert_not_null(strstr(check->message, "1 of stores without sales"), "%s", check->message);
}

Test(kpi_parts, a_store_without_sales_that_day_keeps_its_deals) {
    g_auto(KpiText) t = tables_of("win_rate");
    const char *stores[] = {"A", "B"}, *measures[] = {"revenue"};
    const PlDay times[] = {pl_day_from_ymd(2024, 1, 31)};
    PlPanel *day = pl_panel_new(stores, 2, times, 1, PL_TIME_DATE, measures, 1);
    pl_panel_set(day, 0, 0, 0, 5);
    g_autoptr(PlResult) result = pl_result_new();
    g_autoptr(PlPanel) panel = panel_with(&t, day, result);
    double revenue;
    cr_assert(eq(dbl, value_of(&t, panel, "B", times[0], times[0]), 1));
    cr_assert(not(pl_panel_get(panel, 1, 0, 0, &revenue)));
}

Test(kpi_parts, numbers_beside_dates_are_an_error) {
    g_auto(KpiText) t = tables_of("win_rate");
    const char *stores[] = {"A"};
    const PlDay times[] = {1, 2};
    g_autoptr(PlResult) result = pl_result_new();
    g_autoptr(GError) error = NULL;
    cr_assert_null(pl_kpi_metrics_panel(
        t.def, &t.tables, pl_panel_new(stores, 1, times, 2, PL_TIME_NUMBER, stores, 1), result, &error));
    cr_assert(eq(int, pl_error_exit_status(error), 3));
    cr_assert_not_null(strstr(error->message, "has dates and the rest period numbers"), "%s", error->message);
}

/* The table in docs/kpis.md says what each of them is made of. */
Test(kpi_parts, every_metric_is_in_the_documentation) {
    g_autofree char *text = NULL;
    g_autofree const char **names = pl_kpi_metric_names();
    cr_assert(g_file_get_contents("docs/kpis.md", &text, NULL, NULL));
    const char *table = strstr(text, "## Any KPI as the metric of an experiment");
    cr_assert_not_null(table);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *row = g_str_equal(names[i], "churn") ? g_strdup("| `churn_6_months`")
                                                              : g_strdup_printf("| `%s` |", names[i]);
        cr_expect_not_null(strstr(table, row), "%s", row);
    }
}

/* As a metric a KPI is what it is as a KPI: over all stores and days the two agree. */
Test(kpi_parts, parts_add_up_to_the_kpi) {
    static const struct {
        const char *kpi, *measure;
    } cases[] = {{"sales_cycle", "mean_days"},  {"sales_cycle", "win_rate"},      {"upsell", "upsell_rate"},
                 {"upsell", "cross_sell_rate"}, {"upsell", "upsell_value_share"}, {"upsell", "attach_rate"},
                 {"engagement", "solved_share"}};
    g_auto(KpiText) t = kpi_file("experiments/field-sales/field-sales.yaml");
    if (t.def == NULL)
        cr_skip_test("not started in the project's folder");
    for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_auto(PlKpiStudy) study = {0};
        g_auto(PlKpiParts) parts = {0};
        g_autoptr(GError) error = NULL;
        g_autoptr(PlResult) result = pl_result_new();
        PlMetric metric = {.name = (char *)"m",
                           .kpi = (char *)cases[c].measure,
                           .of_kpi = pl_kpi_metric_find(cases[c].measure)};
        cr_assert(pl_kpi_study_init(&study, t.def, &t.tables, 1, result, &error));
        cr_assert(pl_kpi_parts(&study, &metric, &parts, &error));
        double part = 0, whole = 0;
        for (guint i = 0; i < parts.parts->len; i++) {
            part += g_array_index(parts.parts, PlKpiPart, i).part;
            whole += g_array_index(parts.parts, PlKpiPart, i).whole;
        }
        double value = kpi_find(&t, cases[c].kpi, cases[c].measure, NULL)->value;
        cr_expect(epsilon_eq(dbl, part / whole, value, 1e-12 * fabs(value)), "%s: %.15g against %.15g",
                  cases[c].measure, part / whole, value);
    }
}
