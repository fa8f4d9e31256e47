/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/earnings.h"

#include <math.h>

/* Prices that are the same differ by this share of them. */
#define ROUNDING 1e-12

void pl_earnings_free(PlEarnings *e) {
    if (!e)
        return;
    for (guint b = 0; b < PL_EARN_N; b++) {
        g_free(e->bars[b]);
        g_free(e->reasons[b]);
    }
    g_free(e->unit_cost);
    g_free(e->net);
    g_free(e->cost);
    g_free(e->missing);
    pl_totals_free(e->during);
    pl_totals_free(e->after);
    pl_draws_free(e->draws);
    g_free(e);
}

static double *new_values(const PlEarnings *e) {
    return g_new0(double, e->n_values);
}

/* A store with a loss, or with nothing sold, has no logarithm: its gross profit is compared by differences.
 */
static PlScale scale_of_profit(const PlStudy *study, const PlArm *arm, const PlBoundMetric *profit) {
    const PlRange ranges[] = {study->ranges.before, study->ranges.during, study->ranges.after};
    g_autofree double *values = g_new(double, study->panel->n_stores + 1);
    for (guint r = 0; r < G_N_ELEMENTS(ranges); r++) {
        if (pl_range_length(ranges[r]) == 0)
            continue;
        pl_store_values(study, profit, ranges[r], values);
        for (guint i = 0; i < arm->n_test; i++)
            if (values[arm->test[i]] <= 0)
                return PL_EFFECT_ABSOLUTE;
        for (guint i = 0; i < arm->n_control; i++)
            if (values[arm->control[i]] <= 0)
                return PL_EFFECT_ABSOLUTE;
    }
    return study->def->analysis.effect;
}

/* The totals of the columns that there are. */
static void take_totals(PlEarnings *e) {
    PlTotalOf measures[3];
    guint n = 0;
    PlScale scale = e->study->def->analysis.effect;
    e->units = e->revenue = e->profit = -1;
    if (pl_study_measure(e->study, "units", &measures[n].metric)) {
        measures[n].scale = scale;
        e->units = (int)n++;
    }
    if (pl_study_measure(e->study, "revenue", &measures[n].metric)) {
        measures[n].scale = scale;
        e->revenue = (int)n++;
    }
    if (e->study->panel->gross_profit >= 0) {
        measures[n].metric = (PlBoundMetric){PL_METRIC_SUM, (guint)e->study->panel->gross_profit, 0};
        measures[n].scale = scale_of_profit(e->study, e->arm, &measures[n].metric);
        e->profit = (int)n++;
    }
    if (n == 0)
        return;
    e->during = pl_totals_new(e->study, e->arm, e->draws, measures, n, e->study->ranges.during);
    if (pl_range_length(e->study->ranges.after) > 0)
        e->after = pl_totals_new(e->study, e->arm, e->draws, measures, n, e->study->ranges.after);
}

double *pl_earnings_gain(const PlEarnings *e, const PlTotals *totals, int measure) {
    double *gain = new_values(e);
    for (guint k = 0; k < e->n_values; k++)
        gain[k] = totals->with[measure][k] - totals->without[measure][k];
    return gain;
}

/* Items that the metrics hold (`kept`), or that `where` leaves out of them. */
static guint count_items(const PlStudy *study, gboolean kept) {
    const PlBreakdown *b = study->tables ? study->tables->breakdown : NULL;
    guint n = 0;
    for (guint i = 0; b && i < b->n_items; i++)
        n += !b->kept[i] == !kept ? 1 : 0;
    return n;
}

/* Several items in the metrics: their average price moves with what is bought as well, which is no price cut.
 */
static gboolean is_mixed(const PlStudy *study) {
    return count_items(study, TRUE) > 1;
}

