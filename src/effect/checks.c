/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/checks.h"

#include <math.h>
#include <string.h>

#include "pairlift/design/balance.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/describe.h"

/* Named limits; docs/guide.md says where they come from. */
#define STD_DIFFERENCE_LIMIT 0.25
#define CORRELATION_LIMIT    0.5
#define TREND_ALPHA          0.05
#define NAMES_SHOWN          10

static void check_unpaired(const PlPanel *panel, const GPtrArray *pairs, PlResult *result) {
    g_autofree gboolean *paired = g_new0(gboolean, panel->n_stores);
    g_autoptr(GString) names = g_string_new(NULL);
    guint n = 0;
    for (guint i = 0; i < pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i);
        paired[pair->test] = paired[pair->control] = TRUE;
    }
    for (guint s = 0; s < panel->n_stores; s++) {
        if (paired[s])
            continue;
        if (n++ < NAMES_SHOWN)
            g_string_append_printf(names, "%s%s", n > 1 ? ", " : "", panel->stores[s]);
    }
    if (n == 0)
        pl_result_check(result, "unpaired_stores", PL_PASS, 0, "every store of the data is in a pair");
    else
        pl_result_check(result, "unpaired_stores", PL_PASS, n,
                        "%u of %u stores are in no pair and were not used: %s%s", n, panel->n_stores,
                        names->str, n > NAMES_SHOWN ? ", ..." : "");
}

void pl_check_coverage(const PlPanel *panel, const GPtrArray *pairs, const PlDefinition *def,
                       const PlGapReport *gaps, PlResult *result) {
    static const char *const treated[] = {[PL_GAPS_ERROR] = "an error",
                                          [PL_GAPS_ZERO] = "counted as no sales",
                                          [PL_GAPS_CLOSED] = "left out as closed",
                                          [PL_GAPS_INTERPOLATE] = "filled by a straight line"};
    const PlTable *sales = pl_definition_table(def, PL_TABLE_SALES);
    check_unpaired(panel, pairs, result);
    if (gaps->missing == 0)
        pl_result_check(result, "gaps", PL_PASS, 0,
                        "every paired store has a value for every %s of the periods",
                        pl_step_name(panel->step, 1));
    else
        pl_result_check(result, "gaps", PL_WARN, gaps->missing,
                        "%u store-%s of %u stores had no value and were %s (the first: %s)", gaps->missing,
                        pl_step_name(panel->step, 2), gaps->stores, treated[sales->gaps], gaps->first);
}

void pl_check_positive(const PlPanel *panel, const GPtrArray *pairs, const PlMetric *metric,
                       const PlRange *ranges, guint n_ranges, PlResult *result) {
    PlBoundMetric bound;
    guint zero = 0, negative = 0;
    if (!pl_metric_bind(metric, panel, &bound))
        return;
    for (guint i = 0; i < 2 * pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i / 2);
        guint store = i % 2 ? pair->control : pair->test;
        double v;
        for (guint r = 0; r < n_ranges; r++)
            for (guint t = ranges[r].begin; t < ranges[r].end; t++)
                if (pl_metric_value(panel, &bound, store, t, t + 1, &v)) {
                    zero += v == 0 ? 1 : 0;
                    negative += v < 0 ? 1 : 0;
                }
    }
    if (zero + negative == 0)
        pl_result_check(result, "positive_values", PL_PASS, 0, "every %s of the paired stores is above zero",
                        metric->name);
    else
        pl_result_check(result, "positive_values", PL_WARN, zero + negative,
                        "%u store-%s have zero and %u negative %s: returns, closures, or faulty rows?", zero,
                        pl_step_name(panel->step, 2), negative, metric->name);
}

static void check_trend(const PlBalance *b, PlScale scale, const char *step, PlResult *result) {
    if (isnan(b->trend_p)) {
        pl_result_check(result, "parallel_trend", PL_PASS, NAN,
                        "cannot be tested: it takes two pairs with two intervals before");
        return;
    }
    g_autofree char *p = pl_format_p(b->trend_p);
    g_autofree char *trend =
        pl_format_effect(scale == PL_EFFECT_RELATIVE ? expm1(b->trend) : b->trend, NAN, scale, NULL);
    if (b->trend_p < TREND_ALPHA)
        pl_result_check(
            result, "parallel_trend", PL_WARN, b->trend_p,
            "before, test stores already drifted from their controls by %s a %s (p = %s): the effect may "
            "be that drift going on",
            trend, step, p);
    else
        pl_result_check(result, "parallel_trend", PL_PASS, b->trend_p,
                        "before, the two sides did not drift apart measurably (%s a %s, p = %s)", trend, step,
                        p);
}

