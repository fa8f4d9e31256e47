/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pairlift/io/records.h"

/* Letters of a name that a message shows. */
#define SHOWN 60

typedef struct {
    const PlRecords *records;
    const PlField *product, *unit;
} Units;

static Units units_of(const PlRecords *records) {
    return (Units){records, pl_records_text(records, "product"), pl_records_text(records, "unit")};
}

static gboolean has_both(const Units *u, guint i) {
    return u->product->level[i] != PL_NO_LEVEL && u->unit->level[i] != PL_NO_LEVEL;
}

static void complain(const Units *ours, guint our_row, const Units *theirs, guint row,
                     PlDiagnostics *faults) {
    const PlRecords *r = theirs->records;
    g_autofree char *place = pl_records_place(ours->records, our_row);
    pl_diagnostics_add(faults, g_ptr_array_index(r->files, r->file[row]), (PlPos){r->line[row], 0},
                       "a price can only be held against one of the same unit: convert one of them",
                       "product \"%.*s\", column \"%s\": \"%.*s\" here and \"%.*s\" in %s", SHOWN,
                       theirs->product->levels[theirs->product->level[row]], theirs->unit->column, SHOWN,
                       theirs->unit->levels[theirs->unit->level[row]], SHOWN,
                       ours->unit->levels[ours->unit->level[our_row]], place);
}

void pl_records_check_across(const PlRecordTables *tables, PlDiagnostics *faults) {
    Units ours = units_of(tables->of[PL_TABLE_SALES]),
          theirs = units_of(tables->of[PL_TABLE_COMPETITOR_PRICES]);
    if (ours.product == NULL || ours.unit == NULL || theirs.product == NULL || theirs.unit == NULL)
        return;
    /* within a table a product has one unit, else that is a fault already: its first row speaks for it */
    g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree guint *first = g_new0(guint, ours.product->n_levels + 1); /* row + 1 */
    for (guint i = ours.records->n; i-- > 0;)
        if (has_both(&ours, i))
            first[ours.product->level[i]] = i + 1;
    for (guint l = 0; l < ours.product->n_levels; l++)
        g_hash_table_insert(rows, ours.product->levels[l], GUINT_TO_POINTER(first[l]));
    g_autofree guint *row_of = g_new0(guint, theirs.product->n_levels + 1);
    for (guint l = 0; l < theirs.product->n_levels; l++)
        row_of[l] = GPOINTER_TO_UINT(g_hash_table_lookup(rows, theirs.product->levels[l]));
    for (guint i = 0; i < theirs.records->n; i++) {
        guint row = has_both(&theirs, i) ? row_of[theirs.product->level[i]] : 0;
        if (row > 0 && strcmp(theirs.unit->levels[theirs.unit->level[i]],
                              ours.unit->levels[ours.unit->level[row - 1]]) != 0)
            complain(&ours, row - 1, &theirs, i, faults);
    }
}
