/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_names.h"

static void name_of(char letter, int index, int count, char name[PL_CHAIN_NAME]) {
    int width = 1;
    for (int n = count; n >= 10; n /= 10)
        width++;
    g_snprintf(name, PL_CHAIN_NAME, "%c%0*d", letter, width, index + 1);
}

void pl_chain_store_name(const PlChain *chain, int store, char name[PL_CHAIN_NAME]) {
    name_of('S', store, pl_chain_options(chain)->stores, name);
}

void pl_chain_product_name(const PlChain *chain, int product, char name[PL_CHAIN_NAME]) {
    name_of('P', product, pl_chain_options(chain)->products, name);
}

void pl_chain_region_name(const PlChain *chain, int region, char name[PL_CHAIN_NAME]) {
    name_of('R', region, pl_chain_options(chain)->regions, name);
}

void pl_chain_group_name(const PlChain *chain, int arm, char name[PL_CHAIN_NAME]) {
    static const char *const factorial[] = {"none", "promo", "price", "both"};
    const PlChainOptions *o = pl_chain_options(chain);
    if (o->arm_names && arm > 0)
        g_strlcpy(name, o->arm_names[arm - 1], PL_CHAIN_NAME);
    else if (o->arms && arm > 0 && !o->factorial)
        g_snprintf(name, PL_CHAIN_NAME, "T%d", arm);
    else
        g_strlcpy(name,
                  o->factorial ? factorial[arm]
                  : arm < 0    ? "none"
                  : arm > 0    ? "test"
                               : "control",
                  PL_CHAIN_NAME);
}

void pl_chain_treatment_name(const PlChain *chain, int arm, char name[PL_CHAIN_NAME]) {
    const PlChainOptions *o = pl_chain_options(chain);
    if (o->arms)
        pl_chain_group_name(chain, arm, name);
    else
        g_strlcpy(name, o->kind ? o->kind : "promotion", PL_CHAIN_NAME);
}

const char *pl_chain_kind(const PlChain *chain, int arm) {
    const PlChainOptions *o = pl_chain_options(chain);
    if (o->factorial)
        return arm == PL_CHAIN_PRICE ? "price" : o->kind ? o->kind : "promotion";
    return o->kind ? o->kind : o->coupon > 0 ? "coupon" : o->price_cut > 0 ? "price" : "promotion";
}
