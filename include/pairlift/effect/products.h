/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "products": what the promotion did to each product (or category), what the promoted ones gained and
 * what the others lost (cannibalisation) or gained (halo) with them, in units and in money, and the share of
 * the gain that came from the others. Nothing is added where the sales table does not tell items apart. */
void pl_add_products(const PlStudy *study, PlResult *result);
