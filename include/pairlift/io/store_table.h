/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"
#include "pairlift/model/tables.h"

/* Reads the table `stores` of the definition: a row a store, or several that agree. Every column but the
 * store and its place is an attribute, under the role that the definition gives it, else under its own name;
 * numbers are texts with a decimal point, whatever `decimal` says. An empty cell (or NA) is no value, so
 * that one file may add to what another says. Rows of stores that the panel does not have are counted as
 * `unknown` of the input and left out.
 *
 * `table` stays NULL where the definition has no such table. Appends a PlInput a file to `inputs` (NULL: to
 * nobody). PL_ERROR_DATA, with the first 20 faults: an unreadable file, no column of the store, two values
 * for one store, a latitude or longitude that is none, a `where` that keeps nothing. PL_ERROR_DEFINITION:
 * the table has no file, or `segments` names an attribute that it has not. */
gboolean pl_load_store_table(const PlDefinition *def, const PlPanel *panel, PlStoreTable **table,
                             GPtrArray *inputs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
