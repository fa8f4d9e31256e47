/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_days.h"

#include <math.h>

#include "pairlift/stats/rng.h"

/* Streams apart from those of chain.c. */
#define STREAM_REGION(r) ((G_GUINT64_CONSTANT(1) << 41) + (guint64)(r))
#define STREAM_SHOCKS    ((G_GUINT64_CONSTANT(1) << 42) + 1)
#define DAYS_A_YEAR      365.25

/* A factor of mean 1. */
static double shock(PlRng *rng, double sd) {
    return sd > 0 ? exp(sd * pl_rng_normal(rng) - sd * sd / 2) : 1;
}

void pl_chain_day_factors(const PlChainOptions *o, double *by_day, double *by_region) {
    /* Monday to Sunday, of mean 1: what a supermarket's week looks like */
    static const double week[7] = {0.86, 0.84, 0.90, 0.98, 1.16, 1.32, 0.94};
    const PlDay peak = pl_day_from_ymd(2023, 12, 15);
    PlRng rng = pl_rng_stream((guint64)o->seed, STREAM_SHOCKS);
    for (int t = 0; t < o->days; t++) {
        PlDay day = o->start + t;
        int weekday = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
        by_day[t] = (1 + o->season * cos(2 * G_PI * (day - peak) / DAYS_A_YEAR)) *
                    (1 + o->weekday * (week[weekday] - 1)) * exp(o->trend * t / DAYS_A_YEAR) *
                    shock(&rng, o->shock_sd);
    }
    for (int r = 0; r < o->regions; r++) {
        PlRng own = pl_rng_stream((guint64)o->seed, STREAM_REGION(r));
        for (int t = 0; t < o->days; t++)
            by_region[t * o->regions + r] = shock(&own, o->region_sd);
    }
}
