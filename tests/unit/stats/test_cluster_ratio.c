/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/cluster_ratio.h"

static const double amount[8] = {120.5, 310.25, 71, 550, 214.75, 160, 33.5, 401};
static const double base[8] = {4, 12, 3, 15, 9, 4, 2, 16};

/* tests/reference/stats/cluster_ratio.R */
Test(stats_cluster_ratio, as_R_with_clubSandwich) {
    PlInference in;
    PlStatus status = pl_cluster_ratio((PlClusteredRatio){amount, base}, 8, &two_sided_95, &in);
    cr_assert(eq(int, (int)status, PL_OK));
    cr_assert(near(in.estimate, 28.6307692307692, 1e-13), "%.17g", in.estimate);
    cr_assert(near(in.std_error, 2.65443821273588, 1e-12), "%.17g", in.std_error);
    cr_assert(near(in.df, 4.62583222370173, 1e-12), "%.17g", in.df);
    cr_assert(near(in.conf_low, 21.6379223041189, 1e-9), "%.17g", in.conf_low);
    cr_assert(near(in.conf_high, 35.6236161574196, 1e-9), "%.17g", in.conf_high);
}

Test(stats_cluster_ratio, difference_as_R) {
    double x1[8] = {0}, m1[8] = {0}, x2[8] = {0}, m2[8] = {0};
    PlInference in;
    memcpy(x1, amount, 4 * sizeof *x1);
    memcpy(m1, base, 4 * sizeof *m1);
    memcpy(x2 + 4, amount + 4, 4 * sizeof *x2);
    memcpy(m2 + 4, base + 4, 4 * sizeof *m2);
    PlStatus status = pl_cluster_ratio_difference((PlClusteredRatio){x1, m1}, (PlClusteredRatio){x2, m2}, 8,
                                                  &two_sided_95, &in);
    cr_assert(eq(int, (int)status, PL_OK));
    cr_assert(near(in.estimate, 4.82898481973434, 1e-12), "%.17g", in.estimate);
    cr_assert(near(in.std_error, 4.66913497405763, 1e-12), "%.17g", in.std_error);
    cr_assert(near(in.conf_low, -19.2083326100112, 1e-9), "%.17g", in.conf_low);
    cr_assert(near(in.p_value, 0.42610378873041, 1e-9), "%.17g", in.p_value);
}

/* How often two conditions without a difference are told apart: a few customers against many, whose orders
 * lean together. 5 % or less, within 4 standard errors; also when mostly nothing happens. */
static double false_alarms(size_t few, double rate) {
    enum { CUSTOMERS = 150, RUNS = 4000 };
    PlRng rng = pl_rng_stream(13, few);
    int alarms = 0;
    for (int run = 0; run < RUNS; run++) {
        double x[2][CUSTOMERS] = {{0}}, m[2][CUSTOMERS] = {{0}};
        PlInference in = {.p_value = 1};
        for (size_t g = 0; g < CUSTOMERS; g++) {
            double own = rate * 2 * pl_rng_uniform(&rng);
            m[g < few][g] = 1 + floor(8 * pl_rng_uniform(&rng));
            for (int i = 0; i < (int)m[g < few][g]; i++)
                x[g < few][g] += pl_rng_uniform(&rng) < own;
        }
        PlStatus status = pl_cluster_ratio_difference(
            (PlClusteredRatio){x[1], m[1]}, (PlClusteredRatio){x[0], m[0]}, CUSTOMERS, &two_sided_95, &in);
        cr_assert(status == PL_OK || status == PL_NO_VARIANCE);
        alarms += in.p_value <= 0.05;
    }
    return (double)alarms / RUNS;
}

Test(stats_cluster_ratio, few_customers_raise_no_false_alarms) {
    static const struct {
        size_t few;
        double rate;
    } cases[] = {{2, 0.35}, {3, 0.1}, {5, 0.05}, {10, 0.1}, {40, 0.3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double alarms = false_alarms(cases[i].few, cases[i].rate);
        cr_assert(alarms < 0.064, "%zu customers, rate %g: %g", cases[i].few, cases[i].rate, alarms);
    }
}

/* Customers of very unequal sizes, each with a level of its own: the truth lies in 95 % of the intervals,
 * give or take 4 standard errors below and what a careful method may be above. */
Test(stats_cluster_ratio, interval_holds_the_truth_with_unequal_customers) {
    enum { CUSTOMERS = 60, RUNS = 2000 };
    PlRng rng = pl_rng_stream(7, 3);
    int held = 0;
    for (int run = 0; run < RUNS; run++) {
        double x[CUSTOMERS] = {0}, m[CUSTOMERS] = {0};
        PlInference in;
        for (int g = 0; g < CUSTOMERS; g++) {
            double own = 20 + 4 * pl_rng_normal(&rng);
            m[g] = 1 + floor(exp(1.5 + pl_rng_normal(&rng)));
            for (int i = 0; i < (int)m[g]; i++)
                x[g] += own + 10 * pl_rng_normal(&rng);
        }
        cr_assert(
            eq(int, (int)pl_cluster_ratio((PlClusteredRatio){x, m}, CUSTOMERS, &two_sided_95, &in), PL_OK));
        held += in.conf_low <= 20 && 20 <= in.conf_high;
    }
    cr_assert(held > 0.93 * RUNS && held < 0.98 * RUNS, "%d", held);
}

Test(stats_cluster_ratio, refusals) {
    const double one[2] = {1, 0}, of[2] = {2, 0}, same[2] = {3, 6}, bases[2] = {1, 2}, less[2] = {1, -2},
                 bad[2] = {NAN, 1};
    PlInference in;
    PlInferenceOptions level = two_sided_95;
    cr_assert(eq(int, (int)pl_cluster_ratio((PlClusteredRatio){one, of}, 2, &two_sided_95, &in), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_cluster_ratio((PlClusteredRatio){same, bases}, 2, &two_sided_95, &in),
                 PL_NO_VARIANCE));
    cr_assert(eq(int, (int)pl_cluster_ratio((PlClusteredRatio){same, less}, 2, &two_sided_95, &in),
                 PL_NOT_POSITIVE));
    cr_assert(
        eq(int, (int)pl_cluster_ratio((PlClusteredRatio){bad, bases}, 2, &two_sided_95, &in), PL_NOT_FINITE));
    level.conf_level = 1;
    cr_assert(
        eq(int, (int)pl_cluster_ratio((PlClusteredRatio){same, bases}, 2, &level, &in), PL_BAD_ARGUMENT));
    cr_assert(eq(int,
                 (int)pl_cluster_ratio_difference((PlClusteredRatio){same, bases},
                                                  (PlClusteredRatio){one, of}, 2, &two_sided_95, &in),
                 PL_TOO_FEW));
}
