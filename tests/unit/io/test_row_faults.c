/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/row_faults.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static PlText text(const char *s) {
    return (PlText){s, strlen(s)};
}

/* The one fault's words. */
static char *take(PlRowFaults *faults) {
    g_autoptr(GError) error = NULL;
    cr_assert(zero(pl_diagnostics_ok(faults->diagnostics, PL_ERROR_DATA, &error)));
    cr_assert(eq(u32, pl_diagnostics_count(faults->diagnostics), 1));
    pl_diagnostics_free(faults->diagnostics);
    faults->diagnostics = pl_diagnostics_new(0);
    return g_strdup(error->message);
}

static void expect(PlRowFaults *faults, const char *what) {
    g_autofree char *seen = take(faults);
    g_autofree char *expected = g_strconcat("t.csv:9: error: ", what, NULL);
    cr_assert(eq(str, seen, expected));
}

Test(row_faults, numbers) {
    static const struct {
        const char *cell, *decimal, *hint; /* hint NULL: none */
    } cases[] = {
        {"1,5", NULL, "set decimal: \",\" under data"},
        {"1.5", ",", "set decimal: \".\" under data"},
        {"1,234,567", ".", "write numbers without marks between the thousands"},
        {"1.234.567,5", ",", "write numbers without marks between the thousands"},
        {"1 234,5", ".", "write numbers without marks between the thousands"},
        {"abc", NULL, NULL},
        {"1e999", NULL, NULL},
        {"--", NULL, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlTable table = {.decimal = (char *)cases[i].decimal};
        PlRowFaults faults = {pl_diagnostics_new(0), &table, "t.csv"};
        pl_fault_not_a_number(&faults, 9, "revenue", text(cases[i].cell), text("S1"));
        g_autofree char *what = g_strdup_printf(
            "column \"revenue\": \"%s\" is not a number (store \"S1\")%s%s", cases[i].cell,
            cases[i].hint != NULL ? "\n  hint: " : "", cases[i].hint != NULL ? cases[i].hint : "");
        expect(&faults, what);
        pl_diagnostics_free(faults.diagnostics);
    }
}

Test(row_faults, other_cells) {
    PlTable table = {0};
    PlRowFaults faults = {pl_diagnostics_new(0), &table, "t.csv"};
    pl_fault_no_value(&faults, 9, "units", text(""), text("S1"));
    expect(&faults, "column \"units\" is empty (store \"S1\")\n"
                    "  hint: say under data what a missing value means: gaps: zero, closed or interpolate");
    pl_fault_no_value(&faults, 9, "units", text("NA"), text(""));
    expect(&faults, "column \"units\" is NA\n"
                    "  hint: say under data what a missing value means: gaps: zero, closed or interpolate");
    pl_fault_bad_date(&faults, 9, "day", text(""), text("S1"));
    expect(&faults, "column \"day\" is empty (store \"S1\")");
    pl_fault_bad_date(&faults, 9, "day", text("31/12/2024"), text("S1"));
    expect(&faults, "column \"day\": \"31/12/2024\" is not a date like %Y-%m-%d (store \"S1\")\n"
                    "  hint: set date_format: \"%d/%m/%Y\" under data");
    table.date_format = "number";
    pl_fault_bad_date(&faults, 9, "day", text("x"), text(""));
    expect(&faults, "column \"day\": \"x\" is not a period number");
    pl_fault_bad_store(&faults, 9, "store", text(""));
    expect(&faults, "column \"store\" is empty");
    pl_fault_bad_store(&faults, 9, "store", (PlText){"a\0b", 3});
    expect(&faults, "column \"store\" holds a NUL byte");
    pl_fault_bad_store(&faults, 9, "store", text("caf\xe9"));
    expect(&faults, "column \"store\": \"caf\\xe9\" is not valid UTF-8\n"
                    "  hint: convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8");
    pl_fault_repeated(&faults, 9, text("S1"), text("2024-01-01"));
    expect(&faults, "the row repeats an earlier one word for word (store \"S1\", date \"2024-01-01\")\n"
                    "  hint: under data, duplicates: keep if these are separate sales, drop if they were "
                    "exported twice");
    pl_diagnostics_free(faults.diagnostics);
}

/* Cells are cut after 60 bytes, at a letter, and stay on their line. */
Test(row_faults, long_and_hostile_cells) {
    PlTable table = {0};
    PlRowFaults faults = {pl_diagnostics_new(0), &table, "t.csv"};
    GString *cell = g_string_new("x\n");
    for (int i = 0; i < 100; i++)
        g_string_append(cell, "\u20ac"); /* three bytes each: 58 are left, 19 letters */
    pl_fault_not_a_number(&faults, 9, "revenue", (PlText){cell->str, cell->len}, text("S1"));
    g_autofree char *seen = take(&faults);
    g_string_truncate(cell, 2 + 19 * 3);
    g_autofree char *shown = g_strdup_printf("\"x\\n%s...\" is not a number", cell->str + 2);
    cr_assert(ne(ptr, strstr(seen, shown), NULL), "%s", seen);
    g_string_free(cell, TRUE);
    pl_diagnostics_free(faults.diagnostics);
}
