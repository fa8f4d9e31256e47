/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_trend.h"

#include <math.h>

#include "pairlift/kpi/cycle_churn.h"
#include "pairlift/kpi/cycle_measures.h"
#include "pairlift/stats/moments.h"

/* Deals longer than this share of all are few enough to do without. */
#define LONG_DEALS 0.9

static PlCycleTrend *trend_new(PlBuckets *buckets) {
    if (buckets == NULL)
        return NULL;
    PlCycleTrend *t = g_new0(PlCycleTrend, 1);
    t->buckets = buckets;
    t->value = g_new(double, buckets->n + 1);
    t->low = g_new(double, buckets->n + 1);
    t->high = g_new(double, buckets->n + 1);
    return t;
}

void pl_cycle_trend_free(PlCycleTrend *t) {
    if (t == NULL)
        return;
    pl_buckets_free(t->buckets);
    g_free(t->value);
    g_free(t->low);
    g_free(t->high);
    g_free(t);
}

/* The deals by the period in which they were closed. */
static PlDealSets *by_period(const PlDeals *d, const PlBuckets *b) {
    g_autofree guint *index = g_new(guint, d->n + 1);
    for (guint k = 0; k < d->n; k++)
        index[k] = d->state[k] == PL_DEAL_OPEN ? PL_NO_LEVEL : pl_bucket_of(b, d->closed->day[d->row[k]]);
    return pl_deal_sets_of(d, index, b->n);
}

/* Deals closed soon after the day of the first one in the table can only be short ones: a rise there is made
 * by the table's beginning. Such periods end before nine tenths of the deals could have been closed. */
static void cut_beginning(PlCycleTrend *t, const PlDeals *d) {
    g_autoptr(PlDealSets) all = pl_deal_sets_all(d);
    guint n;
    g_autofree double *days = pl_cycle_closed_days(d, &all->sets[0], PL_N_DEAL_STATES, &n);
    double day = d->n > 0 && d->days[d->n - 1] > 0 && g_str_equal(d->unit, "days") &&
                         d->records->time_kind == PL_TIME_NUMBER
                     ? 1. / 7
                     : 1; /* weeks by number */
    if (n == 0)
        return;
    double from = d->first_opened + day * pl_quantile_sorted(days, n, LONG_DEALS);
    for (guint k = t->buckets->first; k < t->buckets->last && t->buckets->begin[k] < from; k++) {
        t->value[k] = t->low[k] = t->high[k] = NAN;
        t->n_cut++;
    }
}

static void add_rows(const PlDeals *d, const PlCycleTrend *t, const PlCycleMeasure *m,
                     const PlMeasured *values) {
    for (guint k = t->buckets->first; k < t->buckets->last; k++) {
        PlFinding *f = pl_section_add(d->run->section, NULL, m->name, m->label, m->amount);
        f->period = g_strdup(t->buckets->names[k]);
        f->value = values[k].value;
        f->conf_low = values[k].low;
        f->conf_high = values[k].high;
        f->conf_level = d->run->conf_level;
        f->n = values[k].n;
        f->unit = pl_cycle_unit(d, m);
        f->detail = TRUE;
        f->reason = g_strdup(values[k].reason);
        if (f->reason == NULL && m->is_days && isnan(t->value[k]))
            f->reason =
                g_strdup("the table begins too shortly before to have the long deals: not in the trend");
    }
}

static PlCycleTrend *of_measure(const PlDeals *d, const PlCycleMeasure *m) {
    PlCycleTrend *t = d->closed != NULL ? trend_new(pl_buckets_new(d->run, d->records, d->closed)) : NULL;
    if (t == NULL)
        return NULL;
    g_autoptr(PlDealSets) sets = by_period(d, t->buckets);
    g_autofree PlMeasured *values = g_new(PlMeasured, t->buckets->n + 1);
    for (guint k = 0; k < t->buckets->n; k++) {
        values[k] = m->measure(d, &sets->sets[k], PL_N_DEAL_STATES);
        t->value[k] = values[k].value;
        t->low[k] = values[k].low;
        t->high[k] = values[k].high;
    }
    if (m->is_days)
        cut_beginning(t, d);
    add_rows(d, t, m, values);
    return t;
}

static PlCycleTrend *of_churn(const PlDeals *d, const PlPurchases *p) {
    if (p->reason != NULL)
        return NULL;
    const PlField *date = pl_records_date(p->records, p->from_start ? "start" : "closed");
    PlCycleTrend *t = trend_new(pl_buckets_new(d->run, p->records, date));
    if (t != NULL)
        pl_cycle_churn_series(d, p, t->buckets, t->value, t->low, t->high);
    return t;
}

PlCycleTrend *pl_cycle_trend_new(const PlDeals *d, const PlPurchases *p, const char *measure) {
    const PlCycleMeasure *m = pl_cycle_measure_find(measure);
    return m != NULL ? of_measure(d, m) : of_churn(d, p);
}
