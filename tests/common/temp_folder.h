/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <ftw.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* A folder for one test: the only place that makes and removes one. */
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

static inline int temp_folder_remove_entry(const char *path, const struct stat *status, int type,
                                           struct FTW *at) {
    (void)status, (void)type, (void)at;
    return remove(path);
}

/* Removes the folder with all it holds, links as links, and frees its name. */
static inline void temp_folder_remove(char *folder) {
    nftw(folder, temp_folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    g_free(folder);
}
