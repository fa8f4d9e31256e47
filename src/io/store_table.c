/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/store_table.h"

#include <math.h>
#include <string.h>

#include "pairlift/io/columns.h"
#include "pairlift/io/csv_header.h"
#include "pairlift/io/load.h"
#include "pairlift/io/row_faults.h"
#include "pairlift/io/source_files.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/suggest.h"

/* As many faults as the contract shows; the rest is counted. */
#define ROW_FAULTS 20

/* Where a value was read. */
typedef struct {
    const char *file;
    int line;
} Place;

typedef struct {
    char *name;
    char **values; /* [store] */
    Place *places; /* [store] */
} Attribute;

/* Latitude or longitude. */
typedef struct {
    const char *role;
    double limit;
    double *degrees; /* [store] NAN: none */
    Place *places;
    gboolean seen; /* a file has the column */
} Coordinate;

/* What a column of the file at hand is. */
typedef struct {
    Coordinate *coordinate; /* NULL: neither, or an attribute */
    Attribute *attribute;
} Column;

typedef struct {
    const PlDefinition *def;
    const PlTable *table;
    const PlPanel *panel;
    PlRowFaults faults;
    char decimal;
    GPtrArray *attributes; /* Attribute* */
    Coordinate latitude, longitude;
    gboolean *matched; /* [where] some row agrees */
    guint64 kept;      /* rows that `where` keeps, over all files */
    /* the file at hand: */
    Column *columns;   /* [header->n] */
    int *where_column; /* [where] */
    int store_column;
    PlInput *input;
} Reader;

static void free_attribute(gpointer data) {
    Attribute *a = data;
    g_free(a->name);
    g_free(a->values);
    g_free(a->places);
    g_free(a);
}

static Attribute *attribute_named(Reader *r, const char *name) {
    for (guint i = 0; i < r->attributes->len; i++) {
        Attribute *a = g_ptr_array_index(r->attributes, i);
        if (strcmp(a->name, name) == 0)
            return a;
    }
    Attribute *a = g_new0(Attribute, 1);
    *a = (Attribute){g_strdup(name), g_new0(char *, r->panel->n_stores + 1),
                     g_new0(Place, r->panel->n_stores + 1)};
    g_ptr_array_add(r->attributes, a);
    return a;
}

/* The role that the definition gives a column, else its own name. */
static const char *role_of(const PlTable *table, const char *column) {
    for (guint i = 0; table->columns != NULL && i < table->columns->len; i++) {
        const PlEntry *entry = g_ptr_array_index(table->columns, i);
        if (strcmp(entry->values[0], column) == 0)
            return entry->key;
    }
    return column;
}

/* FALSE: the header's name of the column is no text, or stands twice, which is a fault. */
static gboolean is_sound(const PlCsvHeader *header, guint c) {
    if (!g_utf8_validate(header->names[c], -1, NULL)) {
        pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){header->line, 0},
                           "convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8",
                           "the name of column %u is not valid UTF-8", c + 1);
        return FALSE;
    }
    return pl_csv_header_find(header, header->names[c], TRUE, NULL) >= 0;
}

/* A column "region" beside the one that plays the region: both would be the same attribute. */
static gboolean is_shadowed(const Reader *r, const PlCsvHeader *header, const char *name) {
    const char *plays = pl_table_column(r->table, name);
    if (strcmp(plays, name) == 0 || (strcmp(name, "region") != 0 && strcmp(name, "channel") != 0))
        return FALSE;
    pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){header->line, 0},
                       "rename one of them: attributes go by these names",
                       "column \"%s\" has the name of a role that column \"%s\" plays", name, plays);
    return TRUE;
}

static gboolean place_column(Reader *r, const PlCsvHeader *header, guint c) {
    const char *name = header->names[c], *role = role_of(r->table, name);
    Coordinate *coordinates[] = {&r->latitude, &r->longitude};
    if (*name == '\0') /* a spreadsheet's empty columns, and row numbers without a title */
        return TRUE;
    if (!is_sound(header, c) || (role == name && is_shadowed(r, header, name)))
        return FALSE;
    gboolean plays = strcmp(pl_table_column(r->table, role), name) == 0;
    for (gsize i = 0; plays && i < G_N_ELEMENTS(coordinates); i++)
        if (strcmp(coordinates[i]->role, role) == 0) {
            r->columns[c].coordinate = coordinates[i];
            coordinates[i]->seen = TRUE;
            return TRUE;
        }
    if ((int)c != r->store_column)
        r->columns[c].attribute = attribute_named(r, role);
    return TRUE;
}

