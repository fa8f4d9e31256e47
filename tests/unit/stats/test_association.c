/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/adjust.h"
#include "pairlift/stats/association.h"

static PlAssociation must_associate(PlPairCount count) {
    PlAssociation a = {0};
    PlStatus status = pl_association(count, 0.95, &a);
    cr_assert(eq(int, (int)status, PL_OK), "%g of %g, %g: %s", count.with_both, count.with_a, count.with_b,
              pl_status_text(status));
    return a;
}

/* tests/reference/stats/association.py: whole numbers, and 40 digits. */
Test(stats_association, tails_lift_and_limits) {
    static const struct {
        PlPairCount count;
        double together, apart, lift, low, high;
    } cases[] = {
        {{9835, 1903, 2513, 736},
         1.4438915547437529e-45,
         1,
         1.5136340948246209,
         1.4403345004658654,
         1.5906639549872019},
        {{9835, 1809, 1715, 377},
         0.000019189861885624394,
         0.99998563112591402,
         1.1951241524802292,
         1.1034518437988057,
         1.2944123913231818},
        {{9835, 1072, 1903, 466},
         1.6576755698559883e-83,
         1,
         2.2466049285887954,
         2.1088203680157443,
         2.3933919558585106},
        {{50, 12, 30, 3},
         0.99929543759619586,
         0.0063216922210742663,
         0.41666666666666667,
         0.16851385204021056,
         1.0302483090214106},
        {{20, 15, 14, 9},
         1,
         0.12912796697626419,
         0.85714285714285714,
         0.71370858883921696,
         1.0294031612341028},
        {{20, 15, 14, 14},
         0.00038699690402476780,
         1,
         1.3333333333333333,
         1.0352591792213784,
         1.7172296691103476},
        {{1000, 200, 300, 0}, 1, 3.8037574325327750e-36, 0, 0, 0.061481324235232272},
        {{60000, 9000, 12000, 1200},
         1,
         1.6155188608263999e-71,
         0.66666666666666667,
         0.63430803804496918,
         0.70067604032622336},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlAssociation a = must_associate(cases[i].count);
        cr_assert(near(a.p_together, cases[i].together, 2e-12), "%zu: %.17g", i, a.p_together);
        cr_assert(near(a.p_apart, cases[i].apart, 2e-12), "%zu: %.17g", i, a.p_apart);
        cr_assert(near(a.lift, cases[i].lift, 1e-14), "%zu: %.17g", i, a.lift);
        cr_assert(near(a.lift_low, cases[i].low, 1e-12), "%zu: %.17g", i, a.lift_low);
        cr_assert(near(a.lift_high, cases[i].high, 1e-12), "%zu: %.17g", i, a.lift_high);
    }
}

/* p too small for a double is 0, not NaN: it is 8.4e-1795. */
Test(stats_association, far_tails) {
    PlAssociation a = must_associate((PlPairCount){200000, 3000, 4000, 1500});
    cr_assert(eq(dbl, a.p_together, 0.0));
    cr_assert(eq(dbl, a.p_apart, 1.0));
    double log_p = pl_log_hypergeometric((PlPairCount){200000, 3000, 4000, 1500});
    cr_assert(near(log_p, -4131.0268821704, 1e-10), "%.17g", log_p);
}

/* Every margin of a small table: the probabilities add up to 1, and the tails are their sums. */
Test(stats_association, small_tables_by_brute_force) {
    const double n = 9;
    for (double a = 1; a <= n; a++)
        for (double b = 1; b <= n; b++) {
            double least = fmax(0, a + b - n), most = fmin(a, b), all = 0, up = 1;
            for (double k = least; k <= most; k++)
                all += exp(pl_log_hypergeometric((PlPairCount){n, a, b, k}));
            cr_assert(near(all, 1, 1e-13), "%g %g: %.17g", a, b, all);
            for (double k = least; k <= most && least < most; k++) {
                PlAssociation out = must_associate((PlPairCount){n, a, b, k});
                double at = exp(pl_log_hypergeometric((PlPairCount){n, a, b, k}));
                cr_assert(fabs(out.p_together - up) < 1e-13, "%g %g %g", a, b, k);
                cr_assert(fabs(out.p_apart - (1 - up + at)) < 1e-13, "%g %g %g", a, b, k);
                up -= at;
            }
        }
    cr_assert(eq(dbl, pl_log_hypergeometric((PlPairCount){9, 3, 3, 4}), (double)-INFINITY));
}

