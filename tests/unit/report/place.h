/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "../../common/temp_folder.h"

/* A temporary folder that is the test's own, and short words for what is in it. */
static char *place;

static void make_place(void) {
    place = temp_folder_new();
}

static void remove_place(void) {
    temp_folder_remove(place);
}

static inline char *in_place(const char *name) {
    return g_build_filename(place, name, NULL);
}

static inline gboolean is_there(const char *name) {
    g_autofree char *path = in_place(name);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Writes a file, and the folders above it. */
static inline void put(const char *name, const char *text) {
    g_autofree char *path = in_place(name), *above = g_path_get_dirname(path);
    cr_assert(eq(int, g_mkdir_with_parents(above, 0777), 0));
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

/* "(none)" when there is no such file. */
static inline char *text_of(const char *name) {
    g_autofree char *path = in_place(name);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("(none)");
}

static inline void expect_text(const char *name, const char *want) {
    g_autofree char *text = text_of(name);
    cr_expect(eq(str, text, (char *)want), "%s", name);
}

static inline guint entries_of(const char *name) {
    guint n = 0;
    g_autofree char *path = in_place(name);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}
