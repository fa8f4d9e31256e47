/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/names.h"
#include "pairlift/model/panel.h"

/* Aggregates rows into a panel while they arrive, in any order of stores and days. */
typedef struct PlPanelBuilder PlPanelBuilder;

/* `averaged` [n_measures], copied: a row without a value does not take the others' from its cell.
 *
 * `find_repeated`: look for rows that are in their cell already, wherever in the input they stand. A cell
 * with one row costs nothing for it; each row that is not the first of its cell costs 10 to 15 bytes, and
 * 25 for a moment when the set grows. Rows are told apart by hashes: the first row of a cell by 40 bits,
 * the n rows after a first by 64. A row that is new is taken for a repeated one with probability
 * 1 / 2^40 + n / 2^64: a file of 10^8 such rows holds one by mistake with a probability of 4 in 10,000. */
PlPanelBuilder *pl_panel_builder_new(guint n_measures, const gboolean *averaged, gboolean find_repeated);
void pl_panel_builder_free(PlPanelBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPanelBuilder, pl_panel_builder_free)

/* The stores seen so far; the caller adds to them. */
PlNames *pl_panel_builder_stores(PlPanelBuilder *builder);

/* The slot of a day, made when it is new. Slots are numbered in order of first appearance. */
guint pl_panel_builder_slot(PlPanelBuilder *builder, PlDay day);

/* Whether `slot` exists and is that of `day`. */
gboolean pl_panel_builder_slot_is(const PlPanelBuilder *builder, guint slot, PlDay day);

typedef enum {
    PL_ROW_NEW,      /* and added; the others are not */
    PL_ROW_REPEATED, /* in its cell already; only where asked for */
    PL_ROW_TOO_MANY, /* PL_PANEL_MAX_ROWS are in the cell already */
    PL_ROW_SPARSE,   /* the table of all stores and days would be nearly empty, and huge */
} PlRowKind;

/* Rows of one store and day. */
#define PL_PANEL_MAX_ROWS ((guint32)(1 << 24) - 1)

/* A table of this many cells, of which fewer than one in PL_PANEL_MIN_FILL has a row, is a mistake in
 * the definition (an order number as the store), not sales. */
#define PL_PANEL_MAX_SPARSE ((guint64)4 << 20)
#define PL_PANEL_MIN_FILL   100

/* Whether the finished panel would be such a table. */
gboolean pl_panel_builder_is_sparse(const PlPanelBuilder *builder);

/* Adds a row to its cell; `hash` is of the row's bytes, `values` one a measure, NaN: no value. */
PlRowKind pl_panel_builder_add(PlPanelBuilder *builder, guint store, guint slot, guint64 hash,
                               const double *values);

/* The panel, days ascending; `measures` are copied. The builder is then empty. */
PlPanel *pl_panel_builder_finish(PlPanelBuilder *builder, PlTimeKind kind, const char *const *measures);
