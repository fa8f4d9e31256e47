/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* A chain in which nothing moves: every store sells 100 units a day of each of its products. A test sets what
 * it is about. */
static inline PlChainOptions still(void) {
    PlChainOptions o = pl_chain_defaults();
    o.whole = FALSE;
    o.units = 100;
    o.lift = o.dip = o.size_sd = o.season = o.weekday = o.trend = 0;
    o.shock_sd = o.region_sd = o.noise_sd = o.product_sd = 0;
    return o;
}

static inline PlChain *must_make(const PlChainOptions *o) {
    g_autoptr(GError) error = NULL;
    PlChain *chain = pl_chain_new(o, &error);
    cr_assert_not_null(chain, "%s", error ? error->message : "");
    return chain;
}

static inline double *values_of(const PlChain *chain, PlChainMeasure measure) {
    const PlChainOptions *o = pl_chain_options(chain);
    double *values = g_new(double, (gsize)o->stores *(gsize)o->days);
    pl_chain_values(chain, measure, PL_CHAIN_ALL, 2, values);
    return values;
}

/* Mean of a store's days that have data. */
static inline double mean_over(const double *values, const PlChain *chain, int store, PlChainDays days) {
    double sum = 0;
    int n = 0;
    for (int t = days.begin; t < days.end; t++) {
        double v = values[store * pl_chain_options(chain)->days + t];
        if (!isnan(v))
            sum += v, n++;
    }
    return sum / n;
}

/* The effect of a pair as the contract defines it, on the log scale. */
static inline double effect_of(const double *values, const PlChain *chain, int pair, PlChainPeriod period) {
    PlChainDays before = pl_chain_period(chain, PL_CHAIN_BEFORE), then = pl_chain_period(chain, period);
    int test = pl_chain_test(chain, pair), control = pl_chain_control(chain, pair);
    return log(mean_over(values, chain, test, then) / mean_over(values, chain, test, before)) -
           log(mean_over(values, chain, control, then) / mean_over(values, chain, control, before));
}
