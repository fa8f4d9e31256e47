/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/upsell.h"

/* What is known of customers at a time, from their orders before it. */

enum {
    PL_PAST_UPSELL,
    PL_PAST_CROSS,
    PL_RECENCY,
    PL_ORDERS,
    PL_ORDER_VALUE,
    PL_PRODUCTS,
    PL_TENURE,
    PL_CHANGE,
    PL_N_FEATURES
};
/* How a feature is read, with the step that an odds ratio is of. */
extern const char *const pl_feature_labels[PL_N_FEATURES];

/* A level of a customers' attribute against all that are not listed. */
typedef struct {
    char *label; /* "region: North" */
    guint8 *is;  /* [customers] */
} PlAttributeLevel;

typedef struct {
    const PlOrders *orders;
    guint n;              /* levels of the customer */
    guint *begin, *order; /* the orders of each customer */
    double *value;        /* [orders] */
    guint8 *kinds;        /* [orders] bit 0: with an up-sell, bit 1: with a cross-sell */
    PlDay *start, *end;   /* [n] of the table of customers; PL_NO_DAY: not known */
    GArray *attributes;   /* PlAttributeLevel */
} PlHistory;

PlHistory *pl_history_new(const PlKpiRun *run, const PlOrders *orders);
void pl_history_free(PlHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlHistory, pl_history_free)

/* The customers with an order in from <= day < until who have not left before `until`. */
typedef struct {
    guint n;
    guint *customer;                /* [n] level */
    double *feature[PL_N_FEATURES]; /* [n] each */
} PlPopulation;

PlPopulation *pl_population_new(const PlHistory *history, PlDay from, PlDay until, PlDay window);
void pl_population_free(PlPopulation *population);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPopulation, pl_population_free)

/* What a customer did in from <= day < until. */
typedef struct {
    gboolean upsell, cross;
    double value;
} PlDeed;
PlDeed pl_history_deed(const PlHistory *history, guint customer, PlDay from, PlDay until);
