/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/diagnostics.h"

/* How to read a CSV file that no definition describes. */
typedef struct {
    char delimiter; /* 0: read off the header line */
    char decimal;   /* '.' or ',' */
} PlCsvOptions;

/* A CSV file's named columns as texts, for small tables: pairs, assignments, `stat`. */
typedef struct {
    char *file;
    guint n_columns, n_rows;
    char **names;  /* as asked for */
    char ***cells; /* [column][row]; "" where empty */
    int *lines;    /* [row] physical line of the row's start */
    char delimiter;
    char *sha256; /* of the file's bytes; NULL: not asked for */
} PlColumns;

void pl_columns_free(PlColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlColumns, pl_columns_free)

/* Reads the columns `names` (ends with NULL). The last `n_optional` of them may be missing from the file,
 * their cells are then NULL; no rows under the header are none. PL_ERROR_DATA: no such file, no such
 * column (with "did you mean"), malformed rows. */
PlColumns *pl_columns_read(const char *path, const char *const *names, guint n_optional,
                           const PlCsvOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the file's digest, which takes longer than the reading. */
PlColumns *pl_columns_read_hashed(const char *path, const char *const *names, guint n_optional,
                                  const PlCsvOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Strict number: the whole text, finite, in the given decimal style; FALSE otherwise. */
gboolean pl_number_parse(const char *text, gsize length, char decimal, double *value);

/* "" and NA (any surrounding blanks) mean: no value. */
gboolean pl_number_missing(const char *text, gsize length);
