/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain_case.h"

#include <string.h>

#include "pairlift/design/chain_coupon.h"
#include "pairlift/design/chain_truth.h"

Test(design_chain_truth, a_lift_is_the_parameter) {
    PlChainOptions o = pl_chain_defaults();
    o.gaps = o.closures = 0.1;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    const PlChainEffect *during = &truth->effect_during[PL_SCOPE_ALL],
                        *after = &truth->effect_after[PL_SCOPE_ALL];
    cr_expect(epsilon_eq(dbl, during->lift[PL_TRUE_UNITS], 0.05, 1e-12));
    cr_expect(epsilon_eq(dbl, during->lift[PL_TRUE_REVENUE], 0.05, 1e-12));
    cr_expect(epsilon_eq(dbl, during->lift[PL_TRUE_PRICE], 0.0, 1e-12));
    cr_expect(epsilon_eq(dbl, during->lift_total[PL_TRUE_UNITS], 0.05, 1e-12));
    cr_expect(epsilon_eq(dbl, after->lift[PL_TRUE_UNITS], -0.02, 1e-12));
    cr_expect(eq(int, truth->n_pairs, 20));
}

/* Without noise the data have no other effects than those that the truth says they have. */
Test(design_chain_truth, it_is_the_effect_on_data_without_noise) {
    PlChainOptions o = still();
    o.products = 4;
    o.lift = 0.2;
    o.lift_sd = 0.1;
    o.price_cut = 0.1;
    o.cannibalisation = 0.4;
    o.coupon = 0.5;
    o.dip = 0.1;
    o.size_sd = 0.5;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2), alone = pl_chain_truth_new(chain, 1);
    cr_expect(memcmp(&truth->effect_during, &alone->effect_during, sizeof truth->effect_during) == 0);
    g_autofree double *units = values_of(chain, PL_CHAIN_UNITS),
                      *revenue = values_of(chain, PL_CHAIN_REVENUE);
    double mean = 0;
    for (int pair = 0; pair < truth->n_pairs; pair++) {
        const PlChainSums *during = &truth->during[PL_SCOPE_ALL][pair],
                          *after = &truth->after[PL_SCOPE_ALL][pair];
        double u = effect_of(units, chain, pair, PL_CHAIN_DURING),
               r = effect_of(revenue, chain, pair, PL_CHAIN_DURING);
        cr_expect(epsilon_eq(dbl, pl_chain_lift(during, PL_TRUE_UNITS), expm1(u), 1e-12));
        cr_expect(epsilon_eq(dbl, pl_chain_lift(during, PL_TRUE_REVENUE), expm1(r), 1e-12));
        cr_expect(epsilon_eq(dbl, pl_chain_lift(during, PL_TRUE_PRICE), expm1(r - u), 1e-12));
        cr_expect(epsilon_eq(dbl, pl_chain_lift(after, PL_TRUE_UNITS),
                             expm1(effect_of(units, chain, pair, PL_CHAIN_AFTER)), 1e-12));
        mean += u / truth->n_pairs;
    }
    cr_expect(epsilon_eq(dbl, truth->effect_during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], expm1(mean), 1e-12));
    cr_expect(epsilon_eq(dbl, truth->taken, 0.4 * truth->gained, 1e-9 * truth->gained));
    cr_expect(gt(dbl, truth->gained, 0.0));
}

Test(design_chain_truth, coupons_are_redeemed_at_their_rate_and_sell_their_share) {
    PlChainOptions o = still();
    o.whole = TRUE;
    o.stores = 200;
    o.lift = 0;
    o.coupon = 1;
    o.redemption = 0.2;
    o.extra = 0.6;
    o.reach = 1;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    double handed = 100.0 * 28 * 100;
    cr_expect(eq(dbl, truth->distributed, handed));
    cr_expect(epsilon_eq(dbl, truth->redeemed, 0.2 * handed, 1e-6));
    cr_expect(epsilon_eq(dbl, truth->effect_during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], 0.12, 1e-12));
    g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, 0, 200, FALSE);
    PlChainCell cell;
    PlChainDay day = {.cells = &cell};
    double redeemed = 0, units = 0;
    for (int s = 0; s < 200; s++)
        for (int t = 0; t < 98; t++) {
            pl_chain_walk_next(walk, s, &day);
            redeemed += day.redeemed;
            units += day.distributed ? cell.units - 100 : 0;
        }
    cr_expect(epsilon_eq(dbl, redeemed / handed, 0.2, 5 * sqrt(0.16 / handed)));
    cr_expect(epsilon_eq(dbl, units / handed, 0.12, 5 * sqrt(0.12 * 0.88 / handed)));
}

