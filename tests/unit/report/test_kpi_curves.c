/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_charts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "drawn.h"
#include "kpi_fixture.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/charts.h"

TestSuite(kpi_curves, DRAWN);

/* A step holds its value to the next point; names at the ends keep their distance. */
Test(kpi_curves, steps_are_drawn_as_steps) {
    PlSection *s = pl_section_new("a", "A");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    kpi_add_survival(s, 3);
    cr_assert(pl_chart_curves(s, "cycle_survival", &draft));
    expect_within(draft.data->str, "1\t0\t100\tNaN\tNaN\n1\t10\t100\tNaN\tNaN\n1\t10\t90.4");
    expect_within(draft.data->str, "4\t0\t100\t95\t100\n"); /* of all, with its band */
    expect_within(draft.variables->str, "name_4 = 'All'\n");
    cr_expect(eq(str, draft.title, "Share still open passes 50 % at 50 days since opening"));
    pl_section_free(s);
}

Test(kpi_curves, lines_claim_a_top_only_where_the_bands_do) {
    const struct {
        double half;
        const char *title;
    } cases[] = {{0.1, "Years with us is highest (3.00) at gap in days: 60"},
                 {2, "Years with us by gap in days: no clear difference"},
                 {NAN, "Years with us is highest (3) at gap in days: 60"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlSection *s = pl_section_new("a", "A");
        PlCurve *c = pl_section_add_curve(s, NULL, "length_by_gap", 3);
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        c->x_label = g_strdup("gap in days");
        c->y_label = g_strdup("Years with us");
        c->x_amount = c->y_amount = PL_AMOUNT_NUMBER;
        for (guint k = 0; k < 3; k++) {
            c->x[k] = 30 * (k + 1);
            c->y[k] = k == 1 ? 3 : 2;
            c->low[k] = c->y[k] - cases[i].half;
            c->high[k] = c->y[k] + cases[i].half;
        }
        cr_assert(pl_chart_curves(s, "length_by_gap", &draft));
        cr_expect(eq(str, draft.title, (char *)cases[i].title));
        c->title = g_strdup("What the analyst says");
        g_auto(PlChartDraft) again;
        pl_chart_draft_init(&again);
        cr_assert(pl_chart_curves(s, "length_by_gap", &again));
        cr_expect(eq(str, again.title, c->title));
        pl_section_free(s);
    }
}

Test(kpi_curves, calibration_counts_where_predicted_and_happened_agree) {
    PlSection *s = pl_section_new("a", "A");
    PlCurve *c = pl_section_add_curve(s, NULL, "calibration", 3);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    c->x_label = g_strdup("Predicted");
    c->y_label = g_strdup("Happened");
    c->x_amount = c->y_amount = PL_AMOUNT_SHARE;
    for (guint k = 0; k < 3; k++) {
        c->x[k] = 0.1 * (k + 1);
        c->y[k] = k == 2 ? 0.5 : c->x[k] + 0.01;
        c->low[k] = c->y[k] - 0.02;
        c->high[k] = c->y[k] + 0.02;
    }
    cr_assert(pl_chart_curves(s, "calibration", &draft));
    expect_within(draft.title, "in 2 of 3 groups");
    expect_within(draft.variables->str, "diagonal = 1\n");
    expect_within(draft.variables->str, "x_most = 52.0\n"); /* both axes alike */
    pl_section_free(s);
}

Test(kpi_curves, dots_are_grey_where_the_interval_holds_the_target) {
    PlSection *s = pl_section_new("a", "A");
    PlCurve *c = pl_section_add_curve(s, NULL, "pair_lift", 2);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    c->y_label = g_strdup("Lift");
    c->y_amount = PL_AMOUNT_NUMBER;
    c->target = 1;
    c->x_names = g_strsplit("bread + butter,tea + soap", ",", 0);
    for (guint k = 0; k < 2; k++) {
        c->y[k] = k == 0 ? 2 : 1.2;
        c->low[k] = c->y[k] - 0.5;
        c->high[k] = c->y[k] + 0.5;
    }
    cr_assert(pl_chart_dots(s, "pair_lift", &draft));
    expect_within(draft.data->str, "\n2\t2\t1.5\t2.5\t0\t0\t0\tbread + butter\t2.00 (1.50 to 2.50)");
    expect_within(draft.data->str, "\n1\t1.2\t0.7\t1.7\t0\t0\t4\ttea + soap");
    expect_within(draft.title, "Lift is largest for bread + butter: 2.00 (1.50 to 2.50)");
    pl_section_free(s);
}

Test(kpi_curves, columns_stand_with_their_intervals) {
    PlSection *s = pl_section_new("a", "A");
    PlCurve *c = pl_section_add_curve(s, NULL, "satisfaction_distribution", 3);
    g_auto(PlChartDraft) draft, none;
    pl_chart_draft_init(&draft);
    pl_chart_draft_init(&none);
    cr_expect(not(pl_chart_columns_of(s, "satisfaction_distribution", &none)));
    c->x_label = g_strdup("score");
    c->y_label = g_strdup("share of answers");
    c->y_amount = PL_AMOUNT_SHARE;
    c->x_names = g_strsplit("1,2,3", ",", 0);
    c->y[0] = 0.25;
    c->y[1] = 0.5;
    c->low[1] = 0.4;
    c->high[1] = 0.6;
    cr_assert(pl_chart_columns_of(s, "satisfaction_distribution", &draft));
    expect_within(draft.data->str,
                  "\n1\t25\tNaN\tNaN\t1\t25 %\n2\t50\t40\t60\t2\t50 %\n3\tNaN\tNaN\tNaN\t3\t \n");
    expect_within(draft.variables->str, "y_most = 60.0\n");
    cr_expect(eq(str, draft.title, "Share of answers: 2 has the most, 50 %"));
    pl_section_free(s);
}

/* Dots of drivers go by the adjusted p, as the sentence does, not by the interval. */
Test(kpi_curves, drivers_are_named_by_their_adjusted_p) {
    for (guint told = 0; told < 2; told++) {
        PlSection *s = pl_section_new("a", "A");
        PlCurve *c = pl_section_add_curve(s, NULL, "satisfaction_drivers", 2);
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        c->y_label = g_strdup("Link with the score");
        c->y_amount = PL_AMOUNT_NUMBER;
        c->x_names = g_strsplit("pay,hours", ",", 0);
        for (guint k = 0; k < 2; k++) {
            c->y[k] = k == 0 ? 0.4 : 0.3;
            c->low[k] = c->y[k] - 0.2;
            c->high[k] = c->y[k] + 0.2;
            PlFinding *f = kpi_number(s, "driver", "Link with the score", PL_AMOUNT_NUMBER, c->y[k], 0.2);
            pl_finding_of(f, "question", c->x_names[k], NULL);
            f->p_adjusted = k == 1 && told ? 0.01 : 0.08;
        }
        cr_assert(pl_chart_dots(s, "satisfaction_drivers", &draft));
        expect_within(draft.data->str, "\t0\t0\t4\tpay\t");
        expect_within(draft.data->str, told ? "\t0\t0\t0\thours\t" : "\t0\t0\t4\thours\t");
        expect_within(draft.title, told
                                       ? "Link with the score, largest of those told apart from 0: hours, 0.3"
                                       : "Link with the score: no question can be told apart from 0");
        pl_section_free(s);
    }
}

/* An interval that the edge cuts ends in an arrow, also where all dots are level. */
Test(kpi_curves, scatter_marks_intervals_that_are_cut) {
    PlSection *s = pl_section_new("a", "A");
    PlCurve *c = pl_section_add_curve(s, NULL, "cycle_vs_churn", 2);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    c->x_label = g_strdup("days");
    c->y_label = g_strdup("lost");
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_SHARE;
    for (guint k = 0; k < 2; k++) {
        c->x[k] = c->y[k] = 0.4 + 0.44 * k;
        c->low[k] = c->y[k] - 0.02;
        c->high[k] = c->y[k] + 0.1;
    }
    cr_assert(pl_chart_scatter(s, "cycle_vs_churn", &draft));
    expect_within(draft.data->str, "\n0.4\t40\t38\t50\t");
    expect_within(draft.data->str, "\t0\t0\n0.84\t84\t82\t87\t");
    cr_expect(g_str_has_suffix(draft.data->str, "\t0\t1\n"), "%s", draft.data->str);
    pl_section_free(s);
}
