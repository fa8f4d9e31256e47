/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_charts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "drawn.h"
#include "kpi_fixture.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/charts.h"

TestSuite(kpi_charts, DRAWN);

static PlResult *result_of(guint n) {
    PlResult *r = kpi_result();
    PlSection *volume = kpi_add_volume(r);
    kpi_add_missing(r);
    kpi_add_hostile(r);
    PlSection *cycle = kpi_add_cycle(r, n);
    kpi_add_survival(cycle, n);
    kpi_add_scatter(cycle, n);
    kpi_add_index(volume, n, n);
    return r;
}

/* Each chart, with the section where it stands; nothing of a KPI without numbers. */
Test(kpi_charts, are_named_after_what_they_show) {
    g_autoptr(PlResult) r = result_of(4);
    static const char *const want[][2] = {{"scorecard", "scorecard"},
                                          {"trend-sales_volume", "sales_volume"},
                                          {"product_index-sales_volume", "sales_volume"},
                                          {"trend-upsell", "upsell"},
                                          {"trend-sales_cycle", "sales_cycle"},
                                          {"groups-sales_cycle", "sales_cycle"},
                                          {"cycle_survival", "sales_cycle"},
                                          {"cycle_vs_churn", "sales_cycle"}};
    draw(r);
    cr_assert(eq(u32, r->charts->len, G_N_ELEMENTS(want)));
    for (guint i = 0; i < r->charts->len; i++) {
        const PlChart *chart = g_ptr_array_index(r->charts, i);
        cr_expect(eq(str, chart->name, (char *)want[i][0]));
        cr_expect(eq(str, chart->section, (char *)want[i][1]));
        cr_expect(gt(sz, strlen(chart->alt), 40));
        g_autofree char *file = g_strconcat(chart->name, ".svg", NULL), *svg = read_chart(file);
        expect_within(svg, "viewBox=\"0 0 1280 720\"");
    }
}

/* Every number of groups that changes the layout must draw. */
Test(kpi_charts, draw_one_group_and_many) {
    static const guint sizes[] = {0, 1, 2, 20, 21, 35, 200};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(PlResult) r = result_of(sizes[i]);
        draw(r);
        cr_expect(ge(u32, r->charts->len, 4), "%u groups", sizes[i]);
    }
}

/* Nothing but a name and a reason: neither a picture nor a fault. */
Test(kpi_charts, draw_the_scorecard_alone_when_nothing_is_known) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_missing(r);
    draw(r);
    cr_expect(eq(u32, r->charts->len, 1));
    const PlChart *chart = g_ptr_array_index(r->charts, 0);
    cr_expect(eq(str, chart->title, "0 KPIs, none with a target"));
}

/* Value, limits, target and zero as shares of the bar; an interval that would hide them is cut. */
Test(kpi_charts, scorecard_holds_values_against_targets) {
    const struct { double value, half, target; } cases[] = {{50, NAN, 100}, {0.02, 0.06, 0.04}, {1, 99, 2}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) r = kpi_result();
        PlSection *s = pl_result_add_section(r, "a", "A");
        static const double y[] = {NAN, 1, 2};
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        s->kpi = TRUE;
        PlFinding *f = kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, cases[i].value, cases[i].half);
        kpi_judged(f, cases[i].target, FALSE, PL_STATUS_OFF);
        kpi_headline(s, f, NULL, NAN, 3, y, "s");
        cr_assert(pl_chart_scorecard(r, &draft));
        double from = i == 1 ? -0.04 * 1.12 : 0, to = 1.12 * (i == 1 ? 0.08 : cases[i].target);
        double places[] = {cases[i].value, cases[i].value - cases[i].half, cases[i].value + cases[i].half,
                           cases[i].target, 0};
        g_auto(GStrv) lines = g_strsplit(draft.data->str, "\n", -1);
        g_auto(GStrv) fields = g_strsplit(lines[1], "\t", -1);
        for (guint k = 0; k < G_N_ELEMENTS(places); k++) {
            double got = g_ascii_strtod(fields[3 + k], NULL),
                   want = CLAMP((places[k] - from) / (to - from), 0, 1);
            cr_expect(isnan(places[k]) ? isnan(got) : fabs(got - want) < 1e-9, "case %zu, %u: %g, not %g", i,
                      k, got, want);
        }
        expect_within(draft.data->str, "\n2\t1\t0\t0\t0\t"); /* its course begins with the first value */
        cr_expect(eq(str, draft.title, "A: off"));
    }
}

