/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/power.h"

#include "run.h"

static double power_of(size_t n, double sd, double delta, double alpha, PlAlternative alternative) {
    double power = NAN;
    PlStatus status = pl_power_paired_t(n, sd, delta, alpha, alternative, &power);
    cr_assert(eq(int, (int)status, PL_OK), "n %zu delta %g: %s", n, delta, pl_status_text(status));
    return power;
}

/* R's power.t.test with strict = TRUE; .480458 is the same without the wrong side. */
Test(stats_power, darwins_differences) {
    double delta;
    cr_assert(epsilon_eq(dbl, power_of(15, 37.74438, 20, .05, PL_TWO_SIDED), 0.480509733428637, 1e-12));
    cr_assert(epsilon_eq(dbl, power_of(15, 37.74438, 20, .025, PL_GREATER), 0.480458235526356, 1e-12));
    cr_assert(eq(int, (int)pl_mde_paired_t(15, 37.74438, .05, PL_TWO_SIDED, .8, &delta), PL_OK));
    cr_assert(epsilon_eq(dbl, delta, 29.3659795225581, 1e-4));
}

/* tests/reference/stats/power.R: n, delta, two-sided at 1 %, greater at 10 %. */
Test(stats_power, noncentral_t_of_r) {
    const double cases[][4] = {
        {2, 0.03, 0.010008997169457357, 0.1053143542464634},
        {2, 0.4, 0.011558383618722412, 0.18389088753525862},
        {2, 1.7, 0.030190661598237134, 0.5431644217266085},
        {3, 0.03, 0.010026595992874143, 0.10765796605794387},
        {3, 0.4, 0.014716966916882623, 0.23458489680393246},
        {3, 1.7, 0.091823772310778429, 0.83192803868196041},
        {7, 0.03, 0.010138408655498532, 0.11362141355054389},
        {7, 0.4, 0.038604440802633588, 0.38337553919659872},
        {7, 1.7, 0.7456770891489729, 0.99792830671620836},
        {40, 0.03, 0.011244211318214292, 0.13701929743751606},
        {40, 0.4, 0.43908052872170544, 0.88902039920687148},
        {40, 1.7, 0.99999999999999223, 1},
        {1000, 0.03, 0.051899543316332952, 0.36946968565388838},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double two = power_of((size_t)cases[i][0], 1, cases[i][1], .01, PL_TWO_SIDED);
        double one = power_of((size_t)cases[i][0], 1, cases[i][1], .1, PL_GREATER);
        cr_assert(near(two, cases[i][2], 1e-10), "case %zu: %.15g", i, two);
        cr_assert(near(one, cases[i][3], 1e-10), "case %zu: %.15g", i, one);
    }
}

Test(stats_power, shared_reference) {
    json_t *root = load_expected("power.json");
    const json_t *grid = json_object_get(root, "paired_grid");
    const size_t sizes[] = {8, 10, 15, 20, 30, 50, 100};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t i = 0; i < 5; i++) {
            char key[16];
            snprintf(key, sizeof key, "n%zu", sizes[s]);
            double expected = item_at(grid, key, i), delta = item_at(root, "paired_grid_deltas", i);
            double power = power_of(sizes[s], 1, delta, .05, PL_TWO_SIDED);
            cr_assert(near(power, expected, 1e-10), "n %zu, delta %g: %.15g, not %.15g", sizes[s], delta,
                      power, expected);
        }
    double delta;
    size_t n;
    pl_mde_paired_t(30, 1, .05, PL_TWO_SIDED, .8, &delta);
    cr_assert(epsilon_eq(dbl, delta, number_at(root, "paired_n30_mde80"), 1e-5)); /* uniroot's tolerance */
    pl_n_paired_t(1, .5, .05, PL_TWO_SIDED, .8, 1000, &n);
    cr_assert(eq(sz, n, (size_t)ceil(number_at(root, "paired_power80_d05_n"))));
    json_decref(root);
}

/* Small and large in every direction: alpha at no effect, between alpha and 1, mirrored, growing with delta.
 */
Test(stats_power, holds_together_in_the_extremes) {
    const size_t sizes[] = {2, 3, 5, 30, 1000, 1000000};
    const double levels[] = {1e-9, 1e-4, .05, .5, .9}, deltas[] = {0, 1e-6, .01, .3, 1, 5, 100, 1e6};
    for (size_t s = 0; s < 6; s++)
        for (size_t a = 0; a < 5; a++) {
            double before = 0;
            for (size_t i = 0; i < 8; i++) {
                double two = power_of(sizes[s], 2, 2 * deltas[i], levels[a], PL_TWO_SIDED);
                double greater = power_of(sizes[s], 2, 2 * deltas[i], levels[a], PL_GREATER);
                double less = power_of(sizes[s], 2, -2 * deltas[i], levels[a], PL_LESS);
                cr_assert(near(less, greater, 1e-12));
                cr_assert(near(power_of(sizes[s], 2, -2 * deltas[i], levels[a], PL_TWO_SIDED), two, 1e-12));
                cr_assert(two >= before - 1e-11 && two >= levels[a] * (1 - 1e-7) && two <= 1,
                          "n %zu level %g: %.12g", sizes[s], levels[a], two);
                cr_assert(i > 0 || (near(two, levels[a], 1e-8) && near(greater, levels[a], 1e-8)),
                          "n %zu level %g: %.15g %.15g", sizes[s], levels[a], two, greater);
                before = two;
            }
        }
}

