/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "volume.h"

/* The KPI sales_volume on small tables. */

/* ---- a chain of three stores by the month, from January 2023 to March 2024 ---- */

/* A: 100, 110, ..., 240; B: 200 all along; C from December 2023: 50. */
static char *chain(void) {
    GString *s = g_string_new("store,date,revenue,units,channel,product\n");
    for (int m = 0; m < 15; m++) {
        g_autofree char *day = g_strdup_printf("%d-%02d-01", 2023 + m / 12, m % 12 + 1);
        g_string_append_printf(s, "A,%s,%d,10,shop,cola\n", day, 80 + 10 * m);
        g_string_append_printf(s, "A,%s,20,2,online,tea\n", day);
        g_string_append_printf(s, "B,%s,200,20,shop,cola\n", day);
        if (m >= 11)
            g_string_append_printf(s, "C,%s,50,5,shop,tea\n", day);
    }
    return g_string_free(s, FALSE);
}

static const char *const regions = "store,region\nA,North\nB,South\nC,South\n";

static KpiText chain_of(const char *kpis) {
    g_autofree char *sales = chain(), *yaml = g_strconcat(STORES, kpis, NULL);
    return kpi_text(yaml, "sales.csv", sales, "stores.csv", regions, NULL);
}

Test(kpi_sales_volume, totals_shares_ranks_and_growth) {
    g_auto(KpiText) t = chain_of("kpis: {currency: EUR, sales_volume: {target: 480}}\n");
    must_be(&t, "volume", NULL, 240 + 200 + 50);
    must_be(&t, "units_volume", NULL, 37);
    must_be(&t, "growth", NULL, 490. / 480 - 1);
    must_be(&t, "growth_year", NULL, 490. / 320 - 1);
    must_be(&t, "like_for_like", NULL, 440. / 320 - 1);
    must_be(&t, "online_share", NULL, 20. / 490);
    must_be(&t, "volume_per_store", NULL, 490. / 3);
    must_be(&t, "volume", "A", 240);
    must_be(&t, "share", "A", 240. / 490);
    must_be(&t, "rank", "A", 1);
    must_be(&t, "rank", "C", 3);
    must_be(&t, "growth", "A", 240. / 230 - 1);
    must_be(&t, "growth_year", "A", 1);
    must_be(&t, "volume", "South", 250);
    must_be(&t, "rank", "South", 1);
    must_be(&t, "growth_year", "South", .25);
    must_be(&t, "like_for_like", "South", 0);
    must_be(&t, "volume_per_store", "South", 125);
    must_be(&t, "growth_year", "online", 0);
    const PlFinding *f = kpi_find(&t, ID, "volume", NULL);
    cr_expect(eq(str, f->unit, "EUR"));
    cr_expect(eq(str, f->period, "2024-03"));
    cr_expect(eq(u32, f->n, 3));
}

Test(kpi_sales_volume, headline_says_status_and_where_the_change_is) {
    g_auto(KpiText) t = chain_of("kpis: {currency: EUR, sales_volume: {target: 480, goal: Grow}}\n");
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_assert_not_null(f);
    cr_expect(eq(str, f->measure, "volume"));
    cr_expect(eq(int, (int)f->mark->status, (int)PL_STATUS_ON_TARGET));
    cr_expect(eq(str, f->mark->goal, "Grow"));
    cr_expect_not_null(strstr(f->mark->sentence,
                              "Look at region North: of the change of +170 EUR on 2023-03, "
                              "+120 EUR is there."),
                       "%s", f->mark->sentence);
    cr_expect_null(kpi_find(&t, ID, "volume", "A")->mark); /* the target is of all stores together */
}

