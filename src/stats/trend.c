/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/trend.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/method.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Orders are counted up to here, in some millions of steps; beyond, the normal approximation has four
 * digits. */
enum { EXACT_UP_TO = 60 };

/* All pairs of values have a slope, which are 12.5 million here. */
enum { N_MOST = 5000 };

/* Resolution of a limit beside 0, a part of the largest slope. */
#define GRAIN 1e-12

/* ---- the distribution of falling pairs when every order is as likely ---- */

/* Falling pairs, from 0 to `most`: pairs of different values. */
typedef struct {
    size_t most;
    double *cumulative; /* [most + 1]; NULL: normal approximation */
    double sd;
} Null;

/* Distribution of the falling pairs between `m` earlier values and `t` equal ones put in among them: that of
 * Mann and Whitney's U, by its recursion on the last place. [t + 1] rows of m t + 1; the last is wanted. */
static const double *between(size_t m, size_t t, PlArena *arena) {
    size_t width = m * t + 1;
    double *p = pl_arena_doubles(arena, (t + 1) * width);
    if (!p)
        return NULL;
    for (size_t j = 0; j <= t; j++)
        p[j * width] = 1;
    for (size_t i = 1; i <= m; i++)
        for (size_t j = 1; j <= t; j++) {
            double *now = p + j * width;
            const double *one_less = now - width;
            double earlier = (double)i / (double)(i + j);
            for (size_t u = i * j + 1; u-- > 0;)
                now[u] = earlier * (u >= j ? now[u - j] : 0) + (1 - earlier) * one_less[u];
        }
    return p + t * width;
}

/* to[] = from[] convolved with part[]. */
static void add_up(const double *from, size_t n_from, const double *part, size_t n_part, double *to) {
    memset(to, 0, (n_from + n_part - 1) * sizeof *to);
    for (size_t i = 0; i < n_from; i++)
        for (size_t j = 0; j < n_part; j++)
            to[i + j] += from[i] * part[j];
}

/* Group by group of equal values. The counts are the coefficients of a q-multinomial. */
static PlStatus count_out(const PlRanks *ranks, PlArena *arena, Null *null) {
    double *now = pl_arena_doubles(arena, null->most + 1), *next = pl_arena_doubles(arena, null->most + 1);
    if (!now || !next)
        return PL_NO_MEMORY;
    size_t reach = 1, end = 0;
    now[0] = 1;
    for (size_t m = 0; m < ranks->n; m = end) {
        for (end = m; end < ranks->n && ranks->rank2[ranks->order[end]] == ranks->rank2[ranks->order[m]];)
            end++;
        PlArenaMark mark = pl_arena_mark(arena);
        const double *part = between(m, end - m, arena);
        if (!part)
            return PL_NO_MEMORY;
        add_up(now, reach, part, m * (end - m) + 1, next);
        reach += m * (end - m);
        double *swap = now;
        now = next;
        next = swap;
        pl_arena_release(arena, mark);
    }
    for (size_t d = 1; d <= null->most; d++)
        now[d] += now[d - 1];
    null->cumulative = now;
    return PL_OK;
}

static PlStatus null_of(const PlRanks *ranks, PlArena *arena, Null *null) {
    double n = (double)ranks->n, variance = n * (n - 1) * (2 * n + 5);
    size_t tied_pairs = 0;
    for (size_t i = 0, end; i < ranks->n; i = end) {
        for (end = i; end < ranks->n && ranks->rank2[ranks->order[end]] == ranks->rank2[ranks->order[i]];)
            end++;
        double t = (double)(end - i);
        tied_pairs += (end - i) * (end - i - 1) / 2;
        variance -= t * (t - 1) * (2 * t + 5);
    }
    *null = (Null){.most = ranks->n * (ranks->n - 1) / 2 - tied_pairs, .sd = sqrt(variance / 18)};
    return ranks->n <= EXACT_UP_TO ? count_out(ranks, arena, null) : PL_OK;
}

/* P(falling pairs <= d); d may be any whole number. The distribution is symmetric: only its lower half is
 * read, where no difference from 1 loses digits. */
static double lower_tail(const Null *null, double d) {
    double most = (double)null->most;
    if (d < 0 || d >= most)
        return d < 0 ? 0 : 1;
    if (!null->cumulative) /* S = most - 2 d goes in steps of 2, half of which is the continuity correction */
        return pl_normal_tail((most - 2 * d - 1) / null->sd);
    return 2 * d < most ? null->cumulative[(size_t)d] : 1 - null->cumulative[(size_t)(most - d - 1)];
}

