/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/pair_effects.h"

/* Adds the check "methods_agree" on the deciding estimate of `effects` and those beside it: whether all come
 * to the same conclusion (up, down or open at the level), and where not, which part and why that can happen
 * with these data: few pairs, a pair far off the others, a drift before, a method that rejects too often, the
 * weights that methods on every store and time give. */
void pl_check_agreement(const PlEffects *effects, PlResult *result);
