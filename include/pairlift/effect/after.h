/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "after": what followed the promotion (period `after`), and the net effect of both periods together.
 * Where there is no such period, a finding says so if the promotion is of a kind that moves purchases
 * forward, or if money is counted. */
void pl_add_after(const PlStudy *study, PlResult *result);