static void check_levels(const PlBalance *b, PlResult *result) {
    if (isnan(b->std_difference)) {
        pl_result_check(result, "balance", PL_PASS, NAN, "cannot be measured with fewer than two pairs");
        return;
    }
    gboolean ok = fabs(b->std_difference) <= STD_DIFFERENCE_LIMIT;
    pl_result_check(result, "balance", ok ? PL_PASS : PL_WARN, b->std_difference,
                    "before, the test stores' level is %.2f standard deviations %s the controls' (%s %.2f)",
                    fabs(b->std_difference), b->std_difference < 0 ? "below" : "above",
                    ok ? "balanced up to" : "more than", STD_DIFFERENCE_LIMIT);
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
    if (b.n_correlations)
        pl_result_check(
            result, "pair_correlation", b.correlation_median >= CORRELATION_LIMIT ? PL_PASS : PL_WARN,
            b.correlation_median,
            "before, the two stores of a pair moved together with a median correlation of %.2f (lowest "
            "%.2f, %s)",
            b.correlation_median, b.correlation_min, b.least_alike);
    else
        pl_result_check(result, "pair_correlation", PL_PASS, NAN,
                        "cannot be measured with fewer than three intervals before");
    check_trend(&b, result->scale, pl_step_name(panel->step, 1), result);
}

/* The estimate of a method on `n` effects, without the cost of its interval where it is the mean. */
static gboolean point(const PlMethod *method, const PlInferenceOptions *options, const double *d, guint n,
                      double *work, double *estimate) {
    PlInference inference;
    if (method->of_mean)
        return pl_mean_sd(d, n, estimate, NULL) == PL_OK;
    if (method->test(d, n, options, work, &inference) != PL_OK)
        return FALSE;
    *estimate = inference.estimate;
    return TRUE;
}

static void check_leave_one_out(const PlEffects *e, const PlMethod *method, const PlInferenceOptions *options,
                                PlResult *result) {
    double all, low = INFINITY, high = -INFINITY, farthest = -1;
    const char *influential = "";
    size_t n_work = method->work ? method->work(e->n, options) : 0;
    g_autofree double *rest = g_new(double, e->n), *work = g_new(double, n_work + 1);
    if (e->n < 3 || !point(method, options, e->effects, e->n, work, &all)) {
        pl_result_check(result, "leave_one_out", PL_PASS, NAN,
                        "cannot be measured with fewer than three pairs");
        return;
    }
    for (guint out = 0; out < e->n; out++) {
        double estimate;
        memcpy(rest, e->effects, out * sizeof *rest);
        memcpy(rest + out, e->effects + out + 1, (e->n - out - 1) * sizeof *rest);
        if (!point(method, options, rest, e->n - 1, work, &estimate))
            continue;
        low = fmin(low, estimate);
        high = fmax(high, estimate);
        if (fabs(estimate - all) > farthest) {
            farthest = fabs(estimate - all);
            influential = e->pairs[out]->id;
        }
    }
    if (farthest < 0)
        return;
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    g_autofree char *a = pl_format_effect(relative ? expm1(low) : low, high - low, result->scale, NULL);
    g_autofree char *b = pl_format_effect(relative ? expm1(high) : high, high - low, result->scale, NULL);
    gboolean flips = (low < 0) != (high < 0);
    pl_result_check(result, "leave_one_out", flips ? PL_WARN : PL_PASS, farthest,
                    "with any one pair left out the effect is between %s and %s%s; the pair %s weighs most",
                    a, b, flips ? ": its sign hangs on a single pair" : "", influential);
}

void pl_check_pairs(const PlEffects *effects, const PlMethod *method, const PlInferenceOptions *options,
                    PlResult *result) {
    guint declared = 0;
    for (guint i = 0; i < result->pairs->len; i++) {
        const PlPairEffect *row = g_ptr_array_index(result->pairs, i);
        declared += g_str_equal(row->treatment, effects->treatment) &&
                            g_str_equal(row->metric, effects->metric->name) &&
                            g_str_equal(row->period, effects->period)
                        ? 1
                        : 0;
    }
    if (effects->n < declared)
        pl_result_check(result, "pairs", PL_WARN, effects->n,
                        "%u of %u pairs have an effect; pairs.csv says why the others have none", effects->n,
                        declared);
    else if (effects->n < 6)
        pl_result_check(result, "pairs", PL_WARN, effects->n,
                        "%u pair%s: so few can show a difference, but hardly rule out chance without "
                        "assuming a bell curve",
                        effects->n, effects->n == 1 ? "" : "s");
    else
        pl_result_check(result, "pairs", PL_PASS, effects->n, "%u pairs, all with an effect", effects->n);
    check_leave_one_out(effects, method, options, result);
}