static void check_pair(const json_t *all, const char *name) {
    const json_t *pair = json_object_get(all, name);
    PlAssociation a = must_associate((PlPairCount){number_at(pair, "n"), number_at(pair, "n_a"),
                                                   number_at(pair, "n_b"), number_at(pair, "n_ab")});
    cr_assert(near(a.support, number_at(pair, "support"), 1e-14), "%s", name);
    cr_assert(near(a.confidence_a, number_at(pair, "confidence"), 1e-14), "%s", name);
    cr_assert(near(a.lift, number_at(pair, "lift"), 1e-14), "%s", name);
    cr_assert(near(a.leverage, number_at(pair, "leverage"), 1e-11), "%s", name);
    cr_assert(near(a.p_together, number_at(pair, "fisher_greater_p"), 1e-11), "%s %.17g", name, a.p_together);
}

Test(stats_association, groceries) {
    json_t *root = load_expected("proportions_coupons.json");
    const json_t *all = json_object_get(root, "groceries");
    check_pair(all, "whole_milk_other_vegetables");
    check_pair(all, "yogurt_whole_milk");
    check_pair(all, "rolls_soda");
    check_pair(all, "root_veg_other_veg");
    json_decref(root);
}

static double uniform_draw(PlRng *rng, PlPairCount *c) {
    for (int i = 0; i < (int)c->baskets; i++) {
        bool a = pl_rng_uniform(rng) < 0.2, b = pl_rng_uniform(rng) < (a ? 0.45 : 0.25);
        c->with_a += a;
        c->with_b += b;
        c->with_both += a && b;
    }
    return 0.45 / (0.2 * 0.45 + 0.8 * 0.25);
}

/* The interval holds a known lift about as often as it says: 95 % of 2,000, +- 4 standard errors. */
Test(stats_association, interval_holds_a_known_lift) {
    PlRng rng = pl_rng_stream(20, 1);
    int held = 0;
    for (int i = 0; i < 2000; i++) {
        PlPairCount c = {.baskets = 500};
        double lift = uniform_draw(&rng, &c);
        PlAssociation a = must_associate(c);
        held += a.lift_low <= lift && lift <= a.lift_high;
    }
    cr_assert(held > 1861 && held < 1939, "%d", held);
}

/* Baskets of their own: the error of independent baskets. */
Test(stats_association, clusters_of_one_basket) {
    enum { BASKETS = 200 };
    PlPairCount all = {BASKETS, 60, 80, 40}, each[BASKETS] = {{0}};
    for (int i = 0; i < BASKETS; i++)
        each[i] = (PlPairCount){1, i < 60, i >= 20 && i < 100, i >= 20 && i < 60};
    double error = pl_lift_cluster_error(all, each, BASKETS, BASKETS, 0), few = must_associate(all).log_error;
    cr_assert(near(error, few * sqrt(200.0 / 199), 1e-13), "%.17g %.17g", error, few);
    /* those from 100 on have neither item */
    cr_assert(near(pl_lift_cluster_error(all, each, 100, BASKETS, 100), error, 1e-13));
    cr_assert(isnan(pl_lift_cluster_error((PlPairCount){9, 3, 3, 0}, each, 9, 9, 0)));
    cr_assert(isnan(pl_lift_cluster_error(all, each, 1, 1, 0)));
}

