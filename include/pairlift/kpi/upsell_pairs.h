/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/upsell.h"
#include "pairlift/stats/association.h"

/* Products bought together, or one in place of the other. */

typedef struct {
    guint a, b; /* ranks of the products */
    PlPairCount count;
    PlAssociation of;
    gboolean together; /* else apart */
    double p, p_adjusted;
    double low, high; /* of the lift, by customer; NaN: one customer only */
    guint customers;  /* with both in an order */
    gboolean told;    /* from chance, among all pairs and by customer */
    gboolean shown;
} PlPair;

typedef struct {
    const PlKpiRun *run;
    const PlOrders *orders;
    guint least;            /* orders that a product has to be in, and a pair, or that chance would give it */
    guint n_products;       /* that are */
    guint *product;         /* [n_products] levels, the most frequent first: its place is a product's rank */
    guint *begin, *order;   /* the orders of each rank */
    guint *rank;            /* of each of the orders' products; PL_NO_LEVEL: in too few */
    GArray *pairs;          /* PlPair */
    guint n_together;       /* the first so many pairs */
    guint n_told[2];        /* from chance: apart, together */
    guint by_few, unlisted; /* told by the orders, not by customer; told, but not among the pairs */
} PlPairs;

/* Findings, curve and sentences of the pairs. */
void pl_upsell_pairs_tell(const PlPairs *pairs);
