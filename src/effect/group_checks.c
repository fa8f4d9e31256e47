/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/group_checks.h"

#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/model/value.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/moments.h"

/* Named limits; docs/guide.md says where they come from. */
#define STD_DIFFERENCE_LIMIT 0.25
#define TREND_ALPHA          0.05
enum { FEW_STORES = 4 };

static char *whose(const char *treatment, const PlResult *result) {
    return result->treatments && g_strv_length(result->treatments) > 1 ? g_strconcat(treatment, ": ", NULL)
                                                                       : g_strdup("");
}

/* A store's level before and its slope over the intervals, on the scale of the effect; NaN: not to be had. */
static void course_of(const PlGroupScope *s, const PlBoundMetric *bound, guint store, double *level,
                      double *slope) {
    guint n = 0;
    double v;
    g_autofree double *series = g_new(double, s->before.end - s->before.begin + 1);
    *level = *slope = NAN;
    if (pl_metric_value(s->panel, bound, store, s->before.begin, s->before.end, &v))
        *level = s->scale == PL_EFFECT_RELATIVE ? log(v) : v;
    for (guint t = s->before.begin; t < s->before.end; t++) {
        if (!pl_metric_value(s->panel, bound, store, t, t + 1, &v))
            continue;
        series[n] = s->scale == PL_EFFECT_RELATIVE ? log(v) : v;
        n += isfinite(series[n]) ? 1 : 0;
    }
    if (n >= 2 && pl_slope(series, n, slope) != PL_OK)
        *slope = NAN;
}

/* Levels and slopes of one side, those that are numbers. */
typedef struct {
    double *levels, *slopes;
    guint n_levels, n_slopes;
} Side;

static Side side_of(const PlGroupScope *s, const PlBoundMetric *bound, const guint *stores, guint n) {
    Side side = {g_new(double, n + 1), g_new(double, n + 1), 0, 0};
    for (guint i = 0; i < n; i++) {
        double level, slope;
        course_of(s, bound, stores[i], &level, &slope);
        if (isfinite(level))
            side.levels[side.n_levels++] = level;
        if (isfinite(slope))
            side.slopes[side.n_slopes++] = slope;
    }
    return side;
}

static void check_levels(const Side *test, const Side *control, const char *treatment, PlResult *result) {
    double mean_t, mean_c, sd_t, sd_c;
    if (pl_mean_sd(test->levels, test->n_levels, &mean_t, &sd_t) != PL_OK ||
        pl_mean_sd(control->levels, control->n_levels, &mean_c, &sd_c) != PL_OK || !(sd_t + sd_c > 0)) {
        pl_result_check(result, "balance", PL_WARN, NAN,
                        "%snot measured: it takes two stores a group whose levels differ", treatment);
        return;
    }
    double difference = (mean_t - mean_c) / sqrt((sd_t * sd_t + sd_c * sd_c) / 2);
    gboolean ok = fabs(difference) <= STD_DIFFERENCE_LIMIT;
    pl_result_check(result, "balance", ok ? PL_PASS : PL_WARN, difference,
                    "%sbefore, the test stores' level is %.2f standard deviations %s the controls' (%s %.2f)",
                    treatment, fabs(difference), difference < 0 ? "below" : "above",
                    ok ? "balanced up to" : "more than", STD_DIFFERENCE_LIMIT);
}

static void check_trend(const Side *test, const Side *control, const char *treatment, const char *step,
                        PlResult *result) {
    PlInference in;
    PlInferenceOptions options = {0.95, PL_TWO_SIDED, 0, 0, 1, 0};
    if (pl_welch_t(test->slopes, test->n_slopes, control->slopes, control->n_slopes, &options, NULL, &in) !=
        PL_OK) {
        pl_result_check(result, "parallel_trend", PL_WARN, NAN,
                        "%snot tested: it takes two stores a group and two intervals before", treatment);
        return;
    }
    gboolean drifts = in.p_value < TREND_ALPHA;
    g_autofree char *p = pl_format_p_is(in.p_value);
    g_autofree char *trend = pl_format_effect(
        result->scale == PL_EFFECT_RELATIVE ? expm1(in.estimate) : in.estimate, NAN, result->scale, NULL);
    pl_result_check(
        result, "parallel_trend", drifts ? PL_WARN : PL_PASS, in.p_value,
        drifts ? "%sbefore, test stores already drifted from the controls by %s a %s (%s): the effect "
                 "may be that drift going on"
               : "%sbefore, the two groups did not drift apart measurably (%s a %s, %s)",
        treatment, trend, step, p);
}

