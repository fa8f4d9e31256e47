/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "load_case.h"

static const char plain[] = "date,store,revenue,units,note\n"
                            "2024-01-02,S1,10.5,2,x\n"
                            "2024-01-01,S1,1,1,\n"
                            "2024-01-01,S2,2.25,3,y\n"
                            "2024-01-01,S2,0.75,1,z\n";
static const char plain_panel[] = "S1 2024-01-01 1/1 x1\nS1 2024-01-02 10.5/2 x1\nS2 2024-01-01 3/4 x2\n";

Test(load, one_file) {
    Case c = case_new("sales.csv");
    case_write(&c, "sales.csv", plain);
    expect_panel(&c, plain_panel);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, plain, -1);
    const PlInput *input = input_of(&c, 0);
    cr_assert(eq(str, input->sha256, digest));
    cr_assert(eq(str, input->table, (char *)"sales"));
    cr_assert(eq(str, input->source, (char *)"sales.csv"));
    cr_assert(eq(u64, input->rows, 4));
    cr_assert(eq(u64, input->used, 4));
    cr_assert(eq(chr, input->delimiter, ','));
    cr_assert(eq(u32, c.panel->n_measures, 2));
    cr_assert(eq(int, (int)c.panel->step, PL_STEP_DAY));
    case_clear(&c);
    pl_input_free(NULL);
}

