/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/estimate.h"
#include "pairlift/effect/periods.h"
#include "pairlift/model/tables.h"

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
} PlArm;

/* All that the parts of an analysis work on: loaded, paired, with gaps treated. */
typedef struct {
    const PlDefinition *def;
    PlPanel *panel;
    const PlTables *tables;
    const GPtrArray *pairs; /* PlPair*; empty for groups */
    GPtrArray *arms;        /* PlArm*, one a treatment, in the definition's order */
    PlRanges ranges;
    PlInferenceOptions options;
} PlStudy;

void pl_arm_free(PlArm *arm);
/* The arm of a treatment from the pairs. */
PlArm *pl_arm_of_pairs(const PlTreatment *treatment, const GPtrArray *pairs);

/* A measure that plays a role in the sales table ("revenue", "units", "visits"), as a sum; FALSE: the data
 * have no such column. */
gboolean pl_study_measure(const PlStudy *study, const char *role, PlBoundMetric *bound);
/* How many intervals of a range the panel has. */
guint pl_range_length(PlRange range);