void pl_check_group_balance(const PlGroupScope *s, const PlArm *arm, const PlMetric *metric,
                            PlResult *result) {
    g_autofree char *treatment = whose(arm->treatment->name, result);
    PlBoundMetric bound;
    if (s->before.begin == s->before.end) {
        pl_result_check(result, "before_period", PL_WARN, NAN,
                        "there is no period before: nothing corrects for how the groups differed anyway");
        return;
    }
    if (!pl_metric_bind(metric, s->panel, &bound))
        return;
    Side test = side_of(s, &bound, arm->test, arm->n_test),
         control = side_of(s, &bound, arm->control, arm->n_control);
    check_levels(&test, &control, treatment, result);
    check_trend(&test, &control, treatment, pl_step_name(s->panel->step, 1), result);
    double *owned[] = {test.levels, test.slopes, control.levels, control.slopes};
    for (gsize i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

/* Test stores whose block has no control with a value: ols learns nothing from them. */
static void check_blocks(const PlEffects *e, const char *treatment, PlResult *result) {
    const PlGroupValues *g = e->groups;
    g_autofree gboolean *has_control = g_new0(gboolean, g->n_blocks + 1);
    const char *first = NULL;
    guint alone = 0;
    if (!g->block_names)
        return;
    for (guint i = 0; i < g->n; i++)
        has_control[g->block[i]] = has_control[g->block[i]] || g->level[i] == 0;
    for (guint i = 0; i < g->n; i++)
        if (g->level[i] == e->level && !has_control[g->block[i]]) {
            first = first ? first : g->block_names[g->block[i]];
            alone++;
        }
    if (alone == 0)
        pl_result_check(result, "blocks", PL_PASS, g->n_blocks,
                        "%s%u blocks, and every test store has a control in its own", treatment, g->n_blocks);
    else
        pl_result_check(
            result, "blocks", PL_WARN, alone,
            "%s%u of %u test stores have no control in their block (the first block: %s): little or "
            "nothing is learnt from them",
            treatment, alone, e->n, first);
}

/* The simple difference of the means without each store in turn. */
static void check_leave_one_out(const PlEffects *e, const PlPanel *panel, const char *treatment,
                                PlResult *result) {
    const PlGroupValues *g = e->groups;
    double sums[2] = {0, 0}, low = INFINITY, high = -INFINITY, farthest = -1;
    guint counts[2] = {0, 0}, heaviest = 0;
    if (e->n < 2 || e->n_control < 2)
        return;
    for (guint i = 0; i < g->n; i++)
        if (g->level[i] == 0 || g->level[i] == e->level) {
            sums[g->level[i] != 0] += g->change[i];
            counts[g->level[i] != 0]++;
        }
    double all = sums[1] / counts[1] - sums[0] / counts[0];
    for (guint i = 0; i < g->n; i++) {
        gboolean test = g->level[i] != 0;
        if (test && g->level[i] != e->level)
            continue;
        double without = (sums[test] - g->change[i]) / (counts[test] - 1),
               other = sums[!test] / counts[!test];
        double d = test ? without - other : other - without;
        low = fmin(low, d);
        high = fmax(high, d);
        if (fabs(d - all) > farthest) {
            farthest = fabs(d - all);
            heaviest = g->store[i];
        }
    }
    gboolean relative = result->scale == PL_EFFECT_RELATIVE, flips = (low < 0) != (high < 0);
    g_autofree char *a = pl_format_effect(relative ? expm1(low) : low, high - low, result->scale, NULL),
                    *b = pl_format_effect(relative ? expm1(high) : high, high - low, result->scale, NULL);
    pl_result_check(
        result, "leave_one_out", flips ? PL_WARN : PL_PASS, farthest,
        "%swith any one store left out the difference of the means is between %s and %s%s; store %s "
        "weighs most",
        treatment, a, b, flips ? ": its sign hangs on a single store" : "", panel->stores[heaviest]);
}

void pl_check_groups(const PlEffects *e, const PlPanel *panel, PlResult *result) {
    g_autofree char *treatment = whose(e->treatment, result);
    const PlGroupValues *g = e->groups;
    guint least = MIN(e->n, e->n_control);
    if (g->left_out)
        pl_result_check(result, "stores", PL_WARN, g->left_out,
                        "%s%u stores of the groups have no effect (the "
                        "first: %s)",
                        treatment, g->left_out, g->first_left_out);
    pl_result_check(result, "groups", least < FEW_STORES ? PL_WARN : PL_PASS, least,
                    "%s%u test and %u control stores%s", treatment, e->n, e->n_control,
                    least < FEW_STORES ? ": so few can show a difference, but hardly rule out chance" : "");
    check_blocks(e, treatment, result);
    check_leave_one_out(e, panel, treatment, result);
}
