/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../common/temp_folder.h"
#include "pairlift/io/load.h"
#include "pairlift/io/pairs.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct {
    const char *columns; /* of the assignment: pair/treatment, or NULL for a pairs_file */
    const char *treatments;
    const char *text;
    const char *seen; /* "line:test/control/treatment/id ", or the error */
} cases[] = {
    {NULL, "a", "test,control\nS1,S2\n\nS3 , S4\n", "2:S1/S2/-/- 4:S3/S4/-/- "},
    {NULL, "a", "control;note;test;treatment\nS2;x;S1;coupon\nS4;y;S3;\n", "2:S1/S2/coupon/- 3:S3/S4/-/- "},
    {NULL, "a", "test,control\n", "t.csv: error: no rows follow the header"},
    {NULL, "a", "test,control\n,S2\nS1,\n",
     "t.csv:2: error: column \"test\" is empty\nt.csv:3: error: column \"control\" is empty"},
    {NULL, "a", "test,contrl\nS1,S2\n",
     "t.csv:1: error: there is no column \"control\"\n  hint: did you mean \"contrl\"?"},
    {"pair", "a", "id,arm,pair\nS1,test,1\nS2,none,1\nS3,,\nS5,none,x\nS4,test,x\n",
     "2:S1/S2/-/1 6:S4/S5/-/x "},
    {"pair", "coupon/price", "id,arm,pair\nS1,coupon,1\nS2,none,1\nS3,price,2\nS4,none,2\n",
     "2:S1/S2/coupon/1 4:S3/S4/price/2 "},
    {"pair", "coupon", "id,arm,pair\nS1,coupon,1\nS2,none,1\n", "2:S1/S2/coupon/1 "},
    {"pair/what", "a", "id,arm,pair,what\nS1,test,1,display\nS2,none,1,\n", "2:S1/S2/display/1 "},
    {"pair", "a", "id,arm,pair\nS1,test,1\nS2,none,1\nS3,test,1\nS4,test,2\nS5,none,3\n",
     "t.csv:4: error: pair \"1\" has two test stores, \"S1\" (line 2) and \"S3\"\n"
     "  hint: a pair is one test store and one control store\n"
     "t.csv:5: error: pair \"2\" has no control store, only \"S4\"\n"
     "t.csv:6: error: pair \"3\" has no test store, only \"S5\""},
    {"pair", "a", "id,arm,pair\nS1,none,1\nS2,none,1\n",
     "t.csv:3: error: pair \"1\" has two control stores, \"S1\" (line 2) and \"S2\"\n"
     "  hint: a pair is one test store and one control store\n"
     "t.csv:2: error: pair \"1\" has no test store, only \"S1\""},
    {"pair", "a", "id,arm,pair\nS1,test,1\nS2,ctrl,2\n",
     "t.csv: error: no store is in the control group \"none\"\n  hint: the groups are \"test\", \"ctrl\""},
    {"pair", "a", "id,arm,pair\nS1,test,\nS2,,1\n,none,1\n",
     "t.csv:2: error: column \"pair\" is empty (store \"S1\")\n"
     "  hint: a store that takes no part has neither pair nor group\n"
     "t.csv:3: error: column \"arm\" is empty (store \"S2\")\n"
     "t.csv:4: error: column \"id\" is empty\n"
     "t.csv: error: no store has a pair and a group"},
    {"couple", "a", "id,arm,pair\nS1,test,1\n",
     "t.csv:1: error: there is no column \"couple\"\n  hint: the columns are \"id\", \"arm\", \"pair\""},
};

static PlDefinition *make_definition(const char *folder, gsize i) {
    PlDefinition *def = pl_definition_new();
    def->file = g_strdup("d.yaml");
    def->folder = g_strdup(folder);
    g_auto(GStrv) treatments = g_strsplit(cases[i].treatments, "/", -1);
    for (char **name = treatments; *name != NULL; name++) {
        PlTreatment *treatment = g_new0(PlTreatment, 1);
        treatment->name = g_strdup(*name);
        g_ptr_array_add(def->treatments, treatment);
    }
    if (cases[i].columns == NULL) {
        def->pairs_file = g_strdup("t.csv");
        return def;
    }
    g_auto(GStrv) columns = g_strsplit(cases[i].columns, "/", -1);
    def->assignment = (PlAssignment){.file = g_strdup("t.csv"),
                                     .store = g_strdup("id"),
                                     .group = g_strdup("arm"),
                                     .control = g_strdup("none"),
                                     .pair = g_strdup(columns[0]),
                                     .treatment = g_strdup(columns[1])};
    return def;
}