Test(kpi_sales_volume, where_the_volume_is_too_low_no_place_that_rose_is_named) {
    static const char *const sales = "store,date,revenue\nA,2024-01-01,100\nB,2024-01-01,100\n"
                                     "A,2024-02-01,%d\nB,2024-02-01,150\n";
    for (int fell = 0; fell < 2; fell++) {
        g_autofree char *rows = g_strdup_printf(sales, fell ? 90 : 120);
        g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {target: 1000}}\n", "sales.csv", rows, NULL);
        const char *sentence = pl_section_headline(kpi_section(&t, ID))->mark->sentence;
        cr_expect_null(strstr(sentence, "Look at store B"), "%s", sentence);
        cr_expect(eq(int, strstr(sentence, "Look at store A: it changed by -10") != NULL, fell), "%s",
                  sentence);
    }
}

Test(kpi_sales_volume, groups_are_judged_by_a_growth_target) {
    g_auto(KpiText) t = chain_of("kpis: {sales_volume: {measure: growth_year, target: 0.5, at_risk: 0.1}}\n");
    cr_expect(eq(int, (int)kpi_find(&t, ID, "growth_year", "North")->mark->status, (int)PL_STATUS_ON_TARGET));
    cr_expect(eq(int, (int)kpi_find(&t, ID, "growth_year", "South")->mark->status, (int)PL_STATUS_OFF));
}

Test(kpi_sales_volume, every_measure_can_be_the_target) {
    static const char *const measures[] = {"volume", "growth", "growth_year", "like_for_like",
                                           "online_share"};
    for (gsize i = 0; i < G_N_ELEMENTS(measures); i++) {
        g_autofree char *kpis =
            g_strdup_printf("kpis: {sales_volume: {measure: %s, target: 0.1}}\n", measures[i]);
        g_auto(KpiText) t = chain_of(kpis);
        const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
        cr_assert_not_null(f, "%s", measures[i]);
        cr_expect(eq(str, f->measure, (char *)measures[i]));
        cr_expect_not_null(pl_section_curve(kpi_section(&t, ID), NULL, "trend"));
        guint headlines = 0;
        for (guint k = 0; k < kpi_section(&t, ID)->findings->len; k++) {
            const PlFinding *g = g_ptr_array_index(kpi_section(&t, ID)->findings, k);
            headlines += g->mark != NULL && g->mark->headline;
        }
        cr_expect(eq(u32, headlines, 1), "%s", measures[i]);
    }
}

Test(kpi_sales_volume, a_store_that_opened_is_named_and_not_like_for_like) {
    g_auto(KpiText) t = chain_of("kpis: {sales_volume: {}}\n");
    const PlFinding *opened = kpi_find(&t, ID, "stores_opened", NULL);
    cr_expect(eq(dbl, opened->value, 1));
    cr_expect(eq(str, opened->reason, "C"));
    cr_expect(eq(dbl, kpi_find(&t, ID, "stores_closed", NULL)->value, 0));
    cr_expect(eq(u32, kpi_find(&t, ID, "like_for_like", NULL)->n, 2));
    const PlFinding *north = kpi_find(&t, ID, "like_for_like", "North");
    cr_expect(isnan(north->conf_low));
    cr_expect_not_null(strstr(north->reason, "one store alone"), "%s", north->reason);
}

Test(kpi_sales_volume, a_last_month_that_is_not_over_is_not_compared) {
    g_autoptr(GString) s = g_string_new("store,date,units\n");
    for (int day = 0; day < 31 + 29 + 10; day++) {
        g_autofree char *iso = pl_day_format(pl_day_from_ymd(2024, 1, 1) + day, PL_TIME_DATE);
        g_string_append_printf(s, "A,%s,%d\n", iso, 3);
    }
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {}}\n", "sales.csv", s->str, NULL);
    const PlFinding *f = kpi_find(&t, ID, "volume", NULL);
    cr_expect(eq(str, f->period, "2024-02"));
    must_be(&t, "volume", NULL, 29 * 3);
    must_be(&t, "growth", NULL, 29. / 31 - 1);
    cr_expect(eq(str, f->unit, "units"));
    cr_expect_not_null(strstr(f->label, "units"));
    cr_expect_null(kpi_seek(&t, ID, "units_volume", NULL, NULL));
    f = kpi_find(&t, ID, "growth_year", NULL);
    cr_expect(isnan(f->value));
    cr_expect_not_null(strstr(f->reason, "13 complete months"), "%s", f->reason);
}

