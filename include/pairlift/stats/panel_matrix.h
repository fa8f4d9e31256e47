/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* A full panel of units by times in which some units become treated together and stay so. */
typedef struct {
    size_t n_units, n_controls; /* units that are never treated stand first; both kinds in sorted order */
    size_t n_times, n_before;   /* times, in order; those before the treatment stand first */
    const double *y;            /* [unit][time] */
    const char *const *units;   /* label of each unit; NULL: none */
    const char *const *times;   /* label of each time; NULL: none */
} PlPanelMatrix;

static inline size_t pl_panel_treated(const PlPanelMatrix *panel) {
    return panel->n_units - panel->n_controls;
}

/* Roles of the methods on such a panel: x, unit, time and treated. */
extern const PlRoleUse pl_panel_matrix_roles[];

PlStatus pl_panel_matrix(const PlSample *sample, PlAnswer *answer, PlPanelMatrix *out);

/* The panel as the solvers want it: divided by `scale`, a power of two near the largest value, so that no
 * square of it over- or underflows, with the controls' mean at each time taken off every unit, which changes
 * no difference between a unit and an average of controls. */
typedef struct {
    size_t n_controls, n_times, n_before;
    double scale;
    double *controls; /* [control][time] */
    double *treated;  /* [time], the treated units' mean */
    double *level;    /* [time], what was taken off, in the panel's own unit */
    double *each;     /* [treated unit][time] */
    size_t n_treated;
} PlPanelCentred;

PlStatus pl_panel_centre(const PlPanelMatrix *panel, PlArena *arena, PlPanelCentred *out);
