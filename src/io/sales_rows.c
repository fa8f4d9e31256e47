/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/sales_rows.h"
#include "pairlift/io/columns.h"
#include "pairlift/io/panel_builder.h"
#include "pairlift/io/row_faults.h"
#include "pairlift/model/kpi_metrics.h"
#include <math.h>

/* Values of a column that a hint lists, and the longest date that is remembered. */
enum { VALUES_SHOWN = 8, DATE_LENGTH = 32 };

/* One column of `where`. */
typedef struct {
    const PlEntry *entry;
    const char *column;
    int index;       /* in the file at hand */
    PlNames *wanted; /* the values that are kept */
    PlNames *others; /* the first few that are not */
    guint last;      /* wanted value of the row before */
    gboolean matched;
} Filter;

/* One column of numbers. */
typedef struct {
    const char *column;
    int index;
    gboolean averaged; /* a row without a value does not take the others' from its store-day */
    int same_as;       /* the measure that is read from this column already, -1: none */
    gboolean needed;   /* by a metric: an empty value is a fault */
    gboolean optional; /* the file may lack the column */
    double per;        /* not 0: the column is a rate of `of`, in parts of this (100: per cent) */
    const char *of;
    int of_index;
} Measure;

struct PlSalesRows {
    const PlDefinition *def;
    const PlTable *table;
    const PlDateFormat *format;
    PlRowFaults faults;
    PlPanelBuilder *builder;
    PlNames *stores; /* of the builder */
    GArray *measures;
    int gross_profit; /* the measure of it, -1: none */
    GArray *filters;
    PlBreakdownBuilder *breakdown; /* NULL: not asked for, or nothing to break down by */
    gboolean breaks_down;
    const Filter *by_item; /* the filter that does not count for it, NULL: none */
    double *values;        /* [measure] of the row at hand */
    char decimal;
    const char *store_column, *date_column;
    /* the file at hand: */
    PlInput *input;
    guint store_index, date_index;
    /* the row before, which is the best guess at the next: */
    guint last_store, last_slot;
    char last_date[DATE_LENGTH];
    gsize last_date_length; /* 0: none */
    gboolean any_row;
};

static void add_measure(PlSalesRows *rows, const char *column, gboolean averaged) {
    Measure measure = {.column = column, .index = -1, .averaged = averaged, .same_as = -1, .needed = TRUE};
    for (guint i = 0; i < rows->measures->len; i++) {
        const Measure *other = &g_array_index(rows->measures, Measure, i);
        if (strcmp(other->column, column) != 0)
            continue;
        if (other->averaged == averaged)
            return;
        measure.same_as = (int)i;
    }
    g_array_append_val(rows->measures, measure);
}

/* A column that is summed and averaged is two measures, because a row without a value takes the sum of its
 * store-day away and leaves the mean. Sums come first: their faults count. */
static void add_measures(PlSalesRows *rows) {
    for (int averaged = FALSE; averaged <= TRUE; averaged++)
        for (guint i = 0; i < rows->def->metrics->len; i++) {
            const PlMetric *metric = g_ptr_array_index(rows->def->metrics, i);
            if ((metric->kind == PL_METRIC_MEAN) != averaged || pl_metric_of_rows(metric))
                continue;
            add_measure(rows, metric->column, averaged);
            if (metric->denominator != NULL)
                add_measure(rows, metric->denominator, averaged);
        }
}

static void add_extra(PlSalesRows *rows, Measure extra) {
    for (guint i = 0; i < rows->measures->len && extra.per == 0; i++) {
        const Measure *other = &g_array_index(rows->measures, Measure, i);
        if (other->averaged == extra.averaged && other->per == 0 && strcmp(other->column, extra.column) == 0)
            return;
    }
    extra.index = extra.of_index = extra.same_as = -1;
    g_array_append_val(rows->measures, extra);
}

/* Gross profit in money is made of a rate row by row, for a store's rate is none of its products'. */
static void add_margin(PlSalesRows *rows) {
    const PlEconomics *e = &rows->def->economics;
    double per = g_strcmp0(e->margin_in, "money") == 0     ? 0
                 : g_strcmp0(e->margin_in, "percent") == 0 ? 100
                                                           : 1;
    if (e->margin_column == NULL)
        return;
    Measure measure = {.column = e->margin_column,
                       .per = per,
                       .of = per > 0 ? pl_table_column(rows->table, "revenue") : NULL};
    measure.index = measure.of_index = measure.same_as = -1;
    rows->gross_profit = (int)rows->measures->len;
    g_array_append_val(rows->measures, measure);
}

