/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "small_experiment.h"

#include <jansson.h>
#include <math.h>
#include <unistd.h>

Test(cli, version_and_help) {
    g_auto(Outcome) version = run_program("--version"), help = run_program("--help"),
                    none = run_with_path(NULL, (const char *[]){NULL});
    cr_expect(eq(int, version.status, 0));
    cr_expect(g_str_has_prefix(version.out, "pairlift "));
    cr_expect(eq(int, help.status, 0));
    cr_expect(eq(int, none.status, 2));
    cr_expect_contains(none.err, "no verb given");
}

Test(cli, errors_of_the_command_line_have_status_2_and_a_hint) {
    static const struct {
        const char *arguments[6], *error, *hint;
    } cases[] = {
        {{"rum", GOOD}, "no verb \"rum\"", "did you mean \"run\"?"},
        {{"portfolio", GOOD}, "does not have the verb portfolio yet", "see pairlift help"},
        {{"run", GOOD, "--formt", "md"}, "--formt", "did you mean --format?"},
        {{"run"}, "got 0 arguments", "pairlift run"},
        {{"run", GOOD, GOOD}, "got 2 arguments", "pairlift run"},
        {{"run", GOOD, "--format", "pdf"}, "no format \"pdf\"", "text, json, csv and md"},
        {{"run", GOOD, "--format", "html"}, "does not write the format html", "text, json, csv and md"},
        {{"run", GOOD, "--color", "blue"}, "no --color \"blue\"", "auto, always or never"},
        {{"run", GOOD, "--threads", "x"}, "--threads", "see pairlift --help"},
        {{"run", GOOD, "--threads", "-1"}, "--threads is -1", NULL},
        {{"run", GOOD, "--threads", "0"}, "--threads is 0: expected 1 to 1024", NULL},
        {{"run", GOOD, "--threads", "1025"}, "--threads is 1025", NULL},
        {{"run", GOOD, "--seed", "-1"}, "--seed is -1", NULL},
        {{"run", GOOD, "--out="}, "--out is empty", "is a variable unset?"},
        {{"run", GOOD, "-o", ""}, "--out is empty", "is a variable unset?"},
        {{"run", GOOD, "--format", ""}, "--format is empty", "text, json, csv and md"},
        {{"check"}, "got 0 arguments", "pairlift check february.yaml"},
        {{"check", GOOD, "--out", "x"},
         "check writes no report, so it has no --out",
         "pairlift check --help"},
        {{"check", GOOD, "--format", "md"}, "it has no --format", "pairlift check --help"},
        {{"check", GOOD, "--no-chart"}, "--no-chart", "see pairlift --help"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "-o", "x"},
         "stat writes no report, so it has no --out",
         "pairlift stat --help"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--no-charts"},
         "it has no --no-charts",
         "pairlift stat --help"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--delimiter=:"},
         "no --delimiter \":\"",
         ", ; tab or |"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--delimiter="},
         "no --delimiter \"\"",
         ", ; tab or |"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--decimal=;"},
         "no --decimal \";\"",
         ". or ,"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--decimal="},
         "no --decimal \"\"",
         ". or ,"},
        {{"stat", "paired_x", "tests/golden/shoes.csv", "--x", "A"},
         "no method \"paired_x\"",
         "did you mean \"paired_t\"?"},
        {{"stat", "paired_t", "tests/golden/shoes.csv"}, "no --x given", "--x names the column"},
        {{"stat", "paired_t"}, "got 1 arguments", "stat paired_t data.csv"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--confidence=95"},
         "--confidence is 95",
         "0.95 for 95 %"},
        {{"stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "--alternative=up"},
         "no --alternative \"up\"",
         "greater"},
        {{"stat", "sign_flip", "tests/golden/shoes.csv", "--x=A", "--resamples=5"}, "--resamples is 5", NULL},
        {{"help", "method"}, "no help on \"method\"", "did you mean \"methods\"?"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Outcome) o = run_with_path(NULL, cases[i].arguments);
        cr_expect(eq(int, o.status, 2), "case %u", i);
        cr_expect_str_eq(o.out, "", "case %u", i);
        cr_expect_contains(o.err, cases[i].error);
        if (cases[i].hint)
            cr_expect_contains(o.err, cases[i].hint);
    }
}

