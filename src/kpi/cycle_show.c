/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_show.h"

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