Test(design_chain_truth, coupons_of_several_face_values_are_redeemed_at_the_rates_of_their_stores) {
    PlChainOptions o = still();
    o.whole = TRUE;
    o.stores = 4000;
    o.lift = 0;
    o.coupon = 0.5;
    o.coupon_to = 2;
    o.coupon_values = 4;
    o.coupon_slope = 0.8;
    o.redemption = 0.1;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    static const double values[] = {0.5, 1, 1.5, 2};
    double redeemed = 0, cost = 0, handed = truth->distributed / 2000;
    for (int i = 0; i < 2000; i++) {
        PlChainCoupon coupon = pl_chain_coupon(chain, pl_chain_test(chain, i));
        double value = values[i % 4], rate = 1 / (1 + 9 * exp(-0.8 * (value - 0.5)));
        cr_expect(eq(int, coupon.cents, (int)(100 * value + 0.5)));
        cr_expect(epsilon_eq(dbl, coupon.redemption, rate, 1e-12));
        redeemed += handed * rate;
        cost += handed * rate * value;
    }
    cr_expect(epsilon_eq(dbl, truth->redeemed, redeemed, 1e-9 * redeemed));
    cr_expect(epsilon_eq(dbl, truth->coupon_cost, cost, 1e-9 * cost));
    o.redemption_sd = 0.4;
    o.coupon_slope = 0;
    g_autoptr(PlChain) varied = must_make(&o);
    double sum = 0, squares = 0;
    for (int i = 0; i < 2000; i++) {
        double rate = pl_chain_coupon(varied, pl_chain_test(varied, i)).redemption;
        double odds = log(rate / (1 - rate)) - log(1.0 / 9);
        sum += odds;
        squares += odds * odds;
    }
    cr_expect(epsilon_eq(dbl, sum / 2000, 0, 5 * 0.4 / sqrt(2000)));
    cr_expect(epsilon_eq(dbl, sqrt(squares / 2000), 0.4, 5 * 0.4 / sqrt(4000)));
}

Test(design_chain_truth, lifts_differ_between_stores_by_their_standard_deviation) {
    PlChainOptions o = still();
    o.stores = 4000;
    o.before = o.during = 1;
    o.after = 0;
    o.lift = 0.1;
    o.lift_sd = 0.3;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    cr_expect(eq(int, truth->has_after, FALSE));
    double sum = 0, squares = 0;
    for (int i = 0; i < 2000; i++) {
        double l = log1p(pl_chain_lift(&truth->during[PL_SCOPE_ALL][i], PL_TRUE_UNITS)) - log(1.1);
        sum += l;
        squares += l * l;
    }
    cr_expect(epsilon_eq(dbl, sum / 2000, 0.0, 5 * 0.3 / sqrt(2000)));
    cr_expect(epsilon_eq(dbl, sqrt(squares / 2000), 0.3, 5 * 0.3 / sqrt(4000)));
}

/* Three groups: each treatment lifts as it is told to, in stores drawn within regions. */
Test(design_chain_truth, every_treatment_of_a_design_of_groups_has_its_own_lift) {
    PlChainOptions o = still();
    o.stores = 62; /* 15 sets of four, and two stores more */
    o.arms = 3;
    o.lift = 0.1;
    o.arm_step = 0.05;
    o.dip = 0.02;
    o.cost_per_store = 10;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    cr_expect(eq(int, truth->n_pairs, 0));
    cr_assert(eq(int, truth->n_arms, 3));
    cr_assert(eq(int, truth->n_tests, 45));
    for (int a = 0; a < 3; a++) {
        cr_expect(eq(int, truth->arms[a].n, 15));
        cr_expect(
            epsilon_eq(dbl, truth->arms[a].during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], 0.1 + 0.05 * a, 1e-12));
        cr_expect(epsilon_eq(dbl, truth->arms[a].after[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], -0.02, 1e-12));
    }
    int count[4] = {0}, region[4][4] = {{0}};
    for (int s = 0; s < 62; s++) {
        cr_assert(eq(int, pl_chain_pair(chain, s), -1));
        count[pl_chain_arm(chain, s)]++;
        region[pl_chain_region(chain, s)][pl_chain_arm(chain, s)]++;
    }
    cr_expect(eq(int, count[0], 17));
    for (int r = 0; r < 4; r++)
        for (int a = 1; a < 4; a++)
            cr_expect(region[r][a] == 3 || region[r][a] == 4);
}

Test(design_chain_truth, a_factorial_design_has_its_interaction) {
    PlChainOptions o = still();
    o.factorial = TRUE;
    o.lift = 0.1;
    o.price_cut = 0.2;
    o.elasticity = -1.5;
    o.interaction = 0.05;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 1);
    double lift[3], price[3];
    for (int a = 0; a < 3; a++) {
        lift[a] = 1 + truth->arms[a].during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS];
        price[a] = truth->arms[a].during[PL_SCOPE_ALL].lift[PL_TRUE_PRICE];
    }
    cr_expect(epsilon_eq(dbl, lift[0], 1.1, 1e-12));
    cr_expect(epsilon_eq(dbl, lift[1], pow(1 + price[1], -1.5), 1e-9)); /* prices are in whole cents */
    cr_expect(epsilon_eq(dbl, price[1], -0.2, 0.005));
    cr_expect(epsilon_eq(dbl, lift[2] / (lift[0] * lift[1]), 1.05, 1e-12));
    cr_expect(epsilon_eq(dbl, price[0], 0, 1e-12));
    cr_expect(epsilon_eq(dbl, price[2], price[1], 1e-12));
}

