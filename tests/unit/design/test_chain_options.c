/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain_case.h"

#include <string.h>

static void refused(PlChainOptions o, const char *part) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlChain) chain = pl_chain_new(&o, &error);
    cr_assert_null(chain, "%s", part);
    cr_expect(error->domain == PL_ERROR && error->code == PL_ERROR_USAGE);
    cr_expect(strstr(error->message, part) != NULL, "\"%s\" is not in:\n%s", part, error->message);
}

Test(design_chain_options, every_option_is_held_to_its_range) {
    static const double nonsense[] = {NAN, INFINITY, -INFINITY, 1e300};
    for (const PlChainKey *key = pl_chain_keys; key->name; key++) {
        g_autofree char *part = g_strdup_printf("--%s is ", key->name);
        for (guint i = 0; i < G_N_ELEMENTS(nonsense) + 3; i++) {
            PlChainOptions o = pl_chain_defaults();
            double below = key->least - 1, above = key->most + 1;
            if (key->whole) {
                G_STRUCT_MEMBER(int, &o, key->offset) = i == 0   ? (int)below
                                                        : i == 1 ? (int)above
                                                        : i == 2 ? G_MININT
                                                                 : G_MAXINT;
            } else if (i < G_N_ELEMENTS(nonsense))
                G_STRUCT_MEMBER(double, &o, key->offset) = nonsense[i];
            else if (i < G_N_ELEMENTS(nonsense) + 2)
                G_STRUCT_MEMBER(double, &o, key->offset) = i % 2 ? below : above;
            else if (key->beyond)
                G_STRUCT_MEMBER(double, &o, key->offset) = key->least;
            else
                continue;
            refused(o, part);
        }
    }
}

Test(design_chain_options, defaults_are_in_range_and_settle) {
    PlChainOptions o = pl_chain_defaults();
    g_autoptr(GError) error = NULL;
    cr_assert(pl_chain_settle(&o, &error));
    cr_expect(eq(int, o.days, 98));
    cr_expect(eq(int, o.pairs, 20));
}

Test(design_chain_options, what_options_say_together_is_checked) {
    PlChainOptions o = pl_chain_defaults();
    o.days = 97;
    refused(o, "--days is 97, but --before, --during and --after add up to 98\n  hint: ");
    o = pl_chain_defaults();
    o.before = o.during = o.after = 36525;
    refused(o, "add up to 109575");
    o = pl_chain_defaults();
    o.pairs = 21;
    refused(o, "--pairs is 21, but --stores is 40\n  hint: a pair needs two stores");
    o = pl_chain_defaults();
    o.cannibalisation = 0.1;
    refused(o, "--cannibalisation needs a second product");
    o = pl_chain_defaults();
    o.coupon = 1;
    o.coupon_values = 3;
    refused(o, "--coupon-values needs a --coupon and a higher --coupon-to");
    o = pl_chain_defaults();
    o.redemption = 0;
    o.redemption_sd = 0.1;
    refused(o, "need a --redemption between 0 and 1");
    o = pl_chain_defaults();
    o.price_cut = 0.9;
    o.elasticity = -10;
    refused(o, "sell over 1000 times as much");
    o = pl_chain_defaults();
    o.price_sd = 1;
    o.elasticity = -3;
    refused(o, "--price-sd times --elasticity");
    o = pl_chain_defaults();
    o.days = 36525;
    o.trend = 0.1;
    refused(o, "--trend and --trend-sd over so many years");
    o = pl_chain_defaults();
    o.price_sd = 0.1;
    o.stores = 1000000;
    o.products = 100;
    refused(o, "at most 20,000,000");
    o = pl_chain_defaults();
    o.noise = 3;
    refused(o, "--noise: expected normal, heavy or lognormal");
    o = pl_chain_defaults();
    o.seed = -1;
    refused(o, "--seed: expected 0 or more");
    o = pl_chain_defaults();
    o.start = pl_day_from_ymd(9001, 1, 1);
    refused(o, "--start: ");
}

