/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_truth.h"

#include <math.h>

#include "pairlift/design/chain_coupon.h"

static void add_cell(const PlChainCell *cell, double cost, PlChainSums *sums) {
    sums->units_without += cell->without;
    sums->units_with += cell->with;
    sums->revenue_without += cell->without * cell->list_cents / 100;
    sums->revenue_with += cell->with * cell->cents / 100;
    sums->profit_without += cell->without * (cell->list_cents / 100.0 - cost);
    sums->profit_with += cell->with * (cell->cents / 100.0 - cost);
}

static void add_sums(const PlChainSums *more, PlChainSums *sums) {
    sums->units_without += more->units_without;
    sums->units_with += more->units_with;
    sums->revenue_without += more->revenue_without;
    sums->revenue_with += more->revenue_with;
    sums->visits_without += more->visits_without;
    sums->visits_with += more->visits_with;
    sums->profit_without += more->profit_without;
    sums->profit_with += more->profit_with;
}

/* Sums of one store, by scope; gives the coupons that it hands out. */
static double walk_store(const PlChain *chain, int store, PlChainSums *during[PL_N_SCOPES],
                         PlChainSums *after[PL_N_SCOPES], int at) {
    const PlChainOptions *o = pl_chain_options(chain);
    const PlChainDays days = pl_chain_period(chain, PL_CHAIN_DURING);
    g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, store, 1, TRUE);
    g_autofree PlChainCell *cells = g_new(PlChainCell, o->products);
    PlChainDay day = {.cells = cells};
    double distributed = 0;
    for (int t = 0; t < o->days; t++) {
        pl_chain_walk_next(walk, 0, &day);
        if (!day.open || t < days.begin)
            continue;
        PlChainSums **sums = t < days.end ? during : after;
        for (int p = 0; p < o->products; p++) {
            const double cost = pl_chain_cost(chain, p);
            add_cell(&cells[p], cost, &sums[PL_SCOPE_ALL][at]);
            add_cell(&cells[p], cost, &sums[p == 0 ? PL_SCOPE_PROMOTED : PL_SCOPE_OTHERS][at]);
        }
        for (guint scope = 0; scope < PL_N_SCOPES; scope++) {
            sums[scope][at].visits_without += day.visits_without;
            sums[scope][at].visits_with += day.visits_with;
        }
        distributed += day.distributed;
    }
    return distributed;
}

static double ratio(const PlChainSums *s, PlTrueMetric metric) {
    const double units = s->units_with / s->units_without, revenue = s->revenue_with / s->revenue_without;
    const double visits = s->visits_without > 0 ? s->visits_with / s->visits_without : NAN;
    const double ratios[PL_N_TRUE] = {[PL_TRUE_UNITS] = units,
                                      [PL_TRUE_REVENUE] = revenue,
                                      [PL_TRUE_PRICE] = revenue / units,
                                      [PL_TRUE_VISITS] = visits,
                                      [PL_TRUE_BASKET] = units / visits};
    return ratios[metric];
}

double pl_chain_lift(const PlChainSums *sums, PlTrueMetric metric) {
    return ratio(sums, metric) - 1;
}

/* In the order of the stores, whatever thread walked them; `chosen` NULL: all of them. */
static int pool(const PlChainSums *sums, int n, const gboolean *chosen, PlChainEffect *effect) {
    int count = 0;
    double logs[PL_N_TRUE] = {0};
    *effect = (PlChainEffect){0};
    for (int i = 0; i < n; i++) {
        if (chosen && !chosen[i])
            continue;
        count++;
        add_sums(&sums[i], &effect->total);
        for (guint m = 0; m < PL_N_TRUE; m++)
            logs[m] += log(ratio(&sums[i], (PlTrueMetric)m));
    }
    for (guint m = 0; m < PL_N_TRUE; m++) {
        effect->lift[m] = expm1(logs[m] / count);
        effect->lift_total[m] = pl_chain_lift(&effect->total, (PlTrueMetric)m);
    }
    return count;
}

static int scopes(const PlChain *chain) {
    return pl_chain_options(chain)->products > 1 ? PL_N_SCOPES : PL_SCOPE_OTHERS;
}

/* The effects in those of the test stores that are of an arm and, from 0 on, of a format. */
static void pool_group(const PlChain *chain, const PlChainTruth *truth, int arm, int large,
                       PlChainGroupTruth *group) {
    g_autofree gboolean *chosen = g_new(gboolean, truth->n_tests);
    for (int i = 0; i < truth->n_tests; i++) {
        chosen[i] =
            truth->arm[i] == arm && (large < 0 || pl_chain_is_large(chain, truth->store[i]) == (large > 0));
    }
    for (int s = 0; s < scopes(chain); s++) {
        group->n = pool(truth->during[s], truth->n_tests, chosen, &group->during[s]);
        if (truth->has_after)
            pool(truth->after[s], truth->n_tests, chosen, &group->after[s]);
    }
}

