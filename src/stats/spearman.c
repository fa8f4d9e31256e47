/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/correlation.h"
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/method.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/root.h"
#include "pairlift/stats/student.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

/* Orders of the ranks are counted up to here: 2^n x n^3 / 3 counts, which fit 32 bits up to 12!. */
enum { EXACT_UP_TO = 12 };

/* Resolution of a limit beside 0. */
#define GRAIN 1e-12

/* On the z scale no critical value is larger at a level and an n that have one; up to here the scaled
 * distance of z is monotone in zeta. */
#define Z_MOST 5.5

/* ---- ranks ---- */

typedef struct {
    double *of;      /* [n] midranks */
    size_t tied;     /* values that share a rank */
    double log_same; /* ln of the product of t! over ties */
} Ranks;

/* How many of the ascending values are below x, or (with `equal`) not above it. */
static size_t count_below(const double *sorted, size_t n, double x, bool equal) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < x || (equal && sorted[middle] == x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static PlStatus rank(const double *x, size_t n, PlArena *arena, Ranks *ranks) {
    double *sorted = pl_arena_doubles(arena, n);
    *ranks = (Ranks){.of = pl_arena_doubles(arena, n)};
    if (!sorted || !ranks->of)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return PL_NOT_FINITE;
        sorted[i] = x[i];
    }
    pl_sort(sorted, n);
    for (size_t i = 0; i < n; i++) {
        size_t below = count_below(sorted, n, x[i], false), up_to = count_below(sorted, n, x[i], true);
        ranks->of[i] = (double)(below + up_to + 1) / 2;
        ranks->tied += up_to - below > 1;
    }
    for (size_t i = 0, end; i < n; i = end) {
        end = count_below(sorted, n, sorted[i], true);
        ranks->log_same += gsl_sf_lngamma((double)(end - i) + 1);
    }
    return sorted[0] == sorted[n - 1] ? PL_NO_VARIANCE : PL_OK;
}

/* ---- every order of n ranks ---- */

/* How many orders have sum of i * rank_i equal to s, for s from 0 to n (n + 1)(2 n + 1) / 6: over the sets of
 * ranks that the first places got. */
static const uint32_t *count_orders(size_t n, size_t most, PlArena *arena) {
    size_t sets = (size_t)1 << n, width = most + 1;
    uint32_t *count = pl_arena_take(arena, sets * width, sizeof *count);
    if (!count)
        return NULL;
    count[0] = 1;
    for (size_t set = 0; set + 1 < sets; set++) {
        size_t place = 1;
        for (size_t rest = set; rest; rest &= rest - 1)
            place++;
        for (size_t v = 0; v < n; v++) {
            if (set >> v & 1)
                continue;
            size_t step = place * (v + 1);
            const uint32_t *from = count + set * width;
            uint32_t *to = count + (set | (size_t)1 << v) * width;
            for (size_t s = 0; s + step <= most; s++)
                to[s + step] += from[s];
        }
    }
    return count + (sets - 1) * width;
}

/* Both tails of r under independence, and the largest r whose upper tail is above the level. */
typedef struct {
    double p_greater, p_less, largest_kept;
} Null;

static PlStatus exact_null(const Ranks *x, const Ranks *y, size_t n, double level, PlArena *arena,
                           Null *out) {
    size_t most = n * (n + 1) * (2 * n + 1) / 6, seen = 0;
    PlArenaMark mark = pl_arena_mark(arena);
    const uint32_t *count = count_orders(n, most, arena);
    if (!count)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        seen += (size_t)(x->of[i] * y->of[i]);
    double all = 0, below = 0, above = 0, tail = 0;
    for (size_t s = 0; s <= most; s++) {
        all += count[s];
        below += s <= seen ? count[s] : 0;
        above += s >= seen ? count[s] : 0;
    }
    size_t kept = most;
    for (; kept > 0; kept--) {
        tail += count[kept];
        if (tail / all > level)
            break;
    }
    double cubic = (double)(n * (n * n - 1));
    *out = (Null){above / all, below / all, 1 - 12 * (double)(most - kept) / cubic};
    pl_arena_release(arena, mark);
    return PL_OK;
}

static Null t_null(double r, size_t n, double level) {
    double df = (double)(n - 2), t = r * sqrt(df / ((1 - r) * (1 + r))),
           t_kept = pl_student_quantile(level, df);
    return (Null){pl_student_tail(t, df), pl_student_tail(-t, df), t_kept / sqrt(df + t_kept * t_kept)};
}

/* ---- the interval ---- */

typedef struct {
    double z, distance;
} Limit;

/* Bonett and Wright's variance of z is that at 0 times 1 + rho^2 / 2. */
static bool close_enough(double zeta, const void *context) {
    const Limit *limit = context;
    double rho = tanh(zeta);
    return (limit->z - zeta) / sqrt(1 + rho * rho / 2) <= limit->distance;
}

static double lower_limit(double z, double largest_kept) {
    double distance = atanh(largest_kept);
    if (!(distance < Z_MOST))
        return -1;
    Limit limit = {z, distance};
    double reach = 1.3 * fabs(distance) + 1e-3;
    return tanh(pl_root(close_enough, &limit, z - reach, z + reach));
}

/* r = +-1: one order in n! / product of t! over ties. */
static void fill_perfect(PlCorrelation *result, const Ranks *x, size_t n, const PlInferenceOptions *options) {
    double one = exp(x->log_same - gsl_sf_lngamma((double)n + 1)), r = result->in.estimate;
    result->in.p_value = pl_tail_p(options->alternative, r > 0 ? one : 1, r > 0 ? 1 : one);
    result->perfect = true;
}

