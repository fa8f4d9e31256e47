/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/order.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As in signed_rank.c, everything that decides about ties is whole numbers: the values are rounded to a
 * decimal grid of thirteen digits below the largest, which undoes the noise of computed decimals, and their
 * differences are then exact. */
enum { GRID_DIGITS = 13, EXPONENT_MAX = 300 };

/* Up to so many values the null distribution is counted out; 2^100 is far from overflowing. */
enum { EXACT_UP_TO = 100 };

typedef struct {
    double *treated, *control, *all; /* in steps of the grid, ascending */
    size_t n1, n2;
    int exponent;  /* value = step 10^-exponent */
    size_t *rank2; /* of all: twice the midrank */
    double ties;   /* sum of t^3 - t */
    size_t n_tied;
    double u2; /* twice the treated-control pairs with the treated above, ties counted half */
} Ranked;

/* The null distribution of u2 in 0, ..., most. */
typedef struct {
    size_t most;
    double *tail;    /* [most + 1] P(u2 <= s); NULL: normal approximation */
    double mean, sd; /* of u2 / 2 */
} Null;

static double scaled(double x, int exponent) {
    double power = pow(10, abs(exponent));
    return exponent >= 0 ? x * power : x / power;
}

static void round_to_grid(const double *x, size_t n, int exponent, double *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = nearbyint(scaled(x[i], exponent));
    pl_sort(out, n);
}

static void rank_all(Ranked *r) {
    size_t n = r->n1 + r->n2;
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        while (end < n && r->all[end] == r->all[i])
            end++;
        for (size_t k = i; k < end; k++)
            r->rank2[k] = i + end + 1;
        double t = (double)(end - i);
        r->ties += t * t * t - t;
        r->n_tied += end - i > 1 ? end - i : 0;
    }
}

/* Twice the pairs whose difference is above `bound`, those at it counted once; both lists ascend. */
static double pairs_above(const Ranked *r, double bound) {
    size_t below = 0, up_to = 0;
    double count = 0;
    for (size_t i = 0; i < r->n1; i++) {
        while (below < r->n2 && r->treated[i] - r->control[below] > bound)
            below++;
        up_to = up_to < below ? below : up_to;
        while (up_to < r->n2 && r->treated[i] - r->control[up_to] >= bound)
            up_to++;
        count += (double)(below + up_to);
    }
    return count;
}

/* How many differences are at most `bound`. */
static double differences_up_to(const Ranked *r, double bound) {
    size_t above = 0;
    double count = 0;
    for (size_t i = 0; i < r->n1; i++) {
        while (above < r->n2 && r->treated[i] - r->control[above] > bound)
            above++;
        count += (double)(r->n2 - above);
    }
    return count;
}

/* The k-th smallest difference (from 1), in steps of the grid: whole numbers, so that bisecting ends at it.
 */
