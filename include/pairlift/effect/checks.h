/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/estimate.h"
#include "pairlift/effect/gaps.h"

/* Each adds its checks to result->checks. */

/* Stores that are in the data but in no pair; gaps and how they were treated; times of the periods at
 * which no store has data. */
void pl_check_coverage(const PlPanel *panel, const GPtrArray *pairs, const PlDefinition *def,
                       const PlGapReport *gaps, PlResult *result);
/* Store-intervals of the paired stores within the ranges whose value is zero or negative. */
void pl_check_positive(const PlPanel *panel, const GPtrArray *pairs, const PlMetric *metric,
                       const PlRange *ranges, guint n_ranges, PlResult *result);
/* Balance of levels, correlation of each pair's series, parallel trends before. */
void pl_check_balance(const PlPanel *panel, const GPtrArray *pairs, const PlMetric *metric, PlRange before,
                      PlResult *result);
/* Number of pairs, pairs without an effect, and the range of the deciding estimate when any one pair is
 * left out. */
void pl_check_pairs(const PlEffects *effects, const PlMethod *method, const PlInferenceOptions *options,
                    PlResult *result);
