/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* A position in a text file, counted from 1; line 0: no line, column 0: no column. */
typedef struct {
    int line, column;
} PlPos;

/* Collects the faults of an input so that all of them are reported in one go. */
typedef struct PlDiagnostics PlDiagnostics;

/* Keeps the first `max_kept` errors (0: all of them) and counts the rest. */
PlDiagnostics *pl_diagnostics_new(guint max_kept);
void pl_diagnostics_free(PlDiagnostics *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlDiagnostics, pl_diagnostics_free)

/* Adds "file:line:column: error: MESSAGE", then "  hint: HINT" where `hint` is not NULL
 * and, with `max_kept`, not the hint of the error before.
 * Control characters in the message are escaped, so that hostile text stays on its line. */
void pl_diagnostics_add(PlDiagnostics *d, const char *file, PlPos pos, const char *hint, const char *format,
                        ...) G_GNUC_PRINTF(5, 6);

/* How many errors were added, kept or not. */
guint pl_diagnostics_count(const PlDiagnostics *d);

/* TRUE when nothing was added; else FALSE and `error` (of code `code`) with one line an error,
 * and a last line that counts those beyond `max_kept`. */
gboolean pl_diagnostics_ok(const PlDiagnostics *d, PlErrorCode code,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
