/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/numbers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define RELATIVE PL_EFFECT_RELATIVE
#define ABSOLUTE PL_EFFECT_ABSOLUTE

static void expect_text(char *got, const char *want) {
    cr_expect(eq(str, got, (char *)want));
    g_free(got);
}

Test(numbers, effect) {
    static const struct {
        double effect, precision;
        PlScale scale;
        const char *unit, *want;
    } cases[] = {
        {0.031, 0.0225, RELATIVE, NULL, "+3.1 %"},
        {0.031, 0.00225, RELATIVE, NULL, "+3.10 %"},
        {0.031, 0.225, RELATIVE, NULL, "+3 %"},
        {0.031, NAN, RELATIVE, NULL, "+3.1 %"},
        {0.0312345, NAN, RELATIVE, NULL, "+3.12 %"},
        {0.031, INFINITY, RELATIVE, NULL, "+3.1 %"},
        {0.031, 0, RELATIVE, NULL, "+3.1 %"},
        {-0.031, 0.0225, RELATIVE, "EUR", "-3.1 %"}, /* a lift has no unit */
        {-0.0001, 0.05, RELATIVE, NULL, "0.0 %"},
        {0.0001, 0.05, RELATIVE, NULL, "0.0 %"},
        {-0.0, NAN, RELATIVE, NULL, "0 %"},
        {0, 0.02, RELATIVE, NULL, "0.0 %"},
        {12.34, 5.1, ABSOLUTE, NULL, "+12.3"},
        {12.34, 0.051, ABSOLUTE, "EUR", "+12.340 EUR"},
        {12.34, 51, ABSOLUTE, "", "+12"},
        {-1234567.8, 5000, ABSOLUTE, "units", "-1,234,568 units"},
        {123456.4, NAN, ABSOLUTE, NULL, "+123,456"},
        {9.996, NAN, ABSOLUTE, NULL, "+10"},
        {1000000, NAN, RELATIVE, NULL, "+100,000,000 %"},
        {1.5e18, 1e17, ABSOLUTE, NULL, "+1.50e+18"},
        {1.5e-12, 1e-13, ABSOLUTE, "t", "+1.50e-12 t"},
        {-1.5e-12, NAN, ABSOLUTE, NULL, "-1.50e-12"},
        {2.5, 1e-14, ABSOLUTE, NULL, "+2.500000000"},
        {NAN, 0.1, RELATIVE, NULL, "n/a"},
        {NAN, NAN, ABSOLUTE, "EUR", "n/a"},
        {INFINITY, NAN, ABSOLUTE, NULL, "+inf"},
        {-INFINITY, NAN, ABSOLUTE, NULL, "-inf"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_text(pl_format_effect(cases[i].effect, cases[i].precision, cases[i].scale, cases[i].unit),
                    cases[i].want);
}

Test(numbers, interval) {
    static const struct {
        double low, high;
        PlScale scale;
        const char *unit, *want;
    } cases[] = {
        {0.009, 0.054, RELATIVE, NULL, "0.9 % to 5.4 %"},
        {-0.009, 0.054, RELATIVE, NULL, "-0.9 % to 5.4 %"},
        {-0.00001, 0.054, RELATIVE, NULL, "-0.001 % to 5.4 %"},
        {0.009, INFINITY, RELATIVE, NULL, "0.9 % or more"},
        {0.1234567, INFINITY, RELATIVE, NULL, "12.3 % or more"},
        {-INFINITY, 0.054, RELATIVE, NULL, "5.4 % or less"},
        {-1, 0.054, RELATIVE, NULL, "5.4 % or less"}, /* exp(-inf) - 1 */
        {-1, 3, ABSOLUTE, NULL, "-1.0 to 3.0"},
        {-INFINITY, INFINITY, ABSOLUTE, NULL, "unbounded"},
        {-1, INFINITY, RELATIVE, NULL, "unbounded"},
        {1.25, 41.5, ABSOLUTE, "EUR", "1 to 42 EUR"},
        {1000.5, INFINITY, ABSOLUTE, "EUR", "1,000 EUR or more"},
        {0.02, 0.02, RELATIVE, NULL, "2 % to 2 %"},
        {NAN, 0.1, RELATIVE, NULL, "n/a"},
        {0.1, NAN, ABSOLUTE, "EUR", "n/a"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_text(pl_format_interval(cases[i].low, cases[i].high, cases[i].scale, cases[i].unit),
                    cases[i].want);
}

Test(numbers, p_value) {
    static const struct {
        double p;
        const char *want;
    } cases[] = {
        {0.012, "0.012"},     {0, "< 0.0001"},       {0.00009999, "< 0.0001"},
        {0.0001, "0.00010"},  {0.0497029, "0.0497"}, {0.049999, "0.049999"},
        {0.0526733, "0.053"}, {0.05, "0.050"},       {0.0099, "0.0099"},
        {0.00996, "0.00996"}, {0.0999, "0.0999"},    {0.2071, "0.21"},
        {0.53, "0.53"},       {0.995, "> 0.99"},     {1, "1"},
        {NAN, "n/a"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_text(pl_format_p(cases[i].p), cases[i].want);
}

Test(numbers, p_value_never_changes_sides) {
    static const double levels[] = {0.01, 0.05, 0.1};
    for (int i = 1; i < 2000; i++) {
        double p = 0.0001 * i * 0.5 + 0.0001;
        g_autofree char *text = pl_format_p(p);
        double shown = g_ascii_strtod(text, NULL);
        for (gsize k = 0; k < G_N_ELEMENTS(levels); k++)
            if ((p < levels[k]) != (shown < levels[k]))
                cr_fail("%.17g is shown as %s", p, text);
    }
}

Test(numbers, chance) {
    static const struct {
        double p;
        const char *want;
    } cases[] = {
        {0.012, "1 in 83"},
        {0.05, "1 in 20"},
        {0.2, "1 in 5"},
        {0.3, "3 in 10"},
        {0.8, "8 in 10"},
        {0.949, "9 in 10"},
        {0.96, "more than 9 in 10"},
        {1, "more than 9 in 10"},
        {0.00123, "1 in 810"},
        {0.0001, "1 in 10,000"},
        {0.00099, "1 in 1,000"},
        {0.00001, "less than 1 in 10,000"},
        {0, "less than 1 in 10,000"},
        {NAN, "n/a"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_text(pl_format_chance(cases[i].p), cases[i].want);
}

Test(numbers, number) {
    static const struct {
        double value;
        int decimals;
        const char *want;
    } cases[] = {
        {1234.5, 1, "1,234.5"},
        {-1234567, 0, "-1,234,567"},
        {999, 0, "999"},
        {999.9, 0, "1,000"},
        {-0.04, 1, "0.0"},
        {-0.0, 0, "0"},
        {0.5, -3, "0"},
        {1e15, 2, "1.00e+15"},
        {-1e300, 2, "-1.00e+300"},
        {1e14, 0, "100,000,000,000,000"},
        {1e-12, 12, "1.00e-12"},
        {0, 12, "0.000000000"},
        {NAN, 2, "n/a"},
        {INFINITY, 2, "inf"},
        {-INFINITY, 2, "-inf"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_text(pl_format_number(cases[i].value, cases[i].decimals), cases[i].want);
}

Test(numbers, a_size_has_no_plus_sign) {
    g_autofree char *size = pl_format_size(0.031, 0.0225, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *fall = pl_format_size(-12.34, NAN, PL_EFFECT_ABSOLUTE, "EUR");
    g_autofree char *none = pl_format_size(NAN, NAN, PL_EFFECT_RELATIVE, NULL);
    cr_assert(eq(str, size, "3.1 %"));
    cr_assert(eq(str, fall, "-12.3 EUR"));
    cr_assert(eq(str, none, "n/a"));
}

Test(numbers, a_limit_that_is_not_zero_is_not_shown_as_zero) {
    expect_text(pl_format_interval(0.0004, 1.15, RELATIVE, NULL), "0.04 % to 115 %");
    expect_text(pl_format_interval(-0.3, -0.00001, ABSOLUTE, NULL), "-0.30 to -0.00001");
    expect_text(pl_format_interval(0, 1.15, RELATIVE, NULL), "0 % to 115 %");
}

Test(numbers, an_absurd_lift_has_no_digits) {
    expect_text(pl_format_interval(-0.5, 72736.68, RELATIVE, NULL), "-50 % to over 1,000 %");
    expect_text(pl_format_interval(-0.5, 9.99, RELATIVE, NULL), "-50 % to 999 %");
}

Test(numbers, p_as_a_relation_and_counts_with_their_noun) {
    expect_text(pl_format_p_is(0.012), "p = 0.012");
    expect_text(pl_format_p_is(1e-9), "p < 0.0001");
    expect_text(pl_format_count(1, "day", "days"), "1 day");
    expect_text(pl_format_count(1234, "day", "days"), "1,234 days");
}