/* Columns that play a role in why a promotion worked and what it earned. Those that nobody named may be
 * missing. */
static void add_roles(PlSalesRows *rows) {
    static const char *const roles[] = {"revenue", "units", "visits"};
    for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
        const char *column = pl_table_column(rows->table, roles[i]);
        add_extra(rows, (Measure){.column = column, .optional = strcmp(column, roles[i]) == 0});
    }
    if (rows->def->economics.cost_column != NULL)
        add_extra(rows, (Measure){.column = rows->def->economics.cost_column});
    for (char **column = rows->def->cross_prices; column != NULL && *column != NULL; column++)
        add_extra(rows, (Measure){.column = *column, .averaged = TRUE});
    add_margin(rows);
}

static PlPanelBuilder *new_builder(const PlSalesRows *rows) {
    g_autofree gboolean *averaged = g_new0(gboolean, rows->measures->len);
    for (guint i = 0; i < rows->measures->len; i++)
        averaged[i] = g_array_index(rows->measures, Measure, i).averaged;
    return pl_panel_builder_new(rows->measures->len, averaged, rows->table->duplicates != PL_DUPLICATES_KEEP);
}

static void add_filter(PlSalesRows *rows, const PlEntry *entry) {
    Filter filter = {.entry = entry, .column = pl_table_column(rows->table, entry->key), .index = -1};
    filter.wanted = pl_names_new();
    filter.others = pl_names_new();
    for (char **value = entry->values; *value != NULL; value++)
        if (pl_names_find(filter.wanted, *value, strlen(*value)) < 0)
            pl_names_add(filter.wanted, *value, strlen(*value));
    g_array_append_val(rows->filters, filter);
}

PlSalesRows *pl_sales_rows_new(const PlDefinition *def, const PlTable *table, const PlDateFormat *format,
                               PlDiagnostics *faults) {
    PlSalesRows *rows = g_new0(PlSalesRows, 1);
    rows->def = def;
    rows->table = table;
    rows->format = format;
    rows->faults = (PlRowFaults){.diagnostics = faults, .table = table};
    rows->decimal = g_strcmp0(table->decimal, ",") == 0 ? ',' : '.';
    rows->store_column = pl_table_column(table, "store");
    rows->date_column = pl_table_column(table, "date");
    rows->measures = g_array_new(FALSE, FALSE, sizeof(Measure));
    rows->filters = g_array_new(FALSE, FALSE, sizeof(Filter));
    rows->gross_profit = -1;
    add_measures(rows);
    add_roles(rows);
    for (guint i = 0; table->where != NULL && i < table->where->len; i++)
        add_filter(rows, g_ptr_array_index(table->where, i));
    return rows;
}

void pl_sales_rows_break_down(PlSalesRows *rows, PlBreakdownBuilder *breakdown) {
    rows->breakdown = breakdown;
}

void pl_sales_rows_free(PlSalesRows *rows) {
    if (rows == NULL)
        return;
    for (guint i = 0; i < rows->filters->len; i++) {
        pl_names_free(g_array_index(rows->filters, Filter, i).wanted);
        pl_names_free(g_array_index(rows->filters, Filter, i).others);
    }
    g_array_unref(rows->measures);
    g_array_unref(rows->filters);
    pl_panel_builder_free(rows->builder);
    g_free(rows->values);
    g_free(rows);
}

/* Whether the first file has an optional column decides for all of them. */
static void settle_measures(PlSalesRows *rows) {
    for (guint i = rows->measures->len; i-- > 0;) {
        const Measure *measure = &g_array_index(rows->measures, Measure, i);
        if (!measure->optional || measure->index >= 0)
            continue;
        g_array_remove_index(rows->measures, i);
        rows->gross_profit -= rows->gross_profit > (int)i ? 1 : 0;
    }
    rows->values = g_new0(double, rows->measures->len);
    rows->builder = new_builder(rows);
    rows->stores = pl_panel_builder_stores(rows->builder);
}

static void find_measure(PlSalesRows *rows, const PlCsvHeader *header, Measure *measure) {
    const char *advice = measure->needed       ? "a metric needs it"
                         : measure->of != NULL ? "economics names it as margin_column"
                                               : "the definition names it";
    measure->index = measure->same_as >= 0
                         ? g_array_index(rows->measures, Measure, measure->same_as).index
                         : pl_csv_header_find(header, measure->column, measure->optional, advice);
    if (measure->of != NULL)
        measure->of_index =
            pl_csv_header_find(header, measure->of, FALSE,
                               "margin_column is a rate of revenue: under data, columns: {revenue: NAME}");
}

