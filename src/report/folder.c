/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Says that a folder is a report, and which of its entries the report wrote, one a line. */
#define MANIFEST ".pairlift"

struct PlFolder {
    char *final, *parent, *base, *temporary;
    gboolean committed;
};

static gboolean system_error(GError **error, const char *path, const char *what) {
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot %s: %s", path, what, g_strerror(errno));
    return FALSE;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at) {
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void remove_tree(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A hidden sibling belongs to a killed run when no process has its number any more. */
static void remove_leftovers(const PlFolder *f) {
    g_autofree char *prefix = g_strdup_printf(".%s.tmp-", f->base);
    g_autoptr(GDir) dir = g_dir_open(f->parent, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        gint64 pid = g_str_has_prefix(name, prefix) ? g_ascii_strtoll(name + strlen(prefix), NULL, 10) : 0;
        if (pid <= 0 || pid > G_MAXINT || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        g_autofree char *path = g_build_filename(f->parent, name, NULL);
        remove_tree(path);
    }
}

/* An existing folder is replaced only when it is empty or a report's. */
static gboolean may_replace(const char *path, GError **error) {
    g_autofree char *manifest = g_build_filename(path, MANIFEST, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(manifest, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    if (dir && !g_dir_read_name(dir))
        return TRUE;
    g_set_error(
        error, PL_ERROR, PL_ERROR_USAGE,
        "%s: error: exists and is not a report folder; it would be replaced\n  hint: choose another --out",
        path);
    return FALSE;
}

PlFolder *pl_folder_new(const char *path, GError **error) {
    g_autoptr(PlFolder) f = g_new0(PlFolder, 1);
    f->final = g_canonicalize_filename(path, NULL);
    f->parent = g_path_get_dirname(f->final);
    f->base = g_path_get_basename(f->final);
    if (!may_replace(path, error))
        return NULL;
    if (g_mkdir_with_parents(f->parent, 0777) != 0) {
        system_error(error, f->parent, "make this folder");
        return NULL;
    }
    remove_leftovers(f);
    g_autofree char *name = g_strdup_printf(".%s.tmp-%ld", f->base, (long)getpid());
    f->temporary = g_build_filename(f->parent, name, NULL);
    remove_tree(f->temporary);
    if (g_mkdir(f->temporary, 0777) != 0) {
        system_error(error, f->temporary, "make this folder");
        return NULL;
    }
    return g_steal_pointer(&f);
}

void pl_folder_free(PlFolder *f) {
    if (f->temporary && !f->committed)
        remove_tree(f->temporary);
    g_free(f->final);
    g_free(f->parent);
    g_free(f->base);
    g_free(f->temporary);
    g_free(f);
}

const char *pl_folder_path(const PlFolder *f) {
    return f->temporary;
}

gboolean pl_folder_write(PlFolder *f, const char *name, const char *text, GError **error) {
    g_autofree char *path = g_build_filename(f->temporary, name, NULL);
    FILE *file = fopen(path, "wb");
    if (!file)
        return system_error(error, path, "write this file");
    gboolean ok = fwrite(text, 1, strlen(text), file) == strlen(text);
    ok = fclose(file) == 0 && ok;
    return ok || system_error(error, path, "write this file");
}

static gboolean write_manifest(PlFolder *f, GError **error) {
    g_autoptr(GString) names = g_string_new(MANIFEST "\n");
    g_autoptr(GDir) dir = g_dir_open(f->temporary, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL)
        g_string_append_printf(names, "%s\n", name);
    return pl_folder_write(f, MANIFEST, names->str, error);
}

/* Copies a file, or a folder with all it holds. */
static gboolean copy_tree(const char *from, const char *to, GError **error) {
    g_autoptr(GFile) source = g_file_new_for_path(from), target = g_file_new_for_path(to);
    if (!g_file_test(from, G_FILE_TEST_IS_DIR) || g_file_test(from, G_FILE_TEST_IS_SYMLINK))
        return g_file_copy(source, target, G_FILE_COPY_ALL_METADATA | G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL,
                           NULL, NULL, error);
    if (g_mkdir(to, 0777) != 0)
        return system_error(error, to, "make this folder");
    g_autoptr(GDir) dir = g_dir_open(from, 0, error);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *a = g_build_filename(from, name, NULL), *b = g_build_filename(to, name, NULL);
        if (!copy_tree(a, b, error))
            return FALSE;
    }
    return dir != NULL;
}

/* What the old folder holds beyond its report belongs to the user. */
static gboolean carry_over(PlFolder *f, GError **error) {
    g_autofree char *manifest = g_build_filename(f->final, MANIFEST, NULL), *written = NULL;
    if (!g_file_get_contents(manifest, &written, NULL, NULL))
        return TRUE;
    g_auto(GStrv) own = g_strsplit(written, "\n", -1);
    g_autoptr(GDir) dir = g_dir_open(f->final, 0, error);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *from = g_build_filename(f->final, name, NULL),
                        *to = g_build_filename(f->temporary, name, NULL);
        if (g_strv_contains((const char *const *)own, name) || g_file_test(to, G_FILE_TEST_EXISTS))
            continue;
        if (!copy_tree(from, to, error))
            return FALSE;
    }
    return dir != NULL;
}

/* Without an exchange in one step there is a moment when the old folder has only its hidden name. */
static gboolean swap(PlFolder *f, GError **error) {
    if (renameat2(AT_FDCWD, f->temporary, AT_FDCWD, f->final, RENAME_EXCHANGE) == 0)
        return TRUE;
    g_autofree char *aside = g_strconcat(f->temporary, ".old", NULL);
    if (errno != ENOENT && g_rename(f->final, aside) != 0)
        return system_error(error, f->final, "replace this folder");
    if (g_rename(f->temporary, f->final) != 0)
        return system_error(error, f->final, "put the report here");
    remove_tree(aside);
    return TRUE;
}

gboolean pl_folder_commit(PlFolder *f, GError **error) {
    if (!write_manifest(f, error) || !carry_over(f, error) || !swap(f, error))
        return FALSE;
    f->committed = TRUE;
    remove_tree(f->temporary); /* the old report, after an exchange */
    return TRUE;
}
