/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/next_step.h"

#include <math.h>

/* What is known of one treatment, from the sections. */
typedef struct {
    const PlResult *result;
    const PlVerdict *verdict;
    const char *treatment;
    const PlFinding *net, *chance, *break_even; /* of economics, NULL: none */
    const PlFinding *harmed;                    /* the first guardrail that is, NULL: none */
    guint open;                                 /* guardrails that are neither safe nor harmed */
} Known;

static const PlFinding *value_of(const PlResult *result, const char *section, const char *treatment,
                                 const char *measure) {
    const PlFinding *f = pl_section_find(pl_result_section(result, section), treatment, measure);
    return f && isfinite(f->value) ? f : NULL;
}

static void look_at_guardrails(Known *k) {
    const PlSection *s = pl_result_section(k->result, "guardrails");
    for (guint i = 0; s && i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_strcmp0(f->treatment, k->treatment) != 0 || g_str_equal(f->measure, "equivalence") ||
            !f->verdict)
            continue;
        gboolean harmed = g_str_equal(f->verdict, "harmed");
        k->harmed = harmed && !k->harmed ? f : k->harmed;
        k->open += !harmed && !g_str_equal(f->verdict, "safe") ? 1 : 0;
    }
}

static Known known_of(const PlResult *result, const PlVerdict *verdict) {
    const char *t = verdict->treatment;
    Known k = {.result = result,
               .verdict = verdict,
               .treatment = t,
               .net = value_of(result, "economics", t, "net_profit"),
               .chance = value_of(result, "economics", t, "chance_pays"),
               .break_even = value_of(result, "economics", t, "break_even_lift")};
    look_at_guardrails(&k);
    return k;
}

