/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "calibrate.h"

/* Real sales of stores over time on the log scale, without any promotion that one store had and another had
 * not: matrix[unit * n_times + time], NaN where there are none. */
typedef struct {
    const char *name, *file, *unit, *time, *value;
    const char *until; /* times from this one on are left out; NULL: none */
    gboolean is_log;
    size_t before, during; /* intervals of a placebo experiment */
    size_t n_units, n_times;
    double *matrix;
} Real;

/* Reads the sets that are below the shared data folder (PAIRLIFT_SHARED, default ../shared); those that are
 * not keep n_units 0. */
void real_load(void);
extern Real real_sets[];
enum { REAL_SETS = 3 };
