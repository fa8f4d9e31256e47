/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/grid.h"

#include <string.h>

#include "pairlift/model/printable.h"

/* Columns at the left, and what a text may take of the line; words of a head are broken beyond HEAD_MOST. */
enum {
    INDENT = 2,
    GAP = 2,
    NAMES_MOST = 44,
    NAME_MOST = 28,
    LABEL_LEAST = 24,
    HEAD_MOST = 14,
    HEAD_LINES = 3
};

typedef struct {
    PlGridKind kind;
    gboolean belongs;
    char *head;
    GPtrArray *cells; /* char* */
} Column;

struct PlGrid {
    GPtrArray *columns; /* Column* */
    guint next;
};

static void column_free(gpointer data) {
    Column *c = data;
    g_free(c->head);
    g_ptr_array_unref(c->cells);
    g_free(c);
}

PlGrid *pl_grid_new(void) {
    PlGrid *grid = g_new0(PlGrid, 1);
    grid->columns = g_ptr_array_new_with_free_func(column_free);
    return grid;
}

void pl_grid_free(PlGrid *grid) {
    g_ptr_array_unref(grid->columns);
    g_free(grid);
}

static char *printable(const char *text) {
    GString *s = g_string_new(NULL);
    pl_append_printable(s, text != NULL ? text : "");
    return g_string_free(s, FALSE);
}

void pl_grid_column(PlGrid *grid, PlGridKind kind, const char *head, gboolean belongs) {
    Column *c = g_new0(Column, 1);
    *c = (Column){kind, belongs, printable(head), g_ptr_array_new_with_free_func(g_free)};
    g_ptr_array_add(grid->columns, c);
}

void pl_grid_cell(PlGrid *grid, const char *text) {
    Column *c = g_ptr_array_index(grid->columns, grid->next);
    g_ptr_array_add(c->cells, printable(text));
    grid->next = (grid->next + 1) % grid->columns->len;
}

static guint columns_of(const char *text) {
    return (guint)g_utf8_strlen(text, -1);
}

/* Lines of a head that is `width` wide; words keep whole where they can. */
static GStrv head_lines(const char *head, guint width) {
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit(head, " ", -1);
    g_autoptr(GString) line = g_string_new(NULL);
    for (char **w = words; *w != NULL; w++) {
        if (line->len > 0 && columns_of(line->str) + 1 + columns_of(*w) > width) {
            g_strv_builder_add(lines, line->str);
            g_string_truncate(line, 0);
        }
        g_string_append_printf(line, "%s%s", line->len ? " " : "", *w);
    }
    if (line->len > 0)
        g_strv_builder_add(lines, line->str);
    return g_strv_builder_end(lines);
}

static guint longest_word(const char *head) {
    g_auto(GStrv) words = g_strsplit(head, " ", -1);
    guint longest = 0;
    for (char **w = words; *w != NULL; w++)
        longest = MAX(longest, columns_of(*w));
    return longest;
}

static guint width_of(const PlGrid *grid, const Column *c);

/* What the other columns leave to the label. */
static guint label_room(const PlGrid *grid) {
    guint used = INDENT;
    for (guint k = 0; k < grid->columns->len; k++) {
        const Column *c = g_ptr_array_index(grid->columns, k);
        guint width = c->kind == PL_GRID_LABEL ? 0 : width_of(grid, c);
        used += width > 0 ? width + GAP : 0;
    }
    return used + LABEL_LEAST < PL_PAGE_COLUMNS ? PL_PAGE_COLUMNS - used : LABEL_LEAST;
}

/* What a cell may take: names share the room for names. */
static guint most_of(const PlGrid *grid, const Column *c) {
    guint names = 0;
    for (guint k = 0; k < grid->columns->len; k++)
        names += ((const Column *)g_ptr_array_index(grid->columns, k))->kind == PL_GRID_NAME;
    return c->kind == PL_GRID_LABEL  ? label_room(grid)
           : c->kind == PL_GRID_NAME ? MIN(NAMES_MOST / names, NAME_MOST)
                                     : G_MAXUINT;
}

/* 0: the column has no cell. */
static guint width_of(const PlGrid *grid, const Column *c) {
    guint width = 0, most = most_of(grid, c);
    for (guint i = 0; i < c->cells->len; i++) {
        guint columns = columns_of(g_ptr_array_index(c->cells, i));
        if (columns <= most || c->kind != PL_GRID_LABEL)
            width = MAX(width, MIN(columns, most));
    }
    if (width == 0 && c->kind != PL_GRID_LABEL)
        return 0;
    guint word = c->kind == PL_GRID_LABEL ? columns_of(c->head) : longest_word(c->head);
    width = MAX(width, MIN(word, c->kind == PL_GRID_LABEL ? LABEL_LEAST : HEAD_MOST));
    for (; width < HEAD_MOST; width++) {
        g_auto(GStrv) lines = head_lines(c->head, width);
        if (g_strv_length(lines) <= HEAD_LINES)
            break;
    }
    return width;
}

/* What a column takes together with what belongs to it, with or without the texts among that (intervals). */
static guint needs_of(const PlGrid *grid, guint k, gboolean texts) {
    guint needs = width_of(grid, g_ptr_array_index(grid->columns, k));
    for (guint j = k + 1; j < grid->columns->len; j++) {
        const Column *next = g_ptr_array_index(grid->columns, j);
        if (!next->belongs)
            break;
        guint more = next->kind == PL_GRID_TEXT && !texts ? 0 : width_of(grid, next);
        needs += more > 0 ? more + GAP : 0;
    }
    return needs;
}

