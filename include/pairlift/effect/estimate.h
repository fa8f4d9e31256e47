/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/method_data.h"
#include "pairlift/stats/methods.h"

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

/* What the estimates are for. */
typedef struct {
    gboolean deciding; /* the first method decides */
    gboolean beside;   /* the panel of other methods: those that work on stores and times, too */
    gboolean named;    /* the definition names the methods: none is left out for its cost */
} PlEstimatePurpose;

/* Runs each method on the effects and adds a row each to result->estimates. Methods on stores and times
 * stand beside the main estimate only, unless the first is one of them. What cannot be estimated has a
 * reason. PL_ERROR_SYSTEM: not enough memory for the resamples. */
gboolean pl_estimate(const PlMethodSource *source, const PlMethod *const *methods,
                     const PlInferenceOptions *options, PlEstimatePurpose purpose, PlResult *result,
                     PlStepper *stepper, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills p_adjusted of the deciding estimates as the definition says; without several of them it is
 * the p-value itself. */
void pl_adjust_deciding(PlResult *result, PlAdjust adjust);
