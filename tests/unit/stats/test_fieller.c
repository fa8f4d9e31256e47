/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/fieller.h"
#include "pairlift/stats/student.h"

#include "run.h"

/* References: tests/reference/stats/fieller.R. */
static const double a7[] = {0.31, 0.12, 0.44, 0.27, 0.38, 0.05, 0.21},
                    b7[] = {-0.11, -0.06, -0.13, -0.12, -0.09, -0.04, -0.1};
static const bool treated7[] = {true, true, true, true, false, false, false};
static const size_t one_block[7] = {0}, two_blocks[] = {0, 0, 1, 1, 0, 1, 1};

static PlStatus contrasts(const double *a, const double *b, const bool *treated, const size_t *block,
                          size_t n, size_t n_blocks, PlJointMeans *out) {
    PlArena arena = {0};
    PlBlocks blocks = {treated, block, n, n_blocks};
    PlStatus status = pl_joint_contrasts(a, b, &blocks, &arena, out);
    pl_arena_clear(&arena);
    return status;
}

Test(stats_fieller, textbook_interval) {
    PlJointMeans m = {.a = 120, .b = 100, .var_a = 25, .var_b = 16, .cov = 5};
    PlFieller f;
    cr_assert(eq(int, (int)pl_fieller(&m, 2, &f), PL_OK));
    cr_assert(epsilon_eq(dbl, f.ratio, 1.2, 1e-15));
    cr_assert(epsilon_eq(dbl, f.low, 1.085128, 5e-7));
    cr_assert(epsilon_eq(dbl, f.high, 1.326305, 5e-7));
    /* the delta method's interval is the ratio and twice this error */
    cr_assert(epsilon_eq(dbl, f.ratio - 2 * f.std_error, 1.079933, 5e-7));
    cr_assert(epsilon_eq(dbl, f.g, 4 * 16 / 1e4, 1e-15));
}

Test(stats_fieller, pairs_as_in_r) {
    PlJointMeans m;
    PlFieller f;
    cr_assert(eq(int, (int)pl_joint_means(a7, b7, 7, &m), PL_OK));
    cr_assert(near(m.a, 0.254285714285714, 1e-14));
    cr_assert(near(m.b, -0.0928571428571429, 1e-14));
    cr_assert(near(m.var_a, 0.0027469387755102, 1e-13));
    cr_assert(near(m.var_b, 0.000151020408163265, 1e-13));
    cr_assert(near(m.cov, -0.000543197278911565, 1e-13));
    cr_assert(eq(int, (int)pl_fieller(&m, pl_student_quantile(.025, m.df), &f), PL_OK));
    cr_assert(near(f.low, -3.48152765522874, 1e-9));
    cr_assert(near(f.high, -1.79427012954179, 1e-9));
}

Test(stats_fieller, groups_as_in_r) {
    PlJointMeans m;
    cr_assert(eq(int, (int)contrasts(a7, b7, treated7, one_block, 7, 1, &m), PL_OK));
    cr_assert(near(m.a, 0.0716666666666667, 1e-13));
    cr_assert(near(m.var_a, 0.0134194444444444, 1e-13));
    cr_assert(near(m.df_a, 3.79227653802625, 1e-12));
    cr_assert(near(m.var_b, 0.000586111111111111, 1e-12));
    cr_assert(near(m.df_b, 4.36010185094506, 1e-12));
    double ratio = m.a / m.b;
    cr_assert(near(m.var_a - 2 * ratio * m.cov + ratio * ratio * m.var_b, 0.00559025374855825, 1e-11));
    cr_assert(near(m.df, 3.05207674267906, 1e-10));
}

Test(stats_fieller, blocks_as_in_r) {
    PlJointMeans m;
    cr_assert(eq(int, (int)contrasts(a7, b7, treated7, two_blocks, 7, 2, &m), PL_OK));
    cr_assert(near(m.a, 0.03, 1e-12));
    cr_assert(near(m.var_a, 0.0088625, 1e-12));
    cr_assert(near(m.b, -0.025, 1e-12));
    cr_assert(near(m.var_b, 0.0008375, 1e-12));
}

