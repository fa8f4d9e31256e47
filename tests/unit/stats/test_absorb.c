/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel.h"

enum { ROWS = 60, FIVE = 0, FOUR, SIX, PARTS, HALVES, IN_FIVE, N_SETS };
static const size_t n_levels_of[] = {5, 4, 6, 6, 4, 3};

static size_t level_of(int set, size_t r) {
    const size_t five = (r * 3 + r / 4 + r * r % 7) % 5;
    const size_t all[] = {
        five, r / 3 % 4, r * 7 / 5 % 6, r % 20 / 10 * 3 + r * 5 % 3, r % 20 / 10 * 2 + r / 7 % 2, five / 2};
    return all[set];
}

static void fill(size_t level[N_SETS][ROWS], double *y) {
    for (size_t r = 0; r < ROWS; r++) {
        y[r] = (double)(r * 37 % 101) / 7;
        for (int s = 0; s < N_SETS; s++)
            level[s][r] = level_of(s, r);
    }
}

static PlStatus absorb(const int *which, size_t n, size_t level[N_SETS][ROWS], double *y, size_t *rank) {
    PlVariable sets[4];
    PlArena arena = {0};
    for (size_t s = 0; s < n; s++)
        sets[s] = levels("set", level[which[s]], n_levels_of[which[s]], NULL);
    PlStatus status = pl_absorb(sets, n, ROWS, &y, 1, &arena, rank);
    cr_assert(eq(sz, arena.taken, 0));
    pl_arena_clear(&arena);
    return status;
}

/* tests/reference/stats/absorb.py: dense least squares. */
static const struct {
    size_t n;
    int sets[4];
    size_t rank;
    double residual[3]; /* of rows 0, 17 and 59 */
} cases[] = {
    {1, {FIVE}, 5, {-8.4166666666666714, -1.9571428571428555, 1.7857142857142856}},
    {2, {FIVE, FOUR}, 8, {-7.8211103185081354, -0.65747570424939372, 1.5056684976335823}},
    {2, {FOUR, SIX}, 9, {-5.9730158730158802, -3.4746031746031703, 2.6111111111111143}},
    {2, {PARTS, HALVES}, 8, {-5.7931506849315131, -4.0523809523809584, 1.5190476190476137}},
    {2, {FIVE, IN_FIVE}, 5, {-8.4166666666666679, -1.9571428571428546, 1.7857142857142874}},
    {3, {FIVE, FOUR, SIX}, 13, {-6.5781372024466505, -0.93558586601983684, 2.074862384682123}},
    {3, {PARTS, HALVES, FOUR}, 11, {-5.9355720299279433, -3.6022054775636425, 2.1682217833372093}},
    {3, {FIVE, IN_FIVE, SIX}, 10, {-7.2402994707314168, -2.0310111775331423, 2.3644254071087731}},
    {4, {SIX, FIVE, FOUR, PARTS}, 18, {-5.6460252666992643, -0.83151925498886392, 1.8743180852395032}},
};

Test(stats_absorb, dense_least_squares) {
    size_t level[N_SETS][ROWS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double y[ROWS];
        size_t rank = 0;
        fill(level, y);
        cr_assert(eq(int, (int)absorb(cases[i].sets, cases[i].n, level, y, &rank), PL_OK));
        cr_expect(eq(sz, rank, cases[i].rank), "case %zu", i);
        const size_t at[] = {0, 17, 59};
        for (size_t k = 0; k < 3; k++)
            cr_expect(near(y[at[k]], cases[i].residual[k], 1e-12), "case %zu: %.17g", i, y[at[k]]);
    }
}

Test(stats_absorb, no_set_changes_nothing) {
    size_t level[N_SETS][ROWS], rank = 9;
    double y[ROWS], before[ROWS];
    fill(level, y);
    memcpy(before, y, sizeof y);
    cr_assert(eq(int, (int)absorb(NULL, 0, level, y, &rank), PL_OK));
    cr_assert(rank == 0 && memcmp(before, y, sizeof y) == 0);
}

