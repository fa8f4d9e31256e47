/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* One file of a table. */
typedef struct {
    char *path;   /* to open, and to show in messages: from the working folder */
    char *source; /* as the definition writes it; of a pattern, the file's own name in its place; bytes that
                     are not UTF-8 and control characters escaped, so that it is text for a report */
} PlSourceFile;

/* The files that the table names, patterns (* ? [...]) replaced by what they match, in byte order. A
 * pattern that matches nothing is a fault at its place in the definition. Elements are PlSourceFile,
 * owned by the array. */
GPtrArray *pl_source_files(const PlDefinition *def, const PlTable *table, PlDiagnostics *diagnostics);
