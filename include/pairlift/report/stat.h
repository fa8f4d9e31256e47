/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* What `pairlift stat` shows: the answer of one method on a file's columns.
 * Limits may be infinite; numbers that the method does not have are NAN. */
typedef struct {
    char *term; /* what the row is about, NULL: the one row */
    double estimate, std_error, statistic, df, p_value, conf_low, conf_high;
    guint64 n, n_dropped, n_tied, resamples;
    GArray *figures; /* PlNamedNumber */
    char *reason;    /* why something is missing, and what was done to the rows; "; " between; or NULL */
} PlStatRow;

typedef struct {
    const char *method, *title, *estimates; /* of the method */
    char *columns;                          /* "A - B" */
    guint rows, used;                       /* of the file */
    gint64 seed;
    double conf_level;
    GPtrArray *table; /* PlStatRow* */
    GPtrArray *notes; /* char*: how it was done */
} PlStatResult;

PlStatResult *pl_stat_result_new(void);
void pl_stat_result_free(PlStatResult *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlStatResult, pl_stat_result_free)
/* A new row at the end, all its numbers NAN. */
PlStatRow *pl_stat_result_add(PlStatResult *r);

/* Both free with g_free. */
char *pl_report_stat_json(const PlStatResult *r);
char *pl_report_stat_text(const PlStatResult *r);