Test(io_pairs, files_and_assignments) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = temp_folder_new();
        g_free(temp_folder_write(folder, "t.csv", cases[i].text));
        g_autoptr(PlDefinition) def = make_definition(folder, i);
        g_autoptr(GError) error = NULL;
        GString *seen = g_string_new(NULL);
        if (!pl_pairs_load(def, NULL, &error)) {
            cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DATA));
            g_string_append(seen, error->message);
        }
        for (guint k = 0; error == NULL && k < def->pairs->len; k++) {
            const PlPairDef *pair = g_ptr_array_index(def->pairs, k);
            cr_assert(g_str_has_suffix(pair->file, "/t.csv"));
            g_string_append_printf(seen, "%d:%s/%s/%s/%s ", pair->pos.line, pair->test, pair->control,
                                   pair->treatment != NULL ? pair->treatment : "-",
                                   pair->id != NULL ? pair->id : "-");
        }
        g_autofree char *stripped = temp_folder_strip(folder, seen->str);
        cr_assert(eq(str, stripped, (char *)cases[i].seen), "case %zu", i);
        g_string_free(seen, TRUE);
        temp_folder_remove(folder);
    }
}

static PlInput *input_of(gsize i, const char *text, const char *file) {
    char *folder = temp_folder_new();
    g_autofree char *path = temp_folder_write(folder, file, text);
    g_autoptr(PlDefinition) def = make_definition(folder, i);
    g_autoptr(GPtrArray) inputs = g_ptr_array_new();
    char **name = def->pairs_file != NULL ? &def->pairs_file : &def->assignment.file;
    g_free(*name);
    *name = g_strdup(file);
    gboolean good = pl_pairs_load(def, inputs, NULL);
    cr_assert(eq(u32, inputs->len, good));
    temp_folder_remove(folder);
    return good ? g_ptr_array_index(inputs, 0) : NULL;
}

/* The file is told of as the sales are, as text whatever its name, and not where it has faults. */
Test(io_pairs, files_are_inputs) {
    static const struct {
        gsize definition;
        const char *text, *file, *table, *source;
        guint64 rows, used;
    } files[] = {
        {0, "test,control\nS1,S2\nS3,S4\n", "t.csv", "pairs", "t.csv", 2, 2},
        {5, "id,arm,pair\nS1,test,1\nS2,none,1\nS3,,\nS4,NA,NA\n", "u.csv", "assignment", "u.csv", 4, 2},
        {0, "test;control\nS1;S2\n", "two\nlines", "pairs", "two\\nlines", 1, 1},
        {0, "test,control\nS1,\n", "t.csv", NULL, NULL, 0, 0},
        {5, "id,arm,pair\nS1,test,\n", "t.csv", NULL, NULL, 0, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        PlInput *input = input_of(files[i].definition, files[i].text, files[i].file);
        cr_assert(eq(int, input != NULL, files[i].table != NULL), "case %zu", i);
        if (input == NULL)
            continue;
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, files[i].text, -1);
        cr_assert(eq(str, input->table, (char *)files[i].table));
        cr_assert(eq(str, input->source, (char *)files[i].source));
        cr_assert(eq(str, input->sha256, digest));
        cr_assert(eq(u64, input->rows, files[i].rows));
        cr_assert(eq(u64, input->used, files[i].used));
        cr_assert(eq(u64, input->unassigned, files[i].rows - files[i].used));
        cr_assert(eq(chr, input->delimiter, files[i].text[4] == ';' ? ';' : ','));
        pl_input_free(input);
    }
}

Test(io_pairs, what_this_version_does_not_do) {
    g_autoptr(GError) matching = NULL;
    g_autoptr(PlDefinition) def = pl_definition_new();
    def->file = g_strdup("d.yaml");
    pl_definition_set_pos(def, &def->assignment, (PlPos){9, 13});
    pl_definition_set_pos(def, &def->pairing, (PlPos){10, 10});
    cr_assert(pl_pairs_load(def, NULL, NULL));
    cr_assert(zero(u32, def->pairs->len));
    def->pairing.method = g_strdup("optimal");
    cr_assert(zero(pl_pairs_load(def, NULL, &matching)));
    cr_assert(g_error_matches(matching, PL_ERROR, PL_ERROR_DEFINITION));
    cr_assert(g_str_has_prefix(matching->message, "d.yaml:10:10: error: \"pairing\": "));
}
