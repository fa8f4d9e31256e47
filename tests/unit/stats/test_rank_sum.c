/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"

#include "pairlift/stats/groups.h"

/* R: tests/reference/stats/groups.R. */
static const double hollander_x[10] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
                    hollander_y[5] = {1.15, 0.88, 0.90, 0.74, 1.21};

static PlInference rank_sum(const double *x, size_t n1, const double *y, size_t n2, double level,
                            PlAlternative alternative) {
    PlArena arena = {0};
    PlInference in = {0};
    PlInferenceOptions o = {.conf_level = level, .alternative = alternative, .threads = 1};
    PlStatus status = pl_rank_sum(x, n1, y, n2, &o, &arena, &in);
    pl_arena_clear(&arena);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    return in;
}

Test(stats_rank_sum, agrees_with_r_without_ties) {
    static const double p[3] = {0.25441225441225440, 0.12720612720612720, 0.89676989676989671},
                        low[3] = {-0.15, -0.08, -INFINITY}, high[3] = {0.76, INFINITY, 0.72};
    for (size_t a = 0; a < 3; a++) {
        PlInference in = rank_sum(hollander_x, 10, hollander_y, 5, .95, alternatives[a]);
        cr_expect(in.statistic == 35 && near(in.estimate, .305, 1e-12));
        cr_expect(near(in.p_value, p[a], 1e-13));
        cr_expect(near(in.conf_low, low[a], 1e-12) && near(in.conf_high, high[a], 1e-12), "%zu: %g %g", a,
                  in.conf_low, in.conf_high);
    }
}

Test(stats_rank_sum, counts_every_choice_of_midranks_with_ties) {
    const double x[6] = {1, 2, 2, 3, 5, 5}, y[7] = {2, 3, 4, 5, 6, 7, 7};
    PlInference greater = rank_sum(x, 6, y, 7, .95, PL_GREATER), less = rank_sum(x, 6, y, 7, .95, PL_LESS);
    cr_expect(greater.statistic == 9.5 && near(greater.p_value, 0.96270396270396275, 1e-13));
    cr_expect(near(less.p_value, 0.058275058275058272, 1e-13));
    cr_expect(eq(sz, less.n_tied, 10));
}

/* Computed decimals tie as the written ones do. */
Test(stats_rank_sum, noise_of_subtraction_breaks_no_tie) {
    const double x[4] = {13.2 - 14, .3, .1 + .2, 1}, y[3] = {-.8, .3, 2};
    cr_expect(eq(sz, rank_sum(x, 4, y, 3, .9, PL_TWO_SIDED).n_tied, 5));
}

Test(stats_rank_sum, normal_approximation_of_many_with_ties_is_r_s) {
    static const double x[80] = {-.6, .2,  -.8, 1.6, .3,   -.8, .5,   .7,  .6,  -.3, 1.5,  .4,   -.6, -2.2,
                                 1.1, 0,   0,   .9,  .8,   .6,  .9,   .8,  .1,  -2,  .6,   -.1,  -.2, -1.5,
                                 -.5, .4,  1.4, -.1, .4,   -.1, -1.4, -.4, -.4, -.1, 1.1,  .8,   -.2, -.3,
                                 .7,  .6,  -.7, -.7, .4,   .8,  -.1,  .9,  .4,  -.6, .3,   -1.1, 1.4, 2,
                                 -.4, -1,  .6,  -.1, 2.4,  0,   .7,   0,   -.7, .2,  -1.8, 1.5,  .2,  2.2,
                                 .5,  -.7, .6,  -.9, -1.3, .3,  -.4,  0,   .1,  -.6},
                        y[70] = {-.3, .2,  1.5, -1.2, .9,   .6,  1.4,  0,   .7,  .6,  -.2, 1.5,  1.5, 1,
                                 1.9, .9,  -1,  -.3,  -.9,  -.2, -.3,  .3,  -.6, .5,  -.4, 2.1,  1,   1.2,
                                 .7,  2,   -.3, -.2,  1.7,  -.4, .1,   -.1, 0,   0,   .8,  .1,   -.2, 1.6,
                                 .1,  .1,  .2,  1,    .2,   .3,  -.4,  0,   .4,  -.3, .8,  -1.2, .6,  -1.2,
                                 0,   -.2, -.4, .2,   -1.6, 1.5, -1.4, -.2, -.8, -.5, 2.4, .3,   -1,  -1.3};
    PlInference in = rank_sum(x, 80, y, 70, .95, PL_TWO_SIDED);
    cr_expect(in.statistic == 2660 && near(in.p_value, 0.59893570384326633, 1e-12), "%g %.17g", in.statistic,
              in.p_value);
}

