/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/panel_matrix.h"

/* The fit, for the report and its charts. Values are in the panel's unit. */
typedef struct {
    double effect;
    double did;                    /* the same with even weights: difference in differences */
    double noise;                  /* sd of the controls' first differences before */
    double zeta_units, zeta_times; /* roots of the ridges */
    double *unit_weights;          /* [control], at least 0, of sum 1 */
    double *time_weights;          /* [time before], likewise */
} PlSyntheticDid;

PlStatus pl_synthetic_did(const PlPanelMatrix *panel, PlArena *arena, PlSyntheticDid *out);

/* PL_ERRORS_DEFAULT: placebo where it is defined, else jackknife. */
PlErrors pl_synthetic_did_errors(const PlPanelMatrix *panel, PlErrors asked);

/* Standard error of one kind. `draws`: the groups or resamples that it comes from, 0 for the jackknife;
 * `drawn`: at random. */
PlStatus pl_synthetic_did_error(const PlPanelMatrix *panel, PlErrors errors,
                                const PlInferenceOptions *options, PlArena *arena, double *std_error,
                                size_t *draws, bool *drawn);