/* The same table, written in other ways. */
Test(load, same_table_other_writing) {
    static const struct {
        const char *text, *delimiter, *decimal, *date_format;
    } cases[] = {
        {"units;store;date;revenue\r\n2;S1;02.01.2024;10,5\r\n1; S1 "
         ";1.1.2024;1\r\n\r\n3;S2;01.01.2024;2,25\r\n1;S2;01.01.2024;,75",
         ";", ",", "%d.%m.%Y"},
        {"\xef\xbb\xbf\"units\"\t\"store\"\t\"date\"\t\"revenue\"\n\"2\"\t\"S1\"\t\"20240102\"\t\"10."
         "5\"\n1\tS1\t20240101\t1\n"
         "3\tS2\t20240101\t2.25\n1\tS2\t20240101\t7.5e-1\n",
         "tab", ".", "%Y%m%d"},
        {"units|store|revenue|date\r2|S1|10.50|2024-01-02\r1|S1|1|2024-01-01\r3|\"S2\"|2.25|2024-01-01\r1|S2|"
         ".75|2024-01-01\r",
         "auto", ".", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c = case_new("sales.csv");
        c.table->delimiter = g_strdup(cases[i].delimiter);
        c.table->decimal = g_strdup(cases[i].decimal);
        c.table->date_format = g_strdup(cases[i].date_format);
        case_write(&c, "sales.csv", cases[i].text);
        expect_panel(&c, plain_panel);
        case_clear(&c);
    }
}

Test(load, several_files_are_one_table) {
    Case c = case_new("b.csv a*.csv");
    case_write(&c, "b.csv", "date,store,revenue,units\n2024-01-02,S1,10.5,2\n2024-01-01,S1,1,1\n");
    case_write(&c, "a2.csv", "units,store,revenue,date\n1,S2,0.75,2024-01-01\n");
    case_write(&c, "a1.csv", "units,store,revenue,date\n3,S2,2.25,2024-01-01\n");
    expect_panel(&c, plain_panel);
    cr_assert(eq(u32, c.inputs->len, 3));
    cr_assert(eq(str, input_of(&c, 1)->source, (char *)"a1.csv"));
    cr_assert(eq(u64, input_of(&c, 0)->used, 2));
    case_clear(&c);
}

Test(load, roles_and_period_numbers) {
    Case c = case_new("sales.csv");
    c.table->columns = entry("store", "shop");
    g_ptr_array_extend_and_steal(c.table->columns, entry("date", "week"));
    c.table->date_format = g_strdup("number");
    case_write(&c, "sales.csv", "shop,week,revenue,units\nA,41,1,1\nA,40,2,1\n");
    expect_panel(&c, "A 40 2/1 x1\nA 41 1/1 x1\n");
    cr_assert(eq(int, (int)c.panel->step, PL_STEP_WEEK));
    case_clear(&c);
}

Test(load, where_keeps_some_rows) {
    Case c = case_new("sales.csv");
    c.table->where = entry("product", "cola/iced tea");
    case_write(&c, "sales.csv",
               "date,store,product,revenue,units\n2024-01-01,A,cola,1,1\n2024-01-01,A,milk,bad,bad\n"
               "not a date,,milk,1,1\n2024-01-01,A,\"iced tea\",2,1\n2024-01-01,B,cola,4,1\n");
    expect_panel(&c, "A 2024-01-01 3/2 x2\nB 2024-01-01 4/1 x1\n");
    cr_assert(eq(u64, input_of(&c, 0)->rows, 5));
    cr_assert(eq(u64, input_of(&c, 0)->filtered, 2));
    cr_assert(eq(u64, input_of(&c, 0)->used, 3));
    case_clear(&c);
}

Test(load, faults_of_the_data) {
    static const struct {
        const char *text, *decimal, *date_format, *error;
    } cases[] = {
        {HEAD "2024-01-01,S01,\"12,50\",1\n", NULL, NULL,
         "sales.csv:2: error: column \"revenue\": \"12,50\" is not a number (store \"S01\")\n"
         "  hint: set decimal: \",\" under data"},
        {HEAD "2024-01-01,S01,12.50,1\n", ",", NULL,
         "sales.csv:2: error: column \"revenue\": \"12.50\" is not a number (store \"S01\")\n"
         "  hint: set decimal: \".\" under data"},
        {HEAD "2024-01-01,S01,\"1,234.5\",1\n", NULL, NULL,
         "sales.csv:2: error: column \"revenue\": \"1,234.5\" is not a number (store \"S01\")\n"
         "  hint: write numbers without marks between the thousands"},
        {HEAD "2024-01-01,S01,12abc,1e999\n", NULL, NULL,
         "sales.csv:2: error: column \"revenue\": \"12abc\" is not a number (store \"S01\")\n"
         "sales.csv:2: error: column \"units\": \"1e999\" is not a number (store \"S01\")"},
        {HEAD "2024-01-01,S01,,NA\n", NULL, NULL,
         "sales.csv:2: error: column \"revenue\" is empty (store \"S01\")\n"
         "  hint: say under data what a missing value means: gaps: zero, closed or interpolate\n"
         "sales.csv:2: error: column \"units\" is NA (store \"S01\")"},
        {HEAD "31.12.2024,S01,1,1\n", NULL, NULL,
         "sales.csv:2: error: column \"date\": \"31.12.2024\" is not a date like %Y-%m-%d (store \"S01\")\n"
         "  hint: set date_format: \"%d.%m.%Y\" under data"},
        {HEAD "1/2/2024,S01,1,1\n", NULL, NULL,
         "sales.csv:2: error: column \"date\": \"1/2/2024\" is not a date like %Y-%m-%d (store \"S01\")\n"
         "  hint: set date_format: \"%d/%m/%Y\" or \"%m/%d/%Y\" under data"},
        {HEAD "2024-02-30,S01,1,1\n", NULL, NULL,
         "sales.csv:2: error: column \"date\": \"2024-02-30\" is not a date like %Y-%m-%d (store \"S01\")"},
        {HEAD "2024-01-01,S01,1,1\n", NULL, "number",
         "sales.csv:2: error: column \"date\": \"2024-01-01\" is not a period number (store \"S01\")\n"
         "  hint: set date_format: \"%Y-%m-%d\" under data"},
        {HEAD ",,1,1\n", NULL, NULL,
         "sales.csv:2: error: column \"store\" is empty\nsales.csv:2: error: column \"date\" is empty"},
        {HEAD "2024-01-01,S\xe9,1,1\n", NULL, NULL,
         "sales.csv:2: error: column \"store\": \"S\\xe9\" is not valid UTF-8\n"
         "  hint: convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8"},
        {HEAD "2024-01-01,S1,1,1,1\n2024-01-01,S1,1\n", NULL, NULL,
         "sales.csv:2: error: 5 fields, but the header has 4\n  hint: a field that holds the delimiter has "
         "to be quoted\n"
         "sales.csv:3: error: 3 fields, but the header has 4"},
        {HEAD "2024-01-01,A,1,1\n2024-01-01,A,2,1\n2024-01-01,A,1,1\n", NULL, NULL,
         "sales.csv:4: error: the row repeats an earlier one word for word (store \"A\", date "
         "\"2024-01-01\")\n"
         "  hint: under data, duplicates: keep if these are separate sales, drop if they were exported "
         "twice"},
        {HEAD "2024-01-01,A,1,1\n\n\"2024-01-01\n", NULL, NULL,
         "sales.csv:4: error: the record that begins here has a quote that is never closed"},
        {HEAD, NULL, NULL, "sales.csv:1: error: no rows follow the header"},
        {"", NULL, NULL, "sales.csv: error: the file is empty"},
        {"Date,stroe,umsatz,units,units\n2024-01-01,A,1,1,1\n", NULL, NULL,
         "sales.csv:1: error: there is no column \"store\"\n"
         "  hint: did you mean \"stroe\"? under data, columns: {store: NAME} says which one it is\n"
         "sales.csv:1: error: there is no column \"date\"\n"
         "  hint: did you mean \"Date\"? under data, columns: {date: NAME} says which one it is\n"
         "sales.csv:1: error: there is no column \"revenue\"\n"
         "  hint: the columns are \"Date\", \"stroe\", \"umsatz\", \"units\", \"units\"; a metric needs it\n"
         "sales.csv:1: error: two columns are named \"units\", the 4. and the 5.\n"
         "  hint: rename or remove one of them"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c = case_new("sales.csv");
        c.table->decimal = g_strdup(cases[i].decimal);
        c.table->date_format = g_strdup(cases[i].date_format);
        case_write(&c, "sales.csv", cases[i].text);
        case_load(&c);
        cr_assert(eq(str, c.error, (char *)cases[i].error), "case %zu", i);
        case_clear(&c);
    }
}

/* Twenty faults of rows are worded, over all files; the others are counted. */
Test(load, many_faults) {
    Case c = case_new("a.csv b.csv");
    GString *text = g_string_new(HEAD);
    for (int i = 0; i < 15; i++)
        g_string_append(text, "2024-01-01,A,x,1\n");
    case_write(&c, "a.csv", text->str);
    case_write(&c, "b.csv", text->str);
    case_load(&c);
    g_auto(GStrv) lines = g_strsplit(c.error, "\n", -1);
    cr_assert(eq(u32, g_strv_length(lines), 21));
    cr_assert(g_str_has_prefix(lines[19], "b.csv:6: error: "));
    cr_assert(eq(str, lines[20], (char *)"and 10 more errors"));
    g_string_free(text, TRUE);
    case_clear(&c);
}

Test(load, second_file_without_a_column) {
    Case c = case_new("a.csv b.csv c.csv none.csv");
    case_write(&c, "a.csv", HEAD "2024-01-01,A,1,1\n");
    case_write(&c, "b.csv", "date,store,units\n2024-01-01,A,1\n");
    case_write(&c, "c.csv", "date,store,revenue\n2024-01-01,A,1\n");
    case_load(&c);
    cr_assert(eq(str, c.error,
                 (char *)"b.csv:1: error: there is no column \"revenue\"\n"
                         "  hint: the columns are \"date\", \"store\", \"units\"; a metric needs it\n"
                         "c.csv:1: error: there is no column \"units\"\n"
                         "  hint: the columns are \"date\", \"store\", \"revenue\"; a metric needs it\n"
                         "none.csv: error: cannot be read: No such file or directory"));
    case_clear(&c);
}

Test(load, where_that_keeps_nothing) {
    Case c = case_new("sales.csv");
    c.table->where = entry("product", "Cola");
    case_write(&c, "sales.csv",
               "date,store,product,revenue,units\n2024-01-01,A,cola,1,1\n2024-01-01,A,milk,1,1\n2024-01-02,A,"
               "cola,1,1\n");
    case_load(&c);
    cr_assert(
        eq(str, c.error,
           (char *)"d.yaml:7:13: error: where keeps no row: column \"product\" never has a value asked for\n"
                   "  hint: it holds \"cola\", \"milk\""));
    case_clear(&c);
}

Test(load, where_lists_some_of_many_values) {
    Case c = case_new("sales.csv");
    c.table->where = entry("units", "-1");
    GString *text = g_string_new(HEAD);
    for (int i = 0; i < 40; i++)
        g_string_append_printf(text, "2024-01-01,A,1,%d\n", i % 20);
    case_write(&c, "sales.csv", text->str);
    case_load(&c);
    cr_assert(g_str_has_suffix(
        c.error, "hint: it holds \"0\", \"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\" and perhaps more"));
    g_string_free(text, TRUE);
    case_clear(&c);
}

Test(load, definition_without_a_file) {
    Case c = case_new("no*.csv");
    case_load(&c);
    cr_assert(eq(str, c.error,
                 (char *)"d.yaml: error: no file matches \"no*.csv\"\n  hint: patterns start at the folder "
                         "of the definition"));
    g_clear_pointer(&c.error, g_free);
    g_clear_pointer(&c.table->files, g_strfreev);
    case_load(&c);
    cr_assert(g_str_has_prefix(c.error, "d.yaml: error: the table \"sales\" has no file"));
    g_clear_pointer(&c.error, g_free);
    c.table->files = g_strsplit("a.csv", " ", -1);
    c.table->date_format = g_strdup("%d.%m");
    case_load(&c);
    cr_assert(eq(str, c.error, (char *)"d.yaml: error: date_format \"%d.%m\" has no year (%Y or %y)"));
    case_clear(&c);
}

/* One day in the year 9999 costs one slab, not three million. */
Test(load, stray_years) {
    Case c = case_new("sales.csv");
    case_write(&c, "sales.csv", HEAD "9999-12-31,A,1,1\n0001-01-01,A,2,1\n2024-01-01,A,3,1\n");
    expect_panel(&c, "A 0001-01-01 2/1 x1\nA 2024-01-01 3/1 x1\nA 9999-12-31 1/1 x1\n");
    cr_assert(eq(u32, c.panel->n_times, 3));
    case_clear(&c);
}

static void count_progress(guint64 done, guint64 total, gpointer data) {
    guint64 *last = data;
    cr_assert(ge(u64, done, last[0]));
    cr_assert(le(u64, done, total));
    last[0] = done;
    last[1] = total;
}

Test(load, progress_runs_over_all_files) {
    Case c = case_new("a.csv b.csv");
    guint64 progress[2] = {0};
    case_write(&c, "a.csv", HEAD "2024-01-01,A,1,1\n");
    case_write(&c, "b.csv", HEAD "2024-01-02,A,1,1\n");
    c.panel = pl_load_sales(c.def, count_progress, progress, &c.inputs, NULL);
    cr_assert(eq(u64, progress[0], 2 * strlen(HEAD "2024-01-01,A,1,1\n")));
    cr_assert(eq(u64, progress[1], progress[0]));
    case_clear(&c);
}

typedef struct {
    int store, day;
    double revenue, units;
} RandomRow;

static char *random_file(const RandomRow *rows, gsize n, gboolean quoted) {
    GString *text = g_string_new(HEAD);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *day = pl_day_format(rows[i].day, PL_TIME_DATE);
        g_string_append_printf(text, quoted ? "\"%s\",\"S%d\",\"%.3f\",\"%.0f\"\r\n" : "%s,S%d,%.3f,%.0f\n",
                               day, rows[i].store, rows[i].revenue, rows[i].units);
    }
    return g_string_free(text, FALSE);
}

/* A larger table against sums by hand: over block borders, plain and quoted, in shuffled order. */
Test(load, sums_of_a_random_table) {
    enum { STORES = 37, DAYS = 29, ROWS = 40000 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_autofree RandomRow *rows = g_new0(RandomRow, ROWS);
    static double revenue[STORES][DAYS];
    static guint count[STORES][DAYS];
    for (gsize i = 0; i < ROWS; i++) {
        rows[i] = (RandomRow){g_rand_int_range(rand, 0, STORES), g_rand_int_range(rand, 0, DAYS),
                              (double)g_rand_int_range(rand, 0, 1 << 30) / 8, (double)i};
        revenue[rows[i].store][rows[i].day] += rows[i].revenue;
        count[rows[i].store][rows[i].day]++;
    }
    for (int quoted = 0; quoted < 2; quoted++) {
        Case c = case_new("sales.csv");
        g_autofree char *text = random_file(rows, ROWS, quoted);
        guint64 progress[2] = {0};
        case_write(&c, "sales.csv", text);
        c.panel = pl_load_sales(c.def, count_progress, progress, &c.inputs, NULL);
        cr_assert(eq(u64, progress[0], strlen(text)));
        cr_assert(eq(u64, progress[1], strlen(text)));
        for (guint s = 0; s < STORES; s++)
            for (guint t = 0; t < DAYS; t++) {
                g_autofree char *name = g_strdup_printf("S%u", s);
                double value = NAN;
                cr_assert(pl_panel_get(c.panel, (guint)pl_panel_store(c.panel, name), t, 0, &value));
                cr_assert(eq(dbl, value, revenue[s][t]));
                cr_assert(
                    eq(u32, pl_panel_rows(c.panel, (guint)pl_panel_store(c.panel, name), t), count[s][t]));
            }
        case_clear(&c);
    }
}

/* What spreadsheets leave in a CSV file has a hint of its own. */
Test(load, hints_on_what_a_spreadsheet_wrote) {
    static const struct {
        const char *text, *hint;
    } cases[] = {
        {"date,store,revenue,units\n2024-01-01,A,\"1.020,18 \u20ac\",1\n",
         "write bare numbers, without currency"},
        {"date,store,revenue,units\n2024-01-01,A,$7,1\n", "write bare numbers, without currency"},
        {"date,store,revenue,units\n2024-1-1,A,7,1\n", "write months and days with two digits"},
        {"PK\x03\x04rest\n", "this is an Excel workbook: save the sheet as CSV UTF-8"},
        {"sep=;\ndate;store;revenue;units\n", "remove the first line (sep=)"},
        {"d\xe9te,store,revenue,units\n", "the file is not UTF-8; convert it"},
        {"Sales of February\ndate,store\n", "the names of the columns stand in the first line"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c = case_new("sales.csv");
        case_write(&c, "sales.csv", cases[i].text);
        case_load(&c);
        cr_expect_not_null(strstr(c.error, cases[i].hint), "case %zu: %s", i, c.error);
        case_clear(&c);
    }
}