Test(kpi_charts, trend_has_line_band_target_and_says_the_finding) {
    g_autoptr(PlResult) r = result_of(2);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_trend(pl_result_section(r, "sales_cycle"), &draft));
    cr_expect(eq(str, draft.title, "Median days: 51.2 in 2024-06, off target (45 or less), rising"));
    expect_within(draft.data->str, "\n11\t51\t47.6\t54.4\t2024-06\n");
    expect_within(draft.variables->str, "target = 45.0\n");
    expect_within(draft.variables->str, "band: 95 % intervals");
    expect_within(draft.alt, "2023-07: 42.0 days.");
}

Test(kpi_charts, trend_against_the_year_before_is_called_that) {
    static const char *const said[][2] = {{"rising", ", above the year before"},
                                          {"falling", ", below the year before"}};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        g_autoptr(PlResult) r = result_of(2);
        PlSection *s = pl_result_section(r, "sales_volume");
        PlKpiMark *mark = pl_section_headline(s)->mark;
        g_auto(PlChartDraft) draft;
        mark->trend = said[i][0];
        mark->trend_seasonal = TRUE;
        pl_chart_draft_init(&draft);
        cr_assert(pl_chart_trend(s, &draft));
        expect_within(draft.title, said[i][1]);
    }
}

Test(kpi_charts, trend_needs_two_values) {
    static const double y[] = {1, NAN, NAN};
    PlSection *s = pl_section_new("a", "A");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    kpi_headline(s, kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, 1, NAN), NULL, NAN, 3, y, "s");
    cr_expect(not(pl_chart_trend(s, &draft)));
    pl_section_free(s);
}

/* Best first: the fewest days when less is better; the middle of many is left out, and counted. */
Test(kpi_charts, groups_stand_best_first) {
    g_autoptr(PlResult) r = result_of(35);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_groups(pl_result_section(r, "sales_cycle"), &draft));
    cr_expect(eq(str, draft.title, "Median days by rep: 2 of 35 on target (45 or less), 2 at risk, 31 off"));
    expect_within(draft.data->str, "\n20\t40\t35\t45\t0\t0\t1\tAda\t40.0 (35.0 to 45.0)\t \n");
    expect_within(draft.data->str, "16 between them");
    expect_within(draft.data->str, "\n1\t142\t137\t147\t0\t0\t3\tRep number 34");
    cr_expect_null(strstr(draft.data->str, "Rep number 15"));
    expect_within(draft.variables->str, "target_text = 'Target: 45 or less'\n");
}

Test(kpi_charts, groups_without_a_target_say_the_ends) {
    PlSection *s = pl_section_new("a", "A");
    static const double y[] = {1, 2};
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    kpi_headline(s, kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 30, NAN), NULL, NAN, 2, y, "s");
    cr_expect(not(pl_chart_groups(s, &draft)));
    pl_finding_of(kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 10, NAN), "store", "S1", NULL);
    pl_finding_of(kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 20, NAN), "store", "S2", NULL);
    cr_assert(pl_chart_groups(s, &draft));
    cr_expect(eq(str, draft.title, "Volume by store: from 20 (S2) to 10 (S1)"));
    expect_within(draft.variables->str, "bars = 1\n");
    expect_within(draft.variables->str, "x_least = 0.0\n");
    pl_section_free(s);
}

