/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/coupons.h"

#include <math.h>
#include <string.h>

#include "pairlift/io/columns.h"
#include "pairlift/io/csv_header.h"
#include "pairlift/io/load.h"
#include "pairlift/io/row_faults.h"
#include "pairlift/io/source_files.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/numbers.h"

/* As many faults as the contract shows; the rest is counted. */
#define ROW_FAULTS 20

/* A count beyond this is no count of coupons, and sums of them would round. */
#define MOST_COUPONS 1e12

enum { STORE, DATE, REDEEMED, DISTRIBUTED, FACE_VALUE, N_ROLES };
static const char *const roles[N_ROLES] = {"store", "date", "redeemed", "distributed", "face_value"};

/* What one store did with the coupons of one face value. */
typedef struct {
    guint store;
    double face_value; /* NaN: not told */
    double distributed, redeemed;
    const char *file; /* of the last redemption */
    int line;
    gboolean untold; /* a row does not say how many were handed out */
} Sum;

typedef struct {
    const PlDefinition *def;
    const PlTable *table;
    const PlPanel *panel;
    const PlDateFormat *format;
    PlRowFaults faults;
    char decimal;
    PlCoupons *coupons;
    GPtrArray *sums;    /* Sum* */
    GHashTable *sum_of; /* "store face" -> Sum*, theirs */
    gboolean *matched;  /* [where] some row agrees */
    guint64 kept;       /* rows that `where` keeps, over all files */
    /* the file at hand: */
    int columns[N_ROLES]; /* -1: the file has none */
    int *where_column;    /* [where] */
    PlInput *input;
} Reader;

static guint n_where(const Reader *r) {
    return r->table->where != NULL ? r->table->where->len : 0;
}

/* A column that the definition names has to be there; one that only bears its role's name may be missing. */
static gboolean begin_file(Reader *r, const PlCsvHeader *header) {
    gboolean good = TRUE;
    guint before = pl_diagnostics_count(header->diagnostics);
    for (guint i = 0; i < N_ROLES; i++) {
        const char *column = pl_table_column(r->table, roles[i]);
        gboolean optional = i > REDEEMED && strcmp(column, roles[i]) == 0;
        g_autofree char *advice =
            g_strdup_printf("under data, columns: {%s: NAME} says which one it is", roles[i]);
        r->columns[i] = pl_csv_header_find(header, column, optional, advice);
    }
    for (guint i = 0; i < n_where(r); i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->where, i);
        r->where_column[i] =
            pl_csv_header_find(header, pl_table_column(r->table, entry->key), FALSE, "where needs it");
    }
    good = pl_diagnostics_count(header->diagnostics) == before;
    r->faults.file = header->shown;
    r->coupons->has_distributed |= good && r->columns[DISTRIBUTED] >= 0;
    r->coupons->has_face_value |= good && r->columns[FACE_VALUE] >= 0;
    return good;
}

static gboolean passes(Reader *r, const PlCsvRow *row) {
    gboolean all = TRUE;
    for (guint i = 0; i < n_where(r); i++) {
        const PlEntry *entry = g_ptr_array_index(r->table->where, i);
        PlText cell = pl_row_cell(row, (guint)r->where_column[i]);
        g_autofree char *text = g_strndup(cell.text, cell.length);
        gboolean kept = g_strv_contains((const char *const *)entry->values, text);
        r->matched[i] = r->matched[i] || kept;
        all = all && kept;
    }
    return all;
}

static void fault(const Reader *r, const PlCsvRow *row, guint role, PlText cell, PlText store,
                  const char *expected, const char *hint) {
    pl_diagnostics_add(r->faults.diagnostics, r->faults.file, (PlPos){row->line, 0}, hint,
                       "column \"%s\": \"%.*s\" is not %s (store \"%.*s\")",
                       pl_table_column(r->table, roles[role]), (int)MIN(cell.length, 60), cell.text, expected,
                       (int)MIN(store.length, 60), store.text);
}

/* NaN where the column or the value is missing; FALSE with a fault added where it is no number, or an empty
 * `needed` one. */
static gboolean read_number(const Reader *r, const PlCsvRow *row, guint role, PlText store, double *value) {
    *value = NAN;
    if (r->columns[role] < 0)
        return TRUE;
    PlText cell = pl_row_cell(row, (guint)r->columns[role]);
    const char *column = pl_table_column(r->table, roles[role]);
    if (pl_number_missing(cell.text, cell.length)) {
        r->input->empty++;
        if (role == REDEEMED)
            pl_diagnostics_add(r->faults.diagnostics, r->faults.file, (PlPos){row->line, 0},
                               "write 0 where no coupon was redeemed",
                               "column \"%s\" is empty (store \"%.*s\")", column, (int)MIN(store.length, 60),
                               store.text);
        return role != REDEEMED;
    }
    if (!pl_number_parse(cell.text, cell.length, r->decimal, value)) {
        pl_fault_not_a_number(&r->faults, row->line, column, cell, store);
        return FALSE;
    }
    if (role == FACE_VALUE) {
        if (!(*value > 0))
            fault(r, row, role, cell, store, "the worth of a coupon",
                  "a face value is above 0; empty: not known");
        return *value > 0;
    }
    if (*value < 0 || *value > MOST_COUPONS || *value != floor(*value)) {
        fault(r, row, role, cell, store, "a number of coupons", "expected a whole number from 0 on");
        return FALSE;
    }
    return TRUE;
}