static void pool_all(const PlChain *chain, const double *distributed, PlChainTruth *truth) {
    const PlChainOptions *o = pl_chain_options(chain);
    for (int s = 0; s < scopes(chain); s++) {
        pool(truth->during[s], truth->n_tests, NULL, &truth->effect_during[s]);
        if (truth->has_after)
            pool(truth->after[s], truth->n_tests, NULL, &truth->effect_after[s]);
    }
    for (int a = 0; a < truth->n_arms; a++) {
        pool_group(chain, truth, a + 1, -1, &truth->arms[a]);
        for (int large = 0; large < 2; large++)
            pool_group(chain, truth, a + 1, large, &truth->formats[2 * a + large]);
    }
    for (int i = 0; i < truth->n_tests; i++) {
        PlChainCoupon coupon = pl_chain_coupon(chain, truth->store[i]);
        const double redeemed = distributed[i] * coupon.redemption;
        truth->distributed += distributed[i];
        truth->redeemed += redeemed;
        truth->coupon_cost += redeemed * coupon.cents / 100;
        truth->arms[truth->arm[i] - 1].coupon_cost += redeemed * coupon.cents / 100;
    }
    if (o->coupon_slope == 0 && o->redemption_sd == 0) /* the same without the rounding of a sum */
        truth->redeemed = truth->distributed * o->redemption;
    const PlChainSums *first = &truth->effect_during[PL_SCOPE_PROMOTED].total;
    const PlChainSums *others = &truth->effect_during[PL_SCOPE_OTHERS].total;
    truth->gained = first->units_with - first->units_without;
    truth->taken = others->units_without - others->units_with;
}

static void new_sums(int n, PlChainSums *sums[PL_N_SCOPES]) {
    for (guint s = 0; s < PL_N_SCOPES; s++)
        sums[s] = g_new0(PlChainSums, n);
}

static void free_sums(PlChainSums *sums[PL_N_SCOPES]) {
    for (guint s = 0; s < PL_N_SCOPES; s++)
        g_free(sums[s]);
}

/* What the stores near test stores sell during the promotion. */
static void walk_near(const PlChain *chain, PlChainTruth *truth) {
    const PlChainOptions *o = pl_chain_options(chain);
    PlChainSums *during[PL_N_SCOPES], *after[PL_N_SCOPES];
    new_sums(o->stores, during);
    new_sums(o->stores, after);
    int n = 0;
    for (int s = 0; o->spillover != 0 && s < o->stores; s++)
        if (pl_chain_is_near(chain, s))
            walk_store(chain, s, during, after, n++);
    for (int s = 0; n > 0 && s < scopes(chain); s++)
        truth->near.n = pool(during[s], n, NULL, &truth->near.during[s]);
    free_sums(during);
    free_sums(after);
}

static void list_tests(const PlChain *chain, PlChainTruth *truth) {
    const PlChainOptions *o = pl_chain_options(chain);
    truth->store = g_new(int, o->stores);
    truth->arm = g_new(int, o->stores);
    for (int pair = 0; pair < o->pairs; pair++)
        truth->store[truth->n_tests++] = pl_chain_test(chain, pair);
    for (int s = 0; o->pairs == 0 && s < o->stores; s++)
        if (pl_chain_is_test(chain, s))
            truth->store[truth->n_tests++] = s;
    for (int i = 0; i < truth->n_tests; i++)
        truth->arm[i] = pl_chain_arm(chain, truth->store[i]);
}

PlChainTruth *pl_chain_truth_new(const PlChain *chain, int threads) {
    const PlChainOptions *o = pl_chain_options(chain);
    PlChainTruth *truth = g_new0(PlChainTruth, 1);
    list_tests(chain, truth);
    g_autofree double *distributed = g_new0(double, truth->n_tests);
    truth->n_pairs = o->pairs;
    truth->n_arms = pl_chain_n_arms(chain);
    truth->has_after = o->after > 0;
    truth->arms = g_new0(PlChainGroupTruth, truth->n_arms);
    truth->formats = g_new0(PlChainGroupTruth, 2 * truth->n_arms);
    new_sums(truth->n_tests, truth->during);
    new_sums(truth->n_tests, truth->after);
#pragma omp parallel for num_threads(threads) schedule(dynamic, 8) if (threads > 1)
    for (int i = 0; i < truth->n_tests; i++)
        distributed[i] = walk_store(chain, truth->store[i], truth->during, truth->after, i);
    pool_all(chain, distributed, truth);
    walk_near(chain, truth);
    return truth;
}

void pl_chain_truth_free(PlChainTruth *truth) {
    if (!truth)
        return;
    free_sums(truth->during);
    free_sums(truth->after);
    g_free(truth->store);
    g_free(truth->arm);
    g_free(truth->arms);
    g_free(truth->formats);
    g_free(truth);
}
