/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/folder.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char *place; /* a temporary folder, the test's own */

static void setup(void) {
    place = g_dir_make_tmp("pairlift-folder-XXXXXX", NULL);
}

static void teardown(void) {
    char *argv[] = {(char *)"rm", (char *)"-rf", place, NULL};
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(place);
}

TestSuite(folder, .init = setup, .fini = teardown);

static char *in_place(const char *name) {
    return g_build_filename(place, name, NULL);
}

static guint entries_of(const char *path) {
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

static char *content(const char *folder, const char *name) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("(none)");
}

static void write_report(const char *path, const char *name, const char *text) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlFolder) folder = pl_folder_new(path, &error);
    cr_assert_not_null(folder, "%s", error ? error->message : "");
    cr_assert(pl_folder_write(folder, name, text, &error));
    cr_assert(pl_folder_commit(folder, &error), "%s", error ? error->message : "");
}

Test(folder, appears_whole_with_the_folders_above_it) {
    g_autofree char *path = in_place("a/b/report");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlFolder) folder = pl_folder_new(path, &error);
    cr_assert_not_null(folder);
    cr_assert(pl_folder_write(folder, "report.md", "text", &error));
    cr_assert(not(g_file_test(path, G_FILE_TEST_EXISTS)), "nothing is there before the commit");
    cr_assert(pl_folder_commit(folder, &error));
    g_autofree char *text = content(path, "report.md");
    cr_assert(eq(str, text, "text"));
}

Test(folder, replaces_the_last_report_and_leaves_nothing_beside_it) {
    g_autofree char *path = in_place("report");
    write_report(path, "old.csv", "1");
    write_report(path, "new.csv", "2");
    g_autofree char *old = content(path, "old.csv"), *new = content(path, "new.csv");
    cr_assert(eq(str, old, "(none)"), "a file that only the old report wrote is gone");
    cr_assert(eq(str, new, "2"));
    cr_assert(eq(u32, entries_of(place), 1));
}

Test(folder, carries_the_users_own_files_over) {
    g_autofree char *path = in_place("report"), *notes = g_build_filename(path, "notes", NULL);
    write_report(path, "report.md", "1");
    g_autofree char *mine = g_build_filename(notes, "mine.txt", NULL);
    g_mkdir(notes, 0777);
    cr_assert(g_file_set_contents(mine, "kept", -1, NULL));
    write_report(path, "report.md", "2");
    g_autofree char *kept = content(notes, "mine.txt"), *report = content(path, "report.md");
    cr_assert(eq(str, kept, "kept"));
    cr_assert(eq(str, report, "2"));
}

Test(folder, an_abandoned_one_leaves_the_last_report_whole) {
    g_autofree char *path = in_place("report");
    write_report(path, "report.md", "good");
    PlFolder *folder = pl_folder_new(path, NULL);
    cr_assert(pl_folder_write(folder, "report.md", "half", NULL));
    pl_folder_free(folder);
    g_autofree char *text = content(path, "report.md");
    cr_assert(eq(str, text, "good"));
    cr_assert(eq(u32, entries_of(place), 1));
}

Test(folder, a_killed_one_leaves_the_last_report_whole_and_is_swept_up_by_the_next) {
    g_autofree char *path = in_place("report");
    write_report(path, "report.md", "good");
    pid_t child = fork();
    if (child == 0) {
        PlFolder *folder = pl_folder_new(path, NULL);
        if (pl_folder_write(folder, "report.md", "half", NULL))
            raise(SIGKILL);
        _exit(1);
    }
    int status;
    waitpid(child, &status, 0);
    cr_assert(eq(int, WTERMSIG(status), SIGKILL));
    g_autofree char *text = content(path, "report.md");
    cr_assert(eq(str, text, "good"));
    cr_assert(eq(u32, entries_of(place), 2), "the killed run's own folder is still beside it");
    write_report(path, "report.md", "next");
    cr_assert(eq(u32, entries_of(place), 1));
}

Test(folder, refuses_to_replace_what_no_report_wrote) {
    g_autofree char *path = in_place("precious"), *file = g_build_filename(path, "thesis.doc", NULL);
    g_autoptr(GError) error = NULL;
    g_mkdir(path, 0777);
    cr_assert(g_file_set_contents(file, "years", -1, NULL));
    cr_assert_null(pl_folder_new(path, &error));
    cr_assert(eq(int, pl_error_exit_status(error), 2));
    g_autoptr(GError) on_a_file = NULL;
    cr_assert_null(pl_folder_new(file, &on_a_file));
    cr_assert(eq(int, pl_error_exit_status(on_a_file), 2));
    g_autofree char *text = content(path, "thesis.doc");
    cr_assert(eq(str, text, "years"));
}

Test(folder, an_empty_folder_may_be_used) {
    g_autofree char *path = in_place("empty");
    g_mkdir(path, 0777);
    write_report(path, "report.md", "1");
    g_autofree char *text = content(path, "report.md");
    cr_assert(eq(str, text, "1"));
}

Test(folder, a_folder_that_cannot_be_made_is_a_system_error) {
    g_autofree char *file = in_place("file"), *below = g_build_filename(file, "x", "report", NULL);
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_set_contents(file, "", -1, NULL));
    cr_assert_null(pl_folder_new(below, &error));
    cr_assert(eq(int, pl_error_exit_status(error), 5));
}

Test(folder, a_file_that_cannot_be_written_is_a_system_error) {
    g_autofree char *path = in_place("report");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlFolder) folder = pl_folder_new(path, NULL);
    cr_assert(not(pl_folder_write(folder, "no/such/folder.md", "x", &error)));
    cr_assert(eq(int, pl_error_exit_status(error), 5));
}
