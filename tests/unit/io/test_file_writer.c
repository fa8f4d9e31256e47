/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/file_writer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "../../common/temp_folder.h"

Test(file_writer, pieces_come_in_the_order_in_which_they_were_sent) {
    char *folder = temp_folder_new();
    g_autofree char *path = g_build_filename(folder, "x", NULL), *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) want = g_string_new(NULL);
    enum { BYTES = 3000000 };
    g_autofree char *first = g_malloc(BYTES), *second = g_malloc(BYTES);
    char *buffer[2] = {first, second};
    PlPiece pieces[2][3];
    g_autoptr(PlFileWriter) writer = pl_file_writer_new(path, &error);
    guint64 bytes;
    cr_assert_not_null(writer);
    for (int i = 0; i < 7; i++) {
        cr_assert(pl_file_writer_wait(writer));
        char *b = buffer[i % 2];
        memset(b, 'a' + i, BYTES);
        pieces[i % 2][0] = (PlPiece){b, 1};
        pieces[i % 2][1] = (PlPiece){b, 0};
        pieces[i % 2][2] = (PlPiece){b + 1, BYTES - 1};
        pl_file_writer_send(writer, pieces[i % 2], 3);
        g_string_append_len(want, b, BYTES);
    }
    cr_assert(pl_file_writer_finish(writer, &bytes, &error));
    cr_expect(eq(u64, bytes, 7 * BYTES));
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    cr_expect(strcmp(text, want->str) == 0);
    temp_folder_remove(folder);
}

Test(file_writer, a_file_that_cannot_be_made_is_an_error) {
    g_autoptr(GError) error = NULL;
    cr_assert_null(pl_file_writer_new("/nowhere/at/all", &error));
    cr_expect(eq(int, error->code, PL_ERROR_SYSTEM));
}

Test(file_writer, a_full_disk_is_noticed_and_told) {
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
        cr_skip_test("no /dev/full here");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlFileWriter) writer = pl_file_writer_new("/dev/full", &error);
    g_autofree char *text = g_malloc0(4000000);
    PlPiece piece = {text, 4000000};
    guint64 bytes;
    int sent = 0;
    while (sent < 10 && pl_file_writer_wait(writer)) {
        pl_file_writer_send(writer, &piece, 1);
        sent++;
    }
    cr_expect(lt(int, sent, 10));
    cr_assert(eq(int, pl_file_writer_finish(writer, &bytes, &error), FALSE));
    cr_expect(eq(int, error->code, PL_ERROR_SYSTEM));
    cr_expect(strstr(error->message, "/dev/full: error: cannot write this file: ") != NULL);
}

/* What is small enough to wait in the buffer fails when the file is closed. */
Test(file_writer, the_last_bytes_count_too) {
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
        cr_skip_test("no /dev/full here");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlFileWriter) writer = pl_file_writer_new("/dev/full", &error);
    PlPiece piece = {"x", 1};
    guint64 bytes;
    cr_assert(pl_file_writer_wait(writer));
    pl_file_writer_send(writer, &piece, 1);
    cr_assert(eq(int, pl_file_writer_finish(writer, &bytes, &error), FALSE));
}
