/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/effect_ratio.h"

#include "pairlift/stats/crossings.h"
#include "pairlift/stats/duality.h"
#include "pairlift/stats/studentized.h"

#include <float.h>
#include <math.h>

/* Newton's steps to a root, each of which is exact once the order of the residuals is right. */
enum { STEPS_MAX = 50 };

/* A trimmed sum of residuals as a function of the ratio, while the sweep passes. */
typedef struct {
    double r, s; /* sums over the untrimmed: the trimmed sum is r - ratio * s */
    double from; /* where r and s began to hold */
    int sign;    /* of the trimmed sum there */
    size_t n_roots;
    double root, norm; /* the best so far; norm < 0: not computed */
} Level;

typedef struct {
    const double *r, *s;
    size_t n;
    Level *levels; /* by pairs trimmed on each side */
    size_t n_levels;
    PlKeyed *residuals, *scratch; /* of order_at */
} Search;

static int sign_of(double x) {
    return (x > 0) - (x < 0);
}

/* search->residuals: the residuals at `ratio`, ascending, those that tie by their spend. */
static void order_at(const Search *search, double ratio) {
    PlKeyed *e = search->residuals;
    for (size_t k = 0; k < search->n; k++)
        e[k] = (PlKeyed){search->s[k], (uint32_t)k, 0};
    pl_keyed_sort(e, search->scratch, search->n);
    for (size_t k = 0; k < search->n; k++)
        e[k].key = search->r[e[k].i] - ratio * search->s[e[k].i];
    pl_keyed_sort(e, search->scratch, search->n);
}

/* The root near `guess`, from sums without the sweep's rounding; leaves the residuals ordered there. */
static double polish(const Search *search, size_t m, double guess) {
    double ratio = guess;
    for (int step = 0; step < STEPS_MAX; step++) {
        order_at(search, ratio);
        double r = 0, s = 0;
        for (size_t k = m; k < search->n - m; k++) {
            r += search->r[search->residuals[k].i];
            s += search->s[search->residuals[k].i];
        }
        double next = r / s;
        if (!isfinite(next))
            break;
        if (fabs(next - ratio) <= 4 * DBL_EPSILON * fabs(next))
            return ratio;
        ratio = next;
    }
    order_at(search, guess);
    return guess;
}

/* How far the ordered, untrimmed residuals are from symmetric about zero: of several roots the one with the
 * smallest is taken. Chen and Au 2022, section 4. */
static double asymmetry(const Search *search, size_t m) {
    double sum = 0;
    for (size_t k = m; k < search->n - m; k++)
        sum += fabs(search->residuals[k].key + search->residuals[search->n - 1 - k].key);
    return sum;
}

static void add_root(const Search *search, Level *level, double guess) {
    size_t m = (size_t)(level - search->levels);
    if (level->n_roots == 1) {
        polish(search, m, level->root);
        level->norm = asymmetry(search, m);
    }
    double root = polish(search, m, guess);
    if (level->n_roots++ == 0) {
        level->root = root;
        return;
    }
    double norm = asymmetry(search, m);
    if (norm < level->norm) {
        level->root = root;
        level->norm = norm;
    }
}

/* The trimmed sum is continuous, so a root is where its sign changes from one crossing to the next. */
static void close_level(const Search *search, Level *level, double at) {
    int sign = isfinite(at)    ? sign_of(level->r - at * level->s)
               : level->s != 0 ? -sign_of(level->s)
                               : sign_of(level->r);
    if (level->sign != 0 && sign != level->sign) {
        double root = level->r / level->s;
        add_root(search, level, isfinite(root) ? fmin(at, fmax(level->from, root)) : at);
    }
    level->sign = sign;
    level->from = at;
}

/* One place in the order belongs to the edge of one level at most. */
static void swap_levels(void *context, const PlLines *lines, double at, size_t place) {
    const Search *search = context;
    size_t low = place + 1, high = search->n - 1 - place, m = low < search->n_levels ? low : high;
    if (m >= search->n_levels)
        return;
    Level *level = &search->levels[m];
    size_t a = lines->line_at[place], b = lines->line_at[place + 1];
    size_t enters = m == low ? a : b, leaves = m == low ? b : a;
    close_level(search, level, at);
    level->r += lines->r[enters] - lines->r[leaves];
    level->s += lines->s[enters] - lines->s[leaves];
}

/* The best root of every level. */
static PlStatus find_roots(Search *search, PlArena *arena) {
    PlLines lines;
    search->levels = pl_arena_take(arena, search->n_levels, sizeof *search->levels);
    search->residuals = pl_arena_take(arena, search->n, sizeof *search->residuals);
    search->scratch = pl_arena_take(arena, search->n, sizeof *search->scratch);
    if (!search->levels || !search->residuals || !search->scratch ||
        !pl_lines_set(&lines, search->r, search->s, search->n, false, arena))
        return PL_NO_MEMORY;
    for (size_t m = 0; m < search->n_levels; m++) {
        Level *level = &search->levels[m];
        *level = (Level){.from = -INFINITY};
        for (size_t k = m; k < search->n - m; k++) {
            level->r += lines.r[k];
            level->s += lines.s[k];
        }
        level->sign = level->s != 0 ? sign_of(level->s) : sign_of(level->r);
    }
    if (search->n_levels > 1 && !pl_lines_sweep(&lines, arena, swap_levels, search))
        return PL_NO_MEMORY;
    for (size_t m = 0; m < search->n_levels; m++)
        close_level(search, &search->levels[m], INFINITY);
    return PL_OK;
}

