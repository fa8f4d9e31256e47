/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition_tables.h"

#include <string.h>

#include "pairlift/model/keys.h"
#include "pairlift/model/suggest.h"

/* A key that was written, even when its value could not be read: that fault is reported already. */
static gboolean written(const PlDefinition *def, const void *field, const void *value) {
    return value != NULL || pl_definition_pos(def, field).line > 0;
}

/* -1: the loader could not read the name. */
static const char *table_name(const PlTable *table) {
    return table->table < 0 ? "?" : pl_table_names[table->table];
}

static void check_source(const PlDefinition *def, const PlTable *table, PlDiagnostics *d) {
    PlPos pos = pl_definition_pos(def, table);
    const char *name = table_name(table);
    gboolean file = written(def, &table->files, table->files);
    gboolean odbc = written(def, &table->odbc, table->odbc);
    gboolean relation = written(def, &table->relation, table->relation);
    gboolean query = written(def, &table->query, table->query);
    if (!file && !odbc)
        pl_diagnostics_add(d, def->file, pos, "file: NAME.csv, or odbc: \"DSN=...\" with relation or query",
                           "table \"%s\" has no source", name);
    if (file && odbc)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &table->odbc), "keep one of them",
                           "table \"%s\" has both \"file\" and \"odbc\"", name);
    if (odbc && !relation && !query)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &table->odbc),
                           "relation: schema.table, or query: SELECT ...",
                           "\"odbc\" needs \"relation\" or \"query\"");
    if (relation && query)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &table->query), "keep one of them",
                           "table \"%s\" has both \"relation\" and \"query\"", name);
    if ((relation || query) && !odbc)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, relation ? &table->relation : &table->query),
                           "add odbc: \"DSN=...\"", "\"%s\" is for a database, and \"odbc\" is missing",
                           relation ? "relation" : "query");
}

static void check_format(const PlDefinition *def, const PlTable *table, PlDiagnostics *d) {
    g_autofree char *reason = NULL;
    g_autoptr(PlDateFormat) format =
        table->date_format != NULL ? pl_date_format_new(table->date_format, &reason) : NULL;
    if (table->date_format != NULL && format == NULL)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &table->date_format), NULL,
                           "\"date_format\": %s", reason != NULL ? reason : table->date_format);
    if (table->delimiter != NULL && g_strcmp0(table->delimiter, table->decimal) == 0)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &table->decimal), NULL,
                           "\"%s\" cannot be both delimiter and decimal mark", table->decimal);
}

static GStrv role_names(const PlTable *table) {
    const PlRoles *roles = &pl_table_roles[table->table];
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_strv_builder_addv(names, (const char **)roles->required);
    g_strv_builder_addv(names, (const char **)roles->optional);
    return g_strv_builder_end(names);
}

static void check_roles(const PlDefinition *def, const PlTable *table, PlDiagnostics *d) {
    if (table->table < 0 || table->columns == NULL)
        return;
    g_auto(GStrv) roles = role_names(table);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < table->columns->len; i++) {
        const PlEntry *entry = g_ptr_array_index(table->columns, i);
        const PlEntry *other = g_hash_table_lookup(seen, entry->values[0]);
        g_hash_table_insert(seen, entry->values[0], (gpointer)entry);
        if (other != NULL)
            pl_diagnostics_add(d, def->file, entry->pos, NULL, "column \"%s\" is both \"%s\" and \"%s\"",
                               entry->values[0], other->key, entry->key);
        if (g_strv_contains((const char *const *)roles, entry->key))
            continue;
        g_autofree char *hint = pl_suggest_hint(entry->key, (const char *const *)roles, "roles: ");
        pl_diagnostics_add(d, def->file, entry->pos, hint, "table \"%s\" has no role \"%s\"",
                           table_name(table), entry->key);
    }
}

/* An experiment on the measure of a KPI needs no sales. */
static gboolean names_a_kpi(const PlDefinition *def) {
    for (guint i = 0; i < def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        if (metric->kpi != NULL)
            return TRUE;
    }
    return FALSE;
}

void pl_definition_validate_tables(const PlDefinition *def, PlDiagnostics *d) {
    gboolean unread = FALSE;
    for (guint i = 0; i < def->data->len; i++) {
        const PlTable *table = g_ptr_array_index(def->data, i);
        const PlTable *first = table->table < 0 ? table : pl_definition_table(def, (PlTableKind)table->table);
        unread = unread || table->table < 0;
        if (first != table)
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, table),
                               "give one entry a list of files, or a pattern",
                               "table \"%s\" is given twice, first on line %d", table_name(table),
                               pl_definition_pos(def, first).line);
        check_source(def, table, d);
        check_roles(def, table, d);
        check_format(def, table, d);
    }
    if (!unread && def->data->len > 0 && !pl_definition_given(def, &def->kpis) &&
        pl_definition_table(def, PL_TABLE_SALES) == NULL && !names_a_kpi(def))
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &def->data),
                           "add - {table: sales, file: ...}", "there is no table \"sales\"");
}
