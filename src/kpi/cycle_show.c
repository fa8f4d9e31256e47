/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_show.h"

#include "pairlift/kpi/against.h"

static int by_size(const void *a, const void *b, void *data) {
    const guint *size = data, i = *(const guint *)a, k = *(const guint *)b;
    return size[i] != size[k] ? (size[i] < size[k] ? 1 : -1) : (i > k) - (i < k);
}

gboolean *pl_cycle_largest(const guint *size, guint n, guint most) {
    gboolean *among = g_new0(gboolean, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    for (guint g = 0; g < n; g++)
        order[g] = g;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_size, (gpointer)size);
    for (guint i = 0; i < n && i < most; i++)
        among[order[i]] = TRUE;
    return among;
}

typedef struct {
    PlFinding **rows;
    const guint *size;
} Shown;

static int by_verdict(const void *a, const void *b, void *data) {
    const Shown *shown = data;
    const PlFinding *f = shown->rows[*(const guint *)a], *g = shown->rows[*(const guint *)b];
    gboolean x = f != NULL && f->verdict != NULL, y = g != NULL && g->verdict != NULL;
    if (x != y)
        return x ? -1 : 1;
    if (x && f->p_value != g->p_value)
        return f->p_value < g->p_value ? -1 : 1;
    return by_size(a, b, (void *)shown->size);
}

gboolean *pl_cycle_drawn(const PlSection *section, const char *measure, const PlKpiGroups *groups,
                         const guint *size) {
    guint n = groups->n;
    g_autofree PlFinding **rows = pl_against_rows(section, measure, groups->name, groups->values, n, NULL);
    g_autofree guint *order = g_new(guint, n + 1);
    gboolean *drawn = g_new0(gboolean, n + 1);
    Shown shown = {rows, size};
    for (guint g = 0; g < n; g++)
        order[g] = g;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_verdict, &shown);
    for (guint i = 0; i < n && i < PL_CYCLE_CURVES_MOST; i++)
        drawn[order[i]] = size[order[i]] > 0;
    return drawn;
}

guint pl_cycle_not_drawn(const gboolean *drawn, const guint *size, guint n) {
    guint without = 0;
    for (guint g = 0; g < n; g++)
        without += size[g] > 0 && !drawn[g];
    return without;
}
