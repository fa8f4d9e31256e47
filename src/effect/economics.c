/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/economics.h"

#include <math.h>

#include "pairlift/effect/earnings.h"
#include "pairlift/effect/rollout.h"
#include "pairlift/effect/totals_check.h"

typedef struct {
    const PlStudy *study;
    PlResult *result;
    PlSection *section;
    const PlArm *arm;
    PlEarnings *e;
    const char *currency; /* NULL: not said */
    const char *pieces;
} Work;

static PlFinding *add(const Work *w, const char *measure, const char *label, PlAmount amount) {
    PlFinding *f = pl_section_add(w->section, w->arm->treatment->name, measure, label, amount);
    const char *unit = amount == PL_AMOUNT_UNITS ? w->pieces : w->currency;
    f->unit = amount == PL_AMOUNT_SHARE || amount == PL_AMOUNT_LIFT || amount == PL_AMOUNT_NUMBER
                  ? NULL
                  : g_strdup(unit);
    f->period = g_strdup("during");
    f->n = w->e->during ? w->e->during->n_used : 0;
    return f;
}

/* A finding of draws; NULL values: it has only a reason. */
static PlFinding *add_drawn(const Work *w, const char *measure, const char *label, PlAmount amount,
                            const double *values, const char *reason) {
    PlFinding *f = add(w, measure, label, amount);
    f->reason = g_strdup(reason);
    if (values)
        pl_finding_set_drawn(f, w->e->draws, values, w->study->options.conf_level);
    return f;
}

static void add_gains(const Work *w) {
    PlEarnings *e = w->e;
    static const char *const no_units = "the sales table has no column of items sold (role \"units\")",
                             *const no_revenue =
                                 "the sales table has no column of revenue (role \"revenue\")";
    g_autofree double *units = e->units >= 0 ? pl_earnings_gain(e, e->during, e->units) : NULL,
                      *revenue = e->revenue >= 0 ? pl_earnings_gain(e, e->during, e->revenue) : NULL,
                      *gross = NULL;
    if (e->bars[PL_EARN_UNITS] || e->bars[PL_EARN_GROSS]) {
        gross = g_new0(double, e->n_values);
        for (guint k = 0; k < e->n_values; k++)
            gross[k] = e->bars[PL_EARN_GROSS] ? e->bars[PL_EARN_GROSS][k]
                                              : e->bars[PL_EARN_UNITS][k] + e->bars[PL_EARN_PRICE][k];
    }
    add_drawn(w, "incremental_units", "Extra items sold", PL_AMOUNT_UNITS, units, units ? NULL : no_units);
    add_drawn(w, "incremental_revenue", "Extra revenue", PL_AMOUNT_MONEY, revenue,
              revenue ? NULL : no_revenue);
    add_drawn(w, "gross_profit", "Extra gross profit", PL_AMOUNT_MONEY, gross, e->reasons[PL_EARN_GROSS]);
}

/* What is known has no interval. */
static void drop_known(PlFinding *f) {
    if (f->conf_low == f->conf_high)
        f->conf_low = f->conf_high = f->conf_level = f->std_error = NAN;
}

/* The bars of the waterfall, in its order. */
static void add_bars(const Work *w) {
    PlEarnings *e = w->e;
    double price = e->bars[PL_EARN_PRICE] ? e->bars[PL_EARN_PRICE][0] : 0;
    g_autofree char *spending = g_strdup_printf(
        "Spending (%s)", w->study->def->economics.cost_column ? w->study->def->economics.cost_column : "");
    const struct {
        const char *measure, *label;
    } bars[PL_EARN_N] = {
        [PL_EARN_UNITS] = {"bar_units", e->profit >= 0 ? "From extra items, their cost" : "From extra items"},
        [PL_EARN_PRICE] = {"bar_price", price < 0   ? "Given away by the price"
                                        : price > 0 ? "From a higher price"
                                                    : "From the price"},
        [PL_EARN_GROSS] = {"bar_gross", "From extra sales"},
        [PL_EARN_OTHERS] = {"bar_others", "From other products"},
        [PL_EARN_AFTER] = {"bar_after", "From the time after"},
        [PL_EARN_COUPONS] = {"bar_coupons", "Coupons redeemed"},
        [PL_EARN_SPENDING] = {"bar_spending", spending},
        [PL_EARN_STORES] = {"bar_stores", "Cost of the stores"},
        [PL_EARN_FIXED] = {"bar_fixed", "Fixed cost"}};
    for (guint b = 0; b < PL_EARN_N; b++) {
        gboolean known = b == PL_EARN_STORES || b == PL_EARN_FIXED;
        if (known && e->bars[b])
            add(w, bars[b].measure, bars[b].label, PL_AMOUNT_MONEY)->value = e->bars[b][0];
        else if (e->bars[b] || (e->reasons[b] && b != PL_EARN_GROSS))
            drop_known(
                add_drawn(w, bars[b].measure, bars[b].label, PL_AMOUNT_MONEY, e->bars[b], e->reasons[b]));
    }
    add_drawn(w, "net_profit", "Net profit", PL_AMOUNT_MONEY, e->net, e->missing);
}

