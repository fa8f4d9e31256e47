/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_draft.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "chart_fixture.h"

#define PLAIN "revenue"

Test(chart_draft, titles_and_alternative_texts_state_the_finding) {
    g_autoptr(PlResult) result =
        make_result(PL_EFFECT_RELATIVE, PLAIN, "coupon", "With coupon, revenue rose by 3.1 %");
    static const struct {
        PlChartFill fill;
        const char *title, *alt;
    } cases[] = {
        {pl_chart_test_vs_control, "With coupon, revenue rose by 3.1 %",
         "the average test store stood at 114.0 and the average control store at 104.0"},
        {pl_chart_pair_effects, "2 of 3 test stores gained on their control store",
         "2 up, 1 down, 0 unchanged. Overall effect +3.1 % (0.9 % to 5.4 %)."},
        {pl_chart_before_during, "Test stores: from 100.0 % to 103.9 % of their controls", "2 up, 1 down"},
        {pl_chart_methods, "Both methods put the effect above zero",
         "paired_t (decides): +3.1 % (0.9 % to 5.4 %), p 0.012."},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        cr_assert(cases[i].fill(result, "coupon", &draft));
        cr_expect(eq(str, draft.title, (char *)cases[i].title));
        expect_within(draft.alt, cases[i].alt);
    }
}

Test(chart_draft, data_of_pairs_is_sorted_and_complete) {
    g_autoptr(PlResult) result = make_result(PL_EFFECT_ABSOLUTE, PLAIN, "coupon", "h");
    add_pair(result, "coupon", "left out", NAN);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_pair_effects(result, "coupon", &draft));
    cr_expect(eq(str, draft.data->str,
                 (char *)"rank\teffect\tshown\tpair\n1\t-0.02\t-0.0200\tS3 / S4\n2\t0.04\t+0.0400\tS5 / S6\n"
                         "3\t0.1\t+0.1000\tS1 / S2\n"));
    expect_within(draft.variables->str, "1 pair without one left out");
}

/* A unit such as "pieces per store and day" is long: it stands whole in the title, and not in the labels. */
Test(chart_draft, a_long_unit_is_said_once_and_whole) {
    g_autoptr(PlResult) result = make_result(PL_EFFECT_ABSOLUTE, PLAIN, "coupon", "h");
    g_free(result->unit);
    result->unit = g_strdup("pieces per store and day");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_before_during(result, "coupon", &draft));
    cr_expect(g_str_has_prefix(draft.title, "Test minus control stores: from "), "%s", draft.title);
    cr_expect(g_str_has_suffix(draft.title, " pieces per store and day"), "%s", draft.title);
    g_auto(GStrv) lines = g_strsplit(draft.variables->str, "\n", -1);
    for (char **l = lines; *l != NULL; l++)
        if (g_str_has_prefix(*l, "mean_"))
            cr_expect_null(strstr(*l, "pieces"), "%s", *l);
}

/* A file of years does not shrink the experiment: the periods are drawn, and half as much again on both
 * sides. */
Test(chart_draft, the_time_chart_shows_the_experiment) {
    g_autoptr(PlResult) result = make_result(PL_EFFECT_RELATIVE, PLAIN, "coupon", "h");
    PlSeries *series = g_ptr_array_index(result->series, 0);
    PlDay first = series->times[0] - 400;
    guint n = 1000;
    series->times = g_renew(PlDay, series->times, n);
    series->test = g_renew(double, series->test, n);
    series->control = g_renew(double, series->control, n);
    series->n = n;
    for (guint i = 0; i < n; i++) {
        series->times[i] = first + (PlDay)i;
        series->test[i] = series->control[i] = 100;
    }
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_test_vs_control(result, "coupon", &draft));
    g_auto(GStrv) rows = g_strsplit(draft.data->str, "\n", -1);
    cr_expect(eq(u32, g_strv_length(rows), 1 + 12 + 1), "six days and three on both sides, header and end");
}

Test(chart_draft, findings_of_methods) {
    static const struct {
        double low[3], high[3];
        const char *title;
    } cases[] = {
        {{0.01, 0.01, 0.01}, {0.1, 0.1, INFINITY}, "All 3 methods put the effect above zero"},
        {{-0.1, -1, -0.1}, {-0.01, -0.01, -0.02}, "All 3 methods put the effect below zero"},
        {{0.01, 0.01, -0.01}, {0.1, 0.1, 0.1}, "2 of 3 methods put the effect above zero, 1 leaves it open"},
        {{0.01, -0.02, -0.01}, {0.1, 0.1, 0.1}, "1 of 3 methods puts the effect above zero, 2 leave it open"},
        {{-0.01, -0.02, -INFINITY}, {0.1, 0.1, 0.1}, "None of 3 methods can tell the effect from zero"},
        {{0.01, -0.2, -0.1}, {0.1, -0.1, 0.1}, "The methods disagree: 1 above zero, 1 below, 1 open"},
        {{NAN, NAN, NAN}, {NAN, NAN, NAN}, "None of 3 methods gives an interval"},
        {{-0.1, NAN, -0.2}, {0.1, NAN, 0.2}, "Neither method can tell the effect from zero"},
        {{0.01, NAN, NAN}, {0.1, NAN, NAN}, "The method puts the effect above zero"},
        {{-0.1, -0.2, -0.3}, {INFINITY, INFINITY, INFINITY}, "None of 3 methods finds a rise"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) result = pl_result_new();
        result->primary = g_strdup(PLAIN);
        for (int k = 0; k < 3; k++)
            add_estimate(result, "t", "m", 0.02, cases[i].low[k], cases[i].high[k]);
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        cr_assert(pl_chart_methods(result, "t", &draft));
        cr_expect(eq(str, draft.title, (char *)cases[i].title));
    }
}

Test(chart_draft, nothing_to_draw) {
    g_autoptr(PlResult) result = pl_result_new();
    result->primary = g_strdup(PLAIN);
    static const PlChartFill fills[] = {pl_chart_test_vs_control, pl_chart_pair_effects,
                                        pl_chart_before_during, pl_chart_methods};
    for (gsize i = 0; i < G_N_ELEMENTS(fills); i++) {
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        cr_expect(not(fills[i](result, NULL, &draft)));
    }
}
