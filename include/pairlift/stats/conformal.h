/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/panel_matrix.h"

/* What the conformal test of a constant effect says. Values are in the data's unit. */
typedef struct {
    double effect;      /* mean over the times during of what the fit with that effect leaves */
    double statistic;   /* sum of |residuals| during / sqrt(times during), under no effect */
    double p_value;     /* of no effect */
    double p_at_effect; /* of the estimate */
    double low, high;   /* ends of the set of effects with p > 1 - conf_level; infinite: no end */
    double grain;       /* resolution of the ends */
    double *weights;    /* [control], of the fit with the estimate taken off; NULL: no controls */
} PlConformal;

PlStatus pl_conformal(const PlPanelMatrix *panel, double conf_level, PlArena *arena, PlConformal *out);
PlStatus pl_conformal_mean(const double *y, size_t n_times, size_t n_before, double conf_level,
                           PlArena *arena, PlConformal *out);

/* The p-value of one effect; without controls (NULL panel) on y as above. */
PlStatus pl_conformal_p(const PlPanelMatrix *panel, double effect, PlArena *arena, double *p);
PlStatus pl_conformal_mean_p(const double *y, size_t n_times, size_t n_before, double effect, PlArena *arena,
                             double *p);
