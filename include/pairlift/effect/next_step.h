/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "next" ("What to do next"): one piece of advice a treatment, drawn from what the other sections
 * found - verdict, guardrails, money, the stores' assignment - and from nothing else. To be called last. */
void pl_add_next_step(const PlStudy *study, PlResult *result);
