/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/panel.h"
#include <math.h>
#include <string.h>

void pl_panel_free(PlPanel *panel) {
    if (panel == NULL)
        return;
    for (guint i = 0; panel->stores != NULL && i < panel->n_stores; i++)
        g_free(panel->stores[i]);
    for (guint i = 0; panel->measures != NULL && i < panel->n_measures; i++)
        g_free(panel->measures[i]);
    for (gsize i = 0; panel->sum != NULL && i < (gsize)panel->n_times * panel->n_measures; i++)
        g_free(panel->sum[i]);
    for (gsize i = 0; panel->n_values != NULL && i < (gsize)panel->n_times * panel->n_measures; i++)
        g_free(panel->n_values[i]);
    for (guint i = 0; panel->rows != NULL && i < panel->n_times; i++)
        g_free(panel->rows[i]);
    g_clear_pointer(&panel->store_index, g_hash_table_unref);
    g_free(panel->stores);
    g_free(panel->times);
    g_free(panel->measures);
    g_free(panel->averaged);
    g_free(panel->n_values);
    g_free(panel->sum);
    g_free(panel->rows);
    g_free(panel);
}

static char **copy_names(const char *const *names, guint n) {
    char **copy = g_new0(char *, n);
    for (guint i = 0; i < n; i++)
        copy[i] = g_strdup(names[i]);
    return copy;
}

PlPanel *pl_panel_new(const char *const *stores, guint n_stores, const PlDay *times, guint n_times,
                      PlTimeKind kind, const char *const *measures, guint n_measures) {
    PlPanel *panel = g_new0(PlPanel, 1);
    panel->n_stores = n_stores;
    panel->n_times = n_times;
    panel->n_measures = panel->n_needed = n_measures;
    panel->gross_profit = -1;
    panel->kind = kind;
    panel->step = pl_step_detect(times, n_times, kind);
    panel->stores = copy_names(stores, n_stores);
    panel->measures = copy_names(measures, n_measures);
    panel->times = g_memdup2(times, n_times * sizeof *times);
    panel->sum = g_new0(double *, (gsize)n_times *n_measures);
    for (gsize i = 0; i < (gsize)n_times * n_measures; i++)
        panel->sum[i] = g_new0(double, n_stores);
    panel->averaged = g_new0(gboolean, n_measures);
    panel->n_values = g_new0(guint32 *, (gsize)n_times * n_measures);
    panel->rows = g_new0(guint32 *, n_times);
    for (guint t = 0; t < n_times; t++)
        panel->rows[t] = g_new0(guint32, n_stores);
    panel->store_index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n_stores; i++)
        g_hash_table_insert(panel->store_index, panel->stores[i], GUINT_TO_POINTER(i + 1));
    return panel;
}

/* From the back, so that no slab is overwritten before it is moved. */
static void widen(PlPanel *panel, guint to) {
    guint from = panel->n_measures;
    panel->sum = g_renew(double *, panel->sum, (gsize)panel->n_times *to + 1);
    panel->n_values = g_renew(guint32 *, panel->n_values, (gsize)panel->n_times * to + 1);
    for (guint t = panel->n_times; t-- > 0;) {
        gsize row = (gsize)t * from, moved = (gsize)t * to;
        memmove(&panel->sum[moved], &panel->sum[row], from * sizeof *panel->sum);
        memmove(&panel->n_values[moved], &panel->n_values[row], from * sizeof *panel->n_values);
        for (guint m = from; m < to; m++) {
            panel->sum[moved + m] = g_new0(double, panel->n_stores + 1);
            panel->n_values[moved + m] = NULL;
        }
    }
    panel->n_measures = to;
}

void pl_panel_add_measures(PlPanel *panel, const char *const *names, guint n) {
    guint from = panel->n_measures;
    widen(panel, from + n);
    panel->measures = g_renew(char *, panel->measures, from + n);
    panel->averaged = g_renew(gboolean, panel->averaged, from + n);
    for (guint i = 0; i < n; i++) {
        panel->measures[from + i] = g_strdup(names[i]);
        panel->averaged[from + i] = FALSE;
    }
}

void pl_panel_add(PlPanel *panel, guint store, guint time, guint measure, guint first, double value) {
    double **slabs = panel->sum + (gsize)time * panel->n_measures;
    if (panel->rows[time][store] == 0) {
        for (guint m = 0; m < panel->n_measures; m++)
            slabs[m][store] = m < first ? NAN : 0;
        panel->rows[time][store] = 1;
    }
    slabs[measure][store] += value;
}

int pl_panel_store(const PlPanel *panel, const char *name) {
    return (int)GPOINTER_TO_UINT(g_hash_table_lookup(panel->store_index, name)) - 1;
}

int pl_panel_measure(const PlPanel *panel, const char *name) {
    for (guint m = 0; m < panel->n_measures; m++)
        if (strcmp(panel->measures[m], name) == 0)
            return (int)m;
    return -1;
}

/* Index of the first time that is not before `day`. */
static guint lower_bound(const PlPanel *panel, gint64 day) {
    guint low = 0, high = panel->n_times;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (panel->times[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* An empty range (first after last, or no time within) has begin == end. */
void pl_panel_range(const PlPanel *panel, PlDay first, PlDay last, guint *begin, guint *end) {
    *begin = lower_bound(panel, first);
    *end = MAX(*begin, lower_bound(panel, (gint64)last + 1));
}

/* The counts of one measure and time get an array of their own once they are not those of the rows. */
static void set_n_values(PlPanel *panel, guint store, guint time, guint measure, guint32 n_values) {
    guint32 **counts = &panel->n_values[(gsize)time * panel->n_measures + measure];
    if (*counts == NULL && panel->rows[time][store] == n_values)
        return;
    if (*counts == NULL)
        *counts = g_memdup2(panel->rows[time], panel->n_stores * sizeof **counts);
    (*counts)[store] = n_values;
}

void pl_panel_fill(PlPanel *panel, guint store, guint time, guint measure, double value, guint32 n_values) {
    double **slabs = panel->sum + (gsize)time * panel->n_measures;
    if (panel->rows[time][store] == 0) {
        for (guint m = 0; m < panel->n_measures; m++)
            slabs[m][store] = NAN;
        panel->rows[time][store] = n_values;
    }
    slabs[measure][store] = value * n_values;
    set_n_values(panel, store, time, measure, n_values);
}

void pl_panel_set(PlPanel *panel, guint store, guint time, guint measure, double value) {
    pl_panel_fill(panel, store, time, measure, value, 1);
}
