/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory_file.h"
#include "pairlift/io/csv_header.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Looks the column up in a file of that text: "index LINE", then the faults. */
static char *find(const char *text, const char *name, gboolean optional, const char *advice) {
    g_autofree char *path = memory_file(text, strlen(text));
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(path, "t.csv", &(PlCsvScanOptions){0}, faults);
    g_autoptr(GError) error = NULL;
    PlCsvHeader header = {0};
    GString *seen = g_string_new(NULL);
    if (pl_csv_header_read(scan, "t.csv", faults, &header))
        g_string_append_printf(seen, "%d %d\n", pl_csv_header_find(&header, name, optional, advice),
                               header.line);
    if (!pl_diagnostics_ok(faults, PL_ERROR_DATA, &error))
        g_string_append(seen, error->message);
    pl_csv_header_clear(&header);
    pl_csv_header_clear(&header);
    memory_file_close(path);
    return g_string_free(seen, FALSE);
}

Test(csv_header, finds_a_column_or_says_what_there_is) {
    static const struct {
        const char *text, *name;
        gboolean optional;
        const char *advice, *seen;
    } cases[] = {
        {"a,b\n1,2\n", "b", FALSE, NULL, "1 1\n"},
        {"\n \n\"a;1\"; b \n", "b", FALSE, NULL, "1 3\n"},
        {"a,b\n", "c", TRUE, "advice", "-1 1\n"},
        {"revenue,units\n", "revnue", FALSE, NULL,
         "-1 1\nt.csv:1: error: there is no column \"revnue\"\n  hint: did you mean \"revenue\"?"},
        {"revenue,units\n", "revnue", FALSE, "a metric needs it",
         "-1 1\nt.csv:1: error: there is no column \"revnue\"\n"
         "  hint: did you mean \"revenue\"? a metric needs it"},
        {"one,two\n", "sales_of_the_day", FALSE, "a metric needs it",
         "-1 1\nt.csv:1: error: there is no column \"sales_of_the_day\"\n"
         "  hint: the columns are \"one\", \"two\"; a metric needs it"},
        {"x,b,x\n", "x", TRUE, NULL,
         "-1 1\nt.csv:1: error: two columns are named \"x\", the 1. and the 3.\n"
         "  hint: rename or remove one of them"},
        {"c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14\n", "sales_of_the_day", FALSE, NULL,
         "-1 1\nt.csv:1: error: there is no column \"sales_of_the_day\"\n"
         "  hint: the columns are \"c1\", \"c2\", \"c3\", \"c4\", \"c5\", \"c6\", \"c7\", \"c8\", \"c9\", "
         "\"c10\", \"c11\", \"c12\" and 2 more"},
        {"", "a", TRUE, NULL, "t.csv: error: the file is empty"},
        {"\n\n", "a", TRUE, NULL, "t.csv: error: the file is empty"},
        {"\"a\n", "a", TRUE, NULL,
         "t.csv:1: error: the record that begins here has a quote that is never closed"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *seen = find(cases[i].text, cases[i].name, cases[i].optional, cases[i].advice);
        cr_assert(eq(str, seen, (char *)cases[i].seen), "case %zu", i);
    }
}
