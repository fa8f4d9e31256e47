/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/csv_scan.h"

/* The first record of a CSV file: the names of its columns. */
typedef struct {
    const char *shown; /* the file's name in messages */
    PlDiagnostics *diagnostics;
    int line;
    guint n;
    GStrv names;
} PlCsvHeader;

/* Reads it off the scan; FALSE with a fault added when the file is empty or unreadable. `shown` and
 * `diagnostics` are kept. */
gboolean pl_csv_header_read(PlCsvScan *scan, const char *shown, PlDiagnostics *diagnostics,
                            PlCsvHeader *header);
void pl_csv_header_clear(PlCsvHeader *header);

/* Index of a column; -1, and a fault unless `optional`, where it is missing; a fault and -1 where two
 * columns have the name. `advice` (NULL: none) says what to do when no similar name exists. */
int pl_csv_header_find(const PlCsvHeader *header, const char *name, gboolean optional, const char *advice);