/* Rows by the month stand for months of 31 days too, and a quarter needs all three of its own. */
Test(kpi_sales_volume, quarters_of_monthly_rows_are_complete_or_left_out) {
    g_autoptr(GString) s = g_string_new("store,date,revenue\n");
    for (int m = 1; m < 11; m++)
        g_string_append_printf(s, "A,2024-%02d-01,%d\n", m + 1, m);
    g_auto(KpiText) t =
        kpi_text(SALES "kpis: {period: quarter, sales_volume: {}}\n", "sales.csv", s->str, NULL);
    cr_expect(eq(str, kpi_find(&t, ID, "volume", NULL)->period, "2024-Q3"));
    must_be(&t, "volume", NULL, 6 + 7 + 8);
    must_be(&t, "growth", NULL, 21. / (3 + 4 + 5) - 1);
    cr_expect(eq(u32, pl_section_curve(kpi_section(&t, ID), NULL, "trend")->n, 2));
}

/* 24 months with a strong season and 3 more than in the same month a year before; a lower month at the end.
 */
static KpiText seasonal_with(int step, const char *kpi) {
    static const int season[] = {50, 60, 80, 100, 150, 200, 220, 210, 150, 100, 70, 40};
    g_autoptr(GString) s = g_string_new("store,date,revenue\n");
    for (int m = 0; m < 24; m++)
        g_string_append_printf(s, "A,%d-%02d-01,%d\n", 2022 + m / 12, m % 12 + 1,
                               season[m % 12] + step * (m / 12));
    g_autofree char *yaml = g_strdup_printf(SALES "kpis: {currency: EUR, sales_volume: {%s}}\n", kpi);
    return kpi_text(yaml, "sales.csv", s->str, NULL);
}

static KpiText seasonal(int step) {
    return seasonal_with(step, "");
}

Test(kpi_sales_volume, a_trend_is_not_taken_for_a_season) {
    g_auto(KpiText) t = seasonal(3);
    const PlKpiMark *mark = pl_section_headline(kpi_section(&t, ID))->mark;
    cr_expect(eq(str, (char *)mark->trend, "rising"));
    cr_expect(eq(u32, mark->trend_periods, 12));
    cr_expect(isnan(mark->trend_slope)); /* above the year before, which is no change a month */
    cr_expect(is_near(mark->trend_p, 2 * pow(.5, 12), 1e-9), "%g", mark->trend_p); /* 12 heads in a row */
    cr_expect_not_null(strstr(mark->sentence, "above the year before in 12 of 12 months (p"), "%s",
                       mark->sentence);
    must_be(&t, "growth_last_year", NULL, 36. / 1430);
    g_auto(KpiText) level = seasonal(0);
    mark = pl_section_headline(kpi_section(&level, ID))->mark;
    cr_expect(mark->trend == NULL || strcmp(mark->trend, "unclear") == 0, "%s", mark->trend);
}

/* 37 in December, 3 below the year before: taken for a change a month, that would miss the target next month.
 */
Test(kpi_sales_volume, a_season_carries_no_value_past_its_target) {
    g_auto(KpiText) t = seasonal_with(-3, "target: 36");
    const PlKpiMark *mark = pl_section_headline(kpi_section(&t, ID))->mark;
    cr_expect(eq(str, (char *)mark->trend, "falling"));
    cr_expect_not_null(strstr(mark->sentence, "; below the year before in 12 of 12 months (p"), "%s",
                       mark->sentence);
    cr_expect(eq(u32, mark->trend_below, 12));
    cr_expect(eq(u32, mark->trend_above, 0));
    cr_expect(isnan(mark->trend_slope));
    cr_expect(eq(int, (int)mark->status, (int)PL_STATUS_ON_TARGET));
}

