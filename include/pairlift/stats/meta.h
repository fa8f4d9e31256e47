/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Studies pooled: three answers to one question, and how much the studies differ. */
typedef struct {
    PlInference fixed, random, hartung_knapp;
    PlStatus random_status, hartung_knapp_status; /* PL_OK, or why that one is not there */
    double q, q_p;                                /* Cochran's Q, chi-square with k - 1 df; k = 1: 0 and 1 */
    double i_squared;           /* part of the scatter that chance does not explain, [0, 1) */
    double h;                   /* 1 / sqrt(1 - i_squared) */
    double tau_squared;         /* variance between the studies (DerSimonian-Laird) */
    double pred_low, pred_high; /* effect of one more study like these, two-sided; needs k >= 3, else NAN */
} PlMeta;

PlStatus pl_meta(const double *estimates, const double *std_errors, size_t k,
                 const PlInferenceOptions *options, PlMeta *out);
