/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/fields.h"

#include "definition_text.h"

static PlDefinition *read_fields(const char *text, PlDiagnostics *diagnostics) {
    PlDefinition *def = pl_definition_new();
    def->file = g_strdup("d.yaml");
    g_autoptr(PlYaml) root = pl_yaml_parse(text, strlen(text), "d.yaml", diagnostics);
    cr_assert(root != NULL);
    pl_fields_read(root, def, diagnostics);
    return def;
}

static void expect(const char *text, const char *want) {
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = read_fields(text, diagnostics);
    cr_assert(not(pl_diagnostics_ok(diagnostics, PL_ERROR_DEFINITION, &error)), "accepted: %s", text);
    cr_expect(eq(str, error->message, (char *)want));
}

static void expect_tail(const char *tail, const char *want) {
    g_autofree char *text = g_strconcat(DEFINITION_HEAD, tail, NULL);
    expect(text, want);
}

static void expect_pos(PlPos pos, int line, int column) {
    cr_expect(eq(int, pos.line, line));
    cr_expect(eq(int, pos.column, column));
}

Test(fields, applies_defaults_at_every_depth) {
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(PlDefinition) def = read_fields(DEFINITION_HEAD, diagnostics);
    cr_assert(eq(uint, pl_diagnostics_count(diagnostics), 0));
    const PlTable *table = g_ptr_array_index(def->data, 0);
    cr_expect(eq(str, table->delimiter, (char *)"auto"));
    cr_expect(eq(str, table->decimal, (char *)"."));
    cr_expect(eq(str, table->date_format, (char *)"%Y-%m-%d"));
    cr_expect(eq(int, table->gaps, PL_GAPS_ERROR));
    cr_expect(eq(int, table->duplicates, PL_DUPLICATES_ERROR));
    cr_expect(eq(uint, table->columns->len, 0));
    cr_expect(epsilon_eq(dbl, def->analysis.confidence, 0.95, 0));
    cr_expect(eq(i64, def->analysis.resamples, 10000));
    cr_expect(eq(i64, def->analysis.seed, 1));
    cr_expect(eq(int, def->analysis.adjust, PL_ADJUST_HOLM));
    cr_expect(eq(ptr, def->analysis.methods, NULL));
    cr_expect(eq(int, def->randomised, PL_RANDOMISED_UNSAID));
    cr_expect(eq(ptr, def->assignment.file, NULL));
    cr_expect(eq(ptr, def->pairing.method, NULL));
    expect_pos(pl_definition_pos(def, &def->analysis.seed), 0, 0);
}

Test(fields, reads_every_type) {
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(PlDefinition) def = read_fields("experiment: 2024\n"
                                              "randomised: no\n"
                                              "data:\n"
                                              "  - table: coupons\n"
                                              "    file: [a.csv, b.csv]\n"
                                              "    gaps: interpolate\n"
                                              "    columns: {store: id}\n"
                                              "    where: {product: [cola, '7'], year: 2024}\n"
                                              "metrics: [{name: p, ratio: [x, y]}]\n"
                                              "analysis: {seed: 42, confidence: .9, effect: absolute}\n"
                                              "periods: {during: {from: 2024-02-01, to: 2024-02-29}}\n"
                                              "report: {anything: [1, {at: all}]}\n"
                                              "title:\n",
                                              diagnostics);
    cr_assert(eq(uint, pl_diagnostics_count(diagnostics), 0));
    cr_expect(eq(str, def->experiment, (char *)"2024"));
    cr_expect(eq(int, def->randomised, PL_RANDOMISED_NO));
    const PlTable *table = g_ptr_array_index(def->data, 0);
    cr_expect(eq(int, table->table, PL_TABLE_COUPONS));
    cr_expect(eq(str, table->files[1], (char *)"b.csv"));
    cr_expect(eq(ptr, table->files[2], NULL));
    cr_expect(eq(int, table->gaps, PL_GAPS_INTERPOLATE));
    cr_expect(eq(str, (char *)pl_table_column(table, "store"), (char *)"id"));
    const PlEntry *where = g_ptr_array_index(table->where, 0), *year = g_ptr_array_index(table->where, 1);
    cr_expect(eq(str, where->key, (char *)"product"));
    cr_expect(eq(str, where->values[1], (char *)"7"));
    cr_expect(eq(str, year->values[0], (char *)"2024"));
    cr_expect(eq(i64, def->analysis.seed, 42));
    cr_expect(epsilon_eq(dbl, def->analysis.confidence, 0.9, 0));
    cr_expect(eq(int, def->analysis.effect, PL_EFFECT_ABSOLUTE));
    cr_expect(eq(str, def->periods.during.to, (char *)"2024-02-29"));
    cr_expect(eq(ptr, def->title, NULL));
    expect_pos(year->pos, 8, 35);
    expect_pos(pl_definition_pos(def, &def->analysis.seed), 10, 18);
    expect_pos(pl_definition_pos(def, &def->periods.during.to), 11, 42);
    expect_pos(pl_definition_pos(def, table), 4, 12);
}

