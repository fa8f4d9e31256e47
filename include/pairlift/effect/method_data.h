/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/pair_effects.h"
#include "pairlift/stats/method.h"

/* What `run` feeds a method with, by the shape of data that the method works on. */
typedef struct {
    const PlPanel *panel;
    const PlMetric *metric;
    const PlEffects *effects; /* the pairs with an effect; the others take no part in any method */
    PlRange before, period;
    PlScale scale;
} PlMethodSource;

typedef struct {
    PlSample sample;
    size_t during_begin, during_end; /* levels of the sample's time */
    GPtrArray *owned;
    char *reason; /* why the data cannot be had in this shape, NULL: they can */
} PlMethodData;

void pl_method_data_free(PlMethodData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlMethodData, pl_method_data_free)

/* PL_DESIGN_PAIRS: x the effects; for a method that takes `pre`, x the difference of the two stores in the
 * period and pre that before, both on the scale of the effect. PL_DESIGN_SERIES: x and y the mean test and
 * control store at each time where all of them have a value, in their unit. PL_DESIGN_PANEL: x of every store
 * and time, its logarithm under a relative scale; unit the store, cluster the pair, treated 1 for test stores
 * in the period. Times are those of the two periods. */
PlMethodData *pl_method_data_new(const PlMethodSource *source, const PlMethod *method);
