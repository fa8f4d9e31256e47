/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

/* What the promotion truly did in a simulated chain: expectations of what the test stores sell with it,
 * against what the same stores on the same open days would have sold without it. Noise has no part in it. */

typedef enum { PL_SCOPE_ALL, PL_SCOPE_PROMOTED, PL_SCOPE_OTHERS, PL_N_SCOPES } PlChainScope; /* of products */
typedef enum {
    PL_TRUE_UNITS,
    PL_TRUE_REVENUE,
    PL_TRUE_PRICE,
    PL_TRUE_VISITS, /* of the store, whatever the products; NaN in a chain without visits */
    PL_TRUE_BASKET, /* units a visit, likewise */
    PL_N_TRUE
} PlTrueMetric;

/* Sums over days and products. */
typedef struct {
    double units_without, units_with, revenue_without, revenue_with;
    double visits_without, visits_with;
    double profit_without, profit_with; /* gross, at pl_chain_cost() */
} PlChainSums;

/* Effects on units, revenue (at shelf prices) and the rest, indexed by PlTrueMetric. */
typedef struct {
    double lift[PL_N_TRUE]; /* exp(mean over the pairs of log(with / without)) - 1: what `run` estimates */
    double lift_total[PL_N_TRUE]; /* sum over the pairs with / sum without - 1 */
    PlChainSums total;
} PlChainEffect;

/* Of some of the test stores. */
typedef struct {
    int n; /* stores; 0: the effects are of nothing */
    PlChainEffect during[PL_N_SCOPES], after[PL_N_SCOPES];
    double coupon_cost; /* of an arm: what its redeemed coupons cost */
} PlChainGroupTruth;

typedef struct {
    int n_pairs; /* 0: a design of groups */
    int n_tests; /* test stores: of pairs, n_pairs */
    int n_arms;
    gboolean has_after;
    int *store, *arm; /* [n_tests] the test stores; of pairs, in their order */
    PlChainSums *during[PL_N_SCOPES], *after[PL_N_SCOPES]; /* [n_tests] */
    PlChainGroupTruth *arms;                               /* [n_arms] */
    PlChainGroupTruth *formats; /* [2 * n_arms] small, then large stores of an arm */
    PlChainGroupTruth near;     /* stores without the promotion that feel the spillover */
    PlChainEffect effect_during[PL_N_SCOPES],
        effect_after[PL_N_SCOPES]; /* others: of nothing with one product */
    double distributed;            /* coupons handed out */
    double redeemed;               /* of them, expected */
    double coupon_cost;            /* face values of those, expected */
    double gained, taken;          /* units during: more of the promoted product, less of the others */
} PlChainTruth;

/* One walk over the test stores and those near them. */
PlChainTruth *pl_chain_truth_new(const PlChain *chain, int threads);
void pl_chain_truth_free(PlChainTruth *truth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlChainTruth, pl_chain_truth_free)

/* With / without - 1 of one store's sums. */
double pl_chain_lift(const PlChainSums *sums, PlTrueMetric metric);
