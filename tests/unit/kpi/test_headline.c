/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/headline.h"

/* Status, trend and the one sentence of a KPI, on values made here. */

typedef struct {
    PlDefinition *def;
    PlKpiStudy study;
    PlKpiGoal goal;
    PlKpiRun run;
    PlFinding *finding;
} Case;

static void begin(Case *c, const char *kpi, const char *measure, double value, double target) {
    *c = (Case){.def = pl_definition_new()};
    pl_stats_init();
    c->def->kpis.trend_periods = 12;
    c->study = (PlKpiStudy){.def = c->def};
    c->goal = (PlKpiGoal){.measure = (char *)measure, .target = target, .at_risk = 0.05};
    c->run = (PlKpiRun){.study = &c->study,
                        .goal = &c->goal,
                        .has_target = !isnan(target),
                        .section = pl_section_new(kpi, "Title"),
                        .conf_level = 0.95};
    for (const PlKpi *k = pl_kpis; k->id != NULL; k++)
        if (strcmp(k->id, kpi) == 0)
            c->run.kpi = k;
    c->finding = pl_section_add(c->run.section, NULL, measure, "The measure", PL_AMOUNT_NUMBER);
    c->finding->value = value;
}

static void end(Case *c) {
    pl_section_free(c->run.section);
    pl_definition_free(c->def);
}

static PlKpiStatus status_of(const char *kpi, const char *measure, double value, double low, double high,
                             double target, const char *direction) {
    Case c;
    begin(&c, kpi, measure, value, target);
    c.goal.direction = (char *)direction;
    c.finding->conf_low = low;
    c.finding->conf_high = high;
    pl_kpi_judge(&c.run, c.finding);
    PlKpiStatus status = c.finding->mark->status;
    end(&c);
    return status;
}

