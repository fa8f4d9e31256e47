/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "small_experiment.h"

#include <jansson.h>
#include <signal.h>
#include <unistd.h>

/* What becomes of the report folder, and of what else lies there, when runs fail, are killed or are aimed
 * badly. */

Test(report_folder, a_failed_run_leaves_the_last_report_whole) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report"), *yaml = in(folder, "small.yaml");
    write_small(folder, plain);
    g_auto(Outcome) good = run_program("run", yaml, "-o", report, "--no-charts");
    cr_assert(eq(int, good.status, 0), "%s", good.err);
    g_autofree char *before = read_file(report, "result.json");
    g_autofree char *broken = temp_folder_write(folder, "sales.csv", "store,date,revenue\nA,2024-01-01,x\n");
    g_auto(Outcome) bad = run_program("run", yaml, "-o", report, "--no-charts");
    g_autofree char *after = read_file(report, "result.json");
    cr_expect(eq(int, bad.status, 4));
    cr_expect_str_eq(before, after);
    temp_folder_remove(folder);
}

/* Kills runs at many moments of their life; whatever the moment, the report is a whole one. */
Test(report_folder, a_killed_run_leaves_a_whole_report, .timeout = 120) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report"), *yaml = in(folder, "small.yaml");
    write_small(folder, plain);
    g_auto(Outcome) good = run_program("run", yaml, "-o", report);
    cr_assert(eq(int, good.status, 0), "%s", good.err);
    const char *argv[] = {program(), "run", yaml, "-o", report, "-q", NULL};
    for (int i = 0; i < 60; i++) {
        GPid pid;
        cr_assert(g_spawn_async(NULL, (char **)argv, NULL,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid,
                                NULL));
        g_usleep((gulong)i * 3000);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        g_autofree char *json = read_file(report, "result.json"), *md = read_file(report, "report.md");
        json_t *o = json_loads(json, 0, NULL);
        cr_assert_not_null(o, "after %d ms result.json is no JSON", 3 * i);
        cr_assert(gt(sz, strlen(md), 500));
        cr_assert_not_null(strstr(md, "How to get this again"));
        json_decref(o);
    }
    temp_folder_remove(folder);
}

Test(report_folder, without_gnuplot_the_report_is_whole_and_a_warning_names_the_package) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    g_auto(Outcome) o = run_with_path(folder, (const char *[]){"run", GOOD, "-o", report, NULL});
    cr_expect(eq(int, o.status, 0));
    cr_expect_contains(o.err, "gnuplot-nox");
    g_autofree char *json = read_file(report, "result.json"),
                    *script = read_file(report, "charts/methods.gp");
    cr_expect_not_null(strstr(json, "\"verdict\": \"win\""));
    temp_folder_remove(folder);
}

Test(report_folder, a_failing_gnuplot_has_status_5_its_message_the_script_and_no_report) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    g_autofree char *fake =
        temp_folder_write(folder, "gnuplot", "#!/bin/sh\necho 'no terminal today' >&2\nexit 1\n");
    g_chmod(fake, 0755);
    g_autofree char *path = g_strdup_printf("%s:/usr/bin:/bin", folder);
    g_auto(Outcome) o = run_with_path(path, (const char *[]){"run", GOOD, "-o", report, NULL});
    cr_expect(eq(int, o.status, 5));
    cr_expect_contains(o.err, ".failed/charts/test_vs_control.gp: error: gnuplot failed: no terminal today");
    cr_expect_contains(o.err, "hint: to see it again, run gnuplot on the scripts in ");
    cr_expect(not(g_file_test(report, G_FILE_TEST_EXISTS)));
    /* the place that it names is there, until it went well */
    g_autofree char *named = g_strndup(o.err, (gsize)(strstr(o.err, ": error:") - o.err));
    cr_expect(g_file_test(named, G_FILE_TEST_EXISTS));
    g_auto(Outcome) good = run_program("run", GOOD, "--no-charts", "-o", report);
    cr_expect(eq(int, good.status, 0));
    cr_expect(not(g_file_test(named, G_FILE_TEST_EXISTS)));
    temp_folder_remove(folder);
}

/* A folder with a gnuplot that says it has begun and then takes long, to be put on the PATH. */
static char *slow_gnuplot(const char *folder) {
    g_autofree char *text = g_strdup_printf(
        "#!/bin/sh\necho $$ > '%s/pid.new'; /bin/mv '%s/pid.new' '%s/pid'; exec /bin/sleep 60\n", folder,
        folder, folder);
    g_autofree char *fake = temp_folder_write(folder, "gnuplot", text);
    g_chmod(fake, 0755);
    return in(folder, "pid");
}

static gboolean is_running(const char *pid_file) {
    g_autofree char *pid = NULL, *text = NULL;
    if (!g_file_get_contents(pid_file, &pid, NULL, NULL))
        return FALSE;
    g_autofree char *state = g_strdup_printf("/proc/%s/stat", g_strchomp(pid));
    return g_file_get_contents(state, &text, NULL, NULL) && !strstr(text, ") Z ");
}

