/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/pairs.h"
#include "pairlift/model/result.h"
#include "pairlift/model/value.h"

/* Half-open range of time indices of a period; begin == end: not declared. */
typedef struct {
    guint begin, end;
} PlRange;

/* The effects of one treatment, metric and period on every pair. */
typedef struct {
    const char *treatment;
    const PlMetric *metric;
    const char *period;   /* "during" or "after" */
    guint n;              /* pairs with an effect */
    double *effects;      /* [n], log ratio under relative, else in units */
    const PlPair **pairs; /* [n] the pair of each */
} PlEffects;

void pl_effects_free(PlEffects *effects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlEffects, pl_effects_free)

/* Computes the effects (contract, "What an effect is") and adds a row a pair to result->pairs; a pair
 * without a value has a `reason` there and is left out of `effects`. A value that has no logarithm is such a
 * reason; with `faults` it is a fault as well, with `source` (the data file), store and period. `before` may
 * be empty: the effect is then the difference during the period alone. */
PlEffects *pl_pair_effects(const PlPanel *panel, const GPtrArray *pairs, const char *treatment,
                           const PlMetric *metric, PlRange before, PlRange period, const char *period_name,
                           const char *source, PlResult *result, PlDiagnostics *faults);
