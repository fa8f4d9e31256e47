/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/folder.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"

TestSuite(folder, .init = make_place, .fini = remove_place);

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
    expect_text("a/b/report/report.md", "text");
}

Test(folder, replaces_the_last_report_and_leaves_nothing_beside_it) {
    g_autofree char *path = in_place("report");
    write_report(path, "old.csv", "1");
    write_report(path, "new.csv", "2");
    expect_text("report/old.csv", "(none)"); /* a file that only the old report wrote is gone */
    expect_text("report/new.csv", "2");
    cr_assert(eq(u32, entries_of("."), 1));
}

Test(folder, carries_the_users_own_files_over_and_names_what_was_changed) {
    g_autofree char *path = in_place("report");
    write_report(path, "report.md", "1");
    put("report/notes/mine.txt", "kept");
    put("report/report.md", "1, with a remark");
    g_autoptr(PlFolder) folder = pl_folder_new(path, NULL);
    cr_assert(pl_folder_write(folder, "report.md", "2", NULL));
    cr_assert(pl_folder_commit(folder, NULL));
    expect_text("report/notes/mine.txt", "kept");
    expect_text("report/report.md", "2");
    expect_text("report/report.md.mine", "1, with a remark");
    const GPtrArray *kept = pl_folder_kept(folder);
    cr_assert(eq(u32, kept->len, 1));
    cr_expect(eq(str, g_ptr_array_index(kept, 0), (char *)"report.md.mine"));
    write_report(path, "report.md", "3");
    expect_text("report/report.md.mine", "1, with a remark");
}

Test(folder, an_abandoned_one_leaves_the_last_report_whole) {
    g_autofree char *path = in_place("report");
    write_report(path, "report.md", "good");
    PlFolder *folder = pl_folder_new(path, NULL);
    cr_assert(pl_folder_write(folder, "report.md", "half", NULL));
    pl_folder_free(folder);
    expect_text("report/report.md", "good");
    cr_assert(eq(u32, entries_of("."), 1));
}

Test(folder, a_killed_one_leaves_the_last_report_whole_and_nothing_beside_it) {
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
    expect_text("report/report.md", "good");
    for (int i = 0; i < 500 && entries_of(".") > 1; i++)
        g_usleep(10000);
    cr_assert(eq(u32, entries_of("."), 1), "the killed run's own folder is still beside it");
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
    expect_text("precious/thesis.doc", "years");
}

Test(folder, an_empty_folder_may_be_used) {
    g_autofree char *path = in_place("empty");
    g_mkdir(path, 0777);
    write_report(path, "report.md", "1");
    expect_text("empty/report.md", "1");
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

/* What a run leaves that was killed together with its watcher: a half-written folder, or a last report on
 * its way out. No process has a number as high. */
#define DEAD ".report.tmp-2147483647"

Test(folder, clears_up_after_runs_that_could_not) {
    g_autofree char *path = in_place("report"), *hidden = in_place(DEAD), *aside = in_place(DEAD ".old");
    write_report(path, "report.md", "half");
    cr_assert(eq(int, g_rename(path, hidden), 0));
    write_report(path, "report.md", "last");
    cr_assert(eq(int, g_rename(path, aside), 0));
    pl_folder_free(pl_folder_new(path, NULL));
    expect_text("report/report.md", "last");
    cr_expect(eq(u32, entries_of("."), 1));
}

Test(folder, what_only_looks_like_a_leftover_stays) {
    g_autofree char *path = in_place("report");
    put(DEAD "/thesis.doc", "years");
    write_report(path, "report.md", "1");
    expect_text(DEAD "/thesis.doc", "years");
}

Test(folder, an_empty_name_is_refused) {
    g_autoptr(GError) error = NULL;
    cr_assert(eq(int, g_chdir(place), 0));
    cr_assert_null(pl_folder_new("", &error));
    cr_assert(eq(int, pl_error_exit_status(error), 2));
}

/* However the current folder is called. */
Test(folder, the_current_folder_is_not_replaced_unless_it_is_a_report) {
    static const char *const names[] = {".", "./", "sub/..", "../%s", "./."};
    g_autofree char *base = g_path_get_basename(place);
    put("sub/thesis.doc", "years");
    cr_assert(eq(int, g_chdir(place), 0));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = strchr(names[i], '%') ? g_strconcat("../", base, NULL) : g_strdup(names[i]);
        g_autoptr(GError) error = NULL;
        cr_expect_null(pl_folder_new(name, &error), "%s", name);
        cr_assert_not_null(error);
        cr_expect(eq(int, pl_error_exit_status(error), 2));
    }
    expect_text("sub/thesis.doc", "years");
}

