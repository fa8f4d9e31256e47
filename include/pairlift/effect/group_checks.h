/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/group_effects.h"

/* Checks of a design of groups; each adds its rows to result->checks, and names the treatment where there are
 * several. */

/* How alike the two groups were before: their level, and whether they drifted apart (Welch's test of the
 * stores' slopes). Without a period before a warning that nothing corrects for how they differed. */
void pl_check_group_balance(const PlGroupScope *scope, const PlArm *arm, const PlMetric *metric,
                            PlResult *result);
/* Stores of each group and those without a value; blocks without a control; the range of the difference of
 * the means when any one store is left out. */
void pl_check_groups(const PlEffects *effects, const PlPanel *panel, PlResult *result);
