/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_spread.h"

#include <math.h>

typedef struct {
    double wish;
    guint place;
} Wish;

static int by_wish(gconstpointer a, gconstpointer b) {
    const Wish *x = a, *y = b;
    if (x->wish != y->wish)
        return x->wish < y->wish ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Neighbours that are too close become a block around the middle of their wishes, and blocks that then touch
 * one block (pool adjacent violators). */
static void settle(const GArray *wishes, double apart, double *place) {
    g_autofree double *sum = g_new(double, wishes->len);
    g_autofree guint *size = g_new(guint, wishes->len);
    guint blocks = 0;
    for (guint i = 0; i < wishes->len; i++) {
        sum[blocks] = g_array_index(wishes, Wish, i).wish - i * apart;
        size[blocks++] = 1;
        while (blocks > 1 && sum[blocks - 2] / size[blocks - 2] > sum[blocks - 1] / size[blocks - 1]) {
            sum[blocks - 2] += sum[blocks - 1];
            size[blocks - 2] += size[blocks - 1];
            blocks--;
        }
    }
    for (guint b = 0, i = 0; b < blocks; b++) {
        double start = CLAMP(sum[b] / size[b], 0, 1 - (wishes->len - 1) * apart);
        for (guint k = 0; k < size[b]; k++, i++)
            place[i] = start + i * apart;
    }
}

void pl_chart_spread(double *at, guint n, double apart) {
    g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(Wish));
    for (guint i = 0; i < n; i++) {
        Wish wish = {at[i], i};
        if (isfinite(at[i]))
            g_array_append_val(wishes, wish);
    }
    if (wishes->len == 0)
        return;
    g_array_sort(wishes, by_wish);
    if (wishes->len > 1)
        apart = MIN(apart, 1.0 / (wishes->len - 1));
    g_autofree double *place = g_new(double, wishes->len);
    settle(wishes, apart, place);
    for (guint i = 0; i < wishes->len; i++)
        at[g_array_index(wishes, Wish, i).place] = place[i];
}
