/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/order.h"

#include "run.h"

/* Few distinct values, many, ascending, descending, all equal. */
static double value_of(int kind, size_t i, size_t n, PlRng *rng) {
    switch (kind) {
    case 0:
        return floor(5 * pl_rng_uniform(rng));
    case 1:
        return normal_draw(rng);
    case 2:
        return (double)i;
    case 3:
        return (double)(n - i);
    default:
        return 3;
    }
}

Test(stats_order, selection_agrees_with_sorting_and_partitions) {
    PlRng rng = pl_rng_stream(1, 0);
    for (int kind = 0; kind < 5; kind++)
        for (size_t n = 1; n <= 40; n++)
            for (size_t k = 0; k < n; k++) {
                double x[40], sorted[40];
                for (size_t i = 0; i < n; i++)
                    sorted[i] = x[i] = value_of(kind, i, n, &rng);
                pl_sort(sorted, n);
                cr_assert(pl_select(x, n, k) == sorted[k], "kind %d, n %zu, k %zu", kind, n, k);
                for (size_t i = 0; i < n; i++)
                    cr_assert(i < k ? x[i] <= x[k] : x[i] >= x[k], "not partitioned at %zu", i);
            }
}

/* Long enough for selection to start from samples. */
Test(stats_order, long_selection_agrees_with_sorting) {
    enum { LONG = 20000 };
    static double x[LONG], values[LONG], sorted[LONG];
    PlRng rng = pl_rng_stream(2, 0);
    for (int kind = 0; kind < 5; kind++) {
        for (size_t i = 0; i < LONG; i++)
            sorted[i] = values[i] = value_of(kind, i, LONG, &rng);
        pl_sort(sorted, LONG);
        const size_t ranks[] = {0, 1, 499, 9999, 10000, 19500, LONG - 1};
        for (size_t r = 0; r < sizeof ranks / sizeof *ranks; r++) {
            memcpy(x, values, sizeof x);
            cr_assert(pl_select(x, LONG, ranks[r]) == sorted[ranks[r]], "kind %d, k %zu", kind, ranks[r]);
            for (size_t i = 0; i < LONG; i++)
                cr_assert(i < ranks[r] ? x[i] <= x[ranks[r]] : x[i] >= x[ranks[r]], "not partitioned at %zu",
                          i);
        }
    }
}

Test(stats_order, sorting_is_ascending_and_keeps_the_values) {
    double x[] = {3, -1, 3, 0, -7.5, 12}, expected[] = {-7.5, -1, 0, 3, 3, 12};
    pl_sort(x, 6);
    for (size_t i = 0; i < 6; i++)
        cr_assert(eq(dbl, x[i], expected[i]));
}

Test(stats_order, selection_takes_infinities) {
    double x[] = {INFINITY, 1, -INFINITY, INFINITY};
    cr_assert(eq(dbl, pl_select(x, 4, 0), -INFINITY));
    cr_assert(eq(dbl, pl_select(x, 4, 1), 1));
    cr_assert(eq(dbl, pl_select(x, 4, 3), INFINITY));
}
