/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/coupon_value.h"

#include <math.h>

/* Totals of the test stores that take part: of the data, then one a draw. */
typedef struct {
    const PlCouponCounts *counts;
    const PlStudy *study;
    PlDraws *draws;
    guint n;                       /* 1 + draws */
    double *with, *without;        /* units, as pl_draws_totals_over() levels them */
    double *more;                  /* units more than without, as drawn */
    double *redeemed, *cost;       /* coupons, and their face values */
    double *revenue, *units, *own; /* own: gross profit by the table's own column */
    double *ratio;                 /* work */
    gboolean *part;                /* [stores of the panel] a test store that takes part */
} Totals;

void pl_coupon_value_free(PlCouponValue *v) {
    if (!v)
        return;
    char *texts[] = {v->reason, v->no_interval, v->no_cost, v->no_profit};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(v);
}

static void clear(Totals *t) {
    double *arrays[] = {t->with,  t->without, t->redeemed, t->cost, t->revenue,
                        t->units, t->own,     t->ratio,    t->more};
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_free(arrays[i]);
    g_free(t->part);
    pl_draws_free(t->draws);
}

/* How many intervals of the promotion a store has a value for. */
static guint length_of(const PlStudy *study, guint measure, guint store) {
    guint n = 0;
    double value;
    for (guint t = study->ranges.during.begin; t < study->ranges.during.end; t++)
        n += pl_panel_get(study->panel, store, t, measure, &value) ? 1 : 0;
    return n;
}

static double *lengths_of(const PlStudy *study, guint measure) {
    double *times = g_new(double, study->panel->n_stores + 1);
    for (guint s = 0; s < study->panel->n_stores; s++)
        times[s] = length_of(study, measure, s);
    return times;
}

/* Whether a test store has a value without the promotion to be held against; the rules of pl_draws_totals. */
static gboolean has_comparison(const PlArm *arm, guint i, const double *before, const double *during,
                               PlScale scale) {
    gboolean any = FALSE;
    if (!isfinite(during[arm->test[i]]) || (before && !isfinite(before[arm->test[i]])))
        return FALSE;
    for (guint c = 0; c < arm->n_control; c++) {
        if (arm->control_block[c] != arm->test_block[i])
            continue;
        double b = before ? before[arm->control[c]] : 1, d = during[arm->control[c]];
        any |= before && scale == PL_EFFECT_RELATIVE ? isfinite(log(d) - log(b)) : isfinite(d) && isfinite(b);
    }
    return any;
}

/* Totals with and without; FALSE: no store has a comparison. */
static gboolean count_units(Totals *t, const PlBoundMetric *units) {
    const guint all = t->study->panel->n_stores;
    const PlScale scale = (PlScale)t->study->def->analysis.effect;
    gboolean has_before = t->study->ranges.before.begin < t->study->ranges.before.end;
    g_autofree double *before = has_before ? g_new(double, all + 1) : NULL, *during = g_new(double, all + 1),
                      *times = lengths_of(t->study, units->measure);
    if (before)
        pl_store_values(t->study, units, t->study->ranges.before, before);
    pl_store_values(t->study, units, t->study->ranges.during, during);
    for (guint i = 0; i < t->counts->arm->n_test; i++)
        t->part[t->counts->arm->test[i]] |= has_comparison(t->counts->arm, i, before, during, scale);
    return pl_draws_totals_over(t->draws, before, during, times, scale,
                                pl_arm_errors_of_role(t->study, t->counts->arm, "units"), t->with,
                                t->without) > 0;
}

/* Sums of something over the test stores that take part, with the same draws; values [stores of the panel].
 */
static void sum(const Totals *t, const double *values, double *sums) {
    const PlArm *arm = t->counts->arm;
    g_autofree double *masked = g_new0(double, t->study->panel->n_stores + 1), *nothing = g_new(double, t->n);
    for (guint i = 0; i < arm->n_test; i++)
        masked[arm->test[i]] = t->part[arm->test[i]] ? values[arm->test[i]] : 0;
    for (guint i = 0; i < arm->n_control; i++)
        masked[arm->control[i]] = 0; /* so that every pair has a value */
    pl_draws_totals(t->draws, NULL, masked, PL_EFFECT_ABSOLUTE, sums, nothing);
}

static void sum_measure(const Totals *t, const PlBoundMetric *measure, double *sums) {
    g_autofree double *values = g_new(double, t->study->panel->n_stores + 1),
                      *times = lengths_of(t->study, measure->measure);
    pl_store_values(t->study, measure, t->study->ranges.during, values);
    for (guint s = 0; s < t->study->panel->n_stores; s++)
        values[s] *= times[s];
    sum(t, values, sums);
}

/* Units more than without the promotion. Totals with and without come brought to the size of the data, sums
 * of coupons do not: a ratio of the two takes both as they were drawn. */
static void count_more(Totals *t, const PlBoundMetric *units) {
    sum_measure(t, units, t->units);
    for (guint k = 0; k < t->n; k++) {
        double level = t->with[k] > 0 && t->units[k] > 0 ? t->with[k] / t->units[k] : 1;
        t->more[k] = (t->with[k] - t->without[k]) / level;
    }
}

static void sum_coupons(const Totals *t, PlCouponValue *v) {
    const PlCouponCounts *c = t->counts;
    g_autofree double *redeemed = g_new0(double, t->study->panel->n_stores + 1),
                      *cost = g_new0(double, t->study->panel->n_stores + 1);
    for (guint s = 0; s < c->n_stores; s++) {
        redeemed[c->store[s]] = c->store_redeemed[s];
        cost[c->store[s]] = c->store_cost[s];
        v->n_stores += t->part[c->store[s]] ? 1 : 0;
    }
    v->n_left_out = c->n_stores - v->n_stores;
    sum(t, redeemed, t->redeemed);
    sum(t, cost, t->cost);
    v->face_value = t->cost[0] / t->redeemed[0];
}

