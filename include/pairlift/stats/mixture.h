/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* The normal mixture behind msprt and confidence_sequence: a likelihood ratio of "the mean is normal around 0
 * with sd tau" against "the mean is 0", which stays below 1 / alpha for ever with probability 1 - alpha when
 * the mean is 0. What matters is x = n tau^2 / variance, the mixture's information at n observations. */

/* Observations at which limits are narrowest when nothing was said. Fixed, not the data's own number: a
 * mixture that is chosen anew at every look would not keep its promise. */
#define PL_TUNED_AT_DEFAULT 100

/* With an estimated variance, p, interval and p_running start at this observation: the first few have
 * variances near 0 by chance (normal data, looking from the 2nd on: 16 % false alarms instead of 5 %; from
 * the 10th on: 5 %). */
#define PL_RUNNING_FROM 10

/* Rows of a table of boundaries. */
#define PL_LOOKS_MAX 100000

/* tau^2 / variance that makes limits at level alpha (0 < alpha < 1) narrowest at tuned_at > 0 observations.
 */
double pl_mixture_rate(double tuned_at, double alpha);
/* The boundary of |mean| / (sd / sqrt n), x > 0. */
double pl_mixture_multiplier(double x, double alpha);
/* Logarithm of the likelihood ratio at z = mean / (sd / sqrt n). */
double pl_mixture_log_ratio(double z, double x);

/* One look: n observations with this mean and sd (known, or estimated from them), rate = tau^2 / sd^2. */
PlStatus pl_mixture_look(double mean, double sd, size_t n, double rate, const PlInferenceOptions *options,
                         PlInference *out, double *log_ratio);

/* How a method sets its mixture; NAN: not said. */
typedef struct {
    double tau, variance, tuned_at;
} PlMixture;

/* The `run` of both: a row a look, or one; without data a row an observation. */
PlStatus pl_mixture_run(const PlMixture *mixture, const PlSample *sample, const PlMethodOptions *options,
                        PlAnswer *answer);
extern const PlRoleUse pl_mixture_roles[];