Test(fields, names_what_is_unknown) {
    expect_tail("metrcs: []\n", "d.yaml:6:1: error: unknown key \"metrcs\" in the definition\n"
                                "  hint: did you mean \"metrics\"?");
    expect_tail("zzz: 1\n", "d.yaml:6:1: error: unknown key \"zzz\" in the definition\n"
                            "  hint: pairlift help definition lists the keys");
    expect_tail("confidence: 0.9\n", "d.yaml:6:1: error: unknown key \"confidence\" in the definition\n"
                                     "  hint: \"confidence\" belongs under \"analysis\"");
    expect_tail("analysis: {primary: a}\n", "d.yaml:6:12: error: unknown key \"primary\" in \"analysis\"\n"
                                            "  hint: \"primary\" belongs to the top level, not indented");
    expect_tail("periods: {during: {start: 1, from: 1, to: 2}}\n",
                "d.yaml:6:20: error: unknown key \"start\" in \"periods.during\"\n"
                "  hint: possible keys: from, to");
    expect_tail("pairs: [{test: A, control: B, '': 1}]\n",
                "d.yaml:6:31: error: unknown key \"\" in \"pairs\"\n"
                "  hint: possible keys: test, control, treatment");
}

Test(fields, names_what_is_missing) {
    expect("title: x\n", "d.yaml:1:1: error: missing key \"experiment\" in the definition\n"
                         "  hint: Name of the experiment, and of the folder that its report is written to.\n"
                         "d.yaml:1:1: error: missing key \"data\" in the definition\n"
                         "  hint: The tables, one entry each.");
    expect("experiment: ~\ndata: []\nmetrics: [{name: a, sum: a}]\n",
           "d.yaml:2:7: error: \"data\" is empty\n"
           "d.yaml:1:1: error: \"experiment\" has no value\n"
           "  hint: Name of the experiment, and of the folder that its report is written to.");
    expect_tail("pairs:\n  - {control: B}\n", "d.yaml:7:5: error: missing key \"test\" in \"pairs\"\n"
                                              "  hint: Store with the promotion.");
}

Test(fields, names_what_is_given_twice) {
    expect_tail("title: x\ntitle: y\n", "d.yaml:7:1: error: \"title\" is given twice, first on line 6");
    expect("experiment: e\ndata: [{table: sales, file: s, where: {a: 1, b: 2, a: 3}}]\n"
           "metrics: [{name: a, sum: a}]\n",
           "d.yaml:2:52: error: \"a\" is given twice in \"where\"");
}

Test(fields, names_the_wrong_kind_of_value) {
    expect_tail("title: [a]\n", "d.yaml:6:8: error: \"title\" takes one value, not a list");
    expect_tail("title: {a: b}\n", "d.yaml:6:8: error: \"title\" takes one value, not a map of keys");
    expect_tail("analysis: 3\n", "d.yaml:6:11: error: \"analysis\" takes a map of keys, not a text\n"
                                 "  hint: write {name: value, ...}, or one \"name: value\" a line, indented");
    expect_tail("treatments: {name: a}\n",
                "d.yaml:6:13: error: \"treatments\" takes a list of entries, not a map of keys\n"
                "  hint: start each entry with \"- \", such as - {name: value}");
    expect_tail("treatments: [a, ~]\n",
                "d.yaml:6:14: error: an entry of \"treatments\" is not a map of keys\n"
                "  hint: such as - {name: ...}\n"
                "d.yaml:6:17: error: an entry of \"treatments\" is not a map of keys\n"
                "  hint: such as - {name: ...}");
    expect_tail("analysis: {methods: [a, [b], {c: d}, ~, '']}\n",
                "d.yaml:6:25: error: \"methods\" takes a text or a list of texts, not a list\n"
                "d.yaml:6:30: error: \"methods\" takes a text or a list of texts, not a map of keys\n"
                "d.yaml:6:38: error: \"methods\" takes a text or a list of texts, not nothing\n"
                "d.yaml:6:41: error: \"methods\" is empty");
    expect_tail("analysis: {methods: []}\n", "d.yaml:6:21: error: \"methods\" is empty");
}

Test(fields, counts_texts) {
    static const char format[] = "experiment: e\ndata: [{table: sales, file: s, columns: {store: %s}}]\n"
                                 "metrics: [{name: a, ratio: %s}]\n";
    static const struct {
        const char *column, *ratio, *want;
    } cases[] = {
        {"x", "[x]", "d.yaml:3:28: error: \"ratio\" takes exactly 2 texts, not 1"},
        {"x", "x", "d.yaml:3:28: error: \"ratio\" takes exactly 2 texts, not 1"},
        {"x", "[x, y, z]", "d.yaml:3:28: error: \"ratio\" takes exactly 2 texts, not 3"},
        {"[x, y]", "[x, y]", "d.yaml:2:49: error: \"store\" takes one text, not 2"},
        {"[]", "[x, y]", "d.yaml:2:49: error: \"store\" is empty"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(format, cases[i].column, cases[i].ratio);
        expect(text, cases[i].want);
    }
}
