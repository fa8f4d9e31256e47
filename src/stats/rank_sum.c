/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/ranks.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

/* The null distribution is counted out while that takes no more additions than this, some 0.05 s: 70 values a
 * group, or 10 among 1000. Beyond, the normal approximation is good. */
#define ADDITIONS_MOST 1e8

/* How far beside 0, in parts of the range, a limit stands that 0 is the open end of. */
#define GRAIN DBL_EPSILON

typedef struct {
    double *treated, *control; /* in units, ascending, values that tie made equal */
    size_t n1, n2;
    PlUnits units; /* of decimals, so that differences are exact; else 1 */
    double *rank2; /* of all, ascending: twice the midrank */
    double ties;   /* sum of t^3 - t */
    size_t n_tied;
    double u2; /* twice the treated-control pairs with the treated above, ties counted half */
} Ranked;

/* The null distribution of u2 in 0, ..., most, by the doubled rank sums of the smaller group: least,
 * least + step, ..., least + last step. */
typedef struct {
    double most;
    bool of_control; /* the control is the smaller group */
    double offset;   /* doubled rank sum of the smaller group less its own u2 */
    double least, step, last;
    double *up_to, *from; /* [last + 1] choices with the sum up to it, and from it on; NULL: normal */
    double mean, sd;      /* of u2 / 2 */
} Null;

/* How many differences, treated minus control, are at most `bound`; both lists ascend. */
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

/* Doubles in their order as whole numbers, and back. */
static uint64_t place_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double at_place(uint64_t place) {
    uint64_t bits = place >> 63 ? place & ~((uint64_t)1 << 63) : ~place;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The k-th smallest difference (from 1): bisecting over the doubles ends at it, without a list of all. */
static double difference_at(const Ranked *r, double k) {
    uint64_t low = place_of(r->treated[0] - r->control[r->n2 - 1]),
             high = place_of(r->treated[r->n1 - 1] - r->control[0]);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (differences_up_to(r, at_place(middle)) >= k)
            high = middle;
        else
            low = middle + 1;
    }
    return at_place(low) + 0.0; /* not -0 */
}

static double from_units(const Ranked *r, double x) {
    return isfinite(x) ? pl_from_units(r->units, pl_dd(x)) : x;
}

static PlStatus start(Ranked *r, const double *treated, const double *control, PlArena *arena) {
    size_t n = r->n1 + r->n2;
    double *all = pl_arena_doubles(arena, n);
    PlRanks ranks;
    r->rank2 = pl_arena_doubles(arena, n);
    if (!all || !r->rank2)
        return PL_NO_MEMORY;
    memcpy(all, treated, r->n1 * sizeof *all);
    memcpy(all + r->n1, control, r->n2 * sizeof *all);
    PlStatus status = pl_ranks(all, n, arena, &ranks);
    if (status != PL_OK)
        return status;
    r->ties = ranks.ties;
    r->n_tied = ranks.n_tied;
    r->u2 = -(double)r->n1 * ((double)r->n1 + 1);
    for (size_t i = 0; i < n; i++) {
        r->rank2[i] = (double)ranks.rank2[ranks.order[i]];
        r->u2 += i < r->n1 ? (double)ranks.rank2[i] : 0;
    }
    r->units = pl_units(all, n);
    if (!r->units.decimal)
        r->units.factor = 1;
    for (size_t i = 0; i < n; i++)
        ranks.value[i] = pl_in_units(r->units, ranks.value[i]);
    r->treated = ranks.value;
    r->control = ranks.value + r->n1;
    pl_sort(r->treated, r->n1);
    pl_sort(r->control, r->n2);
    return PL_OK;
}

/* Ranks are taken in or left out, one after another. ways[j][e] counts the choices of j of the ranks so far
 * whose sum is e steps above that of the j smallest of all. A rank r that comes in as the j-th raises that
 * excess by r - rank2[j - 1]; it never falls, so that the excesses of interest end at `last`. */
static PlStatus count_out(const Ranked *r, size_t m, PlArena *arena, Null *null) {
    size_t n = r->n1 + r->n2, width = (size_t)null->last + 1;
    double *ways = pl_arena_doubles(arena, (m + 1) * width);
    null->up_to = pl_arena_doubles(arena, width);
    null->from = pl_arena_doubles(arena, width);
    if (!ways || !null->up_to || !null->from)
        return PL_NO_MEMORY;
    ways[0] = 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i < m ? i + 1 : m; j > 0 && j + (n - 1 - i) >= m; j--) {
            size_t rise = (size_t)((r->rank2[i] - r->rank2[j - 1]) / null->step);
            double *to = ways + j * width;
            const double *from = to - width;
            for (size_t e = rise; e < width; e++)
                to[e] += from[e - rise];
        }
    double below = 0, above = 0;
    for (size_t e = 0; e < width; e++) {
        null->up_to[e] = below += ways[m * width + e];
        null->from[width - 1 - e] = above += ways[m * width + width - 1 - e];
    }
    return PL_OK;
}

static PlStatus null_distribution(const Ranked *r, size_t exact_up_to, PlArena *arena, Null *null) {
    size_t size = r->n1 + r->n2, m = r->n1 < r->n2 ? r->n1 : r->n2;
    double n1 = (double)r->n1, n2 = (double)r->n2, n = n1 + n2, greatest = 0, odd = 0;
    *null = (Null){.most = 2 * n1 * n2,
                   .of_control = r->n2 < r->n1,
                   .offset = (double)m * ((double)m + 1),
                   .mean = n1 * n2 / 2,
                   .sd = sqrt(n1 * n2 / 12 * (n + 1 - r->ties / (n * (n - 1))))};
    for (size_t i = 0; i < size; i++)
        odd += fmod(r->rank2[i], 2);
    for (size_t i = 0; i < m; i++) {
        null->least += r->rank2[i];
        greatest += r->rank2[size - 1 - i];
    }
    null->step = odd > 0 ? 1 : 2;
    null->last = (greatest - null->least) / null->step;
    bool few = exact_up_to == 0 || size <= exact_up_to;
    return few && n * (double)m * (null->last + 1) <= ADDITIONS_MOST ? count_out(r, m, arena, null) : PL_OK;
}

