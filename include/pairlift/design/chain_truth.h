/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

/* What the promotion truly did in a simulated chain: expectations of what the test stores sell with it,
 * against what the same stores on the same open days would have sold without it. Noise has no part in it. */

typedef enum { PL_SCOPE_ALL, PL_SCOPE_PROMOTED, PL_SCOPE_OTHERS, PL_N_SCOPES } PlChainScope; /* of products */
typedef enum { PL_TRUE_UNITS, PL_TRUE_REVENUE, PL_TRUE_PRICE, PL_N_TRUE } PlTrueMetric;

/* Sums over days and products. */
typedef struct {
    double units_without, units_with, revenue_without, revenue_with;
} PlChainSums;

/* Effects on units, revenue (at shelf prices) and the ratio of the two, indexed by PlTrueMetric. */
typedef struct {
    double lift[PL_N_TRUE]; /* exp(mean over the pairs of log(with / without)) - 1: what `run` estimates */
    double lift_total[PL_N_TRUE]; /* sum over the pairs with / sum without - 1 */
    PlChainSums total;
} PlChainEffect;

typedef struct {
    int n_pairs;
    gboolean has_after;
    PlChainSums *during[PL_N_SCOPES], *after[PL_N_SCOPES]; /* [n_pairs] of each test store */
    PlChainEffect effect_during[PL_N_SCOPES],
        effect_after[PL_N_SCOPES]; /* others: of nothing with one product */
    double distributed;            /* coupons handed out */
    double redeemed;               /* of them, expected */
    double coupon_cost;            /* face values of those, expected */
    double gained, taken;          /* units during: more of the promoted product, less of the others */
} PlChainTruth;

/* One walk over the test stores. */
PlChainTruth *pl_chain_truth_new(const PlChain *chain, int threads);
void pl_chain_truth_free(PlChainTruth *truth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlChainTruth, pl_chain_truth_free)

/* With / without - 1 of one store's sums. */
double pl_chain_lift(const PlChainSums *sums, PlTrueMetric metric);
