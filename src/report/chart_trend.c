/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_range.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"
#include "pairlift/report/kpi_words.h"

/* A band that reaches further than this many times the range of the line and the target is cut: it alone
 * would be seen. */
#define WIDEST 1.5

enum { LABEL_COLUMNS = 48, NAME_COLUMNS = 18 };

/* The line, the target, and as much of the band as leaves them to be seen. */
static PlChartRange range_of(const PlCurve *c) {
    PlChartRange line = {INFINITY, -INFINITY}, band;
    for (guint i = 0; i < c->n; i++)
        pl_chart_widen(&line, pl_kpi_shown(c->y_amount, c->y[i]));
    pl_chart_widen(&line, pl_kpi_shown(c->y_amount, c->target));
    band = line;
    for (guint i = 0; i < c->n; i++) {
        pl_chart_widen(&band, pl_kpi_shown(c->y_amount, c->low[i]));
        pl_chart_widen(&band, pl_kpi_shown(c->y_amount, c->high[i]));
    }
    double reach = WIDEST * (line.most - line.least);
    if (reach > 0) {
        band.least = MAX(band.least, line.least - reach);
        band.most = MIN(band.most, line.most + reach);
    }
    return band;
}

static int last_of(const PlCurve *c) {
    for (int i = (int)c->n - 1; i >= 0; i--)
        if (isfinite(c->y[i]))
            return i;
    return -1;
}

static guint first_of(const PlCurve *c) {
    guint first = 0;
    while (first < c->n && !isfinite(c->y[first]))
        first++;
    return first;
}

static gboolean has_band(const PlCurve *c) {
    for (guint i = 0; i < c->n; i++)
        if (isfinite(c->low[i]) && isfinite(c->high[i]))
            return TRUE;
    return FALSE;
}

/* "Median days 51.2 days in 2024-06: off target (45 or less), rising". */
static char *title_of(const PlFinding *f) {
    const PlKpiMark *mark = f->mark;
    g_autofree char *axis = pl_kpi_axis(f->label, f->unit); /* "Median days: 51.2" needs no unit */
    g_autofree char *value = pl_kpi_value(f, strcmp(axis, f->label) != 0), *target = pl_kpi_target_words(f);
    GString *s = g_string_new(NULL);
    if (isnan(f->value))
        g_string_append_printf(s, "%s: not known", f->label);
    else
        g_string_append_printf(s, "%s: %s", f->label, value);
    if (f->period != NULL)
        g_string_append_printf(s, " in %s", f->period);
    if (mark->status != PL_STATUS_NONE)
        g_string_append_printf(
            s, ", %s (%s)", mark->status == PL_STATUS_OFF ? "off target" : pl_kpi_status_words(mark->status),
            target);
    if (mark->trend != NULL)
        g_string_append_printf(s, ", %s", pl_kpi_trend_name(mark));
    return g_string_free(s, FALSE);
}

static char *subtitle_of(const PlSection *section, const PlFinding *f, const PlCurve *c) {
    GString *s = g_string_new(section->title);
    if (f->mark->trend != NULL) {
        g_autofree char *p = pl_format_p_is(f->mark->trend_p);
        g_string_append_printf(s, "; trend of the last %u: %s", f->mark->trend_periods, p);
    }
    if (has_band(c)) {
        g_autofree char *level = pl_format_amount_size(f->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
        g_string_append_printf(s, "; band: %s%sintervals", isnan(f->conf_level) ? "" : level,
                               isnan(f->conf_level) ? "" : " ");
    }
    return g_string_free(s, FALSE);
}

/* From the first value on. */
static void add_points(PlChartDraft *draft, const PlCurve *c, guint first, const PlChartRange *range) {
    guint widest = 1;
    g_string_append(draft->data, "x\ty\tlow\thigh\tname\n");
    for (guint i = first; i < c->n; i++) {
        double low = pl_kpi_shown(c->y_amount, c->low[i]), high = pl_kpi_shown(c->y_amount, c->high[i]);
        gboolean band = isfinite(low) && isfinite(high);
        g_autofree char *name = pl_chart_label(c->x_names != NULL ? c->x_names[i] : "", NAME_COLUMNS);
        const double numbers[] = {i - first, pl_kpi_shown(c->y_amount, c->y[i]),
                                  band ? MAX(low, range->least) : NAN, band ? MIN(high, range->most) : NAN};
        for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
            pl_chart_add_number(draft->data, numbers[k]);
        pl_chart_add_text(draft->data, name);
        g_string_append_c(draft->data, '\n');
        widest = MAX(widest, pl_chart_columns(name));
    }
    pl_chart_set_count(draft->variables, "name_columns", widest);
}

static char *alt_of(const PlSection *section, const PlFinding *f, const PlCurve *c) {
    GString *s = g_string_new(NULL);
    g_string_append_printf(s, "Line chart of %s by %s. %s.", f->label, c->x_label ? c->x_label : "period",
                           section->title);
    for (guint i = 0; i < c->n; i++) {
        g_autofree char *value =
            pl_format_amount(c->y[i], (c->high[i] - c->low[i]) / 2, c->y_amount, f->unit);
        if (isfinite(c->y[i]) && c->x_names != NULL)
            g_string_append_printf(s, " %s: %s.", c->x_names[i], value);
    }
    return g_string_free(s, FALSE);
}

gboolean pl_chart_trend(const PlSection *section, PlChartDraft *draft) {
    const PlFinding *f = pl_section_headline(section);
    const PlCurve *c = pl_section_curve(section, NULL, "trend");
    int last = c != NULL ? last_of(c) : -1;
    if (f == NULL || last < 1)
        return FALSE;
    guint first = first_of(c);
    if ((guint)last == first)
        return FALSE;
    PlChartRange range = range_of(c);
    gboolean is_now = c->x_names != NULL && g_strcmp0(c->x_names[last], f->period) == 0;
    g_autofree char *title = title_of(f), *subtitle = subtitle_of(section, f, c),
                    *target = pl_kpi_target_words(f), *axis = pl_kpi_axis(f->label, f->unit),
                    *now = is_now ? pl_kpi_value(f, FALSE)
                                  : pl_format_amount(c->y[last], (c->high[last] - c->low[last]) / 2,
                                                     f->amount, NULL),
                    *label = pl_chart_label(axis, LABEL_COLUMNS);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_number(draft->variables, "y_least", range.least);
    pl_chart_set_number(draft->variables, "y_most", range.most);
    pl_chart_set_number(draft->variables, "target", pl_kpi_shown(c->y_amount, c->target));
    pl_chart_set_text(draft->variables, "target_text", target);
    pl_chart_set_number(draft->variables, "now", pl_kpi_shown(c->y_amount, c->y[last]));
    pl_chart_set_number(draft->variables, "now_x", last - (int)first);
    pl_chart_set_text(draft->variables, "now_text", now);
    pl_chart_set_text(draft->variables, "y_label", label);
    pl_chart_set_count(draft->variables, "per_cent", pl_kpi_per_cent(c->y_amount));
    pl_chart_set_count(draft->variables, "points", c->n - first);
    pl_chart_set_count(draft->variables, "status", is_now ? f->mark->status : PL_STATUS_NONE);
    add_points(draft, c, first, &range);
    draft->alt = alt_of(section, f, c);
    return TRUE;
}