/* Stores of North and South over `months` months: South grows by 10 % a year; North's last month is a bad
 * one. */
static KpiText years(const char *kpis, int months) {
    g_autoptr(GString) s = g_string_new("store,date,revenue\n"), places = g_string_new("store,region\n");
    for (int k = 0; k < 8; k++)
        g_string_append_printf(places, "S%d,%s\n", k, k < 4 ? "North" : "South");
    for (int m = 0; m < months; m++)
        for (int k = 0; k < 8; k++) {
            double grown = k < 4 ? (m == months - 1 ? .4 : 1) : 1 + .1 * (m / 12) + .002 * k * (m / 12);
            g_string_append_printf(s, "S%d,%d-%02d-01,%.10g\n", k, 2022 + m / 12, m % 12 + 1,
                                   (100 + 10 * k) * grown);
        }
    g_autofree char *yaml = g_strconcat(STORES, kpis, NULL);
    return kpi_text(yaml, "sales.csv", s->str, "stores.csv", places->str, NULL);
}

Test(kpi_sales_volume, a_goal_for_the_year_is_not_judged_by_one_month) {
    static const char *const measures[] = {"growth_last_year", "like_for_like_last_year"};
    const double then = 4 * (100 + 110 + 120 + 130) * 3; /* of North in 12 months: 12 * 460 */
    for (gsize i = 0; i < G_N_ELEMENTS(measures); i++) {
        g_autofree char *kpis =
            g_strdup_printf("kpis: {sales_volume: {measure: %s, target: 0.04, by: [region]}}\n", measures[i]);
        g_auto(KpiText) t = years(kpis, 24);
        const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
        cr_assert(eq(str, f->measure, (char *)measures[i]));
        cr_expect(f->mark->status == PL_STATUS_ON_TARGET, "%g", f->value); /* the month alone: below it */
        cr_expect(kpi_find(&t, ID, "growth_year", NULL)->value < .04);
        must_be(&t, measures[i], "North", (then - .6 * 460) / then - 1);
        cr_expect(kpi_find(&t, ID, measures[i], "North")->mark->status == PL_STATUS_OFF);
        cr_expect_null(pl_section_curve(kpi_section(&t, ID), NULL, "trend")); /* there is one such year */
        cr_expect_not_null(strstr(f->label, "of the last 12 months on the 12 before"), "%s", f->label);
    }
}

Test(kpi_sales_volume, the_course_of_years_that_overlap_has_no_trend) {
    g_auto(KpiText) t = years("kpis: {sales_volume: {measure: like_for_like_last_year, target: 0.04}}\n", 36);
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    const PlCurve *c = pl_section_curve(kpi_section(&t, ID), NULL, "trend");
    cr_assert_not_null(c);
    cr_expect(isnan(c->y[22]) && !isnan(c->y[23])); /* the first month with two years up to it */
    cr_expect(eq(dbl, c->y[c->n - 1], f->value));
    cr_expect_null(f->mark->trend);
}

Test(kpi_sales_volume, a_goal_for_the_year_needs_two_years) {
    g_auto(KpiText) t = chain_of("kpis: {sales_volume: {measure: like_for_like_last_year, target: 0.1}}\n");
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_expect(eq(str, f->reason, "it takes 24 complete months with sales; there are 15"));
    cr_expect(f->mark->status == PL_STATUS_NONE);
    g_auto(KpiText) days = chain_of("kpis: {period: day, sales_volume: {measure: growth_last_year}}\n");
    cr_expect(isnan(pl_section_headline(kpi_section(&days, ID))->value));
}

