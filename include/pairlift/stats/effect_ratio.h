/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* The core of trimmed_match; the docstring stands in src/stats/effect_ratio.c. */

typedef struct {
    double trim;     /* share trimmed on each side, in [0, .5); NAN: chosen from the data, up to max_trim */
    double max_trim; /* NAN: PL_MAX_TRIM */
    double null_value;
} PlTrimOptions;
#define PL_MAX_TRIM 0.25

typedef struct {
    PlInference in;                                /* of the ratio */
    unsigned lacks;                                /* PL_LACKS_INTERVAL or 0 */
    PlStatus status;                               /* PL_UNBOUNDED beside it */
    const char *reason;                            /* beside it */
    size_t n_each_side;                            /* pairs trimmed on each side */
    double trim_rate;                              /* n_each_side / n */
    double incremental_cost, incremental_response; /* sum of the spend, and the ratio times it */
    /* All that were tried, from no trimming on; NAN where there is no root. In the arena. */
    const double *tried_estimate, *tried_error;
    size_t n_tried;
    const bool *trimmed; /* of each pair; in the arena */
} PlTrimmedMatch;

PlStatus pl_trimmed_match(const double *response, const double *spend, size_t n, const PlTrimOptions *trim,
                          const PlInferenceOptions *options, PlArena *arena, PlTrimmedMatch *out);
