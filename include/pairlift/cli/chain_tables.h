/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/progress.h"
#include "pairlift/design/chain.h"

/* A simulated chain as the tables of an experiment. */

/* Rows and bytes that were written. */
typedef struct {
    guint64 sales_rows, coupon_rows, bytes;
} PlChainSizes;

/* Writes into `folder` sales.csv (date,store,product,units,revenue,price, by date and store), coupons.csv
 * where there are coupons (date,store,distributed,redeemed,face_value), stores.csv (store,region,group,pair)
 * and pairs.csv (test,control). The bytes are the same for any number of threads; memory grows with the
 * number of stores, not of days. PL_ERROR_SYSTEM: a file cannot be written. */
gboolean pl_chain_tables_write(const PlChain *chain, const char *folder, int threads, PlBar *bar,
                               PlChainSizes *sizes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