/* The chance of a doubled rank sum of the smaller group up to `sum`, and from it on. Each tail is a sum of
 * its own counts and not what the other leaves of 1, which would be noise where it is small. */
static double sums_up_to(const Null *null, double sum) {
    double e = floor((sum - null->least) / null->step);
    return e < 0 ? 0 : null->up_to[(size_t)fmin(e, null->last)] / null->from[0];
}

static double sums_from(const Null *null, double sum) {
    double e = ceil((sum - null->least) / null->step);
    return e > null->last ? 0 : null->from[(size_t)fmax(e, 0)] / null->from[0];
}

/* P(u2 <= s) and P(u2 >= s). */
static double lower_tail(const Null *null, double s) {
    if (s < 0)
        return 0;
    if (s >= null->most)
        return 1;
    if (!null->from) /* continuity: half a pair */
        return gsl_cdf_ugaussian_P((s / 2 + 0.5 - null->mean) / null->sd);
    return null->of_control ? sums_from(null, null->most - s + null->offset)
                            : sums_up_to(null, s + null->offset);
}

static double upper_tail(const Null *null, double s) {
    if (s > null->most)
        return 0;
    if (s <= 0)
        return 1;
    if (!null->from)
        return gsl_cdf_ugaussian_Q((s / 2 - 0.5 - null->mean) / null->sd);
    return null->of_control ? sums_up_to(null, null->most - s + null->offset)
                            : sums_from(null, s + null->offset);
}

/* The largest s with P(u2 <= s) <= level (-1: none), and the smallest with P(u2 >= s) <= level. */
static double lower_critical(const Null *null, double level) {
    double low = -1, high = null->most;
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
    double low = 0, high = null->most + 1;
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
 * below the k-th smallest of M differences has M - k + 1 pairs above it, one just above it M - k. A tie
 * between the groups can put the outermost u2 out of reach: its chance of 0 rejects nothing. */
static void limits(const Ranked *r, const Null *null, double level, double *low, double *high) {
    double pairs = null->most / 2;
    double upper = upper_critical(null, level), lower = lower_critical(null, level);
    double from = floor(pairs + 1 - upper / 2), to = ceil(pairs - lower / 2);
    *low = from >= 1 && upper_tail(null, upper) > 0 ? difference_at(r, from) : -INFINITY;
    *high = to <= pairs && lower_tail(null, lower) > 0 ? difference_at(r, fmax(to, 1)) : INFINITY;
}

/* Wilcoxon's rank-sum (Mann-Whitney) test. Estimates the shift between the groups, treated minus control, as
 * the median of all differences of a treated and a control value (Hodges and Lehmann), in their unit;
 * `statistic` is W as R has it: the pairs with the treated value above, ties counted half. Ties get midranks;
 * what ties is said at pl_ranks. p is exact given the ranks that occurred while counting is cheap
 * (ADDITIONS_MOST, and options->exact_up_to values in both groups), beyond by the normal approximation with
 * corrections for ties and continuity; the interval has as ends the differences that the same distribution
 * does not reject, and is infinite where the values are too few for the level. Assumes independent values and
 * groups that differ by a shift.
 * PL_TOO_FEW: an empty group. PL_NO_VARIANCE: all values are equal. PL_NOT_FINITE, PL_BAD_ARGUMENT: see
 * pl_check_paired. PL_NO_MEMORY. Source: Wilcoxon 1945, doi:10.2307/3001968; Mann and Whitney 1947,
 * doi:10.1214/aoms/1177730491; the interval: Moses 1953. Check: R wilcox.test and every choice listed,
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
        status = null_distribution(&r, options->exact_up_to, arena, &null);
    if (status != PL_OK)
        return status;
    double p = pl_tail_p(options->alternative, upper_tail(&null, r.u2), lower_tail(&null, r.u2)), low, high;
    limits(&r, &null, pl_tail_level(options), &low, &high);
    low = from_units(&r, low);
    high = from_units(&r, high);
    double pairs = null.most / 2, middle = difference_at(&r, floor((pairs + 1) / 2)) / 2 +
                                           difference_at(&r, floor(pairs / 2) + 1) / 2;
    double range =
        fmax(r.treated[n_treated - 1], r.control[n_control - 1]) - fmin(r.treated[0], r.control[0]);
    PlInference result = {.estimate = from_units(&r, middle),
                          .statistic = r.u2 / 2,
                          .has = PL_HAS_STATISTIC,
                          .n = n_treated + n_control,
                          .n_tied = r.n_tied};
    pl_set_interval(&result, options, p, low, high, fmax(GRAIN * from_units(&r, range), DBL_TRUE_MIN));
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
               "midranks up to 70 values a group (or 10 among 1000), then normal\n"
               "estimate = median of all treated - control; interval = two of these differences",
    .source = "Wilcoxon 1945, doi:10.2307/3001968; Mann and Whitney 1947, doi:10.1214/aoms/1177730491",
    .check = "R's wilcox.test on ten values without ties: W, p and interval; with ties, every choice of the "
             "treated listed",
    .roles = pl_group_roles,
    .groups = true,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .min_n = 2,
    .run = run,
};
