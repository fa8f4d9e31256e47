/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/report/page.h"

/* A table on the page of a terminal: every column as wide as its widest cell, a head over as many lines as it
 * takes, and columns for which the page has no room left out and named. */

typedef enum {
    PL_GRID_NAME,   /* at the left; cut where it is too wide: the more names, the sooner */
    PL_GRID_TEXT,   /* at the left */
    PL_GRID_LABEL,  /* at the left; on a line of its own where it is too wide */
    PL_GRID_NUMBER, /* at the right */
    PL_GRID_STATUS, /* at the left, coloured */
} PlGridKind;

typedef struct PlGrid PlGrid;
PlGrid *pl_grid_new(void);
void pl_grid_free(PlGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlGrid, pl_grid_free)

/* Adds a column; `head` NULL or "": none. What belongs to the column before it (its interval, its p) is left
 * out together with it. */
void pl_grid_column(PlGrid *grid, PlGridKind kind, const char *head, gboolean belongs);
/* Adds the next cell, row by row. */
void pl_grid_cell(PlGrid *grid, const char *text);
/* Writes head and rows, two columns in. Columns without a cell are left out. */
void pl_grid_print(const PlGrid *grid, PlPage *page);
/* Heads of the columns that have no room, comma between them; NULL: there is room for all. Free with g_free.
 */
char *pl_grid_left_out(const PlGrid *grid);

/* The colour of "on target", "at risk", "off". */
const char *pl_grid_status_color(const char *words);
