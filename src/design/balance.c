/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/balance.h"

#include <math.h>
#include <stdlib.h>

#include "pairlift/stats/moments.h"
#include "pairlift/stats/paired.h"

static gboolean scaled_value(const PlPanel *panel, const PlBoundMetric *metric, PlScale scale, guint store,
                             guint begin, guint end, double *value) {
    if (!pl_metric_value(panel, metric, store, begin, end, value))
        return FALSE;
    if (scale == PL_EFFECT_RELATIVE)
        *value = *value > 0 ? log(*value) : NAN;
    return isfinite(*value);
}

static double std_difference(const double *test, const double *control, guint n) {
    double mean_t, mean_c, sd_t, sd_c;
    if (n < 2 || pl_mean_sd(test, n, &mean_t, &sd_t) != PL_OK ||
        pl_mean_sd(control, n, &mean_c, &sd_c) != PL_OK)
        return NAN;
    double pooled = sqrt((sd_t * sd_t + sd_c * sd_c) / 2);
    return pooled > 0 ? (mean_t - mean_c) / pooled : NAN;
}

/* The intervals at which both stores of a pair have a value. */
static guint common_series(const PlPanel *panel, const PlPair *pair, const PlBoundMetric *metric,
                           PlScale scale, guint begin, guint end, double *test, double *control,
                           double *gap) {
    guint n = 0;
    for (guint t = begin; t < end; t++)
        if (scaled_value(panel, metric, scale, pair->test, t, t + 1, &test[n]) &&
            scaled_value(panel, metric, scale, pair->control, t, t + 1, &control[n])) {
            gap[n] = test[n] - control[n];
            n++;
        }
    return n;
}

double pl_pair_correlation(const PlPanel *panel, const PlPair *pair, const PlBoundMetric *metric,
                           PlScale scale, guint begin, guint end) {
    guint length = end - begin;
    double r;
    g_autofree double *series = g_new(double, 3 * length + 1);
    guint n =
        common_series(panel, pair, metric, scale, begin, end, series, series + length, series + 2 * length);
    return n >= 3 && pl_correlation(series, series + length, n, &r) == PL_OK ? r : NAN;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void trend_test(const double *slopes, guint n, PlBalance *b) {
    PlInference inference;
    PlInferenceOptions options = {0.95, PL_TWO_SIDED, 0, 0, 1, 0};
    if (n < 2 || pl_paired_t(slopes, n, &options, NULL, &inference) != PL_OK)
        return;
    b->trend = inference.estimate;
    b->trend_p = inference.p_value;
}

PlBalance pl_balance(const PlPanel *panel, const GPtrArray *pairs, const PlBoundMetric *metric, PlScale scale,
                     guint begin, guint end) {
    PlBalance b = {NAN, NAN, NAN, NULL, 0, NAN, NAN};
    guint n_levels = 0, n_slopes = 0, length = end - begin;
    g_autofree double *levels = g_new(double, 4 * pairs->len + 1), *series = g_new(double, 3 * length + 1);
    double *level_t = levels, *level_c = levels + pairs->len, *slopes = level_c + pairs->len;
    double *correlations = slopes + pairs->len;
    double *test = series, *control = series + length, *gap = control + length;
    for (guint i = 0; i < pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i);
        if (scaled_value(panel, metric, scale, pair->test, begin, end, &level_t[n_levels]) &&
            scaled_value(panel, metric, scale, pair->control, begin, end, &level_c[n_levels]))
            n_levels++;
        guint n = common_series(panel, pair, metric, scale, begin, end, test, control, gap);
        if (n >= 2 && pl_slope(gap, n, &slopes[n_slopes]) == PL_OK)
            n_slopes++;
        double r;
        if (n < 3 || pl_correlation(test, control, n, &r) != PL_OK)
            continue;
        if (!b.least_alike || r < b.correlation_min) {
            b.correlation_min = r;
            b.least_alike = pair->id;
        }
        correlations[b.n_correlations++] = r;
    }
    b.std_difference = std_difference(level_t, level_c, n_levels);
    trend_test(slopes, n_slopes, &b);
    if (b.n_correlations) {
        qsort(correlations, b.n_correlations, sizeof *correlations, ascending);
        b.correlation_median = pl_quantile_sorted(correlations, b.n_correlations, 0.5);
    }
    return b;
}
