/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "pairlift/model/definition.h"
#include "pairlift/model/keys.h"

static char *joined(const char *const *names) {
    return g_strjoinv(" ", (char **)names);
}

/* The contract's table, row by row, and what this version adds to it: nothing may be missing. */
Test(roles, are_those_of_the_contract) {
    static const struct {
        const char *table, *required, *optional;
    } contract[] = {
        {"sales", "store date", "product category channel revenue units visits price currency unit"},
        {"stores", "store", "region channel latitude longitude"},
        {"competitor_prices", "date product competitor price", "store currency unit"},
        {"coupons", "store date redeemed", "distributed face_value"},
        {"interactions", "customer date", "rep kind solved store"},
        {"customers", "customer start", "end rep region store"},
        {"survey", "employee date score", "team store"},
        {"order_lines", "order date customer product amount",
         "quantity rep category channel kind store currency"},
        {"opportunities", "opportunity opened", "closed outcome rep customer product amount store currency"},
    };
    gsize n = 0;
    for (; pl_table_names[n] && n < G_N_ELEMENTS(contract); n++) {
        g_autofree char *required = joined(pl_table_roles[n].required);
        g_autofree char *optional = joined(pl_table_roles[n].optional);
        cr_expect_str_eq(pl_table_names[n], contract[n].table);
        cr_expect_str_eq(required, contract[n].required);
        cr_expect_str_eq(optional, contract[n].optional);
    }
    cr_assert(eq(sz, n, G_N_ELEMENTS(contract)));
    cr_assert_null(pl_table_names[n], "no table is without roles");
}

Test(roles, no_role_is_listed_twice) {
    for (gsize t = 0; pl_table_names[t]; t++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        const char *const *lists[] = {pl_table_roles[t].required, pl_table_roles[t].optional};
        for (gsize l = 0; l < G_N_ELEMENTS(lists); l++)
            for (const char *const *role = lists[l]; *role; role++)
                cr_expect(g_hash_table_add(seen, (gpointer)*role), "%s: %s", pl_table_names[t], *role);
    }
}
