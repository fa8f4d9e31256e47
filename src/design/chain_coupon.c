/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_coupon.h"

#include <math.h>

#include "pairlift/stats/rng.h"

/* A stream apart from those of chain.c. */
#define STREAM_COUPON(store) ((G_GUINT64_CONSTANT(1) << 43) + (guint64)(store))

PlChainCoupon pl_chain_coupon(const PlChain *chain, int store) {
    const PlChainOptions *o = pl_chain_options(chain);
    int level = o->coupon_values > 1 ? pl_chain_set(chain, store) % o->coupon_values : 0;
    double value = o->coupon_values > 1
                       ? o->coupon + (o->coupon_to - o->coupon) * level / (o->coupon_values - 1)
                       : o->coupon;
    PlChainCoupon coupon = {(int)lround(100 * value), o->redemption};
    if (o->coupon_slope == 0 && o->redemption_sd == 0)
        return coupon;
    PlRng rng = pl_rng_stream((guint64)o->seed, STREAM_COUPON(store));
    double odds = log(o->redemption / (1 - o->redemption)) + o->coupon_slope * (value - o->coupon) +
                  o->redemption_sd * pl_rng_normal(&rng);
    coupon.redemption = 1 / (1 + exp(-odds));
    return coupon;
}
