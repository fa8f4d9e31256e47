/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/estimate.h"

/* Checks of the pairs; each adds its rows to result->checks. A check that cannot be made has not passed: it
 * warns, without a value, and says why. */

/* Balance of levels, correlation of each pair's series, parallel trends before. */
void pl_check_balance(const PlPanel *panel, const GPtrArray *pairs, const PlMetric *metric, PlRange before,
                      PlResult *result);
/* Number of pairs, pairs without an effect, and the range of the deciding estimate when any one pair is left
 * out; names the treatment where there are several. */
void pl_check_pairs(const PlEffects *effects, const PlMethod *method, PlResult *result);
