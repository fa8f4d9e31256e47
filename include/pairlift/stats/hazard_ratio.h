/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/survival.h"

/* A group against all others together: how much sooner its events come. */
typedef struct {
    size_t n;
    double observed, expected, variance; /* events of the group; of the log-rank test */
    bool tested;       /* false: nothing to compare at the times of events; what follows is then 0 */
    double z, p_value; /* two-sided */
    double log_ratio, conf_low,
        conf_high; /* -INFINITY, INFINITY: only the others, or it alone, have events */
} PlHazardRatio;

/* The docstring stands above it in hazard_ratio.c. `out` has n_groups members. */
PlStatus pl_hazard_ratios(const PlLifetime *sorted, size_t n, size_t n_groups, double conf_level,
                          PlArena *arena, PlHazardRatio *out);
