/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "spillover": whether stores without the promotion changed where they lie near a store with it
 * (spillover_km of the definition), against those farther away; and a check that names the control stores
 * that lie near, with the effect against the other controls alone. Nothing without the stores' coordinates.
 */
void pl_add_spillover(const PlStudy *study, PlResult *result);
