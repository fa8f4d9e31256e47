/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "ranking", where there are several treatments: their effects in order, how probable it is that each
 * is the best one, and the difference between every two with its p-value adjusted (Holm) for the number of
 * them. */
void pl_add_ranking(const PlStudy *study, PlResult *result);

/* Section "factorial", for every treatment that combines two others: the mean effect of each of the two, and
 * their interaction. */
void pl_add_factorial(const PlStudy *study, PlResult *result);
