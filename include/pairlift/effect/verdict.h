/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/estimate.h"

/* What an estimate means at its confidence level: a win or a loss when its (adjusted) p-value is at most
 * 1 - confidence, by its sign; equivalent when the whole interval lies within +-threshold (0: never),
 * which is stricter than two one-sided tests; else inconclusive. A lift too small to matter is
 * equivalent even where it is significant. */
PlVerdictKind pl_verdict_kind(const PlEstimate *estimate, double threshold);

/* Adds the verdict on the deciding estimate of `effects` to result->verdicts, with its sentence and headline.
 */
void pl_add_verdict(const PlEffects *effects, const PlInferenceOptions *options, PlResult *result);
