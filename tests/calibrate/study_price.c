/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "findings.h"

#include <math.h>

#define COST   2.5
#define TARGET -2.0
#define CUT    0.1

static const PlChainEffect *effect(const PlChainTruth *truth) {
    return &truth->effect_during[PL_SCOPE_ALL];
}

static double elasticity(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return log1p(effect(truth)->lift[PL_TRUE_UNITS]) / log1p(effect(truth)->lift[PL_TRUE_PRICE]);
}

static double of_stores(const PlChain *chain, const PlChainTruth *truth) {
    (void)truth;
    return pl_chain_options(chain)->elasticity;
}

static double pass_through(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->lift[PL_TRUE_PRICE] / -CUT;
}

static double best_price(const PlChain *chain, const PlChainTruth *truth) {
    double e = elasticity(chain, truth);
    return COST * e / (1 + e);
}

static double today(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return effect(truth)->total.revenue_without / effect(truth)->total.units_without;
}

/* Profit per store and day at a price, less that at today's. */
static double gain(const PlChain *chain, const PlChainTruth *truth, double price) {
    PlChainDays days = pl_chain_period(chain, PL_CHAIN_DURING);
    double units = effect(truth)->total.units_without / (truth->n_pairs * (days.end - days.begin));
    double from = today(chain, truth);
    return units * (pow(price / from, elasticity(chain, truth)) * (price - COST) - (from - COST));
}

static double gain_best(const PlChain *chain, const PlChainTruth *truth) {
    return gain(chain, truth, best_price(chain, truth));
}

static double gain_promoted(const PlChain *chain, const PlChainTruth *truth) {
    return gain(chain, truth, effect(truth)->total.revenue_with / effect(truth)->total.units_with);
}

static void price_cut(PlChainOptions *o) {
    o->lift = o->dip = 0;
    o->price_cut = CUT;
    o->price_sd = 0.05;
    o->elasticity = TARGET;
}

static const Claim claims[] = {{"prices", "elasticity", NULL, elasticity},
                               {"prices", "pass_through", NULL, pass_through},
                               {"prices", "current_price", NULL, today},
                               {"prices", "best_price", NULL, best_price},
                               {"prices", "profit_change_promoted", NULL, gain_promoted},
                               {"prices", "profit_change_best", NULL, gain_best},
                               {"prices", "elasticity_panel", NULL, of_stores},
                               {"prices", "elasticity_before", NULL, of_stores},
                               {0}};
static const size_t sizes[] = {4, 10, 20, 40, 0};

extern const FindingsStudy pl_study_price;
const FindingsStudy pl_study_price = {"Price",
                                      "Chains that `pairlift simulate --lift 0 --price-cut 0.1 --elasticity "
                                      "-2 --price-sd 0.05` makes: elasticities, "
                                      "the best price at a unit cost of 2.50, and what it earns.",
                                      "metrics: [{name: units, sum: units}, {name: revenue, sum: revenue}]\n"
                                      "treatments: [{name: promotion, kind: price, price_change: -0.1}]\n"
                                      "economics: {unit_cost: 2.5}\n",
                                      sizes,
                                      1,
                                      price_cut,
                                      claims};