static gboolean begin_file(Reader *r, const PlCsvHeader *header) {
    guint n_where = r->table->where != NULL ? r->table->where->len : 0;
    r->store_column = pl_csv_header_find(header, pl_table_column(r->table, "store"), FALSE,
                                         "under data, columns: {store: NAME} says which one it is");
    gboolean good = r->store_column >= 0;
    for (guint i = 0; r->table->columns != NULL && i < r->table->columns->len; i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->columns, i);
        if (strcmp(entry->key, "store") != 0)
            good =
                pl_csv_header_find(header, entry->values[0], FALSE, "the definition names it") >= 0 && good;
    }
    for (guint i = 0; i < n_where; i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->where, i);
        r->where_column[i] =
            pl_csv_header_find(header, pl_table_column(r->table, entry->key), FALSE, "where needs it");
        good = r->where_column[i] >= 0 && good;
    }
    r->columns = g_new0(Column, header->n + 1);
    for (guint c = 0; good && c < header->n; c++)
        good = place_column(r, header, c);
    r->faults.file = header->shown;
    return good;
}

static gboolean passes(Reader *r, const PlCsvRow *row) {
    gboolean all = TRUE;
    for (guint i = 0; r->table->where != NULL && i < r->table->where->len; i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->where, i);
        PlText cell = pl_row_cell(row, (guint)r->where_column[i]);
        g_autofree char *text = g_strndup(cell.text, cell.length);
        gboolean kept = g_strv_contains((const char *const *)entry->values, text);
        r->matched[i] = r->matched[i] || kept;
        all = all && kept;
    }
    return all;
}

static void fault_of_two_values(const Reader *r, const PlCsvRow *row, const char *column, const char *store,
                                const char *first, const char *second, Place place) {
    gboolean same_file = strcmp(place.file, r->faults.file) == 0;
    g_autofree char *line = same_file ? g_strdup_printf("line %d", place.line)
                                      : g_strdup_printf("%s, line %d", place.file, place.line);
    pl_diagnostics_add(r->faults.diagnostics, r->faults.file, (PlPos){row->line, 0},
                       "a store has one value of each attribute: keep the row that holds",
                       "store \"%.60s\" is there twice, with column \"%s\" \"%.60s\" (%s) and \"%.60s\"",
                       store, column, first, line, second);
}

/* FALSE: no value. */
static gboolean read_degrees(const Reader *r, const PlCsvRow *row, const Coordinate *c, const char *column,
                             PlText cell, PlText store, double *degrees) {
    if (pl_number_missing(cell.text, cell.length))
        return FALSE;
    if (!pl_number_parse(cell.text, cell.length, r->decimal, degrees)) {
        pl_fault_not_a_number(&r->faults, row->line, column, cell, store);
        return FALSE;
    }
    if (fabs(*degrees) > c->limit) {
        pl_diagnostics_add(
            r->faults.diagnostics, r->faults.file, (PlPos){row->line, 0},
            "degrees, south and west negative; are latitude and longitude the wrong way around?",
            "column \"%s\": %g is no %s, which is between -%g and %g (store \"%.*s\")", column, *degrees,
            c->role, c->limit, c->limit, (int)MIN(store.length, 60), store.text);
        return FALSE;
    }
    return TRUE;
}

