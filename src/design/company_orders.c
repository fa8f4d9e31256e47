/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/design/company_parts.h"

#define DAYS_A_YEAR   365.25
#define USUAL_CENTS   10000.0 /* past amounts are counted from here, log scale */
#define QUANTITY_SD   0.4
#define MOST_QUANTITY 60000

double pl_company_empty_share(void) {
    double empty = 1;
    for (int p = 0; p < PL_COMPANY_PRODUCTS; p++)
        empty *= 1 - pl_company_products[p].alone;
    return empty;
}

/* Each product on its own, but for the second of two that are bought together; what is empty is drawn again.
 */
static int draw_basket(PlRng *rng, guint8 products[PL_COMPANY_PRODUCTS]) {
    int n = 0;
    while (n == 0) {
        gboolean in[PL_COMPANY_PRODUCTS];
        for (int p = 0; p < PL_COMPANY_PRODUCTS; p++) {
            const PlCompanyProduct *product = &pl_company_products[p];
            in[p] = pl_rng_uniform(rng) <
                    (product->with >= 0 && in[product->with] ? product->given : product->alone);
            if (in[p])
                products[n++] = (guint8)p;
        }
    }
    return n;
}

static double logistic(double x) {
    return 1 / (1 + exp(-x));
}

/* Kinds of the lines of an order: at most one is sold up and, with two lines or more, one cross. */
static void draw_kinds(PlRng *rng, double upsell, int n, guint8 kinds[PL_COMPANY_PRODUCTS]) {
    memset(kinds, PL_LINE_BASE, PL_COMPANY_PRODUCTS);
    const int up = (int)floor(n * pl_rng_uniform(rng));
    const int step = 1 + (int)floor((n - 1) * pl_rng_uniform(rng));
    if (pl_rng_uniform(rng) < upsell)
        kinds[up] = PL_LINE_UPSELL;
    if (pl_rng_uniform(rng) < pl_company_facts.cross_sell && n > 1)
        kinds[(up + step) % n] = PL_LINE_CROSS_SELL;
}

static void add_lines(PlCompany *c, const PlCompanyCustomer *customer, PlRng *rng, double upsell,
                      PlCompanyOrder *order) {
    guint8 products[PL_COMPANY_PRODUCTS], kinds[PL_COMPANY_PRODUCTS];
    const int n = draw_basket(rng, products);
    draw_kinds(rng, upsell, n, kinds);
    order->first_line = c->lines->len;
    order->n_lines = (guint8)n;
    for (int i = 0; i < n; i++) {
        const double quantity = customer->spending * exp(QUANTITY_SD * pl_rng_normal(rng)) + 0.5;
        PlCompanyLine line = {.product = products[i], .kind = kinds[i]};
        line.quantity = (guint16)CLAMP(floor(quantity), 1, MOST_QUANTITY);
        const double price = kinds[i] == PL_LINE_UPSELL ? pl_company_facts.upsell_price : 1;
        line.cents = (gint64)floor(line.quantity * price * pl_company_products[products[i]].cents + 0.5);
        order->cents += line.cents;
        g_array_append_val(c->lines, line);
    }
}

/* `past` is the logarithm of the mean amount of the earlier orders over the usual one; 0: there are none. */
static void add_order(PlCompany *c, guint32 of, PlDay date, double past, PlRng *rng, PlCompanyOrder *order) {
    const PlCompanyFacts *f = &pl_company_facts;
    const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, of);
    *order = (PlCompanyOrder){.date = date, .customer = of, .past = past};
    order->channel = (guint8)pl_company_draw(rng, f->channel_share, PL_COMPANY_CHANNELS);
    const double odds = f->upsell_base + pl_company_reps[customer->branch].upsell +
                        f->channel_upsell[order->channel] + pl_company_segments[customer->segment].upsell +
                        f->upsell_past * past;
    const gboolean trained = c->trained[customer->branch] && date >= f->training_from;
    order->upsell_without = logistic(odds);
    order->upsell_with = logistic(odds + (trained ? f->training_upsell : 0));
    add_lines(c, customer, rng, order->upsell_with, order);
    g_array_append_val(c->orders, *order);
}

static void make_orders_of(PlCompany *c, guint32 i) {
    const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, i);
    const PlDay last = MIN(customer->end, pl_company_last());
    PlRng rng = pl_company_stream(c, PL_STREAM_ORDER, i);
    const double gap =
        DAYS_A_YEAR / pl_company_facts.orders_a_year * exp(pl_company_facts.orders_sd * pl_rng_normal(&rng));
    double sum = 0;
    int n = 0;
    for (PlDay day = customer->start; day <= last; n++) {
        PlCompanyOrder order;
        add_order(c, i, day, n > 0 ? log(sum / n / USUAL_CENTS) : 0, &rng, &order);
        sum += (double)order.cents;
        day += (PlDay)MAX(1, ceil(pl_company_exponential(&rng, gap)));
    }
}

static int by_date(gconstpointer a, gconstpointer b) {
    const PlCompanyOrder *x = a, *y = b;
    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    return (x->customer > y->customer) - (x->customer < y->customer);
}

void pl_company_make_orders(PlCompany *c) {
    for (guint32 i = 0; i < c->customers->len; i++)
        make_orders_of(c, i);
    g_array_sort(c->orders, by_date);
}