/* Every choice of n1 of the n values, with W of each from its definition. */
static void list_choices(const double *all, size_t n, size_t n1, double w, double *greater, double *less) {
    double total = 0, above = 0, below = 0;
    for (unsigned set = 0; set < 1u << n; set++) {
        double statistic = 0;
        size_t members = 0;
        for (size_t i = 0; i < n; i++) {
            members += set >> i & 1;
            for (size_t j = 0; j < n && (set >> i & 1); j++)
                statistic += set >> j & 1 ? 0 : all[i] > all[j] ? 1 : all[i] == all[j] ? .5 : 0;
        }
        if (members != n1)
            continue;
        total++;
        above += statistic >= w;
        below += statistic <= w;
    }
    *greater = above / total;
    *less = below / total;
}

Test(stats_rank_sum, p_is_that_of_every_choice_listed) {
    for (uint64_t round = 0; round < 60; round++) {
        PlRng rng = pl_rng_stream(22, round);
        size_t n = 3 + round % 9, n1 = 1 + round % (n - 1);
        double all[12], greater, less, few = 1 + (double)(round % 5);
        for (size_t i = 0; i < n; i++)
            all[i] = floor(few * normal_draw(&rng));
        bool flat = true;
        for (size_t i = 0; i < n; i++)
            flat = flat && all[i] == all[0];
        if (flat)
            continue;
        PlInference in = rank_sum(all, n1, all + n1, n - n1, .9, PL_GREATER);
        list_choices(all, n, n1, in.statistic, &greater, &less);
        cr_expect(near(in.p_value, greater, 1e-14), "round %d: %g %g", (int)round, in.p_value, greater);
        in = rank_sum(all, n1, all + n1, n - n1, .9, PL_LESS);
        cr_expect(near(in.p_value, less, 1e-14), "round %d: %g %g", (int)round, in.p_value, less);
    }
}

/* Groups without overlap: p is 2 / choose(n, n1), to all digits and on either side. */
Test(stats_rank_sum, small_tails_are_not_what_the_other_leaves_of_one) {
    double x[123];
    for (size_t i = 0; i < 123; i++)
        x[i] = (double)i;
    cr_expect(near(rank_sum(x, 50, x + 50, 50, .95, PL_TWO_SIDED).p_value, 1.9823306042836899e-29, 1e-13));
    cr_expect(near(rank_sum(x + 50, 50, x, 50, .95, PL_TWO_SIDED).p_value, 1.9823306042836899e-29, 1e-13));
    cr_expect(near(rank_sum(x, 3, x + 3, 120, .95, PL_TWO_SIDED).p_value, 6.6089266772629788e-06, 1e-14));
    cr_expect(near(rank_sum(x + 3, 120, x, 3, .95, PL_TWO_SIDED).p_value, 6.6089266772629788e-06, 1e-14));
}

/* R: wilcox.test(c(6:11), c(1:5, 1e300), conf.int = TRUE). */
Test(stats_rank_sum, one_huge_value_counts_by_its_rank) {
    const double x[6] = {6, 7, 8, 9, 10, 11}, y[6] = {1, 2, 3, 4, 5, 1e300};
    PlInference in = rank_sum(x, 6, y, 6, .95, PL_TWO_SIDED);
    cr_expect(in.statistic == 30 && in.n_tied == 0 && near(in.p_value, 0.064935064935064929, 1e-14));
    cr_expect(in.estimate == 5 && in.conf_high == 8 && near(in.conf_low, -1e300, 1e-15));
}

