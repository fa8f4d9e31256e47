/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/records.h"

#include <math.h>
#include <string.h>

#include "pairlift/io/columns.h"
#include "pairlift/io/csv_header.h"
#include "pairlift/io/reading.h"
#include "pairlift/io/row_faults.h"
#include "pairlift/io/row_set.h"
#include "pairlift/io/source_files.h"
#include "pairlift/model/keys.h"

/* As many faults as the contract shows; the rest is counted. */
#define ROW_FAULTS 20

typedef struct {
    const PlDefinition *def;
    const PlTable *table;
    PlReadingOf of;
    GArray *readings; /* PlReading */
    GArray *lines;    /* int */
    GArray *file_of;  /* guint16 */
    GPtrArray *files; /* char* */
    PlRowSet seen;    /* rows, where repeated ones are looked for */
    gboolean finds_repeated;
    gboolean *matched; /* [where] some row agrees */
    int *where_index;  /* [where] in the file at hand */
    guint64 kept;
} Reader;

static guint n_where(const Reader *r) {
    return r->table->where != NULL ? r->table->where->len : 0;
}

static gboolean names_it(const GStrv list, const char *name) {
    return list != NULL && g_strv_contains((const char *const *)list, name);
}

/* Whether a column without a role is read: large tables give only what is asked for. */
static gboolean is_wanted(const Reader *r, const char *name) {
    const PlKpis *k = &r->def->kpis;
    const GStrv lists[] = {k->sales_volume.goal.by, k->competitive_price.goal.by,
                           k->engagement.goal.by,   k->satisfaction.goal.by,
                           k->upsell.goal.by,       k->sales_cycle.goal.by};
    gboolean small =
        r->of.kind == PL_TABLE_SURVEY || r->of.kind == PL_TABLE_CUSTOMERS || r->of.kind == PL_TABLE_STORES;
    for (gsize i = 0; i < G_N_ELEMENTS(lists) && !small; i++)
        small = names_it(lists[i], name);
    return small && *name != '\0';
}

static gboolean is_needed(const Reader *r, const char *role) {
    if (r->of.kind == PL_TABLE_SALES && strcmp(role, "store") == 0)
        return FALSE; /* a table of products without stores has prices all the same */
    return g_strv_contains(pl_table_roles[r->of.kind].required, role);
}

static void add_reading(Reader *r, const char *name, const char *column, gboolean role) {
    /* nobody answers every survey */
    gboolean needed =
        role && is_needed(r, name) && !(r->of.kind == PL_TABLE_SURVEY && strcmp(name, "score") == 0);
    PlReading reading = pl_reading_new(&r->of, name, column, role, needed);
    g_array_append_val(r->readings, reading);
}

/* The fields of the table are those of its first file. */
static void choose_roles(Reader *r, const PlCsvHeader *header) {
    const PlRoles *roles = &pl_table_roles[r->of.kind];
    const char *const *lists[] = {roles->required, roles->optional};
    for (gsize l = 0; l < G_N_ELEMENTS(lists); l++)
        for (const char *const *role = lists[l]; *role != NULL; role++) {
            const char *column = pl_table_column(r->table, *role);
            gboolean named = strcmp(column, *role) != 0;
            if (g_strv_contains((const char *const *)header->names, column) || named || is_needed(r, *role))
                add_reading(r, *role, column, TRUE);
        }
}

