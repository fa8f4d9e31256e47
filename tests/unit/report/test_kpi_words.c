/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_words.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "kpi_fixture.h"
#include "pairlift/report/kpi_table.h"

static PlCurve *curve_of(PlSection *s, guint n, const double *y) {
    PlCurve *c = pl_section_add_curve(s, NULL, "trend", n);
    memcpy(c->y, y, n * sizeof *y);
    return c;
}

Test(kpi_words, sparkline_runs_from_the_least_to_the_greatest) {
    PlSection *s = pl_section_new("a", "b");
    const double y[] = {0, 1, 2, 3, 4, 5, 6, 7}, gap[] = {1, NAN, 2}, flat[] = {5, 5}, one[] = {NAN, 1};
    g_autofree char *all = pl_kpi_sparkline(curve_of(s, 8, y), 24),
                    *last = pl_kpi_sparkline(curve_of(s, 8, y), 2),
                    *holed = pl_kpi_sparkline(curve_of(s, 3, gap), 24),
                    *level = pl_kpi_sparkline(curve_of(s, 2, flat), 24),
                    *none = pl_kpi_sparkline(curve_of(s, 2, one), 24);
    cr_expect(eq(str, all, "▁▂▃▄▅▆▇█"));
    cr_expect(eq(str, last, "▁█"));
    cr_expect(eq(str, holed, "▁ █"));
    cr_expect(eq(str, level, "▅▅"));
    cr_expect(eq(str, none, ""));
    pl_section_free(s);
}

Test(kpi_words, target_has_the_digits_it_was_given) {
    const struct {
        double target;
        PlAmount amount;
        gboolean down;
        const char *words;
    } cases[] = {{45, PL_AMOUNT_NUMBER, TRUE, "45 or less"},
                 {1.1e6, PL_AMOUNT_TOTAL, FALSE, "1,100,000 or more"},
                 {1234567.5, PL_AMOUNT_TOTAL, FALSE, "1,234,567.5 or more"},
                 {0.125, PL_AMOUNT_SHARE, FALSE, "12.5 % or more"},
                 {0.07, PL_AMOUNT_LIFT, FALSE, "7 % or more"},
                 {-0.03, PL_AMOUNT_SHARE, FALSE, "-3 % or more"},
                 {NAN, PL_AMOUNT_NUMBER, FALSE, ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlSection *s = pl_section_new("a", "b");
        PlFinding *f = kpi_number(s, "m", "M", cases[i].amount, 1, 1);
        kpi_judged(f, cases[i].target, cases[i].down, PL_STATUS_NONE);
        g_autofree char *words = pl_kpi_target_words(f);
        cr_expect(eq(str, words, (char *)cases[i].words));
        pl_section_free(s);
    }
}

Test(kpi_words, trend_says_no_more_than_its_test) {
    PlKpiMark mark = {.trend = "rising", .trend_p = 0.012};
    g_autofree char *rising = pl_kpi_trend_words(&mark);
    mark.trend = "unclear";
    mark.trend_p = 0.4;
    g_autofree char *unclear = pl_kpi_trend_words(&mark);
    mark.trend = NULL;
    g_autofree char *untested = pl_kpi_trend_words(&mark), *none = pl_kpi_trend_words(NULL);
    cr_expect(eq(str, rising, "↗ rising (p = 0.012)"));
    cr_expect(eq(str, unclear, "→ no clear trend (p = 0.40)"));
    cr_expect(eq(str, untested, ""));
    cr_expect(eq(str, none, ""));
}

/* Each period against the same one a year before is no direction of the last ones. */
Test(kpi_words, a_trend_against_the_year_before_is_not_called_rising) {
    static const char *const said[][2] = {{"rising", "↗ above the year before (p = 0.012)"},
                                          {"falling", "↘ below the year before (p = 0.012)"},
                                          {"unclear", "→ no clear trend (p = 0.012)"}};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        PlKpiMark mark = {.trend = said[i][0], .trend_p = 0.012, .trend_seasonal = TRUE};
        g_autofree char *words = pl_kpi_trend_words(&mark);
        cr_expect(eq(str, words, (char *)said[i][1]));
    }
}

Test(kpi_words, reasons_are_said_once_with_whom_they_are_of) {
    g_autoptr(PlResult) r = kpi_result();
    g_autoptr(GPtrArray) tables = pl_kpi_tables(kpi_add_cycle(r, 5));
    const PlKpiTable *t = g_ptr_array_index(tables, 0);
    g_autoptr(GPtrArray) reasons = pl_kpi_reasons(t->rows, t->columns->len);
    cr_assert(eq(u32, reasons->len, 1));
    cr_expect(eq(str, g_ptr_array_index(reasons, 0),
                 "Customers lost after 6 months: fewer than 5 customers have been watched for 6 months"));
}

/* A value that misses its target does not read like it; shares and prices of a column are alike. */
Test(kpi_words, values_have_the_digits_that_their_status_needs) {
    const struct {
        double value, target;
        PlAmount amount;
        const char *words;
    } cases[] = {{1.00011, 1, PL_AMOUNT_NUMBER, "1.00011"},
                 {1.2, 1, PL_AMOUNT_NUMBER, "1.2"},
                 {1, 1, PL_AMOUNT_NUMBER, "1"},
                 {0.2996, 0.3, PL_AMOUNT_SHARE, "29.960 %"},
                 {0.29, NAN, PL_AMOUNT_SHARE, "29.0 %"},
                 {-0.0123, NAN, PL_AMOUNT_LIFT, "-1.2 %"},
                 {0.00042, NAN, PL_AMOUNT_SHARE, "0.042 %"},
                 {2.5, NAN, PL_AMOUNT_PRICE, "2.50"},
                 {1234567, NAN, PL_AMOUNT_TOTAL, "1,234,567"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlSection *s = pl_section_new("a", "b");
        PlFinding *f = kpi_number(s, "m", "M", cases[i].amount, cases[i].value, NAN);
        pl_finding_mark(f)->target = cases[i].target;
        g_autofree char *words = pl_kpi_value(f, TRUE);
        cr_expect(eq(str, words, (char *)cases[i].words));
        pl_section_free(s);
    }
}

Test(kpi_words, course_begins_with_the_first_value) {
    PlSection *s = pl_section_new("a", "b");
    const double y[] = {NAN, 1, NAN, 3, NAN};
    PlCurve *c = curve_of(s, 5, y);
    c->x_names = g_strsplit("a,b,c,d,e", ",", 0);
    g_autofree char *course = pl_kpi_course(s, 24);
    cr_expect(eq(str, course, "b ▁ █ d"));
    pl_section_free(s);
}
