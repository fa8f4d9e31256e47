/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/manifest.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The manifest's first line; a line "CHECKSUM PATH" a file follows. */
#define HEADER           PL_MANIFEST "\n"

#define CHECKSUM_LETTERS 64
#define CHECKSUM_MOST    (16 << 20) /* bytes */
#define OPEN_FOLDERS     16         /* of nftw */

/* Reading a table of gigabytes again would take longer than writing it did. A change moves the time; a copy
 * of the folder may, too, and then the file counts as the user's, which loses nothing. */
static char *stamp(const GStatBuf *st) {
    return g_strdup_printf("%020" G_GINT64_MODIFIER "u-%020" G_GINT64_MODIFIER "u-%022" G_GINT64_MODIFIER "u",
                           (guint64)st->st_size, (guint64)st->st_mtim.tv_sec, (guint64)st->st_mtim.tv_nsec);
}

char *pl_manifest_checksum(const char *path) {
    g_autofree char *bytes = NULL;
    gsize length;
    GStatBuf st;
    if (g_stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > CHECKSUM_MOST)
        return stamp(&st);
    if (!g_file_get_contents(path, &bytes, &length, NULL))
        return NULL;
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

static gboolean system_error(GError **error, const char *path, const char *why) {
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot be read: %s", path, why);
    return FALSE;
}

/* Adds the files below folder/`below`; `below` is "" or ends with a slash. */
static gboolean list_files(const char *folder, const char *below, GString *list, GError **error) {
    g_autofree char *path = g_build_filename(folder, below, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &cause);
    if (!dir)
        return system_error(error, path, cause->message);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *relative = g_strconcat(below, name, NULL);
        g_autofree char *file = g_build_filename(folder, relative, NULL);
        if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
            g_autofree char *deeper = g_strconcat(relative, "/", NULL);
            if (!list_files(folder, deeper, list, error))
                return FALSE;
        } else if (!g_str_equal(relative, PL_MANIFEST)) {
            g_autofree char *checksum = pl_manifest_checksum(file);
            if (!checksum)
                return system_error(error, file, g_strerror(errno));
            g_string_append_printf(list, "%s %s\n", checksum, relative);
        }
    }
    return TRUE;
}

gboolean pl_manifest_write(const char *folder, GError **error) {
    g_autofree char *path = g_build_filename(folder, PL_MANIFEST, NULL);
    g_autoptr(GString) list = g_string_new(HEADER);
    g_autoptr(GError) cause = NULL;
    if (!list_files(folder, "", list, error))
        return FALSE;
    g_unlink(path); /* GLib 2.74 would leave the tail of a longer older file in place */
    /* no wait for the disk: the folder is beside its place yet */
    if (g_file_set_contents_full(path, list->str, (gssize)list->len, G_FILE_SET_CONTENTS_NONE, 0666, &cause))
        return TRUE;
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot be written: %s", path, cause->message);
    return FALSE;
}

/* The manifest's text, NULL when `folder` is no report's. */
static char *read_text(const char *folder) {
    g_autofree char *path = g_build_filename(folder, PL_MANIFEST, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    if (!g_str_has_prefix(text, HEADER))
        g_clear_pointer(&text, g_free);
    return text;
}

GHashTable *pl_manifest_read(const char *folder) {
    GHashTable *written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *text = read_text(folder);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    for (char **line = lines; *line; line++)
        if (strlen(*line) > CHECKSUM_LETTERS + 1 && (*line)[CHECKSUM_LETTERS] == ' ')
            g_hash_table_insert(written, g_strdup(*line + CHECKSUM_LETTERS + 1),
                                g_strndup(*line, CHECKSUM_LETTERS));
    return written;
}

static gboolean is_report(const char *folder) {
    g_autofree char *text = read_text(folder);
    return text != NULL;
}

gboolean pl_manifest_replaceable(const char *path) {
    if (!g_file_test(path, G_FILE_TEST_EXISTS) || is_report(path))
        return TRUE;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    return dir && !g_dir_read_name(dir);
}

/* The manifest stays to the end: were the removal cut short, the rest is still known for a report's. */
static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at) {
    (void)st, (void)type;
    if (at->level > 0 && !(at->level == 1 && g_str_equal(path + at->base, PL_MANIFEST)))
        remove(path);
    return 0;
}

void pl_manifest_discard(const char *path) {
    GStatBuf st;
    if (g_lstat(path, &st) != 0 || !S_ISDIR(st.st_mode)) /* a link's target is not ours */
        return;
    if (is_report(path)) {
        g_autofree char *manifest = g_build_filename(path, PL_MANIFEST, NULL);
        nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
        g_unlink(manifest);
    }
    g_rmdir(path);
}