static double difference_at(const Ranked *r, double k) {
    double low = r->treated[0] - r->control[r->n2 - 1], high = r->treated[r->n1 - 1] - r->control[0];
    while (low < high) {
        double middle = floor((low + high) / 2);
        if (differences_up_to(r, middle) >= k)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static PlStatus start(Ranked *r, const double *treated, const double *control, PlArena *arena) {
    size_t n = r->n1 + r->n2;
    double largest = 0;
    r->all = pl_arena_doubles(arena, n);
    r->treated = pl_arena_doubles(arena, r->n1);
    r->control = pl_arena_doubles(arena, r->n2);
    r->rank2 = pl_arena_sizes(arena, n);
    if (!r->all || !r->treated || !r->control || !r->rank2)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < r->n1; i++)
        largest = fmax(largest, fabs(treated[i]));
    for (size_t i = 0; i < r->n2; i++)
        largest = fmax(largest, fabs(control[i]));
    if (largest > 0)
        r->exponent = GRID_DIGITS - (int)ceil(log10(largest));
    if (r->exponent > EXPONENT_MAX)
        r->exponent = EXPONENT_MAX;
    round_to_grid(treated, r->n1, r->exponent, r->treated);
    round_to_grid(control, r->n2, r->exponent, r->control);
    memcpy(r->all, r->treated, r->n1 * sizeof *r->all);
    memcpy(r->all + r->n1, r->control, r->n2 * sizeof *r->all);
    pl_sort(r->all, n);
    if (r->all[0] == r->all[n - 1])
        return PL_NO_VARIANCE;
    rank_all(r);
    r->u2 = pairs_above(r, 0);
    return PL_OK;
}

/* How many of the choices of n1 among the ranks have each sum of doubled ranks, by taking the ranks in or
 * leaving them out, one after another. */
static PlStatus count_out(const Ranked *r, PlArena *arena, Null *null) {
    size_t n = r->n1 + r->n2, least = r->n1 * (r->n1 + 1), width = least + null->most + 1;
    null->tail = pl_arena_doubles(arena, null->most + 1);
    double *ways = pl_arena_doubles(arena, (r->n1 + 1) * width);
    if (!null->tail || !ways)
        return PL_NO_MEMORY;
    ways[0] = 1;
    for (size_t i = 0; i < n; i++)
        for (size_t k = (i < r->n1 ? i + 1 : r->n1); k > 0; k--) {
            double *to = ways + k * width, *from = to - width;
            for (size_t s = width - 1; s >= r->rank2[i]; s--)
                to[s] += from[s - r->rank2[i]];
        }
    double sum = 0;
    for (size_t s = 0; s <= null->most; s++)
        null->tail[s] = sum += ways[r->n1 * width + least + s];
    for (size_t s = 0; s <= null->most; s++)
        null->tail[s] /= sum;
    return PL_OK;
}

static PlStatus null_distribution(const Ranked *r, PlArena *arena, Null *null) {
    double n1 = (double)r->n1, n2 = (double)r->n2, n = n1 + n2;
    *null = (Null){.most = 2 * r->n1 * r->n2,
                   .mean = n1 * n2 / 2,
                   .sd = sqrt(n1 * n2 / 12 * (n + 1 - r->ties / (n * (n - 1))))};
    return n <= EXACT_UP_TO ? count_out(r, arena, null) : PL_OK;
}

/* P(u2 <= s) and P(u2 >= s). */
static double lower_tail(const Null *null, double s) {
    if (s < 0)
        return 0;
    if (s >= (double)null->most)
        return 1;
    if (!null->tail) /* continuity: half a pair */
        return gsl_cdf_ugaussian_P((s / 2 + 0.5 - null->mean) / null->sd);
    return null->tail[(size_t)s];
}

static double upper_tail(const Null *null, double s) {
    if (s > (double)null->most)
        return 0;
    if (s <= 0)
        return 1;
    if (!null->tail)
        return gsl_cdf_ugaussian_Q((s / 2 - 0.5 - null->mean) / null->sd);
    return fmax(0, 1 - null->tail[(size_t)s - 1]);
}

/* The largest s with P(u2 <= s) <= level (-1: none), and the smallest with P(u2 >= s) <= level. */
static double lower_critical(const Null *null, double level) {
    double low = -1, high = (double)null->most;
    while (low < high) {
        double middle = floor((low + high + 1) / 2);
        if (lower_tail(null, middle) <= level)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static double upper_critical(const Null *null, double level) {
    double low = 0, high = (double)null->most + 1;
    while (low < high) {
        double middle = floor((low + high) / 2);
        if (upper_tail(null, middle) <= level)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The ends of the shifts that are not rejected, as differences; infinite where no shift is. A shift just
 * below the k-th smallest of M differences has M - k + 1 pairs above it, one just above it M - k. */
static void limits(const Ranked *r, const Null *null, double level, double *low, double *high) {
    double pairs = (double)null->most / 2;
    double from = floor(pairs + 1 - upper_critical(null, level) / 2),
           to = ceil(pairs - lower_critical(null, level) / 2);
    *low = from >= 1 ? scaled(difference_at(r, from), -r->exponent) : -INFINITY;
    *high = to <= pairs ? scaled(difference_at(r, fmax(to, 1)), -r->exponent) : INFINITY;
}

/* Wilcoxon's rank-sum (Mann-Whitney) test. Estimates the shift between the groups, treated minus control, as
 * the median of all differences of a treated and a control value (Hodges and Lehmann), in their unit;
 * `statistic` is W as R has it: the pairs with the treated value above, ties counted half. Ties get midranks,
 * after rounding to thirteen digits of the largest value. p is exact given the ranks that occurred up to 100
 * values, beyond by the normal approximation with corrections for ties and continuity; the interval has as
 * ends the differences that the same distribution does not reject, and is infinite where the values are too
 * few for the level. Assumes independent values and groups that differ by a shift.
 * PL_TOO_FEW: an empty group. PL_NO_VARIANCE: all values are equal. PL_NOT_FINITE, PL_BAD_ARGUMENT: see
 * pl_check_paired. PL_NO_MEMORY. Source: Wilcoxon 1945, doi:10.2307/3001968; Mann and Whitney 1947,
 * doi:10.1214/aoms/1177730491; the interval: Moses 1953. Check: R wilcox.test and exactRankTests,
 * tests/unit/stats/test_rank_sum.c. */
PlStatus pl_rank_sum(const double *treated, size_t n_treated, const double *control, size_t n_control,
                     const PlInferenceOptions *options, PlArena *arena, PlInference *out) {
    PlStatus status = pl_check_paired(treated, n_treated, 1, options);
    if (status == PL_OK)
        status = pl_check_paired(control, n_control, 1, options);
    if (status != PL_OK)
        return status;
    Ranked r = {.n1 = n_treated, .n2 = n_control};
    Null null;
    status = start(&r, treated, control, arena);
    if (status == PL_OK)
        status = null_distribution(&r, arena, &null);
    if (status != PL_OK)
        return status;
    double p = pl_tail_p(options->alternative, upper_tail(&null, r.u2), lower_tail(&null, r.u2)), low, high;
    limits(&r, &null, pl_tail_level(options), &low, &high);
    double pairs = (double)null.most / 2, middle = difference_at(&r, floor((pairs + 1) / 2)) / 2 +
                                                   difference_at(&r, floor(pairs / 2) + 1) / 2;
    PlInference result = {.estimate = scaled(middle, -r.exponent),
                          .statistic = r.u2 / 2,
                          .has = PL_HAS_STATISTIC,
                          .n = n_treated + n_control,
                          .n_tied = r.n_tied};
    pl_set_interval(&result, options, p, low, high, scaled(0.5, -r.exponent));
    *out = result;
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    return pl_groups_against_control(pl_rank_sum, sample, options, answer);
}

const PlMethod pl_method_rank_sum = {
    .id = "rank_sum",
    .title = "Wilcoxon's rank-sum (Mann-Whitney) test",
    .family = pl_family_groups,
    .estimates = "shift between the groups, treated minus control (Hodges-Lehmann)",
    .assumes = "Stores are independent; the groups differ by a shift and not in spread.",
    .use =
        "For two groups with single far-off stores. It tests the middle, not the mean that money is made of; "
        "where the groups spread differently it is not a test of either.",
    .formula = "W = #{(treated, control) pairs with the treated above} + half the ties; p exact given the "
               "midranks up to 100 values, then normal\n"
               "estimate = median of all treated - control; interval = two of these differences",
    .source = "Wilcoxon 1945, doi:10.2307/3001968; Mann and Whitney 1947, doi:10.1214/aoms/1177730491",
    .check = "R's wilcox.test on ten values without ties: W, p and interval; exactRankTests with ties",
    .roles = pl_group_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .min_n = 2,
    .run = run,
};
