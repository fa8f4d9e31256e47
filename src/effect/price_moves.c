/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/price_moves.h"

#include <math.h>

/* Effects on the price below this are the rounding of revenue / units. */
#define SAME_PRICE 1e-9

enum { BEFORE, DURING };

void pl_price_moves_free(PlPriceMoves *m) {
    if (!m)
        return;
    double *values[] = {m->units_before,   m->units_during, m->revenue_before,
                        m->revenue_during, m->price_before, m->price_during};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        g_free(values[i]);
    g_clear_pointer(&m->left_out, g_ptr_array_unref);
    g_free(m->reason);
    g_free(m);
}

gboolean pl_arm_promotes(const PlArm *arm, const PlBreakdown *breakdown, guint item) {
    if (arm->treatment->products)
        return g_strv_contains((const char *const *)arm->treatment->products, breakdown->items[item]);
    return breakdown->promoted[item];
}

static double *nothing(guint n) {
    double *x = g_new(double, n + 1);
    for (guint i = 0; i <= n; i++)
        x[i] = NAN;
    return x;
}

/* Whether the panel holds other products than those that are promoted. */
static gboolean needs_breakdown(const PlStudy *study, const PlArm *arm) {
    const PlBreakdown *b = study->tables ? study->tables->breakdown : NULL;
    if (!b || (!b->knows_promoted && !arm->treatment->products))
        return FALSE;
    for (guint i = 0; i < b->n_items; i++)
        if (!pl_arm_promotes(arm, b, i) != !b->kept[i])
            return TRUE;
    return FALSE;
}

/* Totals of the promoted products; a store without any row of them stays NaN. */
static void sum_promoted(const PlPriceMoves *m, double *(*cells)[PL_N_PERIODS], int period, double *sums) {
    const PlBreakdown *b = m->study->tables->breakdown;
    for (guint i = 0; i < b->n_items; i++) {
        if (!pl_arm_promotes(m->arm, b, i) || !cells[i][period])
            continue;
        for (guint s = 0; s < b->n_stores; s++)
            if (isfinite(cells[i][period][s]))
                sums[s] = (isnan(sums[s]) ? 0 : sums[s]) + cells[i][period][s];
    }
}

static gboolean read_breakdown(PlPriceMoves *m) {
    const PlBreakdown *b = m->study->tables->breakdown;
    m->by_period = TRUE;
    if (!b->has_units || !b->has_revenue) {
        m->reason = g_strdup_printf("the sales by %s have no column of %s: under data, columns: {%s: NAME}",
                                    b->dimension, b->has_units ? "revenue" : "units",
                                    b->has_units ? "revenue" : "units");
        return FALSE;
    }
    if (m->has_before) {
        sum_promoted(m, b->units, BEFORE, m->units_before);
        sum_promoted(m, b->revenue, BEFORE, m->revenue_before);
    }
    sum_promoted(m, b->units, DURING, m->units_during);
    sum_promoted(m, b->revenue, DURING, m->revenue_during);
    return TRUE;
}

static gboolean read_panel(PlPriceMoves *m) {
    PlBoundMetric units, revenue;
    const char *lacks = !pl_study_measure(m->study, "units", &units)       ? "units"
                        : !pl_study_measure(m->study, "revenue", &revenue) ? "revenue"
                                                                           : NULL;
    if (lacks) {
        m->reason = g_strdup_printf("a price is revenue / units, and the sales table has no column of %s: "
                                    "under data, columns: {%s: NAME}",
                                    lacks, lacks);
        return FALSE;
    }
    if (m->has_before) {
        pl_store_values(m->study, &units, m->study->ranges.before, m->units_before);
        pl_store_values(m->study, &revenue, m->study->ranges.before, m->revenue_before);
    }
    pl_store_values(m->study, &units, m->study->ranges.during, m->units_during);
    pl_store_values(m->study, &revenue, m->study->ranges.during, m->revenue_during);
    return TRUE;
}

/* Why a store has no price in a period; NULL: it has one. */
static const char *fault_of(double units, double revenue, double *price) {
    *price = NAN;
    if (isnan(units) || isnan(revenue))
        return "has no sales";
    if (!(units > 0))
        return units == 0 ? "sold no units" : "sold less than no units (returns)";
    if (!(revenue > 0))
        return "has no revenue above zero";
    *price = revenue / units;
    return isfinite(log(*price)) && isfinite(log(units)) ? NULL : "has values that are too large";
}