static gboolean begin_breakdown(PlSalesRows *rows, const PlCsvHeader *header) {
    if (rows->breakdown == NULL)
        return TRUE;
    gboolean good =
        pl_breakdown_builder_begin_file(rows->breakdown, header, rows->store_index, rows->date_index);
    const char *column = pl_breakdown_builder_column(rows->breakdown);
    for (guint i = 0; column != NULL && i < rows->filters->len; i++)
        if (strcmp(g_array_index(rows->filters, Filter, i).column, column) == 0)
            rows->by_item = &g_array_index(rows->filters, Filter, i);
    rows->breaks_down = column != NULL;
    return good;
}

gboolean pl_sales_rows_begin_file(PlSalesRows *rows, const PlCsvHeader *header, PlInput *input) {
    int store = pl_csv_header_find(header, rows->store_column, FALSE,
                                   "under data, columns: {store: NAME} says which one it is");
    int date = pl_csv_header_find(header, rows->date_column, FALSE,
                                  "under data, columns: {date: NAME} says which one it is");
    gboolean complete = store >= 0 && date >= 0;
    for (guint i = 0; i < rows->measures->len; i++) {
        Measure *measure = &g_array_index(rows->measures, Measure, i);
        find_measure(rows, header, measure);
        complete = complete && (measure->index >= 0 || measure->optional) &&
                   (measure->of == NULL || measure->of_index >= 0);
    }
    for (guint i = 0; i < rows->filters->len; i++) {
        Filter *filter = &g_array_index(rows->filters, Filter, i);
        filter->index = pl_csv_header_find(header, filter->column, FALSE, "where needs it");
        complete = complete && filter->index >= 0;
    }
    rows->store_index = (guint)store;
    rows->date_index = (guint)date;
    rows->faults.file = header->shown;
    rows->input = input;
    complete = complete && begin_breakdown(rows, header);
    if (complete && rows->builder == NULL)
        settle_measures(rows);
    return complete;
}

static gboolean passes(Filter *filter, const PlCsvRow *row) {
    PlText cell = pl_row_cell(row, (guint)filter->index);
    if (!pl_names_is(filter->wanted, filter->last, cell.text, cell.length)) {
        int found = pl_names_find(filter->wanted, cell.text, cell.length);
        if (found < 0) {
            if (!filter->matched && filter->others->n < VALUES_SHOWN &&
                pl_names_find(filter->others, cell.text, cell.length) < 0)
                pl_names_add(filter->others, cell.text, cell.length);
            return FALSE;
        }
        filter->last = (guint)found;
    }
    filter->matched = TRUE;
    return TRUE;
}

static gboolean passes_all(PlSalesRows *rows, const PlCsvRow *row) {
    for (guint i = 0; i < rows->filters->len; i++)
        if (!passes(&g_array_index(rows->filters, Filter, i), row))
            return FALSE;
    return TRUE;
}

/* Whether a row that is left out is so by the column of the items alone. */
static gboolean is_other_item(const PlSalesRows *rows, const PlCsvRow *row) {
    for (guint i = 0; i < rows->filters->len; i++) {
        const Filter *filter = &g_array_index(rows->filters, Filter, i);
        PlText cell = pl_row_cell(row, (guint)filter->index);
        if (filter != rows->by_item && pl_names_find(filter->wanted, cell.text, cell.length) < 0)
            return FALSE;
    }
    return rows->by_item != NULL;
}

/* Files are sorted by day or by store: the next store, or the same, is nearly always the one. */
static gboolean find_store(PlSalesRows *rows, PlText cell, int line, guint *store) {
    guint next = rows->last_store + 1 < rows->stores->n ? rows->last_store + 1 : 0;
    *store = next;
    if (pl_names_is(rows->stores, next, cell.text, cell.length))
        return TRUE;
    *store = rows->last_store;
    if (pl_names_is(rows->stores, rows->last_store, cell.text, cell.length))
        return TRUE;
    int known = pl_names_find(rows->stores, cell.text, cell.length);
    if (known < 0 && (cell.length == 0 || !g_utf8_validate(cell.text, (gssize)cell.length, NULL))) {
        pl_fault_bad_store(&rows->faults, line, rows->store_column, cell);
        return FALSE;
    }
    *store = known >= 0 ? (guint)known : pl_names_add(rows->stores, cell.text, cell.length);
    return TRUE;
}

