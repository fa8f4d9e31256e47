/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/frame.h"
#include "pairlift/io/csv_header.h"
#include <math.h>
#include <string.h>

/* As many faults of the rows as the contract shows; the rest is counted. */
#define ROW_FAULTS 20

/* One column while it is read. */
typedef struct {
    int index; /* in the file */
    PlFrameKind kind;
    GArray *values; /* double, of numbers */
    GArray *ids;    /* guint, else */
    PlNames *names;
    gboolean stands;
    guint last; /* id of the row before, the best guess at the next */
} Reading;

void pl_frame_free(PlFrame *frame) {
    if (frame == NULL)
        return;
    for (guint c = 0; c < frame->n_columns; c++) {
        g_free(frame->columns[c].name);
        g_free(frame->columns[c].values);
        g_free(frame->columns[c].ids);
        g_clear_pointer(&frame->columns[c].names, pl_names_free);
    }
    g_free(frame->columns);
    g_free(frame->file);
    g_free(frame);
}

static void not_a_number(const PlCsvHeader *header, const Reading *r, int line, const char *text,
                         gsize length, char decimal) {
    double other;
    gboolean swap = pl_number_parse(text, length, decimal == '.' ? ',' : '.', &other);
    pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){line, 0},
                       swap ? (decimal == '.' ? "use --decimal ," : "use --decimal .") : NULL,
                       "column \"%s\": \"%.*s\" is not a number", header->names[r->index], (int)length, text);
}

static guint name_of(Reading *r, const char *text, gsize length) {
    if (pl_names_is(r->names, r->last, text, length))
        return r->last;
    /* sorted and repeating files: the next name follows the last */
    guint next = r->last + 1;
    if (!pl_names_is(r->names, next, text, length)) {
        int found = pl_names_find(r->names, text, length);
        next = found >= 0 ? (guint)found : pl_names_add(r->names, text, length);
    }
    return r->last = next;
}

/* The cell of one column behind the others of its row; FALSE: it has no value. */
static gboolean read_cell(const PlCsvHeader *header, const PlCsvRow *row, Reading *r, char decimal) {
    gsize length;
    const char *text = pl_csv_field(row, (guint)r->index, &length);
    if (r->kind == PL_FRAME_NUMBERS) {
        double value = NAN;
        if (pl_number_parse(text, length, decimal, &value)) {
            g_array_append_val(r->values, value);
            return TRUE;
        }
        if (!pl_number_missing(text, length))
            not_a_number(header, r, row->line, text, length, decimal);
        return FALSE;
    }
    if (pl_number_missing(text, length))
        return FALSE;
    if (memchr(text, '\0', length) != NULL)
        pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){row->line, 0}, NULL,
                           "column \"%s\" holds a NUL byte", header->names[r->index]);
    guint id = name_of(r, text, length);
    g_array_append_val(r->ids, id);
    return TRUE;
}

static void read_row(const PlCsvHeader *header, const PlCsvRow *row, Reading *readings, guint n, char decimal,
                     guint *n_rows) {
    gboolean whole = TRUE;
    for (guint c = 0; c < n; c++)
        whole &= read_cell(header, row, &readings[c], decimal); /* all: every fault is to be found */
    if (whole) {
        (*n_rows)++;
        return;
    }
    for (guint c = 0; c < n; c++)
        g_array_set_size(readings[c].values != NULL ? readings[c].values : readings[c].ids, *n_rows);
}

static int find_column(const PlCsvHeader *header, const char *name, gboolean *stands) {
    const char *power = strrchr(name, '^');
    g_autofree char *base = power != NULL ? g_strndup(name, (gsize)(power - name)) : NULL;
    *stands = base == NULL || g_strv_contains((const char *const *)header->names, name);
    return pl_csv_header_find(header, *stands ? name : base, FALSE, NULL);
}

static void start(Reading *r, const PlFrameWish *wish, const PlCsvHeader *header) {
    r->index = find_column(header, wish->name, &r->stands);
    r->kind = wish->kind;
    if (wish->kind == PL_FRAME_NUMBERS) {
        r->values = g_array_sized_new(FALSE, FALSE, sizeof(double), 1); /* not NULL without rows */
    } else {
        r->ids = g_array_sized_new(FALSE, FALSE, sizeof(guint), 1);
        r->names = pl_names_new();
    }
}

/* Of a column that may be either: the numbers, when every text that occurs is one. */
static void settle(PlFrameColumn *column, guint n_rows, char decimal) {
    g_autofree double *of_name = g_new(double, column->names->n + 1);
    for (guint i = 0; i < column->names->n; i++)
        if (!pl_number_parse(column->names->names[i].text, column->names->names[i].length, decimal,
                             &of_name[i]))
            return;
    column->values = g_new(double, n_rows + 1);
    for (guint r = 0; r < n_rows; r++)
        column->values[r] = of_name[column->ids[r]];
    g_clear_pointer(&column->ids, g_free);
    g_clear_pointer(&column->names, pl_names_free);
}

static PlFrame *make_frame(const char *path, const PlFrameWish *wishes, Reading *readings, guint n,
                           char decimal, guint n_rows, guint n_read) {
    PlFrame *frame = g_new0(PlFrame, 1);
    *frame = (PlFrame){g_strdup(path), n, n_rows, n_read, g_new0(PlFrameColumn, n)};
    for (guint c = 0; c < n; c++) {
        PlFrameColumn *column = &frame->columns[c];
        column->name = g_strdup(wishes[c].name);
        column->stands = readings[c].stands;
        if (readings[c].values != NULL)
            column->values = (double *)(void *)g_array_free(g_steal_pointer(&readings[c].values), FALSE);
        else
            column->ids = (guint *)(void *)g_array_free(g_steal_pointer(&readings[c].ids), FALSE);
        column->names = g_steal_pointer(&readings[c].names);
        if (wishes[c].kind == PL_FRAME_EITHER)
            settle(column, n_rows, decimal);
    }
    return frame;
}

PlFrame *pl_frame_read(const char *path, const PlFrameWish *wishes, guint n, const PlCsvOptions *options,
                       GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
    PlCsvScanOptions scan_options = {.delimiter = options->delimiter};
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(path, path, &scan_options, faults);
    PlCsvHeader header = {0};
    PlFrame *frame = NULL;
    guint n_rows = 0, n_read = 0;
    g_autofree Reading *readings = g_new0(Reading, n);
    if (scan != NULL && pl_csv_header_read(scan, path, faults, &header)) {
        for (guint c = 0; c < n; c++)
            start(&readings[c], &wishes[c], &header);
        PlCsvRow row;
        gboolean complete = pl_diagnostics_count(faults) == 0;
        for (; complete && pl_csv_scan_next(scan, &row); n_read++)
            read_row(&header, &row, readings, n, options->decimal, &n_rows);
    }
    if (pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        frame = make_frame(path, wishes, readings, n, options->decimal, n_rows, n_read);
    for (guint c = 0; c < n; c++) {
        g_clear_pointer(&readings[c].values, g_array_unref);
        g_clear_pointer(&readings[c].ids, g_array_unref);
        g_clear_pointer(&readings[c].names, pl_names_free);
    }
    pl_csv_header_clear(&header);
    return frame;
}
