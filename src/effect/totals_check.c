/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/totals_check.h"

#include <math.h>

#include "pairlift/effect/sentence.h"

/* One store with more than this share of a total makes the total that store's, and its interval too short. */
#define LARGEST_SHARE 0.3
enum { LEAST_STORES = 5 };

static void check_largest(const PlStudy *study, const PlArm *arm, const PlTotals *t, PlResult *result) {
    double sum = 0, largest = 0;
    guint store = 0, n = 0;
    for (guint i = 0; i < arm->n_test; i++) {
        double x = t->during[0][arm->test[i]];
        if (!(x > 0))
            continue;
        sum += x;
        n++;
        if (x > largest) {
            largest = x;
            store = arm->test[i];
        }
    }
    if (n < LEAST_STORES || !(largest > LARGEST_SHARE * sum))
        return;
    g_autofree char *share = pl_format_amount_size(largest / sum, 0.1, PL_AMOUNT_SHARE, NULL);
    pl_result_check(
        result, "store_sizes", PL_WARN, largest / sum,
        "%s: store \"%s\" alone makes %s of what the test stores sold: sums over the stores hang on it, and "
        "their intervals are a little short",
        arm->treatment->name, study->panel->stores[store], share);
}

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
    check_largest(study, arm, t, result);
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

void pl_say_averages(const PlStudy *study, PlResult *result) {
    PlSection *section = pl_result_section(result, "decomposition");
    for (guint i = 0; section && i < study->arms->len; i++) {
        const PlArm *arm = g_ptr_array_index(study->arms, i);
        const PlEstimate *e = pl_result_deciding(result, arm->treatment->name);
        const PlMethod *method = e ? pl_method_find(e->method) : NULL;
        if (!method || method->design != PL_DESIGN_SERIES || !isfinite(e->estimate))
            continue;
        g_autofree char *lift =
            pl_format_amount(e->estimate, (e->conf_high - e->conf_low) / 2,
                             e->scale == PL_EFFECT_RELATIVE ? PL_AMOUNT_LIFT : PL_AMOUNT_NUMBER, NULL);
        pl_section_say(
            section,
            "The verdict's %s (%s) follows how the stores moved together before; this section and those "
            "below "
            "compare averages before and during, which is simpler and, with so few stores, can be another "
            "number.",
            lift, e->method);
    }
}
