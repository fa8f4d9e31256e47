/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "decomposition": why revenue moved, as far as the columns go. With roles visits, units and revenue
 * it is visits x items a visit x price an item; with two of the three, the two factors that these have. On
 * the relative scale the lift of a factor is exp(mean over the pairs of its log effect) - 1, tested by
 * Student's t on the pairs' log effects (of groups by Welch's, within blocks by least squares): the
 * logarithms sum to that of the whole exactly. In money it is the split of the totals by the logarithmic mean
 * (pl_split_change), with intervals from jointly resampled pairs; the parts sum to the whole exactly. Under
 * `effect: absolute` lifts are those of the totals. */
void pl_add_decomposition(const PlStudy *study, PlResult *result);