static gboolean read_date(const Reader *r, const PlCsvRow *row, PlText store, PlDay *day) {
    PlText cell = pl_row_cell(row, (guint)r->columns[DATE]);
    if (pl_date_format_parse(r->format, cell.text, cell.length, day))
        return TRUE;
    pl_fault_bad_date(&r->faults, row->line, pl_table_column(r->table, "date"), cell, store);
    return FALSE;
}

static void add_up(Reader *r, const PlCouponRow *row) {
    g_autofree char *key = g_strdup_printf("%u %.17g", row->store, row->face_value);
    Sum *sum = g_hash_table_lookup(r->sum_of, key);
    if (sum == NULL) {
        sum = g_new0(Sum, 1);
        sum->store = row->store;
        sum->face_value = row->face_value;
        g_hash_table_insert(r->sum_of, g_steal_pointer(&key), sum);
        g_ptr_array_add(r->sums, sum);
    }
    sum->untold |= isnan(row->distributed);
    sum->distributed += isnan(row->distributed) ? 0 : row->distributed;
    sum->redeemed += row->redeemed;
    if (row->redeemed > 0) {
        sum->file = r->faults.file;
        sum->line = row->line;
    }
}

static void take_row(Reader *r, const PlCsvRow *row) {
    PlCouponRow coupon = {.line = row->line};
    r->input->rows++;
    if (!passes(r, row)) {
        r->input->filtered++;
        return;
    }
    PlText store = pl_row_cell(row, (guint)r->columns[STORE]);
    r->kept++;
    if (store.length == 0 || !g_utf8_validate(store.text, (gssize)store.length, NULL)) {
        pl_fault_bad_store(&r->faults, row->line, pl_table_column(r->table, "store"), store);
        return;
    }
    gboolean good = read_date(r, row, store, &coupon.day);
    good = read_number(r, row, REDEEMED, store, &coupon.redeemed) && good;
    good = read_number(r, row, DISTRIBUTED, store, &coupon.distributed) && good;
    good = read_number(r, row, FACE_VALUE, store, &coupon.face_value) && good;
    g_autofree char *name = g_strndup(store.text, store.length);
    int index = pl_panel_store(r->panel, name);
    if (!good)
        return;
    if (index < 0) {
        r->input->unknown++;
        r->coupons->unknown_rows++;
        return;
    }
    coupon.store = (guint)index;
    r->input->used++;
    g_array_append_val(r->coupons->rows, coupon);
    add_up(r, &coupon);
}

static int by_line(const void *a, const void *b) {
    const Sum *x = *(const Sum *const *)a, *y = *(const Sum *const *)b;
    int file = g_strcmp0(x->file, y->file);
    return file != 0            ? file
           : x->line != y->line ? (x->line > y->line) - (x->line < y->line)
                                : (x->store > y->store) - (x->store < y->store);
}

/* At the last row in which the store redeemed any. */
static void check_sums(const Reader *r) {
    g_ptr_array_sort(r->sums, by_line);
    for (guint i = 0; i < r->sums->len; i++) {
        const Sum *sum = g_ptr_array_index(r->sums, i);
        if (sum->untold || sum->redeemed <= sum->distributed)
            continue;
        g_autofree char *redeemed = pl_format_number(sum->redeemed, 0),
                        *handed = pl_format_number(sum->distributed, 0),
                        *of = isnan(sum->face_value)
                                  ? g_strdup("")
                                  : g_strdup_printf(" of face value %.10g", sum->face_value);
        pl_diagnostics_add(
            r->faults.diagnostics, sum->file, (PlPos){sum->line, 0},
            "give the rows of the days on which they were handed out, too; or leave \"distributed\" "
            "empty where it is not known",
            "store \"%.60s\" redeemed %s coupons%s by this row, but handed out only %s in all",
            r->panel->stores[sum->store], redeemed, of, handed);
    }
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
            take_row(r, &row);
        r->input->delimiter = pl_csv_scan_delimiter(scan);
        if (r->input->rows == 0 && pl_diagnostics_count(faults) == before)
            pl_diagnostics_add(faults, file->path, (PlPos){header.line, 0}, NULL,
                               "no rows follow the header");
        if (pl_diagnostics_count(faults) == before)
            r->input->sha256 = pl_csv_scan_digest(scan);
    }
    pl_csv_header_clear(&header);
}