Test(cli, a_faulty_definition_has_status_3_and_shows_all_faults) {
    char *folder = temp_folder_new();
    g_autofree char *yaml =
        temp_folder_write(folder, "bad.yaml",
                          "experiment: x\nmetrcs: []\ndata: [{table: sales, file: s.csv, gaps: "
                          "eror}]\nanalysis: {confidence: 95}\n");
    g_auto(Outcome) o = run_program("run", yaml);
    cr_expect(eq(int, o.status, 3));
    cr_expect_contains(o.err, "bad.yaml:2:1: error: unknown key \"metrcs\"");
    cr_expect_contains(o.err, "did you mean \"metrics\"?");
    cr_expect_contains(o.err, "bad.yaml:3:42: error:");
    cr_expect_contains(o.err, "bad.yaml:4:24: error:");
    cr_expect(not(g_file_test("out/x", G_FILE_TEST_EXISTS)));
    g_auto(Outcome) none = run_program("run", "no/such.yaml");
    cr_expect(eq(int, none.status, 3));
    cr_expect_contains(none.err, "no/such.yaml");
    temp_folder_remove(folder);
}

Test(cli, faulty_data_have_status_4_and_a_place_and_write_nothing) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    write_small(folder, plain);
    g_autofree char *yaml = in(folder, "small.yaml"), *sales = read_file(folder, "sales.csv");
    g_autofree char *longer =
        g_strconcat(sales, "A,2024-01-05,12abc\nB,2024-01-05,1e999\nC,2024-01-05,nan\n", NULL);
    g_autofree char *written = temp_folder_write(folder, "sales.csv", longer);
    g_auto(Outcome) o = run_program("run", yaml, "-o", report);
    cr_expect(eq(int, o.status, 4));
    cr_expect_contains(o.err,
                       "sales.csv:50: error: column \"revenue\": \"12abc\" is not a number (store \"A\")");
    cr_expect_contains(o.err, "sales.csv:51: error:");
    cr_expect_contains(o.err, "sales.csv:52: error:");
    cr_expect(not(g_file_test(report, G_FILE_TEST_EXISTS)));
    g_auto(Outcome) column = run_program("stat", "paired_t", "tests/golden/shoes.csv", "--x", "a");
    cr_expect(eq(int, column.status, 4));
    cr_expect_contains(column.err, "did you mean \"A\"?");
    temp_folder_remove(folder);
}

Test(cli, a_full_standard_output_has_status_5) {
    g_autofree char *command = g_strdup_printf("'%s' help definition > /dev/full", program());
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
        cr_skip_test("no /dev/full here");
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    g_autofree char *err = NULL;
    int status;
    cr_assert(
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &err, &status, NULL));
    cr_expect(eq(int, WEXITSTATUS(status), 5));
    cr_expect_contains(err, "standard output: error:");
}

