/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/proportions.h"

/* Whether predicted probabilities come true; the docstring stands in src/stats/prediction_fit.c. */

/* An estimate that may not be there: `status` other than PL_OK says why. */
typedef struct {
    PlStatus status;
    double estimate, std_error, low, high;
} PlPredictionTerm;

/* Rows of neighbouring predictions. */
typedef struct {
    size_t n;
    double predicted, observed; /* mean prediction, share of outcomes 1 */
    PlLimits limits;            /* Wilson, of `observed` */
} PlPredictionBin;

typedef struct {
    size_t n, n_yes;
    double predicted, observed;    /* in all */
    double brier;                  /* mean squared distance of prediction and outcome; 0 is perfect */
    double brier_constant;         /* that of predicting the observed share for everybody */
    PlPredictionTerm in_the_large; /* logit; 0: right on average; above: predictions too low */
    PlPredictionTerm slope;        /* 1: right; below: predictions too extreme */
    PlPredictionBin *bins;         /* ascending, in the arena */
    size_t n_bins;
} PlPredictionFit;

PlStatus pl_prediction_fit(const double *predicted, const double *outcome, size_t n, size_t n_bins,
                           double conf_level, PlArena *arena, PlPredictionFit *out);
