/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/report/chart_draft.h"

/* A forest: findings of one kind below one another, each with its interval and its number; drawn by
 * plots/forest.gp. */
typedef struct {
    const PlFinding *finding;
    const char *label;
    gboolean strong; /* in blue, the others in grey */
} PlForestRow;

/* Rows beyond this are too small to be read. */
enum { PL_FOREST_MOST = 20 };

/* Fills all but the titles and the alternative text. `rows` at most PL_FOREST_MOST, top first, all of one
 * amount; a row without a value shows its reason. `x_label` names the axis. FALSE: no row has a value. */
gboolean pl_forest_fill(PlChartDraft *draft, const PlForestRow *rows, guint n, const char *x_label);
/* "A: +3.1 % (0.9 % to 5.4 %). B: ..." for the alternative text. Free with g_free. */
char *pl_forest_words(const PlForestRow *rows, guint n);
