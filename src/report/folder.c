/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pairlift/report/carry_over.h"
#include "pairlift/report/exchange.h"
#include "pairlift/report/manifest.h"

/* A killed gnuplot may still be writing its last file. */
#define SWEEPS   5
#define SWEEP_US 50000

struct PlFolder {
    char *final, *parent, *base, *temporary;
    char *made;       /* topmost of the folders made above it, NULL: none */
    GPtrArray *kept;  /* of char* */
    gboolean settled; /* committed or set aside */
    pid_t watcher;    /* 0: none */
    int lifeline;     /* open as long as this process lives */
};

static gboolean system_error(GError **error, const char *path, const char *what) {
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot %s: %s", path, what, g_strerror(errno));
    return FALSE;
}

/* Removes a hidden folder of a run that has ended. A last report that was on its way out in two steps goes
 * back to its place, unless the new one is there already. */
static void clear_leftover(const PlFolder *f, const char *path) {
    if (!g_str_has_suffix(path, PL_EXCHANGE_ASIDE) || g_rename(path, f->final) != 0)
        pl_manifest_discard(path);
}

/* A hidden sibling belongs to a killed run when no process has its number any more. */
static void clear_leftovers(const PlFolder *f) {
    g_autofree char *prefix = g_strdup_printf(".%s.tmp-", f->base);
    g_autoptr(GDir) dir = g_dir_open(f->parent, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        gint64 pid = g_str_has_prefix(name, prefix) ? g_ascii_strtoll(name + strlen(prefix), NULL, 10) : 0;
        if (pid <= 0 || pid > G_MAXINT || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        g_autofree char *path = g_build_filename(f->parent, name, NULL);
        clear_leftover(f, path);
    }
}

/* The watcher's life: waits for the end of the process that writes, then clears up behind it. */
static void watch(const PlFolder *f, int lifeline) {
    char byte;
    g_autofree char *aside = g_strconcat(f->temporary, PL_EXCHANGE_ASIDE, NULL);
    setsid();
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (int fd = 0; fd <= STDERR_FILENO; fd++) /* a pipe's reader need not wait for the watcher */
        if (fd != lifeline)
            close(fd);
    gssize got;
    while ((got = read(lifeline, &byte, 1)) > 0 || (got < 0 && errno == EINTR))
        ;
    clear_leftover(f, aside);
    for (int i = 0; i < SWEEPS && g_file_test(f->temporary, G_FILE_TEST_EXISTS); i++) {
        pl_manifest_discard(f->temporary);
        g_usleep(SWEEP_US);
    }
}

/* Options considered for a run that ends by a signal: a handler, in which hardly a call that removes a
 * folder is safe; a thread in sigwait, which races with the threads that write. Chosen: a child that sees
 * its parent end, by SIGKILL or a crash too, when nobody writes any more. Without it (no process to be had)
 * the next run clears up. */
static void start_watcher(PlFolder *f) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return;
    f->watcher = fork();
    if (f->watcher == 0) {
        close(ends[1]);
        watch(f, ends[0]);
        raise(SIGKILL); /* as abrupt as _exit, which this room may not call: nothing is flushed twice */
    }
    close(ends[0]);
    f->lifeline = ends[1];
}

