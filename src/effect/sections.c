/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/sections.h"

#include "pairlift/effect/after.h"
#include "pairlift/effect/coupons.h"
#include "pairlift/effect/decomposition.h"
#include "pairlift/effect/economics.h"
#include "pairlift/effect/guardrails.h"
#include "pairlift/effect/next_step.h"
#include "pairlift/effect/prices.h"
#include "pairlift/effect/products.h"
#include "pairlift/effect/ranking.h"
#include "pairlift/effect/segments.h"
#include "pairlift/effect/spillover.h"
#include "pairlift/effect/totals_check.h"

void pl_add_sections(const PlStudy *study, PlResult *result) {
    pl_add_guardrails(study, result);
    pl_add_decomposition(study, result);
    pl_say_averages(study, result);
    pl_add_coupons(study, result);
    pl_add_prices(study, result);
    pl_add_products(study, result);
    pl_add_spillover(study, result);
    pl_add_after(study, result);
    pl_add_economics(study, result);
    pl_add_ranking(study, result);
    pl_add_factorial(study, result);
    pl_add_segments(study, result);
    pl_add_next_step(study, result);
}
