/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/csv_scan.h"
#include "pairlift/io/load.h"
#include "pairlift/io/names.h"
#include "pairlift/io/row_faults.h"
#include "pairlift/model/records.h"

/* How the cells of a column become a field of records. */

/* One column while it is read. */
typedef struct {
    char *name, *column;
    gboolean role, needed; /* needed: an empty cell is a fault */
    gboolean either;       /* texts that become numbers when all are some */
    PlFieldKind kind;
    const char *const *words; /* NULL: any text */
    GArray *values;           /* guint, PlDay or double */
    guint n_na, first_na;     /* cells that read NA, and the row of the first */
    PlNames *names;
    guint last; /* level of the row before, the best guess at the next */
    int index;  /* in the file at hand */
} PlReading;

/* Of the table that is read, and the file at hand. */
typedef struct {
    PlTableKind kind;
    const PlTable *table;
    const PlDateFormat *format;
    char decimal;
    PlRowFaults faults;
    PlInput *input;
} PlReadingOf;

/* A column that plays the role `name`, or (`role` FALSE) has only its own name: then it is a field of numbers
 * when all its texts are some, else of texts. Free with pl_reading_clear. */
PlReading pl_reading_new(const PlReadingOf *of, const char *name, const char *column, gboolean role,
                         gboolean needed);
void pl_reading_clear(gpointer reading);

/* Adds the cell of a row; FALSE with a fault added, and without a value. */
gboolean pl_reading_take(const PlReadingOf *of, const PlCsvRow *row, PlReading *reading);

/* Moves all that was read into the field. */
void pl_reading_finish(const PlReadingOf *of, PlReading *reading, PlField *field);