Test(kpi_charts, heat_claims_nothing_that_is_not_clear) {
    PlSection *s = pl_section_new("a", "A");
    g_auto(PlChartDraft) draft, unclear;
    pl_chart_draft_init(&draft);
    pl_chart_draft_init(&unclear);
    kpi_add_index(s, 3, 3);
    cr_assert(pl_chart_heat(s, "product_index", &draft));
    cr_expect(eq(str, draft.title, "In Region 1, Product 2 has 1.82 times its usual share"));
    expect_within(draft.data->str, "\n3\t2\t1.8221188\t1\t1.82 *\n");
    for (guint i = 0; i < s->findings->len; i++)
        ((PlFinding *)g_ptr_array_index(s->findings, i))->conf_low = 0.1;
    cr_assert(pl_chart_heat(s, "product_index", &unclear));
    cr_expect(eq(str, unclear.title, "No product is clearly bought more in one region than everywhere"));
    pl_section_free(s);
}

Test(kpi_charts, groups_of_another_measure_stay_in_their_order) {
    PlSection *s = pl_section_new("a", "A");
    static const char *const gaps[] = {"a month", "a quarter", "a year"};
    static const double stay[] = {0.7, 0.9, NAN};
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_expect(not(pl_chart_groups_of(s, "retention_", NULL, FALSE, &draft)));
    for (guint i = 0; i < 3; i++)
        pl_finding_of(kpi_number(s, "retention_12_months", "Still there", PL_AMOUNT_SHARE, stay[i], 0.05),
                      "gap", gaps[i], NULL);
    cr_assert(pl_chart_groups_of(s, "retention_", NULL, FALSE, &draft));
    cr_expect(
        eq(str, draft.title, "Still there by gap: highest 90.0 % (a quarter), lowest 70.0 % (a month)"));
    expect_within(draft.data->str, "\n3\t70\t65\t75\t0\t0\t0\ta month\t");
    pl_section_free(s);
}

/* Stores beyond the ones that are read in a table are in the chart; a target of all is none of a store. */
Test(kpi_charts, stores_are_ranked_with_their_details) {
    PlSection *s = pl_section_new("a", "A");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    kpi_judged(kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 60, NAN), 50, FALSE, PL_STATUS_ON_TARGET);
    pl_finding_of(kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 60, NAN), "region", "North", NULL);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *name = g_strdup_printf("S%u", i);
        PlFinding *f = kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 10 * (i + 1), NAN);
        pl_finding_of(f, "store", name, NULL);
        f->detail = i == 1;
    }
    cr_assert(pl_chart_groups_of(s, "volume", "store", TRUE, &draft));
    cr_expect(eq(str, draft.title, "Volume by store: from 30 (S2) to 10 (S0)"));
    expect_within(draft.data->str, "\n2\t20\tNaN\tNaN\t0\t0\t0\tS1\t20\t \n");
    expect_within(draft.variables->str, "target = NaN\n");
    expect_within(draft.variables->str, "highest first");
    pl_section_free(s);
}

/* A grouping whose groups are judged is shown, and of several periods the headline's. */
Test(kpi_charts, groups_are_those_that_the_target_is_for) {
    static const double y[] = {1, 2};
    PlSection *s = pl_section_new("a", "A");
    PlFinding *f =
        kpi_judged(kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, 3, NAN), 2, FALSE, PL_STATUS_ON_TARGET);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    f->period = g_strdup("2024-06");
    kpi_headline(s, f, NULL, NAN, 2, y, "s");
    pl_finding_of(kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, 9, NAN), "outcome", "won", NULL);
    f = kpi_judged(kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, 3, NAN), 2, FALSE, PL_STATUS_ON_TARGET);
    f->period = g_strdup("2024-06");
    pl_finding_of(f, "rep", "Ada", NULL);
    pl_finding_of(kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, 5, NAN), "rep", "Ada", NULL); /* of all time */
    cr_assert(pl_chart_groups(s, &draft));
    cr_expect(eq(str, draft.title, "M by rep: 1 of 1 on target (2 or more)"));
    expect_within(draft.data->str, "\n1\t3\t");
    pl_section_free(s);
}

/* A text of its own in the picture. */
static void expect_label(const char *svg, const char *text, guint columns) {
    g_autofree char *label = as_svg(text, columns), *whole = g_strdup_printf(">%s<", label);
    expect_within(svg, whole);
}

