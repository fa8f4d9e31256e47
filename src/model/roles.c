/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/records.h"

#include <string.h>

#define ROLES(...)                                                                                           \
    (const char *const[]) {                                                                                  \
        __VA_ARGS__, NULL                                                                                    \
    }

const PlRoles pl_table_roles[] = {
    [PL_TABLE_SALES] = {ROLES("store", "date"), ROLES("product", "category", "channel", "revenue", "units",
                                                      "visits", "price", "currency", "unit")},
    [PL_TABLE_STORES] = {ROLES("store"), ROLES("region", "channel", "latitude", "longitude")},
    [PL_TABLE_COMPETITOR_PRICES] = {ROLES("date", "product", "competitor", "price"),
                                    ROLES("store", "currency", "unit")},
    [PL_TABLE_COUPONS] = {ROLES("store", "date", "redeemed"), ROLES("distributed", "face_value")},
    [PL_TABLE_INTERACTIONS] = {ROLES("customer", "date"), ROLES("rep", "kind", "solved", "store")},
    [PL_TABLE_CUSTOMERS] = {ROLES("customer", "start"), ROLES("end", "rep", "region", "store")},
    [PL_TABLE_SURVEY] = {ROLES("employee", "date", "score"), ROLES("team", "store")},
    [PL_TABLE_ORDER_LINES] = {ROLES("order", "date", "customer", "product", "amount"),
                              ROLES("quantity", "rep", "category", "channel", "kind", "store", "currency")},
    [PL_TABLE_OPPORTUNITIES] = {ROLES("opportunity", "opened"),
                                ROLES("closed", "outcome", "rep", "customer", "product", "amount", "store",
                                      "currency")},
};

PlFieldKind pl_role_kind(const char *role) {
    static const char *const dates[] = {"date", "start", "end", "opened", "closed", NULL};
    static const char *const numbers[] = {"price",     "score",      "amount",   "quantity", "revenue",
                                          "units",     "visits",     "latitude", "redeemed", "distributed",
                                          "longitude", "face_value", NULL};
    return g_strv_contains(dates, role)     ? PL_FIELD_DATE
           : g_strv_contains(numbers, role) ? PL_FIELD_NUMBER
                                            : PL_FIELD_TEXT;
}

const char *const *pl_role_words(PlTableKind table, const char *role) {
    static const char *const outcomes[] = {"won", "lost", "open", NULL};
    static const char *const kinds[] = {"base", "upsell", "cross_sell", NULL};
    static const char *const solved[] = {"no", "yes", NULL};
    if (table == PL_TABLE_OPPORTUNITIES && strcmp(role, "outcome") == 0)
        return outcomes;
    if (table == PL_TABLE_ORDER_LINES && strcmp(role, "kind") == 0)
        return kinds;
    return table == PL_TABLE_INTERACTIONS && strcmp(role, "solved") == 0 ? solved : NULL;
}
