/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_places.h"

#include <math.h>

#include "pairlift/stats/rng.h"

/* Streams apart from those of chain.c. */
#define STREAM_PLACE(store) ((G_GUINT64_CONSTANT(1) << 45) + (guint64)(store))
#define STREAM_TOWN(region, town)                                                                            \
    ((G_GUINT64_CONSTANT(1) << 46) + ((guint64)(region) << 24) + (guint64)(town))

/* Degrees: some 150 km between the middles of regions, towns within 45 km of them, stores within 4 km. */
#define SOUTH       30.0
#define WEST        (-120.0)
#define APART_NORTH 1.4
#define APART_EAST  2.0
#define TOWNS       0.4
#define STORES      0.03
#define A_ROW       15 /* regions */
#define EARTH_KM    6371.0

static double radians(double degrees) {
    return degrees * G_PI / 180;
}

static double within(PlRng *rng, double reach) {
    return (2 * pl_rng_uniform(rng) - 1) * reach;
}

PlPlace pl_chain_place(const PlChain *chain, int store) {
    const PlChainOptions *o = pl_chain_options(chain);
    const int region = pl_chain_region(chain, store), towns = MAX(1, o->stores / o->regions);
    PlRng own = pl_rng_stream((guint64)o->seed, STREAM_PLACE(store));
    const int home = (int)(pl_rng_uniform(&own) * towns);
    PlRng town = pl_rng_stream((guint64)o->seed, STREAM_TOWN(region, home));
    double north = within(&town, TOWNS), east = within(&town, TOWNS);
    north += within(&own, STORES);
    east += within(&own, STORES);
    return (PlPlace){SOUTH + region / A_ROW * APART_NORTH + north, WEST + region % A_ROW * APART_EAST + east};
}

double pl_chain_km(PlPlace a, PlPlace b) {
    double north = sin(radians(b.latitude - a.latitude) / 2),
           east = sin(radians(b.longitude - a.longitude) / 2);
    double h = north * north + cos(radians(a.latitude)) * cos(radians(b.latitude)) * east * east;
    return 2 * EARTH_KM * asin(sqrt(MIN(1, h)));
}

gboolean *pl_chain_find_near(const PlChain *chain) {
    const PlChainOptions *o = pl_chain_options(chain);
    gboolean *near = g_new0(gboolean, o->stores);
    g_autofree PlPlace *places = g_new(PlPlace, o->stores);
    for (int s = 0; s < o->stores; s++)
        places[s] = pl_chain_place(chain, s);
    for (int s = 0; s < o->stores; s++)
        for (int t = 0; !pl_chain_is_test(chain, s) && !near[s] && t < o->stores; t++)
            near[s] = pl_chain_is_test(chain, t) && pl_chain_region(chain, t) == pl_chain_region(chain, s) &&
                      pl_chain_km(places[s], places[t]) <= o->spillover_km;
    return near;
}
