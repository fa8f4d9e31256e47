/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"
#include "pairlift/model/tables.h"

/* One file of a table, as it was read. */
typedef struct {
    char *table;        /* "sales", "stores", "pairs" or "assignment" */
    char *source;       /* path as the definition writes it */
    char *sha256;       /* of the file's bytes */
    guint64 rows;       /* data rows */
    guint64 used;       /* rows that went into the panel or the pairs; the others are counted below */
    guint64 filtered;   /* rows left out by `where` */
    guint64 dropped;    /* duplicate rows left out under `duplicates: drop` */
    guint64 empty;      /* values that were empty or NA */
    guint64 unassigned; /* rows of an assignment that take no part: neither pair nor group */
    guint64 unknown;    /* rows of a table beside sales whose store has no sales, left out */
    char delimiter;
} PlInput;

void pl_input_free(PlInput *input);

/* Called now and then while reading: `done` and `total` in bytes over all files. */
typedef void (*PlProgress)(guint64 done, guint64 total, gpointer data);

/* Reads the files of the definition's sales table into a panel with the columns that its metrics
 * name, aggregating while it reads. Faults: every error of the header; the first 20 of the rows
 * with a count of the rest (PL_ERROR_DATA); an unreadable file (PL_ERROR_DATA, named).
 * `inputs` receives a GPtrArray of PlInput (caller frees with g_ptr_array_unref). */
PlPanel *pl_load_sales(const PlDefinition *def, PlProgress progress, gpointer data, GPtrArray **inputs,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, and in the same pass the sales by product or category (`breakdown`, NULL where the table does not
 * tell items apart; caller frees). Products of a treatment that the table does not have are faults. */
PlPanel *pl_load_sales_items(const PlDefinition *def, PlProgress progress, gpointer data, GPtrArray **inputs,
                             PlBreakdown **breakdown, GError **error) G_GNUC_WARN_UNUSED_RESULT;
