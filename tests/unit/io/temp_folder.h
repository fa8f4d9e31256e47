/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* A folder for one test, with flat files in it. */
static inline char *temp_folder_new(void) {
    char *folder = g_dir_make_tmp("pairlift-test-XXXXXX", NULL);
    g_assert_nonnull(folder);
    return folder;
}

static inline char *temp_folder_write(const char *folder, const char *name, const char *text) {
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/* The message with the folder's path taken out, so that it can be compared. */
static inline char *temp_folder_strip(const char *folder, const char *message) {
    g_autofree char *prefix = g_strconcat(folder, "/", NULL);
    g_auto(GStrv) parts = g_strsplit(message, prefix, -1);
    return g_strjoinv("", parts);
}

static inline void temp_folder_remove(char *folder) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}
