/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_places.h"

#include "chain_case.h"

#include "pairlift/design/chain_truth.h"

/* Known distances: a degree of latitude, and Chicago to New York (1,145 km by the same sphere in R's
 * geosphere). */
Test(design_chain_places, distances_are_those_of_a_sphere) {
    cr_expect(epsilon_eq(dbl, pl_chain_km((PlPlace){40, -90}, (PlPlace){41, -90}), 6371 * G_PI / 180, 1e-9));
    cr_expect(epsilon_eq(dbl, pl_chain_km((PlPlace){41.8781, -87.6298}, (PlPlace){40.7128, -74.0060}),
                         1144.291273946347, 1e-6));
    cr_expect(eq(dbl, pl_chain_km((PlPlace){40, -90}, (PlPlace){40, -90}), 0));
}

Test(design_chain_places, regions_are_far_apart_and_stores_within_them_are_not) {
    PlChainOptions o = pl_chain_defaults();
    o.stores = 200;
    o.regions = 20;
    g_autoptr(PlChain) chain = must_make(&o);
    for (int a = 0; a < 200; a++)
        for (int b = 0; b < a; b++) {
            double km = pl_chain_km(pl_chain_place(chain, a), pl_chain_place(chain, b));
            if (pl_chain_region(chain, a) == pl_chain_region(chain, b))
                cr_assert(lt(dbl, km, 140));
            else
                cr_assert(gt(dbl, km, 40));
        }
}

/* Near stores sell what the option says, the others what they always do, and nothing else moves. */
Test(design_chain_places, spillover_reaches_stores_near_a_test_store_and_no_others) {
    PlChainOptions o = still();
    o.stores = 100;
    o.pairs = 20; /* and sixty stores without promotion */
    o.lift = 0.1;
    o.spillover = -0.2;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 1);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    int near = 0;
    for (int s = 0; s < 100; s++) {
        double least = INFINITY;
        for (int t = 0; t < 100; t++)
            if (pl_chain_is_test(chain, t))
                least = fmin(least, pl_chain_km(pl_chain_place(chain, s), pl_chain_place(chain, t)));
        const gboolean is_near = !pl_chain_is_test(chain, s) && least <= 5;
        near += is_near;
        cr_assert(eq(int, pl_chain_is_near(chain, s), is_near));
        cr_assert(epsilon_eq(dbl, mean_over(values, chain, s, pl_chain_period(chain, PL_CHAIN_DURING)),
                             pl_chain_is_test(chain, s) ? 110
                             : is_near                  ? 80
                                                        : 100,
                             1e-9));
    }
    cr_expect(near > 5 && near < 75, "%d near", near);
    cr_expect(eq(int, truth->near.n, near));
    cr_expect(epsilon_eq(dbl, truth->near.during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], -0.2, 1e-12));
    cr_expect(epsilon_eq(dbl, truth->effect_during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], 0.1, 1e-12));
}
