/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/company_texts.h"
#include "pairlift/cli/truth_json.h"

typedef struct {
    int orders, up, cross;
} Count;

static int kinds_of(const PlCompany *c, const PlCompanyOrder *order) {
    int kinds = 0;
    for (guint k = 0; k < order->n_lines; k++)
        kinds |= 1 << g_array_index(c->lines, PlCompanyLine, order->first_line + k).kind;
    return kinds;
}

static void add(Count *count, int kinds) {
    count->orders++;
    count->up += (kinds >> PL_LINE_UPSELL) & 1;
    count->cross += (kinds >> PL_LINE_CROSS_SELL) & 1;
}

static void put_count(json_t *row, const Count *count) {
    pl_truth_put(row, "orders", json_integer(count->orders));
    pl_truth_put(row, "orders_with_upsell", json_integer(count->up));
    pl_truth_put(row, "orders_with_cross_sell", json_integer(count->cross));
}

static void put_rates(const PlCompany *c, json_t *object) {
    Count all = {0}, rep[PL_COMPANY_BRANCHES] = {{0}}, channel[PL_COMPANY_CHANNELS] = {{0}};
    json_t *reps = json_array(), *channels = json_array();
    for (guint i = 0; i < c->orders->len; i++) {
        const PlCompanyOrder *order = &g_array_index(c->orders, PlCompanyOrder, i);
        const int kinds = kinds_of(c, order);
        add(&all, kinds);
        add(&rep[g_array_index(c->customers, PlCompanyCustomer, order->customer).branch], kinds);
        add(&channel[order->channel], kinds);
    }
    for (int b = 0; b < PL_COMPANY_BRANCHES; b++) {
        json_t *row = pl_truth_add(reps);
        pl_truth_text(row, "rep", pl_company_reps[b].name);
        pl_truth_real(row, "log_odds", pl_company_reps[b].upsell);
        put_count(row, &rep[b]);
    }
    for (int k = 0; k < PL_COMPANY_CHANNELS; k++) {
        json_t *row = pl_truth_add(channels);
        pl_truth_text(row, "channel", pl_company_channels[k]);
        pl_truth_real(row, "log_odds", pl_company_facts.channel_upsell[k]);
        put_count(row, &channel[k]);
    }
    put_count(object, &all);
    pl_truth_put(object, "reps", reps);
    pl_truth_put(object, "channels", channels);
}

/* Confidence, and what it is without the first product; no empty order has either. */
static json_t *together(const PlCompany *c) {
    json_t *array = json_array();
    for (int p = 0; p < PL_COMPANY_PRODUCTS; p++) {
        const PlCompanyProduct *product = &pl_company_products[p];
        int both = 0;
        if (product->with < 0)
            continue;
        for (guint i = 0; i < c->orders->len; i++) {
            const PlCompanyOrder *order = &g_array_index(c->orders, PlCompanyOrder, i);
            int seen = 0;
            for (guint k = 0; k < order->n_lines; k++) {
                const int it = g_array_index(c->lines, PlCompanyLine, order->first_line + k).product;
                seen += it == p || it == product->with;
            }
            both += seen == 2;
        }
        const double first = pl_company_products[product->with].alone,
                     second = first * product->given + (1 - first) * product->alone;
        json_t *row = pl_truth_add(array);
        pl_truth_text(row, "product", pl_company_products[product->with].name);
        pl_truth_text(row, "with", product->name);
        pl_truth_real(row, "confidence", product->given);
        pl_truth_real(row, "without_it", product->alone);
        pl_truth_real(row, "lift", product->given / second * (1 - pl_company_empty_share()));
        pl_truth_put(row, "orders_with_both", json_integer(both));
    }
    return array;
}

json_t *pl_company_upsell(const PlCompany *c) {
    const PlCompanyFacts *f = &pl_company_facts;
    json_t *object = json_object(), *segments = json_array();
    for (int s = 0; s < PL_COMPANY_SEGMENTS; s++) {
        json_t *row = pl_truth_add(segments);
        pl_truth_text(row, "segment", pl_company_segments[s].name);
        pl_truth_real(row, "log_odds", pl_company_segments[s].upsell);
    }
    pl_truth_text(object, "rep_who_sells_up", "Gus");
    pl_truth_text(object, "channel_that_sells_up", "phone");
    pl_truth_text(
        object, "model",
        "log odds of an order with an item sold up = base + rep + channel + segment + training + "
        "log_past_amount * log(mean amount of the customer's earlier orders / 100), 0 for the first");
    pl_truth_real(object, "base", f->upsell_base);
    pl_truth_real(object, "log_past_amount", f->upsell_past);
    pl_truth_real(object, "training", f->training_upsell);
    pl_truth_put(object, "segments", segments);
    pl_truth_real(object, "cross_sell_rate_of_orders_with_2_lines_or_more", f->cross_sell);
    pl_truth_put(object, "bought_together", together(c));
    pl_truth_real(object, "lift_of_all_other_pairs", 1 - pl_company_empty_share());
    put_rates(c, object);
    return object;
}
