/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/price_rows.h"

/* A competitor's price of a product in a period: the mean of those seen. */
typedef struct {
    guint store, time, competitor; /* store 0 where the table has none */
    double price;
} PlOtherPrice;

/* The table competitor_prices, by the products, stores and periods of the sales. */
typedef struct {
    gboolean by_store; /* a price is of one of our stores */
    guint n_competitors;
    char **names; /* [n_competitors] of the table */
    guint n;
    PlOtherPrice *price; /* [n] by product, store, time and competitor */
    guint *first;        /* [products + 1] */
    guint unknown_rows, unknown_products, first_unknown;
    guint unknown_stores, no_store, no_competitor, outside; /* rows left out */
} PlCompetitors;

PlCompetitors *pl_competitors_new(const PlRecords *prices, const PlPriceRows *sales,
                                  const PlBuckets *buckets);
void pl_competitors_free(PlCompetitors *competitors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCompetitors, pl_competitors_free)

/* The prices of a product in a period, one a competitor; `n` is 0 where there is none. */
const PlOtherPrice *pl_competitors_at(const PlCompetitors *competitors, guint product, guint store,
                                      guint time, guint *n);

/* Their mean; n is at least 1. */
double pl_competitors_mean(const PlOtherPrice *price, guint n);