static gboolean find_slot(PlSalesRows *rows, PlText cell, PlText store, int line, guint *slot) {
    PlDay day;
    *slot = rows->last_slot;
    if (cell.length > 0 && cell.length == rows->last_date_length &&
        memcmp(cell.text, rows->last_date, cell.length) == 0)
        return TRUE;
    if (!pl_date_format_parse(rows->format, cell.text, cell.length, &day)) {
        pl_fault_bad_date(&rows->faults, line, rows->date_column, cell, store);
        return FALSE;
    }
    guint next = rows->last_slot + 1;
    *slot =
        pl_panel_builder_slot_is(rows->builder, next, day) ? next : pl_panel_builder_slot(rows->builder, day);
    rows->last_slot = *slot;
    rows->last_date_length = cell.length <= DATE_LENGTH ? cell.length : 0;
    memcpy(rows->last_date, cell.text, rows->last_date_length);
    return TRUE;
}

/* Nothing was sold, beside what other rows of the day say. */
static void empty_sums_to_zero(PlSalesRows *rows) {
    for (guint i = 0; i < rows->measures->len; i++)
        if (isnan(rows->values[i]) && !g_array_index(rows->measures, Measure, i).averaged)
            rows->values[i] = 0;
}

/* A rate becomes money; FALSE with a fault where it cannot be a rate. */
static gboolean apply_rate(PlSalesRows *rows, const PlCsvRow *row, const Measure *measure, double *value) {
    PlText cell = pl_row_cell(row, (guint)measure->of_index);
    double of;
    if (fabs(*value) > measure->per) {
        pl_diagnostics_add(rows->faults.diagnostics, rows->faults.file, (PlPos){row->line, 0},
                           measure->per == 1
                               ? "say what the column holds: margin_in: percent, or money, under "
                                 "economics"
                               : "say what the column holds: margin_in: money, under economics",
                           "column \"%s\": %g is no margin rate%s", measure->column, *value,
                           measure->per == 1 ? "" : " in per cent");
        return FALSE;
    }
    if (!pl_number_parse(cell.text, cell.length, rows->decimal, &of))
        of = NAN; /* a fault of the revenue column itself */
    *value *= of / measure->per;
    return TRUE;
}

static gboolean read_values(PlSalesRows *rows, const PlCsvRow *row, PlText store) {
    gboolean good = TRUE;
    for (guint i = 0; i < rows->measures->len; i++) {
        const Measure *measure = &g_array_index(rows->measures, Measure, i);
        if (measure->same_as >= 0) {
            rows->values[i] = rows->values[measure->same_as];
            continue;
        }
        if (measure->index < 0) { /* a later file lacks an optional column */
            rows->values[i] = NAN;
            continue;
        }
        PlText cell = pl_row_cell(row, (guint)measure->index);
        if (G_LIKELY(pl_number_parse(cell.text, cell.length, rows->decimal, &rows->values[i]))) {
            if (measure->of != NULL)
                good = apply_rate(rows, row, measure, &rows->values[i]) && good;
            continue;
        }
        rows->values[i] = NAN;
        if (!pl_number_missing(cell.text, cell.length)) {
            pl_fault_not_a_number(&rows->faults, row->line, measure->column, cell, store);
            good = FALSE;
        } else if (rows->table->gaps == PL_GAPS_ERROR && measure->needed && !measure->averaged) {
            pl_fault_no_value(&rows->faults, row->line, measure->column, cell, store);
            good = FALSE;
        } else {
            rows->input->empty++;
        }
    }
    if (rows->table->gaps == PL_GAPS_ZERO)
        empty_sums_to_zero(rows);
    return good;
}

static gboolean stop_too_many(const PlSalesRows *rows, int line) {
    g_autofree char *hint = g_strdup_printf("is \"%s\" the column of the date?", rows->date_column);
    pl_diagnostics_add(rows->faults.diagnostics, rows->faults.file, (PlPos){line, 0}, hint,
                       "more than %u rows of one store and day", PL_PANEL_MAX_ROWS);
    return FALSE;
}

static gboolean stop_sparse(const PlSalesRows *rows, PlDiagnostics *diagnostics, int line) {
    g_autofree char *hint = g_strdup_printf("is \"%s\" the column of the store?", rows->store_column);
    pl_diagnostics_add(diagnostics, rows->faults.file, (PlPos){line, 0}, hint,
                       "%u stores, and hardly any of them has a row on hardly any day", rows->stores->n);
    return FALSE;
}

