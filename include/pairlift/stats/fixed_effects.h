/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* A panel in long form: one outcome and 0 or 1 a row. */
typedef struct {
    size_t rows;
    const double *y, *treated;
    const PlVariable *unit;    /* effects of each: stores, or pairs */
    const PlVariable *time;    /* NULL: no effects of time */
    const PlVariable *cluster; /* NULL: the unit */
} PlPanelColumns;

/* The regression with the effects taken out. y is scaled by a power of two, so that squares are safe: what
 * is in y's unit is to be divided by `scale`. */
typedef struct {
    double scale, coef;
    double *y, *x, *residuals;   /* [rows]: outcome and treatment without the effects */
    double x_squares, y_squares; /* sums over rows */
    double residual_squares;
    size_t rank; /* effects and treatment */
    PlVariable sets[2];
    size_t n_sets;
    const size_t *cluster;
    size_t n_clusters;
} PlPanelFit;

/* One answer of pl_fixed_effects. */
typedef struct {
    PlInference in;
    double r_squared_within; /* of the outcome without the effects */
    size_t n_clusters;
    bool rests_on_one; /* of `in` only the estimate holds: without one of the clusters there is none */
} PlFixedEffects;

/* The docstrings stand above each function in src/stats/fixed_effects.c and panel_fit.c. `culprit` (may be
 * NULL) says which column a refusal is about: "x", "treated", "unit", "time" or "cluster". */
PlStatus pl_panel_fit(const PlPanelColumns *panel, PlArena *arena, PlPanelFit *fit, PlRole *culprit);
PlStatus pl_panel_rests_on_one(const PlPanelFit *fit, size_t rows, PlArena *arena, bool *rests_on_one);
PlStatus pl_fixed_effects(const PlPanelColumns *panel, PlVcov vcov, const PlInferenceOptions *options,
                          PlArena *arena, PlFixedEffects *out, PlRole *culprit);

/* The columns of a sample: pairs, where there are any, in place of units, and clusters checked against them;
 * refuses with the culprit named. Shared with wild_bootstrap. */
extern const PlRoleUse pl_panel_roles[];
PlStatus pl_panel_columns(const PlSample *sample, PlArena *arena, PlAnswer *answer, PlPanelColumns *panel);
PlStatus pl_panel_refuse(const PlSample *sample, PlAnswer *answer, PlStatus status, PlRole culprit);
void pl_panel_figures(const PlSample *sample, PlAnswer *answer, PlAnswerRow *row, size_t n_clusters);
extern const char pl_rests_on_one_reason[];
