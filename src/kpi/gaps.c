/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/gaps.h"

#include <math.h>
#include <string.h>

#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

/* Cells of a table of waiting by period. */
#define CELLS_MOST 50000000

/* A product of fractions rarely hits a half. */
#define HALF_WITHIN 1e-9

/* Of a day, in weights. */
#define PARTS 100.0

PlWaiting pl_waiting(const PlContacts *c, guint i, PlDay from, PlDay to, double *work) {
    PlWaiting w = {.usual = NAN};
    PlDay last = PL_NO_DAY;
    for (guint k = c->day_from[i]; k < c->day_from[i + 1] && c->day[k] <= to; k++) {
        if (c->day[k] < from)
            continue;
        if (last != PL_NO_DAY)
            work[w.n_gaps++] = c->day[k] - last;
        last = c->day[k];
    }
    w.open = to - (last != PL_NO_DAY ? last : from);
    w.known = w.n_gaps > 0;
    w.gap = w.open;
    if (!w.known)
        return w;
    pl_sort(work, w.n_gaps);
    w.gap = w.usual = pl_quantile_sorted(work, w.n_gaps, 0.5);
    if (w.open > w.usual) {
        guint at = w.n_gaps;
        for (; at > 0 && work[at - 1] > w.open; at--)
            work[at] = work[at - 1];
        work[at] = w.open;
        w.gap = pl_quantile_sorted(work, w.n_gaps + 1, 0.5);
    }
    return w;
}

/* The first day from which it is known that a customer was not contacted. */
static PlDay seen_from(const PlContacts *c, guint i) {
    return MAX(c->start[i], c->first);
}

static guint most_days(const PlContacts *c) {
    guint most = 0;
    for (guint i = 0; i < c->n; i++)
        most = MAX(most, c->day_from[i + 1] - c->day_from[i]);
    return most;
}

PlWaiting *pl_waiting_all(const PlContacts *c) {
    PlWaiting *all = g_new0(PlWaiting, c->n + 1);
    g_autofree double *work = g_new(double, most_days(c) + 2);
    for (guint i = 0; i < c->n; i++)
        if (c->there[i])
            all[i] = pl_waiting(c, i, seen_from(c, i), c->end[i], work);
    return all;
}

/* Keeps a customer's gaps ascending while they come. */
static void insert(double *sorted, guint n, double gap) {
    guint at = n;
    while (at > 0 && sorted[at - 1] > gap)
        at--;
    memmove(sorted + at + 1, sorted + at, (n - at) * sizeof *sorted);
    sorted[at] = gap;
}

gint8 *pl_overdue_at(const PlContacts *c, const PlDay *days, guint n_days, double factor, double usual) {
    gint8 *late = g_new(gint8, (gsize)n_days * c->n + 1);
    g_autofree double *sorted = g_new(double, most_days(c) + 2);
    for (guint i = 0; i < c->n; i++) {
        guint at = c->day_from[i], n_gaps = 0;
        PlDay last = PL_NO_DAY;
        for (guint k = 0; k < n_days; k++) {
            for (; at < c->day_from[i + 1] && c->day[at] <= days[k]; at++) {
                if (last != PL_NO_DAY)
                    insert(sorted, n_gaps++, c->day[at] - last);
                last = c->day[at];
            }
            gint8 *is = &late[(gsize)k * c->n + i];
            double open = days[k] - (last != PL_NO_DAY ? last : seen_from(c, i)),
                   own = n_gaps >= 2 ? pl_quantile_sorted(sorted, n_gaps, 0.5) : usual;
            *is = !pl_contacts_still(c, i, days[k]) ? -1 : open > factor * own;
        }
    }
    return late;
}

/* Days of waiting, by weight: at_risk[k][t] customers who wait for the t-th day within period k (of which the
 * changes are kept, from t - 1 to t), got[k][t] of whom are contacted on it. */
typedef struct {
    guint n_ages;
    double *at_risk, *got;
} Ages;

/* A customer waits from the day after `last` to `until`; `got`: and is contacted then. */
static void add_waiting(const PlBuckets *b, Ages *ages, double weight, PlDay last, PlDay until,
                        gboolean got) {
    guint from = pl_bucket_of(b, last + 1), to = pl_bucket_of(b, until);
    if (until <= last || from == PL_NO_LEVEL)
        return;
    to = to == PL_NO_LEVEL ? b->n - 1 : to;
    for (guint k = from; k <= to; k++) {
        double *at_risk = ages->at_risk + (gsize)k * ages->n_ages;
        at_risk[MAX(last + 1, b->begin[k]) - last] += weight;
        at_risk[MIN(until, b->end[k]) - last + 1] -= weight;
    }
    if (got)
        ages->got[(gsize)to * ages->n_ages + (gsize)(until - last)] += weight;
}

/* The day of waiting on which half of them have been contacted. */
static double half_of(const double *at_risk, const double *got, guint n) {
    double left = 1, risk = 0;
    for (guint t = 0; t < n; t++) {
        risk += at_risk[t];
        left *= got[t] > 0 ? fmax(0, 1 - got[t] / risk) : 1;
        if (left <= 0.5 + HALF_WITHIN)
            return t;
    }
    return NAN;
}

/* Days as a customer for each contact. Not the customer's own usual gap: of those who came late in the data
 * only short gaps can be seen, which would make a trend of nothing; when the contacts of a customer came does
 * not matter to their number. In whole parts, so that sums of changes come back to 0. */
static double weight_of(const PlContacts *c, guint i) {
    PlDay from = c->customers != NULL ? seen_from(c, i) : c->first;
    return rint(PARTS * (c->end[i] - from + 1) / (c->day_from[i + 1] - c->day_from[i]));
}

double *pl_gap_by_period(const PlContacts *c, const PlBuckets *b) {
    Ages ages = {.n_ages = (guint)(b->end[b->n - 1] - b->begin[0]) + 3};
    if ((guint64)ages.n_ages * b->n > CELLS_MOST)
        return NULL;
    ages.at_risk = g_new0(double, (gsize)ages.n_ages * b->n);
    ages.got = g_new0(double, (gsize)ages.n_ages * b->n);
    for (guint i = 0; i < c->n; i++) {
        if (c->day_from[i + 1] == c->day_from[i])
            continue;
        double weight = weight_of(c, i);
        for (guint k = c->day_from[i]; k + 1 < c->day_from[i + 1]; k++)
            add_waiting(b, &ages, weight, c->day[k], c->day[k + 1], TRUE);
        add_waiting(b, &ages, weight, c->day[c->day_from[i + 1] - 1], c->end[i], FALSE);
    }
    double *half = g_new(double, b->n + 1);
    for (guint k = 0; k < b->n; k++)
        half[k] =
            half_of(ages.at_risk + (gsize)k * ages.n_ages, ages.got + (gsize)k * ages.n_ages, ages.n_ages);
    g_free(ages.at_risk);
    g_free(ages.got);
    return half;
}
