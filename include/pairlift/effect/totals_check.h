/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/totals.h"

/* The lift is a mean over pairs, in which each counts the same; money is a sum, in which large stores count
 * for more. Where the two point in opposite directions for the primary metric, check "totals_agree" warns. */
void pl_check_totals_agree(const PlStudy *study, const PlArm *arm, PlResult *result);
