/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* The section "coupons": how many were redeemed, what each sold beyond what would have been sold anyway, and
 * up to which face value a coupon pays. Of every treatment that is a coupon or whose test stores have rows in
 * the table of coupons; without one there is no section. */
void pl_add_coupons(const PlStudy *study, PlResult *result);