static void take_degrees(const Reader *r, const PlCsvRow *row, Coordinate *c, const char *column, PlText cell,
                         PlText store_text, int store) {
    double degrees;
    if (!read_degrees(r, row, c, column, cell, store_text, &degrees) || store < 0)
        return;
    if (!isnan(c->degrees[store]) && c->degrees[store] != degrees) {
        char first[G_ASCII_DTOSTR_BUF_SIZE], second[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_dtostr(first, sizeof first, c->degrees[store]);
        g_ascii_dtostr(second, sizeof second, degrees);
        fault_of_two_values(r, row, column, r->panel->stores[store], first, second, c->places[store]);
    }
    c->degrees[store] = degrees;
    c->places[store] = (Place){r->faults.file, row->line};
}

/* A number's decimal comma becomes a point, so that who reads it needs not know the file. */
static char *value_text(const Reader *r, PlText cell) {
    double number;
    char *text = g_strndup(cell.text, cell.length);
    if (r->decimal == ',' && pl_number_parse(cell.text, cell.length, ',', &number))
        g_strdelimit(text, ",", '.');
    return text;
}

static void take_value(const Reader *r, const PlCsvRow *row, Attribute *a, const char *column, PlText cell,
                       int store) {
    if (pl_number_missing(cell.text, cell.length) || store < 0)
        return;
    if (!g_utf8_validate(cell.text, (gssize)cell.length, NULL)) { /* a NUL is not valid either */
        pl_fault_bad_store(&r->faults, row->line, column, cell);
        return;
    }
    char *text = value_text(r, cell);
    if (a->values[store] != NULL && strcmp(a->values[store], text) != 0)
        fault_of_two_values(r, row, column, r->panel->stores[store], a->values[store], text,
                            a->places[store]);
    g_free(a->values[store]);
    a->values[store] = text;
    a->places[store] = (Place){r->faults.file, row->line};
}

static void take_row(Reader *r, const PlCsvHeader *header, const PlCsvRow *row) {
    r->input->rows++;
    if (!passes(r, row)) {
        r->input->filtered++;
        return;
    }
    PlText store_text = pl_row_cell(row, (guint)r->store_column);
    r->kept++;
    if (store_text.length == 0 || !g_utf8_validate(store_text.text, (gssize)store_text.length, NULL)) {
        pl_fault_bad_store(&r->faults, row->line, header->names[r->store_column], store_text);
        return;
    }
    g_autofree char *name = g_strndup(store_text.text, store_text.length);
    int store = pl_panel_store(r->panel, name);
    for (guint c = 0; c < header->n; c++) {
        const Column *column = &r->columns[c];
        PlText cell = pl_row_cell(row, c);
        if (column->coordinate != NULL)
            take_degrees(r, row, column->coordinate, header->names[c], cell, store_text, store);
        else if (column->attribute != NULL)
            take_value(r, row, column->attribute, header->names[c], cell, store);
    }
    if (store < 0)
        r->input->unknown++;
    else
        r->input->used++;
}

static void load_file(Reader *r, const PlSourceFile *file) {
    PlDiagnostics *faults = r->faults.diagnostics;
    PlCsvScanOptions options = {.delimiter = pl_csv_delimiter(r->table->delimiter), .hash = TRUE};
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(file->path, file->path, &options, faults);
    PlCsvHeader header = {0};
    PlCsvRow row;
    guint before = pl_diagnostics_count(faults);
    if (scan != NULL && pl_csv_header_read(scan, file->path, faults, &header) && begin_file(r, &header)) {
        while (pl_csv_scan_next(scan, &row))
            take_row(r, &header, &row);
        r->input->delimiter = pl_csv_scan_delimiter(scan);
        if (r->input->rows == 0 && pl_diagnostics_count(faults) == before)
            pl_diagnostics_add(faults, file->path, (PlPos){header.line, 0}, NULL,
                               "no rows follow the header");
        if (pl_diagnostics_count(faults) == before)
            r->input->sha256 = pl_csv_scan_digest(scan);
    }
    g_clear_pointer(&r->columns, g_free);
    pl_csv_header_clear(&header);
}

/* Where every row is filtered out, the first key that no row agrees with, else the first. */
static void check_where(const Reader *r) {
    guint n = r->table->where != NULL ? r->table->where->len : 0, culprit = 0;
    for (guint i = n; i-- > 0;)
        if (!r->matched[i])
            culprit = i;
    if (n == 0 || r->kept > 0 || pl_diagnostics_count(r->faults.diagnostics) > 0)
        return;
    const PlEntry *entry = g_ptr_array_index(r->table->where, culprit);
    pl_diagnostics_add(r->faults.diagnostics, r->def->file, entry->pos, NULL,
                       "where: no row of table \"stores\" has a \"%s\" that is to be kept", entry->key);
}

static PlStoreTable *make_table(Reader *r) {
    PlStoreTable *t = g_new0(PlStoreTable, 1);
    t->n_stores = r->panel->n_stores;
    t->n_attributes = r->attributes->len;
    t->names = g_new0(char *, t->n_attributes + 1);
    t->values = g_new0(char **, t->n_attributes + 1);
    for (guint i = 0; i < t->n_attributes; i++) {
        Attribute *a = g_ptr_array_index(r->attributes, i);
        t->names[i] = g_steal_pointer(&a->name);
        t->values[i] = g_steal_pointer(&a->values);
    }
    t->latitude = r->latitude.seen ? g_steal_pointer(&r->latitude.degrees) : NULL;
    t->longitude = r->longitude.seen ? g_steal_pointer(&r->longitude.degrees) : NULL;
    return t;
}

static Coordinate coordinate(const char *role, double limit, guint n) {
    Coordinate c = {role, limit, g_new(double, n + 1), g_new0(Place, n + 1), FALSE};
    for (guint s = 0; s < n; s++)
        c.degrees[s] = NAN;
    return c;
}

static void clear(Reader *r) {
    for (guint i = 0; i < r->attributes->len; i++) {
        Attribute *a = g_ptr_array_index(r->attributes, i);
        for (guint s = 0; a->values != NULL && s < r->panel->n_stores; s++)
            g_free(a->values[s]);
    }
    g_ptr_array_unref(r->attributes);
    g_free(r->matched);
    g_free(r->where_column);
    g_free(r->latitude.degrees);
    g_free(r->latitude.places);
    g_free(r->longitude.degrees);
    g_free(r->longitude.places);
}

static void load_files(Reader *r, const GPtrArray *files, GPtrArray *inputs) {
    for (guint i = 0; i < files->len; i++) {
        const PlSourceFile *file = g_ptr_array_index(files, i);
        r->input = g_new0(PlInput, 1);
        r->input->table = g_strdup(pl_table_names[PL_TABLE_STORES]);
        r->input->source = g_strdup(file->source);
        load_file(r, file);
        if (inputs != NULL)
            g_ptr_array_add(inputs, r->input);
        else
            pl_input_free(r->input);
    }
    check_where(r);
}

/* Attributes to compare by that are none. */
static gboolean check_segments(const PlDefinition *def, const PlStoreTable *table, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
    PlPos pos = pl_definition_pos(def, &def->segments);
    for (char **name = def->segments; name != NULL && *name != NULL; name++) {
        if (table != NULL && g_strv_contains((const char *const *)table->names, *name))
            continue;
        g_autofree char *hint =
            table == NULL ? g_strdup("add under data: - {table: stores, file: stores.csv}")
                          : pl_suggest_hint(*name, (const char *const *)table->names, "attributes: ");
        pl_diagnostics_add(faults, def->file, pos, hint, "\"segments\": %s \"%s\"",
                           table == NULL ? "there is no table \"stores\" to have an attribute"
                                         : "the table \"stores\" has no attribute",
                           *name);
    }
    return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
}

gboolean pl_load_store_table(const PlDefinition *def, const PlPanel *panel, PlStoreTable **table,
                             GPtrArray *inputs, GError **error) {
    const PlTable *source = pl_definition_table(def, PL_TABLE_STORES);
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
    *table = NULL;
    if (source == NULL)
        return check_segments(def, NULL, error);
    if (source->files == NULL || source->files[0] == NULL) {
        pl_diagnostics_add(faults, def->file, pl_definition_pos(def, source),
                           "this version reads CSV files: file: stores.csv",
                           "the table \"stores\" has no file");
        return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
    }
    guint n_where = source->where != NULL ? source->where->len : 0;
    Reader r = {.def = def,
                .table = source,
                .panel = panel,
                .faults = {faults, source, NULL},
                .decimal = g_strcmp0(source->decimal, ",") == 0 ? ',' : '.',
                .attributes = g_ptr_array_new_with_free_func(free_attribute),
                .latitude = coordinate("latitude", 90, panel->n_stores),
                .longitude = coordinate("longitude", 180, panel->n_stores),
                .matched = g_new0(gboolean, n_where + 1),
                .where_column = g_new0(int, n_where + 1)};
    g_autoptr(GPtrArray) files = pl_source_files(def, source, faults);
    load_files(&r, files, inputs);
    if (pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        *table = make_table(&r);
    clear(&r);
    if (*table != NULL && !check_segments(def, *table, error))
        g_clear_pointer(table, pl_store_table_free);
    return *table != NULL;
}
