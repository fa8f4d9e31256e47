/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* One published value, replayed. */
typedef struct {
    char *method, *command, *what, *source;
    double expected, got; /* got NAN: not computed */
    double digits;        /* in which they agree: -log10 of the relative error, at most 16 */
    int needed;           /* digits that the publication gives */
    gboolean passed;
} PlReplay;

void pl_replay_free(PlReplay *replay);

/* The table for people, and all of it as JSON; free with g_free. `replays`: PlReplay*. */
char *pl_report_selftest_text(const GPtrArray *replays);
char *pl_report_selftest_json(const GPtrArray *replays);
