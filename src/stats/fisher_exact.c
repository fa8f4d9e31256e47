/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/fisher_exact.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/root.h"

#include <float.h>
#include <math.h>

/* Tables whose probability is within this part of the observed one's count as equally probable, as in R:
 * their ties come out of different roundings. */
#define PROBABILITY_TIE 1e-7

/* A term this far below the sum so far no longer changes it. */
#define NEGLIGIBLE (DBL_EPSILON / 256)

/* Odds ratios beyond exp(-+600) are out of the range of what can be computed with. */
#define LOG_ODDS_MAX 600

/* Rounding of a limit that should be 1, in parts of it. */
#define LIMIT_ROUNDING (1e4 * DBL_EPSILON)

/* All tables with the margins of the observed one: k, the treated successes, is in [low, high]. */
typedef struct {
    double treated, control, successes; /* trials, trials, and successes of both */
    double low, high, observed;
} Table;

/* P(k + 1) / P(k) when the odds ratio is 1. */
static double ratio(const Table *t, double k) {
    return (t->treated - k) / (k + 1) * ((t->successes - k) / (t->control - t->successes + k + 1));
}

/* The most probable k at an odds ratio: the ratio falls with k. */
static double mode(const Table *t, double odds) {
    double low = t->low, high = t->high;
    while (low < high) {
        double middle = floor((low + high) / 2);
        if (ratio(t, middle) * odds >= 1)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sums of P(j) and j P(j) over j = k, k + 1, ... (or k, k - 1, ...) up to the end, in parts of P(k); they
 * fall on that side of the mode, and are not looked at once they no longer count. */
typedef struct {
    double total, moment; /* moment: of j - k */
} Sums;

static Sums sum_upwards(const Table *t, double odds, double k) {
    Sums sums = {1, 0};
    double term = 1;
    for (double j = k; j < t->high; j++) {
        term *= ratio(t, j) * odds;
        sums.total += term;
        sums.moment += (j + 1 - k) * term;
        if (term < NEGLIGIBLE * sums.total && (j + 1 - k) * term <= NEGLIGIBLE * sums.moment &&
            ratio(t, j) * odds < 1)
            break;
    }
    return sums;
}

static Sums sum_downwards(const Table *t, double odds, double k) {
    Sums sums = {1, 0};
    double term = 1;
    for (double j = k; j > t->low; j--) {
        double factor = 1 / (ratio(t, j - 1) * odds);
        term *= factor;
        sums.total += term;
        sums.moment += (j - 1 - k) * term;
        if (term < NEGLIGIBLE * sums.total && (k - j + 1) * term <= NEGLIGIBLE * -sums.moment && factor < 1)
            break;
    }
    return sums;
}

/* P(k) / P(from). 0 when it is too small for a double. */
static double relative(const Table *t, double odds, double from, double k) {
    double value = 1;
    for (double j = from; j < k && value > 0; j++)
        value *= ratio(t, j) * odds;
    for (double j = from; j > k && value > 0; j--)
        value /= ratio(t, j - 1) * odds;
    return value;
}

/* P(X >= observed) or P(X <= observed): summed outwards from the observed table when that is beyond the
 * mode, so that a small tail keeps its digits, else as what the other tail leaves. */
static double tail(const Table *t, double odds, bool above) {
    double top = mode(t, odds), x = t->observed;
    double all = sum_upwards(t, odds, top).total + sum_downwards(t, odds, top).total - 1;
    if (above && x >= top)
        return fmin(1, relative(t, odds, top, x) * sum_upwards(t, odds, x).total / all);
    if (!above && x <= top)
        return fmin(1, relative(t, odds, top, x) * sum_downwards(t, odds, x).total / all);
    if (x == (above ? t->low : t->high))
        return 1;
    double next = above ? x - 1 : x + 1, part = relative(t, odds, top, next);
    return fmax(0,
                1 - part * (above ? sum_downwards(t, odds, next) : sum_upwards(t, odds, next)).total / all);
}

/* The sum over the tables that are at most as probable as the observed one, at an odds ratio of 1. */
static double point_probability(const Table *t) {
    double top = mode(t, 1), x = t->observed, at_most = relative(t, 1, top, x) * (1 + PROBABILITY_TIE);
    double all = sum_upwards(t, 1, top).total + sum_downwards(t, 1, top).total - 1, sum = 0, at = 1, k = top;
    if (at_most >= 1)
        return 1;
    while (k < t->high && at > at_most)
        at *= ratio(t, k++);
    if (at <= at_most)
        sum += at * sum_upwards(t, 1, k).total;
    for (k = top, at = 1; k > t->low && at > at_most; k--)
        at /= ratio(t, k - 1);
    if (at <= at_most)
        sum += at * sum_downwards(t, 1, k).total;
    return fmin(1, sum / all);
}

typedef struct {
    const Table *table;
    double level;
} Search;

static bool mean_above(double log_odds, const void *context) {
    const Table *t = ((const Search *)context)->table;
    double odds = exp(log_odds), top = mode(t, odds);
    Sums up = sum_upwards(t, odds, top), down = sum_downwards(t, odds, top);
    return top - t->observed + (up.moment + down.moment) / (up.total + down.total - 1) > 0;
}

static bool tail_above_large(double log_odds, const void *context) {
    const Search *s = context;
    return tail(s->table, exp(log_odds), true) > s->level;
}

static bool tail_below_small(double log_odds, const void *context) {
    const Search *s = context;
    return tail(s->table, exp(log_odds), false) <= s->level;
}

/* The logarithm of the odds ratio where `beyond` turns; the bracket grows from 0, so that no sum starts far
 * from its mode. NaN: beyond LOG_ODDS_MAX. */
static double log_odds_at(PlBeyond *beyond, const Table *t, double level) {
    Search search = {t, level};
    bool upwards = !beyond(0, &search);
    double near = 0;
    for (double reach = 1; reach <= LOG_ODDS_MAX; reach *= 2) {
        double far = upwards ? reach : -reach;
        if (beyond(far, &search) == upwards)
            return pl_root(beyond, &search, fmin(near, far), fmax(near, far));
        near = far;
    }
    return NAN;
}

/* Fisher's exact test of two rates: given all margins, the treated successes are hypergeometric, noncentral
 * with the odds ratio. `estimate` is the conditional maximum-likelihood odds ratio, treated over control; 1
 * is no effect. Limits are the odds ratios whose tail is at the level (Cornfield), and p is twice the smaller
 * tail, of the same test. R's p, which adds the tables that are at most as probable as the observed one
 * (`p_point_probability` here), belongs to no interval and can contradict R's own, which is this one:
 * 45/300 against 30/310 has p .0490 there, and an interval from .981 on. One p was possible with that
 * ordering too, by inverting it, but the set it accepts can have holes. PL_TOO_FEW: no trials.
 * PL_NO_VARIANCE: all outcomes are equal. PL_NO_CONVERGENCE: limits beyond exp(-+600). PL_BAD_ARGUMENT: an
 * option. Source: Fisher 1935, doi:10.2307/2342435; Cornfield 1956; Fay 2010,
 * doi:10.1093/biostatistics/kxp050. Check: R's fisher.test for the point probability, 60-digit arithmetic for
 * the rest, tests/unit/stats/test_fisher_exact.c. */
PlStatus pl_fisher_exact(PlRate treated, PlRate control, const PlInferenceOptions *options, PlFisher *out) {
    double nothing = 0, m = treated.successes + control.successes;
    PlStatus status = pl_check_paired(&nothing, 1, 1, options);
    if (status != PL_OK)
        return status;
    if (!(treated.trials > 0 && control.trials > 0))
        return PL_TOO_FEW;
    Table t = {treated.trials,          control.trials,   m, fmax(0, m - control.trials),
               fmin(m, treated.trials), treated.successes};
    if (t.low == t.high)
        return PL_NO_VARIANCE;

    double level = pl_tail_level(options), low = -INFINITY, high = INFINITY, log_odds = -INFINITY;
    bool least = t.observed == t.low, most = t.observed == t.high;
    if (!least)
        low = log_odds_at(tail_above_large, &t, level);
    if (!most)
        high = log_odds_at(tail_below_small, &t, level);
    if (!least && !most)
        log_odds = log_odds_at(mean_above, &t, 0);
    if (isnan(low) || isnan(high) || isnan(log_odds))
        return PL_NO_CONVERGENCE;
    PlInference in = {.estimate = most ? INFINITY : log_odds, .n = (size_t)(treated.trials + control.trials)};
    double p = pl_tail_p(options->alternative, tail(&t, 1, true), tail(&t, 1, false));
    pl_set_interval(&in, options, p, low, high, LIMIT_ROUNDING / fmin(1, 1 - level));
    in.estimate = most ? 0 : exp(log_odds);
    /* so that a limit beside 0 stays beside 1 */
    in.conf_low = exp(in.conf_low > 0 ? fmax(in.conf_low, LIMIT_ROUNDING) : in.conf_low);
    in.conf_high = exp(in.conf_high < 0 ? fmin(in.conf_high, -LIMIT_ROUNDING) : in.conf_high);
    *out = (PlFisher){in, most, point_probability(&t)};
    return PL_OK;
}

/* A row that could not be estimated keeps its status; the test of the others goes on. */
static PlStatus add_contrast(PlAnswer *answer, const PlVariable *group, const PlRate *rates, size_t level,
                             const PlMethodOptions *options) {
    PlRate treated = rates[level], control = rates[options->control];
    PlAnswerRow *row = pl_answer_add(answer, group->labels[level]);
    if (!row)
        return PL_NO_MEMORY;
    row->versus = group->labels[options->control];
    PlFisher fisher;
    row->status = pl_fisher_exact(treated, control, &options->inference, &fisher);
    if (row->status != PL_OK) {
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        return row->status;
    }
    row->in = fisher.in;
    if (fisher.odds_infinite) {
        row->lacks = PL_LACKS_ESTIMATE;
        row->reason = "a cell of the table is 0: the odds ratio is infinite";
    }
    pl_answer_figure(row, "p_point_probability", fisher.p_point_probability);
    pl_answer_figure(row, "successes", treated.successes);
    pl_answer_figure(row, "trials", treated.trials);
    pl_answer_figure(row, "successes_control", control.successes);
    pl_answer_figure(row, "trials_control", control.trials);
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlRate *rates = NULL;
    PlStatus status = pl_rates_check(sample, options, answer), last = PL_OK;
    if (status == PL_OK)
        status = pl_rates_read(sample, PL_GROUP, answer, &rates);
    if (status != PL_OK)
        return status;
    const PlVariable *group = &sample->roles[PL_GROUP];
    size_t estimated = 0;
    for (size_t k = 0; k < group->n_levels && last != PL_NO_MEMORY; k++)
        if (k != options->control) {
            PlStatus row_status = add_contrast(answer, group, rates, k, options);
            estimated += row_status == PL_OK;
            last = row_status == PL_OK ? last : row_status;
        }
    if (options->inference.alternative == PL_TWO_SIDED)
        pl_answer_note(answer, "p is twice the smaller tail, which is the test that the interval stands for; "
                               "p_point_probability is the p-value that R gives");
    if (last == PL_NO_MEMORY || !estimated)
        return pl_answer_refuse(answer, last, last == PL_NO_MEMORY ? NULL : sample->roles[PL_X].name);
    return PL_OK;
}

const PlMethod pl_method_fisher_exact = {
    .id = "fisher_exact",
    .title = "Fisher's exact test",
    .family = pl_family_rates,
    .estimates = "odds ratio of each group against the control (conditional maximum likelihood); 1 is no "
                 "effect",
    .assumes = "Trials are independent.",
    .use = "For few successes, where nothing approximate can be trusted. With many, it is a little too "
           "careful; proportions gives a difference, which is easier to read.",
    .formula = "given both totals, the treated successes X are hypergeometric with the odds ratio w:\n"
               "P(X = k) in proportion to C(n1, k) C(n2, m - k) w^k\n"
               "limits: the w with P(X >= x) and P(X <= x) at the level of a tail\n"
               "p = twice the smaller tail at w = 1",
    .source = "Fisher 1935, doi:10.2307/2342435; Fay 2010, doi:10.1093/biostatistics/kxp050",
    .check = "3 of 4 against 1 of 4 (the lady tasting tea): odds ratio 6.4083, p = 17/35 = .4857, 95 % "
             "interval [.2117, 626.2]",
    .min_n = 2,
    .roles = pl_rate_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .run = run,
};
