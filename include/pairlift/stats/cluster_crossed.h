/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/cluster_vcov.h"

#include <stdint.h>

/* The rows in order of cluster, and within it of the base set: of the absorbed sets nested in the clusters
 * the one with most levels. V are the other sets' dummies with the base set's means taken out; H_gg without
 * the base set is V_g (V'V)^- V_g' + X_g B X_g'. */
typedef struct {
    const PlClusterFit *fit;
    PlVcov type;
    int threads;
    const PlVariable *base;    /* NULL: none is nested */
    size_t *start;             /* rows of each cluster */
    size_t *run_start, n_runs; /* rows of each level of the base set */
    size_t *first_run;         /* of each cluster */
    double **x, *residuals;    /* as in fit, in this order */
    uint32_t **rest;           /* levels of the other sets, numbered through */
    size_t n_rest, n_levels;   /* sets, levels of all of them */
    double *inverse, scale;    /* (V'V)^-; NULL: balanced, then it is scale times the identity */
} PlCrossed;

/* Fills all of it from fit, type and threads. */
PlStatus pl_crossed_lay_out(PlCrossed *crossed, const bool *nested, PlArena *arena);

/* The sum of squares of p_g' H_gh p_h over all g and h, from the vectors z_g = (V_g' p_g, X_g' p_g). */
enum { PL_BETWEEN_ROWS = 512, PL_BETWEEN_KEPT = 16, PL_PANEL = 16 };
typedef struct {
    size_t n, width;      /* of z; padded to whole panels */
    double *z;            /* [PL_BETWEEN_ROWS][width], filled by the caller */
    double *sum, *packed; /* of z z'; the upper blocks */
    double *kept, *times; /* distinct z and how often they came */
    size_t n_kept, *nonzero;
} PlBetween;
PlStatus pl_between_take(PlBetween *between, const PlCrossed *crossed, PlArena *arena);
void pl_between_start(PlBetween *between);
void pl_between_add(PlBetween *between, size_t n_rows, int threads);
PlStatus pl_between_total(PlBetween *between, const PlCrossed *crossed, PlArena *arena, double *total);

/* out = a panel: a rows x n, panel n x PL_PANEL and aligned, out rows x PL_PANEL. */
void pl_times_panel(const double *a, size_t rows, size_t n, const double *panel, double *out);
