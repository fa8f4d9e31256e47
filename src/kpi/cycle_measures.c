/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_measures.h"

#include <math.h>

#include "pairlift/stats/cluster_rate.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/quantile.h"
#include "pairlift/stats/student.h"

static const PlMeasured unknown = {NAN, NAN, NAN, NAN, 0, NULL};

/* Whether a deal is closed, with this outcome. */
static gboolean is_of(const PlDeals *d, guint deal, PlDealState state) {
    return d->state[deal] != PL_DEAL_OPEN && (state == PL_N_DEAL_STATES || d->state[deal] == state);
}

double *pl_cycle_closed_days(const PlDeals *d, const PlDealSet *set, PlDealState state, guint *n) {
    double *days = g_new(double, set->n + 1);
    *n = 0;
    for (guint k = 0; k < set->n; k++)
        if (is_of(d, set->at[k], state))
            days[(*n)++] = d->days[set->at[k]];
    return days;
}

/* Student's interval of the mean of independent values. */
static PlMeasured mean_of(const PlDeals *d, const double *x, guint n, const char *none, const char *one) {
    PlMeasured m = unknown;
    double sd = 0;
    m.n = n;
    m.reason = n == 0 ? none : n == 1 ? one : NULL;
    if (n == 0)
        return m;
    if (n == 1) {
        m.value = x[0];
        return m;
    }
    if (pl_mean_sd(x, n, &m.value, &sd) != PL_OK) {
        m.reason = "the values are too large to be averaged";
        return m;
    }
    m.std_error = sd / sqrt((double)n);
    double reach = pl_student_quantile((1 - d->run->conf_level) / 2, n - 1.) * m.std_error;
    m.low = m.value - reach;
    m.high = m.value + reach;
    return m;
}

static const char *no_days(PlDealState state) {
    return state == PL_DEAL_WON    ? "there are no won deals"
           : state == PL_DEAL_LOST ? "there are no lost deals"
                                   : "no deal is closed yet";
}

static PlMeasured mean_days(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    guint n;
    g_autofree double *days = pl_cycle_closed_days(d, set, state, &n);
    return mean_of(d, days, n, no_days(state), "a single closed deal has no interval");
}

static PlMeasured median_days(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    PlMeasured m = unknown;
    PlQuantile q;
    guint n;
    g_autofree double *days = pl_cycle_closed_days(d, set, state, &n);
    m.n = n;
    if (pl_quantile(days, n, .5, d->run->conf_level, &q) != PL_OK) {
        m.reason = no_days(state);
        return m;
    }
    m.value = q.value;
    if (isfinite(q.low) && isfinite(q.high)) {
        m.low = q.low;
        m.high = q.high;
    } else {
        m.reason = n == 1 ? "a single closed deal has no interval" : "too few closed deals for an interval";
    }
    return m;
}

/* Deals of one customer are often alike, so that customers are what is independent, where one has several. */
static PlMeasured win_rate(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    PlMeasured m = unknown;
    PlClusterRate rate;
    guint n;
    (void)state;
    g_autofree PlDealTally *tallies = pl_deal_tallies(d, set, &n);
    g_autofree double *won = g_new(double, n + 1), *closed = g_new(double, n + 1);
    for (guint i = 0; i < n; i++) {
        won[i] = tallies[i].won;
        closed[i] = tallies[i].closed;
        m.n += (guint)closed[i];
    }
    if (m.n == 0 || pl_cluster_rate(won, closed, n, d->run->conf_level, &rate) != PL_OK) {
        m.reason = "no closed deal says whether it was won or lost: columns: {outcome: NAME}";
        return m;
    }
    m.value = rate.rate;
    if (m.n == 1 || (d->customer != NULL && n == 1)) {
        m.reason = m.n == 1 ? "a single closed deal has no interval"
                            : "all closed deals are of one customer: no interval";
        return m;
    }
    m.low = rate.conf_low;
    m.high = rate.conf_high;
    return m;
}

static gboolean has_amount(const PlDeals *d, guint deal) {
    return d->amount != NULL && isfinite(d->amount[deal]);
}

/* The share of the value of won and lost deals that was won: a ratio of two sums, with the error of a ratio
 * of means over the deals. Tables often have no value, or 0, for lost deals, which would make it 1. */
static PlMeasured win_rate_value(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    PlMeasured m = unknown;
    double won = 0, lost = 0, squares = 0;
    gboolean negative = FALSE;
    (void)state;
    for (guint k = 0; k < set->n; k++) {
        guint deal = set->at[k];
        if (d->state[deal] > PL_DEAL_LOST || !has_amount(d, deal))
            continue;
        negative = negative || d->amount[deal] < 0;
        *(d->state[deal] == PL_DEAL_WON ? &won : &lost) += d->amount[deal];
        m.n++;
    }
    if (d->amount == NULL)
        m.reason = "the table \"opportunities\" has no amounts: columns: {amount: NAME}";
    else if (negative)
        m.reason = "some deals have an amount below 0, so that the amounts have no shares";
    else if (!(lost > 0))
        m.reason = "the lost deals have no amount: what they would have brought is not known";
    if (m.reason != NULL)
        return m;
    double all = won + lost, rate = m.value = won / all;
    for (guint k = 0; k < set->n; k++) {
        guint deal = set->at[k];
        if (d->state[deal] > PL_DEAL_LOST || !has_amount(d, deal))
            continue;
        double off = d->amount[deal] * ((d->state[deal] == PL_DEAL_WON) - rate) / all;
        squares += off * off;
    }
    if (m.n < 2 || !(won > 0)) {
        m.reason = "too few deals for an interval";
        return m;
    }
    m.std_error = sqrt(squares * m.n / (m.n - 1.));
    double reach = pl_normal_quantile((1 - d->run->conf_level) / 2) * m.std_error;
    m.low = fmax(0, rate - reach);
    m.high = fmin(1, rate + reach);
    return m;
}

