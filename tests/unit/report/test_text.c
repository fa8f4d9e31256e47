/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats_fixture.h"

Test(text, stays_within_80_columns_and_commands_no_terminal) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *text = pl_report_text(r, FALSE);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    cr_assert_null(strchr(text, '\033'));
    for (char **l = lines; *l; l++)
        if (!strstr(*l, "calc")) /* a single word longer than the line */
            cr_expect(le(i64, (int64_t)g_utf8_strlen(*l, -1), 80), "%s", *l);
    cr_assert_not_null(strstr(text, "WIN  With coupon, revenue rose"));
    cr_assert_not_null(strstr(text, "needs 2 pairs, there are 1"));
}

Test(text, is_the_same_with_colours_taken_out) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *plain = pl_report_text(r, FALSE), *colored = pl_report_text(r, TRUE);
    g_autoptr(GRegex) codes = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    g_autofree char *stripped = g_regex_replace_literal(codes, colored, -1, 0, "", 0, NULL);
    cr_assert(ne(str, plain, colored));
    cr_assert(eq(str, plain, stripped));
}