static gboolean is_read(const Reader *r, const char *name, const char *column) {
    for (guint i = 0; i < r->readings->len; i++) {
        const PlReading *reading = &g_array_index(r->readings, PlReading, i);
        if (strcmp(reading->column, column) == 0 || strcmp(reading->name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void choose_columns(Reader *r, const PlCsvHeader *header) {
    choose_roles(r, header);
    for (guint c = 0; c < header->n; c++)
        if (g_utf8_validate(header->names[c], -1, NULL) && is_wanted(r, header->names[c]) &&
            !is_read(r, header->names[c], header->names[c]))
            add_reading(r, header->names[c], header->names[c], FALSE);
}

static gboolean begin_file(Reader *r, const PlCsvHeader *header) {
    guint before = pl_diagnostics_count(header->diagnostics);
    if (r->files->len == 0)
        choose_columns(r, header);
    for (guint i = 0; i < r->readings->len; i++) {
        PlReading *reading = &g_array_index(r->readings, PlReading, i);
        g_autofree char *advice =
            reading->role
                ? g_strdup_printf("under data, columns: {%s: NAME} says which one it is", reading->name)
                : g_strdup("the first file of the table has it");
        reading->index = pl_csv_header_find(header, reading->column, FALSE, advice);
    }
    for (guint i = 0; i < n_where(r); i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->where, i);
        r->where_index[i] =
            pl_csv_header_find(header, pl_table_column(r->table, entry->key), FALSE, "where needs it");
    }
    r->of.faults.file = header->shown;
    g_ptr_array_add(r->files, g_strdup(header->shown));
    return pl_diagnostics_count(header->diagnostics) == before;
}

static gboolean passes(Reader *r, const PlCsvRow *row) {
    gboolean all = TRUE;
    for (guint i = 0; i < n_where(r); i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->where, i);
        PlText cell = pl_row_cell(row, (guint)r->where_index[i]);
        gboolean kept = FALSE;
        for (char **value = entry->values; !kept && *value != NULL; value++)
            kept = strlen(*value) == cell.length && memcmp(*value, cell.text, cell.length) == 0;
        r->matched[i] = r->matched[i] || kept;
        all = all && kept;
    }
    return all;
}

/* TRUE: the row is to be left out, or is a fault. */
static gboolean is_repeated(Reader *r, const PlCsvRow *row) {
    if (!r->finds_repeated || pl_row_set_add(&r->seen, pl_hash_bytes(row->bytes, row->n_bytes)))
        return FALSE;
    r->of.input->dropped += r->table->duplicates == PL_DUPLICATES_DROP;
    if (r->table->duplicates == PL_DUPLICATES_ERROR)
        pl_diagnostics_add(r->of.faults.diagnostics, r->of.faults.file, (PlPos){row->line, 0},
                           "under data, duplicates: keep if these are separate events, drop if they were "
                           "exported twice",
                           "the row repeats an earlier one word for word");
    return TRUE;
}

static void take_row(Reader *r, const PlCsvRow *row) {
    gboolean whole = TRUE;
    guint16 file = (guint16)(r->files->len - 1);
    r->of.input->rows++;
    if (n_where(r) > 0 && !passes(r, row)) {
        r->of.input->filtered++;
        return;
    }
    r->kept++;
    if (is_repeated(r, row))
        return;
    for (guint i = 0; i < r->readings->len; i++) /* all: every fault is to be found */
        whole = pl_reading_take(&r->of, row, &g_array_index(r->readings, PlReading, i)) && whole;
    if (!whole) {
        for (guint i = 0; i < r->readings->len; i++)
            g_array_set_size(g_array_index(r->readings, PlReading, i).values, r->lines->len);
        return;
    }
    r->of.input->used++;
    g_array_append_val(r->lines, row->line);
    g_array_append_val(r->file_of, file);
}

typedef struct {
    PlProgress report;
    gpointer data;
} Progress;

static void report_progress(guint64 done, gpointer data) {
    const Progress *progress = data;
    if (progress->report != NULL)
        progress->report(done, done, progress->data);
}

static void load_file(Reader *r, const PlSourceFile *file, Progress *progress) {
    PlDiagnostics *faults = r->of.faults.diagnostics;
    PlCsvScanOptions options = {.delimiter = pl_csv_delimiter(r->table->delimiter),
                                .hash = TRUE,
                                .progress = report_progress,
                                .progress_data = progress};
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(file->path, file->path, &options, faults);
    PlCsvHeader header = {0};
    PlCsvRow row;
    guint before = pl_diagnostics_count(faults);
    if (scan != NULL && pl_csv_header_read(scan, file->path, faults, &header) && begin_file(r, &header)) {
        r->of.faults.file = g_ptr_array_index(r->files, r->files->len - 1);
        while (pl_csv_scan_next(scan, &row))
            take_row(r, &row);
        r->of.input->delimiter = pl_csv_scan_delimiter(scan);
        if (r->of.input->rows == 0 && pl_diagnostics_count(faults) == before)
            pl_diagnostics_add(faults, file->path, (PlPos){header.line, 0}, NULL,
                               "no rows follow the header");
        if (pl_diagnostics_count(faults) == before)
            r->of.input->sha256 = pl_csv_scan_digest(scan);
    }
    pl_csv_header_clear(&header);
}

static void load_files(Reader *r, GPtrArray *inputs, Progress *progress) {
    g_autoptr(GPtrArray) files = pl_source_files(r->def, r->table, r->of.faults.diagnostics);
    for (guint i = 0; i < files->len && r->files->len < G_MAXUINT16; i++) {
        const PlSourceFile *file = g_ptr_array_index(files, i);
        r->of.input = g_new0(PlInput, 1);
        r->of.input->table = g_strdup(pl_table_names[r->of.kind]);
        r->of.input->source = g_strdup(file->source);
        g_ptr_array_add(inputs, r->of.input);
        load_file(r, file, progress);
    }
}

/* Where every row is filtered out, the first key that no row agrees with, else the first. */
static void check_where(const Reader *r) {
    guint culprit = 0;
    for (guint i = n_where(r); i-- > 0;)
        if (!r->matched[i])
            culprit = i;
    if (n_where(r) == 0 || r->kept > 0 || pl_diagnostics_count(r->of.faults.diagnostics) > 0)
        return;
    const PlEntry *entry = g_ptr_array_index(r->table->where, culprit);
    pl_diagnostics_add(r->of.faults.diagnostics, r->def->file, entry->pos, NULL,
                       "where: no row of table \"%s\" has a \"%s\" that is to be kept",
                       pl_table_names[r->of.kind], entry->key);
}

static PlRecords *finish(Reader *r) {
    PlRecords *records = g_new0(PlRecords, 1);
    records->table = r->of.kind;
    records->time_kind = pl_date_format_kind(r->of.format);
    records->n = r->lines->len;
    records->n_fields = r->readings->len;
    records->fields = g_new0(PlField, records->n_fields + 1);
    for (guint i = 0; i < records->n_fields; i++)
        pl_reading_finish(&r->of, &g_array_index(r->readings, PlReading, i), &records->fields[i]);
    records->line = (int *)(void *)g_array_free(g_steal_pointer(&r->lines), FALSE);
    records->file = (guint16 *)(void *)g_array_free(g_steal_pointer(&r->file_of), FALSE);
    records->files = g_ptr_array_ref(r->files);
    return records;
}

static PlDateFormat *date_format(const PlDefinition *def, const PlTable *table, PlDiagnostics *faults) {
    const char *text = table->date_format != NULL ? table->date_format : "%Y-%m-%d";
    g_autofree char *reason = NULL;
    PlDateFormat *format = pl_date_format_new(text, &reason);
    if (format == NULL)
        pl_diagnostics_add(faults, def->file, pl_definition_pos(def, &table->date_format), NULL,
                           "date_format \"%s\" %s", text, reason);
    return format;
}

static gboolean load_table(const PlDefinition *def, const PlTable *table, Progress *progress,
                           PlRecords **records, GPtrArray *inputs, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
    PlTableKind kind = (PlTableKind)table->table;
    if (table->files == NULL || table->files[0] == NULL) {
        pl_diagnostics_add(faults, def->file, pl_definition_pos(def, table),
                           "this version reads CSV files: file: NAME.csv", "the table \"%s\" has no file",
                           pl_table_names[kind]);
        return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
    }
    g_autoptr(PlDateFormat) format = date_format(def, table, faults);
    if (format == NULL)
        return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
    gboolean events = kind == PL_TABLE_SALES || kind == PL_TABLE_INTERACTIONS || kind == PL_TABLE_ORDER_LINES;
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) readings = g_array_new(FALSE, TRUE, sizeof(PlReading));
    g_array_set_clear_func(readings, pl_reading_clear);
    guint wheres = table->where != NULL ? table->where->len : 0;
    g_autofree gboolean *matched = g_new0(gboolean, wheres + 1);
    g_autofree int *where_index = g_new0(int, wheres + 1);
    Reader r = {.def = def,
                .table = table,
                .of = {.kind = kind,
                       .table = table,
                       .format = format,
                       .faults = {faults, table, NULL},
                       .decimal = g_strcmp0(table->decimal, ",") == 0 ? ',' : '.'},
                .readings = readings,
                .lines = g_array_new(FALSE, FALSE, sizeof(int)),
                .file_of = g_array_new(FALSE, FALSE, sizeof(guint16)),
                .files = files,
                .finds_repeated = events && table->duplicates != PL_DUPLICATES_KEEP,
                .matched = matched,
                .where_index = where_index};
    load_files(&r, inputs, progress);
    check_where(&r);
    PlRecords *made = finish(&r);
    pl_row_set_clear(&r.seen);
    if (pl_diagnostics_count(faults) == 0)
        pl_records_check(def, made, faults);
    *records = made; /* the caller frees it also after a fault */
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error);
}

gboolean pl_load_records(const PlDefinition *def, PlProgress report, gpointer data, PlRecordTables *tables,
                         GPtrArray *inputs, GError **error) {
    Progress progress = {report, data};
    g_autoptr(GString) messages = g_string_new(NULL);
    PlErrorCode code = PL_ERROR_DATA;
    for (guint i = 0; i < def->data->len; i++) {
        const PlTable *table = g_ptr_array_index(def->data, i);
        g_autoptr(GError) fault = NULL;
        if (load_table(def, table, &progress, &tables->of[table->table], inputs, &fault))
            continue;
        code = (PlErrorCode)fault->code;
        g_string_append_printf(messages, "%s%s", messages->len > 0 ? "\n" : "", fault->message);
    }
    if (messages->len == 0) {
        g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
        pl_records_check_across(tables, faults);
        return pl_diagnostics_ok(faults, PL_ERROR_DATA, error);
    }
    g_set_error(error, PL_ERROR, (int)code, "%s", messages->str);
    return FALSE;
}
