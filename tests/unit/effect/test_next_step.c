/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/next_step.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

/* What the sections found, and what is to be made of it. */
typedef struct {
    PlVerdictKind verdict;
    PlRandomised randomised;
    double net, low, high; /* of the net profit; NaN: no economics */
    const char *guardrail; /* its verdict, NULL: none */
    const char *says, *not_says;
} Case;

static PlResult *result_of(const Case *c) {
    PlResult *r = pl_result_new();
    PlVerdict *v = g_new0(PlVerdict, 1);
    *v = (PlVerdict){g_strdup("coupon"), g_strdup("units"), c->verdict, g_strdup("s"), g_strdup("h")};
    g_ptr_array_add(r->verdicts, v);
    r->randomised = c->randomised;
    if (c->guardrail) {
        PlSection *s = pl_result_add_section(r, "guardrails", "Guardrails");
        PlFinding *f =
            pl_section_add(s, "coupon", "guardrail", "Price, not down by more than 2 %", PL_AMOUNT_LIFT);
        f->verdict = g_strdup(c->guardrail);
    }
    if (!isnan(c->net)) {
        PlSection *s = pl_result_add_section(r, "economics", "What it earned");
        PlFinding *net = pl_section_add(s, "coupon", "net_profit", "Net profit", PL_AMOUNT_MONEY);
        net->value = c->net;
        net->conf_low = c->low;
        net->conf_high = c->high;
        net->unit = g_strdup("EUR");
        pl_section_add(s, "coupon", "chance_pays", "Probability that it pays", PL_AMOUNT_CHANCE)->value = 0.8;
        pl_section_add(s, "coupon", "break_even_lift", "Break-even lift", PL_AMOUNT_LIFT)->value = 0.031;
    }
    return r;
}

static char *advice(PlResult *r, PlAlternative alternative) {
    PlStudy study = {.options = {.alternative = alternative}};
    pl_add_next_step(&study, r);
    const PlSection *s = pl_result_section(r, "next");
    cr_assert_not_null(s);
    cr_assert(eq(u32, s->sentences->len, 1));
    return g_strdup(g_ptr_array_index(s->sentences, 0));
}

Test(next_step, follows_from_what_was_found) {
    static const Case cases[] = {
        {PL_WIN, PL_RANDOMISED_YES, 900, 500, 1300, NULL, "Roll it out: it worked. It pays: 900 EUR net",
         "open"},
        {PL_WIN, PL_RANDOMISED_NO, 900, 500, 1300, NULL, "Repeat it in stores drawn at random",
         "Roll it out"},
        {PL_WIN, PL_RANDOMISED_YES, 100, -500, 700, NULL,
         "Whether it pays is open: the estimate is a gain of 100 EUR, and the "
         "probability that it earns anything is 80 %",
         "Roll it out"},
        {PL_WIN, PL_RANDOMISED_YES, 100, -500, 700, NULL, "takes a lift of 3.1 % to break even", "It pays"},
        {PL_WIN, PL_RANDOMISED_YES, -900, -1300, -500, NULL,
         "Do not repeat it at this cost: it worked. But it loses "
         "money: 900 EUR",
         "Roll"},
        {PL_WIN, PL_RANDOMISED_YES, NAN, 0, 0, NULL, "give margin and costs under economics", "It pays"},
        {PL_WIN, PL_RANDOMISED_YES, 900, 500, 1300, "harmed", "Do not roll it out as it is", "Roll it out:"},
        {PL_WIN, PL_RANDOMISED_YES, 900, 500, 1300, "cannot tell",
         "step by step, and watch the guardrail that has", "Roll it out:"},
        {PL_WIN, PL_RANDOMISED_YES, 900, 500, 1300, "safe", "Roll it out:", "watch"},
        {PL_INCONCLUSIVE, PL_RANDOMISED_YES, 100, -500, 700, NULL, "Do not decide by this test alone",
         "no effect"},
        {PL_INCONCLUSIVE, PL_RANDOMISED_YES, 100, -500, 700, NULL, "the probability that it pays is 80 %",
         "worked"},
        {PL_INCONCLUSIVE, PL_RANDOMISED_YES, -900, -1300, -500, NULL, "Do not go on at this cost",
         "must decide"},
        {PL_INCONCLUSIVE, PL_RANDOMISED_YES, NAN, 0, 0, "harmed", "Stop it: nothing shows", "pays"},
        {PL_LOSS, PL_RANDOMISED_YES, NAN, 0, 0, NULL, "Stop it: it lowered", "worked"},
        {PL_LOSS, PL_RANDOMISED_YES, 900, 500, 1300, NULL,
         "Decide which counts: it lowered what it should raise, but it earned 900 EUR net", "Stop it"},
        {PL_LOSS, PL_RANDOMISED_YES, 100, -500, 700, NULL, "Stop it: it lowered", "earned"},
        {PL_EQUIVALENT, PL_RANDOMISED_YES, 900, 500, 1300, NULL,
         "Decide which counts: it changed what decides by less than what was set to matter, but it earned "
         "900 "
         "EUR net",
         "something else"},
        {PL_EQUIVALENT, PL_RANDOMISED_YES, NAN, 0, 0, NULL, "too small to matter", "worked"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) r = result_of(&cases[i]);
        g_autofree char *said = advice(r, PL_TWO_SIDED);
        cr_expect(strstr(said, cases[i].says) != NULL, "case %zu: %s", i, said);
        cr_expect(strstr(said, cases[i].not_says) == NULL, "case %zu: %s", i, said);
    }
}

Test(next_step, a_fall_that_was_looked_for_is_no_loss) {
    static const Case fall = {PL_LOSS, PL_RANDOMISED_YES, NAN, 0, 0, NULL, "", ""};
    g_autoptr(PlResult) r = result_of(&fall);
    g_autofree char *said = advice(r, PL_LESS);
    cr_expect(strstr(said, "It worked.") != NULL, "%s", said);
}

Test(next_step, says_nothing_without_a_verdict) {
    g_autoptr(PlResult) r = pl_result_new();
    PlStudy study = {.options = {.alternative = PL_TWO_SIDED}};
    pl_add_next_step(&study, r);
    cr_expect_null(pl_result_section(r, "next"));
}
