/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Adds what the report says beyond the verdict, section by section, in the order in which it is read: each
 * part says what it can, and why not where it cannot. The estimates and verdicts of `result` are there
 * already. */
void pl_add_sections(const PlStudy *study, PlResult *result);
