/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>

#include "program.h"

/* Methods by their columns: what a user types, what is found in the file, what is refused. */

static const char panel[] =
    "store;day;sales;on;pair\n"
    "a;31.01.2024;10,5;no;p\na;01.02.2024;11;no;p\na;02.02.2024;12;yes;p\na;10.02.2024;14;yes;p\n"
    "b;31.01.2024;20;no;p\nb;01.02.2024;21,5;no;p\nb;02.02.2024;21;no;p\nb;10.02.2024;20;no;p\n"
    "c;31.01.2024;7;no;q\nc;01.02.2024;7,5;no;q\nc;02.02.2024;9;yes;q\nc;10.02.2024;8;yes;q\n"
    "d;31.01.2024;5;no;q\nd;01.02.2024;4;no;q\nd;02.02.2024;5;no;q\nd;10.02.2024;;no;q\n";

/* The estimates of a run that must succeed; the caller owns the root that they belong to. */
static json_t *estimates(const char *file, const char *text, const char *const *argv, json_t **root) {
    char *folder = temp_folder_new();
    g_autofree char *path = temp_folder_write(folder, file, text);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_ptr_array_add(all, (gpointer) "stat");
    for (const char *const *a = argv; *a; a++)
        g_ptr_array_add(all, g_str_equal(*a, "FILE") ? path : (gpointer)*a);
    g_ptr_array_add(all, (gpointer) "--json");
    g_ptr_array_add(all, NULL);
    g_auto(Outcome) o = run_with_path(NULL, (const char *const *)all->pdata);
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    *root = json_loads(o.out, 0, NULL);
    temp_folder_remove(folder);
    return json_object_get(*root, "estimates");
}

