/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/waterfall.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "chart_fixture.h"

static PlFinding *add(PlSection *section, const char *measure, const char *label, double value, double half) {
    PlFinding *f = pl_section_add(section, "deal", measure, label, PL_AMOUNT_MONEY);
    f->value = value;
    f->conf_low = value - half;
    f->conf_high = value + half;
    f->conf_level = .95;
    return f;
}

static PlResult *result_with(double net) {
    PlResult *r = pl_result_new();
    PlSection *s = pl_result_add_section(r, "economics", "What it earned");
    add(s, "bar_units", "From extra items", net + 200, 50);
    add(s, "bar_fixed", "Fixed 'cost'\n`x`", -200, NAN);
    add(s, "net_profit", "Net profit", net, 50);
    return r;
}

/* Each bar begins where the one before ended; the total from zero. */
Test(waterfall, bars_follow_one_another) {
    g_autoptr(PlResult) r = result_with(100);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_profit(r, "deal", &draft));
    expect_within(draft.data->str, "3\t0\t300\t250\t350\t1\t1\tFrom extra items");
    expect_within(draft.data->str, "2\t300\t100\tNaN\tNaN\t-1\t1\tFixed 'cost'");
    expect_within(draft.data->str, "1\t0\t100\t50\t150\t2\t1\tNet profit");
    expect_within(draft.title, "deal paid");
    expect_within(draft.alt, "Net profit");
}

Test(waterfall, titles_claim_no_more_than_the_interval) {
    const struct {
        double net;
        const char *title;
    } cases[] = {{100, "deal paid"}, {-100, "deal lost money"}, {10, "Cannot tell whether deal paid"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) r = result_with(cases[i].net);
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        cr_assert(pl_chart_profit(r, NULL, &draft));
        expect_within(draft.title, cases[i].title);
    }
}

Test(waterfall, is_not_drawn_without_the_numbers) {
    g_autoptr(PlResult) none = pl_result_new(), r = result_with(NAN);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(not(pl_chart_profit(none, "deal", &draft)));
    cr_assert(not(pl_chart_profit(r, "deal", &draft)));
    cr_assert(not(pl_chart_profit(r, "another", &draft)));
    cr_assert(not(pl_chart_decomposition(r, "deal", &draft)));
}
