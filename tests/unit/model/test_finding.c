/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/finding.h"
#include "pairlift/model/result.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

Test(finding, amounts_in_words) {
    static const struct {
        double value, half;
        PlAmount amount;
        const char *unit, *want, *size;
    } cases[] = {
        {0.0312, 0.02, PL_AMOUNT_LIFT, "USD", "+3.1 %", "3.1 %"},
        {0.0312, 0.002, PL_AMOUNT_SHARE, NULL, "3.12 %", "3.12 %"},
        {-1.5, NAN, PL_AMOUNT_SHARE, NULL, "-150 %", "-150 %"},
        {1234.4, 200, PL_AMOUNT_MONEY, "USD", "+1,234 USD", "1,234 USD"},
        {-1234.4, 200, PL_AMOUNT_UNITS, NULL, "-1,234", "-1,234"},
        {2.494, 0.05, PL_AMOUNT_PRICE, "USD", "2.494 USD", "2.494 USD"},
        {-2.137, 0.4, PL_AMOUNT_NUMBER, NULL, "-2.14", "-2.14"},
        {1234, NAN, PL_AMOUNT_TOTAL, "USD", "1,234 USD", "1,234 USD"},
        {0.923, NAN, PL_AMOUNT_CHANCE, NULL, "92 %", "92 %"},
        {0.996, NAN, PL_AMOUNT_CHANCE, NULL, "99.6 %", "99.6 %"},
        {1, NAN, PL_AMOUNT_CHANCE, NULL, "more than 99.9 %", "more than 99.9 %"},
        {0, NAN, PL_AMOUNT_CHANCE, NULL, "less than 0.1 %", "less than 0.1 %"},
        {NAN, NAN, PL_AMOUNT_MONEY, "USD", "n/a", "n/a"},
        {-2.7e-10, 2.7e-10, PL_AMOUNT_MONEY, "USD", "0 USD", "0 USD"},
        {5.69, 4e-12, PL_AMOUNT_PRICE, "USD", "5.69 USD", "5.69 USD"},
        {-1.1e-14, 6e-14, PL_AMOUNT_LIFT, NULL, "0 %", "0 %"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            pl_format_amount(cases[i].value, cases[i].half, cases[i].amount, cases[i].unit);
        g_autofree char *size =
            pl_format_amount_size(cases[i].value, cases[i].half, cases[i].amount, cases[i].unit);
        cr_expect(eq(str, text, (char *)cases[i].want), "case %zu", i);
        cr_expect(eq(str, size, (char *)cases[i].size), "case %zu", i);
    }
}

Test(finding, intervals_in_words) {
    static const struct {
        double low, high;
        PlAmount amount;
        const char *want;
    } cases[] = {
        {0.01, 0.05, PL_AMOUNT_LIFT, "1.0 % to 5.0 %"},
        {-INFINITY, 0.05, PL_AMOUNT_LIFT, "5 % or less"},
        {-2, 0.5, PL_AMOUNT_SHARE, "-200 to 50 %"},
        {200, 1400, PL_AMOUNT_MONEY, "200 to 1,400 USD"},
        {200, INFINITY, PL_AMOUNT_MONEY, "200 USD or more"},
        {NAN, 1, PL_AMOUNT_MONEY, "n/a"},
        {-2.7e-10, 2.7e-10, PL_AMOUNT_MONEY, "0 to 0 USD"},
        {5.69 - 4e-12, 5.69, PL_AMOUNT_PRICE, "5.69 to 5.69 USD"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            pl_format_amount_interval(cases[i].low, cases[i].high, cases[i].amount, "USD");
        cr_expect(eq(str, text, (char *)cases[i].want), "case %zu", i);
    }
}

Test(finding, sections_own_what_they_hold) {
    PlSection *s = pl_section_new("economics", "What it earned");
    char treatment[] = "coupon";
    PlFinding *f = pl_section_add(s, treatment, "net_profit", "Net profit", PL_AMOUNT_MONEY);
    treatment[0] = 'X';
    cr_expect(eq(str, f->treatment, (char *)"coupon"));
    cr_expect(isnan(f->value) && isnan(f->p_value) && isnan(f->conf_low));
    f->group = g_strdup("S01");
    PlFinding *all = pl_section_add(s, "coupon", "net_profit", "Net profit", PL_AMOUNT_MONEY);
    cr_expect(eq(ptr, (void *)pl_section_find(s, "coupon", "net_profit"), all), "the one without a group");
    cr_expect(eq(ptr, (void *)pl_section_find(s, NULL, "net_profit"), all));
    cr_expect_null(pl_section_find(s, "other", "net_profit"));
    cr_expect_null(pl_section_find(NULL, NULL, "net_profit"));
    PlCurve *c = pl_section_add_curve(s, "coupon", "profit_by_price", 3);
    cr_expect(isnan(c->x[2]) && isnan(c->high[2]));
    cr_expect(eq(ptr, (void *)pl_section_curve(s, "coupon", "profit_by_price"), c));
    cr_expect_null(pl_section_curve(s, "coupon", "other"));
    pl_section_say(s, "%s pays", "It");
    cr_expect(eq(str, g_ptr_array_index(s->sentences, 0), (char *)"It pays"));
    pl_section_free(s);
    pl_section_free(NULL);
}

Test(finding, results_find_their_sections) {
    g_autoptr(PlResult) r = pl_result_new();
    cr_expect_null(pl_result_section(r, "economics"));
    PlSection *s = pl_result_add_section(r, "economics", "What it earned");
    cr_expect(eq(ptr, pl_result_section(r, "economics"), s));
    cr_expect_null(pl_result_section(r, "decomposition"));
}

Test(finding, is_told_with_its_interval_as_far_as_there_is_one) {
    PlSection *section = pl_section_new("x", "X");
    PlFinding *f = pl_section_add(section, "t", "m", "M", PL_AMOUNT_LIFT);
    const struct {
        double low, high;
        const char *want;
    } cases[] = {{0.03, 0.07, "+5.0 % (3.0 % to 7.0 %)"},
                 {NAN, NAN, "+5 %"},
                 {NAN, 0.07, "+5 % (7 % or less)"},
                 {0.03, NAN, "+5 % (3 % or more)"}};
    f->value = 0.05;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        f->conf_low = cases[i].low;
        f->conf_high = cases[i].high;
        g_autofree char *text = pl_format_finding(f);
        cr_expect(eq(str, text, (char *)cases[i].want), "case %zu", i);
    }
    pl_section_free(section);
}

Test(finding, a_value_that_misses_its_target_is_not_written_as_its_target) {
    static const struct {
        double value, target;
        const char *text;
    } cases[] = {{1.0029, 1, "1.0029"}, {1.029, 1, "1.03"}, {1, 1, "1"}, {0.99996, 1, "0.999960"}};
    PlSection *s = pl_section_new("id", "title");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlFinding *f = pl_section_add(s, NULL, "price_index", "Index", PL_AMOUNT_NUMBER);
        f->value = cases[i].value;
        pl_finding_mark(f)->target = cases[i].target;
        g_autofree char *text = pl_format_finding(f);
        cr_expect(eq(str, text, (char *)cases[i].text), "%s", text);
        f->conf_low = 0.9;
        f->conf_high = 1.1;
        cr_expect(epsilon_eq(dbl, pl_finding_precision(f), 0.1, 1e-12));
    }
    pl_section_free(s);
}
