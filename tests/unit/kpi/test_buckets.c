/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/buckets.h"

/* Periods of a table of interactions on these days; ends with both freed. */
typedef struct {
    KpiText text;
    PlBuckets *buckets;
} Cut;

static Cut cut(const char *date_format, const char *column, const char *as_of, const char *period,
               const char *const *days) {
    g_autofree char *yaml = g_strdup_printf("experiment: test\n"
                                            "data: [{table: interactions, file: t.csv, date_format: \"%s\", "
                                            "columns: {date: %s}}]\n"
                                            "kpis: {period: %s%s%s}\n",
                                            date_format, column, period, as_of != NULL ? ", as_of: " : "",
                                            as_of != NULL ? as_of : "");
    GString *csv = g_string_new(NULL);
    g_string_printf(csv, "customer,%s\n", column);
    for (guint i = 0; days[i] != NULL; i++)
        g_string_append_printf(csv, "c%u,%s\n", i, days[i]);
    Cut c = {.text = kpi_text(yaml, "t.csv", csv->str, NULL)};
    g_string_free(csv, TRUE);
    cr_assert_not_null(c.text.result, "%s", c.text.message);
    g_auto(PlKpiStudy) study = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) result = pl_result_new();
    cr_assert(pl_kpi_study_init(&study, c.text.def, &c.text.tables, 1, result, &error));
    PlKpiGoal goal = {0};
    PlKpiRun run = {.study = &study, .goal = &goal};
    const PlRecords *records = c.text.tables.of[PL_TABLE_INTERACTIONS];
    c.buckets = pl_buckets_new(&run, records, pl_records_date(records, "date"));
    return c;
}

static void end(Cut *c) {
    pl_buckets_free(c->buckets);
    kpi_text_end(&c->text);
}

#define DAYS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Names of the complete periods, joined; free with g_free. */
static char *complete(const PlBuckets *b) {
    GString *s = g_string_new(NULL);
    for (guint k = b->first; k < b->last; k++)
        g_string_append_printf(s, "%s%s", s->len > 0 ? " " : "", b->names[k]);
    return g_string_free(s, FALSE);
}

static void is_complete(const char *period, const char *as_of, const char *const *days, guint n,
                        const char *want) {
    Cut c = cut("%Y-%m-%d", "day", as_of, period, days);
    g_autofree char *names = complete(c.buckets);
    cr_expect(eq(str, names, (char *)want));
    cr_expect(eq(u32, c.buckets->n, n));
    cr_expect(eq(str, (char *)c.buckets->period, (char *)period));
    end(&c);
}

Test(kpi_buckets, months_without_holes_and_ends_that_are_cut_off_do_not_count) {
    is_complete("month", NULL, DAYS("2024-01-10", "2024-02-05", "2024-04-05"), 4, "2024-02 2024-03");
    is_complete("month", NULL, DAYS("2024-01-01", "2024-02-29"), 2, "2024-01 2024-02");
    /* a weekend or a holiday at either end is no missing month */
    is_complete("month", NULL, DAYS("2024-01-03", "2024-02-27"), 2, "2024-01 2024-02");
    is_complete("month", NULL, DAYS("2024-01-04", "2024-02-26"), 2, "");
}

Test(kpi_buckets, rare_rows_reach_to_the_day_of_the_report) {
    is_complete("month", "2024-02-29", DAYS("2024-01-02", "2024-02-05"), 2, "2024-01 2024-02");
}

Test(kpi_buckets, sales_reach_to_their_own_last_day) {
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data: [{table: sales, file: t.csv}]\n"
                                 "kpis: {as_of: 2024-02-29, period: month}\n",
                                 "t.csv",
                                 "store,date,revenue\n"
                                 "a,2024-01-02,5\n"
                                 "a,2024-02-05,5\n",
                                 NULL);
    cr_assert_not_null(t.result, "%s", t.message);
    g_auto(PlKpiStudy) study = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) result = pl_result_new();
    cr_assert(pl_kpi_study_init(&study, t.def, &t.tables, 1, result, &error));
    PlKpiGoal goal = {0};
    PlKpiRun run = {.study = &study, .goal = &goal};
    const PlRecords *records = t.tables.of[PL_TABLE_SALES];
    g_autoptr(PlBuckets) b = pl_buckets_new(&run, records, pl_records_date(records, "date"));
    g_autofree char *names = complete(b);
    cr_assert(eq(str, names, "2024-01"));
}

