/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/load.h"
#include "pairlift/model/records.h"

/* Reads every table that the definition names, row by row, for the KPIs: the columns that play a role, those
 * that `kpis` names, and of the small tables (stores, customers, survey) all columns. Appends a PlInput a
 * file to `inputs`. Faults, with file and line, the first 20 of each table and a count (PL_ERROR_DATA): an
 * unreadable file, a missing column, a cell that is no date, number or word of its role, an empty one where a
 * value is needed, and what pl_records_check finds. PL_ERROR_DEFINITION: a table has no file, or a date
 * format that is none. */
gboolean pl_load_records(const PlDefinition *def, PlProgress progress, gpointer data, PlRecordTables *tables,
                         GPtrArray *inputs, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What rows say about each other: ids that stand twice, ends before their start, a closed deal without a day
 * or an open one with it, scores and answers about energy off the declared scale, prices that are none, two
 * currencies, two units of one product, rows without the currency or unit that others have, an order of two
 * customers. Adds faults to `diagnostics`. */
void pl_records_check(const PlDefinition *def, const PlRecords *records, PlDiagnostics *diagnostics);

/* What two tables say about one product: its unit in competitor_prices is that of the sales. Adds faults to
 * `diagnostics`, with the line of both. */
void pl_records_check_across(const PlRecordTables *tables, PlDiagnostics *diagnostics);
