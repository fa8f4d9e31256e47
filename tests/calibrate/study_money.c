/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "findings.h"

#include "pairlift/stats/log_mean.h"

#define METRICS                                                                                              \
    "metrics: [{name: revenue, sum: revenue}, {name: units, sum: units}]\n"                                  \
    "primary: revenue\n"

static const PlChainEffect *effect(const PlChainTruth *truth) {
    return &truth->effect_during[PL_SCOPE_ALL];
}

static double gained(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->total.revenue_with - effect(truth)->total.revenue_without;
}

static double part(const PlChainTruth *truth, guint factor) {
    const PlChainSums *s = &effect(truth)->total;
    double with[] = {s->units_with, s->revenue_with}, without[] = {s->units_without, s->revenue_without};
    double parts[2];
    pl_split_change(with, without, 2, parts);
    return parts[factor];
}

static double from_items(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return part(truth, 0);
}

static double from_price(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return part(truth, 1);
}

static double lift_items(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->lift[PL_TRUE_UNITS];
}

static double lift_revenue(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->lift[PL_TRUE_REVENUE];
}

static double lift_price(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->lift[PL_TRUE_PRICE];
}

static void price_cut(PlChainOptions *o) {
    o->lift = 0.05;
    o->price_cut = 0.1;
    o->price_sd = 0.05;
}

static const Claim split[] = {{"decomposition", "lift_revenue", NULL, lift_revenue},
                              {"decomposition", "lift_units", NULL, lift_items},
                              {"decomposition", "lift_price", NULL, lift_price},
                              {"decomposition", "amount_units", NULL, from_items},
                              {"decomposition", "amount_price", NULL, from_price},
                              {"decomposition", "amount_gained", NULL, gained},
                              {0}};
static const size_t sizes[] = {4, 10, 20, 40, 0};

static const FindingsStudy decomposition = {
    "Why: items and prices",
    "Chains that `pairlift simulate --price-cut 0.1 --price-sd 0.05` makes; lifts and money of the "
    "split of revenue.",
    METRICS,
    sizes,
    1,
    price_cut,
    split};

const FindingsStudy *const pl_findings_studies[] = {&decomposition, NULL};
