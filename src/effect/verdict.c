/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/verdict.h"

#include <math.h>

#include "pairlift/effect/sentence.h"

/* Comparisons with NaN are false: an absent p-value or limit proves nothing. */
PlVerdictKind pl_verdict_kind(const PlEstimate *e, double threshold) {
    if (threshold > 0 && e->conf_low > -threshold && e->conf_high < threshold)
        return PL_EQUIVALENT;
    if (e->p_adjusted <= 1 - e->conf_level)
        return e->estimate > 0 ? PL_WIN : PL_LOSS;
    return PL_INCONCLUSIVE;
}

void pl_add_verdict(const PlEffects *effects, const PlInferenceOptions *options, PlResult *result) {
    const PlEstimate *estimate = pl_result_deciding(result, effects->treatment);
    if (!estimate)
        return;
    PlVerdict *verdict = g_new0(PlVerdict, 1);
    verdict->kind = pl_verdict_kind(estimate, result->threshold);
    verdict->treatment = g_strdup(estimate->treatment);
    verdict->metric = g_strdup(estimate->metric);
    verdict->sentence = pl_verdict_sentence(effects, estimate, verdict->kind, options, result);
    verdict->headline = pl_verdict_headline(effects, estimate, verdict->kind, options, result);
    g_ptr_array_add(result->verdicts, verdict);
}
