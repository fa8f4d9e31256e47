/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_draft.h"

#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_text.h"

/* Columns of the two title lines and of names in them: what 1280 pixels hold in the theme's type. */
#define TITLE_COLUMNS    120
#define SUBTITLE_COLUMNS 112
#define NAME_COLUMNS     32

void pl_chart_draft_init(PlChartDraft *draft) {
    *draft = (PlChartDraft){.variables = g_string_new(NULL), .data = g_string_new(NULL)};
}

void pl_chart_draft_clear(PlChartDraft *draft) {
    g_string_free(draft->variables, TRUE);
    g_string_free(draft->data, TRUE);
    g_free(draft->title);
    g_free(draft->alt);
}

void pl_chart_draft_titles(PlChartDraft *draft, const char *title, const char *subtitle) {
    draft->title = pl_chart_label(title, TITLE_COLUMNS);
    g_autofree char *line = pl_chart_label(subtitle, SUBTITLE_COLUMNS);
    pl_chart_set_text(draft->variables, "title", draft->title);
    pl_chart_set_text(draft->variables, "subtitle", line);
}

gboolean pl_chart_is_of(const PlResult *result, const char *treatment, const char *row_treatment,
                        const char *row_metric, const char *row_period) {
    return (treatment == NULL || g_strcmp0(row_treatment, treatment) == 0) &&
           g_strcmp0(row_metric, result->primary) == 0 &&
           (row_period == NULL || g_str_equal(row_period, "during"));
}

static int by_effect(gconstpointer a, gconstpointer b) {
    const PlPairEffect *left = *(PlPairEffect *const *)a, *right = *(PlPairEffect *const *)b;
    if (left->effect != right->effect)
        return left->effect < right->effect ? -1 : 1;
    return g_strcmp0(left->pair, right->pair);
}

GPtrArray *pl_chart_pairs(const PlResult *result, const char *treatment, guint *left_out) {
    GPtrArray *rows = g_ptr_array_new();
    *left_out = 0;
    for (guint i = 0; i < result->pairs->len; i++) {
        PlPairEffect *row = g_ptr_array_index(result->pairs, i);
        if (!pl_chart_is_of(result, treatment, row->treatment, row->metric, row->period))
            continue;
        if (isfinite(row->effect))
            g_ptr_array_add(rows, row);
        else
            ++*left_out;
    }
    g_ptr_array_sort(rows, by_effect);
    return rows;
}

gboolean pl_chart_open_low(const PlEstimate *estimate) {
    return !isfinite(estimate->conf_low) ||
           (estimate->scale == PL_EFFECT_RELATIVE && estimate->conf_low <= -1);
}

gboolean pl_chart_has_interval(const PlEstimate *estimate) {
    return isfinite(estimate->conf_low) || isfinite(estimate->conf_high);
}

char *pl_chart_effect_text(const PlEstimate *estimate) {
    double half = (estimate->conf_high - estimate->conf_low) / 2;
    g_autofree char *effect = pl_format_effect(estimate->estimate, half, estimate->scale, NULL);
    if (!pl_chart_has_interval(estimate))
        return g_steal_pointer(&effect);
    double low = isnan(estimate->conf_low) ? -INFINITY : estimate->conf_low;
    double high = isnan(estimate->conf_high) ? INFINITY : estimate->conf_high;
    g_autofree char *interval = pl_format_interval(low, high, estimate->scale, NULL);
    return g_strdup_printf("%s (%s)", effect, interval);
}

char *pl_chart_metric(const PlResult *result, gboolean begins) {
    char *words = pl_chart_label(result->label != NULL ? result->label : result->primary, NAME_COLUMNS);
    if (begins)
        words[0] = g_ascii_toupper(words[0]);
    return words;
}

char *pl_chart_effect_axis(const PlResult *result) {
    g_autofree char *metric = pl_chart_metric(result, FALSE);
    g_autofree char *unit = pl_chart_label(result->unit, NAME_COLUMNS);
    if (result->scale == PL_EFFECT_RELATIVE)
        return g_strdup_printf("Effect on %s, %%", metric);
    return *unit != '\0' ? g_strdup_printf("Effect on %s, %s", metric, unit)
                         : g_strdup_printf("Effect on %s", metric);
}

double pl_chart_shown(const PlResult *result, double effect) {
    return result->scale == PL_EFFECT_RELATIVE ? 100 * effect : effect;
}

void pl_chart_set_estimate(PlChartDraft *draft, const PlResult *result, const char *name,
                           const PlEstimate *estimate) {
    gboolean interval = estimate != NULL && pl_chart_has_interval(estimate);
    const struct {
        const char *suffix;
        double value;
    } variables[] = {
        {"", estimate == NULL ? NAN : pl_chart_shown(result, estimate->estimate)},
        {"_low", interval ? pl_chart_shown(result, estimate->conf_low) : NAN},
        {"_high", interval ? pl_chart_shown(result, estimate->conf_high) : NAN},
    };
    const struct {
        const char *suffix;
        gboolean value;
    } truths[] = {{"_open_low", interval && pl_chart_open_low(estimate)},
                  {"_open_high", interval && !isfinite(estimate->conf_high)}};
    for (gsize i = 0; i < G_N_ELEMENTS(variables); i++) {
        g_autofree char *full = g_strconcat(name, variables[i].suffix, NULL);
        pl_chart_set_number(draft->variables, full, variables[i].value);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(truths); i++) {
        g_autofree char *full = g_strconcat(name, truths[i].suffix, NULL);
        pl_chart_set_count(draft->variables, full, truths[i].value);
    }
}
