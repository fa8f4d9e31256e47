/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/load.h"
#include "pairlift/io/csv_header.h"
#include "pairlift/io/sales_rows.h"
#include "pairlift/io/source_files.h"
#include "pairlift/model/keys.h"
#include <string.h>
#include <sys/stat.h>

/* Faults of rows that are worded; the others are counted. */
#define ROW_FAULTS 20

typedef struct {
    PlDiagnostics *headers, *rows;
    PlSalesRows *sales;
    PlCsvScanOptions options;
    gboolean stopped; /* only headers are still looked at */
} Loader;

/* Bytes over all files. */
typedef struct {
    PlProgress report;
    gpointer data;
    guint64 before, total; /* before: in the files that are done */
} Progress;

void pl_input_free(PlInput *input) {
    if (input == NULL)
        return;
    g_free(input->table);
    g_free(input->source);
    g_free(input->sha256);
    g_free(input);
}

static void report_progress(guint64 done, gpointer data) {
    const Progress *progress = data;
    if (progress->report != NULL)
        progress->report(progress->before + done, MAX(progress->total, progress->before + done),
                         progress->data);
}

static guint64 file_size(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? (guint64)info.st_size : 0;
}

static void read_rows(Loader *loader, PlCsvScan *scan, const PlCsvHeader *header, PlInput *input) {
    guint faults = pl_diagnostics_count(loader->rows);
    PlCsvRow row;
    while (!loader->stopped && pl_csv_scan_next(scan, &row))
        loader->stopped = !pl_sales_rows_take(loader->sales, &row);
    if (input->rows == 0 && pl_diagnostics_count(loader->rows) == faults)
        pl_diagnostics_add(loader->rows, header->shown, (PlPos){header->line, 0}, NULL,
                           "no rows follow the header");
    if (!loader->stopped)
        input->sha256 = pl_csv_scan_digest(scan);
}

/* A fault in one file's header ends the reading of rows, so that what is said about the other files is
 * said soon. */
static PlInput *load_file(Loader *loader, const PlSourceFile *file) {
    PlInput *input = g_new0(PlInput, 1);
    input->table = g_strdup(pl_table_names[PL_TABLE_SALES]);
    input->source = g_strdup(file->source);
    /* the scan reports to one list; what it finds before the rows are read goes with the headers */
    guint faults = pl_diagnostics_count(loader->headers) + pl_diagnostics_count(loader->rows);
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(file->path, file->path, &loader->options, loader->rows);
    PlCsvHeader header = {0};
    gboolean whole = scan != NULL && pl_csv_header_read(scan, file->path, loader->rows, &header);
    header.diagnostics = loader->headers;
    if (whole && pl_sales_rows_begin_file(loader->sales, &header, input) && !loader->stopped) {
        input->delimiter = pl_csv_scan_delimiter(scan);
        read_rows(loader, scan, &header, input);
    } else if (pl_diagnostics_count(loader->headers) + pl_diagnostics_count(loader->rows) > faults) {
        loader->stopped = TRUE;
    }
    pl_csv_header_clear(&header);
    return input;
}

/* All that was found: faults of the headers first, then those of the rows. */
static gboolean is_faultless(const Loader *loader, GError **error) {
    g_autoptr(GError) first = NULL, second = NULL;
    gboolean headers = pl_diagnostics_ok(loader->headers, PL_ERROR_DATA, &first);
    gboolean rows = pl_diagnostics_ok(loader->rows, PL_ERROR_DATA, &second);
    if (headers && rows)
        return TRUE;
    if (!headers && !rows)
        g_set_error(error, PL_ERROR, PL_ERROR_DATA, "%s\n%s", first->message, second->message);
    else
        g_propagate_error(error, headers ? g_steal_pointer(&second) : g_steal_pointer(&first));
    return FALSE;
}

static void load_files(const PlDefinition *def, const PlTable *table, Loader *loader, Progress *progress,
                       GPtrArray *inputs) {
    g_autoptr(GPtrArray) files = pl_source_files(def, table, loader->headers);
    for (guint i = 0; i < files->len; i++)
        progress->total += file_size(((const PlSourceFile *)g_ptr_array_index(files, i))->path);
    for (guint i = 0; i < files->len; i++) {
        const PlSourceFile *file = g_ptr_array_index(files, i);
        g_ptr_array_add(inputs, load_file(loader, file));
        progress->before += file_size(file->path);
    }
    if (pl_diagnostics_count(loader->headers) + pl_diagnostics_count(loader->rows) == 0)
        pl_sales_rows_check(loader->sales, loader->headers);
}

/* The table and how it writes its dates; FALSE with an error of the definition. */
static gboolean find_table(const PlDefinition *def, const PlTable **table, PlDateFormat **format,
                           GError **error) {
    *table = pl_definition_table(def, PL_TABLE_SALES);
    if (*table == NULL || (*table)->files == NULL || (*table)->files[0] == NULL) {
        g_set_error(error, PL_ERROR, PL_ERROR_DEFINITION,
                    "%s: error: the table \"sales\" has no file\n  hint: this version reads CSV files: file: "
                    "sales.csv",
                    def->file != NULL ? def->file : "definition");
        return FALSE;
    }
    g_autofree char *reason = NULL;
    const char *date_format = (*table)->date_format != NULL ? (*table)->date_format : "%Y-%m-%d";
    *format = pl_date_format_new(date_format, &reason);
    if (*format == NULL)
        g_set_error(error, PL_ERROR, PL_ERROR_DEFINITION, "%s: error: date_format \"%s\" %s", def->file,
                    date_format, reason);
    return *format != NULL;
}

PlPanel *pl_load_sales_items(const PlDefinition *def, PlProgress progress, gpointer data, GPtrArray **inputs,
                             PlBreakdown **breakdown, GError **error) {
    const PlTable *table;
    g_autoptr(PlDateFormat) format = NULL;
    if (!find_table(def, &table, &format, error))
        return NULL;
    g_autoptr(PlDiagnostics) headers = pl_diagnostics_new(0), rows = pl_diagnostics_new(ROW_FAULTS);
    g_autoptr(PlSalesRows) sales = pl_sales_rows_new(def, table, format, rows);
    g_autoptr(PlBreakdownBuilder) items =
        breakdown != NULL ? pl_breakdown_builder_new(def, table, format) : NULL;
    pl_sales_rows_break_down(sales, items);
    g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free);
    Progress state = {.report = progress, .data = data};
    PlCsvScanOptions options = {.delimiter = pl_csv_delimiter(table->delimiter),
                                .hash = TRUE,
                                .progress = report_progress,
                                .progress_data = &state};
    Loader loader = {headers, rows, sales, options, FALSE};
    load_files(def, table, &loader, &state, read);
    if (!is_faultless(&loader, error))
        return NULL;
    *inputs = g_steal_pointer(&read);
    PlPanel *panel = pl_sales_rows_finish(sales);
    if (panel->kind == PL_TIME_NUMBER)
        panel->step = pl_step_named(pl_table_column(table, "date"));
    if (items != NULL)
        *breakdown = pl_breakdown_builder_finish(items, panel);
    return panel;
}

PlPanel *pl_load_sales(const PlDefinition *def, PlProgress progress, gpointer data, GPtrArray **inputs,
                       GError **error) {
    return pl_load_sales_items(def, progress, data, inputs, NULL, error);
}
