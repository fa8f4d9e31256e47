/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/source_files.h"
#include "pairlift/model/printable.h"
#include <glob.h>
#include <string.h>

static void free_file(gpointer data) {
    PlSourceFile *file = data;
    g_free(file->path);
    g_free(file->source);
    g_free(file);
}

static void add_file(GPtrArray *files, const char *path, const char *source) {
    PlSourceFile *file = g_new0(PlSourceFile, 1);
    GString *shown = g_string_new(NULL);
    pl_append_printable(shown, source);
    *file = (PlSourceFile){g_strdup(path), g_string_free(shown, FALSE)};
    g_ptr_array_add(files, file);
}

/* Only what the definition writes is a pattern; its folder may hold such characters by chance. */
static char *escape_folder(const char *folder) {
    GString *escaped = g_string_new(NULL);
    for (const char *p = folder; *p != '\0'; p++) {
        if (strchr("*?[]\\", *p) != NULL)
            g_string_append_c(escaped, '\\');
        g_string_append_c(escaped, *p);
    }
    return g_string_free(escaped, FALSE);
}

static gint by_path(gconstpointer a, gconstpointer b) {
    const PlSourceFile *const *x = a, *const *y = b;
    return strcmp((*x)->path, (*y)->path);
}

/* FALSE: nothing matches. glob(3) would sort by locale, and the panel depends on the order. */
static gboolean add_matches(const PlDefinition *def, const char *pattern, GPtrArray *files) {
    g_autofree char *path = pl_definition_path(def, pattern);
    gsize skip = g_str_has_suffix(path, pattern) ? strlen(path) - strlen(pattern) : 0;
    g_autofree char *folder = g_strndup(path, skip);
    g_autofree char *escaped = escape_folder(folder);
    g_autofree char *whole = g_strconcat(escaped, path + skip, NULL);
    glob_t matches = {0};
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(free_file);
    gboolean any = glob(whole, GLOB_NOSORT, NULL, &matches) == 0 && matches.gl_pathc > 0;
    for (gsize i = 0; any && i < matches.gl_pathc; i++)
        add_file(found, matches.gl_pathv[i], matches.gl_pathv[i] + skip);
    globfree(&matches);
    g_ptr_array_sort(found, by_path);
    g_ptr_array_extend_and_steal(files, g_steal_pointer(&found));
    return any;
}

GPtrArray *pl_source_files(const PlDefinition *def, const PlTable *table, PlDiagnostics *diagnostics) {
    GPtrArray *files = g_ptr_array_new_with_free_func(free_file);
    for (char **name = table->files; name != NULL && *name != NULL; name++) {
        g_autofree char *path = pl_definition_path(def, *name);
        /* a file of that very name goes first: it may hold a bracket */
        if (strpbrk(*name, "*?[") == NULL || g_file_test(path, G_FILE_TEST_EXISTS))
            add_file(files, path, *name);
        else if (!add_matches(def, *name, files))
            pl_diagnostics_add(diagnostics, def->file, pl_definition_pos(def, &table->files),
                               "patterns start at the folder of the definition", "no file matches \"%s\"",
                               *name);
    }
    return files;
}