static const char *price_of(PlPriceMoves *m, guint s, const char **period) {
    const char *fault = NULL;
    *period = "before the promotion";
    if (m->has_before)
        fault = fault_of(m->units_before[s], m->revenue_before[s], &m->price_before[s]);
    if (fault)
        return fault;
    *period = "during the promotion";
    return fault_of(m->units_during[s], m->revenue_during[s], &m->price_during[s]);
}

static void leave_out(PlPriceMoves *m, guint store) {
    double *values[] = {m->units_before,   m->units_during, m->revenue_before,
                        m->revenue_during, m->price_before, m->price_during};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        if (values[i])
            values[i][store] = NAN;
}

/* Of a store of the arm: FALSE, with what is the matter noted, when it cannot take part. */
static gboolean is_priced(PlPriceMoves *m, guint store) {
    const char *period, *fault = price_of(m, store, &period);
    if (!fault)
        return TRUE;
    char *said = g_strdup_printf("store \"%s\" %s %s", m->study->panel->stores[store], fault, period);
    g_ptr_array_add(m->left_out, said);
    return FALSE;
}

/* A pair takes part as a whole: without its test store it takes no part. */
static void find_priced(PlPriceMoves *m) {
    const PlArm *arm = m->arm;
    g_autofree gboolean *test = g_new0(gboolean, arm->n_test + 1),
                        *control = g_new0(gboolean, arm->n_control + 1);
    for (guint i = 0; i < arm->n_test; i++)
        test[i] = is_priced(m, arm->test[i]);
    for (guint i = 0; i < arm->n_control; i++)
        control[i] = is_priced(m, arm->control[i]);
    for (guint i = 0; i < arm->n_test; i++) {
        gboolean in = test[i] && (!arm->paired || control[i]);
        m->n_test += in;
        if (!in)
            leave_out(m, arm->test[i]);
    }
    for (guint i = 0; i < arm->n_control; i++) {
        m->n_control += control[i] && (!arm->paired || test[i]);
        if (!control[i]) /* that of a pair may serve another one */
            leave_out(m, arm->control[i]);
    }
}

/* log D / B, or log D; NaN: no part. */
static double log_change(const double *before, const double *during, guint store) {
    double c = log(during[store]) - (before ? log(before[store]) : 0);
    return isfinite(c) ? c : NAN;
}

static PlStatus of_pairs(const PlPriceMoves *m, const double *before, const double *during, PlJointMeans *out,
                         double *largest) {
    const PlArm *arm = m->arm;
    g_autofree double *a = g_new(double, arm->n_test + 1), *b = g_new(double, arm->n_test + 1);
    const double *p0 = m->has_before ? m->price_before : NULL;
    size_t n = 0;
    for (guint i = 0; i < arm->n_test; i++) {
        a[n] = log_change(before, during, arm->test[i]) - log_change(before, during, arm->control[i]);
        b[n] =
            log_change(p0, m->price_during, arm->test[i]) - log_change(p0, m->price_during, arm->control[i]);
        if (isnan(a[n]) || isnan(b[n]))
            continue;
        *largest = fmax(*largest, fabs(b[n]));
        n++;
    }
    return n == 0 ? PL_NO_TREATED : pl_joint_means(a, b, n, out);
}

static PlStatus of_groups(const PlPriceMoves *m, const double *before, const double *during,
                          PlJointMeans *out, double *largest) {
    const PlArm *arm = m->arm;
    guint most = arm->n_test + arm->n_control + 1;
    g_autofree double *a = g_new(double, most), *b = g_new(double, most);
    g_autofree bool *treated = g_new0(bool, most);
    g_autofree size_t *block = g_new0(size_t, most);
    const double *p0 = m->has_before ? m->price_before : NULL;
    double low = INFINITY, high = -INFINITY;
    PlBlocks blocks = {treated, block, 0, arm->n_blocks};
    for (guint i = 0; i + 1 < most; i++) {
        gboolean test = i < arm->n_test;
        guint store = test ? arm->test[i] : arm->control[i - arm->n_test];
        size_t n = blocks.n;
        a[n] = log_change(before, during, store);
        b[n] = log_change(p0, m->price_during, store);
        if (isnan(a[n]) || isnan(b[n]))
            continue;
        treated[n] = test;
        block[n] = test ? arm->test_block[i] : arm->control_block[i - arm->n_test];
        low = fmin(low, b[n]);
        high = fmax(high, b[n]);
        blocks.n++;
    }
    *largest = blocks.n > 0 ? high - low : 0;
    PlArena arena = {0};
    PlStatus status = pl_joint_contrasts(a, b, &blocks, &arena, out);
    pl_arena_clear(&arena);
    return status;
}

