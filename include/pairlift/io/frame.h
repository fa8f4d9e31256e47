/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/columns.h"
#include "pairlift/io/names.h"

/* Named columns of a CSV file as numbers and as levels, for `stat`: of any size, read in one pass. */
typedef enum {
    PL_FRAME_NUMBERS, /* a cell that is no number is a fault */
    PL_FRAME_LEVELS,
    PL_FRAME_EITHER, /* numbers when every cell is one */
} PlFrameKind;

typedef struct {
    const char *name;
    PlFrameKind kind;
} PlFrameWish;

typedef struct {
    char *name;
    gboolean stands; /* FALSE: "x^2", of which x was read */
    double *values;  /* [n_rows], NULL: levels */
    guint *ids;      /* [n_rows] into `names`, NULL: numbers */
    PlNames *names;
} PlFrameColumn;

/* Only rows that have a value in every column; the others are counted. */
typedef struct {
    char *file;
    guint n_columns, n_rows, n_read;
    PlFrameColumn *columns;
} PlFrame;

void pl_frame_free(PlFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFrame, pl_frame_free)

/* Reads `n` columns. A name "x^2" that is no column of the file is column "x" (its power is the caller's
 * affair; `stands` is then FALSE). PL_ERROR_DATA: no such file, no such column (with "did you mean"),
 * malformed rows, numbers that are none. */
PlFrame *pl_frame_read(const char *path, const PlFrameWish *wishes, guint n, const PlCsvOptions *options,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