Test(stats_rank_sum, moves_and_scales_with_the_data) {
    PlInference base = rank_sum(hollander_x, 10, hollander_y, 5, .9, PL_TWO_SIDED);
    const double scales[4] = {1e-310, 1e-200, 1e150, 1e300};
    for (size_t s = 0; s < 5; s++) { /* the last: 1e12 + x, decimals of 15 digits */
        double x[10], y[5], scale = s < 4 ? scales[s] : 1, shift = s < 4 ? 0 : 1e12;
        for (size_t i = 0; i < 10; i++)
            x[i] = shift + hollander_x[i] * scale;
        for (size_t i = 0; i < 5; i++)
            y[i] = shift + hollander_y[i] * scale;
        PlInference in = rank_sum(x, 10, y, 5, .9, PL_TWO_SIDED);
        cr_expect(in.statistic == base.statistic && in.p_value == base.p_value);
        cr_expect(near(in.conf_low, base.conf_low * scale, 1e-12) &&
                      near(in.estimate, base.estimate * scale, 1e-12),
                  "%zu: %.17g", s, in.estimate);
    }
}

/* ../shared: promotions by store-week and by location, with R's normal approximation (exact_up_to 1) where
 * ours would count, and the counts of tests/reference/stats/rank_sum.py. */
Test(stats_rank_sum, agrees_on_three_promotions) {
    static double x[600], of[3][200];
    static size_t group[600];
    json_t *all = load_expected("wa_marketing.json");
    const char *const units[2] = {"store_week", "location_mean"};
    const double counted[3] = {7.927640804903513e-05, 0.1782168021920359, 0.002240589550156204};
    for (int by_location = 0; by_location < 2; by_location++) {
        size_t rows = read_promotions(by_location, x, group), n[3] = {0};
        for (size_t i = 0; i < rows; i++)
            of[group[i]][n[group[i]]++] = x[i];
        for (size_t a = 0; a < 3; a++)
            for (size_t b = a + 1; b < 3; b++) {
                char name[16];
                snprintf(name, sizeof name, "P%zu_vs_P%zu", a + 1, b + 1);
                const json_t *want = json_object_get(json_object_get(all, units[by_location]), name);
                PlArena arena = {0};
                PlInference in, exact;
                PlInferenceOptions o = two_sided_95;
                pl_rank_sum(of[a], n[a], of[b], n[b], &o, &arena, &exact);
                o.exact_up_to = 1;
                cr_assert(eq(int, (int)pl_rank_sum(of[a], n[a], of[b], n[b], &o, &arena, &in), PL_OK));
                cr_expect(in.statistic == number_at(want, "MW_W"));
                cr_expect(near(in.p_value, number_at(want, "MW_p_cc"), 1e-11), "%s %.17g", name, in.p_value);
                cr_expect(near(in.estimate, number_at(want, "hodges_lehmann_median"), 1e-12));
                double count = by_location ? counted[a + b - 1] : in.p_value; /* too many weeks to count */
                cr_expect(near(exact.p_value, count, 1e-12), "%s %.17g", name, exact.p_value);
                pl_arena_clear(&arena);
            }
    }
    json_decref(all);
}

/* ../shared: job satisfaction of those who left and those who stayed. */
Test(stats_rank_sum, agrees_on_a_column_of_four_values) {
    static SharedRow rows[1500];
    static double no[1500], yes[1500];
    json_t *all = load_expected("hr.json"), *want = json_object_get(all, "js_by_attrition");
    size_t n = read_shared_rows("data/hr_attrition/hr_attrition.csv", 16, -1, 1, rows, 1500), left = 0,
           stay = 0;
    for (size_t i = 0; i < n; i++)
        if (strstr(rows[i].text, "Yes"))
            yes[left++] = rows[i].a;
        else
            no[stay++] = rows[i].a;
    PlInference in = rank_sum(no, stay, yes, left, .95, PL_TWO_SIDED);
    double w = number_at(want, "W"), pairs = (double)left * (double)stay;
    cr_expect(in.statistic == w || in.statistic == pairs - w, "%g", in.statistic);
    cr_expect(near(in.p_value, number_at(want, "p"), 1e-11), "%.17g", in.p_value);
    PlInference t;
    cr_assert(eq(int, (int)pl_welch_t(no, stay, yes, left, &two_sided_95, NULL, &t), PL_OK));
    cr_expect(near(t.statistic, number_at(want, "welch_t"), 1e-11) &&
              near(t.p_value, number_at(want, "welch_p"), 1e-10));
    json_decref(all);
}

