/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_draft.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "chart_fixture.h"

static PlFinding *add_row(PlSection *s, const char *measure, const char *group, double value, double half) {
    PlFinding *f = pl_section_add(s, "coupon", measure, measure, PL_AMOUNT_LIFT);
    f->group = g_strdup(group);
    f->value = value;
    f->conf_low = value - half;
    f->conf_high = value + half;
    f->conf_level = 0.95;
    f->n = 4;
    return f;
}

static PlResult *make(double p) {
    PlResult *r = make_result(PL_EFFECT_RELATIVE, "revenue", "coupon", "h");
    PlSection *s = pl_result_add_section(r, "segments", "For whom it worked");
    r->n_pairs = 8;
    add_row(s, "effect", "region: North", 0.1, 0.02);
    add_row(s, "effect", "region: it's \"South\"", 0.01, 0.9); /* far wider than the other: cut */
    PlFinding *f = add_row(s, "differs", "region: South against North", -0.09, NAN);
    f->p_value = f->p_adjusted = p;
    return r;
}

Test(chart_segments, says_what_differs) {
    static const struct {
        double p;
        const char *title;
    } cases[] = {{0.01, "coupon may work differently by region"},
                 {0.4, "No sign that coupon worked better in some stores"},
                 {NAN, "Too few stores to tell where coupon worked better"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) r = make(cases[i].p);
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        cr_assert(pl_chart_segments(r, "coupon", &draft));
        cr_expect(eq(str, draft.title, (char *)cases[i].title));
        expect_within(draft.alt, "region: North: +10");
        expect_within(draft.variables->str, "header_1 = 'region'");
    }
}

Test(chart_segments, rows) {
    g_autoptr(PlResult) r = make(0.01);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_segments(r, "coupon", &draft));
    g_auto(GStrv) lines = g_strsplit(draft.data->str, "\n", -1);
    cr_expect(eq(str, lines[1], (char *)"2\t10\t8\t12\t0\t0\tNorth\t4 pairs"));
    cr_expect(g_str_has_suffix(lines[2], "\t0\t0\tit's \\042South\\042\t4 pairs"), "%s", lines[2]);
    expect_within(draft.variables->str, "rows = 3");
}

/* What there is no room for is counted. */
Test(chart_segments, too_many) {
    g_autoptr(PlResult) r = make(0.4);
    PlSection *s = pl_result_section(r, "segments");
    for (int i = 0; i < 30; i++)
        add_row(s, "effect", "size: x", 0.1, 0.02);
    add_row(s, "differs", "size", NAN, NAN);
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert(pl_chart_segments(r, "coupon", &draft));
    expect_within(draft.variables->str, "1 more in the report");
    expect_within(draft.variables->str, "rows = 3");
}

Test(chart_segments, nothing_to_draw) {
    g_autoptr(PlResult) r = make_result(PL_EFFECT_RELATIVE, "revenue", "coupon", "h");
    g_auto(PlChartDraft) draft;
    pl_chart_draft_init(&draft);
    cr_assert_not(pl_chart_segments(r, "coupon", &draft));
    PlSection *s = pl_result_add_section(r, "segments", "For whom it worked");
    add_row(s, "differs", "name", NAN, NAN);
    cr_assert_not(pl_chart_segments(r, "coupon", &draft));
}
