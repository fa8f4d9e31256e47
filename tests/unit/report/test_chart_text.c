/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

Test(chart_text, label) {
    static const struct {
        const char *text;
        guint columns;
        const char *want;
    } cases[] = {
        {NULL, 10, ""},
        {"", 10, ""},
        {"S01 / S07", 10, "S01 / S07"},
        {"0123456789", 10, "0123456789"},
        {"0123456789a", 10, "012345678\u2026"},
        {"01234567  9ab", 10, "01234567\u2026"},
        {" a\tb\nc\r\n\x01 d ", 10, "a b c d"},
        {"a\xff\xfe", 10, "a\uFFFD\uFFFD"},
        {"\u202Eevil\u202C", 10, "evil"},
        {"\u0645\u06CC\u200C\u062E", 10, "\u0645\u06CC\u200C\u062E"}, /* the joiner of Persian stays */
        {"\u5E97\u5E97\u5E97", 5, "\u5E97\u5E97\u2026"},              /* wide ones take two columns */
        {"\u5E97\u5E97\u5E97", 4, "\u5E97\u2026"},
        {"a\u2028b", 10, "a b"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = pl_chart_label(cases[i].text, cases[i].columns);
        cr_expect(eq(str, got, (char *)cases[i].want));
        cr_expect(le(u32, pl_chart_columns(got), cases[i].columns));
    }
}

Test(chart_text, label_of_300_letters) {
    g_autofree char *text = g_strnfill(300, 'x');
    g_autofree char *got = pl_chart_label(text, 24);
    cr_expect(eq(u32, pl_chart_columns(got), 24));
    cr_expect(g_str_has_suffix(got, "\u2026"));
}

Test(chart_text, script_literals) {
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"plain", "t = 'plain'\n"},
        {"it's", "t = 'it''s'\n"},
        {"'; system('id'); '", "t = ''.\"\\047\".'; system(''id''); '''\n"},
        {"x''y", "t = 'x'''.\"\\047\".'y'\n"},
        {"a\nset output 'x'", "t = 'a set output ''x'''\n"},
        {"`id` $(id) @m \\ \"", "t = '`id` $(id) @m \\ \"'\n"},
        {NULL, "t = ''\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *script = g_string_new(NULL);
        pl_chart_set_text(script, "t", cases[i].text);
        cr_expect(eq(str, script->str, (char *)cases[i].want));
        g_string_free(script, TRUE);
    }
}

Test(chart_text, script_numbers) {
    static const struct {
        double value;
        const char *want;
    } cases[] = {{1, "x = 1.0\n"},   {-2.5, "x = -2.5\n"}, {1e300, "x = 1e+300\n"}, {-0.0, "x = 0.0\n"},
                 {NAN, "x = NaN\n"}, {0.1, "x = 0.1\n"},   {INFINITY, "x = NaN\n"}, {-INFINITY, "x = NaN\n"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *script = g_string_new(NULL);
        pl_chart_set_number(script, "x", cases[i].value);
        cr_expect(eq(str, script->str, (char *)cases[i].want));
        g_string_free(script, TRUE);
    }
    GString *script = g_string_new(NULL);
    pl_chart_set_count(script, "n", 3);
    cr_expect(eq(str, script->str, (char *)"n = 3\n"));
    g_string_free(script, TRUE);
}

Test(chart_text, data_fields) {
    GString *data = g_string_new("head\n");
    pl_chart_add_number(data, 1);
    pl_chart_add_number(data, NAN);
    pl_chart_add_text(data, "a \"b\" \\n\tc");
    pl_chart_add_text(data, "");
    pl_chart_add_text(data, "#x");
    g_string_append_c(data, '\n');
    pl_chart_add_text(data, "#first");
    cr_expect(eq(str, data->str, (char *)"head\n1\tNaN\ta \\042b\\042 \\\\n c\t \t\\043x\n\\043first"));
    g_string_free(data, TRUE);
}
