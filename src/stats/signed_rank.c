/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/paired.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* Everything that decides about ties is whole numbers. The differences are rounded to a decimal grid of
 * twelve digits below the largest, which undoes the noise of subtractions like 13.2 - 14 (PL_TIE_TOLERANCE),
 * and are kept as multiples of the grid; their pairwise sums, twice the Walsh averages, are then exact. Ranks
 * are kept doubled, so that midranks are whole too. */
enum { GRID_DIGITS = 12 };

/* Up to here the null distribution is counted out, in O(n^3) time: about 0.1 s at 1000 on a present machine,
 * and 2^-1000 is still a normal number. Beyond, the normal approximation is good to four digits. */
enum { EXACT_UP_TO = 1000 };

/* Powers of ten beyond this overflow; differences below about 1e-288 then lose digits of the grid. */
enum { EXPONENT_MAX = 300 };

typedef struct {
    double *r; /* the non-zero differences in steps of the grid, ascending */
    size_t m, n_tied;
    int exponent;      /* r = d 10^exponent */
    double *rank2;     /* twice the midranks of |r|, ascending */
    double statistic2; /* twice the sum of the positive differences' ranks */
} Ranked;

/* The null distribution of twice the statistic, on multiples of `step` up to last * step. */
typedef struct {
    double step, last;
    double *cumulative; /* its lower half; NULL: normal approximation */
    double mean2, sd2;
} Null;

static double from_grid(const Ranked *ranked, double x) {
    double power = pow(10, abs(ranked->exponent));
    return ranked->exponent >= 0 ? x / power : x * power;
}

static void round_to_grid(const double *d, size_t n, Ranked *ranked) {
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(d[i]));
    if (largest > 0)
        ranked->exponent = GRID_DIGITS - (int)ceil(log10(largest));
    if (ranked->exponent > EXPONENT_MAX)
        ranked->exponent = EXPONENT_MAX;
    double power = pow(10, abs(ranked->exponent));
    for (size_t i = 0; i < n; i++) {
        double r = nearbyint(ranked->exponent >= 0 ? d[i] * power : d[i] / power);
        if (r != 0)
            ranked->r[ranked->m++] = r;
    }
    pl_sort(ranked->r, ranked->m);
}

/* Goes through |r| in ascending order, from the middle of the sorted r outwards on both sides. */
static void rank_magnitudes(Ranked *ranked) {
    const double *r = ranked->r;
    size_t m = ranked->m, positive = 0;
    while (positive < m && r[positive] < 0)
        positive++;
    size_t negative = positive, done = 0; /* r[negative - 1] and r[positive] come next */
    while (done < m) {
        double left = negative > 0 ? -r[negative - 1] : INFINITY,
               right = positive < m ? r[positive] : INFINITY;
        double magnitude = fmin(left, right);
        size_t first_positive = positive, start = done;
        for (; negative > 0 && -r[negative - 1] == magnitude; negative--)
            done++;
        for (; positive < m && r[positive] == magnitude; positive++)
            done++;
        double midrank2 = (double)(start + done + 1);
        for (size_t i = start; i < done; i++)
            ranked->rank2[i] = midrank2;
        ranked->statistic2 += midrank2 * (double)(positive - first_positive);
        ranked->n_tied += done - start > 1 ? done - start : 0;
    }
}

/* Each rank is counted in or out with probability 1/2. Only the lower half is kept; the distribution is
 * symmetric, also under ties. */
static void count_out(const Ranked *ranked, Null *null) {
    double *p = null->cumulative;
    size_t half = (size_t)null->last / 2, reach = 0;
    p[0] = 1;
    for (size_t s = 1; s <= half; s++)
        p[s] = 0;
    for (size_t i = 0; i < ranked->m; i++) {
        size_t rank = (size_t)(ranked->rank2[i] / null->step);
        reach = reach + rank < half ? reach + rank : half;
        for (size_t s = reach; s >= rank; s--)
            p[s] = (p[s] + p[s - rank]) / 2;
        for (size_t s = 0; s < rank && s <= reach; s++)
            p[s] /= 2;
    }
    for (size_t s = 1; s <= half; s++)
        p[s] += p[s - 1];
}

