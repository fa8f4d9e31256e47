/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/headline.h"
#include "pairlift/kpi/upsell_pairs.h"
#include "pairlift/model/numbers.h"

#include <math.h>

/* Pairs in the chart. */
#define DRAWN_MOST 15

static const char *name_of(const PlPairs *p, guint rank) {
    return p->orders->product_field->levels[p->product[rank]];
}

static PlFinding *add(const PlPairs *p, const PlPair *pair, const char *measure, const char *label,
                      PlAmount amount, double value) {
    PlFinding *f = pl_section_add(p->run->section, NULL, measure, label, amount);
    pl_finding_of(f, "product", name_of(p, pair->a), "with", name_of(p, pair->b), NULL);
    f->value = value;
    f->n = (guint)pair->count.with_both;
    f->detail = !pair->shown;
    return f;
}

static void add_pair(const PlPairs *p, const PlPair *pair) {
    PlFinding *f =
        add(p, pair, "pair_lift", "Together, against chance (lift)", PL_AMOUNT_PRICE, pair->of.lift);
    f->conf_low = pair->low;
    f->conf_high = pair->high;
    f->conf_level = p->run->conf_level;
    f->p_value = pair->p;
    f->p_adjusted = pair->p_adjusted;
    if (pair->told)
        f->verdict = g_strdup(pair->together ? "together" : "apart");
    else if (isnan(pair->low))
        f->reason = g_strdup("all of these orders are of one customer: no interval");
    (void)add(p, pair, "pair_support", "Orders with both", PL_AMOUNT_SHARE, pair->of.support);
    (void)add(p, pair, "pair_confidence", "Orders with the first that have the second", PL_AMOUNT_SHARE,
              pair->of.confidence_a);
    (void)add(p, pair, "pair_confidence_back", "Orders with the second that have the first", PL_AMOUNT_SHARE,
              pair->of.confidence_b);
}

/* "1.51 (1.44 to 1.59) times". */
static char *times_of(const PlPair *pair) {
    g_autofree char *value =
        pl_format_amount_size(pair->of.lift, (pair->high - pair->low) / 2, PL_AMOUNT_PRICE, NULL);
    g_autofree char *limits = pl_format_amount_interval(pair->low, pair->high, PL_AMOUNT_PRICE, NULL);
    return g_strdup_printf("%s (%s) times", value, limits);
}

static void add_chart(const PlPairs *p) {
    guint n = MIN(p->n_told[TRUE], DRAWN_MOST);
    if (n == 0)
        return;
    PlCurve *c = pl_section_add_curve(p->run->section, NULL, "pair_lift", n);
    c->x_label = g_strdup("Pair of products");
    c->y_label = g_strdup("Together, against chance (lift)");
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_PRICE;
    c->target = 1;
    g_autofree char *times = times_of(&g_array_index(p->pairs, PlPair, 0));
    c->title = g_strdup_printf("%s and %s are together %s as often as by chance",
                               name_of(p, g_array_index(p->pairs, PlPair, 0).a),
                               name_of(p, g_array_index(p->pairs, PlPair, 0).b), times);
    c->x_names = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++) {
        const PlPair *pair = &g_array_index(p->pairs, PlPair, i);
        c->x[i] = i;
        c->x_names[i] = g_strdup_printf("%s + %s", name_of(p, pair->a), name_of(p, pair->b));
        c->y[i] = pair->of.lift;
        c->low[i] = pair->low;
        c->high[i] = pair->high;
    }
}

static void say_together(const PlPairs *p, const char *compared) {
    if (p->n_told[TRUE] == 0) {
        pl_section_say(p->run->section,
                       "No two products are told to be bought together more often than by chance "
                       "(%s).",
                       compared);
        return;
    }
    const PlPair *pair = &g_array_index(p->pairs, PlPair, 0);
    g_autofree char *times = times_of(pair),
                    *pairs = pl_format_count(p->n_told[TRUE], "pair of products is", "pairs of products are"),
                    *support = pl_format_amount_size(pair->of.support, NAN, PL_AMOUNT_SHARE, NULL);
    pl_section_say(p->run->section,
                   "%s%s bought together more often than by chance (%s). First is %s with %s: in %s of the "
                   "orders, %s as often as by chance.",
                   p->unlisted > 0 ? "At least " : "", pairs, compared, name_of(p, pair->a),
                   name_of(p, pair->b), support, times);
}

static void say_apart(const PlPairs *p) {
    guint n = p->n_told[FALSE];
    if (n == 0)
        return;
    const PlPair *pair = &g_array_index(p->pairs, PlPair, p->n_together);
    g_autofree char *times = times_of(pair),
                    *pairs = pl_format_count(n, "pair of products is", "pairs of products are");
    pl_section_say(p->run->section,
                   "%s bought together less often than by chance, first %s and %s, %s as often; "
                   "one may replace the other, or different customers buy them.",
                   pairs, name_of(p, pair->a), name_of(p, pair->b), times);
}

static void tell_left_out(const PlPairs *p) {
    PlResult *result = p->run->study->result;
    guint all = p->orders->product_field->n_levels, out = all - p->n_products;
    g_autofree char *outs = pl_format_count(out, "product", "products"),
                    *pairs = pl_format_count(p->unlisted, "pair of products", "pairs of products"),
                    *few = pl_format_count(p->by_few, "pair of products", "pairs of products");
    if (out > 0)
        pl_result_check(
            result, "upsell_pairs_rare", PL_PASS, out,
            "upsell: %s in fewer than %u orders, not looked at in pairs (kpis.upsell.min_support)", outs,
            p->least);
    if (p->unlisted > 0)
        pl_result_check(result, "upsell_pairs_unlisted", PL_PASS, p->unlisted,
                        "upsell: %s told from chance by their orders, but not listed: others weigh more",
                        pairs);
    if (p->by_few > 0)
        pl_result_check(result, "upsell_pairs_few", PL_PASS, p->by_few,
                        "upsell: %s told from chance by their orders, but not by customer: they rest on few "
                        "customers",
                        few);
}

void pl_upsell_pairs_tell(const PlPairs *p) {
    if (p->n_products < 2) {
        pl_section_say(p->run->section,
                       "Which products go together cannot be told: fewer than two are in %u "
                       "orders or more (kpis.upsell.min_support).",
                       p->least);
        return;
    }
    guint64 all = (guint64)p->n_products * (p->n_products - 1) / 2;
    g_autofree char *pairs = pl_format_count(all, "pair", "pairs"),
                    *products = pl_format_count(p->n_products, "product", "products"),
                    *compared = g_strdup_printf("%s of %s that are in %u orders or more compared, "
                                                "adjusted by Holm",
                                                pairs, products, p->least);
    for (guint i = 0; i < p->pairs->len; i++)
        add_pair(p, &g_array_index(p->pairs, PlPair, i));
    add_chart(p);
    say_together(p, compared);
    say_apart(p);
    tell_left_out(p);
}
