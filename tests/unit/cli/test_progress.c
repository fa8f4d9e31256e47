/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/progress.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pty.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define SECONDS_AGO 2000000 /* microseconds */

static int reader; /* the other end of standard error */

static void to_terminal(void) {
    int end;
    if (openpty(&reader, &end, NULL, NULL, NULL) != 0)
        cr_skip_test("no pseudo-terminal here");
    cr_assert(ge(int, dup2(end, STDERR_FILENO), 0));
}

static void to_pipe(void) {
    int ends[2];
    cr_assert(eq(int, pipe(ends), 0));
    cr_assert(ge(int, dup2(ends[1], STDERR_FILENO), 0));
    reader = ends[0];
}

/* What was shown since the last look. "|" is written behind it, so that there is something to read. */
static char *shown(void) {
    char text[4096];
    fflush(stderr);
    cr_assert(eq(sz, (size_t)write(STDERR_FILENO, "|", 1), 1));
    gsize n = 0;
    while (n == 0 || text[n - 1] != '|') {
        gssize got = read(reader, text + n, sizeof text - n);
        cr_assert(gt(i64, got, 0));
        n += (gsize)got;
    }
    return g_strndup(text, n - 1);
}

static void expect_shown(const char *want) {
    g_autofree char *text = shown();
    cr_expect(eq(str, text, (char *)want));
}

Test(progress, text) {
    static const struct {
        guint64 done, total;
        const char *want;
    } cases[] = {
        {0, 10, "reading [                              ]   0 %"},
        {1, 2, "reading [###############               ]  50 %"},
        {10, 10, "reading [##############################] 100 %"},
        {11, 10, "reading [##############################] 100 %"},
        {0, 0, "reading [                              ]   0 %"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = pl_bar_text("reading", cases[i].done, cases[i].total);
        cr_expect(eq(str, text, (char *)cases[i].want));
    }
}

Test(progress, a_bar_appears_after_a_second_and_is_wiped) {
    to_terminal();
    PlOptions o = {0};
    PlBar bar = pl_bar_begin(&o, "reading");
    pl_bar_update(1, 2, &bar);
    pl_bar_end(&bar);
    expect_shown("");
    bar.begun -= SECONDS_AGO;
    bar.drawn -= SECONDS_AGO;
    pl_bar_update(1, 2, &bar);
    expect_shown("\rreading [###############               ]  50 %");
    pl_bar_update(2, 2, &bar);
    expect_shown(""); /* not ten times a second */
    pl_bar_end(&bar);
    expect_shown("\r\033[K");
    pl_bar_end(&bar);
    expect_shown("");
}

Test(progress, what_cannot_say_how_far_it_is_says_what_it_does) {
    to_terminal();
    PlOptions o = {0};
    PlBar bar = pl_bar_begin(&o, "drawing charts");
    pl_bar_say(&bar);
    expect_shown("\rdrawing charts ...");
    pl_bar_end(&bar);
    expect_shown("\r\033[K");
}

static void draw_all(const PlOptions *o) {
    PlBar bar = pl_bar_begin(o, "reading");
    bar.begun -= SECONDS_AGO;
    bar.drawn -= SECONDS_AGO;
    pl_bar_update(1, 2, &bar);
    pl_bar_say(&bar);
    pl_bar_end(&bar);
    expect_shown("");
}

Test(progress, nothing_when_somebody_said_no) {
    to_terminal();
    draw_all(&(PlOptions){.no_progress = TRUE});
    draw_all(&(PlOptions){.quiet = TRUE});
}

Test(progress, nothing_when_it_is_no_terminal) {
    to_pipe();
    draw_all(&(PlOptions){0});
}

Test(progress, verbose_says_how_long_and_quiet_wins) {
    to_pipe();
    gint64 begun = g_get_monotonic_time();
    pl_say(&(PlOptions){.verbose = TRUE, .quiet = TRUE}, begun, "tested");
    pl_say(&(PlOptions){0}, begun, "tested");
    expect_shown("");
    pl_say(&(PlOptions){.verbose = TRUE}, begun - 1500000, "tested");
    g_autofree char *text = shown();
    cr_expect(g_str_has_prefix(text, "pairlift: tested (1.5"), "%s", text);
}
