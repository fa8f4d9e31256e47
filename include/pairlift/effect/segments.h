/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Adds the exploratory section "segments" where there is a table of stores with attributes that tell stores
 * apart: for each treatment and attribute the effect on the primary metric at each level, with Student's
 * interval over the level's pairs (of groups: Welch's over its stores), and whether the effect differs
 * between levels: Welch's test of equal effects, with more than two levels and one of fewer than
 * PL_SEGMENT_FEW pairs (stores of a side) the F test with one variance; for a number of many values the trend
 * over the number as it is. p_adjusted is Holm's over all attributes and treatments. Attributes that can tell
 * nothing are named in the check "segments", or have a reason where the definition asks for them. */
void pl_add_segments(const PlStudy *study, PlResult *result);

/* With many levels of fewer than this Welch's test rejects too often: see src/stats/equal_effects.c. */
enum { PL_SEGMENT_FEW = 5 };
