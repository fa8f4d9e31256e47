/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Kilometres along the great circle between two places, in degrees north and east, on a sphere of the Earth's
 * mean radius (6371.0088 km, IUGG): within 0.6 % of the distance on the ellipsoid. NaN where a place is. The
 * haversine form keeps its digits for places that are close (Sinnott 1984, Sky and Telescope 68, 159). */
double pl_haversine_km(double latitude1, double longitude1, double latitude2, double longitude2);