Test(kpi_sales_volume, months_of_weekly_rows_are_told_to_be_unequal) {
    g_autoptr(GString) s = g_string_new("store,date,revenue\n");
    for (int week = 0; week < 22; week++) {
        g_autofree char *iso = pl_day_format(pl_day_from_ymd(2024, 1, 1) + 7 * week, PL_TIME_DATE);
        g_string_append_printf(s, "A,%s,10\n", iso);
    }
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {}}\n", "sales.csv", s->str, NULL);
    const PlCheck *c = kpi_check(&t, "volume_weeks");
    cr_assert_not_null(c);
    cr_expect_not_null(strstr(c->message, "has 4"), "%s", c->message);
    g_auto(KpiText) weeks =
        kpi_text(SALES "kpis: {period: week, sales_volume: {}}\n", "sales.csv", s->str, NULL);
    cr_expect_null(kpi_check(&weeks, "volume_weeks"));
    must_be(&weeks, "growth", NULL, 0);
}

/* ---- when stores trade ---- */

/* Days in March and April 2024 on which a store sells; `from` and `to` inclusive, Sundays closed for all. */
static void add_days(GString *s, const char *store, int from, int to) {
    for (int day = from; day <= to; day++) {
        PlDay at = pl_day_from_ymd(2024, 3, 1) + day;
        if ((at + 3) % 7 == 6)
            continue;
        g_autofree char *iso = pl_day_format(at, PL_TIME_DATE);
        g_string_append_printf(s, "%s,%s,10\n", store, iso);
    }
}

Test(kpi_sales_volume, only_stores_that_traded_throughout_are_like_for_like) {
    g_autoptr(GString) s = g_string_new("store,date,revenue\n");
    add_days(s, "whole", 0, 60);
    add_days(s, "late", 2, 60); /* opened two days late: that is no difference to speak of */
    add_days(s, "opened", 9, 60);
    add_days(s, "closed", 0, 20);
    add_days(s, "silent", 0, 50); /* ten days at the end are not enough to have stopped */
    add_days(s, "paused", 0, 20);
    add_days(s, "paused", 34, 60);
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {}}\n", "sales.csv", s->str, NULL);
    cr_expect(eq(u32, kpi_find(&t, ID, "like_for_like", NULL)->n, 2));
    cr_expect(eq(str, kpi_find(&t, ID, "stores_opened", NULL)->reason, "opened"));
    cr_expect(eq(str, kpi_find(&t, ID, "stores_closed", NULL)->reason, "closed"));
    cr_expect(eq(str, kpi_find(&t, ID, "stores_paused", NULL)->reason, "silent, paused"));
}

Test(kpi_sales_volume, a_period_without_rows_between_others_is_told) {
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {}}\n", "sales.csv",
                                 "store,date,revenue\n"
                                 "A,2024-01-01,5\nB,2024-01-01,5\nA,2024-02-01,5\n"
                                 "A,2024-03-01,5\nB,2024-03-01,5\n",
                                 NULL);
    const PlCheck *c = kpi_check(&t, "volume_gaps");
    cr_assert_not_null(c);
    cr_expect(eq(dbl, c->value, 1));
    cr_expect_not_null(strstr(c->message, "store B in 2024-02"), "%s", c->message);
    const PlFinding *f = kpi_find(&t, ID, "volume_gap", "B");
    cr_expect(eq(str, f->period, "2024-02"));
    cr_expect(f->detail);
}

/* ---- what is missing ---- */

Test(kpi_sales_volume, a_table_without_a_volume_says_so) {
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {}}\n", "sales.csv",
                                 "store,date,visits\nA,2024-01-01,5\n", NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_assert_not_null(f);
    cr_expect(isnan(f->value));
    cr_expect_not_null(strstr(f->reason, "neither \"revenue\" nor \"units\""), "%s", f->reason);
}

Test(kpi_sales_volume, rows_without_a_volume_are_counted_and_placed) {
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {}}\n", "sales.csv",
                                 "store,date,revenue\nA,2024-01-01,5\nA,2024-02-01,\nB,2024-02-01,7\n", NULL);
    const PlCheck *c = kpi_check(&t, "volume_missing");
    cr_assert_not_null(c);
    cr_expect(eq(dbl, c->value, 1));
    cr_expect_not_null(strstr(c->message, "sales.csv:3"), "%s", c->message);
    must_be(&t, "volume", NULL, 7);
}

