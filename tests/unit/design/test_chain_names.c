/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_names.h"

#include "chain_case.h"

static void named(PlChainOptions o, int arm, const char *group, const char *treatment, const char *kind) {
    g_autoptr(PlChain) chain = must_make(&o);
    char name[PL_CHAIN_NAME];
    pl_chain_group_name(chain, arm, name);
    cr_expect_str_eq(name, group);
    if (!treatment)
        return;
    pl_chain_treatment_name(chain, arm, name);
    cr_expect_str_eq(name, treatment);
    cr_expect_str_eq(pl_chain_kind(chain, arm), kind);
}

Test(design_chain_names, groups_and_treatments_are_called_by_the_design) {
    PlChainOptions o = pl_chain_defaults();
    named(o, -1, "none", NULL, NULL);
    named(o, 0, "control", NULL, NULL);
    named(o, 1, "test", "promotion", "promotion");
    o.price_cut = 0.1;
    named(o, 1, "test", "promotion", "price");
    o.coupon = 1;
    named(o, 1, "test", "promotion", "coupon");
    o.kind = "demo";
    named(o, 1, "test", "demo", "demo");
    o = pl_chain_defaults();
    o.arms = 2;
    named(o, 0, "control", NULL, NULL);
    named(o, 2, "T2", "T2", "promotion");
    static const char *const names[] = {"entrance", "checkout", NULL};
    o.arm_names = (char **)names;
    named(o, 0, "control", NULL, NULL);
    named(o, 2, "checkout", "checkout", "promotion");
    o = pl_chain_defaults();
    o.factorial = TRUE;
    o.price_cut = 0.1;
    named(o, 0, "none", NULL, NULL);
    named(o, PL_CHAIN_PROMOTION, "promo", "promo", "promotion");
    named(o, PL_CHAIN_PRICE, "price", "price", "price");
    named(o, PL_CHAIN_BOTH, "both", "both", "promotion");
}

Test(design_chain_names, names_are_as_wide_as_the_largest_number) {
    PlChainOptions o = pl_chain_defaults();
    o.stores = 100;
    g_autoptr(PlChain) chain = must_make(&o);
    char name[PL_CHAIN_NAME];
    pl_chain_store_name(chain, 6, name);
    cr_expect_str_eq(name, "S007");
    pl_chain_region_name(chain, 2, name);
    cr_expect_str_eq(name, "R3");
    pl_chain_product_name(chain, 0, name);
    cr_expect_str_eq(name, "P1");
}
