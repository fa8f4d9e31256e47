/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

/* What a test store's coupon is worth, and the share of them that is redeemed there. The k-th pair (or set)
 * has the face value k modulo coupon_values; log odds of redemption are those of `redemption`, plus
 * coupon_slope times the face value beyond `coupon`, plus the store's own normal part. */
typedef struct {
    int cents;
    double redemption;
} PlChainCoupon;
PlChainCoupon pl_chain_coupon(const PlChain *chain, int store);
