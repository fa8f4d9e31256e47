/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/members.h"
#include "pairlift/model/pairs.h"

/* Which stores a treatment is judged by. A design of pairs is one of blocks: a block is a pair, one test
 * store and one control store. Without pairs the blocks are those that groups were drawn within, or a single
 * one. */
typedef struct {
    const PlTreatment *treatment;
    gboolean paired;
    guint n_test, n_control, n_blocks;
    guint *test, *control;             /* stores of the panel; of pairs, test[i] and control[i] are pair i */
    guint *test_block, *control_block; /* in [0, n_blocks); of pairs, i */
    const PlPair **pairs;              /* [n_test] of a paired design, else NULL */
    guint n_errors;
    double **errors; /* [measure of the panel][n_test] of a paired design: see pl_arm_set_errors(); NULL: not
                        known */
} PlArm;

/* Every store that takes part, once. */
typedef struct {
    guint n;
    guint *store;     /* of the panel */
    const char *kind; /* "paired", or "assigned" to a group */
} PlStoreSet;

void pl_store_set_clear(PlStoreSet *set);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlStoreSet, pl_store_set_clear)
PlStoreSet pl_stores_of_arms(const GPtrArray *arms, const PlPanel *panel);

void pl_arm_free(PlArm *arm);
/* The arm of a treatment from the pairs. */
PlArm *pl_arm_of_pairs(const PlTreatment *treatment, const GPtrArray *pairs);
/* PlArm* of all treatments, in the definition's order; `members` NULL: from the pairs. */
GPtrArray *pl_arms_new(const PlDefinition *def, const GPtrArray *pairs, const PlMembers *members);
