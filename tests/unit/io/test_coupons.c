/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/coupons.h"

#include "load_case.h"

/* A panel of S1, S2 and "S 3", and a table of the given files. */
typedef struct {
    Case c;
    PlCoupons *coupons;
    GPtrArray *inputs;
} Coupons;

static Coupons coupons_new(const char *files, PlTimeKind kind) {
    static const char *const names[] = {"S1", "S2", "S 3"}, *const measures[] = {"revenue"};
    const PlDay day = 0;
    Coupons k = {.c = case_new(files),
                 .inputs = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free)};
    k.c.table->table = PL_TABLE_COUPONS;
    k.c.panel = pl_panel_new(names, 3, &day, 1, kind, measures, 1);
    return k;
}

static void coupons_load(Coupons *k) {
    g_autoptr(GError) error = NULL;
    gboolean good = pl_load_coupons(k->c.def, k->c.panel, &k->coupons, k->inputs, &error);
    cr_assert(eq(int, good, error == NULL));
    cr_assert(eq(int, good, k->coupons != NULL));
    k->c.error = error != NULL ? temp_folder_strip(k->c.folder, error->message) : g_strdup("");
}

static void coupons_clear(Coupons *k) {
    pl_coupons_free(k->coupons);
    g_ptr_array_unref(k->inputs);
    case_clear(&k->c);
}

/* The fault of a table of one file. */
static void expect_fault(const char *text, const char *expected) {
    Coupons k = coupons_new("c.csv", PL_TIME_DATE);
    case_write(&k.c, "c.csv", text);
    coupons_load(&k);
    cr_expect(eq(str, k.c.error, (char *)expected));
    coupons_clear(&k);
}

/* "STORE DAY redeemed/distributed@face" a row. */
static char *rows_text(const PlCoupons *coupons, const PlPanel *panel) {
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < coupons->rows->len; i++) {
        const PlCouponRow *row = &g_array_index(coupons->rows, PlCouponRow, i);
        g_autofree char *day = pl_day_format(row->day, panel->kind);
        g_string_append_printf(text, "%s %s %g/%g@%g;", panel->stores[row->store], day, row->redeemed,
                               row->distributed, row->face_value);
    }
    return g_string_free(text, FALSE);
}

Test(coupons, rows_of_stores_with_sales_are_kept_and_the_others_counted) {
    Coupons k = coupons_new("c.csv", PL_TIME_DATE);
    case_write(&k.c, "c.csv",
               "store,date,distributed,redeemed,face_value,remark\nS1,2024-02-01,100,3,0.50,x\n"
               "S9,2024-02-01,5,5,1,\nS 3,2024-02-02,,7,,\n");
    coupons_load(&k);
    cr_assert(eq(str, k.c.error, (char *)""));
    g_autofree char *seen = rows_text(k.coupons, k.c.panel);
    cr_expect(eq(str, seen, (char *)"S1 2024-02-01 3/100@0.5;S 3 2024-02-02 7/nan@nan;"));
    const PlInput *input = g_ptr_array_index(k.inputs, 0);
    cr_expect(eq(u64, input->rows, 3));
    cr_expect(eq(u64, input->used, 2));
    cr_expect(eq(u64, input->unknown, 1));
    cr_expect(eq(u32, k.coupons->unknown_rows, 1));
    cr_expect(eq(int, k.coupons->has_distributed, TRUE));
    cr_expect(eq(int, k.coupons->has_face_value, TRUE));
    cr_expect(eq(u64, strlen(input->sha256), 64));
    coupons_clear(&k);
}

Test(coupons, columns_formats_and_filters_are_those_of_the_definition) {
    Coupons k = coupons_new("c.csv", PL_TIME_NUMBER);
    k.c.table->columns = entry("redeemed", "used");
    k.c.table->where = entry("kind", "paper/app");
    k.c.table->date_format = g_strdup("number");
    k.c.table->delimiter = g_strdup(";");
    k.c.table->decimal = g_strdup(",");
    case_write(&k.c, "c.csv", "store;date;used;kind\nS1;7;3;paper\nS1;8;1;tv\nS2;9;2;app\n");
    coupons_load(&k);
    cr_assert(eq(str, k.c.error, (char *)""));
    g_autofree char *seen = rows_text(k.coupons, k.c.panel);
    cr_expect(eq(str, seen, (char *)"S1 7 3/nan@nan;S2 9 2/nan@nan;"));
    cr_expect(eq(int, k.coupons->has_distributed, FALSE));
    cr_expect(eq(u64, ((const PlInput *)g_ptr_array_index(k.inputs, 0))->filtered, 1));
    coupons_clear(&k);
}