Test(stats_absorb, magnitudes_and_offsets) {
    size_t level[N_SETS][ROWS], rank;
    const int which[] = {FIVE, FOUR, SIX};
    for (size_t n = 1; n <= 3; n++) {
        double y[ROWS], other[ROWS];
        fill(level, y);
        absorb(which, n, level, y, &rank);
        const double scale[] = {1e-300, 1e300, 1e-150, 7, 1};
        for (size_t s = 0; s < 5; s++) {
            fill(level, other);
            for (size_t r = 0; r < ROWS; r++)
                other[r] = other[r] * scale[s] + (s == 4 ? 1e9 : 0);
            cr_assert(eq(int, (int)absorb(which, n, level, other, &rank), PL_OK));
            for (size_t r = 0; r < ROWS; r++)
                cr_expect(epsilon_eq(dbl, other[r] / scale[s], y[r], s == 4 ? 1e-5 : 1e-11), "%zu %zu", n, s);
        }
    }
}

Test(stats_absorb, the_order_of_rows_and_sets_does_not_matter) {
    size_t level[N_SETS][ROWS], turned[N_SETS][ROWS], rank, rank2;
    double y[ROWS], z[ROWS];
    const int which[] = {FIVE, SIX, FOUR}, back[] = {FOUR, SIX, FIVE};
    for (size_t n = 2; n <= 3; n++) {
        fill(level, y);
        for (size_t r = 0; r < ROWS; r++) {
            z[r] = y[ROWS - 1 - r];
            for (int s = 0; s < N_SETS; s++)
                turned[s][r] = level[s][ROWS - 1 - r];
        }
        absorb(which, n, level, y, &rank);
        absorb(back + 3 - n, n, turned, z, &rank2);
        cr_assert(eq(sz, rank, rank2));
        for (size_t r = 0; r < ROWS; r++)
            cr_expect(epsilon_eq(dbl, z[ROWS - 1 - r], y[r], 1e-12));
    }
}

/* A path of levels, each joined to the next by one row: the slowest graph there is. */
Test(stats_absorb, a_path_converges) {
    enum { N = 2000 };
    static size_t a[2 * N], b[2 * N];
    static double y[2 * N];
    size_t n = 2 * N - 1, rank = 0;
    for (size_t r = 0; r < n; r++) {
        a[r] = (r + 1) / 2 < N ? (r + 1) / 2 : N - 1;
        b[r] = r / 2;
        y[r] = (double)(r * 37 % 101);
    }
    PlVariable sets[] = {levels("a", a, N, NULL), levels("b", b, N, NULL)};
    PlArena arena = {0};
    double *columns[] = {y};
    cr_assert(eq(int, (int)pl_absorb(sets, 2, n, columns, 1, &arena, &rank), PL_OK));
    cr_assert(eq(sz, rank, n)); /* a tree: every row is fitted */
    for (size_t r = 0; r < n; r++)
        cr_assert(fabs(y[r]) < 1e-7, "%zu: %g", r, y[r]);
    pl_arena_clear(&arena);
}

