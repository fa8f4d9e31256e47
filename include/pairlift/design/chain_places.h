/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

/* Where the stores of a simulated chain are: regions some 150 km apart, in each of them as many towns as it
 * has stores, the stores within some 4 km of a town of their region. */

typedef struct {
    double latitude, longitude; /* degrees */
} PlPlace;

PlPlace pl_chain_place(const PlChain *chain, int store);
/* Great circle on a sphere of 6,371 km (the haversine formula). */
double pl_chain_km(PlPlace a, PlPlace b);

/* [stores] Stores without the promotion with one with it within options.spillover_km, in their region. Free
 * with g_free. Every two stores of a region are looked at. */
gboolean *pl_chain_find_near(const PlChain *chain);