Test(design_chain_options, what_designs_of_groups_need_is_checked) {
    PlChainOptions o = pl_chain_defaults();
    o.arms = 20;
    refused(o, "--stores is 40: 21 groups need two stores each, 42 in all");
    o = pl_chain_defaults();
    o.arms = 2;
    o.pairs = 5;
    refused(o, "--pairs is of a design of pairs");
    o = pl_chain_defaults();
    o.factorial = TRUE;
    refused(o, "--factorial needs a --price-cut");
    o.price_cut = 0.1;
    o.coupon = 1;
    refused(o, "not with coupons");
    o.coupon = 0;
    o.arms = 2;
    refused(o, "--factorial has three treatments");
    o = pl_chain_defaults();
    o.arms = 4;
    o.arm_step = -0.5;
    refused(o, "--arm-step takes the last treatment's lift to -1 or less");
    o = pl_chain_defaults();
    o.lift = -0.6;
    o.lift_gap = 0.9;
    refused(o, "--lift-gap takes a lift to -1 or less");
    o = pl_chain_defaults();
    o.factorial = TRUE;
    o.price_cut = 0.5;
    o.elasticity = -9;
    o.interaction = 9;
    refused(o, "sells over 1000 times as much");
    o = pl_chain_defaults();
    o.spillover = 0.1;
    o.stores = 20001;
    refused(o, "at most 20,000 stores");
}

Test(design_chain_options, names_of_treatments_are_as_many_and_different) {
    static const char *const bad[][4] = {{"a", "b"},     {"a", "a", "b"},   {"a", "control", "b"},
                                         {"a", "", "b"}, {"a", "b,c", "d"}, {"a", "b", "sixteen-letters-"}};
    PlChainOptions o = pl_chain_defaults();
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        o.arms = 3;
        o.arm_names = (char **)bad[i];
        refused(o, i == 0 ? "--arm-names has 2 names, and there are 3 treatments" : "--arm-names: a name is");
    }
    o.arms = 0;
    refused(o, "--arm-names has 3 names, and there are 0 treatments");
    static const char *const good[] = {"entrance", "aisle", "fifteen-letters", NULL};
    o.arms = 3;
    o.arm_names = (char **)good;
    cr_expect(pl_chain_settle(&o, NULL));
}

Test(design_chain_options, settling_twice_changes_nothing) {
    PlChainOptions o = pl_chain_defaults(), again;
    o.factorial = TRUE;
    o.price_cut = 0.1;
    cr_assert(pl_chain_settle(&o, NULL));
    cr_expect(eq(int, o.arms, 3));
    cr_expect(eq(int, o.pairs, 0));
    again = o;
    cr_assert(pl_chain_settle(&again, NULL));
    cr_expect(memcmp(&o, &again, sizeof o) == 0);
}

/* All corners of the ranges at once, on small chains: nothing but finite numbers, gaps, and a refusal. */
Test(design_chain_options, any_options_give_finite_values_or_a_refusal) {
    guint made = 0;
    GRand *random = g_rand_new_with_seed(5);
    for (int round = 0; round < 3000; round++) {
        PlChainOptions o = pl_chain_defaults();
        for (const PlChainKey *key = pl_chain_keys; key->name; key++) {
            double at = g_rand_double(random), u = key->whole  ? at * at * at * 12
                                                   : at < 0.3  ? 0
                                                   : at > 0.95 ? 1
                                                               : at * at / 3;
            double value = key->whole ? floor(u) : key->least + u * (key->most - key->least);
            if (g_rand_double(random) < 0.6)
                continue;
            if (key->whole)
                G_STRUCT_MEMBER(int, &o, key->offset) = (int)value;
            else
                G_STRUCT_MEMBER(double, &o, key->offset) = value;
        }
        o.noise = g_rand_int_range(random, 0, 3);
        o.whole = g_rand_boolean(random);
        o.factorial = g_rand_double(random) < 0.1;
        g_autoptr(GError) error = NULL;
        g_autoptr(PlChain) chain = pl_chain_new(&o, &error);
        if (!chain)
            continue;
        made++;
        const PlChainOptions *settled = pl_chain_options(chain);
        g_autofree double *values = g_new(double, (gsize)settled->stores *(gsize)settled->days);
        pl_chain_values(chain, PL_CHAIN_REVENUE, PL_CHAIN_ALL, 1, values);
        for (int i = 0; i < settled->stores * settled->days; i++)
            cr_assert(isnan(values[i]) ? settled->gaps > 0 || settled->closures > 0
                                       : isfinite(values[i]) && values[i] >= 0);
    }
    g_rand_free(random);
    cr_expect(gt(u32, made, 100), "only %u were possible", made);
}
