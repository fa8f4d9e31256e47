/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats_fixture.h"

Test(csv, reads_back_and_no_cell_is_a_formula) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *estimates = pl_report_estimates_csv(r), *pairs = pl_report_pairs_csv(r);
    g_auto(GStrv) lines = g_strsplit(estimates, "\n", -1);
    cr_assert(eq(u32, g_strv_length(lines), 4), "header, two rows, and the end");
    g_auto(GStrv) head = g_strsplit(lines[0], ",", -1), row = g_strsplit(lines[1], ",", -1);
    cr_assert(eq(u32, g_strv_length(head), g_strv_length(row)));
    cr_assert_str_eq(head[5], "estimate");
    cr_assert(eq(dbl, g_ascii_strtod(row[5], NULL), 0.1 + 0.2));
    cr_assert_str_eq(row[6], "", "an absent number is an empty cell");
    cr_assert_not_null(strstr(pairs, ",\"'=cmd|' /C calc'!A1\"\",<b>`id`\n"), "%s", pairs);
}