Test(kpi_headline, status_is_by_the_target_the_margin_and_the_interval) {
    static const struct {
        double value, low, high, target;
        const char *direction;
        PlKpiStatus status;
    } cases[] = {
        {100, NAN, NAN, 100, NULL, PL_STATUS_ON_TARGET},  {99, NAN, NAN, 100, NULL, PL_STATUS_AT_RISK},
        {95, NAN, NAN, 100, NULL, PL_STATUS_AT_RISK},     {94, NAN, NAN, 100, NULL, PL_STATUS_OFF},
        {80, 70, 101, 100, NULL, PL_STATUS_AT_RISK},      {80, 70, 90, 100, NULL, PL_STATUS_OFF},
        {NAN, NAN, NAN, 100, NULL, PL_STATUS_NONE},       {100, NAN, NAN, NAN, NULL, PL_STATUS_NONE},
        {99, NAN, NAN, 100, "down", PL_STATUS_ON_TARGET}, {104, NAN, NAN, 100, "down", PL_STATUS_AT_RISK},
        {120, 99, 140, 100, "down", PL_STATUS_AT_RISK},   {120, 110, 140, 100, "down", PL_STATUS_OFF},
        {-0.9, NAN, NAN, -1, NULL, PL_STATUS_ON_TARGET},  {-1.04, NAN, NAN, -1, NULL, PL_STATUS_AT_RISK},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_expect(eq(int,
                     (int)status_of("sales_volume", "volume", cases[i].value, cases[i].low, cases[i].high,
                                    cases[i].target, cases[i].direction),
                     (int)cases[i].status),
                  "case %zu", i);
}

Test(kpi_headline, fewer_days_are_better_unless_the_definition_says_otherwise) {
    cr_assert(
        eq(int, (int)status_of("sales_cycle", "median_days", 20, NAN, NAN, 30, NULL), PL_STATUS_ON_TARGET));
    cr_assert(eq(int, (int)status_of("sales_cycle", "median_days", 20, NAN, NAN, 30, "up"), PL_STATUS_OFF));
    cr_assert(eq(int, (int)status_of("sales_cycle", "win_rate", 0.2, NAN, NAN, 0.3, NULL), PL_STATUS_OFF));
}

enum { N = 8 };

/* Months of 2024; the first and the last are not complete. */
static PlBuckets *months(void) {
    PlBuckets *b = g_new0(PlBuckets, 1);
    b->period = "month";
    b->n = N;
    b->begin = g_new0(PlDay, N);
    b->end = g_new0(PlDay, N);
    b->names = g_new0(char *, N + 1);
    for (guint k = 0; k < N; k++)
        b->names[k] = g_strdup_printf("2024-%02u", k + 1);
    b->first = 1;
    b->last = N - 1;
    b->per_year = 12;
    return b;
}

static void tell(Case *c, const double *values, const char *look) {
    g_autoptr(PlBuckets) b = months();
    PlKpiSeries series = {b, values, NULL, NULL, FALSE};
    pl_kpi_headline(&c->run, c->finding, values != NULL ? &series : NULL, look);
}

/* Six complete months that rise each time: p = 2/6! */
static const double rising[N] = {99, 1, 2, 3, 4, 5, 6, 0};

Test(kpi_headline, the_trend_is_of_the_complete_periods) {
    Case c;
    begin(&c, "sales_volume", "volume", 6, 5);
    tell(&c, rising, NULL);
    const PlKpiMark *mark = c.finding->mark;
    cr_assert(eq(str, (char *)mark->trend, "rising"));
    cr_assert(eq(u32, mark->trend_periods, 6));
    cr_assert(ieee_ulp_eq(dbl, mark->trend_p, 2.0 / 720, 4));
    cr_assert(eq(dbl, mark->trend_slope, 1));
    const PlCurve *curve = pl_section_curve(c.run.section, NULL, "trend");
    cr_assert(eq(u32, curve->n, 6));
    cr_assert(eq(str, curve->x_names[0], "2024-02"));
    cr_assert(eq(dbl, curve->y[5], 6));
    cr_assert(eq(dbl, curve->target, 5));
    end(&c);
}

Test(kpi_headline, a_value_on_target_that_is_on_its_way_past_it_is_at_risk) {
    Case c;
    begin(&c, "sales_cycle", "median_days", 6, 8);
    tell(&c, rising, NULL);
    cr_assert(eq(int, (int)c.finding->mark->status, PL_STATUS_AT_RISK)); /* 6 + 3 > 8 */
    end(&c);
    begin(&c, "sales_cycle", "median_days", 6, 9);
    tell(&c, rising, NULL);
    cr_assert(eq(int, (int)c.finding->mark->status, PL_STATUS_ON_TARGET));
    end(&c);
}

Test(kpi_headline, periods_without_a_value_and_too_few_make_no_trend) {
    static const double few[N] = {NAN, 1, NAN, 3, NAN, 5, NAN, NAN};
    Case c;
    begin(&c, "sales_volume", "volume", 6, 5);
    tell(&c, few, NULL);
    cr_assert_null(c.finding->mark->trend);
    cr_assert(isnan(c.finding->mark->trend_p));
    end(&c);
}

Test(kpi_headline, only_the_last_periods_are_looked_at) {
    Case c;
    begin(&c, "sales_volume", "volume", 6, 5);
    c.def->kpis.trend_periods = 4;
    tell(&c, rising, NULL);
    cr_assert(eq(u32, c.finding->mark->trend_periods, 4));
    cr_assert(eq(str, (char *)c.finding->mark->trend, "unclear")); /* p = 2/4! */
    end(&c);
}

Test(kpi_headline, the_sentence_says_value_target_trend_and_what_to_look_at) {
    Case c;
    begin(&c, "sales_volume", "volume", 6, 5);
    c.finding->period = g_strdup("2024-07");
    c.goal.goal = g_strdup("Grow");
    tell(&c, rising, "Look at the North.");
    cr_assert(
        eq(str, c.finding->mark->sentence,
           "The measure in 2024-07: 6; the target is 5 or more: on target; rising by 1 a month over the "
           "last 6 months (p = 0.0028). Look at the North."));
    cr_assert(eq(str, c.finding->mark->goal, "Grow"));
    cr_assert(c.finding->mark->headline);
    cr_assert(eq(str, g_ptr_array_index(c.run.section->sentences, 0), c.finding->mark->sentence));
    g_free(c.goal.goal);
    end(&c);
}

Test(kpi_headline, what_is_not_known_is_said_with_its_reason) {
    Case c;
    begin(&c, "sales_volume", "volume", NAN, 5);
    c.finding->reason = g_strdup("there is one period only");
    tell(&c, NULL, NULL);
    cr_assert_not_null(strstr(c.finding->mark->sentence, "not known, there is one period only"), "%s",
                       c.finding->mark->sentence);
    cr_assert(eq(int, (int)c.finding->mark->status, PL_STATUS_NONE));
    end(&c);
}

Test(kpi_headline, a_finding_that_could_not_be_computed_has_a_reason_and_no_number) {
    Case c;
    begin(&c, "sales_volume", "volume", 6, 5);
    const PlFinding *f = pl_kpi_missing(&c.run, "growth", "Growth", PL_AMOUNT_LIFT, "only %d period", 1);
    cr_assert(isnan(f->value));
    cr_assert(eq(str, f->reason, "only 1 period"));
    end(&c);
}

Test(kpi_headline, the_target_is_of_its_measure_and_churn_of_any_month) {
    Case c;
    begin(&c, "sales_cycle", "churn", 0.1, 0.2);
    cr_assert(pl_kpi_is_target(&c.run, "churn_6_months"));
    cr_assert(not(pl_kpi_is_target(&c.run, "win_rate")));
    end(&c);
}
