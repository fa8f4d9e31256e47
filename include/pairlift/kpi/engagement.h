/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/gaps.h"
#include "pairlift/kpi/headline.h"
#include "pairlift/stats/survival.h"

/* What the parts of the engagement KPI share. */

typedef enum {
    PL_ENGAGE_CONTACTS, /* interactions_per_customer */
    PL_ENGAGE_GAP,      /* gap_days */
    PL_ENGAGE_SOLVED,   /* solved_share */
    PL_ENGAGE_OVERDUE,  /* overdue_share */
    PL_ENGAGE_MEASURES
} PlEngageMeasure;

/* A measure that a target can be of. */
typedef struct {
    PlFinding *finding;         /* of all */
    double *value, *low, *high; /* [buckets->n]; NULL: none */
    char *look;                 /* what to look at, should it be the headline */
} PlEngageRow;

typedef struct {
    const PlKpiRun *run;
    const PlContacts *c;
    const PlBuckets *b;
    guint period;              /* the last complete one, else the last */
    const PlWaiting *waiting;  /* [c->n] */
    double usual;              /* overall usual gap in units of time; NaN: not known */
    PlCustomerGroups **groups; /* ends with NULL */
    GStrv by;
    PlEngageRow rows[PL_ENGAGE_MEASURES];
    PlArena arena;
} PlEngagement;

/* The row of all, and then those of the groups. */
void pl_engage_contacts(PlEngagement *e);
void pl_engage_contacts_by(PlEngagement *e);
void pl_engage_gaps(PlEngagement *e);
void pl_engage_gaps_by(PlEngagement *e);
void pl_engage_solved(PlEngagement *e);
void pl_engage_solved_by(PlEngagement *e);
void pl_engage_overdue(PlEngagement *e);
void pl_engage_overdue_by(PlEngagement *e);
/* Customers whose open gap is too long, the longest first. */
void pl_engage_overdue_list(PlEngagement *e);
/* How long customers stay, in all and by the gap of their first months. */
void pl_engage_length(PlEngagement *e);
void pl_engage_staying(PlEngagement *e);

/* Fills a row with the share still there at a time; where nobody has left so far, with Wilson's limit of
 * those who were observed until then. `what` is one of the `n`: "customer". */
void pl_engage_share(const PlEngagement *e, PlFinding *finding, const PlSurvivalAt *at, guint n,
                     const char *what);
/* Why nobody can say how long customers stay; NULL: one can. */
const char *pl_engage_no_length(const PlContacts *contacts);
#define PL_MONTH_DAYS (365.25 / 12)

/* What a comparison of groups says: shown, and kept for the headline when it is the first of its measure. */
void pl_engage_say(PlEngagement *e, PlEngageMeasure measure, char *sentence);
