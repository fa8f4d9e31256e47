/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/carry_over.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "pairlift/report/manifest.h"

typedef struct {
    const char *old, *fresh;
    GHashTable *written; /* the manifest of `old` */
    GPtrArray *kept;
} Carry;

/* Also of a link that leads nowhere. */
static gboolean is_there(const char *folder, const char *relative) {
    g_autofree char *path = g_build_filename(folder, relative, NULL);
    GStatBuf st;
    return g_lstat(path, &st) == 0;
}

static gboolean is_folder(const char *folder, const char *relative) {
    g_autofree char *path = g_build_filename(folder, relative, NULL);
    GStatBuf st;
    return g_lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A name that neither folder has, for what the user made of `relative`. */
static char *name_beside(const Carry *c, const char *relative) {
    char *name = g_strconcat(relative, ".mine", NULL);
    for (guint i = 2; is_there(c->old, name) || is_there(c->fresh, name); i++) {
        g_free(name);
        name = g_strdup_printf("%s.mine-%u", relative, i);
    }
    g_ptr_array_add(c->kept, g_strdup(name));
    return name;
}

static char *checksum_of(const char *folder, const char *relative) {
    g_autofree char *path = g_build_filename(folder, relative, NULL);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? pl_manifest_checksum(path) : NULL;
}

/* TRUE when `from` of the old folder is as a report wrote it, then or now. */
static gboolean is_the_reports(const Carry *c, const char *from, const char *to) {
    const char *then = g_hash_table_lookup(c->written, from);
    g_autofree char *now = checksum_of(c->fresh, to);
    if (!then && !now)
        return FALSE;
    g_autofree char *found = checksum_of(c->old, from);
    return found && (g_strcmp0(found, then) == 0 || g_strcmp0(found, now) == 0);
}

static gboolean make_folder(const char *path, GError **error) {
    if (g_mkdir_with_parents(path, 0777) == 0)
        return TRUE;
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot be made: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean carry_file(const Carry *c, const char *from, const char *to, GError **error) {
    if (is_the_reports(c, from, to))
        return TRUE;
    g_autofree char *name = is_there(c->fresh, to) ? name_beside(c, to) : g_strdup(to);
    g_autofree char *a = g_build_filename(c->old, from, NULL), *b = g_build_filename(c->fresh, name, NULL);
    g_autofree char *above = g_path_get_dirname(b);
    if (!make_folder(above, error))
        return FALSE;
    g_autoptr(GFile) source = g_file_new_for_path(a), target = g_file_new_for_path(b);
    g_autoptr(GError) cause = NULL;
    if (g_file_copy(source, target, G_FILE_COPY_ALL_METADATA | G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL,
                    NULL, &cause))
        return TRUE;
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot be carried over to the new report: %s",
                a, cause->message);
    return FALSE;
}

/* `from` and `to` are relative to their folders: "" or with a slash behind. */
static gboolean carry_folder(const Carry *c, const char *from, const char *to, GError **error) {
    g_autofree char *path = g_build_filename(c->old, from, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &cause);
    if (!dir) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM,
                    "%s: error: cannot be carried over to the new report: %s", path, cause->message);
        return FALSE;
    }
    const char *name = g_dir_read_name(dir);
    if (!name) { /* a report leaves no empty folder: the user's */
        g_autofree char *made = g_build_filename(c->fresh, to, NULL);
        return make_folder(made, error);
    }
    for (; name; name = g_dir_read_name(dir)) {
        g_autofree char *a = g_strconcat(from, name, NULL), *b = g_strconcat(to, name, NULL);
        gboolean ok = TRUE;
        if (is_folder(c->old, a)) {
            gboolean taken = is_there(c->fresh, b) && !is_folder(c->fresh, b);
            g_autofree char *target = taken ? name_beside(c, b) : g_strdup(b);
            g_autofree char *below = g_strconcat(a, "/", NULL), *into = g_strconcat(target, "/", NULL);
            ok = carry_folder(c, below, into, error);
        } else if (!g_str_equal(a, PL_MANIFEST)) {
            ok = carry_file(c, a, b, error);
        }
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

gboolean pl_carry_over(const char *old, const char *fresh, GPtrArray *kept, GError **error) {
    if (!is_there(old, PL_MANIFEST))
        return TRUE;
    g_autoptr(GHashTable) written = pl_manifest_read(old);
    Carry c = {old, fresh, written, kept};
    return carry_folder(&c, "", "", error);
}
