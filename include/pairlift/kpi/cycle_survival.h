/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/against.h"
#include "pairlift/kpi/cycle_deals.h"

/* The view that counts open deals as not closed yet. */

/* Lifetimes of a set, ascending: the event is that the deal closes, `group` its state. Free with g_free. */
PlLifetime *pl_cycle_lifetimes(const PlDeals *deals, const PlDealSet *set);

/* Adds median_days_with_open and won_by_30_days, ... of a set; of all deals with the curves cycle_survival
 * and cycle_outcome, and says what they are. */
void pl_cycle_survival(const PlDeals *deals, const PlDealSet *set);

/* Adds the curve cycle_survival of the sets that stand out by closing_rate_against_rest, then of the largest.
 * `size` [sets->n] deals. */
void pl_cycle_curves(const PlDeals *deals, const PlDealSets *sets, const guint *size);

/* Adds closing_rate_against_rest of all deals and of the won ones, and says which groups stand out. */
void pl_cycle_closing_rates(const PlDeals *deals, const PlDealSets *sets);