static char *money(const PlFinding *f) {
    return pl_format_amount_size(fabs(f->value), (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
}

/* Ways out of a test that earned too little, as far as the sections know them. */
static void append_levers(const Known *k, GString *text) {
    const PlFinding *price = value_of(k->result, "prices", k->treatment, "best_price"),
                    *face = value_of(k->result, "coupons", k->treatment, "break_even_face_value");
    if (k->break_even && k->break_even->value > 0) {
        g_autofree char *lift = money(k->break_even);
        g_string_append_printf(text, " At this cost it takes a lift of %s to break even.", lift);
    }
    if (face) {
        g_autofree char *value = pl_format_finding(face);
        g_string_append_printf(
            text, " A coupon covers what it costs up to a face value of %s, other costs left out.", value);
    }
    if (price) {
        g_autofree char *value = pl_format_finding(price);
        g_string_append_printf(text, " The price with the highest profit is put at %s%s.", value,
                               price->reason ? ", see there how far that can be trusted" : "");
    }
}

static void append_money(const Known *k, GString *text) {
    if (!k->net) {
        g_string_append_printf(text,
                               " Whether it pays is not known here: give margin and costs under economics "
                               "before it goes to more stores.");
        return;
    }
    g_autofree char *net = money(k->net);
    g_autofree char *chance =
        k->chance ? pl_format_amount(k->chance->value, NAN, PL_AMOUNT_CHANCE, NULL) : NULL;
    if (k->net->conf_low > 0)
        g_string_append_printf(text, " It pays: %s net over the promotion in the test stores.", net);
    else if (k->net->conf_high < 0) {
        g_string_append_printf(text, " But it loses money: %s net over the promotion in the test stores.",
                               net);
        append_levers(k, text);
    } else {
        g_string_append_printf(text, " Whether it pays is open: the estimate is a %s of %s",
                               k->net->value < 0 ? "loss" : "gain", net);
        if (k->chance)
            g_string_append_printf(text, ", and the probability that it earns anything is %s", chance);
        g_string_append_c(text, '.');
        append_levers(k, text);
    }
}

static gboolean pays(const Known *k) {
    return k->net && k->net->conf_low > 0;
}

static gboolean loses(const Known *k) {
    return k->net && k->net->conf_high < 0;
}

static void advise_on_win(const Known *k, GString *text) {
    if (k->harmed)
        g_string_append_printf(text,
                               "do not roll it out as it is: it worked, but it harmed a guardrail (%s).",
                               k->harmed->label);
    else if (loses(k))
        g_string_append(text, "do not repeat it at this cost: it worked.");
    else if (k->result->randomised != PL_RANDOMISED_YES)
        g_string_append(text,
                        "repeat it in stores drawn at random before it goes everywhere: it worked here, but "
                        "nothing rules out that these stores would have done better anyway.");
    else if (pays(k) && k->open == 0)
        g_string_append(text, "roll it out: it worked.");
    else if (pays(k))
        g_string_append_printf(text,
                               "roll it out step by step, and watch %s that %s not been shown to be safe: it "
                               "worked.",
                               k->open == 1 ? "the guardrail" : "the guardrails",
                               k->open == 1 ? "has" : "have");
    else
        g_string_append(text, "it worked.");
    append_money(k, text);
}

static void advise_on_open(const Known *k, GString *text) {
    if (k->harmed)
        g_string_append_printf(text, "stop it: nothing shows that it works, and it harmed a guardrail (%s).",
                               k->harmed->label);
    else if (loses(k))
        g_string_append(text, "do not go on at this cost: nothing shows that it works, and it loses money.");
    else
        g_string_append(
            text, "do not decide by this test alone: it leaves open whether there is an effect. The verdict "
                  "says what would settle it.");
    if (k->net && !loses(k) && k->chance) {
        g_autofree char *chance = pl_format_amount(k->chance->value, NAN, PL_AMOUNT_CHANCE, NULL);
        g_string_append_printf(text, " If you must decide now: the probability that it pays is %s.", chance);
    }
}

/* What was lost or too small to matter in the metric that decides may have earned money all the same, as a
 * higher price does. */
static void advise_on_little(const Known *k, GString *text) {
    gboolean lost = k->verdict->kind == PL_LOSS;
    if (!pays(k)) {
        g_string_append(text, lost ? "stop it: it lowered what it should raise."
                                   : "spend on something else: whatever it does is too small to matter.");
        return;
    }
    g_autofree char *net = money(k->net);
    g_string_append_printf(text,
                           "decide which counts: %s, but it earned %s net over the promotion in the test "
                           "stores.",
                           lost ? "it lowered what it should raise"
                                : "it changed what decides by less than what was set to matter",
                           net);
}

/* Where the effect differed between kinds of stores by more than chance, it is worth a test. */
static void append_hypothesis(const Known *k, GString *text) {
    const PlSection *s = pl_result_section(k->result, "segments");
    for (guint i = 0; s && i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_strcmp0(f->treatment, k->treatment) == 0 && f->p_adjusted <= 1 - f->conf_level && f->group &&
            !g_str_equal(f->measure, "effect")) {
            g_string_append_printf(text, " Test next whether it depends on %s, where the stores may differ.",
                                   f->group);
            return;
        }
    }
}

void pl_add_next_step(const PlStudy *study, PlResult *result) {
    gboolean falls_wanted = study->options.alternative == PL_LESS;
    if (result->verdicts->len == 0)
        return;
    PlSection *section = pl_result_add_section(result, "next", "What to do next");
    guint winners = 0;
    for (guint i = 0; i < result->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(result->verdicts, i);
        Known k = known_of(result, v);
        g_autoptr(GString) text = g_string_new(NULL);
        if (result->verdicts->len > 1)
            g_string_append_printf(text, "%s: ", v->treatment);
        gsize from = text->len;
        if (v->kind == PL_WIN || (v->kind == PL_LOSS && falls_wanted))
            advise_on_win(&k, text);
        else if (v->kind == PL_INCONCLUSIVE)
            advise_on_open(&k, text);
        else
            advise_on_little(&k, text);
        append_hypothesis(&k, text);
        if (from == 0)
            text->str[0] = g_ascii_toupper(text->str[0]);
        pl_section_say(section, "%s", text->str);
        winners += v->kind == PL_WIN ? 1 : 0;
    }
    if (winners > 1)
        pl_section_say(
            section, "More than one worked: which of them to prefer is said under which treatment was best.");
}