Test(folder, what_comes_to_its_place_meanwhile_stays) {
    g_autofree char *path = in_place("report");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlFolder) folder = pl_folder_new(path, NULL);
    cr_assert(pl_folder_write(folder, "report.md", "1", NULL));
    put("report/thesis.doc", "years");
    cr_expect(not(pl_folder_commit(folder, &error)));
    cr_assert_not_null(error);
    cr_expect(eq(int, pl_error_exit_status(error), 2));
    expect_text("report/thesis.doc", "years");
    expect_text("report/report.md", "(none)");
}

Test(folder, a_link_stays_and_its_target_is_replaced) {
    g_autofree char *path = in_place("link"), *target = in_place("deep/report"),
                    *below = in_place("link/../other");
    write_report(target, "report.md", "1");
    cr_assert(eq(int, symlink("deep/report", path), 0));
    write_report(path, "report.md", "2");
    cr_expect(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    expect_text("deep/report/report.md", "2");
    write_report(below, "report.md", "3"); /* as the shell would read it */
    expect_text("deep/other/report.md", "3");
    cr_expect(eq(u32, entries_of("deep"), 2));
}

Test(folder, a_link_that_leads_nowhere_is_refused) {
    static const char *const targets[] = {"nowhere", "link"};
    g_autofree char *path = in_place("link"), *slash = in_place("link/");
    const char *names[] = {path, slash};
    for (gsize i = 0; i < 4; i++) {
        g_autoptr(GError) error = NULL;
        g_unlink(path);
        cr_assert(eq(int, symlink(targets[i / 2], path), 0));
        cr_expect_null(pl_folder_new(names[i % 2], &error));
        cr_assert_not_null(error);
        cr_expect(eq(int, pl_error_exit_status(error), 2));
        cr_expect(eq(u32, entries_of("."), 1));
    }
}

Test(folder, an_abandoned_one_takes_the_folders_made_for_it_away) {
    g_autofree char *path = in_place("a/b/report");
    pl_folder_free(pl_folder_new(path, NULL));
    cr_expect(eq(u32, entries_of("."), 0));
    put("a/mine.txt", "x");
    pl_folder_free(pl_folder_new(path, NULL));
    cr_expect(eq(u32, entries_of("a"), 1));
}

Test(folder, one_set_aside_is_there_until_the_next) {
    g_autofree char *path = in_place("report"), *want = in_place("report.failed");
    for (int i = 0; i < 2; i++) {
        g_autoptr(PlFolder) folder = pl_folder_new(path, NULL);
        cr_assert(pl_folder_write(folder, i ? "b.gp" : "a.gp", "x", NULL));
        g_autofree char *failed = pl_folder_set_aside(folder);
        cr_assert_not_null(failed);
        cr_expect(eq(str, failed, want));
    }
    expect_text("report.failed/a.gp", "(none)");
    expect_text("report.failed/b.gp", "x");
    write_report(path, "report.md", "1");
    cr_expect(eq(u32, entries_of("."), 1));
}

Test(folder, set_aside_does_not_replace_what_is_not_its_own) {
    g_autofree char *path = in_place("report");
    put("report.failed/thesis.doc", "years");
    PlFolder *folder = pl_folder_new(path, NULL);
    cr_expect_null(pl_folder_set_aside(folder));
    pl_folder_free(folder);
    write_report(path, "report.md", "1");
    expect_text("report.failed/thesis.doc", "years");
}

Test(folder, the_current_folder_and_those_above_it_are_not_replaced) {
    g_autofree char *inner = g_build_filename(place, "a", "b", NULL),
                    *above = g_build_filename(place, "a", NULL);
    g_autoptr(GError) here = NULL, up = NULL;
    cr_assert(eq(int, g_mkdir_with_parents(inner, 0777), 0));
    cr_assert(eq(int, chdir(inner), 0));
    cr_assert_null(pl_folder_new(".", &here));
    cr_assert_null(pl_folder_new(above, &up));
    cr_assert(eq(int, pl_error_exit_status(here), 2));
    cr_assert_not_null(strstr(here->message, "the folder that you are in"), "%s", here->message);
    cr_assert_not_null(strstr(up->message, "the folder that you are in"), "%s", up->message);
    cr_assert(eq(int, chdir("/"), 0));
}
