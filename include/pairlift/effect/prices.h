/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/price_moves.h"

/* The section "prices": what the price did, and what it should be. Added when a treatment is of kind price or
 * discount, announces a change of the price, or when a metric is revenue / units and moved. */
void pl_add_prices(const PlStudy *study, PlResult *result);

/* The elasticity that the experiment gives, with Fieller's interval at `level`. */
typedef struct {
    double value, std_error, low, high, level, p_value;
    char *reason; /* why there is no value or no interval, NULL: there are */
} PlElasticity;
void pl_elasticity_clear(PlElasticity *elasticity);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlElasticity, pl_elasticity_clear)
PlElasticity pl_elasticity_of(const PlPriceMoves *moves, const PlJointMeans *means, double level);

/* The parts of the section, each in a file of its own. `name` starts a sentence when there are several
 * treatments: "price-cut: ", else "". */
void pl_add_price_panel(const PlPriceMoves *moves, PlResult *result, PlSection *section);
void pl_add_cross_prices(const PlPriceMoves *moves, PlSection *section);
void pl_add_profit_curve(const PlPriceMoves *moves, const PlElasticity *elasticity, const char *name,
                         PlResult *result, PlSection *section);

/* The currency, as a metric of revenue or price has it; NULL: none says. */
const char *pl_price_unit(const PlDefinition *def);