Test(stats_rank_sum, interval_and_p_are_one_procedure) {
    for (uint64_t round = 0; round < 600; round++) {
        PlRng rng = pl_rng_stream(21, round);
        double x[70], y[70], level = round % 2 ? .9 : .95;
        size_t n1 = 2 + round % 11, n2 = 2 + round / 7 % 13;
        if (round % 25 == 0)
            n1 = 60, n2 = 55;
        for (size_t i = 0; i < n1; i++)
            x[i] = .8 + normal_draw(&rng);
        for (size_t i = 0; i < n2; i++)
            y[i] = normal_draw(&rng);
        for (size_t i = 0; i < n1 && round % 3 == 0; i++)
            x[i] = nearbyint(x[i]);
        for (size_t i = 0; i < n2 && round % 3 == 0; i++)
            y[i] = nearbyint(y[i]);
        bool flat = true;
        for (size_t i = 0; i < n1 + n2; i++)
            flat = flat && (i < n1 ? x[i] : y[i - n1]) == x[0];
        if (flat)
            continue;
        PlInference in = rank_sum(x, n1, y, n2, level, alternatives[round % 3]);
        bool rejects = in.p_value <= 1 - level, leaves_out = in.conf_low > 0 || in.conf_high < 0;
        cr_expect(rejects == leaves_out, "round %d: p %g, %g to %g", (int)round, in.p_value, in.conf_low,
                  in.conf_high);
    }
}

Test(stats_rank_sum, swapping_the_groups_turns_everything) {
    PlInference a = rank_sum(hollander_x, 10, hollander_y, 5, .9, PL_TWO_SIDED),
                b = rank_sum(hollander_y, 5, hollander_x, 10, .9, PL_TWO_SIDED);
    cr_expect(near(a.p_value, b.p_value, 1e-13) && a.statistic + b.statistic == 50);
    cr_expect(near(a.estimate, -b.estimate, 1e-13) && near(a.conf_low, -b.conf_high, 1e-13));
}

/* 3 and 2 values cannot be told apart at 95 %: the rarest of choose(5, 2) orders has a chance of .1. */
Test(stats_rank_sum, a_tie_makes_no_limit_that_the_level_cannot_give) {
    const double x[2] = {2, 5}, y[3] = {1, 2, 3};
    for (size_t a = 0; a < 3; a++) {
        PlInference in = rank_sum(x, 2, y, 3, .95, alternatives[a]);
        cr_expect(in.conf_low == -INFINITY && in.conf_high == INFINITY, "%g %g", in.conf_low, in.conf_high);
        in = rank_sum(y, 3, x, 2, .95, alternatives[a]);
        cr_expect(in.conf_low == -INFINITY && in.conf_high == INFINITY, "%g %g", in.conf_low, in.conf_high);
    }
}

Test(stats_rank_sum, what_is_refused_and_too_few_for_the_level) {
    must_refuse_bad_groups("rank_sum");
    PlInference in = rank_sum(hollander_x, 2, hollander_y, 2, .95, PL_TWO_SIDED);
    cr_expect(isinf(in.conf_low) != 0 && isinf(in.conf_high) != 0);
    PlArena arena = {0};
    cr_expect(
        eq(int, (int)pl_rank_sum(hollander_x, 0, hollander_y, 2, &two_sided_95, &arena, &in), PL_TOO_FEW));
    pl_arena_clear(&arena);
}