/* The most falling pairs whose tail is within the level; -1: none. */
static double critical_value(const Null *null, double level) {
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

/* ---- slopes ---- */

/* The values in the order of time; ties of `y` made equal. */
typedef struct {
    size_t n;
    double *x, *y;
} Series;

typedef struct {
    double x, y;
} Point;

static int by_time(const void *a, const void *b) {
    double x = ((const Point *)a)->x, y = ((const Point *)b)->x;
    return (x > y) - (x < y);
}

static PlStatus put_in_order(const double *x, const PlRanks *ranks, PlArena *arena, Series *s) {
    size_t n = ranks->n;
    Point *points = pl_arena_take(arena, n, sizeof *points);
    *s = (Series){n, pl_arena_doubles(arena, n), pl_arena_doubles(arena, n)};
    if (!points || !s->x || !s->y)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return PL_NOT_FINITE;
        points[i] = (Point){x[i], ranks->value[i]};
    }
    qsort(points, n, sizeof *points, by_time);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && points[i].x == points[i - 1].x)
            return PL_DUPLICATE;
        s->x[i] = points[i].x;
        s->y[i] = points[i].y;
    }
    return PL_OK;
}

/* [n (n - 1) / 2] ascending, and S. */
static double *slopes_of(const Series *s, PlArena *arena, double *balance) {
    size_t k = 0;
    double *slope = pl_arena_doubles(arena, s->n * (s->n - 1) / 2);
    for (size_t i = 0; slope && i < s->n; i++)
        for (size_t j = i + 1; j < s->n; j++) {
            slope[k++] = (s->y[j] - s->y[i]) / (s->x[j] - s->x[i]);
            *balance += (s->y[j] > s->y[i]) - (s->y[j] < s->y[i]);
        }
    if (slope)
        pl_sort(slope, k);
    return slope;
}

/* The slopes b whose own S, rising less falling pairs of y - b x, the null distribution does not reject. */
static void set_limits(const Null *null, const double *slope, size_t n_slopes, double conf_level,
                       PlTrendTest *out) {
    PlInferenceOptions options = {.conf_level = conf_level, .threads = 1};
    PlInference in = {.estimate = out->slope};
    double most = (double)null->most, falling = (most - out->s) / 2, low = -INFINITY, high = INFINITY;
    double p = pl_tail_p(PL_TWO_SIDED, lower_tail(null, falling), lower_tail(null, most - falling));
    double critical = critical_value(null, pl_tail_level(&options));
    if (critical >= 0) { /* pairs that tie at 0 are half above and half below any other slope */
        double k = floor(critical + (double)(n_slopes - null->most) / 2);
        low = slope[(size_t)k];
        high = slope[n_slopes - 1 - (size_t)k];
    }
    pl_set_interval(&in, &options, p, low, high, GRAIN * fmax(fabs(slope[0]), fabs(slope[n_slopes - 1])));
    out->p_value = p;
    out->conf_low = in.conf_low;
    out->conf_high = in.conf_high;
}

/* Mann and Kendall's test of a trend in y[n] at the times x[n], in any order and at any distances, and the
 * slope of Theil and Sen, the median of the slopes of all pairs, in y per unit of x.
 *
 * p is two-sided and exact given the ties of y up to 60 values, every order of which is as likely without a
 * trend; beyond, the normal approximation with corrections for ties and continuity. The interval holds the
 * slopes b for which the same distribution does not reject S of y - b x, so that p <= 1 - conf_level exactly
 * when it leaves out 0. Its limits are infinite where no order would reject: fewer than 5 values at 95 %.
 * Assumes values that are independent but for the trend, which a season or a slow wave are not; and, where
 * many y tie, that they tie by rounding: then the interval holds nearly.
 *
 * PL_TOO_FEW: n < 4. PL_NO_VARIANCE: all y are equal. PL_DUPLICATE: two values at one time. PL_TOO_LARGE:
 * n > 5000. PL_NOT_FINITE, PL_BAD_ARGUMENT (level), PL_NO_MEMORY.
 * Source: Mann 1945, doi:10.2307/1907187; Kendall, Rank Correlation Methods; Theil 1950,
 * doi:10.1007/978-94-011-2546-8_20; Sen 1968, doi:10.1080/01621459.1968.10480934.
 * Check: R's cor.test and enumeration, tests/unit/stats/test_trend.c. */
