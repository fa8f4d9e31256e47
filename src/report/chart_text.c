/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_text.h"

#include <math.h>
#include <string.h>

#define ELLIPSIS    "\u2026"
#define ZW_NON_JOIN 0x200C /* part of the spelling in Persian and in Indic scripts */
#define ZW_JOIN     0x200D

/* What stands for a character in a label: itself, a space, or nothing (0). */
static gunichar printable(gunichar c) {
    if (c == ZW_NON_JOIN || c == ZW_JOIN)
        return c;
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
        return ' ';
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
        return 0;
    default:
        return c;
    }
}

static guint columns_of(gunichar c) {
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

guint pl_chart_columns(const char *text) {
    guint columns = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        columns += columns_of(g_utf8_get_char(at));
    return columns;
}

/* One line of printable characters, blanks run together. */
static GString *clean_line(const char *text) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = printable(g_utf8_get_char(at));
        gboolean blank_before = line->len == 0 || line->str[line->len - 1] == ' ';
        if (c != 0 && !(c == ' ' && blank_before))
            g_string_append_unichar(line, c);
    }
    if (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    return line;
}

char *pl_chart_label(const char *text, guint columns) {
    GString *line = clean_line(text != NULL ? text : "");
    if (pl_chart_columns(line->str) > columns) {
        guint used = 1; /* of the ellipsis */
        const char *at = line->str;
        while (used + columns_of(g_utf8_get_char(at)) <= columns) {
            used += columns_of(g_utf8_get_char(at));
            at = g_utf8_next_char(at);
        }
        gsize kept = at - line->str;
        while (kept > 0 && line->str[kept - 1] == ' ')
            kept--;
        g_string_truncate(line, kept);
        g_string_append(line, ELLIPSIS);
    }
    return g_string_free(line, FALSE);
}

/* A single-quoted literal of gnuplot knows one special character, the quote itself, written twice; it cannot
 * hold a newline, which clean_line has taken out. But gnuplot 5.4 overlooks a quote that is written twice at
 * the beginning of a literal or after another one: such a quote stands in a literal of its own. */
void pl_chart_set_text(GString *script, const char *name, const char *text) {
    g_string_append_printf(script, "%s = '", name);
    GString *line = clean_line(text != NULL ? text : "");
    for (const char *at = line->str; *at != '\0'; at++) {
        if (*at != '\'')
            g_string_append_c(script, *at);
        else
            g_string_append(script, at == line->str || at[-1] == '\'' ? "'.\"\\047\".'" : "''");
    }
    g_string_free(line, TRUE);
    g_string_append(script, "'\n");
}

static const char *number_text(double value, char *buffer, int size) {
    if (!isfinite(value))
        return "NaN";
    g_ascii_formatd(buffer, size, "%.10g", value);
    return strcmp(buffer, "-0") == 0 ? "0" : buffer;
}

/* Always with a point or an exponent: gnuplot divides whole numbers as C does, 1/2 giving 0. */
void pl_chart_set_number(GString *script, const char *name, double value) {
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    const char *number = number_text(value, buffer, sizeof buffer);
    const char *point = strpbrk(number, ".eN") == NULL ? ".0" : "";
    g_string_append_printf(script, "%s = %s%s\n", name, number, point);
}

/* gnuplot takes only whole numbers as truths. */
void pl_chart_set_count(GString *script, const char *name, guint value) {
    g_string_append_printf(script, "%s = %u\n", name, value);
}

static void open_field(GString *data) {
    if (data->len > 0 && data->str[data->len - 1] != '\n')
        g_string_append_c(data, '\t');
}

/* gnuplot 5.4 reads backslash escapes in a field and drops or splits at double quotes, not in the same
 * way for labels and tics. So no quote is written, only its octal escape, and backslashes are doubled.
 * An empty field would be skipped as no field at all in the first column: a blank stands for it. */
void pl_chart_add_text(GString *data, const char *text) {
    open_field(data);
    GString *line = clean_line(text != NULL ? text : "");
    for (const char *at = line->str; *at != '\0'; at++) {
        if (*at == '"')
            g_string_append(data, "\\042");
        else if (*at == '\\')
            g_string_append(data, "\\\\");
        else if (*at == '#' && at == line->str)
            g_string_append(data, "\\043"); /* a comment when it opens a line */
        else
            g_string_append_c(data, *at);
    }
    if (line->len == 0)
        g_string_append_c(data, ' ');
    g_string_free(line, TRUE);
}

void pl_chart_add_number(GString *data, double value) {
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    open_field(data);
    g_string_append(data, number_text(value, buffer, sizeof buffer));
}