static guint entries_of(const char *folder) {
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

Test(report_folder, a_run_that_is_stopped_leaves_nothing_beside_the_report_and_no_gnuplot, .timeout = 120) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGKILL};
    char *folder = temp_folder_new();
    char *out = temp_folder_new();
    g_autofree char *report = in(out, "report"), *pid_file = slow_gnuplot(folder);
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "PATH", folder, TRUE);
    g_auto(Outcome) good = run_program("run", GOOD, "--no-charts", "-q", "-o", report);
    cr_assert(eq(int, good.status, 0), "%s", good.err);
    const char *argv[] = {program(), "run", GOOD, "-o", report, "-q", NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        GPid pid;
        int status;
        g_unlink(pid_file);
        cr_assert(g_spawn_async(NULL, (char **)argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
        for (int k = 0; k < 2000 && !g_file_test(pid_file, G_FILE_TEST_EXISTS); k++)
            g_usleep(10000);
        cr_assert(is_running(pid_file));
        kill(pid, signals[i]);
        waitpid(pid, &status, 0);
        cr_expect(eq(int, WTERMSIG(status), signals[i]), "the shell is told what ended it");
        for (int k = 0; k < 500 && (entries_of(out) > 1 || is_running(pid_file)); k++)
            g_usleep(10000);
        cr_expect(eq(u32, entries_of(out), 1));
        cr_expect(not(is_running(pid_file)));
    }
    g_autofree char *json = read_file(report, "result.json");
    cr_expect_contains(json, "\"verdict\": \"win\"");
    temp_folder_remove(folder);
    temp_folder_remove(out);
}

Test(report_folder, a_folder_that_no_report_wrote_is_not_replaced) {
    char *folder = temp_folder_new();
    g_autofree char *precious = temp_folder_write(folder, "thesis.txt", "years");
    g_auto(Outcome) o = run_program("run", GOOD, "--no-charts", "-o", folder);
    cr_expect(eq(int, o.status, 2));
    cr_expect_contains(o.err, "is not a report folder");
    g_autofree char *text = read_file(folder, "thesis.txt");
    cr_expect_str_eq(text, "years");
    temp_folder_remove(folder);
}

Test(report_folder, a_bad_out_is_refused_before_the_data_are_read) {
    char *folder = temp_folder_new();
    g_autofree char *yaml = in(folder, "small.yaml");
    write_small(folder, plain);
    g_autofree char *broken = temp_folder_write(folder, "sales.csv", "store,date,revenue\nA,2024-01-01,x\n");
    g_auto(Outcome) o = run_program("run", yaml, "-o", folder);
    cr_expect(eq(int, o.status, 2));
    cr_expect_contains(o.err, "is not a report folder");
    temp_folder_remove(folder);
}

/* An unset variable in a script, from within a folder with work in it. */
Test(report_folder, an_empty_out_does_not_touch_the_current_folder) {
    char *folder = temp_folder_new();
    g_autofree char *yaml = in(folder, "small.yaml");
    write_small(folder, plain);
    static const char *const names[] = {"", ".", "./"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *pairlift = g_canonicalize_filename(program(), NULL), *err = NULL;
        const char *argv[] = {pairlift, "run", yaml, "--no-charts", "-o", names[i], NULL};
        int status;
        cr_assert(g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                               &err, &status, NULL));
        cr_expect(eq(int, WEXITSTATUS(status), 2), "%s", err);
        cr_expect(eq(u32, entries_of(folder), 3));
    }
    temp_folder_remove(folder);
}

Test(report_folder, a_changed_script_is_kept_and_named) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    g_auto(Outcome) first = run_with_path(folder, (const char *[]){"run", GOOD, "-q", "-o", report, NULL});
    cr_assert(eq(int, first.status, 0), "%s", first.err);
    g_autofree char *mine = temp_folder_write(report, "charts/methods.gp", "# in the colours of the house\n");
    g_autofree char *slide = temp_folder_write(report, "charts/slide.txt", "mine\n");
    g_auto(Outcome) o = run_program("run", GOOD, "--no-charts", "-o", report);
    cr_expect(eq(int, o.status, 0));
    g_auto(Outcome) again = run_with_path(folder, (const char *[]){"run", GOOD, "-o", report, NULL});
    cr_expect_contains(again.err, "note: ");
    cr_expect_contains(again.err, "kept as charts/methods.gp.mine");
    g_autofree char *kept = read_file(report, "charts/methods.gp.mine"),
                    *new = read_file(report, "charts/methods.gp"),
                    *other = read_file(report, "charts/slide.txt");
    cr_expect_str_eq(kept, "# in the colours of the house\n");
    cr_expect_contains(new, "set terminal pngcairo");
    cr_expect_str_eq(other, "mine\n");
    temp_folder_remove(folder);
}