Test(cli, verbose_says_what_is_done_on_standard_error) {
    g_auto(Outcome) run = run_program("run", GOOD, "--json", "-v"),
                    stat = run_program("stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "-v");
    g_auto(Outcome) plainly = run_program("stat", "paired_t", "tests/golden/shoes.csv", "--x=A"),
                    quiet = run_program("stat", "paired_t", "tests/golden/shoes.csv", "--x=A", "-v", "-q");
    cr_expect_contains(run.err, "pairlift: read the tables (");
    cr_expect_contains(run.err, "pairlift: tested (");
    json_t *json = json_loads(run.out, 0, NULL);
    cr_expect_not_null(json);
    json_decref(json);
    cr_expect_contains(stat.err, "pairlift: read the columns (");
    cr_expect_str_eq(stat.out, plainly.out);
    cr_expect_str_eq(plainly.err, "");
    cr_expect_str_eq(quiet.out, "");
    cr_expect_str_eq(quiet.err, "");
}

Test(cli, help_offers_what_the_verb_has) {
    g_auto(Outcome) run = run_program("run", "--help"), check = run_program("check", "--help"),
                    stat = run_program("stat", "--help");
    static const char *const of_reports[] = {"--out", "--format", "--no-charts"};
    for (guint i = 0; i < G_N_ELEMENTS(of_reports); i++) {
        cr_expect_contains(run.out, of_reports[i]);
        cr_expect_null(strstr(check.out, of_reports[i]));
        cr_expect_null(strstr(stat.out, of_reports[i]));
    }
}

/* The reason of the one estimate of `stat --json`, NULL when it is null. Free with g_free. */
static char *reason_of(const char *text, gboolean *limit_missing) {
    json_t *json = json_loads(text, 0, NULL);
    json_t *e = json_array_get(json_object_get(json, "estimates"), 0);
    cr_assert_not_null(e, "%s", text);
    *limit_missing =
        json_is_null(json_object_get(e, "conf_low")) || json_is_null(json_object_get(e, "conf_high"));
    char *reason = g_strdup(json_string_value(json_object_get(e, "reason")));
    json_decref(json);
    return reason;
}

Test(cli, a_limit_that_is_null_has_a_reason) {
    char *folder = temp_folder_new();
    g_autofree char *few = temp_folder_write(folder, "few.csv", "A\n1\n2\n3.5\n0\n");
    static const struct {
        const char *method, *option;
        gboolean few;
        const char *says; /* NULL: both limits are there */
    } cases[] = {
        {"paired_t", "--confidence=0.95", FALSE, NULL},
        {"paired_t", "--alternative=greater", FALSE, "one-sided: no upper limit"},
        {"sign_flip", "--alternative=less", FALSE, "one-sided: no lower limit"},
        {"signed_rank", "--confidence=0.95", TRUE,
         "too few rows for an interval at this level; 1 row without any"},
        {"sign_test", "--confidence=0.95", TRUE, "too few rows for an interval at this level"},
        {"bootstrap_bca", "--confidence=0.95", TRUE, "needs 5 rows with values, there are 4"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        gboolean missing;
        g_auto(Outcome) o =
            run_program("stat", cases[i].method, cases[i].few ? few : "tests/golden/shoes.csv", "--x=A",
                        cases[i].option, "--json");
        cr_assert(eq(int, o.status, 0), "%s", o.err);
        g_autofree char *reason = reason_of(o.out, &missing);
        cr_expect(eq(int, missing, cases[i].says != NULL), "case %u", i);
        cr_expect(cases[i].says ? reason && strstr(reason, cases[i].says) : reason == NULL, "case %u: %s", i,
                  reason);
    }
    temp_folder_remove(folder);
}

Test(cli, memory_that_is_not_to_be_had_has_status_5) {
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("the sanitizer itself needs more memory");
#endif
    char *folder = temp_folder_new();
    g_autoptr(GString) csv = g_string_new("x\n");
    for (int i = 0; i < 60; i++)
        g_string_append_printf(csv, "%d\n", (i * 37) % 61 - 25);
    g_autofree char *file = temp_folder_write(folder, "p.csv", csv->str), *err = NULL;
    g_autofree char *command = g_strdup_printf(
        "ulimit -v 500000 && '%s' stat sign_flip '%s' --x x --resamples 100000000 --threads 1", program(),
        file);
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    int status;
    cr_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &err,
                           &status, NULL));
    cr_expect(eq(int, WEXITSTATUS(status), 5));
    cr_expect_contains(err, "sign_flip needs 1.6 GB of memory for 60 rows and 100000000 resamples");
    cr_expect_contains(err, "hint: lower --resamples");
    temp_folder_remove(folder);
}

Test(cli, json_is_the_result_and_nothing_else) {
    g_auto(Outcome) o = run_program("run", GOOD, "--json");
    json_t *json = json_loads(o.out, 0, NULL);
    cr_assert_not_null(json);
    cr_expect_str_eq(o.err, "");
    cr_expect(eq(int, (int)json_integer_value(json_object_get(json, "result_format")), 1));
    json_decref(json);
}