/* What the effects explain comes out as noise, for any table of two and three sets. */
Test(stats_absorb, explained_columns_are_noise) {
    PlRng rng = pl_rng_stream(2, 9);
    for (int run = 0; run < 500; run++) {
        size_t of[3][200], n_levels[3], n = 20 + pl_rng_next(&rng) % 180, n_sets = 2 + pl_rng_next(&rng) % 2;
        double y[200], size = 0, *columns[] = {y};
        for (size_t s = 0; s < 3; s++) {
            n_levels[s] = 2 + pl_rng_next(&rng) % 8;
            for (size_t r = 0; r < n; r++)
                of[s][r] = r < n_levels[s] ? r : pl_rng_next(&rng) % n_levels[s];
        }
        for (size_t r = 0; r < n; r++) {
            y[r] = (double)of[0][r] / 3 - (double)(of[1][r] * of[1][r]) / 7 +
                   (double)(of[2][r] * (n_sets == 3)) / 9;
            size = fmax(size, fabs(y[r]));
        }
        PlVariable sets[3];
        for (size_t s = 0; s < 3; s++)
            sets[s] = levels("set", of[s], n_levels[s], NULL);
        PlArena arena = {0};
        cr_assert(eq(int, (int)pl_absorb(sets, n_sets, n, columns, 1, &arena, NULL), PL_OK), "run %d", run);
        for (size_t r = 0; r < n; r++)
            cr_assert(fabs(y[r]) <= 1e-11 * size, "run %d: %g of %g", run, y[r], size);
        pl_arena_clear(&arena);
    }
}

/* Prices with an offset and gaps in the panel: down at the rounding, the constant that the effects of the two
 * sets share must not run away. */
Test(stats_absorb, gaps_and_an_offset_converge) {
    enum { STORES = 12, WEEKS = 15, PRODUCTS = 3 };
    static size_t store[STORES * WEEKS * PRODUCTS], week[STORES * WEEKS * PRODUCTS];
    static double price[STORES * WEEKS * PRODUCTS];
    for (uint64_t seed = 1; seed <= 500; seed++) {
        uint64_t state = seed;
        size_t n = 0;
        for (size_t cell = 0; cell < STORES * WEEKS; cell++) {
            uint32_t draw[2];
            for (int d = 0; d < 2; d++)
                draw[d] = (uint32_t)((state = state * 6364136223846793005U + 1442695040888963407U) >> 40);
            for (size_t j = 0; draw[0] > 0.04 * 16777216 && j < PRODUCTS; j++) {
                store[n] = cell / WEEKS;
                week[n] = cell % WEEKS;
                price[n++] = draw[1] / 16777216.0 * .2 - 3;
            }
        }
        PlVariable sets[] = {levels("store", store, STORES, NULL), levels("week", week, WEEKS, NULL)};
        PlArena arena = {0};
        double *columns[] = {price}, by_store[STORES] = {0}, by_week[WEEKS] = {0};
        cr_assert(eq(int, (int)pl_absorb(sets, 2, n, columns, 1, &arena, NULL), PL_OK), "seed %d", (int)seed);
        for (size_t r = 0; r < n; r++) {
            by_store[store[r]] += price[r];
            by_week[week[r]] += price[r];
        }
        for (size_t i = 0; i < STORES; i++)
            cr_assert(fabs(by_store[i]) < 1e-13 && fabs(by_week[i]) < 1e-13, "seed %d", (int)seed);
        pl_arena_clear(&arena);
    }
}

Test(stats_absorb, refusals) {
    size_t level[N_SETS][ROWS], rank;
    const int which[] = {FIVE, FOUR, SIX};
    for (size_t n = 1; n <= 3; n++) {
        const double bad[] = {NAN, INFINITY, -INFINITY};
        for (size_t i = 0; i < 3; i++) {
            double y[ROWS];
            fill(level, y);
            y[7] = bad[i];
            cr_assert(eq(int, (int)absorb(which, n, level, y, &rank), PL_NOT_FINITE));
        }
    }
    PlArena tight = {.limit = 64};
    double y[ROWS], *columns[] = {y};
    fill(level, y);
    for (size_t n = 1; n <= 3; n++) {
        PlVariable sets[3];
        for (size_t s = 0; s < n; s++)
            sets[s] = levels("set", level[which[s]], n_levels_of[which[s]], NULL);
        cr_assert(eq(int, (int)pl_absorb(sets, n, ROWS, columns, 1, &tight, &rank), PL_NO_MEMORY));
        cr_assert(eq(int, (int)pl_absorb(sets, n, 0, columns, 1, &tight, &rank), PL_TOO_FEW));
    }
    pl_arena_clear(&tight);
}
