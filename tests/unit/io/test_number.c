/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/columns.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static void same_as_strtod(const char *text) {
    double got = -1, expected = g_ascii_strtod(text, NULL);
    gboolean ok = pl_number_parse(text, strlen(text), '.', &got);
    cr_assert(eq(int, ok, isfinite(expected)), "%s", text);
    cr_assert(ok == FALSE || memcmp(&got, &expected, sizeof got) == 0, "%s: %.17g, strtod %.17g", text, got,
              expected);
}

/* A decimal of up to 25 digits with the mark anywhere and any exponent, long ones and absurd ones too. */
static void random_decimal(GRand *rand, char *text) {
    int digits = g_rand_int_range(rand, 1, 26), mark = g_rand_int_range(rand, 0, digits + 1);
    char *p = text;
    if (g_rand_boolean(rand))
        *p++ = "+-"[g_rand_int_range(rand, 0, 2)];
    for (int i = 0; i < digits; i++) {
        if (i == mark)
            *p++ = '.';
        *p++ = (char)('0' + (g_rand_boolean(rand) ? g_rand_int_range(rand, 0, 10) : 0));
    }
    *p = '\0';
    if (g_rand_boolean(rand))
        g_snprintf(p, 12, "%c%d", "eE"[g_rand_int_range(rand, 0, 2)], g_rand_int_range(rand, -340, 330));
    else if (g_rand_boolean(rand))
        g_snprintf(p, 12, "e%+d", g_rand_int_range(rand, -30, 30));
}

Test(number, equals_strtod_bit_for_bit) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(99);
    char text[64];
    for (int i = 0; i < 300000; i++) {
        random_decimal(rand, text);
        same_as_strtod(text);
    }
    for (int i = 0; i < 100000; i++) {
        guint64 bits = (guint64)g_rand_int(rand) << 32 | g_rand_int(rand);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        g_ascii_dtostr(text, sizeof text, value);
        same_as_strtod(text);
        g_ascii_formatd(text, sizeof text, "%.2f", fmod(value, 1e7));
        same_as_strtod(text);
    }
}

Test(number, edges) {
    static const char *const texts[] = {"0",
                                        "-0",
                                        "0.0",
                                        "-0.0e5",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740994.5",
                                        "1e22",
                                        "1e23",
                                        "1e-22",
                                        "1e-23",
                                        "123456789012345678901234567890",
                                        "0.000000000000000000000000000001",
                                        "4.9e-324",
                                        "2.4e-324",
                                        "1e-400",
                                        "1.7976931348623157e308",
                                        "1.7976931348623159e308",
                                        "1e308",
                                        "1e00000000000000000000000000000000001",
                                        "1e-99999999999999999999",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "5.",
                                        ".5",
                                        "+.5e+1"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        same_as_strtod(texts[i]);
    g_autofree char *zeros = g_strnfill(5000, '0');
    g_autofree char *tiny = g_strdup_printf("0.%s1e5001", zeros);
    same_as_strtod(tiny);
}

Test(number, refuses) {
    static const char *const texts[] = {
        "",      ".",     "-",     "+",     "12abc",   "1e",    "1e+", "1e999", "-1e999",      "nan",
        "NaN",   "inf",   "-inf",  "0x10",  "1,234.5", "1 234", " 1",  "1 ",    "--1",         "1-",
        "1.2.3", "1e5.5", "1e5e5", "1_000", "12,50",   "$5",    "5%",  "1d5",   "\xef\xbc\x91"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        double value = 77;
        cr_assert(zero(pl_number_parse(texts[i], strlen(texts[i]), '.', &value)), "%s", texts[i]);
        cr_assert(eq(dbl, value, 77), "%s", texts[i]);
    }
    double value;
    cr_assert(zero(pl_number_parse("1\0", 2, '.', &value)));
}

Test(number, decimal_comma) {
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"12,50", 12.5}, {"-,5", -0.5}, {"1234567890123456789012,5", 1234567890123456789012.5}, {"7", 7}};
    double value;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        cr_assert(pl_number_parse(cases[i].text, strlen(cases[i].text), ',', &value));
        cr_assert(eq(dbl, value, cases[i].value));
    }
    cr_assert(zero(pl_number_parse("12.50", 5, ',', &value)));
    cr_assert(zero(pl_number_parse("1.234,50", 8, ',', &value)));
}

/* Only as many bytes as were given are looked at. */
Test(number, length_ends_the_text) {
    double value;
    cr_assert(pl_number_parse("12345", 2, '.', &value));
    cr_assert(eq(dbl, value, 12));
}

Test(number, missing) {
    static const struct {
        const char *text;
        gboolean missing;
    } cases[] = {{"", TRUE},    {"NA", TRUE},   {" \t", TRUE},  {" NA ", TRUE},
                 {"na", FALSE}, {"N/A", FALSE}, {"NAN", FALSE}, {"0", FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_assert(eq(int, pl_number_missing(cases[i].text, strlen(cases[i].text)), cases[i].missing), "%s",
                  cases[i].text);
}
