/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* The rows of a table, column by column, as the KPIs use them: interactions, customers, order lines ... */

typedef enum {
    PL_FIELD_TEXT,   /* an id, a name, an attribute */
    PL_FIELD_DATE,   /* a day, or a period number */
    PL_FIELD_NUMBER, /* an amount, a score */
} PlFieldKind;

#define PL_NO_LEVEL G_MAXUINT  /* an empty text */
#define PL_NO_DAY   G_MININT32 /* an empty date */

/* One column. Empty cells are PL_NO_LEVEL, PL_NO_DAY or NaN. */
typedef struct {
    char *name;   /* the role that it plays, else the column's own name */
    char *column; /* as the file calls it */
    PlFieldKind kind;
    gboolean role;  /* it plays one */
    guint n_na;     /* cells of a text that are empty because they read NA */
    guint first_na; /* the row of the first of them */
    guint *level;   /* [n] of texts: index into `levels` */
    PlDay *day;     /* [n] of dates */
    double *number; /* [n] of numbers */
    guint n_levels;
    char **levels; /* [n_levels] in order of first appearance; of a role with fixed words: those, in their
                      order */
} PlField;

typedef struct {
    PlTableKind table;
    PlTimeKind time_kind;
    guint n; /* rows */
    guint n_fields;
    PlField *fields;
    int *line;        /* [n] of the file */
    guint16 *file;    /* [n] index into `files` */
    GPtrArray *files; /* char*: as messages name them */
} PlRecords;

void pl_records_free(PlRecords *records);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlRecords, pl_records_free)

/* NULL: the table (may be NULL) has no such field. */
const PlField *pl_records_field(const PlRecords *records, const char *name);
/* The same, of this kind only: a column of numbers is no text. */
const PlField *pl_records_text(const PlRecords *records, const char *name);
const PlField *pl_records_number(const PlRecords *records, const char *name);
const PlField *pl_records_date(const PlRecords *records, const char *name);
/* "sales.csv:118", where row `i` begins; free with g_free. */
char *pl_records_place(const PlRecords *records, guint i);

/* What a role's column holds, in every table that has the role. */
PlFieldKind pl_role_kind(const char *role);
/* The only words that a role's column may hold (outcome, kind of order lines, solved); NULL: any text. */
const char *const *pl_role_words(PlTableKind table, const char *role);

/* All tables that a definition names, by PlTableKind; NULL where it names none of the kind. */
enum { PL_N_TABLES = PL_TABLE_OPPORTUNITIES + 1 };
typedef struct {
    PlRecords *of[PL_N_TABLES];
} PlRecordTables;
void pl_record_tables_clear(PlRecordTables *tables);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlRecordTables, pl_record_tables_clear)
