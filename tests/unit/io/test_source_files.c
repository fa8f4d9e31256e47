/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../common/temp_folder.h"
#include "pairlift/io/source_files.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* "path=source" of each file, then the faults. */
static char *files_of(const char *folder, const char *names) {
    g_autoptr(PlDefinition) def = pl_definition_new();
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    PlTable *table = g_new0(PlTable, 1);
    g_ptr_array_add(def->data, table);
    table->files = g_strsplit(names, " ", -1);
    def->folder = g_strdup(folder);
    def->file = g_strdup("d.yaml");
    pl_definition_set_pos(def, &table->files, (PlPos){3, 9});
    g_autoptr(GPtrArray) files = pl_source_files(def, table, faults);
    GString *seen = g_string_new(NULL);
    for (guint i = 0; i < files->len; i++) {
        const PlSourceFile *file = g_ptr_array_index(files, i);
        g_string_append_printf(seen, "%s=%s ", file->path, file->source);
    }
    g_autoptr(GError) error = NULL;
    if (!pl_diagnostics_ok(faults, PL_ERROR_DATA, &error))
        g_string_append(seen, error->message);
    g_autofree char *text = g_string_free(seen, FALSE);
    return temp_folder_strip(folder, text);
}

Test(source_files, names_and_patterns) {
    static const struct {
        const char *names, *seen;
    } cases[] = {
        {"a1.csv", "a1.csv=a1.csv "},
        {"missing.csv", "missing.csv=missing.csv "},
        {"b.csv a*.csv", "b.csv=b.csv a1.csv=a1.csv a2.csv=a2.csv "},
        {"[aA]?.csv", "A3.csv=A3.csv a1.csv=a1.csv a2.csv=a2.csv "},
        {"x[1].csv", "x[1].csv=x[1].csv "},
        {"no*.csv b.csv", "b.csv=b.csv d.yaml:3:9: error: no file matches \"no*.csv\"\n"
                          "  hint: patterns start at the folder of the definition"},
    };
    char *folder = temp_folder_new();
    for (char **name = (char *[]){"a2.csv", "a1.csv", "A3.csv", "b.csv", "x[1].csv", NULL}; *name != NULL;
         name++)
        g_free(temp_folder_write(folder, *name, "x"));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *seen = files_of(folder, cases[i].names);
        cr_assert(eq(str, seen, (char *)cases[i].seen));
    }
    temp_folder_remove(folder);
}

Test(source_files, matches_in_byte_order) {
    char *folder = temp_folder_new();
    for (int i = 0; i < 40; i++) {
        g_autofree char *name = g_strdup_printf("%c%c", "zAaZ"[i % 4], 'a' + i * 7 % 26);
        g_free(temp_folder_write(folder, name, "x"));
    }
    g_autofree char *seen = files_of(folder, "*");
    g_auto(GStrv) files = g_strsplit(g_strchomp(seen), " ", -1);
    cr_assert(gt(u32, g_strv_length(files), 30));
    for (guint i = 1; files[i] != NULL; i++)
        cr_assert(lt(int, strcmp(files[i - 1], files[i]), 0));
    temp_folder_remove(folder);
}

/* A folder whose own name looks like a pattern is taken by its letters. */
Test(source_files, folder_with_brackets) {
    char *parent = temp_folder_new();
    char *folder = g_build_filename(parent, "q[1]*", NULL);
    cr_assert(zero(int, g_mkdir(folder, 0700)));
    g_free(temp_folder_write(folder, "s1.csv", "x"));
    g_autofree char *seen = files_of(folder, "s*.csv");
    cr_assert(eq(str, seen, (char *)"s1.csv=s1.csv "));
    temp_folder_remove(folder);
    temp_folder_remove(parent);
}

/* A name that is not UTF-8 opens under its bytes, and is text where it is reported. */
Test(source_files, names_that_are_not_utf8) {
    char *folder = temp_folder_new();
    g_free(temp_folder_write(folder, "caf\xe9.csv", "x"));
    g_free(temp_folder_write(folder, "line\nend.csv", "x"));
    g_autofree char *seen = files_of(folder, "*.csv");
    cr_assert(eq(str, seen, (char *)"caf\xe9.csv=caf\\xe9.csv line\nend.csv=line\\nend.csv "));
    temp_folder_remove(folder);
}