/* Standard error of the root with m trimmed on each side, Chen and Au 2022; the residuals are ordered at it.
 * Infinite when the untrimmed spend nothing. */
static double root_error(const Search *search, size_t m) {
    const PlKeyed *e = search->residuals;
    double low = e[m].key, high = e[search->n - 1 - m].key;
    double squares = (double)m * (low * low + high * high), spend = 0;
    for (size_t k = m; k < search->n - m; k++) {
        squares += e[k].key * e[k].key;
        spend += search->s[e[k].i];
    }
    return spend == 0 ? INFINITY : sqrt(squares) / fabs(spend);
}

/* ---- from levels to the answer ---- */

/* Pairs trimmed on each side for a share; a share that is a whole number of pairs up to rounding is that. */
static size_t pairs_of(double share, size_t n, bool up) {
    double pairs = share * (double)n;
    return (size_t)(up ? ceil(pairs - 1e-9) : floor(pairs + 1e-9));
}

static PlStatus check(const double *r, const double *s, size_t n, const PlTrimOptions *trim,
                      const PlInferenceOptions *options) {
    PlStatus status = pl_check_paired(r, n, 2, options);
    if (status == PL_OK)
        status = pl_check_paired(s, n, 2, options);
    if (status != PL_OK)
        return status;
    double most = isnan(trim->max_trim) ? PL_MAX_TRIM : trim->max_trim,
           share = isnan(trim->trim) ? 0 : trim->trim;
    bool one_sided = options->alternative != PL_TWO_SIDED;
    if (!(most >= 0 && most < .5 && share >= 0 && share < .5) || !isfinite(trim->null_value) ||
        (one_sided && options->conf_level < .5))
        return PL_BAD_ARGUMENT;
    return 2 * pairs_of(share, n, true) + 2 <= n ? PL_OK : PL_TOO_FEW;
}

/* Estimates and errors of all levels into the answer's arrays; the level to take, or n_levels: none. */
static size_t choose(const Search *search, size_t first, double *estimates, double *errors) {
    double least = INFINITY;
    for (size_t m = first; m < search->n_levels; m++) {
        estimates[m] = errors[m] = NAN;
        if (search->levels[m].n_roots == 0)
            continue;
        order_at(search, search->levels[m].root);
        double error = root_error(search, m);
        if (!isfinite(error))
            continue;
        estimates[m] = search->levels[m].root;
        errors[m] = error;
        least = fmin(least, error);
    }
    for (size_t m = first; m < search->n_levels; m++)
        if (errors[m] <= (1 + .25 / sqrt((double)search->n)) * least)
            return m;
    return search->n_levels;
}

static bool mark_trimmed(const Search *search, size_t m, PlArena *arena, PlTrimmedMatch *out) {
    bool *trimmed = pl_arena_take(arena, search->n, sizeof *trimmed);
    if (!trimmed)
        return false;
    for (size_t k = 0; k < search->n; k++)
        trimmed[search->residuals[k].i] = k < m || k >= search->n - m;
    out->trimmed = trimmed;
    return true;
}

static PlStatus infer(const Search *search, size_t m, double null_value, const PlInferenceOptions *options,
                      PlArena *arena, PlTrimmedMatch *out) {
    double estimate = search->levels[m].root;
    order_at(search, estimate);
    double *centred = pl_arena_doubles(arena, search->n), largest = 0;
    if (!centred || !mark_trimmed(search, m, arena, out))
        return PL_NO_MEMORY;
    for (size_t i = 0; i < search->n; i++) {
        centred[i] = search->r[i] - estimate * search->s[i];
        largest = fmax(largest, fmax(fabs(search->r[i]), fabs(estimate * search->s[i])));
    }
    double spread = 0;
    for (size_t k = m; k < search->n - m; k++)
        spread = fmax(spread, fabs(search->residuals[k].key));
    if (spread <= PL_TIE_TOLERANCE * largest)
        return PL_NO_VARIANCE;
    PlStudentized t = {.m = m, .null_shift = null_value - estimate, .threshold = pl_tail_level(options)};
    if (!pl_studentized(centred, search->s, search->n, arena, &t))
        return PL_NO_MEMORY;
    out->in = (PlInference){.estimate = estimate - null_value,
                            .std_error = root_error(search, m),
                            .statistic = t.statistic,
                            .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC,
                            .n = search->n};
    double p = pl_tail_p(options->alternative, t.p_greater, t.p_less);
    pl_set_interval(&out->in, options, p, out->in.estimate + t.low, out->in.estimate + t.high,
                    PL_TIE_TOLERANCE * (fabs(estimate) + out->in.std_error));
    out->in.estimate = estimate;
    out->in.conf_low += null_value;
    out->in.conf_high += null_value;
    if ((options->alternative != PL_LESS && isinf(t.low)) ||
        (options->alternative != PL_GREATER && isinf(t.high))) {
        out->in.conf_low = out->in.conf_high = 0;
        out->lacks = PL_LACKS_INTERVAL;
        out->status = PL_UNBOUNDED;
        out->reason = "the spend hardly differs within pairs, or in both directions, so even a huge ratio is "
                      "not rejected";
    }
    return PL_OK;
}

