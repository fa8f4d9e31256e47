/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* Successes out of trials, whole numbers; what the methods on rates share. */
typedef struct {
    double successes, trials;
} PlRate;

/* --x 0/1, or --x successes --n trials; by --group. Ends with PL_N_ROLES. */
extern const PlRoleUse pl_rate_roles[];

/* One row's successes and trials. PL_NOT_BINARY, PL_NOT_COUNTS (with the culprit set): see pl_rates_read. */
PlStatus pl_rate_of_row(const PlSample *sample, size_t row, PlAnswer *answer, PlRate *out);

/* The rates of the levels of `by` (the group or the cluster column), summed over the rows, in the arena.
 * PL_NOT_BINARY: no trials were given and x is not 0 or 1. PL_NOT_COUNTS: x or the trials are not whole
 * numbers from 0 on, up to 2^53 in all, or x is above its trials. PL_TOO_FEW: a level without a trial.
 * The culprit names the column or the level. */
PlStatus pl_rates_read(const PlSample *sample, PlRole by, PlAnswer *answer, PlRate **rates);

/* Checks what the methods that compare groups need: PL_BAD_ARGUMENT (options), PL_ONE_LEVEL. */
PlStatus pl_rates_check(const PlSample *sample, const PlMethodOptions *options, PlAnswer *answer);
