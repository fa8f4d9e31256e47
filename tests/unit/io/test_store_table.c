/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/store_table.h"

#include "load_case.h"

/* A panel of S1, S2 and "S 3", and a table of the given files. */
typedef struct {
    Case c;
    PlStoreTable *table;
    GPtrArray *inputs;
} Stores;

static Stores stores_new(const char *files) {
    static const char *const names[] = {"S1", "S2", "S 3"}, *const measures[] = {"revenue"};
    const PlDay day = 0;
    Stores s = {.c = case_new(files),
                .inputs = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free)};
    s.c.table->table = PL_TABLE_STORES;
    s.c.panel = pl_panel_new(names, 3, &day, 1, PL_TIME_DATE, measures, 1);
    return s;
}

static void stores_load(Stores *s) {
    g_autoptr(GError) error = NULL;
    gboolean good = pl_load_store_table(s->c.def, s->c.panel, &s->table, s->inputs, &error);
    cr_assert(eq(int, good, error == NULL));
    cr_assert(eq(int, good, s->table != NULL));
    s->c.error = error != NULL ? temp_folder_strip(s->c.folder, error->message) : g_strdup("");
}

static void stores_clear(Stores *s) {
    pl_store_table_free(s->table);
    g_ptr_array_unref(s->inputs);
    case_clear(&s->c);
}

/* "region=North/-/South;size=..", then "@lat,lon" of each store. */
static char *table_text(const PlStoreTable *t) {
    GString *text = g_string_new(NULL);
    for (guint a = 0; a < t->n_attributes; a++) {
        g_string_append_printf(text, "%s%s=", a > 0 ? ";" : "", t->names[a]);
        for (guint s = 0; s < t->n_stores; s++)
            g_string_append_printf(text, "%s%s", s > 0 ? "/" : "", t->values[a][s] ? t->values[a][s] : "-");
    }
    for (guint s = 0; (t->latitude || t->longitude) && s < t->n_stores; s++)
        g_string_append_printf(text, "@%g,%g", t->latitude ? t->latitude[s] : INFINITY,
                               t->longitude ? t->longitude[s] : INFINITY);
    return g_string_free(text, FALSE);
}

static void expect_table(Stores *s, const char *expected) {
    stores_load(s);
    cr_assert(eq(str, s->c.error, (char *)""));
    g_autofree char *seen = table_text(s->table);
    cr_assert(eq(str, seen, (char *)expected));
    stores_clear(s);
}

static void expect_fault(Stores *s, const char *expected) {
    stores_load(s);
    cr_assert(eq(str, s->c.error, (char *)expected));
    stores_clear(s);
}

Test(store_table, attributes_and_places) {
    Stores s = stores_new("s.csv");
    case_write(&s.c, "s.csv",
               "region,store,latitude,longitude,size\nNorth,S1,52.5,-0.5,120\nSouth,S "
               "3,-33,151,NA\nEast,S9,1,2,3\n");
    stores_load(&s);
    g_autofree char *seen = table_text(s.table);
    cr_assert(eq(str, seen, (char *)"region=North/-/South;size=120/-/-@52.5,-0.5@nan,nan@-33,151"));
    const PlInput *input = g_ptr_array_index(s.inputs, 0);
    cr_assert(eq(u64, input->rows, 3));
    cr_assert(eq(u64, input->used, 2));
    cr_assert(eq(u64, input->unknown, 1));
    cr_assert(eq(str, input->table, (char *)"stores"));
    cr_assert(eq(u64, strlen(input->sha256), 64));
    stores_clear(&s);
}

Test(store_table, none_is_no_fault) {
    Stores s = stores_new("s.csv");
    g_autoptr(GError) error = NULL;
    s.c.table->table = PL_TABLE_COUPONS;
    cr_assert(pl_load_store_table(s.c.def, s.c.panel, &s.table, s.inputs, &error));
    cr_assert_null(s.table);
    cr_assert(eq(u32, s.inputs->len, 0));
    stores_clear(&s);
}

Test(store_table, without_attributes) {
    Stores s = stores_new("s.csv");
    case_write(&s.c, "s.csv", "store\nS1\n");
    expect_table(&s, "");
}

/* Rows that agree, on every day or in another file, which may add what the first leaves open. */
Test(store_table, rows_that_agree) {
    Stores s = stores_new("a.csv b.csv");
    case_write(&s.c, "a.csv", "store,region,size\nS1,North,\nS1,North,12\nS2,South,9\n");
    case_write(&s.c, "b.csv", "owner,store\nAnn,S1\nBob,S2\nBob,S2\n");
    expect_table(&s, "region=North/South/-;size=12/9/-;owner=Ann/Bob/-");
}

Test(store_table, other_writing) {
    Stores s = stores_new("s*.csv");
    s.c.table->decimal = g_strdup(",");
    s.c.table->delimiter = g_strdup(";");
    s.c.table->columns = entry("store", "shop");
    g_ptr_array_extend_and_steal(s.c.table->columns, entry("region", "area"));
    case_write(&s.c, "s1.csv", "shop;area;store;latitude;size;;note\nS1;North;First;1,5;12,25;x;a,b\n");
    expect_table(&s, "region=North/-/-;store=First/-/-;size=12.25/-/-;note=a,b/-/-@1.5,inf@nan,inf@nan,inf");
}

