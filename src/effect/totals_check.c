/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/totals_check.h"

#include <math.h>

#include "pairlift/effect/sentence.h"

void pl_check_totals_agree(const PlStudy *study, const PlArm *arm, PlResult *result) {
    const PlMetric *primary = pl_definition_primary(study->def);
    const PlEstimate *e = pl_result_deciding(result, arm->treatment->name);
    PlTotalOf measure = {.scale = study->def->analysis.effect};
    if (primary->kind != PL_METRIC_SUM || !e || !isfinite(e->estimate) ||
        !pl_metric_bind(primary, study->panel, &measure.metric))
        return;
    PlInferenceOptions none = study->options;
    none.resamples = 0; /* the totals of the data alone */
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &none);
    g_autoptr(PlTotals) t = pl_totals_new(study, arm, draws, &measure, 1, study->ranges.during);
    double gain = t->with[0][0] - t->without[0][0];
    if (!(e->estimate * gain < 0))
        return;
    g_autofree char *words = pl_metric_words(primary),
                    *lift = pl_format_amount(
                        e->estimate, (e->conf_high - e->conf_low) / 2,
                        e->scale == PL_EFFECT_RELATIVE ? PL_AMOUNT_LIFT : PL_AMOUNT_NUMBER, NULL);
    g_autofree char *sum = pl_format_amount(gain, NAN, PL_AMOUNT_UNITS, primary->unit);
    pl_result_check(
        result, "totals_agree", PL_WARN, gain,
        "%s: the mean %s is %s in %s, but the sum over the test stores is %s: in a sum large stores "
        "count for more, and they moved the other way than the small ones",
        arm->treatment->name, arm->paired ? "of the pairs" : "of the stores", lift, words, sum);
}
