/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/pair_effects.h"

/* Adds to result->series the average test and control store's course over all times of the panel,
 * each store indexed to its own mean over `base` (100). Stores whose mean is not above 0 are left out. */
void pl_add_series(const PlPanel *panel, const GPtrArray *pairs, const char *treatment,
                   const PlMetric *metric, PlRange base, PlResult *result);
