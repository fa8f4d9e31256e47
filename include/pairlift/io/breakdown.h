/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/csv_header.h"
#include "pairlift/model/definition.h"
#include "pairlift/model/tables.h"

/* Totals of units and revenue by product (else by category), store and period, in the same pass over the
 * sales table as the panel: also of the rows that `where` leaves out by this column alone. Those are not what
 * the experiment is judged by, so a fault in one of them is counted and does not stop the run. */
typedef struct PlBreakdownBuilder PlBreakdownBuilder;

/* All three are kept. */
PlBreakdownBuilder *pl_breakdown_builder_new(const PlDefinition *def, const PlTable *table,
                                             const PlDateFormat *format);
void pl_breakdown_builder_free(PlBreakdownBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlBreakdownBuilder, pl_breakdown_builder_free)

/* Finds the columns in the header of the next file; the first file settles which column the items are read
 * from. FALSE with a fault: a column that the first file has, or the definition names, is missing. */
gboolean pl_breakdown_builder_begin_file(PlBreakdownBuilder *builder, const PlCsvHeader *header,
                                         guint store_index, guint date_index);
/* The column whose conditions do not count; NULL: there is none, and rows need not be added. */
const char *pl_breakdown_builder_column(const PlBreakdownBuilder *builder);

/* Adds a row. `kept`: it is in the panel, and was looked at for being a repeated one. */
void pl_breakdown_builder_add(PlBreakdownBuilder *builder, const PlCsvRow *row, gboolean kept);

/* After the last row: products of the treatments that no row has are faults. */
void pl_breakdown_builder_check(const PlBreakdownBuilder *builder, PlDiagnostics *diagnostics);

/* The totals, by the stores of the panel; NULL where no column tells items apart and nobody asked for it, or
 * where there is a single item. */
PlBreakdown *pl_breakdown_builder_finish(PlBreakdownBuilder *builder, const PlPanel *panel);
