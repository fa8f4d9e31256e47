/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../common/temp_folder.h"
#include "pairlift/io/columns.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const char *const wanted[] = {"b", "a", NULL};

/* "line:b,a;" a row, or the error. */
static char *read_columns(const char *text, gboolean optional, PlCsvOptions options) {
    char *folder = temp_folder_new();
    g_autofree char *path = temp_folder_write(folder, "t.csv", text);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlColumns) columns = pl_columns_read(path, wanted, optional ? 2 : 0, &options, &error);
    GString *seen = g_string_new(NULL);
    for (guint r = 0; columns != NULL && r < columns->n_rows; r++) {
        g_string_append_printf(seen, "%d:", columns->lines[r]);
        for (guint c = 0; c < columns->n_columns; c++)
            g_string_append_printf(seen, "%s%s", c > 0 ? "," : "",
                                   columns->cells[c] != NULL ? columns->cells[c][r] : "-");
        g_string_append_c(seen, ';');
    }
    if (columns == NULL) {
        cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DATA));
        g_string_append(seen, error->message);
    }
    char *stripped = temp_folder_strip(folder, seen->str);
    g_string_free(seen, TRUE);
    temp_folder_remove(folder);
    return stripped;
}

Test(columns, what_is_read) {
    static const struct {
        const char *text;
        gboolean optional;
        char delimiter;
        const char *seen;
    } cases[] = {
        {"a,x,b\n1,2,3\n\n\"4\n5\",,\n", FALSE, 0, "2:3,1;4:,4\n5;"},
        {"a;b\n 1 ;2,5\n", FALSE, 0, "2:2,5,1;"},
        {"a|b\n1|2\n", FALSE, '|', "2:2,1;"},
        {"a,b\n", FALSE, 0, ""},
        {"a,c\n1,2\n", TRUE, 0, "2:-,1;"},
        {"a,c\n1,2\n", FALSE, 0, "t.csv:1: error: there is no column \"b\"\n  hint: did you mean \"a\"?"},
        {"\n\nA column,other\n1,2\n", FALSE, 0,
         "t.csv:3: error: there is no column \"b\"\n  hint: the columns are \"A column\", \"other\"\n"
         "t.csv:3: error: there is no column \"a\""},
        {"a,b,a\n1,2,3\n", FALSE, 0,
         "t.csv:1: error: two columns are named \"a\", the 1. and the 3.\n  hint: rename or remove one of "
         "them"},
        {"a,b\n1\n2,3\n4\n", FALSE, 0,
         "t.csv:2: error: 1 field, but the header has 2\nt.csv:4: error: 1 field, but the header has 2"},
        {"", FALSE, 0, "t.csv: error: the file is empty"},
        {"\xef\xbb\xbf\n \n", FALSE, 0, "t.csv: error: the file is empty"},
        {"a,b\n\"1,2\n", FALSE, 0,
         "t.csv:2: error: the record that begins here has a quote that is never closed"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *seen =
            read_columns(cases[i].text, cases[i].optional, (PlCsvOptions){cases[i].delimiter, '.'});
        cr_assert(eq(str, seen, (char *)cases[i].seen), "case %zu", i);
    }
}

Test(columns, no_such_file) {
    g_autoptr(GError) error = NULL;
    cr_assert(zero(ptr, pl_columns_read("/nonexistent/t.csv", wanted, 0, NULL, &error)));
    cr_assert(eq(str, error->message,
                 (char *)"/nonexistent/t.csv: error: cannot be read: No such file or directory"));
    pl_columns_free(NULL);
}

Test(columns, nul_bytes_are_refused) {
    char *folder = temp_folder_new();
    g_autofree char *path = g_build_filename(folder, "t.csv", NULL);
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_set_contents(path, "a,b\n1,\0\n", 8, NULL));
    cr_assert(zero(ptr, pl_columns_read(path, wanted, 0, NULL, &error)));
    cr_assert(ne(ptr, strstr(error->message, "t.csv:2: error: column \"b\" holds a NUL byte"), NULL));
    temp_folder_remove(folder);
}

/* Only the last names may be missing; the digest is of the file whatever is read of it. */
Test(columns, optional_names_and_digest) {
    static const char text[] = "a,b\r\n1,2\r\n";
    static const char *const names[] = {"a", "c", NULL};
    char *folder = temp_folder_new();
    g_autofree char *path = temp_folder_write(folder, "t.csv", text);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlColumns) columns = pl_columns_read_hashed(path, names, 1, NULL, &error);
    cr_assert(zero(ptr, error));
    cr_assert(eq(str, columns->cells[0][0], (char *)"1"));
    cr_assert(zero(ptr, columns->cells[1]));
    cr_assert(eq(str, columns->sha256, digest));
    const char *const first[] = {"c", "a", NULL};
    cr_assert(zero(ptr, pl_columns_read(path, first, 1, NULL, &error)));
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DATA));
    temp_folder_remove(folder);
}
