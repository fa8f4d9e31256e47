/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/columns.h"
#include "pairlift/io/csv_header.h"
#include <string.h>

/* As many faults of the rows as the contract shows; the rest is counted. */
#define ROW_FAULTS 20

/* One column while it is read: the texts, NUL after each. */
typedef struct {
    int index; /* in the file; -1: not there */
    GString *text;
} Reading;

void pl_columns_free(PlColumns *columns) {
    if (columns == NULL)
        return;
    for (guint c = 0; c < columns->n_columns; c++) {
        g_free(columns->names[c]);
        g_free(columns->cells[c]);
    }
    g_free(columns->names);
    g_free(columns->cells);
    g_free(columns->lines);
    g_free(columns->file);
    g_free(columns->sha256);
    g_free(columns);
}

static void read_row(const PlCsvHeader *header, const PlCsvRow *row, Reading *readings, guint n) {
    for (guint c = 0; c < n; c++) {
        if (readings[c].index < 0)
            continue;
        gsize length;
        const char *text = pl_csv_field(row, (guint)readings[c].index, &length);
        if (memchr(text, '\0', length) != NULL)
            pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){row->line, 0}, NULL,
                               "column \"%s\" holds a NUL byte", header->names[readings[c].index]);
        g_string_append_len(readings[c].text, text, (gssize)length);
        g_string_append_c(readings[c].text, '\0');
    }
}

/* The pointers and the texts they point to, in one allocation. */
static char **make_cells(const GString *text, guint n_rows) {
    char **cells = g_malloc(n_rows * sizeof *cells + text->len + 1);
    char *p = (char *)(cells + n_rows);
    memcpy(p, text->str, text->len + 1);
    for (guint r = 0; r < n_rows; r++) {
        cells[r] = p;
        p += strlen(p) + 1;
    }
    return cells;
}

static PlColumns *make_columns(const char *path, const char *const *names, const Reading *readings, guint n,
                               const GArray *lines, PlCsvScan *scan, gboolean hash) {
    PlColumns *columns = g_new0(PlColumns, 1);
    columns->file = g_strdup(path);
    columns->n_columns = n;
    columns->n_rows = lines->len;
    columns->names = g_new0(char *, n);
    columns->cells = g_new0(char **, n);
    columns->lines = g_memdup2(lines->data, lines->len * sizeof *columns->lines);
    columns->delimiter = pl_csv_scan_delimiter(scan);
    columns->sha256 = hash ? pl_csv_scan_digest(scan) : NULL;
    for (guint c = 0; c < n; c++) {
        columns->names[c] = g_strdup(names[c]);
        columns->cells[c] = readings[c].index >= 0 ? make_cells(readings[c].text, lines->len) : NULL;
    }
    return columns;
}

static PlColumns *read_columns(const char *path, const char *const *names, guint n_optional,
                               const PlCsvOptions *options, gboolean hash, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
    PlCsvScanOptions scan_options = {.delimiter = options != NULL ? options->delimiter : 0, .hash = hash};
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(path, path, &scan_options, faults);
    PlCsvHeader header = {0};
    PlColumns *columns = NULL;
    guint n = g_strv_length((GStrv)names);
    g_autofree Reading *readings = g_new0(Reading, n);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint c = 0; c < n; c++)
        readings[c].text = g_string_new(NULL);
    if (scan != NULL && pl_csv_header_read(scan, path, faults, &header)) {
        for (guint c = 0; c < n; c++)
            readings[c].index = pl_csv_header_find(&header, names[c], c + n_optional >= n, NULL);
        PlCsvRow row;
        gboolean complete = pl_diagnostics_count(faults) == 0;
        while (complete && pl_csv_scan_next(scan, &row)) {
            g_array_append_val(lines, row.line);
            read_row(&header, &row, readings, n);
        }
    }
    if (pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        columns = make_columns(path, names, readings, n, lines, scan, hash);
    for (guint c = 0; c < n; c++)
        g_string_free(readings[c].text, TRUE);
    pl_csv_header_clear(&header);
    return columns;
}

PlColumns *pl_columns_read(const char *path, const char *const *names, guint n_optional,
                           const PlCsvOptions *options, GError **error) {
    return read_columns(path, names, n_optional, options, FALSE, error);
}

PlColumns *pl_columns_read_hashed(const char *path, const char *const *names, guint n_optional,
                                  const PlCsvOptions *options, GError **error) {
    return read_columns(path, names, n_optional, options, TRUE, error);
}
