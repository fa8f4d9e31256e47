/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"

/* Sales by store x time x measure, dense, with a mask of what is missing. Time-major, because files
 * arrive by date: one slab of n_stores values for each time and measure. */
typedef struct {
    guint n_stores, n_times, n_measures;
    guint n_needed;   /* the first so many measures are of metrics: a gap in one is a fault; the others are of
                         roles   (revenue, units, visits), where a gap is only missed */
    int gross_profit; /* the measure of gross profit in money, -1: none */
    PlTimeKind kind;
    PlStep step;
    char **stores;      /* [n_stores] names, in order of first appearance */
    PlDay *times;       /* [n_times] distinct, ascending */
    char **measures;    /* [n_measures] column names */
    gboolean *averaged; /* [n_measures] TRUE: the mean of the rows that have a value is of interest */
    double **sum;       /* [time * n_measures + measure] -> [n_stores] of the values; NaN: a row had none,
                           of an average: no row had one */
    guint32 **n_values; /* like sum: rows with a value; NULL: of these stores every row has one */
    guint32 **rows;     /* [time] -> [n_stores] rows aggregated; 0: missing */
    GHashTable *store_index; /* name -> index + 1 */
} PlPanel;

void pl_panel_free(PlPanel *panel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPanel, pl_panel_free)

/* A panel with all cells missing; copies the names. For tests and derived panels. */
PlPanel *pl_panel_new(const char *const *stores, guint n_stores, const PlDay *times, guint n_times,
                      PlTimeKind kind, const char *const *measures, guint n_measures);

/* Appends measures, 0 wherever there are rows. They are of no role, and a gap in one is no fault. */
void pl_panel_add_measures(PlPanel *panel, const char *const *names, guint n);

/* Adds to a cell's sum; one without rows gets one, in which the other measures are missing, and the added
 * ones (from `first` on) are 0. */
void pl_panel_add(PlPanel *panel, guint store, guint time, guint measure, guint first, double value);

/* Index of a store or measure, -1 when the panel has none of that name. */
int pl_panel_store(const PlPanel *panel, const char *name);
int pl_panel_measure(const PlPanel *panel, const char *name);

/* Half-open range of time indices that falls within [first, last]. */
void pl_panel_range(const PlPanel *panel, PlDay first, PlDay last, guint *begin, guint *end);

/* The sum of the rows. FALSE: the cell is missing (no row, or a row without a value; of an average: no row
 * with a value) and `value` is untouched. */
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

/* How many rows the sum of an average is of; 0: missing. */
static inline guint32 pl_panel_values(const PlPanel *panel, guint store, guint time, guint measure) {
    double sum;
    const guint32 *n_values = panel->n_values[time * panel->n_measures + measure];
    if (!pl_panel_get(panel, store, time, measure, &sum))
        return 0;
    return n_values != NULL ? n_values[store] : panel->rows[time][store];
}

/* The mean of the rows that have a value; FALSE: there is none and `value` is untouched. */
static inline gboolean pl_panel_mean(const PlPanel *panel, guint store, guint time, guint measure,
                                     double *value) {
    guint32 n = pl_panel_values(panel, store, time, measure);
    if (n > 0 && pl_panel_get(panel, store, time, measure, value))
        *value /= n;
    return n > 0;
}

/* Sets a cell as if `n_values` rows (at least 1) had held `value` each: its sum is their product. Of a sum
 * or a ratio `n_values` is 1; of a mean it is the weight of the day among the others. Measures of a cell
 * without a row are missing unless they are filled as well. */
void pl_panel_fill(PlPanel *panel, guint store, guint time, guint measure, double value, guint32 n_values);

/* The same with one row. */
void pl_panel_set(PlPanel *panel, guint store, guint time, guint measure, double value);
