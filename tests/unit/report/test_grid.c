/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/grid.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static char *print(const PlGrid *grid, gboolean color) {
    PlPage page = {g_string_new(NULL), color};
    pl_grid_print(grid, &page);
    return g_string_free(page.out, FALSE);
}

static void row(PlGrid *grid, ...) {
    va_list args;
    va_start(args, grid);
    for (const char *text = va_arg(args, const char *); text != NULL; text = va_arg(args, const char *))
        pl_grid_cell(grid, text);
    va_end(args);
}

/* Numbers at the right, heads over as many lines as they take, on the rows. */
Test(grid, columns_are_as_wide_as_their_cells) {
    g_autoptr(PlGrid) grid = pl_grid_new();
    pl_grid_column(grid, PL_GRID_NAME, "rep", FALSE);
    pl_grid_column(grid, PL_GRID_NUMBER, "median days", FALSE);
    pl_grid_column(grid, PL_GRID_STATUS, "", TRUE);
    row(grid, "Ada", "7", "on target", NULL);
    row(grid, "Benedict", "1,234", "", NULL);
    g_autofree char *text = print(grid, FALSE), *colored = print(grid, TRUE);
    cr_expect(eq(str, text,
                 "            median\n"
                 "  rep         days\n"
                 "  Ada            7  on target\n"
                 "  Benedict   1,234\n"));
    cr_expect_not_null(strstr(colored, "\033[1;32mon target\033[0m"));
}

/* Names are cut, labels get a line of their own, what commands a terminal is shown. */
Test(grid, long_texts_keep_within_the_page) {
    g_autoptr(PlGrid) names = pl_grid_new(), labels = pl_grid_new();
    pl_grid_column(names, PL_GRID_NAME, "product", FALSE);
    pl_grid_column(names, PL_GRID_NUMBER, "value", FALSE);
    row(names, "\033[31ma name that goes on and on and on", "1", NULL);
    pl_grid_column(labels, PL_GRID_LABEL, "", FALSE);
    pl_grid_column(labels, PL_GRID_NUMBER, "value", FALSE);
    row(labels, "a label that goes on and on and on and on and on and on and on and on and on", "1", NULL);
    row(labels, "short", "2", NULL);
    g_autofree char *cut = print(names, FALSE), *broken = print(labels, FALSE);
    cr_expect(eq(str, cut,
                 "  product                       value\n"
                 "  \\x1b[31ma name that goes on\u2026      1\n"));
    cr_expect(eq(str, broken,
                 "         value\n"
                 "  a label that goes on and on and on and on and on and on and on and on and on\n"
                 "             1\n"
                 "  short      2\n"));
}

/* What has no room is named; an interval goes before its value does. */
Test(grid, what_has_no_room_is_left_out_and_named) {
    g_autoptr(PlGrid) grid = pl_grid_new();
    g_autofree char *wide = g_strnfill(30, '1');
    pl_grid_column(grid, PL_GRID_NAME, "rep", FALSE);
    for (guint i = 0; i < 3; i++) {
        static const char *const heads[] = {"first", "second", "third"};
        pl_grid_column(grid, PL_GRID_NUMBER, heads[i], FALSE);
        pl_grid_column(grid, PL_GRID_TEXT, "interval", TRUE);
    }
    row(grid, "Ada", wide, "0 to 1", wide, "0 to 2", wide, "0 to 3", NULL);
    g_autofree char *text = print(grid, FALSE), *left_out = pl_grid_left_out(grid);
    cr_expect_not_null(strstr(text, "0 to 1"));
    cr_expect_not_null(strstr(text, "second"));
    cr_expect_null(strstr(text, "0 to 2"));
    cr_expect_null(strstr(text, "third"));
    cr_expect(eq(str, left_out, "third"));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **l = lines; *l != NULL; l++)
        cr_expect(le(i64, (int64_t)g_utf8_strlen(*l, -1), PL_PAGE_COLUMNS));
}

Test(grid, columns_without_a_cell_are_none) {
    g_autoptr(PlGrid) grid = pl_grid_new();
    pl_grid_column(grid, PL_GRID_LABEL, "", FALSE);
    pl_grid_column(grid, PL_GRID_NUMBER, "value", FALSE);
    pl_grid_column(grid, PL_GRID_TEXT, "interval", FALSE);
    row(grid, "a", "1", "", NULL);
    g_autofree char *text = print(grid, FALSE), *left_out = pl_grid_left_out(grid);
    cr_expect(eq(str, text, "     value\n  a      1\n"));
    cr_expect_null(left_out);
}
