/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/row_faults.h"
#include <string.h>

/* Bytes of a cell that a message shows. */
#define SHOWN 60

/* The text in quotes, cut at a letter where it is long. */
static char *quoted(PlText cell) {
    gsize n = MIN(cell.length, SHOWN);
    while (n < cell.length && n > 0 && ((guchar)cell.text[n] & 0xc0) == 0x80)
        n--;
    g_autofree char *text = g_strndup(cell.text, n);
    return g_strdup_printf("\"%s%s\"", text, n < cell.length ? "..." : "");
}

/* `what` goes on after the column's name; a `store` of length 0 is not named. */
static void add(const PlRowFaults *faults, int line, const char *hint, const char *column, const char *what,
                PlText store) {
    g_autofree char *name = store.length > 0 ? quoted(store) : NULL;
    pl_diagnostics_add(faults->diagnostics, faults->file, (PlPos){line, 0}, hint, "column \"%s\"%s%s%s%s",
                       column, what, name != NULL ? " (store " : "", name != NULL ? name : "",
                       name != NULL ? ")" : "");
}

/* The cell without these marks; marks are single letters. */
static GString *without(PlText cell, const char *const *marks, char keep) {
    GString *bare = g_string_new_len(cell.text, (gssize)cell.length);
    for (; *marks != NULL; marks++)
        if ((*marks)[0] != keep)
            g_string_replace(bare, *marks, "", 0);
    return bare;
}

static gboolean is_number_without(PlText cell, const char *const *marks, char decimal) {
    double value;
    g_autoptr(GString) bare = without(cell, marks, decimal);
    return bare->len < cell.length && pl_number_parse(bare->str, bare->len, decimal, &value);
}

/* Whether the text becomes a number once the marks that group thousands are gone. */
static gboolean is_grouped(PlText cell, char decimal) {
    static const char *const marks[] = {",", ".", "'", " ", "\u00a0", "\u202f", "\u2019", NULL};
    return is_number_without(cell, marks, decimal);
}

/* The same with signs of currencies and percent, as a spreadsheet shows numbers. */
static gboolean is_formatted(PlText cell, char decimal) {
    static const char *const marks[] = {",",      ".",   "'",      " ",      "\u00a0", "\u202f",
                                        "\u2019", "$",   "\u20ac", "\u00a3", "\u00a5", "%",
                                        "EUR",    "USD", "CHF",    "GBP",    NULL};
    return is_number_without(cell, marks, decimal);
}

void pl_fault_not_a_number(const PlRowFaults *faults, int line, const char *column, PlText cell,
                           PlText store) {
    char decimal = g_strcmp0(faults->table->decimal, ",") == 0 ? ',' : '.',
         other = decimal == '.' ? ',' : '.';
    double value;
    g_autofree char *shown = quoted(cell);
    g_autofree char *what = g_strdup_printf(": %s is not a number", shown);
    g_autofree char *hint = NULL;
    if (pl_number_parse(cell.text, cell.length, other, &value))
        hint = g_strdup_printf("set decimal: \"%c\" under data", other);
    else if (is_grouped(cell, decimal) || is_grouped(cell, other))
        hint = g_strdup("write numbers without marks between the thousands");
    else if (is_formatted(cell, decimal) || is_formatted(cell, other))
        hint = g_strdup(
            "write bare numbers, without currency or percent signs (in a spreadsheet: format the column "
            "as a plain number before saving it as CSV)");
    add(faults, line, hint, column, what, store);
}

void pl_fault_no_value(const PlRowFaults *faults, int line, const char *column, PlText cell, PlText store) {
    add(faults, line, "say under data what a missing value means: gaps: zero, closed or interpolate", column,
        cell.length == 0 ? " is empty" : " is NA", store);
}

/* A day that could also be the month is offered both ways. */
static char *date_hint(PlText cell, const char *format) {
    static const char *const swapped[][2] = {
        {"%d/%m/%Y", "%m/%d/%Y"}, {"%d/%m/%y", "%m/%d/%y"}, {"%d-%m-%Y", "%m-%d-%Y"}};
    const char *guess = pl_date_format_guess(cell.text, cell.length), *also = NULL;
    if (guess == NULL)
        return NULL;
    if (g_strcmp0(guess, format) == 0) /* read by that format but for its zeros: 2024-2-27 */
        return g_strdup("write months and days with two digits: 2024-02-27");
    for (gsize i = 0; i < G_N_ELEMENTS(swapped); i++) {
        PlDay day;
        g_autoptr(PlDateFormat) reverse = pl_date_format_new(swapped[i][1], NULL);
        if (strcmp(guess, swapped[i][0]) == 0 && pl_date_format_parse(reverse, cell.text, cell.length, &day))
            also = swapped[i][1];
    }
    return g_strdup_printf("set date_format: \"%s\"%s%s%s under data", guess, also != NULL ? " or \"" : "",
                           also != NULL ? also : "", also != NULL ? "\"" : "");
}

void pl_fault_bad_date(const PlRowFaults *faults, int line, const char *column, PlText cell, PlText store) {
    const char *format = faults->table->date_format != NULL ? faults->table->date_format : "%Y-%m-%d";
    g_autofree char *shown = quoted(cell);
    g_autofree char *hint = cell.length > 0 ? date_hint(cell, format) : NULL;
    g_autofree char *what = NULL;
    if (cell.length == 0)
        what = g_strdup(" is empty");
    else if (strcmp(format, "number") == 0)
        what = g_strdup_printf(": %s is not a period number", shown);
    else
        what = g_strdup_printf(": %s is not a date like %s", shown, format);
    add(faults, line, hint, column, what, store);
}

void pl_fault_bad_store(const PlRowFaults *faults, int line, const char *column, PlText cell) {
    g_autofree char *shown = quoted(cell);
    g_autofree char *what = g_strdup_printf(": %s is not valid UTF-8", shown);
    if (cell.length == 0)
        add(faults, line, NULL, column, " is empty", (PlText){0});
    else if (memchr(cell.text, '\0', cell.length) != NULL)
        add(faults, line, NULL, column, " holds a NUL byte", (PlText){0});
    else
        add(faults, line, "convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8", column, what,
            (PlText){0});
}

void pl_fault_repeated(const PlRowFaults *faults, int line, PlText store, PlText date) {
    g_autofree char *shown_store = quoted(store), *shown_date = quoted(date);
    pl_diagnostics_add(
        faults->diagnostics, faults->file, (PlPos){line, 0},
        "under data, duplicates: keep if these are separate sales, drop if they were exported twice",
        "the row repeats an earlier one word for word (store %s, date %s)", shown_store, shown_date);
}