Test(store_table, where_keeps_some_rows) {
    Stores s = stores_new("s.csv");
    s.c.table->where = entry("open", "yes/new");
    case_write(&s.c, "s.csv", "store,open,size\nS1,yes,1\nS1,no,2\nS2,new,3\n");
    expect_table(&s, "open=yes/new/-;size=1/3/-");
    s = stores_new("s.csv");
    s.c.table->where = entry("open", "maybe");
    case_write(&s.c, "s.csv", "store,open\nS1,yes\n");
    expect_fault(&s,
                 "d.yaml:7:13: error: where: no row of table \"stores\" has a \"open\" that is to be kept");
}

Test(store_table, two_values) {
    Stores s = stores_new("a.csv b.csv");
    case_write(&s.c, "a.csv", "store,region,latitude\nS1,North,1\nS1,South,1\nS1,South,2\n");
    case_write(&s.c, "b.csv", "store,region\nS1,East\n");
    expect_fault(
        &s,
        "a.csv:3: error: store \"S1\" is there twice, with column \"region\" \"North\" (line 2) and "
        "\"South\"\n"
        "  hint: a store has one value of each attribute: keep the row that holds\n"
        "a.csv:4: error: store \"S1\" is there twice, with column \"latitude\" \"1\" (line 3) and \"2\"\n"
        "b.csv:2: error: store \"S1\" is there twice, with column \"region\" \"South\" (a.csv, line 4) and "
        "\"East\"");
}

Test(store_table, faults) {
    static const struct {
        const char *text, *fault;
    } cases[] = {
        {"store,latitude\nS1,91\nS2,north\nS9,-90.5\n",
         "s.csv:2: error: column \"latitude\": 91 is no latitude, which is between -90 and 90 (store "
         "\"S1\")\n"
         "  hint: degrees, south and west negative; are latitude and longitude the wrong way around?\n"
         "s.csv:3: error: column \"latitude\": \"north\" is not a number (store \"S2\")\n"
         "s.csv:4: error: column \"latitude\": -90.5 is no latitude, which is between -90 and 90 (store "
         "\"S9\")\n"
         "  hint: degrees, south and west negative; are latitude and longitude the wrong way around?"},
        {"store,longitude\nS1,\"7,5\"\nS2,181\n",
         "s.csv:2: error: column \"longitude\": \"7,5\" is not a number (store \"S1\")\n"
         "  hint: set decimal: \",\" under data\n"
         "s.csv:3: error: column \"longitude\": 181 is no longitude, which is between -180 and 180 (store "
         "\"S2\")\n"
         "  hint: degrees, south and west negative; are latitude and longitude the wrong way around?"},
        {"shop,region\nS1,North\n", "s.csv:1: error: there is no column \"store\"\n"
                                    "  hint: the columns are \"shop\", \"region\"; under data, columns: "
                                    "{store: NAME} says which one it is"},
        {"store,a,a\nS1,1,2\n", "s.csv:1: error: two columns are named \"a\", the 2. and the 3.\n"
                                "  hint: rename or remove one of them"},
        {"store,region\n", "s.csv:1: error: no rows follow the header"},
        {"", "s.csv: error: the file is empty"},
        {"store,region\n,North\nS1,\xff\n",
         "s.csv:2: error: column \"store\" is empty\n"
         "s.csv:3: error: column \"region\": \"\\xff\" is not valid UTF-8\n"
         "  hint: convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Stores s = stores_new("s.csv");
        case_write(&s.c, "s.csv", cases[i].text);
        expect_fault(&s, cases[i].fault);
    }
}

Test(store_table, faults_of_the_definition) {
    Stores s = stores_new("");
    expect_fault(&s, "d.yaml: error: the table \"stores\" has no file\n"
                     "  hint: this version reads CSV files: file: stores.csv");
    s = stores_new("none.csv");
    stores_load(&s);
    cr_assert(g_str_has_prefix(s.c.error, "none.csv: error: "));
    stores_clear(&s);
    s = stores_new("s.csv");
    s.c.table->columns = entry("region", "area");
    case_write(&s.c, "s.csv", "store,region,area\nS1,a,b\n");
    expect_fault(&s, "s.csv:1: error: column \"region\" has the name of a role that column \"area\" plays\n"
                     "  hint: rename one of them: attributes go by these names");
    s = stores_new("s.csv");
    s.c.table->columns = entry("region", "area");
    case_write(&s.c, "s.csv", "store,erea\nS1,a\n");
    expect_fault(&s, "s.csv:1: error: there is no column \"area\"\n"
                     "  hint: did you mean \"erea\"? the definition names it");
    s = stores_new("s.csv");
    s.c.table->where = entry("open", "yes");
    case_write(&s.c, "s.csv", "store,size\nS1,1\n");
    expect_fault(&s, "s.csv:1: error: there is no column \"open\"\n"
                     "  hint: the columns are \"store\", \"size\"; where needs it");
}

Test(store_table, many_faults_are_counted) {
    Stores s = stores_new("s.csv");
    GString *text = g_string_new("store,latitude\n");
    for (int i = 0; i < 30; i++)
        g_string_append(text, "S1,x\n");
    case_write(&s.c, "s.csv", text->str);
    g_string_free(text, TRUE);
    stores_load(&s);
    g_auto(GStrv) lines = g_strsplit(s.c.error, "\n", -1);
    cr_assert(eq(u32, g_strv_length(lines), 21), "%s", s.c.error);
    stores_clear(&s);
}
