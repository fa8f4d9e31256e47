/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/levels.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static PlLevels *sorted(const char *list, char decimal) {
    g_auto(GStrv) texts = g_strsplit(list, "|", -1);
    PlNames *names = pl_names_new();
    for (char **t = texts; *t; t++)
        pl_names_add(names, *t, strlen(*t));
    PlLevels *levels = pl_levels_sort(names, decimal);
    for (guint i = 0; i < levels->n; i++) /* they outlive the names in this test */
        levels->labels[i] = g_intern_string(levels->labels[i]);
    for (guint i = 0; i < levels->n; i++)
        cr_expect_str_eq(levels->labels[levels->place[i]], texts[i]);
    pl_names_free(names);
    return levels;
}

Test(levels, are_in_the_order_of_what_they_are) {
    static const struct {
        const char *list, *order;
        char decimal;
        PlLevelOrder as;
    } cases[] = {
        {"10|9|-1|1e2", "-1|9|10|1e2", '.', PL_LEVELS_NUMBERS},
        {"1,5|1,25", "1,25|1,5", ',', PL_LEVELS_NUMBERS},
        {"1.0|1|0", "0|1|1.0", '.', PL_LEVELS_NUMBERS},
        {"31.01.2024|01.02.2024|15.12.2023", "15.12.2023|31.01.2024|01.02.2024", '.', PL_LEVELS_DATES},
        {"2024-02-01|2024-01-31", "2024-01-31|2024-02-01", '.', PL_LEVELS_DATES},
        {"S10|S9|b|A", "A|S10|S9|b", '.', PL_LEVELS_TEXTS},
        {"2024-01-31|soon", "2024-01-31|soon", '.', PL_LEVELS_TEXTS},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlLevels) levels = sorted(cases[i].list, cases[i].decimal);
        g_auto(GStrv) order = g_strsplit(cases[i].order, "|", -1);
        cr_expect(eq(int, (int)levels->order, (int)cases[i].as), "case %u", i);
        for (guint k = 0; order[k]; k++)
            cr_expect_str_eq(levels->labels[k], order[k], "case %u: %u. is %s", i, k, levels->labels[k]);
    }
}

Test(levels, a_range_includes_both_ends_whether_they_occur_or_not) {
    static const struct {
        const char *list, *from, *to;
        guint begin, end;
    } cases[] = {
        {"1|2|3|4", "2", "3", 1, 3},
        {"1|2|3|4", "0", "99", 0, 4},
        {"1|2|4|5", "3", "4.5", 2, 3},
        {"1|2", "5", "6", 2, 2},
        {"2024-01-01|2024-02-01|2024-03-01", "2024-01-15", "2024-03-01", 1, 3},
        {"a|b|d", "b", "c", 1, 2},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlLevels) levels = sorted(cases[i].list, '.');
        guint begin = 99, end = 99;
        cr_expect(pl_levels_range(levels, cases[i].from, cases[i].to, &begin, &end));
        cr_expect(begin == cases[i].begin && end == cases[i].end, "case %u: %u %u", i, begin, end);
    }
    g_autoptr(PlLevels) numbers = sorted("1|2", '.'), dates = sorted("2024-01-01", '.');
    guint begin, end;
    cr_expect_not(pl_levels_range(numbers, "one", "2", &begin, &end));
    cr_expect_not(pl_levels_range(dates, "2024-01-01", "2024-02-31", &begin, &end));
}

Test(levels, of_nothing_are_nothing) {
    g_autoptr(PlNames) none = pl_names_new();
    g_autoptr(PlLevels) levels = pl_levels_sort(none, '.');
    cr_expect(eq(int, (int)levels->n, 0));
}
