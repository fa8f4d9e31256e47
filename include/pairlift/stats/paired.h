/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* The methods on paired differences: one file each. The docstrings stand above each function there. */
PlPairedTest pl_paired_t, pl_sign_flip, pl_signed_rank, pl_sign_test, pl_bootstrap_bca;
PlPairedPoint pl_point_mean, pl_point_pseudomedian, pl_point_median;

/* x - y of every row, or x where there is no y; in the arena, NULL: no memory. */
double *pl_paired_differences(const PlSample *sample, PlArena *arena);

/* The `run` of all of them: one row from method->test on x, or on x - y; n is the rows. */
PlMethodRun pl_run_paired;
extern const PlRoleUse pl_paired_roles[];