/* Customers with several baskets: within some per cent of the jackknife over customers. */
Test(stats_association, clusters_as_a_jackknife) {
    enum { CUSTOMERS = 150 };
    PlRng rng = pl_rng_stream(3, 3);
    PlPairCount all = {0}, each[CUSTOMERS] = {{0}};
    for (int c = 0; c < CUSTOMERS; c++) {
        double own = pl_rng_uniform(&rng);
        for (int i = 0; i < 1 + c % 9; i++) {
            bool a = pl_rng_uniform(&rng) < own, b = pl_rng_uniform(&rng) < 0.2 + own / 2;
            each[c].baskets++;
            each[c].with_a += a;
            each[c].with_b += b;
            each[c].with_both += a && b;
        }
        all.baskets += each[c].baskets;
        all.with_a += each[c].with_a;
        all.with_b += each[c].with_b;
        all.with_both += each[c].with_both;
    }
    double squares = 0, whole = log(all.with_both * all.baskets / (all.with_a * all.with_b));
    for (int c = 0; c < CUSTOMERS; c++) {
        double left = log((all.with_both - each[c].with_both) * (all.baskets - each[c].baskets) /
                          ((all.with_a - each[c].with_a) * (all.with_b - each[c].with_b)));
        squares += (left - whole) * (left - whole);
    }
    double error = pl_lift_cluster_error(all, each, CUSTOMERS, CUSTOMERS, 0),
           jackknife = sqrt(squares * (CUSTOMERS - 1) / CUSTOMERS);
    cr_assert(near(error, jackknife, 0.03), "%g %g", error, jackknife);
    /* every basket four times over is no more to know: independent baskets would halve the error */
    for (int c = 0; c < CUSTOMERS; c++)
        each[c] =
            (PlPairCount){4 * each[c].baskets, 4 * each[c].with_a, 4 * each[c].with_b, 4 * each[c].with_both};
    all = (PlPairCount){4 * all.baskets, 4 * all.with_a, 4 * all.with_b, 4 * all.with_both};
    cr_assert(near(pl_lift_cluster_error(all, each, CUSTOMERS, CUSTOMERS, 0), error, 1e-12));
}

Test(stats_association, refusals) {
    PlAssociation out;
    static const struct {
        PlPairCount count;
        PlStatus status;
    } cases[] = {
        {{10, 0, 5, 0}, PL_TOO_FEW},      {{10, 10, 5, 5}, PL_NO_VARIANCE}, {{10, 4, 5, 4.5}, PL_NOT_COUNTS},
        {{10, 4, 5, 5}, PL_NOT_COUNTS},   {{10, 8, 8, 5}, PL_NOT_COUNTS},   {{10, 11, 5, 2}, PL_NOT_COUNTS},
        {{10, -1, 5, -1}, PL_NOT_COUNTS}, {{NAN, 1, 5, 1}, PL_NOT_COUNTS},  {{0, 0, 0, 0}, PL_TOO_FEW},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(eq(int, (int)pl_association(cases[i].count, 0.95, &out), (int)cases[i].status), "%zu", i);
    cr_assert(eq(int, (int)pl_association((PlPairCount){10, 4, 5, 2}, 1, &out), PL_BAD_ARGUMENT));
}

/* Tests that are not in the list, as their p is 1, count all the same. */
Test(stats_association, holm_among_more_tests) {
    const double p[5] = {0.004, 0.0001, 1, 1, 1}, few[2] = {0.004, 0.0001};
    double all[5], some[2];
    size_t order[5];
    cr_assert(eq(int, (int)pl_adjust_holm(p, 5, order, all), PL_OK));
    cr_assert(eq(int, (int)pl_adjust_holm_among(few, 2, 5, order, some), PL_OK));
    cr_assert(some[0] == all[0] && some[1] == all[1] && near(some[0], 0.016, 1e-14));
    cr_assert(eq(int, (int)pl_adjust_holm_among(few, 2, 1, order, some), PL_BAD_ARGUMENT));
}