/* Widths of the columns that the page has room for, 0 for the others. What belongs to a column comes with it,
 * its interval only where there is room for that. */
static guint *widths_of(const PlGrid *grid) {
    guint *widths = g_new0(guint, grid->columns->len + 1), used = INDENT;
    gboolean left_out = FALSE, texts = TRUE;
    for (guint k = 0; k < grid->columns->len; k++) {
        const Column *c = g_ptr_array_index(grid->columns, k);
        guint width = width_of(grid, c);
        if (!c->belongs && width > 0) {
            texts = used + needs_of(grid, k, TRUE) <= PL_PAGE_COLUMNS;
            left_out = !texts && used + needs_of(grid, k, FALSE) > PL_PAGE_COLUMNS;
        }
        if (width == 0 || left_out || (c->belongs && c->kind == PL_GRID_TEXT && !texts))
            continue;
        widths[k] = width;
        used += width + GAP;
    }
    return widths;
}

static void put(PlPage *page, const Column *c, const char *text, guint width) {
    guint columns = columns_of(text);
    g_autofree char *cut = columns > width ? g_utf8_substring(text, 0, width - 1) : NULL;
    g_autofree char *shown = cut != NULL ? g_strconcat(cut, "\u2026", NULL) : g_strdup(text);
    int blanks = (int)(width - MIN(columns, width));
    const char *color = c->kind == PL_GRID_STATUS ? pl_grid_status_color(text) : NULL;
    if (c->kind == PL_GRID_NUMBER)
        g_string_append_printf(page->out, "%*s", blanks, "");
    if (color != NULL)
        pl_page_paint(page, color, shown);
    else
        g_string_append(page->out, shown);
    g_string_append_printf(page->out, "%*s", c->kind == PL_GRID_NUMBER ? GAP : blanks + GAP, "");
}

static void print_head(const PlGrid *grid, PlPage *page, const guint *widths) {
    guint n = grid->columns->len, deepest = 0;
    GStrv *lines = g_new0(GStrv, n + 1);
    for (guint k = 0; k < n; k++) {
        lines[k] = head_lines(((const Column *)g_ptr_array_index(grid->columns, k))->head, MAX(widths[k], 1));
        deepest = widths[k] > 0 ? MAX(deepest, g_strv_length(lines[k])) : deepest;
    }
    for (guint at = 0; at < deepest; at++) {
        g_string_append_printf(page->out, "%*s", INDENT, "");
        for (guint k = 0; k < n; k++) {
            const Column *c = g_ptr_array_index(grid->columns, k);
            guint missing = deepest - MIN(deepest, g_strv_length(lines[k])); /* heads stand on the rows */
            if (widths[k] > 0)
                put(page, c, at < missing ? "" : lines[k][at - missing], widths[k]);
        }
        pl_page_end_line(page);
    }
    for (guint k = 0; k < n; k++)
        g_strfreev(lines[k]);
    g_free(lines);
}

static void print_row(const PlGrid *grid, PlPage *page, const guint *widths, guint i) {
    const Column *first = g_ptr_array_index(grid->columns, 0);
    const char *label = g_ptr_array_index(first->cells, i);
    gboolean own_line = first->kind == PL_GRID_LABEL && columns_of(label) > widths[0];
    g_string_append_printf(page->out, "%*s", INDENT, "");
    if (own_line) {
        pl_page_wrap(page, label, INDENT, 2 * INDENT);
        g_string_append_printf(page->out, "%*s", INDENT, "");
    }
    for (guint k = 0; k < grid->columns->len; k++) {
        const Column *c = g_ptr_array_index(grid->columns, k);
        if (widths[k] > 0)
            put(page, c, k == 0 && own_line ? "" : g_ptr_array_index(c->cells, i), widths[k]);
    }
    pl_page_end_line(page);
}

void pl_grid_print(const PlGrid *grid, PlPage *page) {
    g_autofree guint *widths = widths_of(grid);
    const Column *first = g_ptr_array_index(grid->columns, 0);
    print_head(grid, page, widths);
    for (guint i = 0; i < first->cells->len; i++)
        print_row(grid, page, widths, i);
}

char *pl_grid_left_out(const PlGrid *grid) {
    g_autofree guint *widths = widths_of(grid);
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint k = 0; k < grid->columns->len; k++) {
        const Column *c = g_ptr_array_index(grid->columns, k);
        if (widths[k] == 0 && !c->belongs && width_of(grid, c) > 0)
            g_string_append_printf(s, "%s%s", s->len ? "; " : "", c->head);
    }
    return s->len > 0 ? g_strdup(s->str) : NULL;
}

const char *pl_grid_status_color(const char *words) {
    static const struct {
        const char *words, *color;
    } colors[] = {{"on target", "1;32"}, {"at risk", "1;33"}, {"off", "1;31"}};
    for (gsize i = 0; i < G_N_ELEMENTS(colors); i++)
        if (g_ascii_strcasecmp(words, colors[i].words) == 0)
            return colors[i].color;
    return NULL;
}
