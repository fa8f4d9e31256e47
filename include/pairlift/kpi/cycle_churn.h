/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/cycle_purchases.h"
#include "pairlift/kpi/headline.h"

/* Months at which churn is counted, ascending without repeats; their number in `n`. Free with g_free. */
int *pl_cycle_churn_months(const PlKpiRun *run, guint *n);
/* "churn_6_months". Free with g_free. */
char *pl_cycle_churn_name(int months);

/* Adds churn_6_months, ... of all customers and the curve churn_survival; says what they are. */
void pl_cycle_churn(const PlDeals *deals, const PlPurchases *purchases);
/* The same by a column, with churn_against_rest. FALSE: the purchases have no such column. */
gboolean pl_cycle_churn_by(const PlDeals *deals, const PlPurchases *purchases, const char *name);

/* Churn at the first of the months by the period of the purchase. [buckets->n] each. */
void pl_cycle_churn_series(const PlDeals *deals, const PlPurchases *purchases, const PlBuckets *buckets,
                           double *value, double *low, double *high);