static Null null_distribution(const Ranked *ranked) {
    double m = (double)ranked->m, squares = 0;
    bool odd = false;
    for (size_t i = 0; i < ranked->m; i++) {
        squares += ranked->rank2[i] * ranked->rank2[i];
        odd = odd || fmod(ranked->rank2[i], 2) != 0;
    }
    Null null = {.step = odd ? 1 : 2, .mean2 = m * (m + 1) / 2, .sd2 = sqrt(squares) / 2};
    null.last = m * (m + 1) / null.step;
    return null;
}

/* P(twice the statistic <= s step). */
static double lower_tail(const Null *null, double s) {
    if (s < 0)
        return 0;
    if (s >= null->last)
        return 1;
    if (!null->cumulative) /* continuity: half a rank, one of the doubled scale */
        return gsl_cdf_ugaussian_P((s * null->step + 1 - null->mean2) / null->sd2);
    double half = floor(null->last / 2);
    return s <= half ? null->cumulative[(size_t)s] : 1 - null->cumulative[(size_t)(null->last - s - 1)];
}

/* The largest s with lower_tail(s) <= level, -1 when there is none. */
static double critical_value(const Null *null, double level) {
    double low = -1, high = null->last;
    while (low < high) {
        double middle = floor((low + high + 1) / 2);
        if (lower_tail(null, middle) <= level)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* How many of the sums r_i + r_j, i <= j, are at most `bound`. */
static double sums_up_to(const Ranked *ranked, double bound) {
    double count = 0;
    size_t end = ranked->m;
    for (size_t i = 0; i < end; i++) {
        while (end > i && ranked->r[i] + ranked->r[end - 1] > bound)
            end--;
        count += (double)(end - i);
    }
    return count;
}

/* The k-th smallest (from 1) Walsh average. Sums of grid steps are whole numbers, so that bisecting between
 * the smallest and the largest ends at the sum itself: O(n log(range)) and no list of n^2 averages. */
static double walsh_average(const Ranked *ranked, double k) {
    double low = 2 * ranked->r[0], high = 2 * ranked->r[ranked->m - 1];
    while (low < high) {
        double middle = floor((low + high) / 2);
        if (sums_up_to(ranked, middle) >= k)
            high = middle;
        else
            low = middle + 1;
    }
    return from_grid(ranked, low / 2);
}

static double pseudomedian(const Ranked *ranked) {
    double m = (double)ranked->m, n_walsh = m * (m + 1) / 2;
    return walsh_average(ranked, floor((n_walsh + 1) / 2)) / 2 +
           walsh_average(ranked, floor(n_walsh / 2) + 1) / 2;
}

static PlStatus start(Ranked *ranked, size_t n, PlArena *arena) {
    ranked->r = pl_arena_doubles(arena, n);
    ranked->rank2 = pl_arena_doubles(arena, n);
    return ranked->r && ranked->rank2 ? PL_OK : PL_NO_MEMORY;
}

/* The estimate of pl_signed_rank. */
PlStatus pl_point_pseudomedian(const double *d, size_t n, PlArena *arena, double *estimate) {
    Ranked ranked = {0};
    if (n < 1)
        return PL_TOO_FEW;
    PlStatus status = start(&ranked, n, arena);
    if (status != PL_OK)
        return status;
    round_to_grid(d, n, &ranked);
    *estimate = ranked.m ? pseudomedian(&ranked) : 0;
    return PL_OK;
}

/* Wilcoxon's signed-rank test. Estimates the pseudomedian, the median of the Walsh averages (d_i + d_j) / 2,
 * i <= j (Hodges and Lehmann), in the unit of d; the statistic is V, the sum of the ranks of the positive
 * differences. Zeros are left out of the whole procedure (Wilcoxon's rule) and counted in n_dropped; tied |d|
 * get midranks and are counted in n_tied; both after rounding to twelve digits of the largest |d|.
 *
 * p is exact, conditional on the ranks that occurred, up to 1000 non-zero differences; beyond, the normal
 * approximation with corrections for ties and continuity. The interval holds the effects e whose statistic,
 * the number of Walsh averages above e with half of those equal to e, the same distribution does not reject.
 * Its ends are Walsh averages. Where 0 is itself the end of an open set, the end is half a step of the grid
 * beside it. Too few differences for the level, m < 6 at two-sided 95 %, give infinite limits.
 * Assumes independent pairs with differences symmetric about the effect.
 * PL_TOO_FEW: n < 1. PL_NO_MEMORY: see arena.h. PL_ALL_ZERO: nothing is left. PL_NOT_FINITE,
 * PL_BAD_ARGUMENT: see pl_check_paired.
 * Source: Wilcoxon 1945, doi:10.2307/3001968; Hodges and Lehmann 1963, doi:10.1214/aoms/1177704172; Bauer
 * 1972, doi:10.1080/01621459.1972.10481279. Check: R's exactRankTests on Darwin's maize, V = 96,
 * p = .0412598, [4, 41.5], tests/unit/stats/test_signed_rank.c. */
PlStatus pl_signed_rank(const double *d, size_t n, const PlInferenceOptions *options, PlArena *arena,
                        PlInference *out) {
    PlStatus status = pl_check_paired(d, n, 1, options);
    if (status != PL_OK)
        return status;
    Ranked ranked = {0};
    status = start(&ranked, n, arena);
    if (status != PL_OK)
        return status;
    round_to_grid(d, n, &ranked);
    if (ranked.m == 0)
        return PL_ALL_ZERO;
    rank_magnitudes(&ranked);
    Null null = null_distribution(&ranked);
    if (ranked.m <= EXACT_UP_TO) {
        null.cumulative = pl_arena_doubles(arena, (size_t)null.last / 2 + 1);
        if (!null.cumulative)
            return PL_NO_MEMORY;
        count_out(&ranked, &null);
    }

    double m = (double)ranked.m, n_walsh = m * (m + 1) / 2, s = ranked.statistic2 / null.step;
    double p = pl_tail_p(options->alternative, lower_tail(&null, null.last - s), lower_tail(&null, s));
    double critical = critical_value(&null, pl_tail_level(options)), low = -INFINITY, high = INFINITY;
    if (critical >= 0) {
        double k = floor(critical * null.step / 2) + 1;
        low = walsh_average(&ranked, k);
        high = walsh_average(&ranked, n_walsh + 1 - k);
    }
    *out = (PlInference){.estimate = pseudomedian(&ranked),
                         .statistic = ranked.statistic2 / 2,
                         .has = PL_HAS_STATISTIC,
                         .n = n,
                         .n_dropped = n - ranked.m,
                         .n_tied = ranked.n_tied};
    pl_set_interval(out, options, p, low, high, from_grid(&ranked, 0.5));
    return PL_OK;
}

const PlMethod pl_method_signed_rank = {
    .id = "signed_rank",
    .title = "Wilcoxon's signed-rank test",
    .family = pl_family_paired,
    .estimates = "pseudomedian of the differences (Hodges-Lehmann)",
    .assumes =
        "Pairs are independent; differences are symmetric about the effect. Pairs without any difference "
        "are "
        "left out of estimate and interval as well as of the test (as R does), which pulls the "
        "estimate away from zero where there are many; with ties the interval holds given the ranks.",
    .use = "Where single pairs are far off the others: an outlier counts by its rank. It estimates a middle "
           "effect, not the mean that money is made of.",
    .formula =
        "V = sum of the ranks of |d| over d > 0, zeros left out, midranks; p exact given the ranks up to "
        "1000 differences\n"
        "estimate = median of (d_i + d_j) / 2, i <= j; interval = two of these averages",
    .source = "Wilcoxon 1945, doi:10.2307/3001968; Hodges and Lehmann 1963, doi:10.1214/aoms/1177704172; "
              "interval: Bauer 1972, doi:10.1080/01621459.1972.10481279",
    .check = "Darwin's 15 pairs of maize: V = 96, p = .0412598, estimate 25, 95 % interval [4, 41.5] "
             "(R exactRankTests)",
    .min_n = 1,
    .roles = pl_paired_roles,
    .takes = PL_TAKES_ALTERNATIVE,
    .design = PL_DESIGN_PAIRS,
    .run = pl_run_paired,
    .test = pl_signed_rank,
    .point = pl_point_pseudomedian,
};
