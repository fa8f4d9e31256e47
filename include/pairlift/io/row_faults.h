/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/columns.h"
#include "pairlift/io/csv_scan.h"
#include "pairlift/model/calendar.h"
#include "pairlift/model/definition.h"

/* The faults of a row, worded, with the hint that mends them. */
typedef struct {
    PlDiagnostics *diagnostics;
    const PlTable *table;
    const char *file;
} PlRowFaults;

/* A stretch of a row. */
typedef struct {
    const char *text;
    gsize length;
} PlText;

/* A cell of a row. */
static inline PlText pl_row_cell(const PlCsvRow *row, guint index) {
    PlText cell;
    cell.text = pl_csv_field(row, index, &cell.length);
    return cell;
}

void pl_fault_not_a_number(const PlRowFaults *faults, int line, const char *column, PlText cell,
                           PlText store);
void pl_fault_no_value(const PlRowFaults *faults, int line, const char *column, PlText cell, PlText store);
void pl_fault_bad_date(const PlRowFaults *faults, int line, const char *column, PlText cell, PlText store);
void pl_fault_bad_store(const PlRowFaults *faults, int line, const char *column, PlText cell);
void pl_fault_repeated(const PlRowFaults *faults, int line, PlText store, PlText date);