Test(kpi_sales_volume, rows_after_the_day_of_the_report_are_counted_and_left_out) {
    g_auto(KpiText) t =
        kpi_text(SALES "kpis: {as_of: 2024-02-29, sales_volume: {}}\n", "sales.csv",
                 "store,date,revenue\nA,2024-01-01,5\nA,2024-02-01,6\nA,2024-03-01,7\n", NULL);
    must_be(&t, "volume", NULL, 6);
    const PlCheck *c = kpi_check(&t, "volume_later");
    cr_assert_not_null(c);
    cr_expect_not_null(strstr(c->message, "sales.csv:4"), "%s", c->message);
    cr_expect_not_null(strstr(c->message, "2024-02-29"), "%s", c->message);
}

Test(kpi_sales_volume, no_complete_period_is_no_success) {
    g_auto(KpiText) t =
        chain_of("kpis: {period: year, as_of: 2023-08-31, sales_volume: {measure: like_for_like}}\n");
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_expect(isnan(f->value));
    cr_expect_not_null(strstr(f->reason, "no complete year"), "%s", f->reason);
    cr_expect(isnan(kpi_find(&t, ID, "volume", NULL)->value));
    cr_expect(isnan(kpi_find(&t, ID, "growth", NULL)->value));
}

/* More brought back than sold: no share, no growth, no index, and no crash. */
Test(kpi_sales_volume, returns_are_subtracted) {
    g_auto(KpiText) t = kpi_text(STORES "kpis: {sales_volume: {measure: growth}}\n", "sales.csv",
                                 "store,date,revenue,product\n"
                                 "A,2024-01-01,-5,x\nB,2024-01-01,2,y\nC,2024-01-01,1,x\n"
                                 "A,2024-02-01,9,x\nB,2024-02-01,-3,y\nC,2024-02-01,1,x\n",
                                 "stores.csv", regions, NULL);
    must_be(&t, "volume", NULL, 7);
    cr_expect(isnan(kpi_find(&t, ID, "growth", NULL)->value));
    cr_expect_not_null(kpi_find(&t, ID, "growth", NULL)->reason);
    must_be(&t, "growth", "B", -2.5);
    cr_expect(isnan(kpi_find(&t, ID, "growth", "A")->value));
}

Test(kpi_sales_volume, groups_within_a_store_have_no_like_for_like) {
    g_auto(KpiText) t = chain_of("kpis: {sales_volume: {by: [product], measure: like_for_like}}\n");
    must_be(&t, "volume", "cola", 420);
    cr_expect_null(kpi_seek(&t, ID, "like_for_like", "cola", NULL));
    cr_expect(kpi_says(&t, ID, "Which products to fit to which region cannot be told"));
}

Test(kpi_sales_volume, a_store_of_no_region_is_in_the_total_only) {
    g_auto(KpiText) t = kpi_text(STORES "kpis: {sales_volume: {}}\n", "sales.csv",
                                 "store,date,revenue\nA,2024-01-01,4\nA,2024-02-01,5\nB,2024-02-01,7\n",
                                 "stores.csv", "store,region\nA,North\n", NULL);
    must_be(&t, "volume", NULL, 12);
    must_be(&t, "share", "North", 5. / 12);
    cr_assert_not_null(kpi_check(&t, "volume_without_group"));
    cr_assert_not_null(kpi_check(&t, "unknown_ids"));
}

Test(kpi_sales_volume, nothing_online_is_said_and_not_zero) {
    g_auto(KpiText) t = chain_of("kpis: {sales_volume: {measure: online_share, online: web}}\n");
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_expect(isnan(f->value));
    cr_expect_not_null(strstr(f->reason, "no row has the channel \"web\""), "%s", f->reason);
}

