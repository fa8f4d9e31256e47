/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* The candidate nearest to `word` by Damerau-Levenshtein distance (case ignored), or NULL when none
 * is within a third of the word's length (at least 1). `candidates` ends with NULL. */
const char *pl_suggest(const char *word, const char *const *candidates);

/* A hint on an unknown word: `did you mean "NAME"?`, else `intro` with all the names behind it; NULL when
 * `intro` is NULL. Free with g_free. */
char *pl_suggest_hint(const char *word, const char *const *candidates, const char *intro);
