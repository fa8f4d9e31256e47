/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/stat_options.h"
#include "pairlift/io/frame.h"

/* The columns of a call, read and put in order for the method. */
typedef struct {
    PlSample sample;
    guint n_read;
    PlFrame *frame;
    GPtrArray *owned; /* what the sample points to */
} PlStatSample;

void pl_stat_sample_clear(PlStatSample *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlStatSample, pl_stat_sample_clear)

/* Reads the columns; levels are numbered in sorted order (as numbers, as dates, else as texts), text columns
 * of --on become a column of 0 and 1 for every level but the first, and what --control and --during name is
 * looked up into call->options. PL_ERROR_DATA: see pl_frame_read; PL_ERROR_USAGE: --control or --during name
 * what does not occur. */
gboolean pl_stat_sample_read(PlStatCall *call, PlStatSample *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
