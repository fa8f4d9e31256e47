/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/diagnostics.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(diagnostics, places_and_hints) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    g_autoptr(GError) error = NULL;
    pl_diagnostics_add(d, "feb.yaml", (PlPos){14, 5}, "did you mean \"metrics\"?", "unknown key \"%s\"",
                       "metrcs");
    pl_diagnostics_add(d, "sales.csv", (PlPos){118, 0}, NULL, "no number");
    pl_diagnostics_add(d, "sales.csv", (PlPos){0, 7}, NULL, "empty");
    pl_diagnostics_add(d, NULL, (PlPos){0, 0}, NULL, "no file");
    cr_assert(zero(pl_diagnostics_ok(d, PL_ERROR_DATA, &error)));
    cr_assert(eq(str, error->message,
                 (char *)"feb.yaml:14:5: error: unknown key \"metrcs\"\n"
                         "  hint: did you mean \"metrics\"?\n"
                         "sales.csv:118: error: no number\n"
                         "sales.csv: error: empty\n"
                         "pairlift: error: no file"));
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DATA));
}

Test(diagnostics, nothing_added_is_no_error) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(20);
    g_autoptr(GError) error = NULL;
    cr_assert(pl_diagnostics_ok(d, PL_ERROR_DATA, &error));
    cr_assert(zero(ptr, error));
    pl_diagnostics_free(NULL);
}

Test(diagnostics, counts_what_it_does_not_keep) {
    static const struct {
        guint kept, added;
        const char *last;
    } cases[] = {{2, 2, "f:1: error: e"},
                 {2, 3, "and 1 more error"},
                 {2, 9, "and 7 more errors"},
                 {0, 9, "f:8: error: e"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlDiagnostics) d = pl_diagnostics_new(cases[i].kept);
        g_autoptr(GError) error = NULL;
        for (guint n = 0; n < cases[i].added; n++)
            pl_diagnostics_add(d, "f", (PlPos){(int)n, 0}, NULL, "e");
        cr_assert(eq(u32, pl_diagnostics_count(d), cases[i].added));
        cr_assert(zero(pl_diagnostics_ok(d, PL_ERROR_DEFINITION, &error)));
        cr_assert(eq(str, strrchr(error->message, '\n') + 1, (char *)cases[i].last));
    }
}

Test(diagnostics, hostile_text_stays_on_its_line) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    g_autoptr(GError) error = NULL;
    pl_diagnostics_add(d, "a\nb", (PlPos){1, 0}, "\x1b[31m", "\t\xff\xe2\x80\xae \xc3\xa9");
    cr_assert(zero(pl_diagnostics_ok(d, PL_ERROR_DATA, &error)));
    cr_assert(eq(str, error->message, (char *)"a\\nb:1: error: \\t\\xff\\u202e \xc3\xa9\n  hint: \\x1b[31m"));
}

Test(diagnostics, a_hint_is_not_repeated_row_by_row) {
    g_autoptr(PlDiagnostics) rows = pl_diagnostics_new(20), keys = pl_diagnostics_new(0);
    PlDiagnostics *both[] = {rows, keys};
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        pl_diagnostics_add(both[i], "f", (PlPos){1, 0}, "do this", "one");
        pl_diagnostics_add(both[i], "f", (PlPos){2, 0}, "do this", "two");
        pl_diagnostics_add(both[i], "f", (PlPos){3, 0}, "do that", "three");
        pl_diagnostics_add(both[i], "f", (PlPos){4, 0}, "do this", "four");
    }
    g_autoptr(GError) error = NULL, every = NULL;
    cr_assert(not(pl_diagnostics_ok(rows, PL_ERROR_DATA, &error)));
    cr_assert(not(pl_diagnostics_ok(keys, PL_ERROR_DATA, &every)));
    cr_assert(eq(str, error->message,
                 (char *)"f:1: error: one\n  hint: do this\nf:2: error: two\nf:3: error: three\n"
                         "  hint: do that\nf:4: error: four\n  hint: do this"));
    cr_assert_not_null(strstr(every->message, "f:2: error: two\n  hint: do this"));
}