/* values / by, NaN where `by` is not above zero. */
static double *ratio(const PlEarnings *e, const double *values, const double *by, double otherwise) {
    double *out = g_new(double, e->n_values);
    for (guint k = 0; k < e->n_values; k++)
        out[k] = by[k] > 0 ? values[k] / by[k] : otherwise;
    return out;
}

static void drop_infinite(PlFinding *f) {
    if (isinf(f->conf_high))
        f->conf_high = NAN;
    if (isinf(f->conf_low))
        f->conf_low = NAN;
}

/* What one more item cost: nothing can be said once there may be no more items at all. */
static void add_cost_of_item(const Work *w) {
    PlEarnings *e = w->e;
    if (!e->cost || e->units < 0 || !(e->cost[0] > 0))
        return;
    g_autofree double *units = pl_earnings_gain(e, e->during, e->units);
    if (e->after)
        for (guint k = 0; k < e->n_values; k++)
            units[k] += e->after->with[e->units][k] - e->after->without[e->units][k];
    PlFinding *f = add(w, "cost_per_unit", "Cost of one extra item, time after counted", PL_AMOUNT_PRICE);
    if (!(units[0] > 0)) {
        f->reason = g_strdup("no more items were sold than without the promotion, so none has a cost");
        return;
    }
    g_autofree double *each = ratio(e, e->cost, units, INFINITY);
    pl_finding_set_drawn(f, e->draws, each, w->study->options.conf_level);
    PlDrawn extra = pl_draws_interval(e->draws, units, w->study->options.conf_level);
    if (extra.low <= 0) {
        g_free(f->reason);
        f->reason =
            g_strdup("with the time after it may have sold no extra item at all, so the cost of one has no "
                     "upper limit");
        f->conf_high = INFINITY;
    }
    drop_infinite(f);
}

static void add_returns(const Work *w) {
    PlEarnings *e = w->e;
    if (!e->cost)
        return;
    PlFinding *cost = add(w, "cost", "Cost", PL_AMOUNT_TOTAL);
    pl_finding_set_drawn(cost, e->draws, e->cost, w->study->options.conf_level);
    if (cost->conf_low == cost->conf_high || !(e->bars[PL_EARN_SPENDING] || e->bars[PL_EARN_COUPONS])) {
        cost->conf_low = cost->conf_high = cost->conf_level = cost->std_error = NAN;
        g_clear_pointer(&cost->reason, g_free);
    }
    if (!(e->cost[0] > 0)) {
        add_drawn(
            w, "roi", "Return on investment", PL_AMOUNT_SHARE, NULL,
            "the definition names no cost: give fixed_cost, cost_per_store or cost_column under economics");
        return;
    }
    g_autofree double *roi = e->net ? ratio(e, e->net, e->cost, NAN) : NULL;
    g_autofree double *revenue = e->revenue >= 0 ? pl_earnings_gain(e, e->during, e->revenue) : NULL;
    g_autofree double *iroas = revenue ? ratio(e, revenue, e->cost, NAN) : NULL;
    drop_infinite(add_drawn(w, "roi", "Return on investment", PL_AMOUNT_SHARE, roi, e->missing));
    if (iroas)
        drop_infinite(add_drawn(w, "iroas", "Extra revenue for each 1 spent", PL_AMOUNT_NUMBER, iroas, NULL));
    add_cost_of_item(w);
}

static void add_break_even(const Work *w) {
    PlEarnings *e = w->e;
    gboolean in_units;
    g_autofree double *lift = pl_earnings_break_even(e, &in_units);
    if (!lift)
        return;
    PlFinding *f = add(w, in_units ? "break_even_lift" : "break_even_lift_revenue",
                       in_units ? "Lift in items that pays" : "Lift in revenue that pays", PL_AMOUNT_LIFT);
    if (isinf(lift[0])) {
        f->reason = g_strdup("each item is sold at a loss, so no lift pays");
        return;
    }
    pl_finding_set_drawn(f, e->draws, lift, w->study->options.conf_level);
    drop_infinite(f);
}

static void add_chance(const Work *w) {
    PlFinding *f = add(w, "chance_pays", "Probability that it pays", PL_AMOUNT_CHANCE);
    if (w->e->net)
        f->value = pl_draws_chance_above(w->e->draws, w->e->net, 0);
    if (isnan(f->value))
        f->reason = g_strdup(w->e->missing ? w->e->missing : pl_draws_reason(w->e->draws));
}

