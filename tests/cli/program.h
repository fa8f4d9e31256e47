/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gio/gio.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "../common/temp_folder.h"

/* Runs the program as a user would: PAIRLIFT names it, the tests run at the top of the project. */

typedef struct {
    int status; /* exit status, or -1 when a signal ended it */
    char *out, *err;
} Outcome;

static inline void outcome_clear(Outcome *o) {
    g_free(o->out);
    g_free(o->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static inline const char *program(void) {
    const char *path = g_getenv("PAIRLIFT");
    cr_assert_not_null(path, "PAIRLIFT names the program to test: run `make test`");
    return path;
}

/* `path` is the PATH of the program; NULL: as it is. */
static inline Outcome run_with_path(const char *path, const char *const *arguments) {
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, (gpointer)program());
    for (; *arguments; arguments++)
        g_ptr_array_add(argv, (gpointer)*arguments);
    g_ptr_array_add(argv, NULL);
    g_auto(GStrv) environment = g_get_environ();
    if (path)
        environment = g_environ_setenv(environment, "PATH", path, TRUE);
    environment = g_environ_unsetenv(environment, "NO_COLOR");
    Outcome o = {0};
    int status = 0;
    g_autoptr(GError) error = NULL;
    cr_assert(g_spawn_sync(NULL, (char **)argv->pdata, environment, G_SPAWN_DEFAULT, NULL, NULL, &o.out,
                           &o.err, &status, &error),
              "%s", error ? error->message : "");
    o.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return o;
}

#define run_program(...) run_with_path(NULL, (const char *const[]){__VA_ARGS__, NULL})

static inline char *read_file(const char *folder, const char *name) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL), "no file %s", path);
    return text;
}

static inline char *in(const char *folder, const char *name) {
    return g_build_filename(folder, name, NULL);
}

/* Where the shared data sets are; a test without them is skipped, and says so. */
static inline char *shared_file(const char *name) {
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    char *path = g_build_filename(shared ? shared : "../shared", name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_free(path);
        cr_skip_test("no shared data: %s", name);
    }
    char *absolute = g_canonicalize_filename(path, NULL);
    g_free(path);
    return absolute;
}

#define cr_expect_contains(text, part)                                                                       \
    cr_expect(strstr(text, part) != NULL, "\"%s\" is not in:\n%s", part, text)
