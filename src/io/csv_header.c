/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/csv_header.h"
#include "pairlift/model/suggest.h"
#include <string.h>

/* Names beyond these are left out of a hint. */
#define NAMES_SHOWN 12

gboolean pl_csv_header_read(PlCsvScan *scan, const char *shown, PlDiagnostics *diagnostics,
                            PlCsvHeader *header) {
    guint faults = pl_diagnostics_count(diagnostics);
    PlCsvRow row;
    *header = (PlCsvHeader){.shown = shown, .diagnostics = diagnostics};
    if (!pl_csv_scan_next(scan, &row)) {
        if (pl_diagnostics_count(diagnostics) == faults)
            pl_diagnostics_add(diagnostics, shown, (PlPos){0}, NULL, "the file is empty");
        return FALSE;
    }
    header->line = row.line;
    header->n = row.n_fields;
    header->names = g_new0(char *, (gsize)row.n_fields + 1);
    for (guint i = 0; i < row.n_fields; i++) {
        gsize length;
        const char *name = pl_csv_field(&row, i, &length);
        header->names[i] = g_strndup(name, length);
    }
    return TRUE;
}

void pl_csv_header_clear(PlCsvHeader *header) {
    g_clear_pointer(&header->names, g_strfreev);
}

/* First lines that are no header, and what to do about them; NULL for a header. */
static const char *advice_on_file(const PlCsvHeader *header) {
    const char *first = header->names[0];
    if (g_str_has_prefix(first, "PK\x03\x04"))
        return "this is an Excel workbook: save the sheet as CSV UTF-8";
    if (g_ascii_strncasecmp(first, "sep=", 4) == 0)
        return "remove the first line (sep=), and say delimiter: under data";
    for (guint i = 0; i < header->n; i++)
        if (!g_utf8_validate(header->names[i], -1, NULL))
            return "the file is not UTF-8; convert it, for example: iconv -f WINDOWS-1252 -t UTF-8";
    return header->n == 1 ? "the names of the columns stand in the first line" : NULL;
}

static char *hint_for(const PlCsvHeader *header, const char *name, const char *advice) {
    const char *about_file = advice_on_file(header);
    if (about_file != NULL)
        return g_strdup(about_file);
    const char *near = pl_suggest(name, (const char *const *)header->names);
    if (near != NULL)
        return g_strdup_printf("did you mean \"%s\"?%s%s", near, advice != NULL ? " " : "",
                               advice != NULL ? advice : "");
    GString *hint = g_string_new("the columns are ");
    for (guint i = 0; i < MIN(header->n, NAMES_SHOWN); i++)
        g_string_append_printf(hint, "%s\"%.40s\"", i > 0 ? ", " : "", header->names[i]);
    if (header->n > NAMES_SHOWN)
        g_string_append_printf(hint, " and %u more", header->n - NAMES_SHOWN);
    if (advice != NULL)
        g_string_append_printf(hint, "; %s", advice);
    return g_string_free(hint, FALSE);
}

int pl_csv_header_find(const PlCsvHeader *header, const char *name, gboolean optional, const char *advice) {
    int found = -1;
    for (guint i = 0; i < header->n; i++) {
        if (strcmp(header->names[i], name) != 0)
            continue;
        if (found >= 0) {
            pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){header->line, 0},
                               "rename or remove one of them",
                               "two columns are named \"%s\", the %d. and the %u.", name, found + 1, i + 1);
            return -1;
        }
        found = (int)i;
    }
    if (found < 0 && !optional) {
        g_autofree char *hint = hint_for(header, name, advice);
        pl_diagnostics_add(header->diagnostics, header->shown, (PlPos){header->line, 0}, hint,
                           "there is no column \"%s\"", name);
    }
    return found;
}
