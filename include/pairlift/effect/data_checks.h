/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/gaps.h"
#include "pairlift/effect/pair_effects.h"

/* Checks of the data; each adds its rows to result->checks. */

/* Stores that are in the data but in no pair or group, and how many rows were analysed. */
void pl_check_coverage(const PlPanel *panel, const PlStoreSet *stores, const PlRange *ranges, guint n_ranges,
                       PlResult *result);
/* Intervals of the periods at which no store has data, closed weekdays, periods that begin within a week or
 * month. */
void pl_check_calendar(const PlDefinition *def, const PlPanel *panel, const PlCalendar *calendar,
                       PlResult *result);
/* Gaps of the stores and how they were treated. */
void pl_check_gaps(const PlDefinition *def, const PlPanel *panel, const PlStoreSet *set,
                   const PlGapReport *gaps, PlResult *result);
/* Store-intervals of the stores within the ranges whose value is zero or negative. */
void pl_check_positive(const PlPanel *panel, const PlStoreSet *stores, const PlMetric *metric,
                       const PlRange *ranges, guint n_ranges, PlResult *result);
