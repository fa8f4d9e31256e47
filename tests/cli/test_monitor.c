/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "small_experiment.h"

/* The verb monitor from outside. */

static Outcome monitor_small(const char *folder, const char *as_of) {
    g_autofree char *yaml = in(folder, "small.yaml");
    return as_of ? run_program("monitor", yaml, "--json", "--as-of", as_of)
                 : run_program("monitor", yaml, "--json");
}

/* Leaves out of sales.csv the lines that hold `text`. */
static void write_without(const char *folder, const char *text) {
    g_autofree char *sales = read_file(folder, "sales.csv");
    g_auto(GStrv) lines = g_strsplit(sales, "\n", -1);
    g_autoptr(GString) kept = g_string_new(NULL);
    for (char **line = lines; *line; line++)
        if (**line && strstr(*line, text) == NULL)
            g_string_append_printf(kept, "%s\n", *line);
    g_autofree char *written = temp_folder_write(folder, "sales.csv", kept->str);
}

Test(monitor_cli, says_what_is_asked_of_it) {
    char *folder = temp_folder_new();
    write_small(folder, plain);
    g_auto(Outcome) all = monitor_small(folder, NULL), one = monitor_small(folder, "2024-01-03");
    cr_expect(eq(int, all.status, 0), "%s", all.err);
    cr_expect(eq(int, one.status, 0), "%s", one.err);
    cr_expect(strstr(all.out, "\"monitor\": [") != NULL);
    cr_expect(strstr(all.out, "estimate_over_time") != NULL);
    cr_expect(strstr(one.out, "after 1 of 2 days") || strstr(one.out, "After 1 of 2 days"), "%s", one.out);
    temp_folder_remove(folder);
}

Test(monitor_cli, nothing_yet_is_no_failure) {
    char *folder = temp_folder_new();
    write_small(folder, plain);
    g_auto(Outcome) o = monitor_small(folder, "2024-01-02");
    cr_expect(eq(int, o.status, 0), "%s", o.err);
    cr_expect(strstr(o.out, "Nothing to see yet: the promotion begins on 2024-01-03") != NULL);
    temp_folder_remove(folder);
}

/* A look as of a day is one at a file that ends there. */
Test(monitor_cli, later_data_do_not_matter) {
    char *folder = temp_folder_new(), *short_folder = temp_folder_new();
    write_small(folder, plain);
    write_small(short_folder, plain);
    write_without(short_folder, "2024-01-04");
    g_auto(Outcome) as_of = monitor_small(folder, "2024-01-03"), ends = monitor_small(short_folder, NULL);
    const char *a = strstr(as_of.out, "\"estimates\""), *b = strstr(ends.out, "\"estimates\"");
    cr_assert(a && b);
    cr_expect_str_eq(a, b);
    temp_folder_remove(folder);
    temp_folder_remove(short_folder);
}

Test(monitor_cli, refuses_what_is_no_day) {
    char *folder = temp_folder_new();
    write_small(folder, plain);
    g_auto(Outcome) word = monitor_small(folder, "yesterday"), early = monitor_small(folder, "2020-01-01");
    cr_expect(eq(int, word.status, 2));
    cr_expect(strstr(word.err, "--as-of \"yesterday\" is not a date") != NULL, "%s", word.err);
    cr_expect(eq(int, early.status, 4));
    cr_expect(strstr(early.err, "no data up to 2020-01-01") != NULL, "%s", early.err);
    g_auto(Outcome) number = run_program("monitor", GOOD, "--as-of", "2024-01-01", "--json");
    cr_expect(eq(int, number.status, 2));
    cr_expect(strstr(number.err, "is not a number") != NULL, "%s", number.err);
    temp_folder_remove(folder);
}

/* A store that is missing on a day that has passed is a fault as it is for run. */
Test(monitor_cli, gaps_in_what_has_passed_are_faults) {
    char *folder = temp_folder_new();
    write_small(folder, plain);
    write_without(folder, "\"B\",2024-01-03");
    g_auto(Outcome) o = monitor_small(folder, "2024-01-03");
    cr_expect(eq(int, o.status, 4));
    cr_expect(strstr(o.err, "store \"B\" has no row for 2024-01-03") != NULL, "%s", o.err);
    temp_folder_remove(folder);
}
