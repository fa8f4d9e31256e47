/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/coupon_value.h"

/* Redemption at each face value, the differences between them, and its logistic curve. */

/* Adds a row a face value, a row for each against the lowest (adjusted by Holm's method), the odds ratio, and
 * the curves "redemption_by_face_value" and, where a unit's profit is known, "profit_by_face_value"; and says
 * it. Nothing with a single face value. */
void pl_add_coupon_faces(const PlCouponCounts *counts, const PlCouponValue *value, PlSection *section);

/* A rate over stores as a finding: the interval with stores as clusters, or Wilson's, said as such. */
void pl_set_coupon_rate(PlFinding *finding, const double *redeemed, const double *handed, guint n,
                        double level);
