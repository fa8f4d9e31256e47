/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/cycle_purchases.h"
#include "pairlift/kpi/headline.h"

/* A measure by the period in which deals are closed (churn: of the purchase). */
typedef struct {
    PlBuckets *buckets;
    double *value, *low, *high; /* [buckets->n] */
    guint n_cut;                /* periods at the beginning that long deals are cut off from; they are NaN */
} PlCycleTrend;

/* NULL: no deal is closed, or the measure has no course. Adds a row a complete period. Free with
 * pl_cycle_trend_free. */
PlCycleTrend *pl_cycle_trend_new(const PlDeals *deals, const PlPurchases *purchases, const char *measure);
void pl_cycle_trend_free(PlCycleTrend *trend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCycleTrend, pl_cycle_trend_free)
