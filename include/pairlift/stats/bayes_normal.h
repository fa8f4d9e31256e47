/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* What the posterior of the mean effect says about a decision. */
typedef struct {
    double prob_win, prob_loss;   /* P(mean > 0), P(mean < 0) */
    double expected_loss;         /* E max(0, -mean): of choosing the promotion, in the effect's unit */
    double expected_loss_control; /* E max(0, mean): of staying without it */
} PlPosterior;

PlPairedTest pl_bayes_normal; /* with the flat prior */

/* prior_mean and prior_sd: of a normal prior of the mean; both NAN: flat; prior_mean NAN alone: 0. */
PlStatus pl_bayes_normal_posterior(const double *d, size_t n, double prior_mean, double prior_sd,
                                   const PlInferenceOptions *options, PlArena *arena, PlPosterior *posterior,
                                   PlInference *out);

/* The posterior under a normal prior, in units of the standard error around the mean of the data: likelihood
 * of Student's shape with `df`, prior normal (centre, width), 0 of the effect's scale at `zero`. */
typedef struct {
    double df, centre, width, zero;
} PlShrunk;
typedef struct {
    double mean, sd, low, high, below, above; /* interval of `tail` each side; probabilities beside zero */
    double loss_below, loss_above;            /* E max(0, zero - u), E max(0, u - zero) */
} PlShrunkResult;
PlStatus pl_shrunk_posterior(const PlShrunk *shape, double tail, PlArena *arena, PlShrunkResult *out);