static PlStatus means_of(const PlPriceMoves *m, const double *before, const double *during, PlJointMeans *out,
                         double *largest) {
    *largest = 0;
    return m->arm->paired ? of_pairs(m, before, during, out, largest)
                          : of_groups(m, before, during, out, largest);
}

PlStatus pl_price_moves_with(const PlPriceMoves *m, const double *before, const double *during,
                             PlJointMeans *out) {
    double largest;
    return means_of(m, m->has_before ? before : NULL, during, out, &largest);
}

PlPriceMoves *pl_price_moves_new(const PlStudy *study, const PlArm *arm) {
    PlPriceMoves *m = g_new0(PlPriceMoves, 1);
    guint n = study->panel->n_stores;
    *m = (PlPriceMoves){.study = study,
                        .arm = arm,
                        .has_before = study->ranges.before.begin < study->ranges.before.end,
                        .units_during = nothing(n),
                        .revenue_during = nothing(n),
                        .price_during = nothing(n),
                        .left_out = g_ptr_array_new_with_free_func(g_free),
                        .status = PL_NO_TREATED};
    if (m->has_before) {
        m->units_before = nothing(n);
        m->revenue_before = nothing(n);
        m->price_before = nothing(n);
    }
    if (needs_breakdown(study, arm) ? !read_breakdown(m) : !read_panel(m))
        return m;
    find_priced(m);
    double largest;
    m->status = means_of(m, m->units_before, m->units_during, &m->means, &largest);
    m->moved = largest > SAME_PRICE;
    if (m->status != PL_OK && m->status != PL_TOO_FEW)
        m->reason = g_strdup_printf("no %s has a price before and during the promotion%s%s",
                                    arm->paired ? "pair" : "block of test and control stores",
                                    m->left_out->len > 0 ? "; " : "",
                                    m->left_out->len > 0 ? (char *)m->left_out->pdata[0] : "");
    return m;
}

static double *logs_of(const double *values, guint n) {
    double *logs = values ? g_new(double, n + 1) : NULL;
    for (guint i = 0; logs && i < n; i++)
        logs[i] = log(values[i]);
    return logs;
}

/* Under the absolute scale the totals' differences are sums over the test stores of the effects; ones give
 * the weights that the sums have. */
static gboolean mean_effects(const PlPriceMoves *m, const PlDraws *draws, const double *before,
                             const double *during, double *out) {
    guint n = m->study->panel->n_stores, n_draws = pl_draws_n(draws) + 1;
    g_autofree double *b = logs_of(before, n), *d = logs_of(during, n), *ones = g_new(double, n + 1),
                      *without = g_new(double, n_draws), *weights = g_new(double, n_draws);
    for (guint s = 0; s < n; s++)
        ones[s] = isfinite(d[s]) ? 1 : NAN;
    if (pl_draws_totals(draws, NULL, ones, PL_EFFECT_ABSOLUTE, weights, without) == 0 ||
        pl_draws_totals(draws, b, d, PL_EFFECT_ABSOLUTE, out, without) == 0)
        return FALSE;
    for (guint k = 0; k < n_draws; k++)
        out[k] = (out[k] - without[k]) / weights[k];
    return TRUE;
}

gboolean pl_price_moves_draws(const PlPriceMoves *m, const PlDraws *draws, double *log_units,
                              double *log_price) {
    return mean_effects(m, draws, m->units_before, m->units_during, log_units) &&
           mean_effects(m, draws, m->price_before, m->price_during, log_price);
}
