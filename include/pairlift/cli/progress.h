/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"

/* What is being done, on standard error, when that is a terminal and nobody said no. */
typedef struct {
    gboolean wanted, shown;
    const char *what;
    gint64 begun, drawn; /* microseconds */
} PlBar;

PlBar pl_bar_begin(const PlOptions *options, const char *what);
/* A PlProgress: `data` is the PlBar. Draws the bar once the work has taken over a second. */
void pl_bar_update(guint64 done, guint64 total, gpointer data);
/* Shows "WHAT ..." at once, for work that cannot say how far it is. */
void pl_bar_say(PlBar *bar);
/* Wipes the bar. */
void pl_bar_end(PlBar *bar);

/* The bar at `done` of `total`: "reading [###   ]  50 %". Free with g_free. */
char *pl_bar_text(const char *what, guint64 done, guint64 total);

/* Under --verbose, says what is done since `begun` (g_get_monotonic_time), and how long it took. */
void pl_say(const PlOptions *options, gint64 begun, const char *what);
