/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/diagnostics.h"

#include "pairlift/model/printable.h"

struct PlDiagnostics {
    GString *text; /* the kept errors, a line each */
    guint max_kept, count;
    char *last_hint; /* shown with the error before; the same one is not shown again */
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
    g_free(d->last_hint);
    g_free(d);
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
    pl_append_printable(d->text, file != NULL ? file : "pairlift");
    if (pos.line > 0)
        g_string_append_printf(d->text, ":%d", pos.line);
    if (pos.line > 0 && pos.column > 0)
        g_string_append_printf(d->text, ":%d", pos.column);
    g_string_append(d->text, ": error: ");
    pl_append_printable(d->text, message);
    /* rows of a table share their fault by the dozen; one hint serves all that follow one another */
    gboolean said = d->max_kept > 0 && g_strcmp0(hint, d->last_hint) == 0;
    if (hint != NULL && !said) {
        g_string_append(d->text, "\n  hint: ");
        pl_append_printable(d->text, hint);
    }
    g_free(d->last_hint);
    d->last_hint = g_strdup(hint);
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