/* The sum of squared differences of the ranks, exact in doubles. */
static double rank_distance(const Ranks *x, const Ranks *y, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x->of[i] - y->of[i]) * (x->of[i] - y->of[i]);
    return sum;
}

/* Spearman's rank correlation of n pairs, midranks for ties. p-value: exact over all orders up to 12 pairs
 * without ties (options->exact_up_to may lower that), else Student's t of r sqrt((n - 2) / (1 - r^2)).
 * Interval: the correlations rho whose distance (atanh r - atanh rho) / sqrt(1 + rho^2 / 2) the same
 * distribution does not reject at the same level as a distance from 0, so that p and interval are one
 * procedure, exact at 0, and at large n Bonett and Wright's. Assumes independent pairs. `statistic`: sum of
 * squared differences of ranks (R's S). out->perfect: the ranks agree or are reversed, and there is no
 * interval. PL_TOO_FEW: n < 4. PL_NO_VARIANCE: x or y is constant. PL_NOT_FINITE, PL_BAD_ARGUMENT,
 * PL_NO_MEMORY. Source: Spearman 1904, doi:10.2307/1412159; Bonett and Wright 2000, doi:10.1007/BF02294183.
 * Check: R's cor.test, tests/unit/stats/test_spearman.c. */
PlStatus pl_spearman(const double *x, const double *y, size_t n, const PlInferenceOptions *options,
                     PlArena *arena, PlCorrelation *out) {
    Ranks a, b;
    double r = 0;
    /* Ranks bear any finite value, so not x itself is checked for a sum that overflows. */
    PlStatus status = n < 4 ? PL_TOO_FEW : rank(x, n, arena, &a);
    if (status == PL_OK)
        status = rank(y, n, arena, &b);
    if (status == PL_OK)
        status = pl_check_paired(a.of, n, 4, options);
    if (status == PL_OK)
        status = pl_correlation(a.of, b.of, n, &r);
    if (status != PL_OK)
        return status;
    bool ties = a.tied > 0 || b.tied > 0;
    size_t limit =
        options->exact_up_to && options->exact_up_to < EXACT_UP_TO ? options->exact_up_to : EXACT_UP_TO;
    double distance = rank_distance(&a, &b, n), cubic = (double)n * ((double)n * (double)n - 1);
    if (!ties)
        r = 1 - 6 * distance / cubic;
    double statistic = ties ? cubic * (1 - r) / 6 : distance;
    PlCorrelation result = {.in = {.estimate = r,
                                   .statistic = statistic,
                                   .has = PL_HAS_STATISTIC,
                                   .n = n,
                                   .n_tied = a.tied > b.tied ? a.tied : b.tied,
                                   .conf_level = options->conf_level},
                            .exact = !ties && n <= limit};
    if (distance == 0 || 1 - fabs(r) < 1e-14) {
        result.in.estimate = r > 0 ? 1 : -1;
        fill_perfect(&result, &a, n, options);
        *out = result;
        return PL_OK;
    }
    Null null = t_null(r, n, pl_tail_level(options));
    if (result.exact)
        status = exact_null(&a, &b, n, pl_tail_level(options), arena, &null);
    if (status != PL_OK)
        return status;
    double p = pl_tail_p(options->alternative, null.p_greater, null.p_less), z = atanh(r);
    double low = lower_limit(z, null.largest_kept), high = -lower_limit(-z, null.largest_kept);
    pl_set_interval(&result.in, options, p, low, high, GRAIN);
    result.in.conf_low = fmax(-1, result.in.conf_low);
    result.in.conf_high = fmin(1, result.in.conf_high);
    *out = result;
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    const PlVariable *x = &sample->roles[PL_X], *y = &sample->roles[PL_Y];
    size_t n = sample->rows;
    PlCorrelation result;
    PlStatus status = pl_spearman(x->values, y->values, n, &options->inference, answer->arena, &result);
    if (status == PL_NO_VARIANCE) {
        size_t i = 1;
        while (i < n && x->values[i] == x->values[0])
            i++;
        answer->culprit = i == n ? x->name : y->name;
    }
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = result.in;
    if (result.perfect) {
        row->lacks = PL_LACKS_INTERVAL;
        row->reason = "the ranks agree or are reversed, which leaves no spread for an interval";
    }
    pl_answer_note(answer, result.exact || result.perfect
                               ? "The p-value counts every order of the ranks."
                               : "The p-value is Student's t of the rank correlation.");
    return PL_OK;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "one value of each row"},
    {PL_Y, false, "the other"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_spearman = {
    .id = "spearman",
    .title = "Spearman's rank correlation",
    .family = pl_family_regression,
    .estimates = "correlation of the ranks of x and y",
    .assumes = "Rows are independent.",
    .use =
        "For whether two columns rise together, on a line or not, and where single far-off rows should not "
        "decide. Exact up to 12 rows without ties. R's cor.test counts orders up to 9 rows, has the same "
        "p-value there and with exact = FALSE, and no interval.",
    .formula =
        "r = Pearson's correlation of the midranks\n"
        "p: over all orders up to 12 rows without ties, else t = r sqrt((n - 2) / (1 - r^2)), n - 2 df\n"
        "interval = the rho whose (atanh r - atanh rho) / sqrt(1 + rho^2 / 2) the same distribution of "
        "atanh r keeps",
    .source = "Spearman 1904, doi:10.2307/1412159; Bonett and Wright 2000, doi:10.1007/BF02294183",
    .check = "p-values of R's cor.test, exact at 8 rows, by t with ties; every order of 8 rows in Python",
    .min_n = 4,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE,
    .run = run,
};
