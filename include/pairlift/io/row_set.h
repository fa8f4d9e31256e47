/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* A set of 64-bit keys that are spread evenly, such as hashes: open addressing, 10 to 15 bytes a key, and
 * 25 for a moment when it grows. All zero: empty, without memory. */
typedef struct {
    guint64 *slots; /* 0: free */
    gsize n_slots, n;
} PlRowSet;

/* Adds a key; FALSE: it was there already. Two keys are taken for the same when they are equal, and the
 * keys 0 and 1 are one. */
gboolean pl_row_set_add(PlRowSet *set, guint64 key);
void pl_row_set_clear(PlRowSet *set);
