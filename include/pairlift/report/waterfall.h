/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/report/chart_draft.h"

/* A waterfall: bars that each begin where the one before ended. Drawn by plots/waterfall.gp. */

typedef enum {
    PL_BAR_TOTAL, /* from zero to its value */
    PL_BAR_STEP,  /* from where the last one ended */
} PlBarKind;

typedef struct {
    PlBarKind kind;
    const PlFinding *finding; /* its value, interval and label */
} PlBar;

/* Fills data and variables of a draft from bars without NaN, n >= 1, in the order in which they are read; the
 * axis says `x_label`. Title and alternative text are the caller's. */
void pl_chart_waterfall(PlChartDraft *draft, const PlBar *bars, guint n, const char *x_label);
/* "Bar chart ..." sentences of the bars for the alternative text. Free with g_free. */
char *pl_chart_waterfall_alt(const char *title, const PlBar *bars, guint n);
