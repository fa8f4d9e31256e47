/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <math.h>

#include "pairlift/model/result.h"

/* A small result to draw, and a look into a text. */

static inline void expect_within(const char *text, const char *part) {
    if (strstr(text, part) == NULL)
        cr_fail("\"%s\" is not in:\n%s", part, text);
}

static inline void add_pair(PlResult *result, const char *treatment, const char *name, double effect) {
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    PlPairEffect pair = {.pair = g_strdup(name),
                         .test = g_strdup(name),
                         .control = g_strdup(name),
                         .treatment = g_strdup(treatment),
                         .metric = g_strdup(result->primary),
                         .period = g_strdup("during"),
                         .test_before = 100,
                         .test_during = relative ? 110 * (1 + effect) : 120 + effect,
                         .control_before = 100,
                         .control_during = relative ? 110 : 120,
                         .effect = effect};
    g_ptr_array_add(result->pairs, g_memdup2(&pair, sizeof pair));
}

static inline PlEstimate *add_estimate(PlResult *result, const char *treatment, const char *method,
                                       double estimate, double low, double high) {
    PlEstimate *row = pl_result_add_estimate(result);
    row->treatment = g_strdup(treatment);
    row->metric = g_strdup(result->primary);
    row->period = g_strdup("during");
    row->method = g_strdup(method);
    row->estimate = estimate;
    row->conf_low = low;
    row->conf_high = high;
    row->conf_level = 0.95;
    row->p_value = row->p_adjusted = 0.012;
    return row;
}

static inline void add_series(PlResult *result, const char *treatment) {
    PlSeries series = {.treatment = g_strdup(treatment),
                       .metric = g_strdup(result->primary),
                       .n = 6,
                       .times = g_new0(PlDay, 6),
                       .test = g_new0(double, 6),
                       .control = g_new0(double, 6)};
    for (int i = 0; i < 6; i++) {
        series.times[i] = 19723 + i;
        series.control[i] = i < 3 ? 99 + i : 104;
        series.test[i] = i < 3 ? 101 - i : 114;
    }
    series.test[1] = NAN;
    g_ptr_array_add(result->series, g_memdup2(&series, sizeof series));
}

static inline void add_treatment(PlResult *result, const char *treatment, const char *headline) {
    add_series(result, treatment);
    PlVerdict verdict = {g_strdup(treatment), g_strdup(result->primary), PL_WIN, g_strdup("s"),
                         g_strdup(headline)};
    g_ptr_array_add(result->verdicts, g_memdup2(&verdict, sizeof verdict));
    add_estimate(result, treatment, "paired_t", 0.031, 0.009, 0.054)->deciding = TRUE;
    add_estimate(result, treatment, "sign_flip", 0.03, 0.01, 0.05);
}

/* A result with three pairs for each treatment ("," between several). */
static inline PlResult *make_result(PlScale scale, const char *metric, const char *treatments,
                                    const char *headline) {
    PlResult *result = pl_result_new();
    result->scale = scale;
    result->primary = g_strdup(metric);
    result->unit = g_strdup("EUR");
    result->treatments = g_strsplit(treatments, ",", 0);
    result->before = (PlSpan){TRUE, 19723, 19725, 3};
    result->during = (PlSpan){TRUE, 19726, 19728, 3};
    for (char **treatment = result->treatments; *treatment != NULL; treatment++) {
        add_treatment(result, *treatment, headline);
        add_pair(result, *treatment, "S1 / S2", 0.1);
        add_pair(result, *treatment, "S3 / S4", -0.02);
        add_pair(result, *treatment, "S5 / S6", 0.04);
    }
    return result;
}
