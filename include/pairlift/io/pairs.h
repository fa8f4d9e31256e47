/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/columns.h"
#include "pairlift/model/definition.h"

/* Appends to def->pairs what pairs_file or the assignment table says, each with its file and line, and
 * to `inputs` (elements PlInput; NULL: not of interest) the file, as table "pairs" or "assignment"; rows
 * of an assignment with neither pair nor group are read, not used. PL_ERROR_DATA: unreadable file or
 * missing column; a pair of the assignment that has no test store, no control store, or more than one of
 * either. An assignment without pairs goes to def->members
 * (pl_groups_load). `pairing` is refused with PL_ERROR_DEFINITION until the verb match exists. */
gboolean pl_pairs_load(PlDefinition *def, GPtrArray *inputs, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a file that assigns stores to `inputs` (NULL: not of interest). */
void pl_append_assignment_input(GPtrArray *inputs, const char *table, const char *source,
                                const PlColumns *columns, guint used);
