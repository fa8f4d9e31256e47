/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/adjust.h"

#include "run.h"

enum { N_MAX = 64 };

static void check(const double *p, size_t n, const double *holm, const double *bh, double relative) {
    size_t order[N_MAX];
    double adjusted[N_MAX];
    cr_assert(eq(int, (int)pl_adjust_holm(p, n, order, adjusted), PL_OK));
    for (size_t i = 0; i < n; i++)
        cr_assert(near(adjusted[i], holm[i], relative), "holm %zu: %.17g, not %.17g", i, adjusted[i],
                  holm[i]);
    cr_assert(eq(int, (int)pl_adjust_bh(p, n, order, adjusted), PL_OK));
    for (size_t i = 0; i < n; i++)
        cr_assert(near(adjusted[i], bh[i], relative), "bh %zu: %.17g, not %.17g", i, adjusted[i], bh[i]);
}

/* The example of methods.md, computed by R's p.adjust. */
Test(stats_adjust, published_example) {
    double p[] = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};
    double holm[] = {.010, .072, .312, .312, .312, .312, .312, .615, .615, .615};
    double bh[] = {.010, .040, .084, .084, .084, .100, .74 / 7, .216, .216, .216};
    check(p, 10, holm, bh, 1e-14);
}

/* R: p.adjust(c(.04, .01, .04, .2, 0, .5, .5), "holm" and "BH"). */
Test(stats_adjust, ties_out_of_order_zero_and_the_cap_at_one) {
    double p[] = {.04, .01, .04, .2, 0, .5, .5};
    double holm[] = {.2, .06, .2, .6, 0, 1, 1}, bh[] = {.07, .035, .07, .28, 0, .5, .5};
    check(p, 7, holm, bh, 1e-14);
}

Test(stats_adjust, shared_reference) {
    json_t *root = load_expected("p_adjust.json");
    const char *sets[][3] = {{"p_BH1995", "holm", "BH"},
                             {"small_p", "small_holm", "small_BH"},
                             {"ties_p", "ties_holm", "ties_BH"}};
    for (size_t s = 0; s < 3; s++) {
        double p[N_MAX], holm[N_MAX], bh[N_MAX];
        size_t n = 0, index;
        json_t *value;
        json_array_foreach(json_object_get(root, sets[s][0]), index, value) {
            if (!json_is_number(value)) /* R's NA stays out of the adjustment */
                continue;
            p[n] = json_number_value(value);
            holm[n] = item_at(root, sets[s][1], index);
            bh[n++] = item_at(root, sets[s][2], index);
        }
        cr_assert(n >= 5);
        check(p, n, holm, bh, 1e-14);
    }
    json_decref(root);
}

Test(stats_adjust, what_is_no_probability_is_refused) {
    double bad[] = {-1e-9, 1.0000001, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        double p[] = {0.5, bad[i]}, adjusted[2] = {9, 9};
        size_t order[2];
        cr_assert(eq(int, (int)pl_adjust_holm(p, 2, order, adjusted), PL_BAD_ARGUMENT));
        cr_assert(eq(int, (int)pl_adjust_bh(p, 2, order, adjusted), PL_BAD_ARGUMENT));
        cr_assert(eq(dbl, adjusted[0], 9));
    }
}

Test(stats_adjust, never_below_p_never_above_one_and_in_the_order_of_p) {
    PlRng rng = pl_rng_stream(2, 0);
    for (int round = 0; round < 200; round++) {
        double p[20], holm[20], bh[20];
        size_t order[20], n = 1 + pl_rng_next(&rng) % 20;
        for (size_t i = 0; i < n; i++)
            p[i] = floor(40 * pl_rng_uniform(&rng)) / 40;
        pl_adjust_holm(p, n, order, holm);
        pl_adjust_bh(p, n, order, bh);
        for (size_t i = 0; i < n; i++) {
            cr_assert(bh[i] >= p[i] && holm[i] >= bh[i] && holm[i] <= 1);
            for (size_t j = 0; j < n; j++)
                cr_assert(p[i] > p[j] || (holm[i] <= holm[j] && bh[i] <= bh[j]));
        }
    }
}
