/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* An effect that was estimated within one level (a region, a size of store), independently of the others. */
typedef struct {
    double effect, std_error;
    double df; /* of std_error; at least 1 */
    double sd; /* residual standard deviation: std_error / sd is known from the design. Only for pooling */
} PlLevelEffect;

typedef struct {
    double f, df1, df2, p_value;
} PlEqualEffects;

/* Whether effects of k levels are equal: the interaction of treatment and level. The docstrings stand in
 * src/stats/equal_effects.c. */
PlStatus pl_equal_effects_welch(const PlLevelEffect *levels, size_t k, PlEqualEffects *out);
PlStatus pl_equal_effects_pooled(const PlLevelEffect *levels, size_t k, PlEqualEffects *out);
