/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/headline.h"
#include "pairlift/kpi/upsell.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/order.h"

#include <math.h>

/* So few lines with so much of the quantity are counted in another unit: litres of petrol beside bottles. */
#define FEW  0.01
#define MOST 0.9

/* Lines that are looked at; the others are counted in a check. */
static gboolean is_used(const PlOrders *o, guint i, const PlField *date, const PlField *order) {
    return order->level[i] != PL_NO_LEVEL && o->customer_field->level[i] != PL_NO_LEVEL &&
           o->product_field->level[i] != PL_NO_LEVEL && !isnan(o->amount->number[i]) &&
           pl_bucket_of(o->buckets, date->day[i]) != PL_NO_LEVEL;
}

static void tell_left_out(const PlKpiRun *run, const PlOrders *o, const PlField *date, const PlField *order) {
    guint n = o->lines->n - o->n_used, first = 0;
    if (n == 0)
        return;
    while (is_used(o, first, date, order))
        first++;
    g_autofree char *place = pl_records_place(o->lines, first), *rows = pl_format_count(n, "line", "lines");
    pl_result_check(run->study->result, "order_lines_left_out", PL_WARN, n,
                    "%s: %s of orders left out: dated after the day that the KPIs are made for (kpis.as_of)",
                    place, rows);
}

/* Returns count against the value; a line without a kind is taken to be of the base. */
static void tell_oddities(const PlKpiRun *run, const PlOrders *o) {
    guint returns = 0, unknown = 0, first_return = 0, first_unknown = 0;
    for (guint i = o->n_used; i-- > 0;) {
        guint row = o->line[i];
        if (o->amount->number[row] < 0) {
            returns++;
            first_return = row;
        }
        if (o->kind != NULL && o->kind->level[row] == PL_NO_LEVEL) {
            unknown++;
            first_unknown = row;
        }
    }
    if (returns > 0) {
        g_autofree char *place = pl_records_place(o->lines, first_return),
                        *lines = pl_format_count(returns, "order line", "order lines");
        pl_result_check(run->study->result, "order_lines_returned", PL_WARN, returns,
                        "%s: %s with an amount below 0, taken to be returned goods: they lower the value, "
                        "and are not counted as sold up or cross",
                        place, lines);
    }
    if (unknown > 0) {
        g_autofree char *place = pl_records_place(o->lines, first_unknown),
                        *lines = pl_format_count(unknown, "order line", "order lines");
        pl_result_check(run->study->result, "order_lines_kind", PL_WARN, unknown,
                        "%s: %s without a kind, taken to be of the base", place, lines);
    }
}

/* The share of the quantity that the few largest lines hold, and the largest line. NaN: too few lines. */
static double share_of_few(const PlOrders *o, guint *largest) {
    g_autofree double *x = g_new(double, (gsize)o->n_used + 1);
    double all = 0, top = 0;
    guint n = 0;
    *largest = PL_NO_LEVEL;
    for (guint i = 0; i < o->n_used; i++) {
        double quantity = o->quantity->number[o->line[i]];
        if (isnan(quantity) || quantity <= 0)
            continue;
        if (*largest == PL_NO_LEVEL || quantity > o->quantity->number[*largest])
            *largest = o->line[i];
        all += x[n++] = quantity;
    }
    guint few = (guint)(n * FEW);
    if (few == 0)
        return NAN;
    (void)pl_select(x, n, n - few);
    for (guint i = n - few; i < n; i++)
        top += x[i];
    return top / all;
}

static void tell_mixed(const PlKpiRun *run, const PlOrders *o) {
    guint largest = PL_NO_LEVEL;
    double share = o->quantity != NULL ? share_of_few(o, &largest) : NAN;
    if (!(share > MOST))
        return;
    g_autofree char *place = pl_records_place(o->lines, largest),
                    *part = pl_format_amount(share, NAN, PL_AMOUNT_SHARE, NULL),
                    *quantity = pl_format_number(o->quantity->number[largest], 0);
    pl_result_check(run->study->result, "quantity_units", PL_WARN, share,
                    "%s: column \"%s\" has %s here, and 1 %% of the order lines hold %s of it: if they are "
                    "counted in another unit than the rest, the quantity an order says little",
                    place, o->quantity->column, quantity, part);
}

