/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/stat_table.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/model/printable.h"

/* Figures beside the columns that every answer has; more would not fit a terminal. */
enum { FIGURES_BESIDE = 4 };

typedef struct {
    const char *title;
    GPtrArray *cells; /* char*, one a row */
} Column;

static void free_column(Column *column) {
    g_ptr_array_unref(column->cells);
    g_free(column);
}

static Column *add_column(GPtrArray *columns, const char *title) {
    Column *column = g_new0(Column, 1);
    column->title = title;
    column->cells = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(columns, column);
    return column;
}

static double figure_of(const PlStatRow *row, const char *name) {
    for (guint i = 0; i < row->figures->len; i++)
        if (g_str_equal(g_array_index(row->figures, PlNamedNumber, i).name, name))
            return g_array_index(row->figures, PlNamedNumber, i).value;
    return NAN;
}

/* Beyond, a double has no digits after the point. */
#define MOST_PLAIN 1e15
enum { DIGITS = 6, DIGITS_OF_ERROR = 2 };

char *pl_stat_number(double value, double resolution) {
    if (isnan(value))
        return g_strdup("");
    if (isinf(value))
        return g_strdup("open");
    double size = fabs(value);
    int digits = DIGITS;
    if (resolution > 0 && size > resolution)
        digits = CLAMP((int)ceil(log10(size / resolution)) + DIGITS_OF_ERROR, DIGITS, 15);
    if (size < 1e5 || size >= MOST_PLAIN)
        return g_strdup_printf("%.*g", digits, value);
    if (size == floor(size) && !(resolution > 0))
        return g_strdup_printf("%.0f", value);
    return g_strdup_printf("%.*f", MAX(0, digits - 1 - (int)floor(log10(size))), value);
}

static char *plain(double value, const PlStatRow *row) {
    return pl_stat_number(value, row->std_error);
}

static char *shortly(double value, const PlStatRow *row) {
    (void)row;
    return pl_stat_number(value, NAN);
}

static void add_numbers(GPtrArray *columns, const PlStatResult *r, const char *title,
                        double (*value)(const PlStatRow *row), char *(*words)(double, const PlStatRow *)) {
    gboolean any = FALSE;
    for (guint i = 0; i < r->table->len; i++)
        any = any || !isnan(value(g_ptr_array_index(r->table, i)));
    if (!any)
        return;
    Column *column = add_column(columns, title);
    for (guint i = 0; i < r->table->len; i++)
        g_ptr_array_add(column->cells,
                        words(value(g_ptr_array_index(r->table, i)), g_ptr_array_index(r->table, i)));
}

#define GETTER(field)                                                                                        \
    static double get_##field(const PlStatRow *row) {                                                        \
        return row->field;                                                                                   \
    }
GETTER(estimate)
GETTER(std_error)
GETTER(statistic)
GETTER(df)
GETTER(p_value)
GETTER(conf_low)
GETTER(conf_high)

static char *p_words(double p, const PlStatRow *row) {
    (void)row;
    return isnan(p) ? g_strdup("") : pl_format_p(p);
}

/* Figures in the order of their first appearance, with how many rows have each. */
static GPtrArray *figure_names(const PlStatResult *r, GHashTable *counts) {
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < r->table->len; i++) {
        const PlStatRow *row = g_ptr_array_index(r->table, i);
        for (guint k = 0; k < row->figures->len; k++) {
            const char *name = g_array_index(row->figures, PlNamedNumber, k).name;
            guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
            if (n == 0)
                g_ptr_array_add(names, (gpointer)name);
            g_hash_table_insert(counts, (gpointer)name, GUINT_TO_POINTER(n + 1));
        }
    }
    return names;
}

/* Figures that most rows have, as far as there is room, become columns; their names are returned. */
static GHashTable *add_figures(GPtrArray *columns, const PlStatResult *r) {
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) names = figure_names(r, counts);
    GHashTable *beside = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint k = 0; k < names->len && g_hash_table_size(beside) < FIGURES_BESIDE; k++) {
        const char *name = g_ptr_array_index(names, k);
        if (2 * GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) <= r->table->len)
            continue;
        g_hash_table_add(beside, (gpointer)name);
        Column *column = add_column(columns, name);
        for (guint i = 0; i < r->table->len; i++)
            g_ptr_array_add(column->cells,
                            pl_stat_number(figure_of(g_ptr_array_index(r->table, i), name), NAN));
    }
    return beside;
}

