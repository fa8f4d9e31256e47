/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/headline.h"

/* One of several groups, held against all others together. */
typedef struct {
    PlFinding *finding; /* its row: gets the p-value, and that adjusted for the number of groups */
    double others;      /* the value of all others */
    double p_value;     /* of no difference; NaN: not compared */
    gboolean worse;     /* than the others, whatever the p-value */
} PlStandOut;

/* Fills others, p_value and worse of each group that is `in`, against the others that are. */
typedef void PlStandOutTest(gpointer data, const gboolean *in, PlStandOut *groups);

/* Adjusts the p-values (pl_kpi_step_down) and says which groups are worse than the others beyond chance: "Of
 * 8 reps compared, each with all others (p-values adjusted), 1 stands out with a longer usual gap: Ada, ...".
 * `with` is that "a longer usual gap". `test` NULL: the groups have what does not change with the others. The
 * text is NULL where fewer than two could be compared. Free with g_free. */
char *pl_kpi_stand_out(const PlKpiRun *run, const char *role, PlStandOut *groups, guint n, const char *with,
                       PlStandOutTest *test, gpointer data);

/* Rows of a table that are read; further groups are detail. */
enum { PL_GROUPS_SHOWN = 40, PL_GROUPS_COMPARED = 200 };
