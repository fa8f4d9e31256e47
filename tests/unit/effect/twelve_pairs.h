/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "experiment.h"
#include "pairlift/io/store_table.h"

/* The twelve pairs of tests/reference/effect/twelve_pairs.R, as files. Test stores are T1 to T12, control
 * stores C1 to C12; before is interval 1, during interval 2. */
typedef struct {
    int revenue[4], units[4]; /* test before, test during, control before, control during */
    const char *region, *format;
    int size;
} TwelvePair;

static const TwelvePair twelve_pairs[] = {
    {{1000, 1104, 900, 910}, {400, 450, 350, 352}, "North", "small", 80},
    {{1210, 1338, 1100, 1122}, {480, 540, 440, 441}, "North", "large", 130},
    {{830, 905, 870, 845}, {330, 371, 350, 344}, "North", "small", 95},
    {{1505, 1655, 1490, 1501}, {601, 660, 590, 592}, "North", "large", 210},
    {{940, 951, 1010, 1003}, {370, 380, 400, 402}, "South", "small", 60},
    {{1120, 1125, 1080, 1111}, {450, 461, 430, 437}, "South", "large", 155},
    {{1333, 1320, 1290, 1305}, {520, 518, 510, 516}, "South", "large", 170},
    {{702, 722, 760, 748}, {280, 291, 300, 297}, "South", "small", 75},
    {{990, 1060, 1020, 1033}, {396, 425, 410, 412}, "East", "small", 110},
    {{1450, 1490, 1380, 1399}, {580, 601, 550, 556}, "East", "large", 240},
    {{1175, 1281, 1230, 1222}, {470, 517, 490, 485}, "East", "large", 190},
    {{880, 902, 845, 860}, {350, 362, 340, 345}, "East", "small", 100},
};

#define TWELVE_HEAD                                                                                          \
    "experiment: twelve\n"                                                                                   \
    "data:\n"                                                                                                \
    "  - {table: sales, file: sales.csv, date_format: number}\n"
#define TWELVE_STORES "  - {table: stores, file: stores.csv}\n"
#define TWELVE_METRICS                                                                                       \
    "metrics:\n"                                                                                             \
    "  - {name: revenue, sum: revenue}\n"                                                                    \
    "  - {name: units, sum: units}\n"                                                                        \
    "  - {name: price, ratio: [revenue, units], label: average price}\n"                                     \
    "periods: {before: {from: 1, to: 1}, during: {from: 2, to: 2}}\n"
#define TWELVE_TAIL TWELVE_METRICS "pairs_file: pairs.csv\n"

static inline char *twelve_sales(void) {
    GString *s = g_string_new("date,store,revenue,units,takings\n");
    for (guint i = 0; i < G_N_ELEMENTS(twelve_pairs); i++)
        for (int k = 0; k < 4; k++)
            g_string_append_printf(s, "%d,%c%u,%d,%d,%.2f\n", k % 2 + 1, k < 2 ? 'T' : 'C', i + 1,
                                   twelve_pairs[i].revenue[k], twelve_pairs[i].units[k],
                                   5.99 * twelve_pairs[i].units[k]);
    return g_string_free(s, FALSE);
}

/* The first n pairs. */
static inline char *twelve_pairs_file(guint n) {
    GString *s = g_string_new("test,control\n");
    for (guint i = 1; i <= n; i++)
        g_string_append_printf(s, "T%u,C%u\n", i, i);
    return g_string_free(s, FALSE);
}

/* Of both stores of a pair, with columns that cannot tell stores apart. */
static inline char *twelve_stores(void) {
    GString *s = g_string_new("store,region,format,size,name,country,pair,arm\n");
    for (guint i = 0; i < G_N_ELEMENTS(twelve_pairs); i++)
        for (const char *side = "TC"; *side; side++)
            g_string_append_printf(s, "%c%u,%s,%s,%d,shop %c%u,XY,%u,%s\n", *side, i + 1,
                                   twelve_pairs[i].region, twelve_pairs[i].format, twelve_pairs[i].size,
                                   *side, i + 1, i + 1, *side == 'T' ? "test" : "none");
    return g_string_free(s, FALSE);
}

static inline PlResult *twelve_run(const char *yaml, guint n_pairs, const char *stores, GError **error) {
    char *folder = temp_folder_new();
    g_autofree char *sales = twelve_sales(), *pairs = twelve_pairs_file(n_pairs), *all = twelve_stores();
    g_autofree char *definition = temp_folder_write(folder, "test.yaml", yaml);
    g_free(temp_folder_write(folder, "sales.csv", sales));
    g_free(temp_folder_write(folder, "pairs.csv", pairs));
    g_free(temp_folder_write(folder, "stores.csv", stores ? stores : all));
    pl_stats_init();
    PlResult *result = NULL;
    g_auto(PlTables) tables = {0};
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(definition, error);
    if (def && pl_pairs_load(def, NULL, error))
        panel = pl_load_sales(def, NULL, NULL, &inputs, error);
    if (panel && pl_load_store_table(def, panel, &tables.stores, NULL, error))
        result = pl_run(def, panel, &tables, TRUE, 1, (PlStepper){0}, error);
    temp_folder_remove(folder);
    return result;
}

static inline PlResult *twelve_ok(const char *yaml, guint n_pairs) {
    g_autoptr(GError) error = NULL;
    PlResult *result = twelve_run(yaml, n_pairs, NULL, &error);
    cr_assert_not_null(result, "%s", error ? error->message : "");
    return result;
}

/* The i-th finding of a section with this measure and group (NULL: without). */
static inline const PlFinding *twelve_finding(const PlResult *r, const char *id, const char *measure,
                                              const char *group, guint i) {
    const PlSection *s = pl_result_section(r, id);
    cr_assert_not_null(s, "no section %s", id);
    for (guint k = 0; k < s->findings->len; k++) {
        const PlFinding *f = g_ptr_array_index(s->findings, k);
        if (g_strcmp0(f->measure, measure) == 0 && g_strcmp0(f->group, group) == 0 && i-- == 0)
            return f;
    }
    cr_assert(0, "no finding %s %s", measure, group ? group : "");
    return NULL;
}

static inline void twelve_close(double seen, double expected, const char *what) {
    cr_assert(epsilon_eq(dbl, seen, expected, 1e-9 * fmax(1, fabs(expected))), "%s: %.17g, not %.17g", what,
              seen, expected);
}

static inline char *twelve_sentences(const PlResult *r, const char *id) {
    const PlSection *s = pl_result_section(r, id);
    GString *text = g_string_new(NULL);
    for (guint i = 0; s && i < s->sentences->len; i++)
        g_string_append_printf(text, "%s%s", i ? "\n" : "", (char *)g_ptr_array_index(s->sentences, i));
    return g_string_free(text, FALSE);
}