Test(cli, threads_do_not_change_the_result_and_seeds_do) {
    static const char *const one[] = {"stat",  "bootstrap_bca", "tests/golden/shoes.csv", "--x=A",
                                      "--y=B", "--json",        "--resamples=1000000",    "--threads=1",
                                      NULL};
    static const char *const four[] = {"stat",  "bootstrap_bca", "tests/golden/shoes.csv", "--x=A",
                                       "--y=B", "--json",        "--resamples=1000000",    "--threads=4",
                                       NULL};
    static const char *const other[] = {"stat",  "bootstrap_bca", "tests/golden/shoes.csv", "--x=A",
                                        "--y=B", "--json",        "--resamples=1000000",    "--seed=9",
                                        NULL};
    g_auto(Outcome) a = run_with_path(NULL, one), b = run_with_path(NULL, four),
                    c = run_with_path(NULL, other);
    cr_expect_str_eq(a.out, b.out);
    cr_expect_str_neq(a.out, c.out);
}

Test(cli, quiet_prints_nothing_and_format_picks_the_files) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report");
    g_auto(Outcome) o = run_program("run", GOOD, "-q", "--no-charts", "--format", "md", "-o", report);
    g_autofree char *json = in(report, "result.json"), *md = in(report, "report.md");
    cr_expect(eq(int, o.status, 0));
    cr_expect_str_eq(o.out, "");
    cr_expect_str_eq(o.err, "");
    cr_expect(g_file_test(md, G_FILE_TEST_EXISTS));
    cr_expect(not(g_file_test(json, G_FILE_TEST_EXISTS)));
    temp_folder_remove(folder);
}

/* Names that shells, gnuplot, spreadsheets, Markdown or terminals would act on. */
Test(cli, hostile_store_names_go_through_every_format) {
    static const char *const names[] = {"a'b\"c`touch HACKED`$(touch HACKED)",
                                        "=1+1",
                                        "<script>alert(1)</script>",
                                        "{/Symbol a}_x^2 @v %s \\n",
                                        "\u202Eright to left",
                                        "S 01 | \u0641\u0631\u0648\u0634\u06AF\u0627\u0647"};
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report"), *yaml = in(folder, "small.yaml");
    write_small(folder, names);
    g_auto(Outcome) o = run_program("run", yaml, "-o", report);
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    g_autofree char *md = read_file(report, "report.md"), *csv = read_file(report, "pairs.csv"),
                    *json = read_file(report, "result.json");
    g_autofree char *svg = read_file(report, "charts/pair_effects.svg");
    g_autofree char *hacked = in(report, "charts/HACKED"), *here = g_build_filename(".", "HACKED", NULL);
    cr_expect_null(strstr(md, "<script>"));
    cr_expect_null(strstr(svg, "<script>"));
    cr_expect_not_null(strstr(svg, "a'b"), "the name is drawn as it is");
    cr_expect_not_null(strstr(csv, "'=1+1"));
    cr_expect(not(g_file_test(hacked, G_FILE_TEST_EXISTS)));
    cr_expect(not(g_file_test(here, G_FILE_TEST_EXISTS)));
    json_t *result = json_loads(json, 0, NULL);
    json_t *pair = json_array_get(json_object_get(result, "pairs"), 0);
    cr_expect_str_eq(json_string_value(json_object_get(pair, "test")), names[0]);
    json_decref(result);
    temp_folder_remove(folder);
}

Test(cli, a_chart_is_drawn_again_by_its_own_script) {
    g_autofree char *gnuplot = g_find_program_in_path("gnuplot");
    if (!gnuplot)
        cr_skip_test("no gnuplot");
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report"), *charts = in(report, "charts");
    g_auto(Outcome) o = run_program("run", GOOD, "-q", "-o", report);
    g_autofree char *svg = in(charts, "methods.svg");
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    cr_assert(eq(int, g_remove(svg), 0));
    const char *argv[] = {gnuplot, "methods.gp", NULL};
    int status;
    cr_assert(g_spawn_sync(charts, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                           &status, NULL));
    cr_expect(eq(int, WEXITSTATUS(status), 0));
    cr_expect(g_file_test(svg, G_FILE_TEST_EXISTS));
    temp_folder_remove(folder);
}
