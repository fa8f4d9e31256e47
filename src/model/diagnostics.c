/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/diagnostics.h"
#include <string.h>

struct PlDiagnostics {
    GString *text; /* the kept errors, a line each */
    guint max_kept, count;
};

/* max_kept: 0 keeps all of them. */
PlDiagnostics *pl_diagnostics_new(guint max_kept) {
    PlDiagnostics *d = g_new0(PlDiagnostics, 1);
    d->text = g_string_new(NULL);
    d->max_kept = max_kept;
    return d;
}

void pl_diagnostics_free(PlDiagnostics *d) {
    if (d == NULL)
        return;
    g_string_free(d->text, TRUE);
    g_free(d);
}

/* Text that would leave its line, colour the terminal or turn the reading direction around. */
static gboolean must_escape(gunichar c) {
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
           type == G_UNICODE_PARAGRAPH_SEPARATOR || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static void append_escaped(GString *out, const char *text) {
    const char *end = text + strlen(text);
    for (const char *p = text; p < end;) {
        gunichar c = g_utf8_get_char_validated(p, end - p);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_printf(out, "\\x%02x", (guint)(guchar)*p++);
            continue;
        }
        if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '\r')
            g_string_append(out, "\\r");
        else if (c == '\t')
            g_string_append(out, "\\t");
        else if (must_escape(c))
            g_string_append_printf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
        else
            g_string_append_unichar(out, c);
        p = g_utf8_next_char(p);
    }
}

void pl_diagnostics_add(PlDiagnostics *d, const char *file, PlPos pos, const char *hint, const char *format,
                        ...) {
    d->count++;
    if (d->max_kept > 0 && d->count > d->max_kept)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    if (d->text->len > 0)
        g_string_append_c(d->text, '\n');
    append_escaped(d->text, file != NULL ? file : "pairlift");
    if (pos.line > 0)
        g_string_append_printf(d->text, ":%d", pos.line);
    if (pos.line > 0 && pos.column > 0)
        g_string_append_printf(d->text, ":%d", pos.column);
    g_string_append(d->text, ": error: ");
    append_escaped(d->text, message);
    if (hint != NULL) {
        g_string_append(d->text, "\n  hint: ");
        append_escaped(d->text, hint);
    }
}

guint pl_diagnostics_count(const PlDiagnostics *d) {
    return d->count;
}

gboolean pl_diagnostics_ok(const PlDiagnostics *d, PlErrorCode code, GError **error) {
    if (d->count == 0)
        return TRUE;
    guint unseen = d->max_kept > 0 && d->count > d->max_kept ? d->count - d->max_kept : 0;
    if (unseen > 0)
        g_set_error(error, PL_ERROR, code, "%s\nand %u more error%s", d->text->str, unseen,
                    unseen == 1 ? "" : "s");
    else
        g_set_error_literal(error, PL_ERROR, code, d->text->str);
    return FALSE;
}
