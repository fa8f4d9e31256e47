/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/pair_checks.h"

#include <math.h>
#include <string.h>

#include "pairlift/design/balance.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/paired.h"

/* Named limits; docs/guide.md says where they come from. */
#define STD_DIFFERENCE_LIMIT 0.25
#define CORRELATION_LIMIT    0.5
#define TREND_ALPHA          0.05
#define FEW_PAIRS            6

static void check_trend(const PlBalance *b, PlScale scale, const char *step, PlResult *result) {
    if (isnan(b->trend_p)) {
        pl_result_check(
            result, "parallel_trend", PL_WARN, NAN,
            "not tested: it takes two pairs, two intervals before, and pairs that do not all drift alike");
        return;
    }
    g_autofree char *p = pl_format_p_is(b->trend_p);
    g_autofree char *trend =
        pl_format_effect(scale == PL_EFFECT_RELATIVE ? expm1(b->trend) : b->trend, NAN, scale, NULL);
    if (b->trend_p < TREND_ALPHA)
        pl_result_check(
            result, "parallel_trend", PL_WARN, b->trend_p,
            "before, test stores already drifted from their controls by %s a %s (%s): the effect may be "
            "that drift going on",
            trend, step, p);
    else
        pl_result_check(result, "parallel_trend", PL_PASS, b->trend_p,
                        "before, the two sides did not drift apart measurably (%s a %s, %s)", trend, step, p);
}

static void check_levels(const PlBalance *b, PlResult *result) {
    if (isnan(b->std_difference)) {
        pl_result_check(result, "balance", PL_WARN, NAN,
                        "not measured: it takes two pairs whose levels differ");
        return;
    }
    gboolean ok = fabs(b->std_difference) <= STD_DIFFERENCE_LIMIT;
    pl_result_check(result, "balance", ok ? PL_PASS : PL_WARN, b->std_difference,
                    "before, the test stores' level is %.2f standard deviations %s the controls' (%s %.2f)",
                    fabs(b->std_difference), b->std_difference < 0 ? "below" : "above",
                    ok ? "balanced up to" : "more than", STD_DIFFERENCE_LIMIT);
}

static void check_correlation(const PlBalance *b, PlResult *result) {
    if (b->n_correlations == 0) {
        pl_result_check(result, "pair_correlation", PL_WARN, NAN,
                        "not measured: it takes three intervals before, and values that vary");
        return;
    }
    pl_result_check(
        result, "pair_correlation", b->correlation_median >= CORRELATION_LIMIT ? PL_PASS : PL_WARN,
        b->correlation_median,
        "before, the two stores of a pair moved together with a median correlation of %.2f (lowest %.2f, "
        "pair %s)",
        b->correlation_median, b->correlation_min, b->least_alike);
}

void pl_check_balance(const PlPanel *panel, const GPtrArray *pairs, const PlMetric *metric, PlRange before,
                      PlResult *result) {
    PlBoundMetric bound;
    if (before.begin == before.end) {
        pl_result_check(
            result, "before_period", PL_WARN, NAN,
            "there is no period before: nothing corrects for how the two stores of a pair differed anyway");
        return;
    }
    if (!pl_metric_bind(metric, panel, &bound))
        return;
    PlBalance b = pl_balance(panel, pairs, &bound, result->scale, before.begin, before.end);
    check_levels(&b, result);
    check_correlation(&b, result);
    check_trend(&b, result->scale, pl_step_name(panel->step, 1), result);
}

/* "coupon: " where there are several treatments to tell apart. */
static char *whose(const PlEffects *e, const PlResult *result) {
    return result->treatments && g_strv_length(result->treatments) > 1 ? g_strconcat(e->treatment, ": ", NULL)
                                                                       : g_strdup("");
}

/* The estimates without each pair in turn: their range, and the pair that moves them most. */
typedef struct {
    double low, high, farthest;
    const PlPair *heaviest; /* NULL: not to be had */
} LeaveOneOut;