static void say_net(const Work *w, GString *text) {
    const char *name = w->arm->treatment->name;
    const PlFinding *net = pl_section_find(w->section, name, "net_profit"),
                    *chance = pl_section_find(w->section, name, "chance_pays");
    if (isnan(net->value)) {
        g_string_append_printf(text, "Whether %s paid cannot be computed: %s.", name, net->reason);
        return;
    }
    g_autofree char *sum = pl_format_finding(net);
    const char *verdict = net->conf_low > 0 ? "paid" : net->conf_high < 0 ? "lost money" : NULL;
    if (verdict)
        g_string_append_printf(text, "%s %s: its net profit in the test stores is %s.", name, verdict, sum);
    else
        g_string_append_printf(
            text, "Whether %s paid cannot be told: its net profit in the test stores is %s.", name, sum);
    if (isnan(chance->value))
        return;
    g_autofree char *probability = pl_format_amount_size(chance->value, NAN, PL_AMOUNT_CHANCE, NULL);
    const char *bound = chance->value > 0.99 ? "over 99 %" : chance->value < 0.01 ? "under 1 %" : probability;
    g_string_append_printf(text, " The probability that it pays is %s.", bound);
}

/* The lift of the totals with as many digits as its own interval bears. */
static char *change_words(const Work *w, int measure) {
    const PlTotals *t = w->e->during;
    g_autofree double *lift = g_new(double, w->e->n_values);
    for (guint k = 0; k < w->e->n_values; k++)
        lift[k] = t->with[measure][k] / t->without[measure][k] - 1;
    PlDrawn drawn = pl_draws_interval(w->e->draws, lift, w->study->options.conf_level);
    return pl_format_amount(lift[0], (drawn.high - drawn.low) / 2, PL_AMOUNT_LIFT, NULL);
}

static void say_break_even(const Work *w, GString *text) {
    const char *name = w->arm->treatment->name;
    const PlFinding *even = pl_section_find(w->section, name, "break_even_lift");
    gboolean in_units = even != NULL;
    even = in_units ? even : pl_section_find(w->section, name, "break_even_lift_revenue");
    if (!even)
        return;
    if (isnan(even->value)) {
        g_string_append(text, " It cannot break even: each item is sold at a loss.");
        return;
    }
    double half = (even->conf_high - even->conf_low) / 2;
    g_autofree char *needed = pl_format_amount_size(fabs(even->value), half, PL_AMOUNT_LIFT, NULL),
                    *got = change_words(w, in_units ? w->e->units : w->e->revenue);
    g_string_append_printf(text,
                           " To break even, %s over all test stores %s by %s, all else as it was; the "
                           "change was %s (of the sum, in which large stores count for more than in the "
                           "lift above).",
                           in_units ? "items sold" : "revenue",
                           even->value < 0 ? "could have fallen" : "had to rise", needed, got);
}

static void say(const Work *w) {
    g_autoptr(GString) text = g_string_new(NULL);
    say_net(w, text);
    say_break_even(w, text);
    pl_section_say(w->section, "%s", text->str);
    g_autofree char *rollout = pl_rollout_sentence(w->section, w->arm->treatment->name);
    if (rollout)
        pl_section_say(w->section, "%s", rollout);
}

static void check_left_out(const Work *w) {
    const PlTotals *t = w->e->during;
    if (t && t->n_left_out > 0)
        pl_result_check(
            w->result, "economics", PL_WARN, t->n_left_out,
            "%s: %u of %u test stores are in no total of what it earned, because they or their "
            "control store lack a value (above zero, unless effect: absolute) of a column: %s; their "
            "costs are counted",
            w->arm->treatment->name, t->n_left_out, w->arm->n_test, t->left_out);
}

static gboolean is_wanted(const PlStudy *study) {
    gboolean wanted = pl_definition_given(study->def, &study->def->economics);
    for (guint i = 0; i < study->arms->len; i++) {
        const PlTreatment *t = ((const PlArm *)g_ptr_array_index(study->arms, i))->treatment;
        wanted = wanted || pl_definition_given(study->def, &t->fixed_cost) ||
                 pl_definition_given(study->def, &t->cost_per_store);
    }
    return wanted;
}

void pl_add_economics(const PlStudy *study, PlResult *result) {
    for (guint i = 0; i < study->arms->len; i++)
        pl_check_totals_agree(study, g_ptr_array_index(study->arms, i), result);
    if (!is_wanted(study))
        return;
    Work w = {.study = study,
              .result = result,
              .section = pl_result_add_section(result, "economics", "What it earned"),
              .currency = pl_study_unit(study, "revenue"),
              .pieces = pl_study_unit(study, "units")};
    for (guint i = 0; i < study->arms->len; i++) {
        w.arm = g_ptr_array_index(study->arms, i);
        g_autoptr(PlEarnings) e = w.e = pl_earnings_new(study, w.arm);
        add_gains(&w);
        add_bars(&w);
        add_chance(&w);
        add_returns(&w);
        add_break_even(&w);
        pl_add_rollout(e, w.section, w.currency);
        say(&w);
        check_left_out(&w);
    }
}
