/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/study.h"

void pl_arm_free(PlArm *arm) {
    if (!arm)
        return;
    g_free(arm->test);
    g_free(arm->control);
    g_free(arm->test_block);
    g_free(arm->control_block);
    g_free(arm->pairs);
    g_free(arm);
}

PlArm *pl_arm_of_pairs(const PlTreatment *treatment, const GPtrArray *pairs) {
    PlArm *arm = g_new0(PlArm, 1);
    *arm = (PlArm){.treatment = treatment,
                   .paired = TRUE,
                   .test = g_new0(guint, pairs->len + 1),
                   .control = g_new0(guint, pairs->len + 1),
                   .test_block = g_new0(guint, pairs->len + 1),
                   .control_block = g_new0(guint, pairs->len + 1),
                   .pairs = g_new0(const PlPair *, pairs->len + 1)};
    for (guint i = 0; i < pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i);
        if (!g_str_equal(pair->treatment, treatment->name))
            continue;
        guint n = arm->n_blocks;
        arm->test[n] = pair->test;
        arm->control[n] = pair->control;
        arm->test_block[n] = arm->control_block[n] = n;
        arm->pairs[n] = pair;
        arm->n_test = arm->n_control = arm->n_blocks = n + 1;
    }
    return arm;
}

gboolean pl_study_measure(const PlStudy *study, const char *role, PlBoundMetric *bound) {
    const PlTable *sales = pl_definition_table(study->def, PL_TABLE_SALES);
    const char *column = pl_table_column(sales, role);
    for (guint m = 0; m < study->panel->n_measures; m++)
        if (!study->panel->averaged[m] && g_str_equal(study->panel->measures[m], column)) {
            *bound = (PlBoundMetric){PL_METRIC_SUM, m, 0};
            return TRUE;
        }
    return FALSE;
}

guint pl_range_length(PlRange range) {
    return range.end - range.begin;
}