Test(kpi_buckets, later_days_than_as_of_are_left_out) {
    Cut c = cut("%Y-%m-%d", "day", "2024-02-29", "month", DAYS("2024-01-02", "2024-02-05", "2024-06-05"));
    cr_assert(eq(u32, c.buckets->n, 2));
    cr_assert(eq(u32, pl_bucket_of(c.buckets, pl_day_from_ymd(2024, 6, 5)), PL_NO_LEVEL));
    cr_assert(eq(u32, pl_bucket_of(c.buckets, pl_day_from_ymd(2023, 12, 31)), PL_NO_LEVEL));
    cr_assert(eq(u32, pl_bucket_of(c.buckets, PL_NO_DAY), PL_NO_LEVEL));
    cr_assert(eq(u32, pl_bucket_of(c.buckets, pl_day_from_ymd(2024, 2, 29)), 1));
    end(&c);
}

Test(kpi_buckets, weeks_are_those_of_iso_8601) {
    /* 2024-12-30 is a Monday: week 1 of 2025 */
    is_complete("week", NULL, DAYS("2024-12-23", "2025-01-05"), 2, "2024-W52 2025-W01");
    is_complete("week", NULL, DAYS("2020-12-28", "2021-01-10"), 2, "2020-W53 2021-W01");
}

Test(kpi_buckets, quarters_years_and_days) {
    is_complete("quarter", NULL, DAYS("2023-11-05", "2024-01-05", "2024-06-29"), 3, "2024-Q1 2024-Q2");
    is_complete("year", NULL, DAYS("2022-06-01", "2023-06-01", "2024-12-31"), 3, "2023 2024");
    is_complete("day", NULL, DAYS("2024-02-28", "2024-03-01"), 3, "2024-02-28 2024-02-29 2024-03-01");
}

/* A row a week bears the day on which the week begins. */
Test(kpi_buckets, weekly_rows_reach_to_the_end_of_their_week) {
    is_complete("month", NULL, DAYS("2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29"), 1,
                "2024-01");
}

Test(kpi_buckets, numbers_of_weeks_make_months_of_four_counted_back_from_the_last) {
    Cut c = cut("number", "week", NULL, "month", DAYS("1", "2", "6", "9"));
    g_autofree char *names = complete(c.buckets);
    cr_assert(eq(str, names, "weeks 2 to 5 weeks 6 to 9"));
    cr_assert(eq(u32, c.buckets->per_year, 13));
    cr_assert(eq(u32, pl_bucket_of(c.buckets, 1), 0));
    cr_assert(eq(u32, pl_bucket_of(c.buckets, 5), 1));
    end(&c);
}

Test(kpi_buckets, other_numbers_are_periods_themselves) {
    Cut c = cut("number", "wave", NULL, "month", DAYS("3", "5"));
    g_autofree char *names = complete(c.buckets);
    cr_assert(eq(str, names, "3 4 5"));
    cr_assert(eq(str, (char *)c.buckets->period, "period"));
    cr_assert(eq(u32, c.buckets->per_year, 0));
    end(&c);
}

Test(kpi_buckets, there_are_none_without_a_day_and_across_ages) {
    Cut none = cut("%Y-%m-%d", "day", "2023-01-01", "month", DAYS("2024-01-02"));
    cr_assert_null(none.buckets);
    end(&none);
    Cut typo = cut("%Y-%m-%d", "day", NULL, "day", DAYS("2024-01-02", "2924-01-02"));
    cr_assert_null(typo.buckets);
    end(&typo);
    Cut ages = cut("number", "wave", NULL, "month", DAYS("1", "2000000000"));
    cr_assert_null(ages.buckets);
    end(&ages);
}