/* Amounts of the won deals. */
static double *won_amounts(const PlDeals *d, const PlDealSet *set, guint *n) {
    double *x = g_new(double, set->n + 1);
    *n = 0;
    for (guint k = 0; k < set->n; k++)
        if (d->state[set->at[k]] == PL_DEAL_WON && has_amount(d, set->at[k]))
            x[(*n)++] = d->amount[set->at[k]];
    return x;
}

#define NO_WON "no won deal has an amount: columns: {amount: NAME}"

static PlMeasured deal_value(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    guint n;
    (void)state;
    g_autofree double *x = won_amounts(d, set, &n);
    return mean_of(d, x, n, NO_WON, "a single won deal has no interval");
}

static PlMeasured won_value(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    PlMeasured m = unknown;
    guint n;
    (void)state;
    g_autofree double *x = won_amounts(d, set, &n);
    m.n = n;
    m.reason = n == 0 ? NO_WON : NULL;
    if (n > 0)
        m.value = 0;
    for (guint i = 0; i < n; i++)
        m.value += x[i];
    return m;
}

/* Deals x win rate x mean value / mean days, which is the value won over the mean days of all closed deals.
 */
static PlMeasured sales_velocity(const PlDeals *d, const PlDealSet *set, PlDealState state) {
    PlMeasured m = won_value(d, set, state);
    double days = 0; /* whole numbers, so that their sum is exact */
    m.n = 0;
    for (guint k = 0; k < set->n; k++)
        if (d->state[set->at[k]] != PL_DEAL_OPEN) {
            days += d->days[set->at[k]];
            m.n++;
        }
    if (m.reason == NULL && !(days > 0))
        m.reason = "all deals are closed on the day on which they are opened";
    m.value = days > 0 ? m.value / (days / m.n) : NAN;
    return m;
}

const PlCycleMeasure pl_cycle_measures[] = {
    {"median_days", "Median days to close", PL_AMOUNT_TOTAL, .by_outcome = TRUE, .is_days = TRUE,
     .measure = median_days},
    {"mean_days", "Mean days to close", PL_AMOUNT_TOTAL, .by_outcome = TRUE, .is_days = TRUE,
     .measure = mean_days},
    {"win_rate", "Win rate", PL_AMOUNT_SHARE, .measure = win_rate},
    {"win_rate_value", "Win rate by value", PL_AMOUNT_SHARE, .measure = win_rate_value},
    {"won_value", "Value won", PL_AMOUNT_TOTAL, .is_money = TRUE, .measure = won_value},
    {"deal_value", "Mean value of a won deal", PL_AMOUNT_TOTAL, .is_money = TRUE, .measure = deal_value},
    {"sales_velocity", "Sales velocity", PL_AMOUNT_TOTAL, .is_velocity = TRUE, .measure = sales_velocity},
    {0}};

const PlCycleMeasure *pl_cycle_measure_find(const char *name) {
    for (const PlCycleMeasure *m = pl_cycle_measures; m->name != NULL; m++)
        if (g_str_equal(m->name, name))
            return m;
    return NULL;
}

char *pl_cycle_unit(const PlDeals *d, const PlCycleMeasure *measure) {
    const char *money = d->run->study->money;
    if (measure->is_days)
        return g_strdup(d->unit);
    if (measure->is_money)
        return g_strdup(money);
    if (!measure->is_velocity)
        return NULL;
    const char *a = g_str_equal(d->unit, "days") ? "a day" : "a period";
    return money != NULL ? g_strdup_printf("%s %s", money, a) : g_strdup(a);
}

PlFinding *pl_cycle_add(const PlDeals *d, const PlDealSet *set, const PlCycleMeasure *measure,
                        PlDealState state) {
    PlMeasured m = measure->measure(d, set, state);
    PlFinding *f = pl_section_add(d->run->section, NULL, measure->name, measure->label, measure->amount);
    const char *outcome = state < PL_N_DEAL_STATES ? pl_deal_states[state] : NULL;
    if (set->role != NULL && outcome != NULL)
        pl_finding_of(f, set->role, set->value, "outcome", outcome, NULL);
    else if (set->role != NULL)
        pl_finding_of(f, set->role, set->value, NULL);
    else if (outcome != NULL)
        pl_finding_of(f, "outcome", outcome, NULL);
    f->value = m.value;
    f->conf_low = m.low;
    f->conf_high = m.high;
    f->std_error = m.std_error;
    f->conf_level = d->run->conf_level;
    f->n = m.n;
    f->unit = pl_cycle_unit(d, measure);
    f->reason = g_strdup(m.reason);
    return f;
}
