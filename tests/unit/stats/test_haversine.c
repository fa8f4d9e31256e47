/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/haversine.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* A degree is 6371.0088 pi / 180 = 111.19508 km; Paris to London by the spherical law of cosines (Python):
 * 343.5565. */
Test(haversine, known_distances) {
    cr_assert(epsilon_eq(dbl, pl_haversine_km(0, 0, 1, 0), 111.19508, 1e-5));
    cr_assert(epsilon_eq(dbl, pl_haversine_km(60, 10, 60, 10.001), 0.0555975, 1e-6));
    cr_assert(epsilon_eq(dbl, pl_haversine_km(90, 0, -90, 0), 20015.1144, 1e-3));
    cr_assert(
        epsilon_eq(dbl, pl_haversine_km(0, 179.5, 0, -179.5), 111.19508, 1e-5)); /* over the date line */
    cr_assert(epsilon_eq(dbl, pl_haversine_km(48.8566, 2.3522, 51.5074, -0.1278), 343.5565, 1e-4));
    cr_assert(eq(dbl, pl_haversine_km(35.7, 51.4, 35.7, 51.4), 0));
}

Test(haversine, unknown_places) {
    cr_assert(isnan(pl_haversine_km(NAN, 0, 1, 0)));
    cr_assert(isnan(pl_haversine_km(0, 0, 1, NAN)));
}
