/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_draft.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "chart_fixture.h"

/* Five looks; the first band is infinite, the second far wider than the rest. */
static PlResult *running(void) {
    PlResult *r = pl_result_new();
    r->primary = g_strdup("revenue");
    r->label = g_strdup("revenue");
    r->scale = PL_EFFECT_RELATIVE;
    r->threshold = 0.02;
    PlSection *s = pl_result_add_section(r, "monitor", "While it runs");
    PlFinding *f = pl_section_add(s, "ad", "effect_so_far", "Effect so far", PL_AMOUNT_LIFT);
    f->conf_level = 0.95;
    PlCurve *c = pl_section_add_curve(s, "ad", "estimate_over_time", 5);
    c->x_is_time = TRUE;
    for (int i = 0; i < 5; i++) {
        c->x[i] = 19723 + i;
        c->y[i] = 0.05;
        c->low[i] = i == 0 ? -1 : i == 1 ? -0.9 : 0.01;
        c->high[i] = i == 0 ? INFINITY : i == 1 ? 50 : 0.09;
    }
    PlCurve *planned = pl_section_add_curve(s, "ad", "planned_looks", 1);
    planned->x[0] = 19725;
    planned->low[0] = 0.02;
    planned->high[0] = 0.08;
    PlVerdict *v = g_new0(PlVerdict, 1);
    v->treatment = g_strdup("ad");
    v->metric = g_strdup("revenue");
    v->headline = g_strdup("You may stop: with ad, revenue rose by 5 %");
    v->sentence = g_strdup("You may stop.");
    g_ptr_array_add(r->verdicts, v);
    return r;
}

Test(chart_monitor, shows_the_looks_and_cuts_what_is_far_out) {
    g_autoptr(PlResult) r = running();
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_monitor(r, "ad", &draft));
    cr_expect_str_eq(draft.title, "You may stop: with ad, revenue rose by 5 %");
    expect_within(draft.variables->str, "y_high = 21"); /* 5 % and four times the half width of 4 % */
    expect_within(draft.variables->str, "looks = 1");
    expect_within(draft.variables->str, "threshold = 2");
    expect_within(draft.data->str, "2024-01-03\t5\t1\t9\t2\t8");
    cr_expect_null(strstr(draft.data->str, "inf"));
}

Test(chart_monitor, nothing_to_draw) {
    g_autoptr(PlResult) r = pl_result_new(), early = running();
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    r->primary = g_strdup("revenue");
    cr_expect(not(pl_chart_monitor(r, NULL, &draft)));
    PlCurve *c = (PlCurve *)pl_section_curve(pl_result_section(early, "monitor"), "ad", "estimate_over_time");
    for (guint i = 0; i < c->n; i++)
        c->y[i] = c->low[i] = c->high[i] = NAN;
    cr_expect(not(pl_chart_monitor(early, "ad", &draft)));
    cr_expect(not(pl_chart_monitor(early, "another", &draft)));
}