static void add_hostile_curves(PlSection *s) {
    const guint n = G_N_ELEMENTS(hostile);
    for (guint i = 0; i < 6; i++) {
        PlCurve *c = pl_section_add_curve(s, NULL, "lines", 2);
        c->group = g_strdup(hostile[i]);
        c->x_label = g_strdup("x %d `id`");
        c->y_label = g_strdup("y '\"");
        c->x[0] = 0;
        c->x[1] = c->y[0] = c->y[1] = i + 1;
    }
    PlCurve *names = pl_section_add_curve(s, NULL, "named", n),
            *dots = pl_section_add_curve(s, NULL, "pair_lift", n),
            *plane = pl_section_add_curve(s, NULL, "cycle_vs_churn", n);
    PlCurve *const curves[] = {names, dots, plane};
    for (gsize k = 0; k < G_N_ELEMENTS(curves); k++) {
        curves[k]->x_label = g_strdup("x");
        curves[k]->y_label = g_strdup("y");
        curves[k]->x_names = g_new0(char *, n + 1);
        for (guint i = 0; i < n; i++) {
            curves[k]->x_names[i] = g_strdup(hostile[i]);
            curves[k]->x[i] = i % 5;
            curves[k]->y[i] = i;
        }
    }
    for (guint i = 0; i < n; i++)
        names->x[i] = i;
}

Test(kpi_charts, hostile_names_come_through_literally) {
    g_autoptr(PlResult) r = kpi_result();
    PlSection *s = kpi_add_cycle(r, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        PlFinding *f = kpi_number(s, "median_days", "Median days", PL_AMOUNT_NUMBER, i, 1);
        pl_finding_of(f, "rep", hostile[i], NULL);
        if (i == 0)
            f->value = NAN, f->reason = g_strdup(hostile[4]);
        for (gsize k = 0; k < 2; k++) {
            f = kpi_number(s, "product_index", "Index", PL_AMOUNT_NUMBER, 1 + 0.1 * i, 0.01);
            pl_finding_of(f, "region", hostile[k], "product", hostile[i], NULL);
            f->detail = TRUE;
        }
    }
    add_hostile_curves(s);
    draw(r);
    g_autofree char *groups = read_chart("groups-sales_cycle.svg"),
                    *heat = read_chart("product_index-sales_cycle.svg"), *lines = read_chart("lines.svg"),
                    *named = read_chart("named.svg"), *dots = read_chart("pair_lift.svg"),
                    *plane = read_chart("cycle_vs_churn.svg");
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        expect_label(groups, hostile[i], 28);
        expect_label(dots, hostile[i], 34);
        expect_label(plane, hostile[i], 22);
        if (i < 10)
            expect_label(heat, hostile[i], 13);
        if (i < 6)
            expect_label(lines, hostile[i], 26);
        if (i % 7 == 0) /* as many as there is room for */
            expect_label(named, hostile[i], 18);
    }
    g_autofree char *trace = g_build_filename(folder, "charts", "PWNED", NULL);
    cr_expect(not(g_file_test(trace, G_FILE_TEST_EXISTS)));
}

/* The title counts every group with a status, also those that are detail and not drawn. */
Test(kpi_charts, title_counts_groups_that_are_not_drawn) {
    static const double y[] = {1, 2};
    PlSection *s = pl_section_new("a", "A");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    kpi_headline(s,
                 kpi_judged(kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, 3, NAN), 2, FALSE, PL_STATUS_ON_TARGET),
                 NULL, NAN, 2, y, "s");
    for (guint i = 0; i < 83; i++) {
        g_autofree char *name = g_strdup_printf("S%u", i);
        PlFinding *f = kpi_judged(kpi_number(s, "m", "M", PL_AMOUNT_NUMBER, i, NAN), 2, FALSE,
                                  i < 37 ? PL_STATUS_OFF : PL_STATUS_ON_TARGET);
        pl_finding_of(f, "store", name, NULL);
        f->detail = i >= 3 && i < 73;
    }
    cr_assert(pl_chart_groups(s, &draft));
    cr_expect(eq(str, draft.title, "M by store: 46 of 83 on target (2 or more), 37 off"));
    expect_within(draft.variables->str, "A; 13 of 83 shown; best first");
    expect_within(draft.variables->str, "rows = 13\n");
    pl_section_free(s);
}
