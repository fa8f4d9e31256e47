/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survival.h"

#include "pairlift/stats/hazard_ratio.h"

/* tests/reference/stats/survival.R: coxph with Breslow's ties, and the score of survdiff solved for the
 * limits. */
Test(stats_hazard_ratio, three_groups_of_r) {
    const struct {
        double log_ratio, low, high, z;
    } r[] = {{-0.97506231526545672, -1.821564340591185, -0.12839958100959453, -2.278614805707075},
             {1.199012024523592, 0.47616302528198179, 1.9222344455202778, 3.3674307609685359},
             {-0.20855639243942967, -0.93503550412406111, 0.51999277689325984, -0.55084808304204214}};
    PlArena arena = {0};
    PlLifetime all[42];
    PlHazardRatio out[3];
    PlLogrank test;
    for (size_t i = 0; i < 42; i++)
        all[i] = (PlLifetime){gehan_time[i], gehan_event[i] == 1, (i + 1) % 3 == 0 ? 2 : gehan_arm[i]};
    cr_assert(eq(int, (int)pl_lifetimes_sort(all, 42, &arena), PL_OK));
    cr_assert(eq(int, (int)pl_hazard_ratios(all, 42, 3, .95, &arena, out), PL_OK));
    cr_assert(eq(int, (int)pl_logrank(all, 42, 3, &arena, &test), PL_OK));
    for (size_t g = 0; g < 3; g++) {
        cr_assert(fabs(out[g].log_ratio - r[g].log_ratio) < 1e-9, "%zu: %.17g", g, out[g].log_ratio);
        cr_assert(fabs(out[g].conf_low - r[g].low) < 1e-9 && fabs(out[g].conf_high - r[g].high) < 1e-9, "%zu",
                  g);
        cr_assert(near(out[g].z, r[g].z, 1e-12) && out[g].tested, "%zu: %.17g", g, out[g].z);
        cr_assert(near(out[g].expected, test.groups[g].expected, 1e-13) &&
                  out[g].observed == test.groups[g].observed && out[g].n == test.groups[g].n);
        cr_assert(near(out[g].variance, test.groups[g].variance, 1e-12));
    }
    pl_arena_clear(&arena);
}

/* Two exponential groups with hazards 3 : 1 and uniform censoring: the interval holds log 3, and the p-value
 * is at most .05 exactly when it leaves out 0. */
Test(stats_hazard_ratio, the_interval_covers_and_agrees_with_the_test) {
    enum { N = 60, TIMES = 1500 };
    size_t covered = 0;
    double sum = 0;
    for (size_t s = 0; s < TIMES; s++) {
        PlArena arena = {0};
        PlLifetime all[N];
        PlHazardRatio out[2];
        PlRng rng = pl_rng_stream(5, s);
        for (size_t i = 0; i < N; i++) {
            size_t group = i % 3 == 0;
            double end = -log(1 - pl_rng_uniform(&rng)) / (group ? .3 : .1),
                   until = 20 * pl_rng_uniform(&rng);
            all[i] = (PlLifetime){fmin(end, until), end <= until, group};
        }
        cr_assert(eq(int, (int)pl_lifetimes_sort(all, N, &arena), PL_OK));
        cr_assert(eq(int, (int)pl_hazard_ratios(all, N, 2, .95, &arena, out), PL_OK));
        covered += out[1].conf_low <= log(3) && log(3) <= out[1].conf_high;
        sum += out[1].log_ratio;
        for (size_t g = 0; g < 2; g++) {
            bool leaves_out = out[g].conf_low > 0 || out[g].conf_high < 0;
            cr_assert(eq(int, leaves_out, out[g].p_value <= .05), "%zu: p = %g", s, out[g].p_value);
        }
        cr_assert(fabs(out[0].log_ratio + out[1].log_ratio) < 1e-9);
        pl_arena_clear(&arena);
    }
    cr_assert(covered > .93 * TIMES && covered < .97 * TIMES, "%zu of %d", covered, TIMES);
    cr_assert(fabs(sum / TIMES - log(3)) < .1, "%g", sum / TIMES);
}

/* Events of one group only have no finite ratio; without anything to compare there is no test. */
Test(stats_hazard_ratio, ends_and_refusals) {
    PlLifetime all[] = {{1, true, 0}, {2, true, 0}, {3, true, 0}, {4, true, 0}, {9, false, 1}, {9, false, 1}};
    PlArena arena = {0}, none = {.limit = 1};
    PlHazardRatio out[3];
    cr_assert(eq(int, (int)pl_hazard_ratios(all, 6, 3, .95, &arena, out), PL_OK));
    cr_assert(out[0].log_ratio == INFINITY && out[0].conf_high == INFINITY && isfinite(out[0].conf_low));
    cr_assert(out[1].log_ratio == -INFINITY && out[1].conf_low == -INFINITY && isfinite(out[1].conf_high));
    cr_assert(out[2].n == 0 && out[2].observed == 0 && out[2].tested == false);
    cr_assert(eq(int, (int)pl_hazard_ratios(all, 1, 2, .95, &arena, out), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_hazard_ratios(all, 6, 1, .95, &arena, out), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_hazard_ratios(all, 6, 2, 0, &arena, out), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_hazard_ratios(all, 6, 2, .95, &none, out), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}