PlStatus pl_trend(const double *x, const double *y, size_t n, double conf_level, PlArena *arena,
                  PlTrendTest *out) {
    PlRanks ranks;
    Series series;
    Null null;
    PlInferenceOptions options = {.conf_level = conf_level, .threads = 1};
    PlTrendTest result = {.n = n, .exact = n <= EXACT_UP_TO};
    if (n > N_MOST)
        return PL_TOO_LARGE;
    PlStatus status = pl_check_paired(y, n, 4, &options);
    if (status == PL_OK)
        status = pl_ranks(y, n, arena, &ranks);
    if (status == PL_OK)
        status = put_in_order(x, &ranks, arena, &series);
    if (status == PL_OK)
        status = null_of(&ranks, arena, &null);
    if (status != PL_OK)
        return status;
    size_t n_slopes = n * (n - 1) / 2;
    const double *slope = slopes_of(&series, arena, &result.s);
    if (!slope)
        return PL_NO_MEMORY;
    result.n_tied = ranks.n_tied;
    result.tau = result.s / sqrt((double)n_slopes * (double)null.most);
    result.slope = slope[(n_slopes - 1) / 2] / 2 + slope[n_slopes / 2] / 2;
    if (!isfinite(slope[0]) || !isfinite(slope[n_slopes - 1]))
        return PL_NOT_FINITE;
    set_limits(&null, slope, n_slopes, conf_level, &result);
    *out = result;
    return PL_OK;
}

/* ---- the method of `stat` ---- */

/* Times that are all numbers, such as years, are taken as they are. */
static bool numbers_of(const PlVariable *time, double *number) {
    for (size_t l = 0; l < time->n_levels; l++) {
        char *end;
        number[l] = strtod(time->labels[l], &end);
        if (*end != '\0' || end == time->labels[l] || !isfinite(number[l]))
            return false;
    }
    return true;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    const PlVariable *y = &sample->roles[PL_X], *time = &sample->roles[PL_TIME];
    double *number = pl_arena_doubles(answer->arena, time->n_levels),
           *x = pl_arena_doubles(answer->arena, sample->rows);
    PlTrendTest test;
    if (!number || !x)
        return PL_NO_MEMORY;
    bool are_numbers = numbers_of(time, number);
    for (size_t i = 0; i < sample->rows; i++)
        x[i] = are_numbers ? number[time->levels[i]] : (double)time->levels[i];
    PlStatus status =
        pl_trend(x, y->values, sample->rows, options->inference.conf_level, answer->arena, &test);
    if (status == PL_DUPLICATE || status == PL_NO_VARIANCE || status == PL_NOT_FINITE)
        return pl_answer_refuse(answer, status, status == PL_DUPLICATE ? time->name : y->name);
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.estimate = test.slope,
                            .p_value = test.p_value,
                            .conf_low = test.conf_low,
                            .conf_high = test.conf_high,
                            .conf_level = options->inference.conf_level,
                            .statistic = test.s,
                            .has = PL_HAS_STATISTIC,
                            .n = test.n,
                            .n_tied = test.n_tied};
    if (isinf(test.conf_low)) {
        row->lacks = PL_LACKS_INTERVAL;
        row->reason = "there are too few values, or too many equal ones, for an interval at this level";
    }
    pl_answer_figure(row, "tau", test.tau);
    pl_answer_note(answer, test.exact ? "The p-value counts every order of the values."
                                      : "The p-value is a normal approximation.");
    pl_answer_note(answer, are_numbers
                               ? "The slope is the change per unit of the time column."
                               : "The slope is the change from one time to the next in the time column.");
    return PL_OK;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "one value a time"},
    {PL_TIME, false, "the day, week, month or year"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_trend = {
    .id = "trend",
    .title = "Mann-Kendall trend test with Theil-Sen slope",
    .family = pl_family_series,
    .estimates = "median change of all pairs of times, per unit of time",
    .assumes = "But for the trend, values are independent: a season, or a wave longer than the time between "
               "two values, looks like a trend.",
    .use =
        "For whether a short series, such as twelve months of a KPI, rises or falls, on a line or not, and "
        "where single far-off values should not decide. Exact up to 60 values, with ties too. Numbers in "
        "the time column count as they are; dates by their order.",
    .formula =
        "S = pairs of times between which the value rises less those between which it falls; p over all "
        "orders of the values up to 60\n"
        "slope = median of (y_j - y_i) / (x_j - x_i); interval = the slopes b that the same test of "
        "y - b x keeps",
    .source = "Mann 1945, doi:10.2307/1907187; Theil 1950, doi:10.1007/978-94-011-2546-8_20; Sen 1968, "
              "doi:10.1080/01621459.1968.10480934",
    .check = "p of R's cor.test(method = \"kendall\", exact = TRUE); with ties, every order of 8 values",
    .min_n = 4,
    .roles = roles,
    .run = run,
};
