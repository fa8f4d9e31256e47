/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/change_test.h"
#include "pairlift/effect/counterfactual.h"

/* What an arm's promotion did to the sales of each item of the breakdown. */

/* One item, or several added up. */
typedef struct {
    guint item;
    gboolean promoted;
    double lift, low,
        high; /* with the promotion / without - 1, of units where there are any, else of revenue */
    double p, p_adjusted;
    guint n;
    char *reason;     /* what is missing, or how the lift was measured where it is not by log ratios */
    double change[2]; /* PlItemMeasure: total over the promotion and the test stores */
    double change_low[2], change_high[2], change_error[2]; /* NaN: not asked for, or none */
} PlItemEffect;

typedef struct {
    const PlStudy *study;
    const PlArm *arm;
    const PlBreakdown *breakdown;
    const PlMethod *method;        /* on pairs; NULL: Student's t */
    PlInferenceOptions options;    /* two-sided: an item may gain or lose */
    PlDraws *draws, *none;         /* none: without draws, for totals alone */
    double *before[2], *during[2]; /* scratch: the item at hand by measure, mean of an interval */
    double *times;                 /* [store] intervals of the promotion on which it was open */
    double *with, *without;        /* scratch: [1 + draws] */
} PlItemScope;

PlItemScope *pl_item_scope_new(const PlStudy *study, const PlArm *arm, const PlResult *result);
void pl_item_scope_free(PlItemScope *scope);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlItemScope, pl_item_scope_free)

/* [n_items] of the items that the arm's treatment promotes: its own products, else what `where` kept. */
gboolean *pl_promoted_items(const PlStudy *study, const PlArm *arm);

/* The effect on one item, without intervals of the changes. */
void pl_item_effect(PlItemScope *scope, guint item, PlItemEffect *out);
/* The same of all items for which `chosen` is `value`, as if they were one. */
void pl_items_effect(PlItemScope *scope, const gboolean *chosen, gboolean value, PlItemEffect *out);
/* The draws of the change in total ([1 + draws]) of those items; FALSE: no such measure, or no totals. */
gboolean pl_items_draws(PlItemScope *scope, const gboolean *chosen, gboolean value, PlItemMeasure measure,
                        double *change);
/* Intervals of the changes of an item that pl_item_effect() was done for. */
void pl_item_intervals(PlItemScope *scope, PlItemEffect *effect);
/* p_adjusted of those that are not promoted and have a p, as the definition says; of the others p itself. */
void pl_item_effects_adjust(PlItemEffect *effects, guint n, PlAdjust how);
