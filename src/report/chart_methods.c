/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

#define METHOD_COLUMNS 20
#define REASON_COLUMNS 72

/* Where a method's interval lies, for the headline. */
typedef struct {
    guint above, below, open, total; /* total: methods with an interval */
} Places;

/* The rows of the chart: the deciding method first, then in the order of the result. */
static GPtrArray *collect(const PlResult *result, const char *treatment) {
    GPtrArray *rows = g_ptr_array_new();
    for (guint i = 0; i < result->estimates->len; i++) {
        PlEstimate *row = g_ptr_array_index(result->estimates, i);
        if (pl_chart_is_of(result, treatment, row->treatment, row->metric, row->period))
            g_ptr_array_insert(rows, row->deciding ? 0 : -1, row);
    }
    return rows;
}

/* A method on another scale than the result's has no place on the axis. */
static gboolean on_axis(const PlResult *result, const PlEstimate *row) {
    return row->scale == result->scale && isfinite(row->estimate);
}

static Places count_places(const GPtrArray *rows) {
    Places places = {0};
    for (guint i = 0; i < rows->len; i++) {
        const PlEstimate *row = g_ptr_array_index(rows, i);
        if (!isfinite(row->estimate) || !pl_chart_has_interval(row))
            continue;
        gboolean above = !pl_chart_open_low(row) && row->conf_low > 0;
        gboolean below = isfinite(row->conf_high) && row->conf_high < 0;
        places.total++;
        places.above += above;
        places.below += below;
        places.open += !above && !below;
    }
    return places;
}

/* "All 4 methods", "Both methods", "The method". */
static char *all_of(guint total) {
    if (total < 3)
        return g_strdup(total == 1 ? "The method" : "Both methods");
    return g_strdup_printf("All %u methods", total);
}

/* "None of 4 methods", "Neither method"; there is more than one. */
static char *none_of(guint total) {
    return total == 2 ? g_strdup("Neither method") : g_strdup_printf("None of %u methods", total);
}

/* "All 4 methods put the effect above zero", "3 of 4 methods put the effect above zero, 1 leaves it open". */
static char *finding(const Places *p, guint rows, const PlEstimate *first) {
    g_autofree char *all = all_of(p->total), *none = none_of(p->total > 0 ? p->total : rows);
    guint decided = p->above + p->below;
    if (p->total == 0)
        return rows == 1 ? g_strdup("The method gives no interval")
                         : g_strdup_printf("%s gives an interval", none);
    gboolean upward = isfinite(first->conf_low) && !isfinite(first->conf_high);
    gboolean downward = isfinite(first->conf_high) && !isfinite(first->conf_low);
    if (decided == 0 && p->total > 1 && (upward || downward))
        return g_strdup_printf("%s finds a %s", none, upward ? "rise" : "fall");
    if (decided == 0)
        return p->total == 1 ? g_strdup(rows == 1 ? "The method cannot tell the effect from zero"
                                                  : "The one interval there is includes zero")
                             : g_strdup_printf("%s can tell the effect from zero", none);
    if (p->above > 0 && p->below > 0)
        return g_strdup_printf("The methods disagree: %u above zero, %u below, %u open", p->above, p->below,
                               p->open);
    const char *where = p->above > 0 ? "above zero" : "below zero";
    if (p->open == 0)
        return g_strdup_printf("%s %s the effect %s", all, p->total == 1 ? "puts" : "put", where);
    return g_strdup_printf("%u of %u methods %s the effect %s, %u %s it open", decided, p->total,
                           decided == 1 ? "puts" : "put", where, p->open, p->open == 1 ? "leaves" : "leave");
}

static char *subtitle_of(const PlEstimate *first, const Places *places, gboolean any_adjusted) {
    g_autofree char *level = pl_format_number(100 * first->conf_level, 0);
    gboolean with = places->total > 0 && isfinite(first->conf_level);
    return g_strdup_printf("Estimates%s%s%s%s%s", with ? " with " : "", with ? level : "",
                           with ? " % intervals" : "", first->deciding ? "; the blue one decides" : "",
                           any_adjusted ? "; adj.: p adjusted for several tests" : "");
}

/* What is said in a row that lacks its interval or its estimate; "" when nothing is missing. */
static char *remark(const PlResult *result, const PlEstimate *row) {
    if (isfinite(row->estimate) && row->scale != result->scale) {
        g_autofree char *effect = pl_chart_effect_text(row);
        return g_strdup_printf("%s, on another scale", effect);
    }
    if (isfinite(row->estimate) && pl_chart_has_interval(row))
        return g_strdup("");
    const char *fallback = isfinite(row->estimate) ? "no interval" : "no estimate";
    return pl_chart_label(row->reason != NULL ? row->reason : fallback, REASON_COLUMNS);
}

