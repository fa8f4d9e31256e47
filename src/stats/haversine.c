/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/haversine.h"

#include <math.h>

#define RADIUS_KM  6371.0088
#define PER_DEGREE 0.017453292519943295

double pl_haversine_km(double latitude1, double longitude1, double latitude2, double longitude2) {
    double north = sin((latitude2 - latitude1) * PER_DEGREE / 2),
           east = sin((longitude2 - longitude1) * PER_DEGREE / 2);
    double h = north * north + cos(latitude1 * PER_DEGREE) * cos(latitude2 * PER_DEGREE) * east * east;
    return 2 * RADIUS_KM * asin(sqrt(h > 1 ? 1 : h));
}
