/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/panel_matrix.h"
#include "pairlift/stats/placebo.h"
#include "pairlift/stats/simplex.h"

/* The fit, for the report and its charts. Values are in the panel's unit. */
typedef struct {
    double effect;                     /* mean of the gaps during */
    double rmspe_before, rmspe_during; /* root of the mean square gap */
    double effective_controls;         /* 1 / sum of squared weights */
    bool perfect;                      /* no gap before beyond rounding */
    double *weights;                   /* [control] */
    double *actual;                    /* [time], mean of the treated units */
    double *synthetic, *gap;           /* [time], gap = actual - synthetic */
} PlSyntheticControl;

PlStatus pl_synthetic_control(const PlPanelMatrix *panel, PlArena *arena, PlSyntheticControl *out);

/* The same for groups of controls, as if they had been treated. */
typedef struct {
    PlPlacebos groups;
    double *effect, *ratio; /* [group]; ratio of the RMSPE during to before, +inf for a perfect fit before */
} PlSyntheticPlacebos;

PlStatus pl_synthetic_placebos(const PlPanelMatrix *panel, const PlInferenceOptions *options, PlArena *arena,
                               PlSyntheticPlacebos *out);