Test(coupons, no_table_is_no_fault) {
    Case c = case_new("c.csv");
    PlCoupons *coupons = NULL;
    g_autoptr(GError) error = NULL;
    cr_assert(pl_load_coupons(c.def, NULL, &coupons, NULL, &error));
    cr_assert_null(coupons);
    case_clear(&c);
}

Test(coupons, faults_name_the_line_and_what_was_expected) {
    expect_fault(
        "store,date,distributed\nS1,2024-02-01,4\n",
        "c.csv:1: error: there is no column \"redeemed\"\n  hint: the columns are \"store\", \"date\", "
        "\"distributed\"; under data, columns: {redeemed: NAME} says which one it is");
    expect_fault(
        "store,date,redeemed\nS1,2024-02-30,4\n",
        "c.csv:2: error: column \"date\": \"2024-02-30\" is not a date like %Y-%m-%d (store \"S1\")");
    expect_fault("store,date,redeemed\nS1,2024-02-03,-4\nS2,2024-02-03,1.5\n",
                 "c.csv:2: error: column \"redeemed\": \"-4\" is not a number of coupons (store \"S1\")\n"
                 "  hint: expected a whole number from 0 on\n"
                 "c.csv:3: error: column \"redeemed\": \"1.5\" is not a number of coupons (store \"S2\")");
    expect_fault(
        "store,date,redeemed\nS1,2024-02-03,\n",
        "c.csv:2: error: column \"redeemed\" is empty (store \"S1\")\n  hint: write 0 where no coupon "
        "was redeemed");
    expect_fault("store,date,redeemed,face_value\nS1,2024-02-03,1,0\n",
                 "c.csv:2: error: column \"face_value\": \"0\" is not the worth of a coupon (store \"S1\")\n"
                 "  hint: a face value is above 0; empty: not known");
    expect_fault("store,date,redeemed\nS1,2024-02-03,\"1,5\"\n",
                 "c.csv:2: error: column \"redeemed\": \"1,5\" is not a number (store \"S1\")\n"
                 "  hint: set decimal: \",\" under data");
    expect_fault("store,date,redeemed\n,2024-02-03,1\n", "c.csv:2: error: column \"store\" is empty");
    expect_fault("store,date,redeemed\n", "c.csv:1: error: no rows follow the header");
}

Test(coupons, a_store_cannot_redeem_more_than_it_handed_out_over_all_its_rows) {
    /* last week's coupon is redeemed this week: no fault */
    Coupons k = coupons_new("c.csv", PL_TIME_DATE);
    case_write(&k.c, "c.csv", "store,date,distributed,redeemed\nS1,2024-02-01,10,1\nS1,2024-02-08,0,9\n");
    coupons_load(&k);
    cr_expect(eq(str, k.c.error, (char *)""));
    coupons_clear(&k);
    expect_fault(
        "store,date,distributed,redeemed,face_value\nS2,2024-02-01,10,4,1\nS1,2024-02-01,2000,1,1\n"
        "S2,2024-02-02,0,7,1\nS2,2024-02-03,50,2,2\nS2,2024-02-04,0,0,1\n",
        "c.csv:4: error: store \"S2\" redeemed 11 coupons of face value 1 by this row, but handed out "
        "only 10 in all\n  hint: give the rows of the days on which they were handed out, too; or "
        "leave \"distributed\" empty where it is not known");
}

Test(coupons, the_definition_is_at_fault_where_it_is) {
    Coupons k = coupons_new("c.csv", PL_TIME_NUMBER);
    case_write(&k.c, "c.csv", "store,date,redeemed\nS1,2024-02-01,1\n");
    coupons_load(&k);
    cr_expect(
        eq(str, k.c.error,
           (char *)"d.yaml: error: the table \"coupons\" has dates and the table \"sales\" period numbers\n"
                   "  hint: the periods are in the time of the sales"));
    coupons_clear(&k);
    k = coupons_new("", PL_TIME_DATE);
    coupons_load(&k);
    cr_expect(eq(str, k.c.error,
                 (char *)"d.yaml: error: the table \"coupons\" has no file\n  hint: this version reads CSV "
                         "files: file: coupons.csv"));
    coupons_clear(&k);
    k = coupons_new("c.csv", PL_TIME_DATE);
    k.c.table->where = entry("kind", "paper");
    case_write(&k.c, "c.csv", "store,date,redeemed,kind\nS1,2024-02-01,1,app\n");
    coupons_load(&k);
    cr_expect(eq(
        str, k.c.error,
        (char *)"d.yaml:7:13: error: where: no row of table \"coupons\" has a \"kind\" that is to be kept"));
    coupons_clear(&k);
}
