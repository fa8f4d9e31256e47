/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* How probable it is that each of k treatments is the best one, from their estimates and the covariance of
 * these (k x k, row by row): the share of draws from the multivariate t distribution with df degrees of
 * freedom around the estimates (the posterior under a flat prior) in which it is the largest; ties in a draw
 * do not occur. `best` has k values that sum to 1. A covariance that is not positive definite, for its
 * entries come from several tests, is brought there by shrinking what is off the diagonal, which `shrunk`
 * tells (1: as it is). PL_TOO_FEW: k < 2. PL_NOT_FINITE; PL_NO_VARIANCE: a variance that is not above 0;
 * PL_BAD_ARGUMENT: df or resamples below 1. Source: Scott 2010, doi:10.1002/asmb.874, for the use; check: two
 * treatments against Student's distribution. */
PlStatus pl_probability_best(const double *estimate, const double *covariance, size_t k, double df,
                             const PlInferenceOptions *options, PlArena *arena, double *best, double *shrunk);