/* Numbers the orders that have a line in use, and counts those lines. */
static guint *number_orders(PlOrders *o, const PlField *date, const PlField *order) {
    guint *number = g_new(guint, order->n_levels + 1);
    for (guint l = 0; l < order->n_levels; l++)
        number[l] = PL_NO_LEVEL;
    for (guint i = 0; i < o->lines->n; i++)
        if (is_used(o, i, date, order)) {
            if (number[order->level[i]] == PL_NO_LEVEL)
                number[order->level[i]] = o->n++;
            o->n_used++;
        }
    return number;
}

static void place_lines(PlOrders *o, const PlField *date, const PlField *order, const guint *number) {
    o->begin = g_new0(guint, o->n + 2);
    o->line = g_new(guint, o->n_used + 1);
    for (guint i = 0; i < o->lines->n; i++)
        if (is_used(o, i, date, order))
            o->begin[number[order->level[i]] + 2]++;
    for (guint k = 2; k <= o->n; k++)
        o->begin[k] += o->begin[k - 1];
    for (guint i = 0; i < o->lines->n; i++)
        if (is_used(o, i, date, order))
            o->line[o->begin[number[order->level[i]] + 1]++] = i;
}

static void place_products(PlOrders *o) {
    g_autofree guint *seen = g_new0(guint, o->product_field->n_levels + 1); /* order + 1 */
    guint n = 0;
    o->of_begin = g_new(guint, o->n + 1);
    o->product = g_new(guint, o->n_used + 1);
    for (guint k = 0; k < o->n; k++) {
        o->of_begin[k] = n;
        for (guint j = o->begin[k]; j < o->begin[k + 1]; j++) {
            guint product = o->product_field->level[o->line[j]];
            if (seen[product] != k + 1)
                o->product[n++] = product;
            seen[product] = k + 1;
        }
    }
    o->of_begin[o->n] = n;
}

static void date_orders(PlOrders *o, const PlField *date) {
    o->customer = g_new(guint, o->n + 1);
    o->bucket = g_new(guint, o->n + 1);
    o->day = g_new(PlDay, o->n + 1);
    o->first_day = G_MAXINT32;
    o->last_day = G_MININT32;
    for (guint k = 0; k < o->n; k++) {
        o->customer[k] = o->customer_field->level[o->line[o->begin[k]]];
        o->day[k] = G_MAXINT32;
        for (guint j = o->begin[k]; j < o->begin[k + 1]; j++)
            o->day[k] = MIN(o->day[k], date->day[o->line[j]]);
        o->bucket[k] = pl_bucket_of(o->buckets, o->day[k]);
        o->first_day = MIN(o->first_day, o->day[k]);
        o->last_day = MAX(o->last_day, o->day[k]);
    }
}

PlOrders *pl_orders_new(const PlKpiRun *run) {
    const PlRecords *lines = run->study->tables->of[PL_TABLE_ORDER_LINES];
    const PlField *order = pl_records_text(lines, "order"), *date = pl_records_date(lines, "date");
    g_autoptr(PlOrders) o = g_new0(PlOrders, 1);
    o->lines = lines;
    o->customer_field = pl_records_text(lines, "customer");
    o->product_field = pl_records_text(lines, "product");
    o->kind = pl_records_text(lines, "kind");
    o->amount = pl_records_number(lines, "amount");
    o->quantity = pl_records_number(lines, "quantity");
    o->buckets = pl_buckets_new(run, lines, date);
    if (o->buckets == NULL)
        return NULL;
    g_autofree guint *number = number_orders(o, date, order);
    if (o->n == 0)
        return NULL;
    place_lines(o, date, order, number);
    place_products(o);
    date_orders(o, date);
    tell_left_out(run, o, date, order);
    tell_oddities(run, o);
    tell_mixed(run, o);
    return g_steal_pointer(&o);
}

void pl_orders_free(PlOrders *o) {
    if (o == NULL)
        return;
    pl_buckets_free(o->buckets);
    g_free(o->begin);
    g_free(o->line);
    g_free(o->of_begin);
    g_free(o->product);
    g_free(o->customer);
    g_free(o->bucket);
    g_free(o->day);
    g_free(o);
}
