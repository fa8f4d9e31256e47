/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/definition.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/temp_folder.h"

/* What every definition needs; five lines, so that what a test adds starts on line 6. */
#define DEFINITION_HEAD                                                                                      \
    "experiment: e\n"                                                                                        \
    "data: [{table: sales, file: s.csv}]\n"                                                                  \
    "metrics:\n"                                                                                             \
    "  - {name: a, sum: a}\n"                                                                                \
    "  - {name: b, sum: b}\n"

/* Loads bytes as the file d.yaml of a temporary folder. The folder is entered, so that messages begin
 * with "d.yaml"; each test is a process of its own. */
static inline PlDefinition *load_bytes(const char *bytes, gsize length, GError **error) {
    char *folder = temp_folder_new();
    cr_assert(eq(int, chdir(folder), 0));
    FILE *file = fopen("d.yaml", "wb"); /* g_file_set_contents would wait for the disk */
    cr_assert(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
    PlDefinition *def = pl_definition_load("d.yaml", error);
    temp_folder_remove(folder);
    return def;
}

static inline PlDefinition *load_text(const char *text, GError **error) {
    return load_bytes(text, strlen(text), error);
}

/* Loads HEAD and `tail`, which has to be valid. */
static inline PlDefinition *load_good(const char *tail) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(DEFINITION_HEAD, tail, NULL);
    PlDefinition *def = load_text(text, &error);
    cr_assert(def != NULL, "%s", error != NULL ? error->message : "");
    return def;
}

/* The whole message of a definition with faults has to be `want`. */
static inline void expect_faults(const char *text, const char *want) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = load_text(text, &error);
    cr_assert(def == NULL, "accepted: %s", text);
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DEFINITION));
    cr_expect(eq(str, error->message, (char *)want));
}

static inline void expect_tail_faults(const char *tail, const char *want) {
    g_autofree char *text = g_strconcat(DEFINITION_HEAD, tail, NULL);
    expect_faults(text, want);
}
