/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

#define PAIR_COLUMNS 24

typedef struct {
    guint up, down, total;
} Signs;

static Signs count_signs(const GPtrArray *pairs) {
    Signs signs = {.total = pairs->len};
    for (guint i = 0; i < pairs->len; i++) {
        double effect = ((const PlPairEffect *)g_ptr_array_index(pairs, i))->effect;
        signs.up += effect > 0;
        signs.down += effect < 0;
    }
    return signs;
}

/* "28 of 32 test stores gained on their control store", of the side that has more. */
static char *finding(Signs signs, gboolean has_before) {
    gboolean up = signs.up >= signs.down;
    const char *what = has_before ? (up ? "gained on" : "lost ground to") : (up ? "beat" : "fell short of");
    if (signs.up + signs.down == 0)
        return g_strdup("No test store moved against its control store");
    if (signs.total == 1)
        return g_strdup_printf("The one test store %s its control store", what);
    if (3 * MIN(signs.up, signs.down) > signs.total) /* more than a third the other way */
        return g_strdup_printf("The pairs point both ways: %u up, %u down", signs.up, signs.down);
    return g_strdup_printf("%u of %u test stores %s their control store", up ? signs.up : signs.down,
                           signs.total, what);
}

static char *subtitle_of(const PlEstimate *overall, const char *overall_text, guint left_out) {
    GString *text = g_string_new("Effect in each pair, sorted");
    if (overall != NULL && isfinite(overall->estimate))
        g_string_append_printf(text, "; %s %s",
                               pl_chart_has_interval(overall) ? "band: overall effect" : "overall effect",
                               overall_text);
    if (left_out > 0)
        g_string_append_printf(text, "; %u %s without one left out", left_out,
                               left_out == 1 ? "pair" : "pairs");
    return g_string_free(text, FALSE);
}

static void add_rows(PlChartDraft *draft, const PlResult *result, const GPtrArray *pairs) {
    guint widest = 0;
    const PlPairEffect *first = g_ptr_array_index(pairs, 0), *last = g_ptr_array_index(pairs, pairs->len - 1);
    double fine = (last->effect - first->effect) / 20; /* digits that tell the pairs apart */
    g_string_append(draft->data, "rank\teffect\tshown\tpair\n");
    for (guint i = 0; i < pairs->len; i++) {
        const PlPairEffect *pair = g_ptr_array_index(pairs, i);
        g_autofree char *label = pl_chart_label(pair->pair, PAIR_COLUMNS);
        g_autofree char *shown = pl_format_effect(pair->effect, fine, result->scale, NULL);
        widest = MAX(widest, pl_chart_columns(label));
        pl_chart_add_number(draft->data, i + 1);
        pl_chart_add_number(draft->data, pl_chart_shown(result, pair->effect));
        pl_chart_add_text(draft->data, shown);
        pl_chart_add_text(draft->data, label);
        g_string_append_c(draft->data, '\n');
    }
    pl_chart_set_count(draft->variables, "pairs", pairs->len);
    pl_chart_set_count(draft->variables, "label_columns", widest);
    pl_chart_set_number(draft->variables, "effect_least", pl_chart_shown(result, first->effect));
    pl_chart_set_number(draft->variables, "effect_most", pl_chart_shown(result, last->effect));
}

/* The effect of every pair, sorted, against the overall estimate. */
gboolean pl_chart_pair_effects(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    guint left_out;
    g_autoptr(GPtrArray) pairs = pl_chart_pairs(result, treatment, &left_out);
    if (pairs->len == 0)
        return FALSE;
    const PlEstimate *overall = pl_result_deciding(result, treatment);
    if (overall != NULL && overall->scale != result->scale)
        overall = NULL;
    g_autofree char *overall_text =
        overall != NULL ? pl_chart_effect_text(overall) : g_strdup("not estimated");
    Signs signs = count_signs(pairs);
    g_autofree char *title = finding(signs, result->before.given);
    g_autofree char *subtitle = subtitle_of(overall, overall_text, left_out);
    g_autofree char *axis = pl_chart_effect_axis(result);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", axis);
    pl_chart_set_count(draft->variables, "relative", result->scale == PL_EFFECT_RELATIVE);
    add_rows(draft, result, pairs);
    pl_chart_set_estimate(draft, result, "overall", overall);
    draft->alt = g_strdup_printf("Dot chart of %u %s. %s: %u up, %u down, %u unchanged. Overall effect %s.",
                                 signs.total, signs.total == 1 ? "pair" : "pairs", draft->title, signs.up,
                                 signs.down, signs.total - signs.up - signs.down, overall_text);
    return TRUE;
}
