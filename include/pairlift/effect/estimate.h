/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/pair_effects.h"
#include "pairlift/stats/methods.h"

/* The methods of a definition, the deciding one first; when it names none, those of the design (`n_pairs`,
 * and `n_deciding` tests that share the level), and
 * `why` says in a sentence how the deciding one was chosen (free with g_free).
 * Returns a NULL-terminated array of rows of pl_methods (free the array), or NULL and
 * PL_ERROR_DEFINITION: a method that does not exist (with "did you mean"). */
const PlMethod **pl_choose_methods(const PlDefinition *def, guint n_pairs, guint n_deciding, char **why,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The options of the tests, from the definition. */
PlInferenceOptions pl_inference_options(const PlAnalysis *analysis, int threads);

/* Tells somebody how far the tests are; `report` NULL: nobody. */
typedef struct {
    void (*report)(guint64 done, guint64 total, gpointer data);
    gpointer data;
    guint64 done, total;
} PlStepper;

static inline void pl_stepper_step(PlStepper *stepper) {
    stepper->done++;
    if (stepper->report)
        stepper->report(stepper->done, stepper->total, stepper->data);
}

/* Runs each method on the effects and adds a row each to result->estimates; the first one decides when
 * `deciding`. What cannot be estimated has a reason. PL_ERROR_SYSTEM: not enough memory for the resamples. */
gboolean pl_estimate(const PlEffects *effects, const PlMethod *const *methods,
                     const PlInferenceOptions *options, gboolean deciding, PlResult *result,
                     PlStepper *stepper, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills p_adjusted of the deciding estimates as the definition says; without several of them it is
 * the p-value itself. */
void pl_adjust_deciding(PlResult *result, PlAdjust adjust);
