/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/printable.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static void expect_printed(const char *text, const char *wanted) {
    g_autoptr(GString) out = g_string_new(">");
    pl_append_printable(out, text);
    cr_expect_str_eq(out->str + 1, wanted);
    cr_expect(eq(chr, out->str[0], '>'), "what was there stays");
}

Test(printable, leaves_text_as_it_is) {
    static const char *const texts[] = {
        "",
        "S01 / S07",
        "back\\slash \"quotes\" 'and' `ticks`",
        "Zürich Æther 東京 🍊",
        "فروشگاه", /* right to left by its letters is how it is read */
        "e\xcc\x81" /* e and a combining acute */,
        "a\xc2\xa0"
        "b", /* no-break space */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        expect_printed(texts[i], texts[i]);
}

Test(printable, escapes_what_leaves_the_line_or_commands_the_terminal) {
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"a\nb\r\tc", "a\\nb\\r\\tc"},
        {"\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m"},
        {"\033]0;title\007", "\\x1b]0;title\\x07"},
        {"\b\x7f\x01", "\\x08\\x7f\\x01"},
        {"\xc2\x9b"
         "31m",
         "\\x9b31m"}, /* the one-character form of ESC [ */
        {"\xc2\x85", "\\x85"},
        {"a\xe2\x80\xa8"
         "b\xe2\x80\xa9",
         "a\\u2028b\\u2029"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_printed(cases[i].text, cases[i].wanted);
}

Test(printable, escapes_what_turns_the_reading_direction) {
    for (gunichar c = 0x2020; c < 0x2080; c++) {
        gboolean turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        if (!turns)
            continue;
        char text[8] = {0}, wanted[16];
        g_unichar_to_utf8(c, text);
        g_snprintf(wanted, sizeof wanted, "\\u%04x", c);
        expect_printed(text, wanted);
    }
    expect_printed("abc\xe2\x80\xae"
                   "txt.exe",
                   "abc\\u202etxt.exe");
}

Test(printable, shows_bytes_that_are_not_utf8) {
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"ao\xfbt\xe9", "ao\\xfbt\\xe9"},    /* Latin-1 */
        {"\xc0\xaf", "\\xc0\\xaf"},          /* overlong / */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* a surrogate */
        {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
        {"cut \xe2\x82", "cut \\xe2\\x82"},
        {"\xff\n\xe2\x82\xac", "\\xff\\n\xe2\x82\xac"}, /* the next character is found again */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_printed(cases[i].text, cases[i].wanted);
}

Test(printable, gives_one_line_of_utf8_whatever_the_bytes) {
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int round = 0; round < 2000; round++) {
        char bytes[25];
        for (gsize i = 0; i < sizeof bytes - 1; i++)
            bytes[i] = (char)g_rand_int_range(random, 1, 256);
        bytes[sizeof bytes - 1] = '\0';
        g_autoptr(GString) out = g_string_new(NULL);
        pl_append_printable(out, bytes);
        cr_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
        for (const char *p = out->str; *p; p = g_utf8_next_char(p))
            cr_assert(zero(g_unichar_iscntrl(g_utf8_get_char(p))));
    }
}
