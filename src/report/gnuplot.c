/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/gnuplot.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT_MESSAGE 600  /* bytes of gnuplot's message that are shown */
#define WAIT_STEP_US 2000 /* between two looks at a child that closed its standard error */

char *pl_gnuplot_find(void) {
    return g_find_program_in_path("gnuplot");
}

/* What gnuplot printed as one line of printable text. */
static char *one_line(const GString *text) {
    g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        gboolean blank = c == ' ' || g_unichar_iscntrl(c);
        if (!blank)
            g_string_append_unichar(line, c);
        else if (line->len > 0 && line->str[line->len - 1] != ' ')
            g_string_append_c(line, ' ');
    }
    return g_strchomp(g_string_free(line, FALSE));
}

/* Collects standard error until its end or `deadline` (monotonic microseconds). FALSE: the deadline. */
static gboolean read_until(int fd, gint64 deadline, GString *text) {
    for (;;) {
        gint64 left_ms = (deadline - g_get_monotonic_time()) / 1000;
        if (left_ms <= 0)
            return FALSE;
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, (int)left_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        char buffer[4096];
        gssize got = ready > 0 ? read(fd, buffer, sizeof buffer) : 0;
        if (ready > 0 && got <= 0)
            return TRUE;
        if (text->len < KEPT_MESSAGE)
            g_string_append_len(text, buffer, MIN(got, (gssize)(KEPT_MESSAGE - text->len)));
    }
}

/* Reaps the child, killing it at the deadline. FALSE: it was killed. */
static gboolean reap(GPid child, gint64 deadline, int *status) {
    for (;;) {
        pid_t got = waitpid(child, status, WNOHANG);
        if (got == child || (got < 0 && errno != EINTR))
            return TRUE;
        if (g_get_monotonic_time() >= deadline)
            break;
        g_usleep(WAIT_STEP_US);
    }
    kill(child, SIGKILL);
    while (waitpid(child, status, 0) < 0 && errno == EINTR)
        ;
    return FALSE;
}

static GStrv command_line(const char *program, const char *const *scripts) {
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
    g_strv_builder_add(argv, program);
    g_strv_builder_add(argv, "--default-settings");
    g_strv_builder_addv(argv, (const char **)scripts);
    return g_strv_builder_end(argv);
}

/* Between fork and exec: gnuplot does not run on when pairlift is killed. `parent`: who asked for it; it may
 * have ended before the child could say so. */
static void end_with_parent(gpointer parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != GPOINTER_TO_INT(parent))
        raise(SIGKILL);
}

gboolean pl_gnuplot_run(const char *program, const char *folder, const char *const *scripts, guint limit_s,
                        GError **error) {
    g_auto(GStrv) argv = command_line(program, scripts);
    g_autoptr(GError) cause = NULL;
    GPid child;
    int fd;
    if (!g_spawn_async_with_pipes(folder, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                                  end_with_parent, GINT_TO_POINTER(getpid()), &child, NULL, NULL, &fd,
                                  &cause)) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "cannot start gnuplot: %s", cause->message);
        return FALSE;
    }
    gint64 deadline = g_get_monotonic_time() + (gint64)limit_s * G_USEC_PER_SEC;
    g_autoptr(GString) text = g_string_new(NULL);
    int status = 0;
    read_until(fd, deadline, text);
    gboolean ended = reap(child, deadline, &status);
    g_close(fd, NULL);
    g_spawn_close_pid(child);
    if (!ended) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "gnuplot took longer than %u s and was stopped",
                    limit_s);
        return FALSE;
    }
    if (!g_spawn_check_wait_status(status, &cause)) {
        g_autofree char *said = one_line(text);
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "gnuplot failed: %s",
                    *said != '\0' ? said : cause->message);
        return FALSE;
    }
    return TRUE;
}
