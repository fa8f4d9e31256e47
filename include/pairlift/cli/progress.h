/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"

/* A bar on standard error for work of over a second, when that is a terminal and nobody said no. */
typedef struct {
    gboolean wanted, shown;
    const char *what;
    gint64 begun, drawn; /* microseconds */
} PlBar;

PlBar pl_bar_begin(const PlOptions *options, const char *what);
/* A PlProgress: `data` is the PlBar. */
void pl_bar_update(guint64 done, guint64 total, gpointer data);
/* Wipes the bar. */
void pl_bar_end(PlBar *bar);