/* What a unit costs in each draw, from the totals of a period; NULL: not known. */
static double *unit_costs(const PlEarnings *e, const PlTotals *t) {
    const PlEconomics *economics = &e->study->def->economics;
    if (e->units < 0 || e->revenue < 0 ||
        (e->profit < 0 && !(economics->unit_cost > 0) && !(economics->margin > 0)) ||
        (!(economics->unit_cost > 0) && is_mixed(e->study)))
        return NULL;
    double *cost = new_values(e);
    for (guint k = 0; k < e->n_values; k++)
        if (e->profit >= 0) /* as it was with the promotion */
            cost[k] = (t->with[e->revenue][k] - t->with[e->profit][k]) / t->with[e->units][k];
        else
            cost[k] = economics->unit_cost > 0
                          ? economics->unit_cost
                          : (1 - economics->margin) * t->without[e->revenue][k] / t->without[e->units][k];
    return cost;
}

/* Why nothing is known of the gross profit; NULL: it is. */
static const char *profit_missing(const PlEarnings *e) {
    const PlEconomics *economics = &e->study->def->economics;
    if (e->profit >= 0)
        return NULL;
    if (!(economics->unit_cost > 0) && !(economics->margin > 0))
        return "nothing says what the goods cost: give margin, unit_cost or margin_column under economics";
    if (e->revenue < 0)
        return "the sales table has no column of revenue (role \"revenue\")";
    if (economics->unit_cost > 0 && e->units < 0)
        return "unit_cost needs a column of items sold (role \"units\" of the table sales)";
    return NULL;
}

/* The gain in gross profit over a period, with what a unit costs where that is known. */
static double *gross_gain(const PlEarnings *e, const PlTotals *t, const double *unit_cost) {
    if (e->profit >= 0)
        return pl_earnings_gain(e, t, e->profit);
    double *gain = pl_earnings_gain(e, t, e->revenue);
    for (guint k = 0; k < e->n_values; k++)
        gain[k] = unit_cost ? gain[k] - unit_cost[k] * (t->with[e->units][k] - t->without[e->units][k])
                            : gain[k] * e->study->def->economics.margin;
    return gain;
}

static void earn_during(PlEarnings *e) {
    const PlTotals *t = e->during;
    e->unit_cost = unit_costs(e, t);
    double *gain = gross_gain(e, t, e->unit_cost);
    if (!e->unit_cost) {
        e->bars[PL_EARN_GROSS] = gain;
        if (e->profit < 0)
            e->reasons[PL_EARN_GROSS] = g_strdup_printf(
                "%s, a lower price cannot be told from %s: the margin is taken to be the same with and "
                "without the promotion",
                e->units < 0 ? "without a column of items sold (role \"units\")"
                             : "with several products in the metrics",
                e->units < 0 ? "fewer items" : "more of the cheaper ones");
        return;
    }
    double *price = e->bars[PL_EARN_PRICE] = new_values(e);
    for (guint k = 0; k < e->n_values; k++) {
        double at_old_price = t->with[e->units][k] * t->without[e->revenue][k] / t->without[e->units][k];
        price[k] = t->with[e->revenue][k] - at_old_price;
        price[k] = fabs(price[k]) <= ROUNDING * at_old_price ? 0 : price[k];
        gain[k] -= price[k];
    }
    e->bars[PL_EARN_UNITS] = gain;
}

static void earn_after(PlEarnings *e) {
    g_autofree double *unit_cost = unit_costs(e, e->after);
    e->bars[PL_EARN_AFTER] = gross_gain(e, e->after, unit_cost);
}