static void add_row(PlChartDraft *draft, const PlResult *result, const PlEstimate *row, guint place) {
    gboolean drawn = on_axis(result, row), interval = drawn && pl_chart_has_interval(row);
    g_autofree char *method = pl_chart_label(row->method, METHOD_COLUMNS);
    g_autofree char *p = isfinite(row->p_value) ? pl_format_p(row->p_value) : g_strdup("-");
    gboolean adjusted = isfinite(row->p_adjusted) && row->p_adjusted != row->p_value;
    g_autofree char *p_adjusted = adjusted ? pl_format_p(row->p_adjusted) : g_strdup("");
    g_autofree char *said = remark(result, row);
    const double numbers[] = {place,
                              drawn ? pl_chart_shown(result, row->estimate) : NAN,
                              interval ? pl_chart_shown(result, row->conf_low) : NAN,
                              interval ? pl_chart_shown(result, row->conf_high) : NAN,
                              interval && pl_chart_open_low(row),
                              interval && !isfinite(row->conf_high),
                              row->deciding};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_add_number(draft->data, numbers[i]);
    const char *texts[] = {method, p, p_adjusted, said};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        pl_chart_add_text(draft->data, texts[i]);
    g_string_append_c(draft->data, '\n');
}

/* The range that the axis must show: all that is drawn, and zero. */
static void set_range(PlChartDraft *draft, const PlResult *result, const GPtrArray *rows) {
    double least = 0, most = 0;
    for (guint i = 0; i < rows->len; i++) {
        const PlEstimate *row = g_ptr_array_index(rows, i);
        if (!on_axis(result, row))
            continue;
        const double ends[] = {row->estimate, pl_chart_open_low(row) ? row->estimate : row->conf_low,
                               isfinite(row->conf_high) ? row->conf_high : row->estimate};
        for (gsize k = 0; k < G_N_ELEMENTS(ends); k++) {
            least = MIN(least, pl_chart_shown(result, ends[k]));
            most = MAX(most, pl_chart_shown(result, ends[k]));
        }
    }
    pl_chart_set_number(draft->variables, "effect_least", least);
    pl_chart_set_number(draft->variables, "effect_most", most);
}

static char *alt_of(const GPtrArray *rows, const char *title) {
    GString *alt = g_string_new("Interval chart of the methods. ");
    g_string_append_printf(alt, "%s.", title);
    for (guint i = 0; i < rows->len; i++) {
        const PlEstimate *row = g_ptr_array_index(rows, i);
        g_autofree char *effect = pl_chart_effect_text(row);
        g_autofree char *p = pl_format_p(row->p_value);
        g_string_append_printf(alt, " %s%s: %s, p %s.", row->method, row->deciding ? " (decides)" : "",
                               effect, p);
    }
    return g_string_free(alt, FALSE);
}

/* The estimates of all methods side by side. */
gboolean pl_chart_methods(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    g_autoptr(GPtrArray) rows = collect(result, treatment);
    if (rows->len == 0 || pl_result_section(result, "monitor")) /* of one that runs, "monitor" is the chart */
        return FALSE;
    gboolean any_adjusted = FALSE;
    g_string_append(draft->data, "row\testimate\tlow\thigh\topen_low\topen_high\tdeciding\tmethod\tp\t"
                                 "p_adjusted\tremark\n");
    for (guint i = 0; i < rows->len; i++) {
        const PlEstimate *row = g_ptr_array_index(rows, i);
        add_row(draft, result, row, rows->len - i);
        any_adjusted |= isfinite(row->p_adjusted) && row->p_adjusted != row->p_value;
    }
    Places places = count_places(rows);
    g_autofree char *title = finding(&places, rows->len, g_ptr_array_index(rows, 0));
    g_autofree char *subtitle = subtitle_of(g_ptr_array_index(rows, 0), &places, any_adjusted);
    g_autofree char *axis = pl_chart_effect_axis(result);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", axis);
    pl_chart_set_count(draft->variables, "relative", result->scale == PL_EFFECT_RELATIVE);
    pl_chart_set_count(draft->variables, "rows", rows->len);
    set_range(draft, result, rows);
    draft->alt = alt_of(rows, draft->title);
    return TRUE;
}