Test(stats_power, detectable_effect_is_found_with_the_power_asked_for) {
    const double targets[] = {.1, .5, .8, .999};
    for (size_t n = 2; n < 400; n = 2 * n + 1)
        for (size_t i = 0; i < 4; i++)
            for (size_t a = 0; a < 3; a++) {
                double delta = NAN, sign = alternatives[a] == PL_LESS ? -1 : 1;
                cr_assert(
                    eq(int, (int)pl_mde_paired_t(n, 3, .05, alternatives[a], targets[i], &delta), PL_OK));
                cr_assert(delta > 0);
                double power = power_of(n, 3, sign * delta, .05, alternatives[a]);
                cr_assert(epsilon_eq(dbl, power, targets[i], 1e-10), "n %zu: %.15g", n, power);
            }
}

Test(stats_power, number_of_pairs_is_the_smallest_that_is_enough) {
    for (double delta = .2; delta < 4; delta *= 1.7)
        for (size_t a = 0; a < 3; a++) {
            double signed_delta = alternatives[a] == PL_LESS ? -delta : delta;
            size_t n = 0;
            cr_assert(
                eq(int, (int)pl_n_paired_t(1, signed_delta, .05, alternatives[a], .9, 100000, &n), PL_OK));
            cr_assert(power_of(n, 1, signed_delta, .05, alternatives[a]) >= .9);
            cr_assert(n == 2 || power_of(n - 1, 1, signed_delta, .05, alternatives[a]) < .9);
            size_t again = 0;
            cr_assert(
                eq(int, (int)pl_n_paired_t(1, signed_delta, .05, alternatives[a], .9, n, &again), PL_OK));
            cr_assert(eq(sz, again, n));
            PlStatus status = pl_n_paired_t(1, signed_delta, .05, alternatives[a], .9, n - 1, &again);
            cr_assert(eq(int, (int)status, PL_NO_CONVERGENCE), "n %zu", n);
        }
}

Test(stats_power, what_makes_no_sense_is_refused) {
    double x = 9;
    size_t n = 9;
    cr_assert(eq(int, (int)pl_power_paired_t(1, 1, 1, .05, PL_TWO_SIDED, &x), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_mde_paired_t(1, 1, .05, PL_TWO_SIDED, .8, &x), PL_TOO_FEW));
    const double bad_sd[] = {0, -1, NAN, INFINITY}, bad_alpha[] = {0, 1, -.1, NAN},
                 bad_power[] = {.05, .01, 1, NAN};
    for (size_t i = 0; i < 4; i++) {
        cr_assert(eq(int, (int)pl_power_paired_t(9, bad_sd[i], 1, .05, PL_TWO_SIDED, &x), PL_BAD_ARGUMENT));
        cr_assert(eq(int, (int)pl_power_paired_t(9, 1, 1, bad_alpha[i], PL_TWO_SIDED, &x), PL_BAD_ARGUMENT));
        cr_assert(eq(int, (int)pl_mde_paired_t(9, bad_sd[i], .05, PL_TWO_SIDED, .8, &x), PL_BAD_ARGUMENT));
        cr_assert(eq(int, (int)pl_mde_paired_t(9, 1, .05, PL_TWO_SIDED, bad_power[i], &x), PL_BAD_ARGUMENT));
        cr_assert(
            eq(int, (int)pl_n_paired_t(1, 1, .05, PL_TWO_SIDED, bad_power[i], 99, &n), PL_BAD_ARGUMENT));
    }
    cr_assert(eq(int, (int)pl_power_paired_t(9, 1, NAN, .05, PL_TWO_SIDED, &x), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_power_paired_t(9, 1, 1, .05, (PlAlternative)7, &x), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_n_paired_t(1, 0, .05, PL_TWO_SIDED, .8, 99, &n), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_n_paired_t(1, -1, .05, PL_GREATER, .8, 99, &n), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_n_paired_t(1, 1, .05, PL_LESS, .8, 99, &n), PL_BAD_ARGUMENT));
    cr_assert(x == 9 && n == 9, "an output was touched");
}
