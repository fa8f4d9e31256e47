/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/arm.h"
#include "pairlift/effect/pair_effects.h"

/* What `run` needs to know to value the stores of groups. */
typedef struct {
    const PlDefinition *def;
    const PlPanel *panel;
    const PlMembers *members;
    PlRange before, period; /* before may be empty: the value of the period stands for the change */
    PlScale scale;
} PlGroupScope;

/* Values of the stores of all groups for one metric and period, on the scale of the effect (logarithms under
 * relative): `change` = during - before. Stores without a value are left out: a check "stores" of
 * pl_check_groups counts them by `left_out`. With `faults` a value that has no logarithm is a fault, with the
 * data file, store and period. Never NULL. */
PlGroupValues *pl_group_values(const PlGroupScope *scope, const PlMetric *metric, const char *period_name,
                               PlDiagnostics *faults);
void pl_group_values_free(PlGroupValues *values);

/* The effects of the k-th treatment: n test stores, each against the mean change of the controls of its block
 * (of all controls where the block has none); takes `values`. */
PlEffects *pl_group_effects(const PlGroupScope *scope, guint k, const PlMetric *metric,
                            const char *period_name, PlGroupValues *values);