static LeaveOneOut leave_one_out(const PlEffects *e, const PlMethod *method) {
    LeaveOneOut l = {INFINITY, -INFINITY, -1, NULL};
    g_autofree double *rest = g_new(double, e->n + 1);
    PlArena arena = {0};
    double all, estimate;
    PlPairedPoint *point = method->point ? method->point : pl_point_mean;
    if (e->n < 3 || point(e->effects, e->n, &arena, &all) != PL_OK) {
        pl_arena_clear(&arena);
        return l;
    }
    PlArenaMark mark = pl_arena_mark(&arena);
    for (guint out = 0; out < e->n; out++) {
        memcpy(rest, e->effects, out * sizeof *rest);
        memcpy(rest + out, e->effects + out + 1, (e->n - out - 1) * sizeof *rest);
        pl_arena_release(&arena, mark);
        if (point(rest, e->n - 1, &arena, &estimate) != PL_OK)
            continue;
        l.low = fmin(l.low, estimate);
        l.high = fmax(l.high, estimate);
        if (fabs(estimate - all) > l.farthest) {
            l.farthest = fabs(estimate - all);
            l.heaviest = e->pairs[out];
        }
    }
    pl_arena_clear(&arena);
    return l;
}

static void check_leave_one_out(const PlEffects *e, const PlMethod *method, PlResult *result) {
    g_autofree char *treatment = whose(e, result);
    LeaveOneOut l = leave_one_out(e, method);
    if (!l.heaviest) {
        pl_result_check(result, "leave_one_out", PL_WARN, NAN, "%snot measured: it takes three pairs",
                        treatment);
        return;
    }
    gboolean relative = result->scale == PL_EFFECT_RELATIVE, flips = (l.low < 0) != (l.high < 0);
    g_autofree char *a =
        pl_format_effect(relative ? expm1(l.low) : l.low, l.high - l.low, result->scale, NULL);
    g_autofree char *b =
        pl_format_effect(relative ? expm1(l.high) : l.high, l.high - l.low, result->scale, NULL);
    pl_result_check(result, "leave_one_out", flips ? PL_WARN : PL_PASS, l.farthest,
                    "%swith any one pair left out the effect is between %s and %s%s; the pair %s weighs most",
                    treatment, a, b, flips ? ": its sign hangs on a single pair" : "", l.heaviest->id);
}

/* The pairs of the deciding effects, with an effect or without. */
static guint declared_pairs(const PlEffects *e, const PlResult *result) {
    guint n = 0;
    for (guint i = 0; i < result->pairs->len; i++) {
        const PlPairEffect *row = g_ptr_array_index(result->pairs, i);
        n += g_str_equal(row->treatment, e->treatment) && g_str_equal(row->metric, e->metric->name) &&
                     g_str_equal(row->period, e->period)
                 ? 1
                 : 0;
    }
    return n;
}

/* Rows of other metrics and periods without an effect: counted, and the first one named with its reason. */
static void check_other_pairs(const PlEffects *e, const char *treatment, PlResult *result) {
    const PlPairEffect *first = NULL;
    guint n = 0;
    for (guint i = 0; i < result->pairs->len; i++) {
        const PlPairEffect *row = g_ptr_array_index(result->pairs, i);
        gboolean decides = g_str_equal(row->metric, e->metric->name) && g_str_equal(row->period, e->period);
        if (decides || !g_str_equal(row->treatment, e->treatment) || !isnan(row->effect))
            continue;
        first = first ? first : row;
        n++;
    }
    if (n == 0)
        return;
    g_autofree char *count = pl_format_count(n, "effect", "effects");
    pl_result_check(
        result, "other_pairs", PL_WARN, n,
        "%s%s of single pairs on other metrics or periods could not be had (the first: %s %s, pair %s: %s); "
        "pairs.csv has all",
        treatment, count, first->metric, first->period, first->pair, first->reason);
}

void pl_check_pairs(const PlEffects *effects, const PlMethod *method, PlResult *result) {
    g_autofree char *treatment = whose(effects, result);
    guint declared = declared_pairs(effects, result), n = effects->n;
    g_autofree char *count = pl_format_count(n, "pair", "pairs");
    if (n < declared)
        pl_result_check(result, "pairs", PL_WARN, n,
                        "%s%u of %u pairs have an effect; pairs.csv says why the others have none", treatment,
                        n, declared);
    else if (n < FEW_PAIRS)
        pl_result_check(
            result, "pairs", PL_WARN, n,
            "%s%s: so few can show a difference, but hardly rule out chance without assuming a bell curve",
            treatment, count);
    else
        pl_result_check(result, "pairs", PL_PASS, n, "%s%s, all with an effect", treatment, count);
    check_other_pairs(effects, treatment, result);
    check_leave_one_out(effects, method, result);
}
