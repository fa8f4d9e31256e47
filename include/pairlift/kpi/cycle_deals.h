/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/groups.h"

/* The deals that the length of the sales cycle is made of. */

typedef enum {
    PL_DEAL_WON,
    PL_DEAL_LOST,
    PL_DEAL_CLOSED, /* won or lost, the table does not say which */
    PL_DEAL_OPEN,
    PL_N_DEAL_STATES,
} PlDealState;

/* "won", "lost", "closed", "open". */
extern const char *const pl_deal_states[PL_N_DEAL_STATES];

typedef struct {
    const PlKpiRun *run;
    const PlRecords *records;
    const PlField *closed; /* NULL: no such column */
    guint n;
    guint *row;      /* [n] of the records, ascending by days */
    double *days;    /* [n] from opening to closing, of open ones to the study's as-of; whole numbers */
    guint8 *state;   /* [n] PlDealState on the as-of day */
    double *amount;  /* [n] NaN: not known; NULL: no such column */
    guint *customer; /* [n] below n_customers, one of its own without a customer; NULL: no customer has
                        several deals that are won or lost */
    guint n_customers;
    double longest;       /* of days */
    PlDay first_opened;   /* of all */
    PlDay as_of;          /* that open deals are counted up to */
    const char *unit;     /* "days", or "periods" where the table has numbers of periods */
    double months_a_unit; /* of period numbers; NaN: not known, or dates */
    guint n_state[PL_N_DEAL_STATES];
} PlDeals;

/* Deals opened after the as-of day, or before `since`, are left out and counted in checks; those that close
 * after it are open. Free with pl_deals_free. */
PlDeals *pl_deals_new(const PlKpiRun *run);
void pl_deals_free(PlDeals *deals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlDeals, pl_deals_free)

/* Some of the deals, all ascending by days. */
typedef struct {
    const char *role, *value; /* what they are of; NULL: all */
    guint n;
    guint *at; /* [n] index of a deal */
} PlDealSet;

typedef struct {
    guint n;
    PlDealSet *sets;     /* [n] */
    guint *at;           /* of all sets */
    PlKpiGroups *groups; /* that they were made by, owned; else NULL */
} PlDealSets;

/* One set of all deals. */
PlDealSets *pl_deal_sets_all(const PlDeals *deals);
/* A set for each value of the groups, which it takes over. */
PlDealSets *pl_deal_sets_by(const PlDeals *deals, PlKpiGroups *groups);
/* `n` sets by the index of each deal; PL_NO_LEVEL: in none. */
PlDealSets *pl_deal_sets_of(const PlDeals *deals, const guint *index, guint n);
void pl_deal_sets_free(PlDealSets *sets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlDealSets, pl_deal_sets_free)

/* Deals of a set that are won or lost, of one customer. */
typedef struct {
    guint customer;
    double won, closed;
} PlDealTally;

/* [n] by customer; one of all deals where PlDeals has no customers. Free with g_free. */
PlDealTally *pl_deal_tallies(const PlDeals *deals, const PlDealSet *set, guint *n);

/* "2017-12-31", the day that open deals were looked at. Free with g_free. */
char *pl_deals_as_of(const PlDeals *deals);
