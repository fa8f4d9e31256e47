/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_draft.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static PlFinding *add(PlSection *s, const char *measure, const char *group, double value,
                      const char *verdict) {
    PlFinding *f = pl_section_add(s, "promo", measure, "Lift in units", PL_AMOUNT_LIFT);
    f->group = g_strdup(group);
    f->value = value;
    f->conf_low = value - 0.05;
    f->conf_high = value + 0.05;
    f->conf_level = 0.95;
    f->verdict = g_strdup(verdict);
    return f;
}

static PlResult *result_of(guint n_items, const char *verdict, double share) {
    PlResult *r = pl_result_new();
    PlSection *s = pl_result_add_section(r, "products", "Other products");
    add(s, "others_revenue", NULL, -100, verdict);
    add(s, "cannibalised_share_revenue", NULL, share, NULL);
    add(s, "others_lift", NULL, -0.02, NULL);
    for (guint i = 0; i < n_items; i++) {
        g_autofree char *name = g_strdup_printf("item %u", i);
        add(s, "item_lift", i == 0 ? "`rm`'\"{/=9}\n%s $(x)" : name, i == 0 ? 0.2 : -0.01,
            i == 0 ? "promoted" : NULL);
    }
    return r;
}

static guint lines(const char *text) {
    guint n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

Test(chart_products, draws_the_largest_and_says_how_many_there_are) {
    g_autoptr(PlResult) r = result_of(1203, "lost", 0.24);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_products(r, "promo", &draft));
    cr_assert(eq(u32, lines(draft.data->str), 21));
    cr_assert_not_null(
        strstr(draft.variables->str, "the 19 largest changes of 1,203; the blue ones were promoted"), "%s",
        draft.variables->str);
    cr_assert(eq(str, draft.title, (char *)"The others lost 24.0 % of what the promoted ones gained"));
    cr_assert_null(strstr(draft.data->str, "{/=9}\n"));
}

Test(chart_products, titles_do_not_claim_too_much) {
    static const struct {
        const char *verdict;
        double share;
        const char *title;
    } cases[] = {
        {NULL, 0.24, "Cannot tell whether the others lost or gained"},
        {"lost", NAN, "The others lost sales with the promotion"},
        {"lost", 3.5, "The others lost more than the promoted ones gained"},
        {"gained", -0.3, "The others gained with the promotion"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) r = result_of(3, cases[i].verdict, cases[i].share);
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        cr_assert(pl_chart_products(r, NULL, &draft));
        cr_assert(eq(str, draft.title, (char *)cases[i].title));
    }
}

Test(chart_products, nothing_to_draw) {
    g_autoptr(PlResult) none = pl_result_new();
    g_autoptr(PlResult) other = result_of(3, NULL, NAN);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert_not(pl_chart_products(none, NULL, &draft));
    cr_assert_not(pl_chart_products(other, "another", &draft));
}