static double largest_of(const double *x, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    return largest;
}

static const double *scaled(const double *x, size_t n, int exponent, PlArena *arena) {
    double *copy = pl_arena_doubles(arena, n);
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = ldexp(x[i], -exponent);
    return copy;
}

/* Back to the units of the data. */
static void unscale(PlTrimmedMatch *out, int exponent, double *estimates, double *errors, size_t first) {
    PlInference *in = &out->in;
    double *fields[] = {&in->estimate, &in->std_error, &in->conf_low, &in->conf_high};
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
        *fields[k] = ldexp(*fields[k], exponent);
    for (size_t m = first; m < first + out->n_tried; m++) {
        estimates[m] = ldexp(estimates[m], exponent);
        errors[m] = ldexp(errors[m], exponent);
    }
    out->tried_estimate = estimates + first;
    out->tried_error = errors + first;
}

/* Trimmed Match: the ratio of two effects in n pairs, `response` and `spend` being each pair's treated minus
 * control. The ratio is that at which the trimmed mean of response - ratio * spend is zero, with as many
 * pairs trimmed on each side as make its error nearly smallest, or with trim->trim of them. The interval is
 * the hull of the ratios at which the studentised trimmed mean is within the normal quantile of zero, and the
 * p-value that of null_value or of what is farther out, whichever is larger; so the two agree also where the
 * set of ratios not rejected has holes. `statistic`: the studentised trimmed mean behind p. PL_TOO_FEW: fewer
 * than 2 pairs, or than 2 left. PL_BAD_ARGUMENT: a share outside [0, .5), an option; one-sided levels are
 * from .5 on. PL_NOT_FINITE: a value, or a result. PL_NO_VARIANCE: the untrimmed responses are the same
 * multiple of the spend. PL_UNBOUNDED: no ratio, as the spend sums to zero; out->status says PL_UNBOUNDED
 * when only the limits are lacking. PL_NO_MEMORY: also more than PL_LINES_MAX pairs. Source: Chen and Au
 * 2022, doi:10.1214/21-AOAS1493. Check: trimmed_match's own tests and example data,
 * tests/unit/stats/test_trimmed_match.c. */
PlStatus pl_trimmed_match(const double *response, const double *spend, size_t n, const PlTrimOptions *trim,
                          const PlInferenceOptions *options, PlArena *arena, PlTrimmedMatch *out) {
    PlStatus status = check(response, spend, n, trim, options);
    if (status != PL_OK)
        return status;
    PlTrimmedMatch result = {0};
    int er = 0, es = 0;
    frexp(largest_of(response, n), &er);
    frexp(largest_of(spend, n), &es);
    size_t left = n / 2 - 1, first = 0,
           last = pairs_of(isnan(trim->max_trim) ? PL_MAX_TRIM : trim->max_trim, n, false);
    if (!isnan(trim->trim))
        first = last = pairs_of(trim->trim, n, true);
    last = last < left ? last : left;
    Search search = {
        .r = scaled(response, n, er, arena), .s = scaled(spend, n, es, arena), .n = n, .n_levels = last + 1};
    double *estimates = pl_arena_doubles(arena, last + 1), *errors = pl_arena_doubles(arena, last + 1);
    if (!search.r || !search.s || !estimates || !errors)
        return PL_NO_MEMORY;
    status = find_roots(&search, arena);
    if (status != PL_OK)
        return status;
    size_t m = choose(&search, first, estimates, errors);
    if (m == search.n_levels)
        return PL_UNBOUNDED;
    status = infer(&search, m, ldexp(trim->null_value, es - er), options, arena, &result);
    if (status != PL_OK)
        return status;
    result.n_each_side = m;
    result.trim_rate = (double)m / (double)n;
    result.n_tried = last + 1 - first;
    unscale(&result, er - es, estimates, errors, first);
    for (size_t i = 0; i < n; i++)
        result.incremental_cost += spend[i];
    result.incremental_response = result.in.estimate * result.incremental_cost;
    if (!isfinite(result.in.estimate) || !isfinite(result.in.std_error) || isnan(result.in.p_value) ||
        isnan(result.in.conf_low) || isnan(result.in.conf_high) || !isfinite(result.incremental_response))
        return PL_NOT_FINITE;
    *out = result;
    return PL_OK;
}
