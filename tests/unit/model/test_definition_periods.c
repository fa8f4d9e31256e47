/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition_periods.h"

#include "../io/definition_text.h"

Test(definition_periods, are_read_as_dates) {
    g_autoptr(PlDefinition) def = load_good("periods:\n  before: {from: 2024-01-01, to: 2024-01-31}\n"
                                            "  during: {from: 2024-02-01, to: \"2024-02-29\"}\n");
    cr_expect(def->periods.before.given && def->periods.during.given && !def->periods.after.given);
    cr_expect(eq(int, def->periods.before.first, 19723)); /* date -u -d 2024-01-01 +%s / 86400 */
    cr_expect(eq(int, def->periods.during.last, 19782));
    cr_expect(eq(int, def->periods.during.first, def->periods.before.last + 1));
}

Test(definition_periods, are_read_as_numbers) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def =
        load_text("experiment: e\nmetrics: [{name: a, sum: a}]\n"
                  "data: [{table: sales, file: s, date_format: number}]\n"
                  "periods: {before: {from: -3, to: 0}, during: {from: 1, to: 1}}\n",
                  &error);
    cr_assert(def != NULL, "%s", error != NULL ? error->message : "");
    cr_expect(eq(int, def->periods.before.first, -3));
    cr_expect(eq(int, def->periods.during.last, 1));
}

Test(definition_periods, name_what_is_no_period_number) {
    static const char *const texts[] = {"2024-01-01", "1.5", "99999999999", "week 3"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = g_strdup_printf("experiment: e\nmetrics: [{name: a, sum: a}]\n"
                                                "data: [{table: sales, file: s, date_format: number}]\n"
                                                "periods: {during: {to: 5, from: %s}}\n",
                                                texts[i]);
        g_autofree char *want = g_strdup_printf("d.yaml:4:33: error: \"%s\" is not a period number\n"
                                                "  hint: the sales table has date_format: number",
                                                texts[i]);
        expect_faults(text, want);
    }
}

Test(definition_periods, name_what_is_no_date) {
    static const struct {
        const char *text, *hint;
    } cases[] = {
        {"2024-02-30", "February 2024 has 29 days"},
        {"2023-02-29", "February 2023 has 28 days"},
        {"2024-04-31", "April 2024 has 30 days"},
        {"2024-1-5", "write 2024-01-05"},
        {"2024-13-01", "write year-month-day, such as 2024-02-29"},
        {"01/02/2024", "write 2024-02-01 or 2024-01-02, whichever is meant"},
        {"02/02/2024", "write 2024-02-02"},
        {"31.01.2024", "write 2024-01-31"},
        {"2024/01/31", "write 2024-01-31"},
        {"144", "for week or period numbers set date_format: number under the sales table"},
        {"soon", "write year-month-day, such as 2024-02-29"},
        {"2024-01-31 and more", "write year-month-day, such as 2024-02-29"},
        {"0000-01-01", "write year-month-day, such as 2024-02-29"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *tail =
            g_strdup_printf("periods:\n  during:\n    to: 2024-12-31\n    from: %s\n", cases[i].text);
        g_autofree char *want = g_strdup_printf("d.yaml:9:11: error: \"%s\" is not a date\n  hint: %s",
                                                cases[i].text, cases[i].hint);
        expect_tail_faults(tail, want);
    }
}

Test(definition_periods, do_not_run_backwards) {
    expect_tail_faults("periods: {during: {from: 2024-02-02, to: 2024-02-01}}\n",
                       "d.yaml:6:42: error: \"during\" runs backwards, from 2024-02-02 to 2024-02-01\n"
                       "  hint: swap \"from\" and \"to\"");
}

Test(definition_periods, follow_each_other) {
    expect_tail_faults(
        "periods:\n  before: {from: 2024-01-01, to: 2024-02-01}\n"
        "  during: {from: 2024-02-01, to: 2024-02-29}\n"
        "  after: {from: 2023-01-01, to: 2023-01-31}\n",
        "d.yaml:8:18: error: \"during\" (2024-02-01 to 2024-02-29) overlaps \"before\" "
        "(2024-01-01 to 2024-02-01)\n"
        "d.yaml:9:17: error: \"after\" (2023-01-01 to 2023-01-31) comes earlier than \"before\" "
        "(2024-01-01 to 2024-02-01)\n"
        "  hint: the order is before, during, after\n"
        "d.yaml:9:17: error: \"after\" (2023-01-01 to 2023-01-31) comes earlier than \"during\" "
        "(2024-02-01 to 2024-02-29)\n"
        "  hint: the order is before, during, after");
}

Test(definition_periods, need_both_ends) {
    expect_tail_faults("periods: {during: {from: 2024-02-02}}\n",
                       "d.yaml:6:19: error: missing key \"to\" in \"periods.during\"\n"
                       "  hint: Last day, itself included.");
}
