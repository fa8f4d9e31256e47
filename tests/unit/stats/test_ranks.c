/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/ranks.h"

#include "run.h"

static void must_rank(const double *x, size_t n, const size_t *rank2, size_t n_tied) {
    PlArena arena = {0};
    PlRanks ranks;
    cr_assert(eq(int, (int)pl_ranks(x, n, &arena, &ranks), PL_OK));
    for (size_t i = 0; i < n; i++)
        cr_expect(eq(sz, ranks.rank2[i], rank2[i]), "%zu", i);
    cr_expect(eq(sz, ranks.n_tied, n_tied));
    pl_arena_clear(&arena);
}

/* R: 2 * rank(c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5)). */
Test(stats_ranks, midranks_of_r) {
    const double x[11] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    must_rank(x, 11, (const size_t[]){9, 3, 12, 3, 16, 22, 6, 20, 16, 9, 16}, 7);
    PlArena arena = {0};
    PlRanks ranks;
    cr_assert(eq(int, (int)pl_ranks(x, 11, &arena, &ranks), PL_OK));
    cr_expect(eq(dbl, ranks.ties, 6 + 6 + 24));
    pl_arena_clear(&arena);
}

Test(stats_ranks, computed_decimals_tie_as_the_written_ones_do) {
    must_rank((const double[]){.1 + .2, .3, .3, 13.2 - 14, -.8}, 5, (const size_t[]){8, 8, 8, 3, 3}, 5);
    must_rank((const double[]){.1 + .2 - .3, 0, 1, 2}, 4, (const size_t[]){3, 3, 6, 8}, 2);
}

Test(stats_ranks, written_decimals_never_tie_unless_equal) {
    must_rank((const double[]){1e12 + .4, 1e12 + .5, 1e12 + .6}, 3, (const size_t[]){2, 4, 6}, 0);
    must_rank((const double[]){1e-15, 2e-15, 0}, 3, (const size_t[]){4, 6, 2}, 0);
}

Test(stats_ranks, one_huge_or_tiny_value_ties_nothing) {
    must_rank((const double[]){1e300, 3, 1.0 / 3, 2, -1e300}, 5, (const size_t[]){10, 8, 4, 6, 2}, 0);
    must_rank((const double[]){1e-310, 3e-310, 2e-310}, 3, (const size_t[]){2, 6, 4}, 0);
}

Test(stats_ranks, what_is_refused) {
    PlArena arena = {0}, tiny = {.limit = 1};
    PlRanks ranks;
    cr_expect(eq(int, (int)pl_ranks((const double[]){1, NAN}, 2, &arena, &ranks), PL_NOT_FINITE));
    cr_expect(eq(int, (int)pl_ranks((const double[]){1, -INFINITY}, 2, &arena, &ranks), PL_NOT_FINITE));
    cr_expect(eq(int, (int)pl_ranks((const double[]){1.7e308, -1.7e308}, 2, &arena, &ranks), PL_NOT_FINITE));
    cr_expect(eq(int, (int)pl_ranks((const double[]){.3, .1 + .2}, 2, &arena, &ranks), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)pl_ranks((const double[]){7}, 1, &arena, &ranks), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)pl_ranks((const double[]){1, 2}, 2, &tiny, &ranks), PL_NO_MEMORY));
    pl_arena_clear(&arena);
    pl_arena_clear(&tiny);
}
