/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_range.h"
#include "pairlift/report/chart_text.h"

/* The first looks may have limits that are a hundred times as wide as those of the last: what lies further
 * from the last estimate than this many times its half width is cut off. */
#define WIDEST 4.0

/* What has room beside the axis. */
#define AXIS_COLUMNS 44

/* The last point with a band, else the last with an estimate; -1: none. */
static int last_point(const PlCurve *c) {
    int last = -1;
    for (guint i = 0; i < c->n; i++)
        if (isfinite(c->y[i]) && (last < 0 || isfinite(c->low[i]) || !isfinite(c->low[last])))
            last = (int)i;
    return last;
}

/* All estimates, zero, the threshold, and as much of the limits as is worth seeing. */
static PlChartRange range_of(const PlResult *result, const PlCurve *c, guint last) {
    PlChartRange range = {0, 0}, near = {-INFINITY, INFINITY};
    double half = (c->high[last] - c->low[last]) / 2;
    if (isfinite(half) && half > 0)
        near = (PlChartRange){c->y[last] - WIDEST * half, c->y[last] + WIDEST * half};
    pl_chart_widen(&range, result->threshold);
    for (guint i = 0; i < c->n; i++) {
        const double values[] = {c->y[i], c->low[i], c->high[i]};
        for (gsize k = 0; k < G_N_ELEMENTS(values); k++)
            if (!isnan(values[k]) && (i == last || k == 0 || isfinite(near.least)))
                pl_chart_widen(&range, CLAMP(values[k], near.least, near.most));
    }
    return range;
}

/* The planned look of a day; NULL: none. */
static gboolean planned_at(const PlCurve *planned, double day, double *low, double *high) {
    for (guint k = 0; planned && k < planned->n; k++)
        if (planned->x[k] == day) {
            *low = planned->low[k];
            *high = planned->high[k];
            return TRUE;
        }
    return FALSE;
}

/* Where a limit is drawn: within the chart, also an infinite one. */
static double drawn(const PlResult *result, double value, PlChartRange range) {
    double room = range.most - range.least;
    return pl_chart_shown(result, CLAMP(value, range.least - room, range.most + room));
}

static guint add_rows(PlChartDraft *draft, const PlResult *result, const PlCurve *c, const PlCurve *planned,
                      PlChartRange range) {
    guint looks = 0;
    g_string_append(draft->data, "time\testimate\tlow\thigh\tplanned_low\tplanned_high\n");
    for (guint i = 0; i < c->n; i++) {
        double low = NAN, high = NAN;
        looks += planned_at(planned, c->x[i], &low, &high);
        g_autofree char *time = pl_day_format((PlDay)c->x[i], result->time_kind);
        pl_chart_add_text(draft->data, time);
        pl_chart_add_number(draft->data, pl_chart_shown(result, c->y[i]));
        const double limits[] = {c->low[i], c->high[i], low, high};
        for (gsize k = 0; k < G_N_ELEMENTS(limits); k++)
            pl_chart_add_number(draft->data, drawn(result, limits[k], range));
        g_string_append_c(draft->data, '\n');
    }
    return looks;
}

static const PlVerdict *verdict_of(const PlResult *result, const char *treatment) {
    for (guint i = 0; i < result->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(result->verdicts, i);
        if (pl_chart_is_of(result, treatment, v->treatment, v->metric, NULL))
            return v;
    }
    return NULL;
}

static void set_time(PlChartDraft *draft, const PlResult *result, const PlCurve *c) {
    g_autofree char *first = pl_day_format((PlDay)c->x[0], result->time_kind),
                    *last = pl_day_format((PlDay)c->x[c->n - 1], result->time_kind),
                    *label = g_strdup(result->time_kind == PL_TIME_DATE ? "" : pl_step_name(result->step, 1));
    double step = result->time_kind == PL_TIME_DATE && result->step == PL_STEP_WEEK ? 7 : 1;
    label[0] = g_ascii_toupper(label[0]);
    pl_chart_set_count(draft->variables, "time_is_date", result->time_kind == PL_TIME_DATE);
    pl_chart_set_text(draft->variables, "time_first", first);
    pl_chart_set_text(draft->variables, "time_last", last);
    pl_chart_set_text(draft->variables, "time_label", label);
    pl_chart_set_number(draft->variables, "time_step", step);
    pl_chart_set_count(draft->variables, "points", c->n);
}

static void set_titles(PlChartDraft *draft, const PlResult *result, const char *treatment) {
    const PlVerdict *verdict = verdict_of(result, treatment);
    const PlFinding *now = pl_section_find(pl_result_section(result, "monitor"), treatment, "effect_so_far");
    g_autofree char *level = pl_format_size(now ? now->conf_level : NAN, NAN, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *subtitle = g_strdup_printf(
        "The effect since the promotion began; the band (%s) holds however often one looks", level);
    pl_chart_draft_titles(draft, verdict ? verdict->headline : "The effect so far", subtitle);
    draft->alt = g_strdup_printf("Line chart of the effect so far. %s", verdict ? verdict->sentence : "");
}

/* The effect so far after each interval, with the always-valid band, planned looks, zero and threshold. */
gboolean pl_chart_monitor(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "monitor");
    const PlCurve *c = pl_section_curve(section, treatment, "estimate_over_time");
    int last = c ? last_point(c) : -1;
    if (last < 0)
        return FALSE;
    PlChartRange range = range_of(result, c, (guint)last);
    guint looks = add_rows(draft, result, c, pl_section_curve(section, treatment, "planned_looks"), range);
    set_titles(draft, result, treatment);
    set_time(draft, result, c);
    g_autofree char *whole = pl_chart_effect_axis(result), *axis = pl_chart_label(whole, AXIS_COLUMNS);
    g_autofree char *now = pl_format_effect(
        c->y[last], isfinite(c->low[last]) ? (c->high[last] - c->low[last]) / 2 : NAN, result->scale, NULL);
    pl_chart_set_text(draft->variables, "y_label", axis);
    pl_chart_set_text(draft->variables, "now_text", now);
    pl_chart_set_number(draft->variables, "now", pl_chart_shown(result, c->y[last]));
    pl_chart_set_count(draft->variables, "relative", result->scale == PL_EFFECT_RELATIVE);
    pl_chart_set_count(draft->variables, "looks", looks);
    pl_chart_set_number(draft->variables, "threshold",
                        result->threshold > 0 ? pl_chart_shown(result, result->threshold) : NAN);
    pl_chart_set_number(draft->variables, "y_low", pl_chart_shown(result, range.least));
    pl_chart_set_number(draft->variables, "y_high", pl_chart_shown(result, range.most));
    return TRUE;
}
