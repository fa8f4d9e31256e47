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

#define ECONOMICS                                                                                            \
    METRICS "economics: {margin: 0.3, fixed_cost: 1000, cost_per_store: 100, rollout_stores: 200}\n"
#define MARGIN 0.3

static double items(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->total.units_with - effect(truth)->total.units_without;
}

/* Gross profit with the unit cost that the margin gives at the price without the promotion. */
static double gross_of(const PlChainSums *s) {
    double unit_cost = (1 - MARGIN) * s->revenue_without / s->units_without;
    return s->revenue_with - s->revenue_without - unit_cost * (s->units_with - s->units_without);
}

static double given_away(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    const PlChainSums *s = &effect(truth)->total;
    return s->revenue_with - s->units_with * s->revenue_without / s->units_without;
}

static double gross(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return gross_of(&effect(truth)->total);
}

static double dip(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return gross_of(&truth->effect_after[PL_SCOPE_ALL].total);
}

static double cost(const PlChain *chain) {
    return 1000 + 100.0 * pl_chain_options(chain)->pairs;
}

static double net(const PlChain *chain, const PlChainTruth *truth) {
    return gross(chain, truth) + dip(chain, truth) - cost(chain);
}

static double roi(const PlChain *chain, const PlChainTruth *truth) {
    return net(chain, truth) / cost(chain);
}

static double break_even(const PlChain *chain, const PlChainTruth *truth) {
    const PlChainSums *s = &effect(truth)->total;
    double earned = s->revenue_with / s->units_with - (1 - MARGIN) * s->revenue_without / s->units_without;
    return (s->units_with - net(chain, truth) / earned) / s->units_without - 1;
}

static const Claim money[] = {{"economics", "incremental_units", NULL, items},
                              {"economics", "incremental_revenue", NULL, gained},
                              {"economics", "gross_profit", NULL, gross},
                              {"economics", "bar_price", NULL, given_away},
                              {"economics", "bar_after", NULL, dip},
                              {"economics", "net_profit", NULL, net},
                              {"economics", "roi", NULL, roi},
                              {"economics", "break_even_lift", NULL, break_even},
                              {0}};

static void promotion(PlChainOptions *o) {
    o->lift = 0.2;
    o->dip = 0.05;
    o->price_cut = 0.05;
    o->price_sd = 0.02;
}

static const FindingsStudy economics = {"What it earned",
                                        "Chains that `pairlift simulate --lift 0.2 --price-cut 0.05 "
                                        "--price-sd 0.02 --dip 0.05` makes, with a margin of "
                                        "30 %, a fixed cost and a cost by store.",
                                        ECONOMICS,
                                        sizes,
                                        1,
                                        promotion,
                                        money};

extern const FindingsStudy pl_study_price, pl_findings_coupons, pl_findings_coupon_values;
static const FindingsStudy of_groups = {"What it earned, without pairs",
                                        "The same chains, their stores compared as two groups.",
                                        ECONOMICS "assignment: {file: stores.csv, control: none}\n",
                                        sizes,
                                        1,
                                        promotion,
                                        money};

const FindingsStudy *const pl_findings_studies[] = {&decomposition,
                                                    &economics,
                                                    &of_groups,
                                                    &pl_study_price,
                                                    &study_moved_products,
                                                    &study_moved_after,
                                                    &study_moved_near,
                                                    &pl_findings_coupons,
                                                    &pl_findings_coupon_values,
                                                    NULL};
