/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_truth.h"

#include <math.h>

static void add_cell(const PlChainCell *cell, PlChainSums *sums) {
    sums->units_without += cell->without;
    sums->units_with += cell->with;
    sums->revenue_without += cell->without * cell->list_cents / 100;
    sums->revenue_with += cell->with * cell->cents / 100;
}

static void add_sums(const PlChainSums *more, PlChainSums *sums) {
    sums->units_without += more->units_without;
    sums->units_with += more->units_with;
    sums->revenue_without += more->revenue_without;
    sums->revenue_with += more->revenue_with;
}

/* Walks the test store of a pair; gives the coupons that it hands out. */
static double walk_pair(const PlChain *chain, int pair, PlChainTruth *truth) {
    const PlChainOptions *o = pl_chain_options(chain);
    const PlChainDays during = pl_chain_period(chain, PL_CHAIN_DURING);
    g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, pl_chain_test(chain, pair), 1, TRUE);
    g_autofree PlChainCell *cells = g_new(PlChainCell, o->products);
    PlChainDay day = {.cells = cells};
    double distributed = 0;
    for (int t = 0; t < o->days; t++) {
        pl_chain_walk_next(walk, 0, &day);
        if (!day.open || t < during.begin)
            continue;
        PlChainSums **sums = t < during.end ? truth->during : truth->after;
        for (int p = 0; p < o->products; p++) {
            add_cell(&cells[p], &sums[PL_SCOPE_ALL][pair]);
            add_cell(&cells[p], &sums[p == 0 ? PL_SCOPE_PROMOTED : PL_SCOPE_OTHERS][pair]);
        }
        distributed += day.distributed;
    }
    return distributed;
}

static double ratio(const PlChainSums *s, PlTrueMetric metric) {
    double units = s->units_with / s->units_without, revenue = s->revenue_with / s->revenue_without;
    return metric == PL_TRUE_UNITS ? units : metric == PL_TRUE_REVENUE ? revenue : revenue / units;
}

double pl_chain_lift(const PlChainSums *sums, PlTrueMetric metric) {
    return ratio(sums, metric) - 1;
}

/* In the order of the pairs, whatever thread walked them. */
static void pool(const PlChainSums *sums, int n, PlChainEffect *effect) {
    *effect = (PlChainEffect){0};
    for (int i = 0; i < n; i++)
        add_sums(&sums[i], &effect->total);
    for (guint m = 0; m < PL_N_TRUE; m++) {
        double logs = 0;
        for (int i = 0; i < n; i++)
            logs += log(ratio(&sums[i], (PlTrueMetric)m));
        effect->lift[m] = expm1(logs / n);
        effect->lift_total[m] = pl_chain_lift(&effect->total, (PlTrueMetric)m);
    }
}

PlChainTruth *pl_chain_truth_new(const PlChain *chain, int threads) {
    const PlChainOptions *o = pl_chain_options(chain);
    PlChainTruth *truth = g_new0(PlChainTruth, 1);
    g_autofree double *distributed = g_new0(double, o->pairs);
    gboolean alike = o->coupon_slope == 0 && o->redemption_sd == 0;
    truth->n_pairs = o->pairs;
    truth->has_after = o->after > 0;
    for (guint s = 0; s < PL_N_SCOPES; s++) {
        truth->during[s] = g_new0(PlChainSums, o->pairs);
        truth->after[s] = g_new0(PlChainSums, o->pairs);
    }
#pragma omp parallel for num_threads(threads) schedule(dynamic, 8) if (threads > 1)
    for (int pair = 0; pair < o->pairs; pair++)
        distributed[pair] = walk_pair(chain, pair, truth);
    for (int pair = 0; pair < o->pairs; pair++) {
        PlChainCoupon coupon = pl_chain_coupon(chain, pl_chain_test(chain, pair));
        truth->distributed += distributed[pair];
        truth->redeemed += distributed[pair] * coupon.redemption;
        truth->coupon_cost += distributed[pair] * coupon.redemption * coupon.cents / 100;
    }
    if (alike) /* the same without the rounding of a sum */
        truth->redeemed = truth->distributed * o->redemption;
    for (guint s = 0; s < (o->products > 1 ? PL_N_SCOPES : PL_SCOPE_OTHERS); s++) {
        pool(truth->during[s], o->pairs, &truth->effect_during[s]);
        if (truth->has_after)
            pool(truth->after[s], o->pairs, &truth->effect_after[s]);
    }
    const PlChainSums *first = &truth->effect_during[PL_SCOPE_PROMOTED].total;
    const PlChainSums *others = &truth->effect_during[PL_SCOPE_OTHERS].total;
    truth->gained = first->units_with - first->units_without;
    truth->taken = others->units_without - others->units_with;
    return truth;
}

void pl_chain_truth_free(PlChainTruth *truth) {
    if (!truth)
        return;
    for (guint s = 0; s < PL_N_SCOPES; s++) {
        g_free(truth->during[s]);
        g_free(truth->after[s]);
    }
    g_free(truth);
}
