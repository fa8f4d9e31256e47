/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"

/* What a picture has room for; names are cut. */
enum { ROWS_MOST = 12, COLUMNS_MOST = 10, ROW_NAME = 18, COLUMN_NAME = 13, ALT_MOST = 40 };

/* The first rows and columns that are met, and the finding of each cell. */
typedef struct {
    GPtrArray *rows, *columns; /* const char* */
    const PlFinding *cell[ROWS_MOST][COLUMNS_MOST];
    const PlFinding *most, *least; /* of what is drawn */
    guint rows_left_out, columns_left_out;
} Table;

/* The place of a name, added when there is room; G_MAXUINT: there is none. */
static guint place_of(GPtrArray *names, GHashTable *known, const char *name, guint most, guint *left_out) {
    gpointer place;
    if (g_hash_table_lookup_extended(known, name, NULL, &place))
        return GPOINTER_TO_UINT(place);
    guint at = names->len < most ? names->len : G_MAXUINT;
    g_hash_table_insert(known, (gpointer)name, GUINT_TO_POINTER(at));
    if (at == G_MAXUINT)
        ++*left_out;
    else
        g_ptr_array_add(names, (gpointer)name);
    return at;
}

static void collect(const PlSection *s, const char *measure, Table *t) {
    g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal),
                          columns = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_strcmp0(f->measure, measure) != 0 || f->values == NULL || g_strv_length(f->values) != 2 ||
            !isfinite(f->value))
            continue;
        guint r = place_of(t->rows, rows, f->values[0], ROWS_MOST, &t->rows_left_out);
        guint c = place_of(t->columns, columns, f->values[1], COLUMNS_MOST, &t->columns_left_out);
        if (r == G_MAXUINT || c == G_MAXUINT)
            continue;
        t->cell[r][c] = f;
        t->most = t->most == NULL || f->value > t->most->value ? f : t->most;
        t->least = t->least == NULL || f->value < t->least->value ? f : t->least;
    }
}

/* TRUE: the interval, or the test with all the others in mind, sets it apart from 1. */
static gboolean is_clear(const PlFinding *f) {
    double p = isnan(f->p_adjusted) ? f->p_value : f->p_adjusted;
    if (!isnan(p))
        return p <= 0.05;
    return f->conf_low > 1 || f->conf_high < 1;
}

static gboolean can_be_clear(const Table *t) {
    const PlFinding *f = t->most;
    return !isnan(f->p_value) || !isnan(f->conf_low);
}

static void add_cells(PlChartDraft *draft, const Table *t) {
    g_string_append(draft->data, "column\trow\tvalue\tclear\ttext\n");
    for (guint r = 0; r < t->rows->len; r++)
        for (guint c = 0; c < t->columns->len; c++) {
            const PlFinding *f = t->cell[r][c];
            if (f == NULL)
                continue;
            g_autofree char *number = pl_format_number(f->value, f->value < 9.95 ? 2 : 0);
            g_autofree char *text = g_strconcat(number, is_clear(f) && can_be_clear(t) ? " *" : "", NULL);
            pl_chart_add_number(draft->data, c + 1);
            pl_chart_add_number(draft->data, t->rows->len - r);
            pl_chart_add_number(draft->data, f->value);
            pl_chart_add_number(draft->data, is_clear(f));
            pl_chart_add_text(draft->data, text);
            g_string_append_c(draft->data, '\n');
        }
}

static guint set_names(PlChartDraft *draft, const char *of, const GPtrArray *names, guint columns) {
    guint widest = 1;
    for (guint i = 0; i < names->len; i++) {
        char variable[24];
        g_autofree char *name = pl_chart_label(g_ptr_array_index(names, i), columns);
        g_snprintf(variable, sizeof variable, "%s_%u", of, i + 1);
        pl_chart_set_text(draft->variables, variable, name);
        widest = MAX(widest, pl_chart_columns(name));
    }
    return widest;
}

static char *title_of(const Table *t) {
    const PlFinding *f = t->most;
    g_autofree char *row = pl_chart_label(f->values[0], ROW_NAME),
                    *column = pl_chart_label(f->values[1], ROW_NAME), *times = pl_format_number(f->value, 2);
    if (can_be_clear(t) && !is_clear(f))
        return g_strdup_printf("No %s is clearly bought more in one %s than everywhere", f->roles[1],
                               f->roles[0]);
    return g_strdup_printf("In %s, %s has %s times its usual share", row, column, times);
}

static char *alt_of(const Table *t, const char *title) {
    GString *s = g_string_new("Table of colours. ");
    guint n = 0;
    g_string_append_printf(s, "%s.", title);
    for (guint r = 0; r < t->rows->len; r++)
        for (guint c = 0; c < t->columns->len && n < ALT_MOST; c++)
            if (t->cell[r][c] != NULL && is_clear(t->cell[r][c]) && n++ < ALT_MOST)
                g_string_append_printf(s, " %s: %.2f.", t->cell[r][c]->group, t->cell[r][c]->value);
    return g_string_free(s, FALSE);
}

gboolean pl_chart_heat(const PlSection *section, const char *measure, PlChartDraft *draft) {
    g_autoptr(GPtrArray) rows = g_ptr_array_new(), columns = g_ptr_array_new();
    Table t = {.rows = rows, .columns = columns};
    collect(section, measure, &t);
    if (rows->len < 2 || columns->len < 2)
        return FALSE;
    guint more = t.rows_left_out + t.columns_left_out;
    g_autofree char *title = title_of(&t),
                    *left_out = more > 0 ? g_strdup_printf("; %u more in kpis.csv", more) : g_strdup("");
    g_autofree char *subtitle = g_strdup_printf(
        "Share of each %s by %s over its share everywhere (1: the same)%s%s", t.most->roles[1],
        t.most->roles[0], can_be_clear(&t) ? "; *: more than chance" : "", left_out);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_count(draft->variables, "rows", rows->len);
    pl_chart_set_count(draft->variables, "columns", columns->len);
    set_names(draft, "row", rows, ROW_NAME);
    pl_chart_set_count(draft->variables, "name_columns", set_names(draft, "column", columns, COLUMN_NAME));
    add_cells(draft, &t);
    draft->alt = alt_of(&t, draft->title);
    return TRUE;
}
