/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "kpi_fixture.h"
#include "pairlift/report/formats.h"

static void has(const char *text, const char *part) {
    cr_expect(strstr(text, part) != NULL, "\"%s\" is not in:\n%s", part, text);
}

Test(kpi_markdown, scorecard_is_a_row_a_kpi) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_volume(r);
    kpi_add_missing(r);
    g_autofree char *text = pl_report_markdown(r);
    has(text,
        "As of 2024-06-30.\n\n"
        "| status | KPI | value | target | trend | course | what to look at | goal |\n"
        "|---|---|---:|---:|---|---|---|---|\n"
        "| **on target** | Sales volume by location | 1,154,321 EUR | 1,100,000 or more | → no clear trend "
        "(p = 0.13) | 2023-07 ▂▁▃▆▅█ 2023-12 | Volume in 2024-06: 1,150,000 EUR. | Sell everywhere |\n");
    has(text, "| not known | Employee satisfaction | n/a |  |  |  | Not computed");
    has(text, "`kpis.csv`, each chart's script");
    cr_expect_null(strstr(text, "estimates.csv"));
}

Test(kpi_markdown, goals_have_a_column_only_where_they_differ) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_cycle(r, 1);
    g_autofree char *text = pl_report_markdown(r);
    has(text, "| what to look at |\n|---|---|---:|---:|---|---|---|\n");
}

Test(kpi_markdown, pivots_with_intervals_status_p_and_reasons) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_cycle(r, 3);
    g_autofree char *text = pl_report_markdown(r);
    has(text,
        "### By rep\n\n"
        "| rep | Median days | p | status | Share of deals that were won | Customers lost after 6 months | n "
        "| |\n|---|---:|---|---|---:|---:|---:|---|\n"
        "| Ada | 40.0 (35.0 to 45.0) | 0.010 (adj. 0.12) | on target | 40.0 % (35.0 to 45.0 %) | n/a | 40 | "
        "fewer than 5 customers have been watched for 6 months |\n");
    has(text, "... and 3 more rows in `kpis.csv`\n");
}

Test(kpi_markdown, shows_a_hundred_rows_and_counts_the_others) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_cycle(r, 103);
    g_autofree char *text = pl_report_markdown(r);
    has(text, "\n| Rep number 99 |");
    cr_expect_null(strstr(text, "\n| Rep number 100 |"));
    has(text, "\n... and 3 more rows in `kpis.csv`\n");
}

/* Outside text is taken literally: neither HTML nor a cell's end nor code. */
Test(kpi_markdown, escapes_names_and_sentences) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_hostile(r);
    g_autofree char *text = pl_report_markdown(r);
    cr_expect_null(strstr(text, "<b>"));
    cr_expect_null(strstr(text, " `id`"));
    cr_expect_null(strstr(text, "a|b"));
    cr_expect_null(strchr(text, '\033'));
    cr_expect_null(strstr(text, "\u202e"));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **l = lines; *l != NULL; l++) { /* every row has as many bars as its head */
        if (!g_str_has_prefix(*l, "| =cmd"))
            continue;
        guint bars = 0;
        for (const char *c = *l; *c != '\0'; c++)
            bars += *c == '|' && (c == *l || c[-1] != '\\');
        cr_expect(eq(u32, bars, 7), "%s", *l);
    }
}

Test(kpi_markdown, pictures_stand_with_their_kpi) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_volume(r);
    kpi_add_cycle(r, 2);
    static const char *const sections[] = {"sales_cycle", "scorecard", NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
        PlChart chart = {.name = g_strdup("c"),
                         .alt = g_strdup(sections[i] ? sections[i] : "nowhere"),
                         .section = g_strdup(sections[i]),
                         .files = g_strsplit("charts/c.svg", ",", 0)};
        g_ptr_array_add(r->charts, g_memdup2(&chart, sizeof chart));
    }
    g_autofree char *text = pl_report_markdown(r);
    has(text, "## Length of the sales cycle\n\nOf 12 reps compared");
    cr_expect(lt(ptr, strstr(text, "## Length"), strstr(text, "![sales\\_cycle](charts/c.svg)")));
    cr_expect(lt(ptr, strstr(text, "![scorecard]"), strstr(text, "## Sales volume")));
    has(text, "![nowhere]");
}
