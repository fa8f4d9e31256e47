/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"

/* Sales by store x time x measure, dense, with a mask of what is missing. Time-major, because files
 * arrive by date: one slab of n_stores values for each time and measure. */
typedef struct {
    guint n_stores, n_times, n_measures;
    PlTimeKind kind;
    PlStep step;
    char **stores;           /* [n_stores] names, in order of first appearance */
    PlDay *times;            /* [n_times] distinct, ascending */
    char **measures;         /* [n_measures] column names */
    double **sum;            /* [time * n_measures + measure] -> [n_stores]; NaN: a row had no value */
    guint32 **rows;          /* [time] -> [n_stores] rows aggregated; 0: missing */
    GHashTable *store_index; /* name -> index + 1 */
} PlPanel;

void pl_panel_free(PlPanel *panel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPanel, pl_panel_free)

/* A panel with all cells missing; copies the names. For tests and derived panels. */
PlPanel *pl_panel_new(const char *const *stores, guint n_stores, const PlDay *times, guint n_times,
                      PlTimeKind kind, const char *const *measures, guint n_measures);

/* Index of a store or measure, -1 when the panel has none of that name. */
int pl_panel_store(const PlPanel *panel, const char *name);
int pl_panel_measure(const PlPanel *panel, const char *name);

/* Half-open range of time indices that falls within [first, last]. */
void pl_panel_range(const PlPanel *panel, PlDay first, PlDay last, guint *begin, guint *end);

/* FALSE: the cell is missing (no row, or a row without a value) and `value` is untouched. */
static inline gboolean pl_panel_get(const PlPanel *panel, guint store, guint time, guint measure,
                                    double *value) {
    double v = panel->sum[time * panel->n_measures + measure][store];
    if (panel->rows[time][store] == 0 || v != v)
        return FALSE;
    *value = v;
    return TRUE;
}

static inline guint32 pl_panel_rows(const PlPanel *panel, guint store, guint time) {
    return panel->rows[time][store];
}

/* Sets a cell as if one row had held `value`. */
void pl_panel_set(PlPanel *panel, guint store, guint time, guint measure, double value);
