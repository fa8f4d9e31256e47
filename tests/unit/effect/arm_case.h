/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "pairlift/effect/counterfactual.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/rng.h"

/* Arms made by hand: test stores are 0, 1, ..., control stores follow. */

static const PlTreatment arm_treatment = {.name = (char *)"deal"};

static inline PlArm *arm_of(gboolean paired, guint n_test, guint n_control, guint n_blocks) {
    PlArm *arm = g_new0(PlArm, 1);
    *arm = (PlArm){.treatment = &arm_treatment,
                   .paired = paired,
                   .n_test = n_test,
                   .n_control = n_control,
                   .n_blocks = paired ? n_test : n_blocks,
                   .test = g_new0(guint, n_test + 1),
                   .control = g_new0(guint, n_control + 1),
                   .test_block = g_new0(guint, n_test + 1),
                   .control_block = g_new0(guint, n_control + 1)};
    for (guint i = 0; i < n_test; i++) {
        arm->test[i] = i;
        arm->test_block[i] = paired ? i : i % n_blocks;
    }
    for (guint i = 0; i < n_control; i++) {
        arm->control[i] = n_test + i;
        arm->control_block[i] = paired ? i : i % n_blocks;
    }
    return arm;
}

static inline PlInferenceOptions arm_options(size_t resamples) {
    pl_stats_init();
    return (PlInferenceOptions){.conf_level = .95, .resamples = resamples, .seed = 5, .threads = 1};
}
