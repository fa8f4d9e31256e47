/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

/* Words against tests/golden; `make golden` writes them anew. */

#define FOLDER "experiments/dominicks-orange-juice/"

static void same_as_file(const char *got, const char *file) {
    g_autofree char *want = NULL;
    cr_assert(g_file_get_contents(file, &want, NULL, NULL), "no file %s", file);
    if (strcmp(got, want) != 0) {
        gsize at = 0;
        while (got[at] && got[at] == want[at])
            at++;
        cr_expect(
            0, "%s differs from byte %zu on: got \"%.60s\", golden \"%.60s\" (make golden writes them anew)",
            file, at, got + at, want + at);
    }
}

static void experiment(const char *name) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    g_autofree char *yaml = g_strdup_printf(FOLDER "%s.yaml", name);
    g_auto(Outcome) o = run_program("run", yaml, "--no-charts", "-o", report);
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    cr_expect_str_eq(o.err, "");
    g_auto(GStrv) parts = g_strsplit(o.out, folder, -1);
    g_autofree char *text = g_strjoinv("OUT", parts);
    static const char *const files[][2] = {
        {"report.md", "md"}, {"estimates.csv", "estimates.csv"}, {"pairs.csv", "pairs.csv"}};
    g_autofree char *golden = g_strdup_printf("tests/golden/%s.txt", name);
    same_as_file(text, golden);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *got = read_file(report, files[i][0]);
        g_autofree char *want = g_strdup_printf("tests/golden/%s.%s", name, files[i][1]);
        same_as_file(got, want);
    }
    g_auto(Outcome) check = run_program("check", yaml);
    g_autofree char *check_golden = g_strdup_printf("tests/golden/%s.check.txt", name);
    cr_expect(eq(int, check.status, 0));
    same_as_file(check.out, check_golden);
    temp_folder_remove(folder);
}

Test(golden, price_cut) {
    experiment("price-cut");
}

Test(golden, deal_sign) {
    experiment("deal-sign");
}

Test(golden, two_stores) {
    experiment("two-stores");
}

Test(golden, monitor) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    g_auto(Outcome) o =
        run_program("monitor", FOLDER "price-cut.yaml", "--as-of", "146", "--no-charts", "-o", report);
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    g_auto(GStrv) parts = g_strsplit(o.out, folder, -1);
    g_autofree char *text = g_strjoinv("OUT", parts);
    same_as_file(text, "tests/golden/monitor.txt");
    temp_folder_remove(folder);
}

Test(golden, stat) {
    g_auto(Outcome) text =
        run_program("stat", "signed_rank", "tests/golden/shoes.csv", "--x", "A", "--y", "B");
    g_auto(Outcome) json =
        run_program("stat", "sign_flip", "tests/golden/shoes.csv", "--x", "A", "--y", "B", "--json");
    same_as_file(text.out, "tests/golden/stat.txt");
    same_as_file(json.out, "tests/golden/stat.json");
}

Test(golden, help_and_the_generated_pages) {
    g_auto(Outcome) help = run_program("help"), run = run_program("run", "--help"),
                    stat = run_program("help", "stat");
    g_auto(Outcome) definition = run_program("help", "definition"), methods = run_program("help", "methods");
    same_as_file(help.out, "tests/golden/help.txt");
    same_as_file(run.out, "tests/golden/help-run.txt");
    g_auto(Outcome) monitor = run_program("help", "monitor");
    same_as_file(monitor.out, "tests/golden/help-monitor.txt");
    same_as_file(stat.out, "tests/golden/help-stat.txt");
    same_as_file(definition.out, "docs/definition.md");
    same_as_file(methods.out, "docs/methods.md");
}

/* docs/simulate.md shows the options, and an example from the simulation to its analysis. */
Test(golden, the_page_on_simulate_shows_real_output) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "simulation"), *report = in(folder, "report");
    g_autofree char *yaml = in(folder, "simulation/simulation.yaml"),
                    *page = read_file(".", "docs/simulate.md");
    g_auto(Outcome) help = run_program("help", "simulate"), made = run_program("simulate", "-o", chain),
                    run = run_program("run", yaml, "--no-charts", "-o", report);
    same_as_file(help.out, "tests/golden/help-simulate.txt");
    cr_expect_contains(page, strstr(help.out, "options:\n") + strlen("options:\n"));
    g_auto(GStrv) parts = g_strsplit(made.out, folder, -1);
    g_autofree char *said = g_strjoinv("out", parts);
    cr_expect_contains(page, said);
    g_auto(GStrv) halves = g_strsplit(run.out, "\nEffect of", 2);
    cr_expect_contains(page, halves[0]);
    temp_folder_remove(folder);
}

/* The KPIs of the simulated company, and their scorecard in docs/kpis.md. */
Test(golden, kpis_of_the_company) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report"), *page = read_file(".", "docs/kpis.md");
    g_auto(Outcome) kpi =
        run_program("kpi", "experiments/field-sales/field-sales.yaml", "--no-charts", "-o", report);
    cr_assert(eq(int, kpi.status, 0), "%s", kpi.err);
    g_auto(GStrv) parts = g_strsplit(kpi.out, folder, -1);
    g_autofree char *text = g_strjoinv("OUT", parts), *markdown = read_file(report, "report.md");
    same_as_file(text, "tests/golden/company.txt");
    same_as_file(markdown, "tests/golden/company.md");
    g_auto(GStrv) halves = g_strsplit(kpi.out, "\n\nSales volume by location\n", 2);
    cr_assert_not_null(halves[1]);
    cr_expect_contains(page, halves[0]);
    temp_folder_remove(folder);
}

/* Every ```text block of the README that begins with "$ pairlift" is what the program prints. */
Test(golden, the_readme_shows_real_output) {
    char *folder = temp_folder_new();
    g_autofree char *readme = read_file(".", "README.md");
    g_auto(GStrv) blocks = g_strsplit(readme, "```text\n", -1);
    guint shown = 0;
    for (guint i = 1; blocks[i]; i++) {
        if (!g_str_has_prefix(blocks[i], "$ build/release/pairlift "))
            continue;
        g_auto(GStrv) halves = g_strsplit(blocks[i], "```", 2);
        g_auto(GStrv) lines = g_strsplit(halves[0], "\n", 2);
        g_auto(GStrv) words = g_strsplit(lines[0] + strlen("$ build/release/pairlift "), " ", -1);
        g_autofree char *report = in(folder, "report");
        g_autoptr(GPtrArray) arguments = g_ptr_array_new();
        for (char **w = words; *w; w++)
            g_ptr_array_add(arguments, *w);
        g_ptr_array_add(arguments, (gpointer) "--no-charts");
        g_ptr_array_add(arguments, (gpointer) "-o");
        g_ptr_array_add(arguments, report);
        g_ptr_array_add(arguments, NULL);
        g_auto(Outcome) o = run_with_path(NULL, (const char *const *)arguments->pdata);
        cr_assert(eq(int, o.status, 0), "%s", o.err);
        g_autofree char *begin = g_strndup(o.out, strlen(lines[1]));
        cr_expect_str_eq(begin, lines[1]);
        shown++;
    }
    cr_assert(gt(u32, shown, 0), "the README shows no output");
    temp_folder_remove(folder);
}

Test(golden, the_readme_shows_the_methods_that_there_are) {
    g_auto(Outcome) families = run_program("help", "families");
    g_autofree char *readme = read_file(".", "README.md");
    cr_assert(eq(int, families.status, 0));
    cr_expect_contains(readme, families.out);
}
