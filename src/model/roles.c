/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition.h"
#include "pairlift/model/keys.h"

#define ROLES(...)                                                                                           \
    (const char *const[]) {                                                                                  \
        __VA_ARGS__, NULL                                                                                    \
    }

const PlRoles pl_table_roles[] = {
    [PL_TABLE_SALES] = {ROLES("store", "date"),
                        ROLES("product", "category", "channel", "revenue", "units", "visits")},
    [PL_TABLE_STORES] = {ROLES("store"), ROLES("region", "channel", "latitude", "longitude")},
    [PL_TABLE_COMPETITOR_PRICES] = {ROLES("date", "product", "competitor", "price"), ROLES("store")},
    [PL_TABLE_COUPONS] = {ROLES("store", "date", "redeemed"), ROLES("distributed", "face_value")},
    [PL_TABLE_INTERACTIONS] = {ROLES("customer", "date"), ROLES("rep", "kind", "solved")},
    [PL_TABLE_CUSTOMERS] = {ROLES("customer", "start"), ROLES("end", "rep", "region")},
    [PL_TABLE_SURVEY] = {ROLES("employee", "date", "score"), ROLES("team")},
    [PL_TABLE_ORDER_LINES] = {ROLES("order", "date", "customer", "product", "amount"),
                              ROLES("quantity", "rep", "category", "channel", "kind")},
    [PL_TABLE_OPPORTUNITIES] = {ROLES("opportunity", "opened"),
                                ROLES("closed", "outcome", "rep", "customer", "product", "amount")},
};
