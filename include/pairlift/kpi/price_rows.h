/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/buckets.h"

/* The rows of the sales table that have a product and a price, by product, and their averages by cell. */

typedef struct {
    guint n;
    guint *product, *bucket, *step; /* [n]; step: the shorter periods that an elasticity is taken from */
    guint *store;                   /* [n], or NULL: the table has none */
    guint *row;                     /* [n] of the table */
    double *price;                  /* [n] of one unit */
    double *units;                  /* [n]; 1 where the table has none */
    double *revenue;                /* [n]; that of `units` where the table has none */
    guint n_products, n_stores, n_steps;
    char **products, **stores;                     /* of the table */
    gboolean has_units;                            /* else every price counts once */
    const char *step_name;                         /* "week" */
    guint no_product, no_price, no_units, outside; /* rows left out */
} PlPriceRows;

PlPriceRows *pl_price_rows_new(const PlRecords *sales, const PlBuckets *buckets);
void pl_price_rows_free(PlPriceRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPriceRows, pl_price_rows_free)

/* Sales of a product, in a store or in all, in a period. */
typedef struct {
    guint product, store, time; /* store 0 where cells are of all stores */
    double units, revenue, price;
} PlPriceCell;

typedef struct {
    guint n;
    PlPriceCell *cell; /* [n] by product, store and time */
} PlPriceCells;

/* Averages the rows by product, store (NULL: of all) and time; rows whose time is PL_NO_LEVEL are left out.
 * The price is the mean weighted by units, so that of revenue it is revenue over units. O(n + levels). */
PlPriceCells *pl_price_cells_new(const PlPriceRows *rows, const guint *store, const guint *time,
                                 guint n_times);
void pl_price_cells_free(PlPriceCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPriceCells, pl_price_cells_free)

/* Sorts `order` by key[order[i]] < n_keys, rows of one key staying in their order. */
void pl_price_sort(guint *order, guint n, const guint *key, guint n_keys);
