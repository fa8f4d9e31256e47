/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/arm.h"
#include "pairlift/effect/pair_effects.h"

/* Adds to result->series the average test and control store's course over all times of the panel. Each store
 * is indexed to its own mean before (100); without a period before, to its pair's control store over the
 * whole time; of groups to the mean of all controls. Pairs and stores whose levels are not above 0 are left
 * out. */
void pl_add_series(const PlPanel *panel, const PlArm *arm, const PlMetric *metric, PlRange before,
                   PlResult *result);
