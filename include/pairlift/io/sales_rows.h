/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/breakdown.h"
#include "pairlift/io/csv_header.h"
#include "pairlift/io/load.h"

/* Turns the rows of the sales table, file after file, into a panel: filters, reads store, date and
 * numbers, finds repeated rows, aggregates. */
typedef struct PlSalesRows PlSalesRows;

/* `format` is the table's date format, kept. `faults` receives those of the rows. */
PlSalesRows *pl_sales_rows_new(const PlDefinition *def, const PlTable *table, const PlDateFormat *format,
                               PlDiagnostics *faults);
void pl_sales_rows_free(PlSalesRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlSalesRows, pl_sales_rows_free)

/* Hands the rows of the periods to `breakdown` as well, also those that `where` leaves out by its column
 * alone; before the first file. It is kept. */
void pl_sales_rows_break_down(PlSalesRows *rows, PlBreakdownBuilder *breakdown);

/* Finds the columns in the header of the next file, whose counts go to `input`; FALSE when one is
 * missing (faults of the header are added to its own diagnostics). */
gboolean pl_sales_rows_begin_file(PlSalesRows *rows, const PlCsvHeader *header, PlInput *input);

/* Takes one row in; FALSE: reading on is pointless (a fault is added). */
gboolean pl_sales_rows_take(PlSalesRows *rows, const PlCsvRow *row);

/* After the last row and before `finish`: what is wrong with the table as a whole, such as a `where`
 * that keeps nothing. */
void pl_sales_rows_check(const PlSalesRows *rows, PlDiagnostics *diagnostics);

PlPanel *pl_sales_rows_finish(PlSalesRows *rows);