/* Of 8.16 % more units half, on the log scale, are visits: 4 % more visits, 4 % larger baskets. */
Test(design_chain_truth, visits_have_their_share_of_a_lift_and_the_data_show_it) {
    PlChainOptions o = still();
    o.products = 2;
    o.lift = 1.0816 * 1.0816 - 1;
    o.basket = 4;
    o.visits_sd = 0;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    const PlChainEffect *all = &truth->effect_during[PL_SCOPE_ALL];
    double units = 1 + all->lift[PL_TRUE_UNITS];
    cr_expect(epsilon_eq(dbl, 1 + all->lift[PL_TRUE_VISITS], sqrt(units), 1e-12));
    cr_expect(epsilon_eq(dbl, 1 + all->lift[PL_TRUE_BASKET], sqrt(units), 1e-12));
    const PlChainDays during = pl_chain_period(chain, PL_CHAIN_DURING);
    PlChainCell cells[2];
    PlChainDay day = {.cells = cells};
    double visits = 0, sold = 0, before = 0;
    g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, pl_chain_test(chain, 3), 1, FALSE);
    for (int t = 0; t < during.end; t++) {
        pl_chain_walk_next(walk, 0, &day);
        before = t < during.begin ? day.visits : before;
        visits = day.visits;
        sold = cells[0].units + cells[1].units;
    }
    cr_expect(epsilon_eq(dbl, before, 100 / 4.0, 1e-9));
    cr_expect(epsilon_eq(dbl, visits / before, sqrt(units), 1e-12));
    cr_expect(epsilon_eq(dbl, sold / visits, 4 * sqrt(units), 1e-12));
}

Test(design_chain_truth, visits_are_noisy_by_their_own_standard_deviation_and_right_on_average) {
    PlChainOptions o = still();
    o.whole = TRUE;
    o.stores = 400;
    o.units = 1000;
    o.basket = 2;
    o.visits_sd = 0.05;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, 0, 400, FALSE);
    PlChainCell cell;
    PlChainDay day = {.cells = &cell};
    double sum = 0, squares = 0, n = 0;
    for (int s = 0; s < 400; s++)
        for (int t = 0; t < 50; t++, n++) {
            pl_chain_walk_next(walk, s, &day);
            cr_assert(eq(dbl, day.visits, floor(day.visits)));
            sum += day.visits / 500 - 1;
            squares += (day.visits / 500 - 1) * (day.visits / 500 - 1);
        }
    cr_expect(epsilon_eq(dbl, sum / n, 0, 5 * 0.05 / sqrt(n)));
    cr_expect(epsilon_eq(dbl, sqrt(squares / n), 0.05, 5 * 0.05 / sqrt(2 * n)));
}

Test(design_chain_truth, large_stores_have_the_larger_lift) {
    PlChainOptions o = still();
    o.stores = 200;
    o.size_sd = 0.5;
    o.lift = 0.06;
    o.lift_gap = 0.04;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, 2);
    cr_expect(epsilon_eq(dbl, truth->formats[0].during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], 0.04, 1e-12));
    cr_expect(epsilon_eq(dbl, truth->formats[1].during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS], 0.08, 1e-12));
    cr_expect(eq(int, truth->formats[0].n + truth->formats[1].n, 100));
    cr_expect(truth->formats[0].n > 30 && truth->formats[0].n < 70);
    for (int pair = 0; pair < 100; pair++)
        cr_assert(eq(int, pl_chain_is_large(chain, pl_chain_test(chain, pair)),
                     pl_chain_is_large(chain, pl_chain_control(chain, pair))));
}

Test(design_chain_truth, gross_profit_is_what_is_left_of_revenue) {
    PlChainOptions o = still();
    o.lift = 0.1;
    o.margin = 0.3;
    g_autoptr(PlChain) plain = must_make(&o);
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(plain, 1);
    const PlChainSums *total = &truth->effect_during[PL_SCOPE_ALL].total;
    cr_expect(epsilon_eq(dbl, total->profit_with, 0.3 * total->revenue_with, 1e-6));
    cr_expect(eq(int, pl_chain_has_profit(plain), FALSE));
    o.price_cut = 0.1;
    g_autoptr(PlChain) cut = must_make(&o);
    g_autoptr(PlChainTruth) less = pl_chain_truth_new(cut, 1);
    total = &less->effect_during[PL_SCOPE_ALL].total;
    cr_expect(eq(int, pl_chain_has_profit(cut), TRUE));
    /* the cost of a unit stays: the margin at the lower price is 2 parts of 9 */
    cr_expect(epsilon_eq(dbl, total->profit_with / total->revenue_with, 2.0 / 9, 0.003));
    cr_expect(epsilon_eq(dbl, total->profit_without / total->revenue_without, 0.3, 0.003));
}
