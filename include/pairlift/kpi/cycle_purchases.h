/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/cycle_deals.h"
#include "pairlift/stats/survival.h"

/* Customers from their purchase until they are lost. */
typedef struct {
    const PlRecords *records; /* that the rows and the groups are of: the deals, else the customers */
    gboolean from_start;      /* no deals say which: the customer's start is taken for the purchase */
    guint n;
    guint *row;     /* [n] of the records: the first won deal, or the customer */
    PlDay *day;     /* [n] of the purchase */
    double *months; /* [n] until the customer's end, or the as-of day */
    gboolean *lost; /* [n] FALSE: still a customer then */
    char *reason;   /* why there are none; NULL: there are */
} PlPurchases;

/* A customer counts once, from the day on which the first of its deals was won; without customers in the
 * table of deals from its start. Who ended before the purchase, won deals without a customer and customers
 * without a won deal are counted in checks. Free with pl_purchases_free. */
PlPurchases *pl_purchases_new(const PlDeals *deals);
void pl_purchases_free(PlPurchases *purchases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPurchases, pl_purchases_free)
