/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/gnuplot.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../common/temp_folder.h"

static char *folder;

static void make_folder(void) {
    folder = temp_folder_new();
}

static void remove_folder(void) {
    temp_folder_remove(folder);
}

TestSuite(gnuplot, .init = make_folder, .fini = remove_folder);

/* A program that stands in for gnuplot. Free with g_free. */
static char *stand_in(const char *body) {
    char *path = g_build_filename(folder, "gnuplot", NULL);
    g_autofree char *text = g_strconcat("#!/bin/sh\n", body, "\n", NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    g_chmod(path, 0755);
    return path;
}

static gboolean run(const char *body, guint limit_s, GError **error) {
    g_autofree char *program = stand_in(body);
    const char *const scripts[] = {"a b.gp", "$(id).gp", NULL};
    return pl_gnuplot_run(program, folder, scripts, limit_s, error);
}

Test(gnuplot, gets_its_arguments_and_folder_untouched) {
    g_autoptr(GError) error = NULL;
    cr_assert(run("printf '%s|' \"$@\" > seen", 10, &error), "%s", error ? error->message : "");
    g_autofree char *path = g_build_filename(folder, "seen", NULL), *seen = NULL;
    cr_assert(g_file_get_contents(path, &seen, NULL, NULL));
    cr_expect(eq(str, seen, (char *)"--default-settings|a b.gp|$(id).gp|"));
}

Test(gnuplot, failures) {
    static const struct {
        const char *body, *says;
    } cases[] = {
        {"echo 'line 3:  undefined\nvariable: x' >&2; exit 1",
         "gnuplot failed: line 3: undefined variable: x"},
        {"exit 3", "gnuplot failed: "},
        {"kill -9 $$", "gnuplot failed: "},
        {"printf 'a\\033[31m\\001b' >&2; exit 1", "gnuplot failed: a [31m b"},
        {"exec 2>&-; exit 1", "gnuplot failed: "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect(not(run(cases[i].body, 10, &error)));
        cr_assert(ne(ptr, error, NULL));
        cr_expect(g_error_matches(error, PL_ERROR, PL_ERROR_SYSTEM));
        if (strstr(error->message, cases[i].says) == NULL)
            cr_fail("\"%s\" does not say \"%s\"", error->message, cases[i].says);
    }
}

Test(gnuplot, long_message_is_cut) {
    g_autoptr(GError) error = NULL;
    cr_expect(
        not(run("i=0; while [ $i -lt 20000 ]; do echo noise; i=$((i+1)); done >&2; exit 1", 20, &error)));
    cr_assert(ne(ptr, error, NULL));
    cr_expect(lt(sz, strlen(error->message), 800));
}

Test(gnuplot, hung_one_is_stopped) {
    static const char *const bodies[] = {"exec /bin/sleep 30", "exec 2>&-; exec /bin/sleep 30"};
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(GError) error = NULL;
        gint64 start = g_get_monotonic_time();
        cr_expect(not(run(bodies[i], 1, &error)));
        cr_expect(lt(i64, g_get_monotonic_time() - start, 10 * G_USEC_PER_SEC));
        cr_assert(ne(ptr, error, NULL));
        cr_expect(ne(ptr, strstr(error->message, "longer than 1 s"), NULL));
    }
}

Test(gnuplot, cannot_start) {
    g_autoptr(GError) error = NULL;
    const char *const scripts[] = {"a.gp", NULL};
    cr_expect(not(pl_gnuplot_run("/no/such/program", folder, scripts, 1, &error)));
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_SYSTEM));
    cr_expect(ne(ptr, strstr(error->message, "cannot start gnuplot"), NULL));
}

Test(gnuplot, not_on_the_path) {
    g_setenv("PATH", folder, TRUE);
    cr_expect(eq(ptr, pl_gnuplot_find(), NULL));
    g_autofree char *program = stand_in("exit 0"), *found = pl_gnuplot_find();
    cr_assert(ne(ptr, found, NULL));
    cr_expect(eq(str, found, program));
}

/* Runs a gnuplot that takes long in a process of its own, and kills that. */
Test(gnuplot, does_not_outlive_the_process_that_asked_for_it) {
    g_autofree char *program = stand_in("echo $$ > pid.new; mv pid.new pid; exec /bin/sleep 30");
    g_autofree char *path = g_build_filename(folder, "pid", NULL), *pid = NULL;
    const char *const scripts[] = {"a.gp", NULL};
    pid_t child = fork();
    if (child == 0) {
        gboolean ended = pl_gnuplot_run(program, folder, scripts, 30, NULL);
        _exit(ended ? 0 : 1);
    }
    for (int i = 0; i < 1000 && !g_file_test(path, G_FILE_TEST_EXISTS); i++)
        g_usleep(10000);
    cr_assert(g_file_get_contents(path, &pid, NULL, NULL));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    pid_t gnuplot = (pid_t)g_ascii_strtoll(pid, NULL, 10);
    g_autofree char *state = g_strdup_printf("/proc/%d/stat", gnuplot);
    gboolean runs = TRUE;
    for (int i = 0; i < 500 && runs; i++) {
        g_autofree char *text = NULL;
        runs = g_file_get_contents(state, &text, NULL, NULL) && !strstr(text, ") Z ");
        g_usleep(10000);
    }
    cr_expect(not(runs));
}
