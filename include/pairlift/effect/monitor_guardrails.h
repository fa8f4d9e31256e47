/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/look_path.h"
#include "pairlift/model/result.h"

/* Adds to the section "monitor" a finding a guardrail (measure "guardrail", the metric as group): its effect
 * so far with the always-valid interval, "harmed" where any look's interval lay wholly beyond the margin,
 * "safe" where the last one is wholly on this side of it, "worse, perhaps within the margin" where it is
 * wholly worse than no effect, else "cannot tell"; and a sentence on what is harmed. */
void pl_monitor_guardrails(const PlStudy *study, const PlArm *arm, const PlPathPlan *plan, PlSection *section,
                           const PlResult *result);
