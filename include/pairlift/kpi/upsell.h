/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/buckets.h"

/* Within the KPI of up-selling and cross-selling: what its files share. */

enum { PL_KIND_BASE, PL_KIND_UPSELL, PL_KIND_CROSS }; /* levels of the role kind */

/* Order lines put together into orders. */
typedef struct {
    const PlRecords *lines;
    const PlField *customer_field, *product_field, *kind, *amount, *quantity; /* the last may be NULL */
    PlBuckets *buckets;
    guint n;         /* orders */
    guint n_used;    /* lines in them */
    guint *begin;    /* [n + 1] where an order's lines begin in `line` */
    guint *line;     /* [n_used] rows of `lines`, order by order */
    guint *of_begin; /* [n + 1] where an order's products begin in `product` */
    guint *product;  /* levels of the product, each once an order */
    guint *customer; /* [n] level of the customer */
    guint *bucket;   /* [n] of the order's first day */
    PlDay *day;      /* [n] that day */
    PlDay first_day, last_day;
} PlOrders;

PlOrders *pl_orders_new(const PlKpiRun *run); /* NULL: no line is within the time looked at */
void pl_orders_free(PlOrders *orders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlOrders, pl_orders_free)

/* The number of an order's different products. */
static inline guint pl_order_products(const PlOrders *o, guint order) {
    return o->of_begin[order + 1] - o->of_begin[order];
}

/* What the customers bought in a group of lines: one entry a customer with an order in it. */
typedef struct {
    guint n, n_orders;
    guint *customer;                           /* [n] */
    double *orders, *upsell, *cross, *several; /* [n] orders; with such a line; with several products */
    double *products, *pieces;                 /* [n] sums over the orders; pieces NaN without quantities */
    double *value, *extra; /* [n] amounts of the group's lines; of those sold up or cross */
} PlTally;

/* Orders by group: an order is in each group that one of its lines is in. */
typedef struct PlOrderGroups PlOrderGroups;

/* `of_line`: [lines->n] group of each line, PL_NO_LEVEL: none; NULL: all are in group 0. */
PlOrderGroups *pl_order_groups_new(const PlOrders *orders, const guint *of_line, guint n_groups);
void pl_order_groups_free(PlOrderGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlOrderGroups, pl_order_groups_free)
guint pl_order_groups_size(const PlOrderGroups *groups, guint group); /* orders */
/* How many orders are in several groups, and a line of the first of them. */
guint pl_order_groups_shared(const PlOrderGroups *groups, guint *line);
/* The tally of a group; its memory is the groups' own and is filled anew by the next call. */
const PlTally *pl_order_groups_tally(PlOrderGroups *groups, guint group);

/* A measure of orders: one column of a tally over another. */
typedef struct {
    const char *name, *label;
    PlAmount amount;
    gboolean rate; /* orders out of orders: its limits stay within 0 and 1 */
    gboolean needs_kind, needs_pieces;
    gsize over, under; /* offsets of the columns in PlTally */
} PlUpsellMeasure;
enum { PL_UPSELL_BY_GROUP = 5 };                   /* the first so many are also shown by group */
extern const PlUpsellMeasure pl_upsell_measures[]; /* ends with name NULL */

static inline const double *pl_tally_column(const PlTally *tally, gsize offset) {
    return *(double *const *)(const void *)((const char *)tally + offset);
}
gboolean pl_upsell_can(const PlOrders *orders, const PlUpsellMeasure *measure);
/* Adds the finding of a measure with its interval, in which the orders of a customer may depend on each
 * other; where there is none, the reason says why. */
PlFinding *pl_upsell_add(const PlKpiRun *run, const PlUpsellMeasure *measure, const PlTally *tally);

/* Adds the rows by group, tests the groups of the target's measure against the others, and gives back the
 * sentence that says which to look at; NULL: nothing can be said. */
char *pl_upsell_by(const PlKpiRun *run, const PlOrders *orders);

/* The parts of the KPI, in the order in which they are read. */
void pl_upsell_rates(const PlKpiRun *run, const PlOrders *orders);
void pl_upsell_pairs(const PlKpiRun *run, const PlOrders *orders);
void pl_upsell_likely(const PlKpiRun *run, const PlOrders *orders);
