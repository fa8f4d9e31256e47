/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/totals.h"

/* The lift is a mean over pairs, in which each counts the same; money is a sum, in which large stores count
 * for more. Where the two point in opposite directions for the primary metric, check "totals_agree" warns. */
void pl_check_totals_agree(const PlStudy *study, const PlArm *arm, PlResult *result);

/* Where the verdict follows the course of two stores (a method on series) the sections compare averages, and
 * their lift is another number: says so in the decomposition, which comes first. */
void pl_say_averages(const PlStudy *study, PlResult *result);
