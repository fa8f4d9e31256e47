/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition_tables.h"

#include "../io/definition_text.h"

static void expect(const char *data, const char *want) {
    g_autofree char *text = g_strconcat("experiment: e\nmetrics: [{name: a, sum: a}]\ndata:\n", data, NULL);
    expect_faults(text, want);
}

Test(definition_tables, need_a_sales_table) {
    expect("  - {table: stores, file: s.csv}\n", "d.yaml:4:3: error: there is no table \"sales\"\n"
                                                 "  hint: add - {table: sales, file: ...}");
    /* a name that could not be read may have been meant to be it */
    expect("  - {table: sale, file: s.csv}\n",
           "d.yaml:4:13: error: \"table\": \"sale\" is not one of sales | stores | competitor_prices | "
           "coupons | "
           "interactions | customers | survey | order_lines | opportunities\n"
           "  hint: did you mean \"sales\"?");
}

Test(definition_tables, come_once) {
    expect("  - {table: sales, file: s.csv}\n  - {table: sales, file: t.csv}\n",
           "d.yaml:5:13: error: table \"sales\" is given twice, first on line 4\n"
           "  hint: give one entry a list of files, or a pattern");
}

Test(definition_tables, have_one_source) {
    expect("  - {table: sales}\n", "d.yaml:4:13: error: table \"sales\" has no source\n"
                                   "  hint: file: NAME.csv, or odbc: \"DSN=...\" with relation or query");
    expect("  - {table: sales, file: s.csv, odbc: DSN=w, relation: r}\n",
           "d.yaml:4:39: error: table \"sales\" has both \"file\" and \"odbc\"\n"
           "  hint: keep one of them");
    expect("  - {table: sales, odbc: DSN=w}\n",
           "d.yaml:4:26: error: \"odbc\" needs \"relation\" or \"query\"\n"
           "  hint: relation: schema.table, or query: SELECT ...");
    expect("  - {table: sales, odbc: DSN=w, relation: r, query: SELECT 1}\n",
           "d.yaml:4:53: error: table \"sales\" has both \"relation\" and \"query\"\n"
           "  hint: keep one of them");
    expect("  - {table: sales, file: s.csv, query: SELECT 1}\n",
           "d.yaml:4:40: error: \"query\" is for a database, and \"odbc\" is missing\n"
           "  hint: add odbc: \"DSN=...\"");
}

/* One mistake, one message: a source that could not be read is not reported as missing, too. */
Test(definition_tables, do_not_repeat_a_fault) {
    expect("  - {table: sales, file: {a: b}}\n",
           "d.yaml:4:26: error: \"file\" takes a text or a list of texts, not a map of keys");
}

Test(definition_tables, know_their_roles) {
    expect("  - {table: sales, file: s, columns: {stor: id, zzzzzz: x}}\n",
           "d.yaml:4:39: error: table \"sales\" has no role \"stor\"\n"
           "  hint: did you mean \"store\"?\n"
           "d.yaml:4:49: error: table \"sales\" has no role \"zzzzzz\"\n"
           "  hint: roles: store, date, product, category, channel, revenue, units, visits, price, currency, "
           "unit");
    expect("  - {table: sales, file: s, columns: {store: x, date: x}}\n",
           "d.yaml:4:49: error: column \"x\" is both \"store\" and \"date\"");
}

Test(definition_tables, check_how_the_file_is_written) {
    expect("  - {table: sales, file: s, date_format: '%Q'}\n",
           "d.yaml:4:42: error: \"date_format\": %Q is not known; use %Y %y %m %b %B %d %e %j %H %M %S, or "
           "number");
    expect("  - {table: sales, file: s, delimiter: ',', decimal: ','}\n",
           "d.yaml:4:54: error: \",\" cannot be both delimiter and decimal mark");
}

Test(definition_tables, accept_good_ones) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = load_text(
        "experiment: e\nmetrics: [{name: a, sum: a}]\ndata:\n"
        "  - {table: sales, odbc: DSN=w, query: SELECT 1, columns: {store: id}}\n"
        "  - {table: survey, file: [a.csv, b.csv], delimiter: ;, decimal: ',', date_format: number}\n",
        &error);
    cr_assert(def != NULL, "%s", error != NULL ? error->message : "");
    cr_expect(pl_definition_table(def, PL_TABLE_SURVEY) == g_ptr_array_index(def->data, 1));
}