/* Blocks without one of the sides say nothing, and are left out. */
Test(stats_fieller, a_block_without_controls_takes_no_part) {
    const size_t block[] = {0, 0, 0, 1, 0, 0, 0};
    PlJointMeans whole, part;
    const double a[] = {0.31, 0.12, 0.44, 0.38, 0.05, 0.21}, b[] = {-.11, -.06, -.13, -.09, -.04, -.1};
    const bool treated[] = {true, true, true, false, false, false};
    cr_assert(eq(int, (int)contrasts(a7, b7, treated7, block, 7, 2, &whole), PL_OK));
    cr_assert(eq(int, (int)contrasts(a, b, treated, one_block, 6, 1, &part), PL_OK));
    cr_assert(near(whole.a, part.a, 1e-14));
    cr_assert(near(whole.var_a, part.var_a, 1e-14));
    cr_assert(near(whole.df, part.df, 1e-12));
}

/* A known denominator: the ratio's interval is the numerator's, divided. */
Test(stats_fieller, denominator_without_variance) {
    const double b[] = {-.1, -.1, -.1, -.1, -.1, -.1, -.1};
    PlJointMeans m;
    PlFieller f;
    cr_assert(eq(int, (int)pl_joint_means(a7, b, 7, &m), PL_OK));
    cr_assert(eq(dbl, m.var_b, 0));
    cr_assert(eq(int, (int)pl_fieller(&m, 2, &f), PL_OK));
    cr_assert(near(f.low, (m.a + 2 * sqrt(m.var_a)) / -.1, 1e-12));
    cr_assert(near(f.high, (m.a - 2 * sqrt(m.var_a)) / -.1, 1e-12));
}

Test(stats_fieller, unbounded_from_g_one_on) {
    PlJointMeans m = {.a = 1, .b = 2, .var_a = 1, .var_b = 1, .cov = 0};
    PlFieller f;
    cr_assert(eq(int, (int)pl_fieller(&m, 2, &f), PL_UNBOUNDED));
    cr_assert(eq(dbl, f.ratio, .5));
    cr_assert(eq(dbl, f.g, 1));
    cr_assert(isinf(f.low) && isinf(f.high));
    cr_assert(eq(int, (int)pl_fieller(&m, 1.999, &f), PL_OK));
    m.b = 0;
    cr_assert(eq(int, (int)pl_fieller(&m, 2, &f), PL_UNBOUNDED));
    cr_assert(isnan(f.ratio));
}

Test(stats_fieller, refuses) {
    const double holes[] = {.1, NAN};
    const bool none[7] = {false}, two[] = {true, false};
    PlJointMeans m = {.a = NAN};
    PlFieller f;
    cr_assert(eq(int, (int)pl_fieller(&m, 2, &f), PL_NOT_FINITE));
    m = (PlJointMeans){.a = 1e300, .b = 1e-300, .var_a = 1, .var_b = 0};
    cr_assert(eq(int, (int)pl_fieller(&m, 2, &f), PL_NOT_FINITE));
    cr_assert(eq(int, (int)pl_joint_means(a7, b7, 1, &m), PL_TOO_FEW));
    cr_assert(eq(dbl, m.a, a7[0]));
    cr_assert(isnan(m.var_a));
    cr_assert(eq(int, (int)pl_joint_means(holes, b7, 2, &m), PL_NOT_FINITE));
    cr_assert(eq(int, (int)contrasts(a7, b7, none, one_block, 7, 1, &m), PL_NO_TREATED));
    cr_assert(eq(int, (int)contrasts(holes, b7, two, one_block, 2, 1, &m), PL_NOT_FINITE));
    cr_assert(eq(int, (int)contrasts(a7, b7, two, one_block, 2, 1, &m), PL_TOO_FEW));
    cr_assert(near(m.a, a7[0] - a7[1], 1e-14));
    PlArena small = {.limit = 8};
    PlBlocks blocks = {treated7, one_block, 7, 1};
    cr_assert(eq(int, (int)pl_joint_contrasts(a7, b7, &blocks, &small, &m), PL_NO_MEMORY));
    pl_arena_clear(&small);
}