static GPtrArray *make_columns(const PlStatResult *r) {
    GPtrArray *columns = g_ptr_array_new_with_free_func((GDestroyNotify)free_column);
    Column *terms = add_column(columns, "");
    for (guint i = 0; i < r->table->len; i++) {
        const char *term = ((PlStatRow *)g_ptr_array_index(r->table, i))->term;
        g_autoptr(GString) shown = g_string_new(NULL);
        pl_append_printable(shown, term ? term : "");
        g_ptr_array_add(terms->cells, g_strdup(shown->str));
    }
    add_numbers(columns, r, "estimate", get_estimate, plain);
    add_numbers(columns, r, "low", get_conf_low, plain);
    add_numbers(columns, r, "high", get_conf_high, plain);
    add_numbers(columns, r, "p", get_p_value, p_words);
    add_numbers(columns, r, "std_error", get_std_error, shortly);
    add_numbers(columns, r, "statistic", get_statistic, shortly);
    add_numbers(columns, r, "df", get_df, shortly);
    return columns;
}

static void append_cell(GString *s, const char *text, gsize width, gboolean left) {
    gsize length = (gsize)g_utf8_strlen(text, -1);
    if (left)
        g_string_append(s, text);
    for (gsize i = length; i < width; i++)
        g_string_append_c(s, ' ');
    if (!left)
        g_string_append(s, text);
}

static void append_columns(GString *s, const GPtrArray *columns, guint n_rows) {
    g_autofree gsize *widths = g_new0(gsize, columns->len);
    for (guint c = 0; c < columns->len; c++) {
        const Column *column = g_ptr_array_index(columns, c);
        widths[c] = strlen(column->title);
        for (guint i = 0; i < n_rows; i++)
            widths[c] = MAX(widths[c], (gsize)g_utf8_strlen(g_ptr_array_index(column->cells, i), -1));
    }
    for (guint i = 0; i <= n_rows; i++) { /* the titles first */
        for (guint c = 0; c < columns->len; c++) {
            const Column *column = g_ptr_array_index(columns, c);
            g_string_append(s, "  ");
            append_cell(s, i == 0 ? column->title : g_ptr_array_index(column->cells, i - 1), widths[c],
                        c == 0);
        }
        while (s->str[s->len - 1] == ' ')
            g_string_truncate(s, s->len - 1);
        g_string_append_c(s, '\n');
    }
}

/* The reason that every row has, NULL: they differ. */
static const char *common_reason(const PlStatResult *r) {
    const char *first = ((const PlStatRow *)g_ptr_array_index(r->table, 0))->reason;
    for (guint i = 1; i < r->table->len && first; i++)
        if (g_strcmp0(((const PlStatRow *)g_ptr_array_index(r->table, i))->reason, first) != 0)
            return NULL;
    return first;
}

static void append_rest(GString *s, const PlStatRow *row, GHashTable *beside, gboolean reason) {
    g_autoptr(GString) rest = g_string_new(NULL);
    for (guint k = 0; k < row->figures->len; k++) {
        const PlNamedNumber *f = &g_array_index(row->figures, PlNamedNumber, k);
        g_autofree char *value = pl_stat_number(f->value, NAN);
        if (!g_hash_table_contains(beside, f->name) && !isnan(f->value))
            g_string_append_printf(rest, "%s%s %s", rest->len ? ", " : "", f->name, value);
    }
    if (row->reason && reason)
        g_string_append_printf(rest, "%s%s", rest->len ? "; " : "", row->reason);
    if (!rest->len)
        return;
    g_string_append(s, "  ");
    pl_append_printable(s, row->term ? row->term : "");
    g_string_append_printf(s, "%s%s\n", row->term ? ": " : "", rest->str);
}

static gboolean any_interval(const PlStatResult *r) {
    for (guint i = 0; i < r->table->len; i++)
        if (!isnan(((const PlStatRow *)g_ptr_array_index(r->table, i))->conf_low))
            return TRUE;
    return FALSE;
}

void pl_append_stat_table(GString *s, const PlStatResult *r) {
    g_autoptr(GPtrArray) columns = make_columns(r);
    g_autoptr(GHashTable) beside = add_figures(columns, r);
    const char *common = r->table->len > 1 ? common_reason(r) : NULL;
    append_columns(s, columns, r->table->len);
    for (guint i = 0; i < r->table->len; i++)
        append_rest(s, g_ptr_array_index(r->table, i), beside, common == NULL);
    if (common)
        g_string_append_printf(s, "  %s\n", common);
    if (any_interval(r))
        g_string_append_printf(s, "  intervals at %g %%\n", 100 * r->conf_level);
}