static void earn_others(PlEarnings *e) {
    const PlStudy *study = e->study;
    if (count_items(study, FALSE) == 0)
        return;
    const PlBreakdown *b = study->tables->breakdown;
    if (!b->has_revenue || !(study->def->economics.margin > 0)) {
        e->reasons[PL_EARN_OTHERS] =
            g_strdup(b->has_revenue ? "nothing says what the other products earn: give margin under economics"
                                    : "the sales table has no column of revenue (role \"revenue\")");
        return;
    }
    guint n_stores = study->panel->n_stores;
    gboolean has_before = pl_range_length(study->ranges.before) > 0;
    g_autofree double *before = g_new(double, n_stores + 1), *during = g_new(double, n_stores + 1),
                      *times = g_new(double, n_stores + 1), *with = new_values(e), *without = new_values(e);
    double *gain = new_values(e);
    pl_breakdown_sum(b, PL_ITEM_REVENUE, b->kept, FALSE, 0, before);
    for (guint period = 1; period < PL_N_PERIODS; period++) {
        if (period == 2 && pl_range_length(study->ranges.after) == 0)
            continue;
        pl_breakdown_sum(b, PL_ITEM_REVENUE, b->kept, FALSE, period, during);
        for (guint s = 0; s < n_stores; s++)
            times[s] = b->open[period][s];
        guint n = pl_draws_totals_over(e->draws, has_before ? before : NULL, during, times,
                                       study->def->analysis.effect,
                                       pl_arm_errors_of_role(study, e->arm, "revenue"), with, without);
        if (n < e->arm->n_test && !e->reasons[PL_EARN_OTHERS])
            e->reasons[PL_EARN_OTHERS] = g_strdup_printf(
                "of %u test stores %u take part: the others, or their control stores, sold no other product",
                e->arm->n_test, n);
        for (guint k = 0; k < e->n_values; k++)
            gain[k] += study->def->economics.margin * (with[k] - without[k]);
    }
    e->bars[PL_EARN_OTHERS] = gain;
}

/* A cost of the test stores as a total over them: values[store]. What they spent is known; a draw is brought
 * to that, so that only what they would have spent anyway, by the controls, is open. */
static double *cost_of(const PlEarnings *e, const double *before, const double *values, const double *times) {
    double *with = new_values(e), *without = g_new(double, e->n_values);
    pl_draws_totals_over(e->draws, before, values, times, PL_EFFECT_ABSOLUTE, NULL, with, without);
    double spent = with[0];
    for (guint k = 0; k < e->n_values; k++) {
        double factor = with[k] > 0 && spent > 0 ? spent / with[k] : 1;
        with[k] = factor * (without[k] - with[k]); /* below zero */
    }
    g_free(without);
    return with;
}

static void pay_coupons(PlEarnings *e) {
    const PlStudy *study = e->study;
    const PlCoupons *coupons = study->tables ? study->tables->coupons : NULL;
    const PlTreatment *treatment = e->arm->treatment;
    if (!coupons)
        return;
    double face = pl_definition_given(study->def, &treatment->face_value) ? treatment->face_value
                                                                          : study->def->economics.face_value;
    PlPeriod last = study->def->periods.after.given ? study->def->periods.after : study->def->periods.during;
    g_autofree double *values = g_new0(double, study->panel->n_stores + 1);
    g_autofree gboolean *is_test = g_new0(gboolean, study->panel->n_stores + 1);
    gboolean valued = TRUE, any = FALSE;
    for (guint i = 0; i < e->arm->n_test; i++)
        is_test[e->arm->test[i]] = TRUE;
    for (guint i = 0; i < coupons->rows->len; i++) {
        const PlCouponRow *row = &g_array_index(coupons->rows, PlCouponRow, i);
        double worth = isfinite(row->face_value) ? row->face_value : face;
        if (!is_test[row->store] || row->day < study->def->periods.during.first || row->day > last.last ||
            !isfinite(row->redeemed))
            continue;
        any = TRUE;
        valued = valued && (worth > 0 || row->redeemed == 0);
        values[row->store] += row->redeemed * worth;
    }
    if (!any)
        return;
    if (valued)
        e->bars[PL_EARN_COUPONS] = cost_of(e, NULL, values, NULL);
    else
        e->reasons[PL_EARN_COUPONS] = g_strdup("nothing says what a coupon costs: give face_value under "
                                               "economics, or a column of that role in the table coupons");
}

static void pay_spending(PlEarnings *e) {
    const PlStudy *study = e->study;
    const char *column = study->def->economics.cost_column;
    if (!column)
        return;
    int measure = pl_panel_measure(study->panel, column);
    if (measure < 0) {
        e->reasons[PL_EARN_SPENDING] = g_strdup_printf("the sales table has no column \"%s\"", column);
        return;
    }
    PlBoundMetric bound = {PL_METRIC_SUM, (guint)measure, 0};
    guint n_stores = study->panel->n_stores;
    g_autofree double *before = g_new(double, n_stores + 1), *during = g_new(double, n_stores + 1),
                      *times = g_new(double, n_stores + 1);
    pl_store_values(study, &bound, study->ranges.before, before);
    pl_store_values(study, &bound, study->ranges.during, during);
    pl_store_intervals(study, study->ranges.during, times);
    gboolean has_before = pl_range_length(study->ranges.before) > 0;
    e->bars[PL_EARN_SPENDING] = cost_of(e, has_before ? before : NULL, during, times);
}