Test(kpi_sales_volume, growth_from_nothing_has_a_reason) {
    g_auto(KpiText) t = kpi_text(SALES "kpis: {sales_volume: {measure: growth}}\n", "sales.csv",
                                 "store,date,revenue\nA,2024-01-01,0\nA,2024-02-01,7\n", NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_expect(isnan(f->value));
    cr_expect_not_null(strstr(f->reason, "2024-01 has no sales above 0"), "%s", f->reason);
}

Test(kpi_sales_volume, sums_beyond_all_numbers_have_a_reason) {
    g_auto(KpiText) t = kpi_text(STORES "kpis: {sales_volume: {target: 1}}\n", "sales.csv",
                                 "store,date,revenue\n"
                                 "A,2024-01-01,1e308\nB,2024-01-01,1e308\nC,2024-01-01,1e308\n"
                                 "A,2024-02-01,1e308\nB,2024-02-01,1e308\nC,2024-02-01,1e308\n",
                                 "stores.csv", regions, NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, ID));
    cr_expect(isnan(f->value) && f->mark->status == PL_STATUS_NONE);
    cr_expect_not_null(strstr(f->reason, "more than a number can hold"), "%s", f->reason);
    const GPtrArray *rows = kpi_section(&t, ID)->findings;
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *row = g_ptr_array_index(rows, i);
        cr_expect(eq(int, isinf(row->value) != 0, 0), "%s", row->measure);
    }
}

/* ---- growth by region ---- */

Test(kpi_sales_volume, a_region_that_grows_more_than_the_others_is_told) {
    g_autoptr(GString) s = g_string_new("store,date,revenue\n"), places = g_string_new("store,region\n");
    double now[2] = {0}, then[2] = {0};
    for (int k = 0; k < 10; k++) {
        int north = k < 4, before = 100 + 10 * k, after = before + (north ? 20 + k : k % 3);
        g_string_append_printf(places, "S%d,%s\n", k, north ? "North" : "South");
        g_string_append_printf(s, "S%d,2024-01-01,%d\nS%d,2024-02-01,%d\n", k, before, k, after);
        then[north] += before;
        now[north] += after;
    }
    g_auto(KpiText) t = kpi_text(STORES "kpis: {sales_volume: {measure: like_for_like}}\n", "sales.csv",
                                 s->str, "stores.csv", places->str, NULL);
    must_be(&t, "like_for_like", "North", now[1] / then[1] - 1);
    must_be(&t, "like_for_like", NULL, (now[0] + now[1]) / (then[0] + then[1]) - 1);
    const PlFinding *f = kpi_find(&t, ID, "like_for_like_lead", "North");
    double lead = now[1] / then[1] / ((now[0] + now[1]) / (then[0] + then[1])) - 1;
    cr_expect(is_near(f->value, lead, 1e-12), "%.17g", f->value);
    cr_expect(f->conf_low > 0 && f->p_adjusted < .05);
    cr_expect(eq(u32, f->n, 4));
    cr_expect(kpi_says(&t, ID, "differs from that elsewhere"));
    cr_expect_not_null(
        strstr(pl_section_headline(kpi_section(&t, ID))->mark->sentence, "Least of all in region South"));
}

Test(kpi_sales_volume, of_regions_that_are_alike_none_is_told_apart) {
    static const double growth[] = {1.02, 1.07, 1.04, 1.11, 1.06, 1.01, 1.09, 1.05};
    g_autoptr(GString) s = g_string_new("store,date,revenue\n"), places = g_string_new("store,region\n");
    for (int k = 0; k < 8; k++) {
        g_string_append_printf(places, "S%d,%s\n", k, k < 4 ? "North" : "South");
        g_string_append_printf(s, "S%d,2024-01-01,100\nS%d,2024-02-01,%g\n", k, k, 100 * growth[k]);
    }
    g_auto(KpiText) t = kpi_text(STORES "kpis: {sales_volume: {measure: like_for_like}}\n", "sales.csv",
                                 s->str, "stores.csv", places->str, NULL);
    const char *sentence = pl_section_headline(kpi_section(&t, ID))->mark->sentence;
    cr_expect_not_null(strstr(sentence, "No region is told apart as weaker than the others (2 compared)."),
                       "%s", sentence);
    cr_expect(kpi_says(&t, ID, "no place is told apart"));
}

