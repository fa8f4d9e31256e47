/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/pairs.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static void add_treatment(PlDefinition *def, const char *name) {
    PlTreatment *treatment = g_new0(PlTreatment, 1);
    treatment->name = g_strdup(name);
    g_ptr_array_add(def->treatments, treatment);
}

/* "test/control[/treatment[/id]] ..." on lines 1, 2, ... of pairs.csv */
static PlDefinition *make_definition(const char *pairs) {
    PlDefinition *def = pl_definition_new();
    def->file = g_strdup("d.yaml");
    g_auto(GStrv) words = g_strsplit(pairs, " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(words[i], "/", -1);
        guint n = g_strv_length(parts);
        PlPairDef *pair = g_new0(PlPairDef, 1);
        *pair = (PlPairDef){.test = g_strdup(parts[0]),
                            .control = g_strdup(parts[1]),
                            .file = g_strdup("pairs.csv"),
                            .pos = {i + 1, 0}};
        pair->treatment = n > 2 && *parts[2] != '\0' ? g_strdup(parts[2]) : NULL;
        pair->id = n > 3 ? g_strdup(parts[3]) : NULL;
        g_ptr_array_add(def->pairs, pair);
    }
    return def;
}

static PlPanel *make_panel(void) {
    static const char *const stores[] = {"S01", "S02", "S03", "S04", "Berlin"}, *const measures[] = {"x"};
    return pl_panel_new(stores, 5, (PlDay[]){1}, 1, PL_TIME_DATE, measures, 1);
}

Test(model_pairs, found_in_the_panel) {
    g_autoptr(PlDefinition) def = make_definition("S03/S01 S02/Berlin/coupon/p7");
    g_autoptr(PlPanel) panel = make_panel();
    add_treatment(def, "coupon");
    g_autoptr(GPtrArray) pairs = pl_pairs_resolve(def, panel, NULL);
    cr_assert(eq(u32, pairs->len, 2));
    const PlPair *first = g_ptr_array_index(pairs, 0), *second = g_ptr_array_index(pairs, 1);
    cr_assert(eq(u32, first->test, 2));
    cr_assert(eq(u32, first->control, 0));
    cr_assert(eq(str, (char *)first->id, (char *)"S03 / S01"));
    cr_assert(eq(str, (char *)first->treatment, (char *)"coupon"));
    cr_assert(eq(ptr, (void *)first->origin, g_ptr_array_index(def->pairs, 0)));
    cr_assert(eq(str, (char *)second->id, (char *)"p7"));
    cr_assert(eq(u32, second->control, 4));
}

Test(model_pairs, none_defined) {
    g_autoptr(PlDefinition) def = pl_definition_new();
    g_autoptr(PlPanel) panel = make_panel();
    g_autoptr(GPtrArray) pairs = pl_pairs_resolve(def, panel, NULL);
    cr_assert(zero(u32, pairs->len));
}

Test(model_pairs, faults) {
    static const struct {
        const char *pairs, *treatments, *error;
    } cases[] = {
        {"S01/S01", "a", "pairs.csv:1: error: store \"S01\" is paired with itself"},
        {"S01/Berlim", "a",
         "pairs.csv:1: error: store \"Berlim\" has no data\n  hint: did you mean \"Berlin\"?"},
        {"S01/Oslo", "a", "pairs.csv:1: error: store \"Oslo\" has no data"},
        {"S01/S02 S03/S02", "a",
         "pairs.csv:2: error: store \"S02\" is in two pairs, the other one is S01 / S02 (line 1)\n"
         "  hint: each store belongs to one pair; only a control store may serve several treatments"},
        {"S01/S02/a S03/S02/b S04/S02/b", "a b",
         "pairs.csv:3: error: store \"S02\" is in two pairs, the other one is S03 / S02 (line 2)\n"
         "  hint: each store belongs to one pair; only a control store may serve several treatments"},
        {"S01/S02/a S02/S03/b", "a b",
         "pairs.csv:2: error: store \"S02\" is in two pairs, the other one is S01 / S02 (line 1)\n"
         "  hint: each store belongs to one pair; only a control store may serve several treatments"},
        {"S01/S02/coupom", "coupon promo",
         "pairs.csv:1: error: there is no treatment \"coupom\"\n  hint: did you mean \"coupon\"?"},
        {"S01/S02/zzz", "coupon promo",
         "pairs.csv:1: error: there is no treatment \"zzz\"\n  hint: treatments: coupon, promo"},
        {"S01/S02", "coupon promo",
         "pairs.csv:1: error: pair S01 / S02 does not say which of the 2 treatments it had\n  hint: add "
         "treatment: NAME"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlDefinition) def = make_definition(cases[i].pairs);
        g_autoptr(PlPanel) panel = make_panel();
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) treatments = g_strsplit(cases[i].treatments, " ", -1);
        for (char **name = treatments; *name != NULL; name++)
            add_treatment(def, *name);
        cr_assert(zero(ptr, pl_pairs_resolve(def, panel, &error)), "case %zu", i);
        cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DATA));
        cr_assert(eq(str, error->message, (char *)cases[i].error), "case %zu", i);
    }
}

Test(model_pairs, let_treatments_share_a_control) {
    g_autoptr(PlDefinition) def = make_definition("S01/S02/a S03/S02/b");
    g_autoptr(PlPanel) panel = make_panel();
    g_autoptr(GError) error = NULL;
    add_treatment(def, "a");
    add_treatment(def, "b");
    g_autoptr(GPtrArray) pairs = pl_pairs_resolve(def, panel, &error);
    cr_assert(not(zero(ptr, pairs)), "%s", error ? error->message : "");
    cr_assert(eq(u32, pairs->len, 2));
    const PlPair *first = g_ptr_array_index(pairs, 0), *second = g_ptr_array_index(pairs, 1);
    cr_assert(eq(u32, first->control, second->control));
}
