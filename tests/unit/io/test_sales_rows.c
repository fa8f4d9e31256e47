/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "load_case.h"
#include "pairlift/io/panel_builder.h"
#include "pairlift/io/sales_rows.h"

static const char repeated[] =
    "date,store,revenue,units\n2024-01-01,A,1,1\n2024-01-01,A,2,1\n2024-01-01,A,2,1\n"
    "2024-01-02,A,2,1\n2024-01-01,A,1,1\n";

Test(sales_rows, duplicates) {
    static const struct {
        PlDuplicates policy;
        const char *panel;
        guint64 used, dropped;
    } cases[] = {
        {PL_DUPLICATES_KEEP, "A 2024-01-01 6/4 x4\nA 2024-01-02 2/1 x1\n", 5, 0},
        {PL_DUPLICATES_DROP, "A 2024-01-01 3/2 x2\nA 2024-01-02 2/1 x1\n", 3, 2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c = case_new("sales.csv");
        c.table->duplicates = (int)cases[i].policy;
        case_write(&c, "sales.csv", repeated);
        expect_panel(&c, cases[i].panel);
        cr_assert(eq(u64, input_of(&c, 0)->rows, 5));
        cr_assert(eq(u64, input_of(&c, 0)->used, cases[i].used));
        cr_assert(eq(u64, input_of(&c, 0)->dropped, cases[i].dropped));
        case_clear(&c);
    }
}

/* A file of several rows a store-day, and again what the same rows are in another order behind it. */
Test(sales_rows, drop_gives_the_panel_of_the_clean_file_whatever_is_repeated) {
    GRand *rand = g_rand_new_with_seed(7);
    for (int round = 0; round < 50; round++) {
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        for (int store = 0; store < 3; store++)
            for (int day = 1; day <= 4; day++)
                for (int product = 0; product < 4; product++)
                    g_ptr_array_add(lines, g_strdup_printf("2024-01-0%d,S%d,%d,%d\n", day, store, product + 1,
                                                           10 * day + store));
        g_autoptr(GString) clean = g_string_new("date,store,revenue,units\n"),
                           twice = g_string_new(clean->str);
        for (guint i = 0; i < lines->len; i++)
            g_string_append(clean, g_ptr_array_index(lines, i));
        guint64 n_repeated = 0;
        for (guint i = 0; i < lines->len; i++)
            g_string_append(twice, g_ptr_array_index(lines, i));
        for (guint i = 0; i < lines->len; i++)
            if (g_rand_boolean(rand)) {
                g_string_append(
                    twice, g_ptr_array_index(lines, (guint)g_rand_int_range(rand, 0, (gint32)lines->len)));
                n_repeated++;
            }
        Case a = case_new("sales.csv"), b = case_new("sales.csv");
        b.table->duplicates = PL_DUPLICATES_DROP;
        case_write(&a, "sales.csv", clean->str);
        case_load(&a);
        case_write(&b, "sales.csv", twice->str);
        case_load(&b);
        cr_assert(eq(str, b.error, (char *)""));
        cr_assert(eq(u64, input_of(&b, 0)->dropped, n_repeated));
        for (guint t = 0; t < a.panel->n_times; t++)
            for (guint st = 0; st < a.panel->n_stores; st++)
                for (guint m = 0; m < a.panel->n_measures; m++) {
                    double x = -1, y = -2;
                    cr_assert(pl_panel_get(a.panel, st, t, m, &x) && pl_panel_get(b.panel, st, t, m, &y));
                    cr_assert(eq(dbl, x, y));
                }
        case_clear(&a);
        case_clear(&b);
    }
    g_rand_free(rand);
}

Test(sales_rows, missing_values_poison_their_measure) {
    static const int policies[] = {PL_GAPS_CLOSED, PL_GAPS_INTERPOLATE, PL_GAPS_ZERO};
    for (gsize i = 0; i < G_N_ELEMENTS(policies); i++) {
        int gaps = policies[i];
        Case c = case_new("sales.csv");
        c.table->gaps = gaps;
        case_write(&c, "sales.csv",
                   "date,store,revenue,units\n2024-01-01,A,1,1\n2024-01-01,A,,2\n2024-01-01,B,NA,\n");
        expect_panel(&c, gaps == PL_GAPS_ZERO ? "A 2024-01-01 1/3 x2\nB 2024-01-01 0/0 x1\n"
                                              : "A 2024-01-01 -/3 x2\nB 2024-01-01 -/- x1\n");
        cr_assert(eq(u64, input_of(&c, 0)->empty, 3));
        cr_assert(eq(u64, input_of(&c, 0)->used, 3));
        case_clear(&c);
    }
}

static void shuffle(GRand *rand, const char **lines, guint n) {
    for (guint i = n; i > 1; i--) {
        guint j = (guint)g_rand_int_range(rand, 0, (gint32)i);
        const char *swapped = lines[i - 1];
        lines[i - 1] = lines[j];
        lines[j] = swapped;
    }
}

static void write_lines(const Case *c, const char *name, const char **lines, guint n) {
    GString *text = g_string_new(HEAD);
    for (guint i = 0; i < n; i++)
        g_string_append(text, lines[i]);
    case_write(c, name, text->str);
    g_string_free(text, TRUE);
}

/* Two exports that overlap in any part and any order, with 1 to 5 rows a store-day: `drop` gives the panel of
 * the clean file (in numbers whose sums are exact), `error` finds as many rows as were exported twice. */
Test(sales_rows, overlapping_exports) {
    enum { MOST = 3 * 4 * 5 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(77);
    for (int round = 0; round < 60; round++) {
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
        for (int cell = 0; cell < 12; cell++)
            for (int k = g_rand_int_range(rand, 1, 6); k > 0; k--)
                g_ptr_array_add(rows, g_strdup_printf("2024-01-0%d,S%d,%d.25,%d\n", cell % 4 + 1, cell / 4, k,
                                                      g_rand_int_range(rand, 0, 3)));
        guint n = rows->len, twice = (guint)g_rand_int_range(rand, 0, (gint32)n + 1);
        const char **clean = (const char **)rows->pdata, *lines[MOST], *other[MOST];
        for (guint i = 0; i < n; i++)
            lines[i] = clean[i];
        shuffle(rand, lines, n);
        guint first = (guint)g_rand_int_range(rand, (gint32)twice, (gint32)n + 1);
        for (guint i = 0; i < n - first + twice; i++) /* the rest, and `twice` of the first */
            other[i] = i < n - first ? lines[first + i] : lines[i - (n - first)];
        shuffle(rand, other, n - first + twice);
        Case one = case_new("a.csv"), two = case_new("a.csv b.csv");
        two.table->duplicates = PL_DUPLICATES_DROP;
        write_lines(&one, "a.csv", clean, n);
        write_lines(&two, "a.csv", lines, first);
        write_lines(&two, "b.csv", other, n - first + twice);
        if (first == 0 || n - first + twice == 0) { /* a file without rows is an error of its own */
            case_clear(&one);
            case_clear(&two);
            continue;
        }
        case_load(&one);
        case_load(&two);
        for (guint s = 0; s < 3; s++)
            for (guint t = 0; t < 4; t++) {
                guint same = (guint)pl_panel_store(two.panel, one.panel->stores[s]);
                double x = -1, y = -2;
                cr_assert(pl_panel_get(one.panel, s, t, 0, &x) && pl_panel_get(two.panel, same, t, 0, &y));
                cr_assert(eq(dbl, x, y));
                cr_assert(eq(u32, pl_panel_rows(one.panel, s, t), pl_panel_rows(two.panel, same, t)));
            }
        cr_assert(eq(u64, input_of(&two, 0)->dropped + input_of(&two, 1)->dropped, twice));
        two.table->duplicates = PL_DUPLICATES_ERROR;
        case_reset(&two);
        case_load(&two);
        g_auto(GStrv) faults = g_strsplit(two.error, "repeats an earlier one", -1);
        g_autofree char *more = g_strdup_printf("and %u more error", twice - MIN(twice, 20));
        cr_assert(eq(u32, g_strv_length(faults), MIN(twice, 20) + 1 - (twice == 0)));
        cr_assert(eq(int, strstr(two.error, more) != NULL, twice > 20), "%s", two.error);
        case_clear(&one);
        case_clear(&two);
    }
}

/* The same bytes in a file with other columns in their places are another row. */
Test(sales_rows, same_bytes_in_another_order_of_columns) {
    Case c = case_new("a.csv b.csv");
    case_write(&c, "a.csv", HEAD "2024-01-01,A,1,2\n2024-01-01,A,1,3\n");
    case_write(&c, "b.csv", "date,store,units,revenue\n2024-01-02,A,5,5\n2024-01-02,A,1,2\n");
    expect_panel(&c, "A 2024-01-01 2/5 x2\nA 2024-01-02 7/6 x2\n");
    case_clear(&c);
}

static void add_mean(PlDefinition *def, const char *name, const char *column) {
    add_metric(def, name, column, NULL);
    PlMetric *metric = g_ptr_array_index(def->metrics, def->metrics->len - 1);
    metric->kind = PL_METRIC_MEAN;
}

/* A row without a score leaves the scores of its store-day in force, whatever a gap means, and is counted. */
Test(sales_rows, a_mean_is_of_the_rows_that_have_a_value) {
    for (int gaps = PL_GAPS_ERROR; gaps <= PL_GAPS_INTERPOLATE; gaps++) {
        Case c = case_new("sales.csv");
        c.table->gaps = gaps;
        add_mean(c.def, "score", "score");
        case_write(&c, "sales.csv",
                   "date,store,revenue,units,score\n2024-01-01,A,1,1,4\n2024-01-01,A,2,1,\n"
                   "2024-01-01,A,3,1,1\n2024-01-02,A,3,1,NA\n");
        expect_panel(&c, "A 2024-01-01 6/3/5 x3\nA 2024-01-02 3/1/- x1\n");
        cr_assert(eq(u64, input_of(&c, 0)->empty, 2));
        cr_assert(eq(u32, pl_panel_values(c.panel, 0, 0, 2), 2));
        case_clear(&c);
    }
}

/* A column that is summed and averaged is read once: an empty value takes the sum and leaves the mean. */
Test(sales_rows, a_column_summed_and_averaged) {
    static const char text[] = HEAD "2024-01-01,A,1,1\n2024-01-01,A,,1\n2024-01-01,A,x,1\n";
    Case c = case_new("sales.csv");
    add_mean(c.def, "basket", "revenue");
    case_write(&c, "sales.csv", text);
    case_load(&c);
    cr_assert(eq(str, c.error,
                 (char *)"sales.csv:3: error: column \"revenue\" is empty (store \"A\")\n"
                         "  hint: say under data what a missing value means: gaps: zero, closed or "
                         "interpolate\n"
                         "sales.csv:4: error: column \"revenue\": \"x\" is not a number (store \"A\")"));
    case_reset(&c);
    g_autofree char *readable = g_strndup(text, strlen(text) - strlen("2024-01-01,A,x,1\n"));
    case_write(&c, "sales.csv", readable);
    for (int gaps = PL_GAPS_ZERO; gaps <= PL_GAPS_INTERPOLATE; gaps++) {
        c.table->gaps = gaps;
        expect_panel(&c, gaps == PL_GAPS_ZERO ? "A 2024-01-01 1/2/1 x2\n" : "A 2024-01-01 -/2/1 x2\n");
        cr_assert(eq(u64, input_of(&c, 0)->empty, 1));
        cr_assert(eq(u32, pl_panel_values(c.panel, 0, 0, 2), 1));
        cr_assert(eq(int, c.panel->averaged[0], FALSE));
        cr_assert(eq(int, c.panel->averaged[2], TRUE));
        case_reset(&c);
    }
    case_clear(&c);
}

/* Rows handed over one by one, without a file: what is wrong, with its place and hint. */
typedef struct {
    Case c;
    GPtrArray *metrics;
    PlDiagnostics *faults;
    PlDateFormat *format;
    PlSalesRows *rows;
    PlInput input;
    GStrv names;
    PlCsvHeader header;
} Direct;

static Direct direct_new(PlDuplicates duplicates) {
    Direct d = {.c = case_new("sales.csv"), .faults = pl_diagnostics_new(20)};
    d.c.table->duplicates = (int)duplicates;
    d.c.table->date_format = g_strdup("number");
    d.format = pl_date_format_new("number", NULL);
    d.names = g_strsplit("date,store", ",", -1);
    d.metrics = g_steal_pointer(&d.c.def->metrics); /* rows of a store and a date alone */
    d.c.def->metrics = g_ptr_array_new();
    d.rows = pl_sales_rows_new(d.c.def, d.c.table, d.format, d.faults);
    return d;
}

static void direct_begin(Direct *d) {
    d->header =
        (PlCsvHeader){.shown = "t.csv", .diagnostics = d->faults, .line = 1, .n = 2, .names = d->names};
    cr_assert(pl_sales_rows_begin_file(d->rows, &d->header, &d->input));
}

static gboolean direct_take(Direct *d, const char *date, const char *store, int line) {
    char text[64];
    guint32 ends[2] = {(guint32)strlen(date), (guint32)(strlen(date) + 1 + strlen(store))};
    g_snprintf(text, sizeof text, "%s,%s", date, store);
    PlCsvRow row = {
        .bytes = text, .n_bytes = ends[1], .line = line, .n_fields = 2, .text = text, .ends = ends};
    return pl_sales_rows_take(d->rows, &row);
}

static void direct_end(Direct *d, const char *expected) {
    g_autoptr(GError) error = NULL;
    cr_assert(zero(pl_diagnostics_ok(d->faults, PL_ERROR_DATA, &error)));
    cr_assert(eq(str, error->message, (char *)expected));
    pl_sales_rows_free(d->rows);
    pl_date_format_free(d->format);
    pl_diagnostics_free(d->faults);
    g_strfreev(d->names);
    g_ptr_array_unref(d->c.def->metrics);
    d->c.def->metrics = d->metrics;
    case_clear(&d->c);
}

Test(sales_rows, too_many_rows_of_one_store_and_day) {
    Direct d = direct_new(PL_DUPLICATES_KEEP);
    direct_begin(&d);
    const guint32 ends[2] = {1, 3};
    PlCsvRow row = {.bytes = "1,A", .n_bytes = 3, .line = 7, .n_fields = 2, .text = "1,A", .ends = ends};
    while (pl_sales_rows_take(d.rows, &row))
        ;
    cr_assert(eq(u64, d.input.used, PL_PANEL_MAX_ROWS));
    cr_assert(eq(u64, d.input.rows, PL_PANEL_MAX_ROWS + (guint64)1));
    direct_end(&d, "t.csv:7: error: more than 16777215 rows of one store and day\n"
                   "  hint: is \"date\" the column of the date?");
}

/* An order number in the column of the store. */
Test(sales_rows, sparse_table_stops_the_reading) {
    Direct d = direct_new(PL_DUPLICATES_ERROR);
    direct_begin(&d);
    char date[8], store[8];
    int line = 1;
    gboolean on = TRUE;
    while (on && line++ < 100000) {
        g_snprintf(date, sizeof date, "%d", line * 7919 % 1000);
        g_snprintf(store, sizeof store, "o%d", line);
        on = direct_take(&d, date, store, line);
    }
    g_autofree char *expected =
        g_strdup_printf("t.csv:%d: error: %d stores, and hardly any of them has a row on hardly any day\n"
                        "  hint: is \"store\" the column of the store?",
                        line, line - 1);
    cr_assert(lt(int, line, 6000));
    direct_end(&d, expected);
}

/* Seen only once all is read: the days came first, each with its one store, then the stores on one day. */
Test(sales_rows, sparse_table_noticed_at_the_end) {
    Direct d = direct_new(PL_DUPLICATES_ERROR);
    direct_begin(&d);
    char date[8], store[8];
    for (int i = 0; i < 6000; i++) {
        g_snprintf(date, sizeof date, "%d", i < 1000 ? i : 3);
        g_snprintf(store, sizeof store, "o%d", i < 1000 ? 0 : i);
        cr_assert(direct_take(&d, date, store, i + 2));
    }
    pl_sales_rows_check(d.rows, d.faults);
    direct_end(&d, "t.csv: error: 5001 stores, and hardly any of them has a row on hardly any day\n"
                   "  hint: is \"store\" the column of the store?");
}

/* Faults of several columns are told of in one go; the row is not used. */
Test(sales_rows, faulty_rows_are_read_and_not_used) {
    Direct d = direct_new(PL_DUPLICATES_DROP);
    direct_begin(&d);
    cr_assert(direct_take(&d, "x", "", 2));
    cr_assert(direct_take(&d, "1", "A", 3));
    cr_assert(direct_take(&d, "1", "A", 4));
    cr_assert(eq(u64, d.input.rows, 3));
    cr_assert(eq(u64, d.input.used, 1));
    cr_assert(eq(u64, d.input.dropped, 1));
    direct_end(&d, "t.csv:2: error: column \"store\" is empty\n"
                   "t.csv:2: error: column \"date\": \"x\" is not a period number");
}

Test(sales_rows, file_without_the_columns) {
    Direct d = direct_new(PL_DUPLICATES_DROP);
    char *names[] = {"day", "store", NULL};
    d.header = (PlCsvHeader){.shown = "t.csv", .diagnostics = d.faults, .line = 1, .n = 2, .names = names};
    cr_assert(zero(pl_sales_rows_begin_file(d.rows, &d.header, &d.input)));
    direct_end(&d, "t.csv:1: error: there is no column \"date\"\n"
                   "  hint: the columns are \"day\", \"store\"; under data, columns: {date: NAME} says which "
                   "one it is");
}