static double field(json_t *estimate_list, size_t row, const char *name) {
    json_t *value = json_object_get(json_array_get(estimate_list, row), name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

Test(stat, reads_decimal_commas_dates_and_truths_and_leaves_out_what_lacks_a_value) {
    json_t *root;
    const char *argv[] = {"fixed_effects", "FILE",         "--x=sales",   "--unit=store",
                          "--time=day",    "--treated=on", "--decimal=,", NULL};
    json_t *rows = estimates("p.csv", panel, argv, &root);
    cr_expect(eq(int, (int)json_integer_value(json_object_get(root, "rows")), 16));
    cr_expect(eq(int, (int)json_integer_value(json_object_get(root, "left_out")), 1));
    cr_expect(eq(int, (int)field(rows, 0, "n_times"), 4));
    cr_expect(isfinite(field(rows, 0, "estimate")));
    json_decref(root);
}

Test(stat, during_is_found_among_dates_in_the_order_of_time) {
    json_t *root;
    const char text[] = "t,x,y\n05.02.2024,30,10\n29.01.2024,10,10.5\n30.01.2024,12,11.5\n31.01.2024,11,11\n"
                        "01.02.2024,13,12.2\n04.02.2024,30,10\n";
    const char *argv[] = {"tbr", "FILE", "--x=x", "--y=y", "--time=t", "--during=02.02.2024:28.02.2024",
                          NULL};
    json_t *rows = estimates("t.csv", text, argv, &root);
    cr_expect(eq(int, (int)field(rows, 0, "n_before"), 4));
    cr_expect(eq(int, (int)field(rows, 0, "n_during"), 2));
    json_decref(root);
}

Test(stat, a_method_without_data_takes_no_file) {
    g_auto(Outcome) o =
        run_program("stat", "group_sequential", "--looks", "5", "--spending", "pocock", "--json");
    json_t *root = json_loads(o.out, 0, NULL);
    cr_assert(root != NULL, "%s", o.err);
    cr_expect(eq(int, (int)json_array_size(json_object_get(root, "estimates")), 5));
    cr_expect(fabs(field(json_object_get(root, "estimates"), 0, "statistic") - 2.4380) < 1e-4);
    json_decref(root);
}

Test(stat, a_header_without_rows_is_answered) {
    static const char *const calls[][8] = {
        {"paired_t", "FILE", "--x=x", "--y=y"},
        {"sign_flip", "FILE", "--x=x", "--y=y"},
        {"welch_t", "FILE", "--x=x", "--group=g"},
        {"ols", "FILE", "--x=x", "--on=y,g", "--absorb=g"},
        {"fixed_effects", "FILE", "--x=x", "--unit=g", "--time=y", "--treated=y"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        json_t *root, *row = json_array_get(estimates("h.csv", "x,y,g\n", calls[i], &root), 0);
        cr_expect(json_object_get(row, "estimate") == json_null(), "%s", calls[i][0]);
        const char *reason = json_string_value(json_object_get(row, "reason"));
        cr_expect(reason && strstr(reason, "there are 0"), "%s: %s", calls[i][0], reason ? reason : "none");
        json_decref(root);
    }
}

/* Latin-1 as spreadsheets export it: a term that JSON cannot hold must not go missing. */
Test(stat, a_label_that_is_not_utf8_is_written_byte_by_byte) {
    json_t *root;
    const char *argv[] = {"describe", "FILE", "--x=x", "--group=g", NULL};
    json_t *rows = estimates("l.csv", "x,g\n1,M\xfcller\n3,M\xfcller\n", argv, &root);
    const char *term = json_string_value(json_object_get(json_array_get(rows, 0), "term"));
    cr_expect(term && g_str_equal(term, "M\\xfcller"), "%s", term ? term : "none");
    json_decref(root);
}

Test(stat, what_is_refused) {
    char *folder = temp_folder_new();
    g_autofree char *path = temp_folder_write(folder, "p.csv", panel);
    g_autofree char *odd = temp_folder_write(folder, "odd.csv", "x,u,t,w\n1,a,1,maybe\n2,b,2,0\n");
    const struct {
        const char *argv[12];
        int status;
        const char *says, *hint;
    } cases[] = {
        {{"stat", "cuped", path, "--x=sales", "--pre=sales", "--group=store", "--control=zebra",
          "--decimal=,"},
         2,
         "--control: column \"store\" has no level \"zebra\"",
         "there is"},
        {{"stat", "tbr", path, "--x=sales", "--y=sales", "--time=day", "--during=1999-01-01:1999-02-01",
          "--decimal=,"},
         2,
         "--during \"1999-01-01:1999-02-01\" is not FROM:TO",
         "for example --during 02.02.2024:10.02.2024"},
        {{"stat", "tbr", path, "--x=sales", "--y=sales", "--time=day", "--during=01.01.1999:01.02.1999",
          "--decimal=,"},
         2,
         "no row falls into it",
         "column \"day\" goes from 31.01.2024 to 10.02.2024"},
        {{"stat", "fixed_effects", odd, "--x=x", "--unit=u", "--time=t", "--treated=w"},
         4,
         "column \"w\": \"maybe\" is neither 0 nor 1",
         "true, false, yes and no"},
        {{"stat", "paired_t", path, "--x=sales"},
         4,
         ":2: error: column \"sales\": \"10,5\" is not a number",
         "use --decimal ,"},
        {{"stat", "paired_t", path, "--x=sales", "--group=store"},
         2,
         "paired_t has no --group",
         "it takes --x COLUMN"},
        {{"stat", "group_sequential", "--looks=many"}, 2, "--looks \"many\" is not a whole number", NULL},
        {{"stat", "group_sequential", "--looks=0"}, 2, "--looks is 0: expected 1 to", NULL},
        {{"stat", "group_sequential", "--looks=3", "--spending=all"},
         2,
         "no --spending \"all\"",
         "obf or pocock"},
        {{"stat", "group_sequential", "--looks=3", "--alpha=0.05", "--confidence=0.9"},
         2,
         "--confidence and --alpha are the same thing",
         "say one of them"},
        {{"stat", "group_sequential", "--looks=3", "--alpha=5"},
         2,
         "--alpha is 5: expected between 0 and 1",
         NULL},
        {{"stat", "group_sequential", "--looks=3", "--x=p"},
         2,
         "--x names a column, but no CSV file was given",
         NULL},
        {{"stat", "tbr", path, "--x=sales", "--y=sales"}, 2, "no --time given", "--time names the column"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Outcome) o = run_with_path(NULL, cases[i].argv);
        cr_expect(eq(int, o.status, cases[i].status), "case %u: %s", i, o.err);
        cr_expect_contains(o.err, cases[i].says);
        if (cases[i].hint)
            cr_expect_contains(o.err, cases[i].hint);
    }
    temp_folder_remove(folder);
}

Test(stat, help_of_a_method_is_its_section_of_the_documentation) {
    g_auto(Outcome) one = run_program("help", "tbr"), all = run_program("help", "methods");
    cr_assert(eq(int, one.status, 0));
    cr_expect_contains(one.out, "## tbr\n");
    cr_expect_contains(all.out, one.out);
}

Test(stat, an_outcome_may_be_written_as_yes_and_no) {
    json_t *root;
    const char text[] = "churn,plan\nYes,a\nno,a\nYES,b\nyes,b\nNo,b\nNo,a\n";
    const char *argv[] = {"proportions", "FILE", "--x=churn", "--group=plan", NULL};
    json_t *rows = estimates("t.csv", text, argv, &root);
    cr_expect(fabs(field(rows, 0, "estimate") - 1.0 / 3) < 1e-12);
    json_decref(root);
}

Test(stat, what_would_be_misread_is_refused) {
    char *folder = temp_folder_new();
    g_autofree char *months =
        temp_folder_write(folder, "m.csv", "x,y,t\n1,2,Jan 2024\n2,3,Feb 2024\n3,5,Mar 2024\n4,4,Apr 2024\n");
    g_autoptr(GString) many = g_string_new("x,id\n");
    for (int i = 0; i < 300; i++)
        g_string_append_printf(many, "%d,c%d\n", i % 7, i);
    g_autofree char *ids = temp_folder_write(folder, "i.csv", many->str);
    const struct {
        const char *argv[10];
        int status;
        const char *says;
    } cases[] = {
        {{"stat", "tbr", months, "--x=x", "--y=y", "--time=t", "--during=Mar 2024:Apr 2024"},
         4,
         "is neither a date nor a number"},
        {{"stat", "tbr", months, "--x=x", "--y=y", "--time=t"}, 2, "no --during given"},
        {{"stat", "trimmed_match", months, "--x=x", "--y=y", "--during=1:2"}, 2, "--during needs --time"},
        {{"stat", "ols", ids, "--x=x", "--on=id"}, 4, "column \"id\" has 300 levels"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Outcome) o = run_with_path(NULL, cases[i].argv);
        cr_expect(eq(int, o.status, cases[i].status), "case %u: %s", i, o.err);
        cr_expect_contains(o.err, cases[i].says);
    }
    temp_folder_remove(folder);
}