static gboolean add_to_cell(PlSalesRows *rows, const PlCsvRow *row, guint store, guint slot) {
    gboolean keep = rows->table->duplicates == PL_DUPLICATES_KEEP;
    guint64 hash = keep ? 0 : pl_hash_bytes(row->bytes, row->n_bytes);
    rows->any_row = TRUE;
    switch (pl_panel_builder_add(rows->builder, store, slot, hash, rows->values)) {
    case PL_ROW_TOO_MANY:
        return stop_too_many(rows, row->line);
    case PL_ROW_SPARSE:
        return stop_sparse(rows, rows->faults.diagnostics, row->line);
    case PL_ROW_REPEATED:
        if (rows->table->duplicates == PL_DUPLICATES_ERROR)
            pl_fault_repeated(&rows->faults, row->line, pl_row_cell(row, rows->store_index),
                              pl_row_cell(row, rows->date_index));
        else
            rows->input->dropped++;
        return TRUE;
    default:
        rows->input->used++;
        if (rows->breaks_down)
            pl_breakdown_builder_add(rows->breakdown, row, TRUE);
        return TRUE;
    }
}

gboolean pl_sales_rows_take(PlSalesRows *rows, const PlCsvRow *row) {
    guint store = 0, slot = 0;
    rows->input->rows++;
    if (rows->filters->len > 0 && !passes_all(rows, row)) {
        rows->input->filtered++;
        if (rows->breaks_down && is_other_item(rows, row))
            pl_breakdown_builder_add(rows->breakdown, row, FALSE);
        return TRUE;
    }
    PlText store_text = pl_row_cell(row, rows->store_index);
    gboolean good = find_store(rows, store_text, row->line, &store);
    good = find_slot(rows, pl_row_cell(row, rows->date_index), store_text, row->line, &slot) && good;
    good = read_values(rows, row, store_text) && good;
    if (!good)
        return TRUE;
    rows->last_store = store;
    return add_to_cell(rows, row, store, slot);
}

/* The first column of `where` on which no row agrees, else the first: together they keep nothing. */
static void fault_of_where(const PlSalesRows *rows, PlDiagnostics *diagnostics) {
    const Filter *culprit = &g_array_index(rows->filters, Filter, 0);
    for (guint i = rows->filters->len; i-- > 0;)
        if (!g_array_index(rows->filters, Filter, i).matched)
            culprit = &g_array_index(rows->filters, Filter, i);
    GString *hint = g_string_new(NULL);
    for (guint i = 0; i < culprit->others->n; i++)
        g_string_append_printf(hint, "%s\"%.40s\"", i > 0 ? ", " : "it holds ",
                               culprit->others->names[i].text);
    if (culprit->others->n == VALUES_SHOWN)
        g_string_append(hint, " and perhaps more");
    pl_diagnostics_add(diagnostics, rows->def->file, culprit->entry->pos, hint->len > 0 ? hint->str : NULL,
                       culprit->matched
                           ? "where keeps no row: its conditions hold in different rows (\"%s\" is one)"
                           : "where keeps no row: column \"%s\" never has a value asked for",
                       culprit->column);
    g_string_free(hint, TRUE);
}

void pl_sales_rows_check(const PlSalesRows *rows, PlDiagnostics *diagnostics) {
    if (!rows->any_row && rows->filters->len > 0)
        fault_of_where(rows, diagnostics);
    if (pl_panel_builder_is_sparse(rows->builder))
        stop_sparse(rows, diagnostics, 0);
    if (rows->breaks_down && pl_diagnostics_count(diagnostics) == 0)
        pl_breakdown_builder_check(rows->breakdown, diagnostics);
}

PlPanel *pl_sales_rows_finish(PlSalesRows *rows) {
    g_autofree const char **names = g_new0(const char *, rows->measures->len + 1);
    for (guint i = 0; i < rows->measures->len; i++)
        names[i] = g_array_index(rows->measures, Measure, i).column;
    PlPanel *panel = pl_panel_builder_finish(rows->builder, pl_date_format_kind(rows->format), names);
    panel->n_needed = 0;
    while (panel->n_needed < panel->n_measures &&
           g_array_index(rows->measures, Measure, panel->n_needed).needed)
        panel->n_needed++;
    panel->gross_profit = rows->gross_profit;
    return panel;
}
