/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/counterfactual.h"
#include "pairlift/effect/coupon_counts.h"

/* What the redeemed coupons of one treatment sold and cost, over the test stores that have a comparison and
 * their coupons: each number with its interval from joint draws of whole pairs. */
typedef struct {
    PlDrawn per_redemption; /* units more than without the promotion, for each coupon redeemed */
    PlDrawn anyway;         /* 1 - per_redemption: redeemers who would have bought, at one unit a coupon */
    PlDrawn cost_per_unit;  /* face values paid for each unit more; high INFINITY: no limit */
    PlDrawn unit_profit;    /* gross profit of a unit during the promotion */
    PlDrawn break_even;     /* face value at which the units more just pay for the coupon */
    PlDrawn gain;           /* gross profit of the units more, less the face value, for each redemption */
    double face_value;      /* mean of the redeemed ones; NaN: not known */
    guint n_stores;         /* test stores that these rest on */
    guint n_left_out;       /* without a comparison */
    char *reason;           /* why there is no per_redemption; NULL */
    char *no_interval;      /* why none has an interval; NULL */
    char *no_cost;          /* why there is no cost_per_unit; NULL */
    char *no_profit;        /* why there is no unit_profit; NULL */
} PlCouponValue;

PlCouponValue *pl_coupon_value_new(const PlCouponCounts *counts);
void pl_coupon_value_free(PlCouponValue *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCouponValue, pl_coupon_value_free)
