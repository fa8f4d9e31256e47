/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "chart_fixture.h"
#include "pairlift/report/chart_draft.h"

static PlFinding *add_price(PlSection *section, const char *measure, double value, double low, double high) {
    PlFinding *f = pl_section_add(section, "cut", measure, measure, PL_AMOUNT_PRICE);
    f->value = value;
    f->conf_low = low;
    f->conf_high = high;
    f->conf_level = 0.95;
    f->unit = g_strdup("EUR");
    return f;
}

/* Profit 10 - (price - best)^2 over prices 1 to 5, seen from 2 to 3. */
static PlResult *make(double best, double low, double high) {
    PlResult *r = make_result(PL_EFFECT_RELATIVE, "units", "cut", "h");
    PlSection *section = pl_result_add_section(r, "prices", "Price");
    add_price(section, "elasticity", -2, -3, -1.5);
    add_price(section, "current_price", 2.5, 2.4, 2.6);
    add_price(section, "promoted_price", 2.25, NAN, NAN);
    add_price(section, "best_price", best, low, high);
    PlCurve *c = pl_section_add_curve(section, "cut", "profit_by_price", 41);
    c->x_label = g_strdup("EUR");
    c->y_label = g_strdup("EUR per store and `day`'s end");
    c->observed = g_new0(gboolean, 41);
    for (guint i = 0; i < c->n; i++) {
        c->x[i] = 1 + 0.1 * i;
        c->y[i] = 10 - (c->x[i] - 3.5) * (c->x[i] - 3.5);
        c->low[i] = c->y[i] - 1;
        c->high[i] = c->y[i] + 1;
        c->observed[i] = c->x[i] >= 2 && c->x[i] <= 3;
    }
    return r;
}

static void title_is(PlResult *r, const char *title) {
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_profit_curve(r, "cut", &draft));
    cr_assert(strcmp(draft.title, title) == 0, "%s", draft.title);
    pl_result_free(r);
}

Test(report_chart_profit_curve, title_says_the_finding) {
    title_is(make(3.5, 3, 4.2), "Today's price is below the one that earns most, 3.50 EUR");
    title_is(make(2, 1.8, 2.3), "Today's price is above the one that earns most, 2.00 EUR");
    title_is(make(3.5, 2, INFINITY),
             "Profit is highest at about 3.5 EUR; whether to go up or down from today cannot be told");
    title_is(make(3.5, NAN, NAN), "Profit is highest at about 3.5 EUR, but how sure that is cannot be told");
    title_is(make(NAN, NAN, NAN), "Which price earns most cannot be told from these data");
}

Test(report_chart_profit_curve, variables_and_rows) {
    g_autoptr(PlResult) r = make(3.5, 3, INFINITY);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_profit_curve(r, NULL, &draft));
    expect_within(draft.variables->str, "best = 3.5");
    expect_within(draft.variables->str, "best_text = 'Best 3.5 EUR (3 EUR or more)'");
    expect_within(draft.variables->str, "best_open = 1");
    expect_within(draft.variables->str, "current_text = 'Today 2.5");
    expect_within(draft.variables->str, "promoted = 2.25");
    expect_within(draft.variables->str, "seen_low = 2.0\n");
    expect_within(draft.variables->str, "y_label = 'Gross profit, EUR per store and `day`''s end'");
    expect_within(draft.data->str, "price\tprofit\tlow\thigh\n1\t3.75\t2.75\t4.75\n");
    expect_within(draft.alt, "best price 3.5 EUR");
}

Test(report_chart_profit_curve, nothing_to_draw) {
    g_autoptr(PlResult) r = make_result(PL_EFFECT_RELATIVE, "units", "cut", "h");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(not(pl_chart_profit_curve(r, "cut", &draft)));
    PlSection *section = pl_result_add_section(r, "prices", "Price");
    cr_assert(not(pl_chart_profit_curve(r, "cut", &draft)));
    pl_section_add_curve(section, "cut", "profit_by_price", 5); /* without any number */
    cr_assert(not(pl_chart_profit_curve(r, "cut", &draft)));
}
