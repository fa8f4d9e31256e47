/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/records.h"

#include <string.h>

void pl_records_free(PlRecords *records) {
    if (records == NULL)
        return;
    for (guint f = 0; f < records->n_fields; f++) {
        PlField *field = &records->fields[f];
        for (guint i = 0; i < field->n_levels; i++)
            g_free(field->levels[i]);
        void *parts[] = {field->levels, field->name, field->column, field->level, field->day, field->number};
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
            g_free(parts[i]);
    }
    g_free(records->fields);
    g_free(records->line);
    g_free(records->file);
    g_ptr_array_unref(records->files);
    g_free(records);
}

const PlField *pl_records_field(const PlRecords *records, const char *name) {
    for (guint f = 0; records != NULL && f < records->n_fields; f++)
        if (strcmp(records->fields[f].name, name) == 0)
            return &records->fields[f];
    return NULL;
}

static const PlField *of_kind(const PlRecords *records, const char *name, PlFieldKind kind) {
    const PlField *field = pl_records_field(records, name);
    return field != NULL && field->kind == kind ? field : NULL;
}

const PlField *pl_records_text(const PlRecords *records, const char *name) {
    return of_kind(records, name, PL_FIELD_TEXT);
}

const PlField *pl_records_number(const PlRecords *records, const char *name) {
    return of_kind(records, name, PL_FIELD_NUMBER);
}

const PlField *pl_records_date(const PlRecords *records, const char *name) {
    return of_kind(records, name, PL_FIELD_DATE);
}

char *pl_records_place(const PlRecords *records, guint i) {
    return g_strdup_printf("%s:%d", (const char *)g_ptr_array_index(records->files, records->file[i]),
                           records->line[i]);
}

void pl_record_tables_clear(PlRecordTables *tables) {
    for (guint i = 0; i < PL_N_TABLES; i++)
        g_clear_pointer(&tables->of[i], pl_records_free);
}
