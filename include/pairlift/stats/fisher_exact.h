/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/rates.h"

/* What Fisher's test knows beside the inference. The docstring stands above the function in
 * fisher_exact.c. */
typedef struct {
    PlInference in;
    bool odds_infinite;         /* no finite odds ratio: `in.estimate` is 0 and without meaning */
    double p_point_probability; /* two-sided, of all tables at most as probable as this one */
} PlFisher;
PlStatus pl_fisher_exact(PlRate treated, PlRate control, const PlInferenceOptions *options, PlFisher *out);
