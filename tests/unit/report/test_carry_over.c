/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/carry_over.h"

#include "pairlift/report/manifest.h"
#include "place.h"

#include <sys/stat.h>
#include <unistd.h>

TestSuite(carry_over, .init = make_place, .fini = remove_place);

/* A last report with a script and a table, as it was written. */
static void last_report(void) {
    put("old/report.md", "last");
    put("old/charts/a.gp", "plot 1");
    g_autofree char *path = in_place("old");
    cr_assert(pl_manifest_write(path, NULL));
    put("new/report.md", "now");
    put("new/charts/a.gp", "plot 2");
}

/* What was kept beside the report's own, with spaces between. */
static char *carry(void) {
    g_autofree char *old = in_place("old"), *new = in_place("new");
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    cr_assert(pl_carry_over(old, new, kept, &error), "%s", error ? error->message : "");
    g_ptr_array_add(kept, NULL);
    return g_strjoinv(" ", (char **)kept->pdata);
}

static void expect_kept(const char *want) {
    g_autofree char *kept = carry();
    cr_expect(eq(str, kept, (char *)want));
}

Test(carry_over, nothing_of_the_last_report_itself) {
    last_report();
    put("old/gone.csv", "1");
    g_autofree char *path = in_place("old");
    cr_assert(pl_manifest_write(path, NULL));
    expect_kept("");
    expect_text("new/report.md", "now");
    expect_text("new/charts/a.gp", "plot 2");
    cr_expect(not(is_there("new/gone.csv")));
    cr_expect(not(is_there("new/" PL_MANIFEST)), "the manifest is the new report's own matter");
}

Test(carry_over, the_users_files_at_any_depth) {
    last_report();
    put("old/notes.txt", "a");
    put("old/charts/slides/talk.txt", "b");
    g_autofree char *empty = in_place("old/later"), *link = in_place("old/link"),
                    *dangling = in_place("new/link");
    g_mkdir(empty, 0777);
    cr_assert(eq(int, symlink("nowhere", link), 0));
    expect_kept("");
    expect_text("new/notes.txt", "a");
    expect_text("new/charts/slides/talk.txt", "b");
    cr_expect(is_there("new/later"));
    cr_expect(g_file_test(dangling, G_FILE_TEST_IS_SYMLINK));
}

Test(carry_over, a_changed_script_beside_the_new_one) {
    last_report();
    put("old/charts/a.gp", "plot 1 linecolor 'red'");
    put("old/charts/a.gp.mine", "an earlier one");
    expect_kept("charts/a.gp.mine-2");
    expect_text("new/charts/a.gp", "plot 2");
    expect_text("new/charts/a.gp.mine", "an earlier one");
    expect_text("new/charts/a.gp.mine-2", "plot 1 linecolor 'red'");
}

Test(carry_over, what_was_changed_to_the_very_text_of_the_new_report_is_not_kept_twice) {
    last_report();
    put("old/charts/a.gp", "plot 2");
    expect_kept("");
    cr_expect(not(is_there("new/charts/a.gp.mine")));
}

Test(carry_over, a_changed_file_that_the_new_report_does_not_have_keeps_its_name) {
    last_report();
    put("old/charts/a.gp", "mine");
    g_autofree char *script = in_place("new/charts/a.gp"), *charts = in_place("new/charts");
    g_unlink(script);
    g_rmdir(charts);
    expect_kept("");
    expect_text("new/charts/a.gp", "mine");
}

Test(carry_over, a_file_where_the_new_report_has_a_folder_and_the_other_way_round) {
    last_report();
    put("old/tables", "a file");
    put("old/pairs.csv/inner.txt", "in a folder");
    put("new/tables/t.csv", "1");
    put("new/pairs.csv", "2");
    g_autofree char *kept = carry();
    cr_expect(ne(ptr, strstr(kept, "tables.mine"), NULL));
    cr_expect(ne(ptr, strstr(kept, "pairs.csv.mine"), NULL));
    expect_text("new/tables.mine", "a file");
    expect_text("new/pairs.csv.mine/inner.txt", "in a folder");
    expect_text("new/pairs.csv", "2");
}

Test(carry_over, nothing_from_a_folder_without_a_manifest) {
    put("old/notes.txt", "a");
    put("new/report.md", "now");
    expect_kept("");
    cr_expect(not(is_there("new/notes.txt")));
}

Test(carry_over, what_cannot_be_copied_is_named) {
    last_report();
    g_autofree char *old = in_place("old"), *new = in_place("new"), *pipe = in_place("old/pipe");
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    cr_assert(eq(int, mkfifo(pipe, 0666), 0));
    cr_expect(not(pl_carry_over(old, new, kept, &error)));
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_SYSTEM));
    cr_expect(ne(ptr, strstr(error->message, "old/pipe: error: cannot be carried over"), NULL));
}
