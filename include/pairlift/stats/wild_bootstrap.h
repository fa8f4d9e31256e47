/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/cluster_vcov.h"

/* The docstring stands above it in src/stats/wild_bootstrap.c. */
PlStatus pl_wild_bootstrap(const PlClusterFit *fit, double coef, PlWeights weights,
                           const PlInferenceOptions *options, PlArena *arena, PlInference *out);

/* The weights that pl_wild_bootstrap uses for so many clusters, and whether it goes through all of them. */
PlWeights pl_wild_weights(PlWeights asked, size_t n_clusters);
bool pl_wild_is_exact(PlWeights weights, size_t n_clusters, size_t resamples);

/* ---- within the room: src/stats/wild_draws.c ---- */

/* What one vector of weights gives when the null is coef + h: the coefficient less its null is a - h c, and
 * the sum of squared scores n0 - 2 h n1 + h^2 n2. */
typedef struct {
    double a, c, n0, n1, n2;
} PlWildDraw;

/* All draws: of exact ones the half whose first weight is positive, since the other half mirrors it. */
typedef struct {
    PlWildDraw *draw;
    size_t n;
    bool exact;
} PlWildDraws;
PlStatus pl_wild_draw(const PlClusterFit *fit, PlWeights weights, const PlInferenceOptions *options,
                      PlArena *arena, PlWildDraws *draws);
