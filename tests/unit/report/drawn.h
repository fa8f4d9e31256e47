/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "../../common/temp_folder.h"
#include "chart_fixture.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/charts.h"

/* Charts drawn by gnuplot into a folder that a suite makes and removes: TestSuite(NAME, DRAWN). */

static char *folder;

static inline void make_folder(void) {
    folder = temp_folder_new();
}

static inline void remove_folder(void) {
    temp_folder_remove(folder);
}

#define DRAWN .init = make_folder, .fini = remove_folder

static inline void draw(PlResult *result) {
    gboolean missing;
    g_autoptr(GError) error = NULL;
    if (!pl_charts_write(result, folder, &error) || !pl_charts_draw(result, folder, &missing, &error))
        cr_fatal("%s", error->message);
    if (missing)
        cr_skip_test("gnuplot is not installed");
}

static inline char *read_chart(const char *file) {
    g_autofree char *path = g_build_filename(folder, "charts", file, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        cr_fatal("%s", error->message);
    return text;
}

/* Names that would do something if they were read as more than names. */
static const char *const hostile[] = {
    "it's",
    "say \"hi\"",
    "\"open",
    "`touch PWNED`",
    "$(touch PWNED)",
    "@macro",
    "<b>&amp;</b>",
    "%d %s %%n",
    "C:\\new\\101",
    "{/Symbol a}_x^2",
    "tab\there",
    "new\nline",
    "\x01\x1b[31m",
    "\u202Ertl\u202C",
    "#comment",
    "\u0645\u06CC\u200C\u062E",
    "?",
    "NaN",
    "'; system('touch PWNED'); '",
    "trail\\",
};

/* The label as gnuplot writes it into an svg. */
static inline char *as_svg(const char *text, guint columns) {
    g_autofree char *label = pl_chart_label(text, columns);
    GString *svg = g_string_new(label);
    g_string_replace(svg, "&", "&amp;", 0);
    g_string_replace(svg, "<", "&lt;", 0);
    return g_string_free(svg, FALSE);
}