/* Two stores: an interval of almost anything, but of no less than nothing. */
Test(kpi_sales_volume, no_interval_reaches_below_nothing) {
    g_auto(KpiText) t = kpi_text(STORES "kpis: {sales_volume: {}}\n", "sales.csv",
                                 "store,date,revenue\n"
                                 "A,2024-01-01,100\nB,2024-01-01,110\nC,2024-01-01,120\n"
                                 "A,2024-02-01,10\nB,2024-02-01,400\nC,2024-02-01,10\n",
                                 "stores.csv", regions, NULL);
    const PlFinding *f = kpi_find(&t, ID, "like_for_like", "South");
    cr_expect(eq(dbl, f->conf_low, -1));
    cr_expect(f->conf_high > 5);
    cr_expect(eq(dbl, kpi_find(&t, ID, "volume_per_store", "South")->conf_low, 0));
}

/* ---- products by region ---- */

static KpiText two_regions(guint stores_north) {
    GString *s = g_string_new("store,date,revenue,product\n"), *places = g_string_new("store,region\n");
    for (guint k = 0; k < 12; k++) {
        gboolean north = k < stores_north;
        g_string_append_printf(places, "S%02u,%s\n", k, north ? "North" : "South");
        for (int m = 1; m <= 2; m++) {
            g_string_append_printf(s, "S%02u,2024-%02d-01,%u,cola\n", k, m, (north ? 40 : 20) + k % 3);
            g_string_append_printf(s, "S%02u,2024-%02d-01,%u,tea\n", k, m, 60 + k % 4);
            if (!north)
                g_string_append_printf(s, "S%02u,2024-%02d-01,9,milk\n", k, m);
        }
    }
    KpiText t =
        kpi_text(STORES "kpis: {sales_volume: {}}\n", "sales.csv", s->str, "stores.csv", places->str, NULL);
    g_string_free(s, TRUE);
    g_string_free(places, TRUE);
    return t;
}

Test(kpi_sales_volume, products_are_fitted_to_regions) {
    g_auto(KpiText) t = two_regions(6);
    const PlFinding *f = kpi_find(&t, ID, "product_index", "North, cola");
    /* two months of six stores: 6 x 40 + 6 of cola; 6 x 60 + 7 of tea, as k mod 4 is 0 1 2 3 0 1; 18 of the
     * South: 6 x 20 + 6, 6 x 60 + 11, 6 x 9 */
    double here = 246. / (246 + 367), everywhere = (246. + 126) / (246 + 367 + 126 + 371 + 54);
    cr_expect(is_near(f->value, here / everywhere, 1e-12), "%.17g", f->value);
    cr_expect(eq(str, f->verdict, "more"));
    cr_expect(f->conf_low > 1);
    f = kpi_find(&t, ID, "product_index", "North, milk");
    cr_expect(eq(dbl, f->value, 0));
    cr_expect(eq(str, f->reason, "not sold here"));
    cr_expect(kpi_says(&t, ID, "In North these are more of the sales than everywhere: cola"));
    cr_expect(kpi_says(&t, ID, "not sold at all: milk"));
}

Test(kpi_sales_volume, two_stores_are_too_few_to_test_products) {
    g_auto(KpiText) t = two_regions(2);
    const PlFinding *f = kpi_find(&t, ID, "product_index", "North, cola");
    cr_expect(f->value > 1);
    cr_expect(isnan(f->p_value));
    cr_expect_null(f->verdict);
    cr_expect_not_null(strstr(f->reason, "3 stores"), "%s", f->reason);
    cr_expect(f->detail);
    cr_expect(kpi_says(&t, ID, "it takes three stores on either side"));
}
