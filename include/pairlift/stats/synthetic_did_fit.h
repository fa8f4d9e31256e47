/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/panel_matrix.h"
#include "pairlift/stats/simplex_ridge.h"

/* The estimate of synthetic_did for a panel and for draws from it, which its errors are made of. */

/* What all draws of one panel share: the controls and the treated with their own mean before taken off as
 * well, as the intercepts of both sets of weights would. */
typedef struct {
    PlPanelCentred panel;
    double *controls;                  /* [control][time] */
    double *each;                      /* [treated unit][time] */
    double *points, *gram, *time_gram; /* controls by times before, their products, and those of the times */
    /* Of each control's first differences before, divided by panel.scale: sum of the differences less their
     * mean over all controls, and of the squares of that. */
    double *difference_sum, *difference_square;
} PlDidPanel;

/* Scratch of one thread: controls of a draw, which may be there more than once, against one series. */
typedef struct {
    size_t *list, n; /* the controls of the draw; as many as `most` fit */
    size_t *order;
    double *copies;                       /* [control]: how often it is in the list */
    double *treated;                      /* [time] */
    size_t n_treated;                     /* units whose mean `treated` is */
    double noise, unit_ridge, time_ridge; /* set by pl_did_estimate */
    double *unit_points, *unit_gram, *unit_cross, *unit_weights;
    double *time_points, *time_gram, *time_cross, *time_weights, *time_mean, *during;
    double *products; /* of the times over the draw's controls, when has_products */
    bool has_products;
    PlSimplexWork unit_work, time_work;
    PlRidgeWork ridge_work;
} PlDidDraw;

PlStatus pl_did_panel(const PlPanelMatrix *panel, PlArena *arena, PlDidPanel *s);
PlStatus pl_did_draw(const PlDidPanel *s, size_t most, PlArena *arena, PlDidDraw *b);

/* out [time] = mean of `n` of the series, numbered by `which` (NULL: the first n). */
void pl_did_average(const double *series, const size_t *which, size_t n, size_t times, double *out);

/* Mean during less the weighted mean before, of one series. */
double pl_did_contrast(const PlPanelCentred *c, const double *series, const double *time_weights);

/* The effect of the draw, divided by panel.scale; of the panel as it is. */
PlStatus pl_did_estimate(const PlDidPanel *s, PlDidDraw *b, double *effect);
PlStatus pl_did_estimate_all(const PlDidPanel *s, PlDidDraw *b, double *effect);