static void stop_watcher(PlFolder *f) {
    if (f->watcher > 0) {
        kill(f->watcher, SIGKILL);
        while (waitpid(f->watcher, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (f->lifeline >= 0)
        close(f->lifeline);
    f->watcher = 0;
    f->lifeline = -1;
}

/* Whether a folder is the current one or above it: replacing it would pull it away from under the user's
 * shell. */
static gboolean holds_current_folder(const char *folder) {
    g_autofree char *current = g_get_current_dir(), *real = realpath(current, NULL);
    gsize n = strlen(folder);
    return real && strncmp(real, folder, n) == 0 &&
           (real[n] == '\0' || real[n] == '/' || folder[n - 1] == '/');
}

/* The folder to replace, all links followed; of one that is not there yet, those above it. */
static char *resolve(const char *path, GError **error) {
    if (*path == '\0') { /* the current folder would be meant by it */
        g_set_error(error, PL_ERROR, PL_ERROR_USAGE, "pairlift: error: the report folder has an empty name");
        return NULL;
    }
    char *there = realpath(path, NULL); /* of malloc, which is GLib's allocator too */
    if (there && !holds_current_folder(there))
        return there;
    if (there) {
        g_set_error(
            error, PL_ERROR, PL_ERROR_USAGE,
            "%s: error: the report would replace the folder that you are in\n  hint: name a folder in it",
            path);
        free(there);
        return NULL;
    }
    int why = errno;
    GStatBuf st;
    g_autofree char *plain = g_strdup(path);
    for (gsize end = strlen(plain); end > 1 && plain[end - 1] == '/'; end--)
        plain[end - 1] = '\0';
    if (g_lstat(plain, &st) == 0) {
        g_set_error(error, PL_ERROR, PL_ERROR_USAGE, "%s: error: %s: %s", path,
                    S_ISLNK(st.st_mode) ? "a link that leads nowhere" : "cannot be resolved",
                    g_strerror(why));
        return NULL;
    }
    g_autofree char *above = g_path_get_dirname(plain), *base = g_path_get_basename(plain);
    g_autofree char *real = realpath(above, NULL);
    return real ? g_build_filename(real, base, NULL) : g_canonicalize_filename(plain, NULL);
}

/* Remembers the topmost folder that it had to make. */
static gboolean make_parents(PlFolder *f, GError **error) {
    g_autofree char *at = g_strdup(f->parent);
    while (!g_file_test(at, G_FILE_TEST_EXISTS)) {
        g_free(f->made);
        f->made = g_steal_pointer(&at);
        at = g_path_get_dirname(f->made);
    }
    return g_mkdir_with_parents(f->parent, 0777) == 0 || system_error(error, f->parent, "make this folder");
}

static void remove_parents(const PlFolder *f) {
    g_autofree char *at = g_strdup(f->parent);
    while (f->made && g_rmdir(at) == 0 && !g_str_equal(at, f->made)) {
        char *above = g_path_get_dirname(at);
        g_free(at);
        at = above;
    }
}

static gboolean make_temporary(PlFolder *f, GError **error) {
    g_autofree char *name = g_strdup_printf(".%s.tmp-%ld", f->base, (long)getpid());
    f->temporary = g_build_filename(f->parent, name, NULL);
    pl_manifest_discard(f->temporary);
    if (g_mkdir(f->temporary, 0777) != 0)
        return system_error(error, f->temporary, "make this folder");
    /* from the beginning, so that it is known for a report's and may be removed */
    return pl_manifest_write(f->temporary, error);
}

PlFolder *pl_folder_new(const char *path, GError **error) {
    g_autoptr(PlFolder) f = g_new0(PlFolder, 1);
    f->lifeline = -1;
    f->kept = g_ptr_array_new_with_free_func(g_free);
    f->final = resolve(path, error);
    if (!f->final)
        return NULL;
    f->parent = g_path_get_dirname(f->final);
    f->base = g_path_get_basename(f->final);
    if (!make_parents(f, error))
        return NULL;
    clear_leftovers(f);
    if (!pl_manifest_replaceable(f->final)) {
        pl_exchange_refused(path, error);
        return NULL;
    }
    if (!make_temporary(f, error))
        return NULL;
    start_watcher(f);
    return g_steal_pointer(&f);
}

void pl_folder_free(PlFolder *f) {
    if (f->temporary && !f->settled)
        pl_manifest_discard(f->temporary);
    stop_watcher(f);
    if (f->parent && !f->settled)
        remove_parents(f);
    g_clear_pointer(&f->kept, g_ptr_array_unref);
    g_free(f->final);
    g_free(f->parent);
    g_free(f->base);
    g_free(f->temporary);
    g_free(f->made);
    g_free(f);
}

const char *pl_folder_path(const PlFolder *f) {
    return f->temporary;
}

gboolean pl_folder_write(PlFolder *f, const char *name, const char *text, GError **error) {
    g_autofree char *path = g_build_filename(f->temporary, name, NULL);
    FILE *file = fopen(path, "wb");
    if (!file)
        return system_error(error, path, "write this file");
    gboolean ok = fwrite(text, 1, strlen(text), file) == strlen(text);
    ok = fclose(file) == 0 && ok;
    return ok || system_error(error, path, "write this file");
}

static char *failed_name(const PlFolder *f) {
    return g_strconcat(f->final, ".failed", NULL);
}

gboolean pl_folder_commit(PlFolder *f, GError **error) {
    if (!pl_manifest_replaceable(f->final))
        return pl_exchange_refused(f->final, error);
    if (!pl_manifest_write(f->temporary, error) || !pl_carry_over(f->final, f->temporary, f->kept, error) ||
        !pl_exchange(f->temporary, f->final, error))
        return FALSE;
    f->settled = TRUE;
    g_autofree char *failed = failed_name(f);
    pl_manifest_discard(failed);
    return TRUE;
}

const GPtrArray *pl_folder_kept(const PlFolder *f) {
    return f->kept;
}

char *pl_folder_set_aside(PlFolder *f) {
    g_autofree char *failed = failed_name(f);
    pl_manifest_discard(failed);
    if (g_rename(f->temporary, failed) != 0)
        return NULL;
    f->settled = TRUE;
    return g_steal_pointer(&failed);
}
