/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "kpi_fixture.h"
#include "pairlift/report/formats.h"

static PlResult *all(guint n_reps) {
    PlResult *r = kpi_result();
    kpi_add_volume(r);
    kpi_add_missing(r);
    kpi_add_hostile(r);
    kpi_add_cycle(r, n_reps);
    return r;
}

static void has(const char *text, const char *part) {
    cr_expect(strstr(text, part) != NULL, "\"%s\" is not in:\n%s", part, text);
}

Test(kpi_text, scorecard_has_value_target_status_trend_course_and_sentence) {
    g_autoptr(PlResult) r = all(3);
    g_autofree char *text = pl_report_text(r, FALSE);
    has(text, "Scorecard, 2024-06-30\n  Goal: Grow like-for-like sales by 3 % this year\n");
    has(text, "  OFF        Length of the sales cycle     51.2 days (target 45 or less)\n"
              "             2023-07 ▂▃▁▄▅▄▅▅▇▆█▇ 2024-06  ↗ rising (p = 0.00040)\n"
              "             Median days in 2024-06: 51.2 days (47.8 to 54.6 days); the target\n");
    has(text, "  ON TARGET  Sales volume by location      1,154,321 EUR (target 1,100,000 or\n");
    has(text, "             Serves: Sell everywhere\n");
    has(text, "  not known  Employee satisfaction         n/a\n"
              "             Not computed: the definition has no table \"survey\".\n");
    has(text, "  no target  Up-selling and cross-selling  20.0 %\n");
    cr_expect_null(strstr(strstr(text, "\nLength of the sales cycle"), "the target is")); /* said once */
}

Test(kpi_text, stays_within_80_columns_and_commands_no_terminal) {
    g_autoptr(PlResult) r = all(40);
    g_autofree char *text = pl_report_text(r, FALSE);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    cr_expect_null(strchr(text, '\033'));
    cr_expect_null(strstr(text, "\u202e"));
    for (char **l = lines; *l != NULL; l++)
        cr_expect(le(i64, (int64_t)g_utf8_strlen(*l, -1), 80), "%s", *l);
}

Test(kpi_text, is_the_same_with_colours_taken_out) {
    g_autoptr(PlResult) r = all(5);
    g_autofree char *plain = pl_report_text(r, FALSE), *colored = pl_report_text(r, TRUE);
    g_autoptr(GRegex) codes = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    g_autofree char *stripped = g_regex_replace_literal(codes, colored, -1, 0, "", 0, NULL);
    has(colored, "\033[1;31mOFF\033[0m");
    has(colored, "\033[1;32mON TARGET\033[0m");
    cr_expect(eq(str, plain, stripped));
}

Test(kpi_text, tables_show_the_first_rows_and_count_the_others) {
    g_autoptr(PlResult) r = all(20);
    g_autofree char *text = pl_report_text(r, FALSE);
    has(text, "  Rep number 13    79.0  74.0 to 84.0         1  off            53.0 %");
    cr_expect_null(strstr(text, "Rep number 14"));
    has(text, "    ... and 6 more rows in report.md\n");
    has(text, "  ... and 20 more rows in kpis.csv\n"); /* details */
    cr_expect_null(strstr(text, "By rep and product"));
}

/* The numbers of a KPI are shown by its own tables only, and in the report of an experiment behind its own.
 */
Test(kpi_text, stands_behind_the_sections_of_an_experiment) {
    g_autoptr(PlResult) r = all(2);
    r->kpi_report = FALSE;
    r->method_choice = g_strdup("m");
    PlSection *s = pl_result_add_section(r, "economics", "Was it worth it");
    pl_section_say(s, "It earned 5 EUR.");
    kpi_number(s, "net_profit", "Net profit", PL_AMOUNT_MONEY, 5, 1);
    g_autofree char *text = pl_report_text(r, FALSE);
    cr_expect_null(strstr(text, "cycle, in numbers"));
    cr_expect(lt(ptr, strstr(text, "Was it worth it, in numbers"), strstr(text, "Scorecard")));
    cr_expect(lt(ptr, strstr(text, "Length of the sales cycle\n"), strstr(text, "\nChecks\n")));
}
