/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* The candidate nearest to `word` by Damerau-Levenshtein distance (case ignored), or NULL when none
 * is within a third of the word's length (at least 1). `candidates` ends with NULL. */
const char *pl_suggest(const char *word, const char *const *candidates);