static PlDrawn interval(const Totals *t) {
    return pl_draws_interval(t->draws, t->ratio, t->study->options.conf_level);
}

static const PlDrawn none = {NAN, NAN, NAN, NAN};

/* By the units that a unit of money sells, which is bounded where its inverse is not. */
static PlDrawn inverse(PlDrawn sold) {
    PlDrawn cost = none;
    if (!(sold.estimate > 0))
        return cost;
    cost.estimate = 1 / sold.estimate;
    cost.low = sold.high > 0 ? 1 / sold.high : NAN;
    cost.high = isnan(sold.low) ? NAN : sold.low > 0 ? 1 / sold.low : INFINITY;
    return cost;
}

static void value_units(const Totals *t, PlCouponValue *v) {
    for (guint k = 0; k < t->n; k++)
        t->ratio[k] = t->more[k] / t->redeemed[k];
    v->per_redemption = interval(t);
    v->anyway = (PlDrawn){1 - v->per_redemption.estimate, 1 - v->per_redemption.high,
                          1 - v->per_redemption.low, v->per_redemption.std_error};
    if (isnan(v->face_value)) {
        v->no_cost = g_strdup("nothing says what a coupon is worth: give the table of coupons a column "
                              "face_value, or economics a face_value");
        return;
    }
    for (guint k = 0; k < t->n; k++)
        t->ratio[k] = t->more[k] / t->cost[k];
    v->cost_per_unit = inverse(interval(t));
    if (isnan(v->cost_per_unit.estimate))
        v->no_cost =
            g_strdup("no more units were sold than expected without the promotion, so there are none "
                     "to divide the cost among");
}

/* Gross profit of the test stores' units, in t->own; FALSE: nothing says what a unit earns. */
static gboolean sum_profit(const Totals *t, PlCouponValue *v) {
    const PlEconomics *e = &t->study->def->economics;
    PlBoundMetric revenue = {PL_METRIC_SUM, 0, 0};
    gboolean has_revenue = pl_study_measure(t->study, "revenue", &revenue);
    if (t->study->panel->gross_profit >= 0) {
        PlBoundMetric own = {PL_METRIC_SUM, (guint)t->study->panel->gross_profit, 0};
        sum_measure(t, &own, t->own);
        return TRUE;
    }
    if (!(e->unit_cost > 0) && !(e->margin > 0)) {
        v->no_profit = g_strdup("nothing says what a unit earns: under economics give margin, margin_column "
                                "or unit_cost");
        return FALSE;
    }
    if (!has_revenue) {
        v->no_profit = g_strdup(
            "the sales table has no revenue to take a margin of: under data, columns: {revenue: NAME}");
        return FALSE;
    }
    sum_measure(t, &revenue, t->revenue);
    for (guint k = 0; k < t->n; k++)
        t->own[k] = e->unit_cost > 0 ? t->revenue[k] - e->unit_cost * t->units[k] : e->margin * t->revenue[k];
    return TRUE;
}

static void value_profit(const Totals *t, PlCouponValue *v) {
    if (!sum_profit(t, v))
        return;
    for (guint k = 0; k < t->n; k++)
        t->ratio[k] = t->own[k] / t->units[k];
    v->unit_profit = interval(t);
    if (isnan(v->unit_profit.estimate)) {
        v->no_profit = g_strdup("a test store has days of the promotion without revenue or gross profit");
        return;
    }
    for (guint k = 0; k < t->n; k++)
        t->ratio[k] = t->own[k] / t->units[k] * t->more[k] / t->redeemed[k];
    v->break_even = interval(t);
    for (guint k = 0; k < t->n; k++)
        t->ratio[k] -= t->cost[k] / t->redeemed[k];
    v->gain = interval(t);
}

static gboolean lay_out(Totals *t) {
    double **arrays[] = {&t->with,  &t->without, &t->redeemed, &t->cost, &t->revenue,
                         &t->units, &t->own,     &t->ratio,    &t->more};
    t->draws = pl_draws_new(t->counts->arm, &t->study->options);
    t->n = 1 + pl_draws_n(t->draws);
    t->part = g_new0(gboolean, t->study->panel->n_stores + 1);
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        *arrays[i] = g_new(double, t->n);
    return TRUE;
}

PlCouponValue *pl_coupon_value_new(const PlCouponCounts *counts) {
    PlCouponValue *v = g_new0(PlCouponValue, 1);
    PlBoundMetric units = {PL_METRIC_SUM, 0, 0};
    Totals t = {.counts = counts, .study = counts->study};
    v->per_redemption = v->anyway = v->cost_per_unit = v->unit_profit = v->break_even = v->gain = none;
    v->face_value = NAN;
    if (!pl_study_measure(counts->study, "units", &units)) {
        v->reason =
            g_strdup("the sales table has no column of units sold: under data, columns: {units: NAME}");
        return v;
    }
    lay_out(&t);
    if (!count_units(&t, &units)) {
        v->reason = g_strdup("no test store has units in both periods, in itself and in its control store");
    } else {
        count_more(&t, &units);
        sum_coupons(&t, v);
        if (!(t.redeemed[0] > 0)) {
            v->reason = g_strdup("no coupon was redeemed in test stores that have a comparison");
        } else {
            value_units(&t, v);
            value_profit(&t, v);
        }
    }
    if (!v->reason && pl_draws_reason(t.draws))
        v->no_interval = g_strdup(pl_draws_reason(t.draws));
    else if (!v->reason && isnan(v->per_redemption.low))
        v->no_interval = g_strdup("coupons were redeemed in too few stores to say how much it varies");
    clear(&t);
    return v;
}
