/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/estimate.h"

/* The finding in plain words: effect, interval, chance of it under no effect; for an inconclusive one
 * what would settle it. All texts to free with g_free. */
char *pl_verdict_sentence(const PlEffects *effects, const PlEstimate *estimate, PlVerdictKind kind,
                          const PlInferenceOptions *options, const PlResult *result);
/* A metric within a sentence: "units sold" for the label "Units sold"; "KPI" stays as it is. */
char *pl_metric_words(const PlMetric *metric);
/* "cartons per store and week" for absolute effects; NULL for lifts. */
char *pl_unit_words(const PlMetric *metric, const PlResult *result);
/* The same in a few words, for the title of a chart. */
char *pl_verdict_headline(const PlEffects *effects, const PlEstimate *estimate, PlVerdictKind kind,
                          const PlInferenceOptions *options, const PlResult *result);
