/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/contacts.h"

/* How long customers wait between two contacts; a day with several contacts counts once. */

/* The waiting of one customer within a stretch of days. */
typedef struct {
    guint n_gaps;   /* between two contacts */
    double usual;   /* median of those, in units of time; NaN: none */
    double open;    /* since the last contact, or since `from` without one, up to the end of the stretch */
    double gap;     /* the usual gap with the open one counted in */
    gboolean known; /* FALSE: without two contacts all that is known is that it is at least `gap` */
} PlWaiting;

/* The open gap is no gap yet: it may go on. It counts, as at least as long as it is, once it is longer than
 * the median of the closed ones, so that neglect shows; before that it says nothing and is left out. `work`
 * has room for one number a contact of the customer. */
PlWaiting pl_waiting(const PlContacts *contacts, guint customer, PlDay from, PlDay to, double *work);

/* Of every customer from the start to now (or the end): [contacts->n]; free with g_free. */
PlWaiting *pl_waiting_all(const PlContacts *contacts);

/* Whether a customer waits too long at the end of some days, ascending, as one would have judged then:
 * the open gap is more than `factor` times the median of the gaps until then; with fewer than two gaps, of
 * `usual`. late[k][i] of [n_days][contacts->n]: 1 overdue, 0 not, -1 no customer. Free with g_free. */
gint8 *pl_overdue_at(const PlContacts *contacts, const PlDay *days, guint n_days, double factor,
                     double usual);

/* [buckets->n] the usual gap if customers were contacted as in the period: a life table of the waiting in it
 * (of those who waited for their t-th day then, who was contacted on it), so that gaps that are still open
 * count, and those that began long ago with the days that lie within the period. A customer's waiting is
 * weighed by days as a customer for each contact, since short gaps come often: each customer counts about the
 * same. NaN: half is not reached. NULL: a table of days would be too large. Free with g_free. */
double *pl_gap_by_period(const PlContacts *contacts, const PlBuckets *buckets);
