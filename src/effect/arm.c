/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/arm.h"

void pl_arm_free(PlArm *arm) {
    if (!arm)
        return;
    g_free(arm->test);
    g_free(arm->control);
    g_free(arm->test_block);
    g_free(arm->control_block);
    g_free(arm->pairs);
    for (guint m = 0; m < arm->n_errors; m++)
        g_free(arm->errors[m]);
    g_free(arm->errors);
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

/* The arm of the k-th treatment from the groups: its stores and all controls, block by block. */
static PlArm *of_members(const PlDefinition *def, guint k, const PlMembers *members) {
    PlArm *arm = g_new0(PlArm, 1);
    *arm = (PlArm){.treatment = g_ptr_array_index(def->treatments, k),
                   .n_blocks = members->n_blocks,
                   .test = g_new0(guint, members->n + 1),
                   .control = g_new0(guint, members->n + 1),
                   .test_block = g_new0(guint, members->n + 1),
                   .control_block = g_new0(guint, members->n + 1)};
    for (guint i = 0; i < members->n; i++) {
        if (members->arm[i] == (int)k) {
            arm->test[arm->n_test] = members->store[i];
            arm->test_block[arm->n_test++] = members->block[i];
        } else if (members->arm[i] < 0) {
            arm->control[arm->n_control] = members->store[i];
            arm->control_block[arm->n_control++] = members->block[i];
        }
    }
    return arm;
}

GPtrArray *pl_arms_new(const PlDefinition *def, const GPtrArray *pairs, const PlMembers *members) {
    GPtrArray *arms = g_ptr_array_new_with_free_func((GDestroyNotify)pl_arm_free);
    for (guint k = 0; k < def->treatments->len; k++)
        g_ptr_array_add(arms, members ? of_members(def, k, members)
                                      : pl_arm_of_pairs(g_ptr_array_index(def->treatments, k), pairs));
    return arms;
}

void pl_store_set_clear(PlStoreSet *set) {
    g_clear_pointer(&set->store, g_free);
}

static void add_stores(PlStoreSet *set, gboolean *seen, const guint *stores, guint n) {
    for (guint i = 0; i < n; i++)
        if (!seen[stores[i]]) {
            seen[stores[i]] = TRUE;
            set->store[set->n++] = stores[i];
        }
}

PlStoreSet pl_stores_of_arms(const GPtrArray *arms, const PlPanel *panel) {
    g_autofree gboolean *seen = g_new0(gboolean, panel->n_stores + 1);
    PlStoreSet set = {0, g_new0(guint, panel->n_stores + 1), "paired"};
    for (guint i = 0; i < arms->len; i++) {
        const PlArm *arm = g_ptr_array_index(arms, i);
        set.kind = arm->paired ? "paired" : "assigned";
        for (guint k = 0; k < arm->n_test && arm->paired; k++) { /* pair by pair, as messages list them */
            add_stores(&set, seen, &arm->test[k], 1);
            add_stores(&set, seen, &arm->control[k], 1);
        }
        if (arm->paired)
            continue;
        add_stores(&set, seen, arm->test, arm->n_test);
        add_stores(&set, seen, arm->control, arm->n_control);
    }
    return set;
}
