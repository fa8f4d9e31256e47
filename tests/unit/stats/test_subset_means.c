/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/subset_means.h"

#include "pairlift/stats/order.h"
#include "run.h"

enum { N_LISTED = 12 };

static double magnitude(const double *d, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fabs(d[i]);
    return sum;
}

/* All 2^n - 1 means, ascending. */
static size_t list_means(const double *d, size_t n, double *means) {
    size_t count = 0;
    for (uint32_t set = 1; set < (uint32_t)1 << n; set++) {
        double sum = 0, size = 0;
        for (size_t i = 0; i < n; i++)
            if (set >> i & 1) {
                sum += d[i];
                size++;
            }
        means[count++] = sum / size;
    }
    pl_sort(means, count);
    return count;
}

static void fill(double *d, size_t n, int kind, PlRng *rng) {
    for (size_t i = 0; i < n; i++)
        d[i] = kind == 0   ? normal_draw(rng)
               : kind == 1 ? round(2 * normal_draw(rng))
                           : exp(3 * normal_draw(rng));
}

Test(stats_subset_means, every_rank_agrees_with_the_list) {
    PlRng rng = pl_rng_stream(3, 0);
    static double means[1 << N_LISTED];
    for (size_t n = 1; n <= N_LISTED; n++)
        for (int kind = 0; kind < 3; kind++) {
            double d[N_LISTED], *work = malloc(pl_subset_work(n) * sizeof *work);
            fill(d, n, kind, &rng);
            double tolerance = 1e-12 * magnitude(d, n);
            size_t count = list_means(d, n, means);
            for (size_t k = 1; k <= count; k += 1 + count / 97) {
                double mean = NAN;
                PlStatus status = pl_subset_mean_kth(d, n, k, tolerance, work, &mean);
                cr_assert(eq(int, (int)status, PL_OK));
                cr_assert(fabs(mean - means[k - 1]) <= 2 * tolerance, "n %zu kind %d k %zu: %.17g, not %.17g",
                          n, kind, k, mean, means[k - 1]);
            }
            free(work);
        }
}

Test(stats_subset_means, counts_agree_with_the_list) {
    PlRng rng = pl_rng_stream(4, 0);
    for (size_t n = 1; n <= N_LISTED; n++)
        for (int kind = 0; kind < 3; kind++) {
            double d[N_LISTED], *work = malloc(pl_subset_work(n) * sizeof *work);
            fill(d, n, kind, &rng);
            double centre = kind == 1 ? .5 : normal_draw(&rng), tolerance = 1e-12 * magnitude(d, n);
            uint64_t below = 0, up_to = 0;
            for (uint32_t set = 0; set < (uint32_t)1 << n; set++) {
                double sum = 0;
                for (size_t i = 0; i < n; i++)
                    sum += set >> i & 1 ? d[i] - centre : 0;
                below += sum < -tolerance;
                up_to += sum <= tolerance;
            }
            PlSubsetCount count = pl_subset_count(d, n, centre, tolerance, work);
            cr_assert(eq(u64, count.below, below));
            cr_assert(eq(u64, count.up_to, up_to));
            free(work);
        }
}

/* Too many to list: the k-th mean is the one with fewer than k below it and at least k up to it. At both
 * kinds of data, with and without massive ties, and at ranks from the first to the last. */
Test(stats_subset_means, ranks_beyond_listing_are_the_counts_inverse) {
    PlRng rng = pl_rng_stream(5, 0);
    for (size_t n = 13; n <= 30; n += 3)
        for (int kind = 0; kind < 3; kind++) {
            double d[PL_SUBSET_MAX_N], *work = malloc(pl_subset_work(n) * sizeof *work);
            fill(d, n, kind, &rng);
            double tolerance = 1e-12 * magnitude(d, n), all = ldexp(1, (int)n);
            const double ranks[] = {1,
                                    2,
                                    17,
                                    floor(all * 1e-4) + 1,
                                    floor(all * .025),
                                    floor(all * .4),
                                    floor(all * .975),
                                    all - 17,
                                    all - 1};
            for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
                double mean = NAN;
                uint64_t k = (uint64_t)ranks[i];
                cr_assert(eq(int, (int)pl_subset_mean_kth(d, n, k, tolerance, work, &mean), PL_OK));
                PlSubsetCount count = pl_subset_count(d, n, mean, tolerance, work);
                cr_assert(count.below < k && k <= count.up_to - 1, "n %zu kind %d k %g: %.17g", n, kind,
                          ranks[i], mean);
            }
            free(work);
        }
}

Test(stats_subset_means, equal_numbers_have_one_mean) {
    double d[25], mean = 0, *work = malloc(pl_subset_work(25) * sizeof *work);
    for (size_t i = 0; i < 25; i++)
        d[i] = -3.7;
    for (uint64_t k = 1; k < (uint64_t)1 << 25; k = 5 * k + 1) {
        cr_assert(eq(int, (int)pl_subset_mean_kth(d, 25, k, 1e-10, work, &mean), PL_OK));
        cr_assert(epsilon_eq(dbl, mean, -3.7, 1e-12));
    }
    free(work);
}
