/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/keys.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "pairlift/io/scalar.h"
#include "pairlift/model/definition.h"

typedef void (*Visit)(const PlKey *key, const PlKey *keys);

static void visit_all(const PlKey *keys, Visit visit) {
    for (const PlKey *key = keys; key->name != NULL; key++) {
        visit(key, keys);
        if (key->children != NULL)
            visit_all(key->children, visit);
    }
}

static guint length(const char *const *names) {
    guint n = 0;
    while (names[n] != NULL)
        n++;
    return n;
}

static void is_complete(const PlKey *key, const PlKey *keys) {
    gboolean chooses = key->type == PL_KEY_CHOICE || key->type == PL_KEY_WORD;
    gboolean nests = key->type == PL_KEY_MAP || key->type == PL_KEY_LIST;
    cr_expect(eq(int, key->choices != NULL, chooses), "%s", key->name);
    cr_expect(eq(int, key->children != NULL, nests), "%s", key->name);
    cr_expect(eq(int, key->size > 0, key->type == PL_KEY_LIST), "%s", key->name);
    cr_expect(le(dbl, key->min, key->max > 0 ? key->max : key->min), "%s", key->name);
    cr_expect(key->fallback == NULL || !key->required, "%s", key->name);
    cr_assert(key->meaning != NULL, "%s", key->name);
    cr_expect(strchr(".?", key->meaning[strlen(key->meaning) - 1]) != NULL, "%s is no sentence", key->name);
    for (const PlKey *other = keys; other < key; other++)
        cr_expect(ne(str, (char *)other->name, (char *)key->name));
}

Test(keys, are_complete) {
    visit_all(pl_definition_keys, is_complete);
}

static void has_good_default(const PlKey *key, const PlKey *keys) {
    (void)keys;
    g_auto(PlFault) fault = {NULL, NULL};
    union {
        char *text;
        double number;
        gint64 integer;
        int choice;
    } field = {NULL};
    if (key->fallback == NULL)
        return;
    cr_expect(pl_scalar_read(key, key->fallback, &field, &fault), "%s", fault.message);
    if (key->type == PL_KEY_TEXT || key->type == PL_KEY_WORD || key->type == PL_KEY_NAME)
        g_free(field.text);
}

Test(keys, have_defaults_that_they_accept) {
    visit_all(pl_definition_keys, has_good_default);
}

/* No two keys of a structure may share a field: one would overwrite the other. */
static void has_own_field(const PlKey *key, const PlKey *keys) {
    for (const PlKey *other = keys; other < key; other++)
        if (key->type != PL_KEY_ANY && other->type != PL_KEY_ANY)
            cr_expect(ne(sz, other->offset, key->offset), "%s, %s", other->name, key->name);
}

Test(keys, have_fields_of_their_own) {
    visit_all(pl_definition_keys, has_own_field);
}

Test(keys, name_every_value_of_their_enumerations) {
    cr_expect(eq(uint, length(pl_table_names), PL_TABLE_OPPORTUNITIES + 1));
    cr_expect(eq(uint, length(pl_gaps_names), PL_GAPS_INTERPOLATE + 1));
    cr_expect(eq(uint, length(pl_duplicates_names), PL_DUPLICATES_DROP + 1));
    cr_expect(eq(uint, length(pl_scale_names), PL_EFFECT_ABSOLUTE + 1));
    cr_expect(eq(uint, length(pl_alt_names), PL_ALT_LESS + 1));
    cr_expect(eq(uint, length(pl_adjust_names), PL_ADJUST_NONE + 1));
    cr_expect(eq(str, (char *)pl_table_names[PL_TABLE_ORDER_LINES], (char *)"order_lines"));
    cr_expect(eq(str, (char *)pl_alt_names[PL_ALT_GREATER], (char *)"greater"));
}

Test(keys, know_the_roles_of_every_table) {
    for (int kind = 0; pl_table_names[kind] != NULL; kind++) {
        const PlRoles *roles = &pl_table_roles[kind];
        cr_expect(gt(uint, length(roles->required), 0));
        for (guint i = 0; roles->optional[i] != NULL; i++)
            cr_expect(not(g_strv_contains(roles->required, roles->optional[i])), "%s", roles->optional[i]);
    }
    cr_expect(g_strv_contains(pl_table_roles[PL_TABLE_COUPONS].required, "redeemed"));
    cr_expect(g_strv_contains(pl_table_roles[PL_TABLE_COUPONS].optional, "face_value"));
}
