/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/upsell.h"

#include <math.h>

enum { HAS_UPSELL = 1, HAS_CROSS = 2 };

/* An order in a group, with what its lines of the group add up to. */
typedef struct {
    guint order, kinds;
    double value, extra, pieces;
} Part;

struct PlOrderGroups {
    const PlOrders *orders;
    guint n, n_parts;
    guint *begin; /* [n + 1] */
    Part *part;
    guint n_shared, shared; /* orders in several groups; a line of the first of them */
    guint *place;           /* [customers] + 1 in the tally, while it is filled */
    PlTally tally;
};

static guint group_of(const guint *of_line, guint line) {
    return of_line != NULL ? of_line[line] : 0;
}

/* The number of orders in each group, from begin[group + 2] on. */
static void count_parts(PlOrderGroups *g, const guint *of_line, guint *seen) {
    const PlOrders *o = g->orders;
    for (guint k = 0; k < o->n; k++) {
        guint groups = 0, last = 0;
        for (guint j = o->begin[k]; j < o->begin[k + 1]; j++) {
            guint group = group_of(of_line, o->line[j]);
            if (group == PL_NO_LEVEL || seen[group] == k + 1)
                continue;
            seen[group] = k + 1;
            g->begin[group + 2]++;
            groups++;
            last = o->line[j];
        }
        g->n_parts += groups;
        if (groups > 1 && g->n_shared++ == 0)
            g->shared = last;
    }
}

static void add_line(const PlOrders *o, Part *part, guint line) {
    double amount = o->amount->number[line];
    guint kind = o->kind != NULL ? o->kind->level[line] : PL_KIND_BASE;
    gboolean extra = kind == PL_KIND_UPSELL || kind == PL_KIND_CROSS;
    part->value += amount;
    part->extra += extra ? amount : 0;
    part->pieces += o->quantity != NULL ? o->quantity->number[line] : NAN;
    if (extra && amount >= 0)
        part->kinds |= kind == PL_KIND_UPSELL ? HAS_UPSELL : HAS_CROSS;
}

static void fill_parts(PlOrderGroups *g, const guint *of_line, guint *seen) {
    const PlOrders *o = g->orders;
    for (guint k = 0; k < o->n; k++)
        for (guint j = o->begin[k]; j < o->begin[k + 1]; j++) {
            guint group = group_of(of_line, o->line[j]);
            if (group == PL_NO_LEVEL)
                continue;
            if (seen[group] != k + 1)
                g->part[g->begin[group + 1]++].order = k;
            seen[group] = k + 1;
            add_line(o, &g->part[g->begin[group + 1] - 1], o->line[j]);
        }
}

PlOrderGroups *pl_order_groups_new(const PlOrders *o, const guint *of_line, guint n_groups) {
    PlOrderGroups *g = g_new0(PlOrderGroups, 1);
    g->orders = o;
    g->n = n_groups;
    g->begin = g_new0(guint, n_groups + 2);
    g_autofree guint *seen = g_new0(guint, n_groups + 1), *again = g_new0(guint, n_groups + 1);
    count_parts(g, of_line, seen);
    for (guint k = 2; k <= n_groups; k++)
        g->begin[k] += g->begin[k - 1];
    g->part = g_new0(Part, g->n_parts + 1);
    fill_parts(g, of_line, again);
    guint most = 0;
    for (guint k = 0; k < n_groups; k++)
        most = MAX(most, g->begin[k + 1] - g->begin[k]);
    most = MIN(most, o->customer_field->n_levels) + 1;
    g->place = g_new0(guint, o->customer_field->n_levels + 1);
    g->tally.customer = g_new(guint, most);
    double **columns[] = {&g->tally.orders,   &g->tally.upsell, &g->tally.cross, &g->tally.several,
                          &g->tally.products, &g->tally.pieces, &g->tally.value, &g->tally.extra};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        *columns[i] = g_new(double, most);
    return g;
}

void pl_order_groups_free(PlOrderGroups *g) {
    if (g == NULL)
        return;
    double *columns[] = {g->tally.orders,   g->tally.upsell, g->tally.cross, g->tally.several,
                         g->tally.products, g->tally.pieces, g->tally.value, g->tally.extra};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        g_free(columns[i]);
    g_free(g->tally.customer);
    g_free(g->place);
    g_free(g->begin);
    g_free(g->part);
    g_free(g);
}

guint pl_order_groups_size(const PlOrderGroups *g, guint group) {
    return g->begin[group + 1] - g->begin[group];
}

guint pl_order_groups_shared(const PlOrderGroups *g, guint *line) {
    *line = g->shared;
    return g->n_shared;
}

static guint begin_customer(PlTally *t, guint customer) {
    guint at = t->n++;
    double *columns[] = {t->orders,   t->upsell, t->cross, t->several,
                         t->products, t->pieces, t->value, t->extra};
    t->customer[at] = customer;
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        columns[i][at] = 0;
    return at;
}

const PlTally *pl_order_groups_tally(PlOrderGroups *g, guint group) {
    const PlOrders *o = g->orders;
    PlTally *t = &g->tally;
    t->n = 0;
    t->n_orders = pl_order_groups_size(g, group);
    for (guint i = g->begin[group]; i < g->begin[group + 1]; i++) {
        const Part *part = &g->part[i];
        guint customer = o->customer[part->order], products = pl_order_products(o, part->order);
        if (g->place[customer] == 0)
            g->place[customer] = begin_customer(t, customer) + 1;
        guint at = g->place[customer] - 1;
        t->orders[at]++;
        t->upsell[at] += (part->kinds & HAS_UPSELL) != 0;
        t->cross[at] += (part->kinds & HAS_CROSS) != 0;
        t->several[at] += products >= 2;
        t->products[at] += products;
        t->pieces[at] += part->pieces;
        t->value[at] += part->value;
        t->extra[at] += part->extra;
    }
    for (guint i = 0; i < t->n; i++)
        g->place[t->customer[i]] = 0;
    return t;
}
