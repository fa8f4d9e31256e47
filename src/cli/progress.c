/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define PATIENCE 1000000 /* microseconds before a bar appears */
#define REDRAW   100000  /* microseconds between two drawings */
#define CELLS    30

PlBar pl_bar_begin(const PlOptions *o, const char *what) {
    gint64 now = g_get_monotonic_time();
    return (PlBar){!o->no_progress && !o->quiet && isatty(STDERR_FILENO), FALSE, what, now, now};
}

void pl_bar_update(guint64 done, guint64 total, gpointer data) {
    PlBar *bar = data;
    gint64 now = g_get_monotonic_time();
    if (!bar->wanted || total == 0 || now - bar->begun < PATIENCE || now - bar->drawn < REDRAW)
        return;
    double share = MIN(1.0, (double)done / (double)total);
    int full = (int)(share * CELLS);
    fprintf(stderr, "\r%s [", bar->what);
    for (int i = 0; i < CELLS; i++)
        fputc(i < full ? '#' : ' ', stderr);
    fprintf(stderr, "] %3.0f %%", 100 * share);
    fflush(stderr);
    bar->drawn = now;
    bar->shown = TRUE;
}

void pl_bar_end(PlBar *bar) {
    if (bar->shown)
        fputs("\r\033[K", stderr);
    bar->shown = FALSE;
}
