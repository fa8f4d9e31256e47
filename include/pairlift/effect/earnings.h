/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/totals.h"

/* What a promotion earned in its test stores, in money, bar by bar of the profit waterfall. All bars come
 * from one joint set of draws, so that sums and ratios of them have intervals of their own.
 *
 * Gross profit is revenue less what the items cost. Of `economics.margin` a unit costs (1 - margin) x the
 * price without the promotion, and goes on costing that when the price is cut: the cut comes out of the
 * margin. */
typedef enum {
    PL_EARN_UNITS,    /* gross profit of the extra items, at the price without the promotion; of a column of
                         margins with what a change of the unit cost gave or took */
    PL_EARN_PRICE,    /* what the change of the price gave or took, on all items sold */
    PL_EARN_GROSS,    /* both together, where they cannot be told apart */
    PL_EARN_OTHERS,   /* gross profit of items that were not promoted, where the metrics leave them out */
    PL_EARN_AFTER,    /* gross profit in the period after */
    PL_EARN_COUPONS,  /* costs, below zero: coupons redeemed */
    PL_EARN_SPENDING, /* of the sales table's cost column */
    PL_EARN_STORES,
    PL_EARN_FIXED,
    PL_EARN_N,
} PlEarningBar;

typedef struct {
    const PlStudy *study;
    const PlArm *arm;
    PlDraws *draws;
    guint n_values;             /* 1 + draws: the length of the arrays below */
    PlTotals *during, *after;   /* after NULL: there is none */
    int units, revenue, profit; /* measures of the totals, -1: no such column */
    double *bars[PL_EARN_N];    /* NULL: not a part of it */
    char *reasons[PL_EARN_N];   /* why a bar that belongs here is not known, or what to know about it */
    double *unit_cost;          /* NULL: not known */
    double *net, *cost;         /* sum of all bars, of the costs (above zero); NULL: a bar is not known */
    char *missing;              /* why there is no net profit; NULL: there is */
    double fixed, per_store;
} PlEarnings;

PlEarnings *pl_earnings_new(const PlStudy *study, const PlArm *arm);
void pl_earnings_free(PlEarnings *earnings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlEarnings, pl_earnings_free)

/* With less without the promotion of a measure of totals. Free with g_free. */
double *pl_earnings_gain(const PlEarnings *earnings, const PlTotals *totals, int measure);
/* The lift in items (without that column: in revenue) at which the net profit is zero, all else as it was;
 * NULL: it cannot be had. `in_units` tells which. */
double *pl_earnings_break_even(const PlEarnings *earnings, gboolean *in_units);