static void load_files(Reader *r, const GPtrArray *files, GPtrArray *inputs) {
    for (guint i = 0; i < files->len; i++) {
        const PlSourceFile *file = g_ptr_array_index(files, i);
        r->input = g_new0(PlInput, 1);
        r->input->table = g_strdup(pl_table_names[PL_TABLE_COUPONS]);
        r->input->source = g_strdup(file->source);
        if (r->coupons->file == NULL)
            r->coupons->file = g_strdup(file->source);
        load_file(r, file);
        g_ptr_array_add(inputs, r->input);
    }
}

/* Where every row is filtered out, the first key that no row agrees with, else the first. */
static void check_where(const Reader *r) {
    guint culprit = 0;
    for (guint i = n_where(r); i-- > 0;)
        if (!r->matched[i])
            culprit = i;
    if (n_where(r) == 0 || r->kept > 0 || pl_diagnostics_count(r->faults.diagnostics) > 0)
        return;
    const PlEntry *entry = g_ptr_array_index(r->table->where, culprit);
    pl_diagnostics_add(r->faults.diagnostics, r->def->file, entry->pos, NULL,
                       "where: no row of table \"coupons\" has a \"%s\" that is to be kept", entry->key);
}

/* Own format where one is written, else that of the sales; of the panel's kind of time. NULL with a fault. */
static PlDateFormat *date_format(const PlDefinition *def, const PlTable *table, const PlPanel *panel,
                                 const char **written, PlDiagnostics *faults) {
    const PlTable *sales = pl_definition_outcomes(def);
    gboolean own = sales == NULL || pl_definition_given(def, &table->date_format);
    const char *text = own ? table->date_format : sales->date_format;
    *written = text;
    g_autofree char *reason = NULL;
    g_autoptr(PlDateFormat) format = pl_date_format_new(text != NULL ? text : "%Y-%m-%d", &reason);
    PlPos pos = pl_definition_pos(def, own ? (const void *)&table->date_format : (const void *)table);
    if (format == NULL) {
        pl_diagnostics_add(faults, def->file, pos, NULL, "date_format \"%s\" %s", text, reason);
        return NULL;
    }
    if (pl_date_format_kind(format) == panel->kind)
        return g_steal_pointer(&format);
    pl_diagnostics_add(faults, def->file, pos, "the periods are in the time of the sales",
                       "the table \"coupons\" has %s and the table \"sales\" %s",
                       panel->kind == PL_TIME_DATE ? "period numbers" : "dates",
                       panel->kind == PL_TIME_DATE ? "dates" : "period numbers");
    return NULL;
}

static PlCoupons *new_coupons(void) {
    PlCoupons *coupons = g_new0(PlCoupons, 1);
    coupons->rows = g_array_new(FALSE, TRUE, sizeof(PlCouponRow));
    return coupons;
}

/* The files are there until the sums are checked: faults name them. */
static gboolean load(Reader *r, GPtrArray *inputs, GError **error) {
    PlDiagnostics *faults = r->faults.diagnostics;
    g_autoptr(GPtrArray) files = pl_source_files(r->def, r->table, faults);
    load_files(r, files, inputs);
    check_where(r);
    if (pl_diagnostics_count(faults) == 0)
        check_sums(r);
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error);
}

gboolean pl_load_coupons(const PlDefinition *def, const PlPanel *panel, PlCoupons **coupons,
                         GPtrArray *inputs, GError **error) {
    const PlTable *source = pl_definition_table(def, PL_TABLE_COUPONS);
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(ROW_FAULTS);
    *coupons = NULL;
    if (source == NULL)
        return TRUE;
    if (source->files == NULL || source->files[0] == NULL) {
        pl_diagnostics_add(faults, def->file, pl_definition_pos(def, source),
                           "this version reads CSV files: file: coupons.csv",
                           "the table \"coupons\" has no file");
        return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
    }
    PlTable shown = *source; /* with the format that dates are read by, for messages */
    const char *written;
    g_autoptr(PlDateFormat) format = date_format(def, source, panel, &written, faults);
    shown.date_format = (char *)written;
    if (format == NULL)
        return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
    g_autoptr(GPtrArray) sums = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) sum_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint wheres = source->where != NULL ? source->where->len : 0;
    g_autofree gboolean *matched = g_new0(gboolean, wheres + 1);
    g_autofree int *where_column = g_new0(int, wheres + 1);
    Reader r = {.def = def,
                .table = source,
                .panel = panel,
                .format = format,
                .faults = {faults, &shown, NULL},
                .decimal = g_strcmp0(source->decimal, ",") == 0 ? ',' : '.',
                .coupons = new_coupons(),
                .sums = sums,
                .sum_of = sum_of,
                .matched = matched,
                .where_column = where_column};
    gboolean good = load(&r, inputs, error);
    if (good)
        *coupons = r.coupons;
    else
        pl_coupons_free(r.coupons);
    return good;
}
