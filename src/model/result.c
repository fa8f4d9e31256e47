/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/result.h"

#include <math.h>

static void check_free(gpointer data) {
    PlCheck *check = data;
    g_free(check->name);
    g_free(check->message);
    g_free(check);
}

static void input_free(gpointer data) {
    PlResultInput *input = data;
    g_free(input->table);
    g_free(input->source);
    g_free(input->sha256);
    g_free(input);
}

static void estimate_free(gpointer data) {
    PlEstimate *estimate = data;
    g_free(estimate->treatment);
    g_free(estimate->metric);
    g_free(estimate->period);
    g_free(estimate->method);
    g_free(estimate->unit);
    g_free(estimate->reason);
    g_array_unref(estimate->figures);
    g_free(estimate);
}

static void pair_effect_free(gpointer data) {
    PlPairEffect *pair = data;
    g_free(pair->pair);
    g_free(pair->test);
    g_free(pair->control);
    g_free(pair->treatment);
    g_free(pair->metric);
    g_free(pair->period);
    g_free(pair->reason);
    g_free(pair);
}

static void verdict_free(gpointer data) {
    PlVerdict *verdict = data;
    g_free(verdict->treatment);
    g_free(verdict->metric);
    g_free(verdict->sentence);
    g_free(verdict->headline);
    g_free(verdict);
}

static void series_free(gpointer data) {
    PlSeries *series = data;
    g_free(series->treatment);
    g_free(series->metric);
    g_free(series->times);
    g_free(series->test);
    g_free(series->control);
    g_free(series);
}

static void section_free(gpointer data) {
    pl_section_free(data);
}

static void chart_free(gpointer data) {
    PlChart *chart = data;
    g_free(chart->name);
    g_free(chart->title);
    g_free(chart->alt);
    g_free(chart->section);
    g_strfreev(chart->files);
    g_free(chart);
}

/* An empty result: every list allocated, every text NULL. Free with pl_result_free. */
PlResult *pl_result_new(void) {
    PlResult *result = g_new0(PlResult, 1);
    result->as_of = G_MININT32;
    result->inputs = g_ptr_array_new_with_free_func(input_free);
    result->checks = g_ptr_array_new_with_free_func(check_free);
    result->estimates = g_ptr_array_new_with_free_func(estimate_free);
    result->pairs = g_ptr_array_new_with_free_func(pair_effect_free);
    result->verdicts = g_ptr_array_new_with_free_func(verdict_free);
    result->series = g_ptr_array_new_with_free_func(series_free);
    result->sections = g_ptr_array_new_with_free_func(section_free);
    result->charts = g_ptr_array_new_with_free_func(chart_free);
    return result;
}

/* Frees the result and all that it owns, which is every text and array in it; NULL is accepted. */
void pl_result_free(PlResult *result) {
    if (result == NULL)
        return;
    GPtrArray *lists[] = {result->inputs,   result->checks, result->estimates, result->pairs,
                          result->verdicts, result->series, result->sections,  result->charts};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        g_ptr_array_unref(lists[i]);
    char *texts[] = {result->version, result->experiment, result->title,           result->question,
                     result->goal,    result->notes,      result->definition_file, result->definition_sha256,
                     result->primary, result->unit,       result->method_choice,   result->label};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(result->treatments);
    g_free(result);
}

/* Appends one check. `value` is the figure that was judged, NaN for none; the message is a sentence
 * for the reader, printf-style, so outside text goes in as an argument of "%s". */
void pl_result_check(PlResult *result, const char *name, PlCheckStatus status, double value,
                     const char *format, ...) {
    PlCheck *check = g_new0(PlCheck, 1);
    check->name = g_strdup(name);
    check->status = status;
    check->value = value;
    va_list args;
    va_start(args, format);
    check->message = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(result->checks, check);
}

/* Moves the checks of another result behind these. */
void pl_result_take_checks(PlResult *result, PlResult *other) {
    for (guint i = 0; i < other->checks->len; i++)
        g_ptr_array_add(result->checks, g_ptr_array_index(other->checks, i));
    g_ptr_array_set_free_func(other->checks, NULL);
    g_ptr_array_set_size(other->checks, 0);
}

/* Appends an estimate whose numbers are all NaN (n is 0) and whose texts are NULL, for the caller to
 * fill with texts that the result then owns. The pointer lives as long as the result. */
PlEstimate *pl_result_add_estimate(PlResult *result) {
    PlEstimate *estimate = g_new0(PlEstimate, 1);
    estimate->scale = result->scale;
    estimate->figures = g_array_new(FALSE, FALSE, sizeof(PlNamedNumber));
    estimate->estimate = estimate->std_error = estimate->statistic = estimate->df = NAN;
    estimate->p_value = estimate->p_adjusted = NAN;
    estimate->conf_low = estimate->conf_high = estimate->conf_level = NAN;
    g_ptr_array_add(result->estimates, estimate);
    return estimate;
}

/* The estimate that decides on the primary metric for `treatment` (the first treatment's when NULL);
 * NULL when there is none. */
const PlEstimate *pl_result_deciding(const PlResult *result, const char *treatment) {
    for (guint i = 0; i < result->estimates->len; i++) {
        const PlEstimate *estimate = g_ptr_array_index(result->estimates, i);
        if (estimate->deciding && g_strcmp0(estimate->metric, result->primary) == 0 &&
            (treatment == NULL || g_strcmp0(estimate->treatment, treatment) == 0))
            return estimate;
    }
    return NULL;
}

PlSection *pl_result_section(const PlResult *result, const char *id) {
    for (guint i = 0; i < result->sections->len; i++) {
        PlSection *section = g_ptr_array_index(result->sections, i);
        if (g_str_equal(section->id, id))
            return section;
    }
    return NULL;
}

PlSection *pl_result_add_section(PlResult *result, const char *id, const char *title) {
    PlSection *section = pl_section_new(id, title);
    g_ptr_array_add(result->sections, section);
    return section;
}

/* "pass", "warn" or "fail": the words of result.json. */
const char *pl_check_status_name(PlCheckStatus status) {
    static const char *const names[] = {[PL_PASS] = "pass", [PL_WARN] = "warn", [PL_FAIL] = "fail"};
    return names[status];
}

/* "win", "loss", "equivalent" or "inconclusive": the words of result.json. */
const char *pl_verdict_name(PlVerdictKind kind) {
    static const char *const names[] = {[PL_WIN] = "win",
                                        [PL_LOSS] = "loss",
                                        [PL_EQUIVALENT] = "equivalent",
                                        [PL_INCONCLUSIVE] = "inconclusive"};
    return names[kind];
}