static void pay_known(PlEarnings *e, PlEarningBar bar, double cost) {
    if (cost == 0)
        return;
    e->bars[bar] = new_values(e);
    for (guint k = 0; k < e->n_values; k++)
        e->bars[bar][k] = -cost;
}

static void pay(PlEarnings *e) {
    const PlDefinition *def = e->study->def;
    const PlTreatment *t = e->arm->treatment;
    e->fixed = pl_definition_given(def, &t->fixed_cost) ? t->fixed_cost : def->economics.fixed_cost;
    e->per_store =
        pl_definition_given(def, &t->cost_per_store) ? t->cost_per_store : def->economics.cost_per_store;
    pay_coupons(e);
    pay_spending(e);
    pay_known(e, PL_EARN_STORES, e->per_store * e->arm->n_test);
    pay_known(e, PL_EARN_FIXED, e->fixed);
}

static void add_up(PlEarnings *e) {
    e->net = new_values(e);
    e->cost = new_values(e);
    for (guint b = 0; b < PL_EARN_N; b++) {
        if (!e->bars[b] && e->reasons[b] && !e->missing)
            e->missing = g_strdup(e->reasons[b]);
        for (guint k = 0; k < e->n_values && e->bars[b]; k++) {
            e->net[k] += e->bars[b][k];
            e->cost[k] -= b >= PL_EARN_COUPONS ? e->bars[b][k] : 0;
        }
    }
    if (!e->missing && isnan(e->net[0]))
        e->missing = g_strdup("no store has all of the columns that it needs");
    gboolean cost_missing = (e->reasons[PL_EARN_COUPONS] && !e->bars[PL_EARN_COUPONS]) ||
                            (e->reasons[PL_EARN_SPENDING] && !e->bars[PL_EARN_SPENDING]);
    if (e->missing)
        g_clear_pointer(&e->net, g_free);
    if (cost_missing || isnan(e->cost[0]))
        g_clear_pointer(&e->cost, g_free);
}

PlEarnings *pl_earnings_new(const PlStudy *study, const PlArm *arm) {
    PlEarnings *e = g_new0(PlEarnings, 1);
    e->study = study;
    e->arm = arm;
    e->draws = pl_draws_new(arm, &study->options);
    e->n_values = 1 + pl_draws_n(e->draws);
    take_totals(e);
    const char *missing = profit_missing(e);
    if (missing) {
        e->reasons[PL_EARN_GROSS] = g_strdup(missing);
    } else {
        earn_during(e);
        if (e->after)
            earn_after(e);
    }
    earn_others(e);
    pay(e);
    add_up(e);
    return e;
}

double *pl_earnings_break_even(const PlEarnings *e, gboolean *in_units) {
    const PlTotals *t = e->during;
    *in_units = e->unit_cost != NULL;
    if (!e->net || (!e->unit_cost && (e->profit >= 0 || e->revenue < 0)))
        return NULL;
    double *lift = new_values(e);
    for (guint k = 0; k < e->n_values; k++) {
        if (!*in_units) { /* margin x revenue x lift = what the rest costs */
            double rest = e->net[k] - e->bars[PL_EARN_GROSS][k];
            lift[k] = -rest / (e->study->def->economics.margin * t->without[e->revenue][k]);
            continue;
        }
        double with = t->with[e->units][k], without = t->without[e->units][k];
        double earned = t->with[e->revenue][k] / with - e->unit_cost[k]; /* by an item, at the new price */
        lift[k] = earned > 0 ? (with - e->net[k] / earned) / without - 1 : INFINITY;
    }
    return lift;
}
