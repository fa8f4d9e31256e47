/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* What `pairlift stat` shows: the answer of one method on a file's columns. Limits may be infinite, for
 * one-sided intervals; fields that the method does not have are NaN. */
typedef struct {
    const char *method, *title, *estimates; /* id, name, what the estimate is */
    const char *x, *y;                      /* columns; y NULL: x alone */
    guint rows, used;                       /* rows of the file; those with all their values */
    gint64 seed;
    guint64 resamples;       /* 0: exact, or by a formula */
    guint n_dropped, n_tied; /* zeros left out, values in tied groups */
    double estimate, std_error, statistic, df, p_value, conf_low, conf_high, conf_level;
    char *reason; /* why there is no estimate (NaN) or no limit, and what was done to the rows, with "; "
                     between; NULL: nothing to say */
} PlStatResult;

void pl_stat_result_clear(PlStatResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlStatResult, pl_stat_result_clear)

/* One JSON object with the fields of result.json's estimates. Free with g_free. */
char *pl_report_stat_json(const PlStatResult *result);
/* A few lines for the terminal. Free with g_free. */
char *pl_report_stat_text(const PlStatResult *result);
