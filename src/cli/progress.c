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

char *pl_bar_text(const char *what, guint64 done, guint64 total) {
    double share = total > 0 ? MIN(1.0, (double)done / (double)total) : 0;
    char cells[CELLS + 1] = {0};
    for (int i = 0; i < CELLS; i++)
        cells[i] = i < (int)(share * CELLS) ? '#' : ' ';
    return g_strdup_printf("%s [%s] %3.0f %%", what, cells, 100 * share);
}

static void draw(PlBar *bar, const char *text) {
    fprintf(stderr, "\r%s", text);
    fflush(stderr);
    bar->shown = TRUE;
}

void pl_bar_update(guint64 done, guint64 total, gpointer data) {
    PlBar *bar = data;
    gint64 now = g_get_monotonic_time();
    if (!bar->wanted || total == 0 || now - bar->begun < PATIENCE || now - bar->drawn < REDRAW)
        return;
    g_autofree char *text = pl_bar_text(bar->what, done, total);
    draw(bar, text);
    bar->drawn = now;
}

void pl_bar_say(PlBar *bar) {
    g_autofree char *text = g_strconcat(bar->what, " ...", NULL);
    if (bar->wanted)
        draw(bar, text);
}

void pl_bar_end(PlBar *bar) {
    if (bar->shown)
        fputs("\r\033[K", stderr);
    bar->shown = FALSE;
}

void pl_say(const PlOptions *o, gint64 begun, const char *what) {
    if (o->verbose && !o->quiet)
        fprintf(stderr, "pairlift: %s (%.3f s)\n", what, (double)(g_get_monotonic_time() - begun) / 1e6);
}
