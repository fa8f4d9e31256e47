/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_range.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"

enum { ROWS_MOST = 20, NAME_COLUMNS = 34, LABEL_COLUMNS = 60 };

/* As plots/groups.gp numbers colours: blue, and grey for what may be at the target. */
enum { CLEAR = 0, UNCLEAR = 4 };

/* An interval that reaches further than this many times the range of the values is cut. */
#define WIDEST 1.0

static gboolean is_drivers(const PlCurve *c) {
    return g_str_equal(c->name, "satisfaction_drivers");
}

/* What the points are held against: the curve's target, or of drivers no relation. */
static double level_at(const PlCurve *c) {
    return isnan(c->target) && is_drivers(c) ? 0 : c->target;
}

static PlChartRange range_of(const PlCurve *c, guint n) {
    PlChartRange values = {INFINITY, -INFINITY};
    pl_chart_widen(&values, level_at(c));
    for (guint i = 0; i < n; i++)
        pl_chart_widen(&values, c->y[i]);
    PlChartRange all = values;
    for (guint i = 0; i < n; i++) {
        pl_chart_widen(&all, c->low[i]);
        pl_chart_widen(&all, c->high[i]);
    }
    double reach = WIDEST * (values.most - values.least);
    if (reach > 0)
        all = (PlChartRange){MAX(all.least, values.least - reach), MIN(all.most, values.most + reach)};
    return all;
}

/* The row of a question, whose p is adjusted for all questions; NULL: none. */
static const PlFinding *driver_of(const PlSection *s, const char *question) {
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, "driver") && g_strcmp0(f->group, question) == 0 && isfinite(f->value))
            return f;
    }
    return NULL;
}

/* By the interval; of drivers by the adjusted p, as the sentence has it: of many intervals of 95 % some leave
 * out zero by chance. */
static gboolean is_clear(const PlSection *s, const PlCurve *c, guint i) {
    if (is_drivers(c)) {
        const PlFinding *f = driver_of(s, c->x_names[i]);
        return f != NULL && f->p_adjusted <= 1 - f->conf_level;
    }
    return isnan(level_at(c)) || c->low[i] > level_at(c) || c->high[i] < level_at(c);
}

static char *number_of(const PlCurve *c, guint i) {
    g_autofree char *value = pl_format_amount(c->y[i], (c->high[i] - c->low[i]) / 2, c->y_amount, NULL);
    if (!isfinite(c->low[i]) || !isfinite(c->high[i]))
        return g_steal_pointer(&value);
    g_autofree char *limits = pl_format_amount_interval(c->low[i], c->high[i], c->y_amount, NULL);
    return g_strdup_printf("%s (%s)", value, limits);
}

static void add_row(PlChartDraft *draft, const PlSection *s, const PlCurve *c, guint i, guint place,
                    const PlChartRange *range) {
    gboolean interval = isfinite(c->y[i]) && isfinite(c->low[i]) && isfinite(c->high[i]);
    const double numbers[] = {place,
                              pl_kpi_shown(c->y_amount, c->y[i]),
                              interval ? pl_kpi_shown(c->y_amount, MAX(c->low[i], range->least)) : NAN,
                              interval ? pl_kpi_shown(c->y_amount, MIN(c->high[i], range->most)) : NAN,
                              interval && c->low[i] < range->least,
                              interval && c->high[i] > range->most,
                              is_clear(s, c, i) ? CLEAR : UNCLEAR};
    g_autofree char *name = pl_chart_label(c->x_names[i], NAME_COLUMNS),
                    *number = isfinite(c->y[i]) ? number_of(c, i) : g_strdup("");
    for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
        pl_chart_add_number(draft->data, numbers[k]);
    pl_chart_add_text(draft->data, name);
    pl_chart_add_text(draft->data, number);
    pl_chart_add_text(draft->data, isfinite(c->y[i]) ? "" : "no value");
    g_string_append_c(draft->data, '\n');
}

/* Of drivers only one that is clear is named: a larger one that is not may be there. */
static char *title_of(const PlSection *s, const PlCurve *c, guint n) {
    guint clear = 0, far = G_MAXUINT;
    double level = level_at(c), from = isnan(level) ? 0 : level;
    for (guint i = 0; i < n; i++) {
        gboolean named = is_clear(s, c, i);
        clear += named;
        if (isfinite(c->y[i]) && (named || !is_drivers(c)) &&
            (far == G_MAXUINT || fabs(c->y[i] - from) > fabs(c->y[far] - from)))
            far = i;
    }
    if (c->title != NULL)
        return g_strdup(c->title);
    if (!isnan(level) && clear == 0 && is_drivers(c))
        return g_strdup_printf("%s: no question can be told apart from %g", c->y_label, level);
    if (!isnan(level) && clear == 0)
        return g_strdup_printf("%s: none is clearly different from %g", c->y_label, level);
    g_autofree char *name = pl_chart_label(c->x_names[far], NAME_COLUMNS), *number = number_of(c, far);
    if (is_drivers(c))
        return g_strdup_printf("%s, largest of those told apart from %g: %s, %s", c->y_label, level, name,
                               number);
    if (c->y[far] < from)
        return g_strdup_printf("%s is furthest from %g for %s: %s", c->y_label, from, name, number);
    return g_strdup_printf("%s is largest for %s: %s", c->y_label, name, number);
}

/* What the dashed line is. */
static char *level_of(const PlCurve *c) {
    g_autofree char *level = pl_format_amount(level_at(c), NAN, c->y_amount, NULL);
    return g_strconcat(level,
                       g_str_equal(c->name, "pair_lift") ? ": as often as by chance"
                       : is_drivers(c)                   ? ": no relation"
                                                         : "",
                       NULL);
}

static char *alt_of(const PlCurve *c, guint n, const char *title) {
    GString *s = g_string_new("Dot chart. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < n; i++) {
        g_autofree char *number = number_of(c, i);
        g_string_append_printf(s, " %s: %s.", c->x_names[i], number);
    }
    return g_string_free(s, FALSE);
}

gboolean pl_chart_dots(const PlSection *section, const char *name, PlChartDraft *draft) {
    const PlCurve *c = pl_section_curve(section, NULL, name);
    gboolean any = FALSE;
    for (guint i = 0; c != NULL && i < c->n; i++)
        any = any || isfinite(c->y[i]);
    if (!any || c->x_names == NULL || c->y_label == NULL)
        return FALSE;
    guint n = MIN(c->n, ROWS_MOST);
    PlChartRange range = range_of(c, n);
    g_autofree char *words = title_of(section, c, n), *title = pl_kpi_begin(words),
                    *label = pl_chart_label(c->y_label, LABEL_COLUMNS), *level = level_of(c),
                    *more = c->n > n ? g_strdup_printf("; %u more in result.json", c->n - n) : g_strdup("");
    g_autofree char *subtitle =
        g_strdup_printf("%s; lines: intervals%s%s", section->title,
                        is_drivers(c)        ? "; grey: may be at the dashed line, adjusted for all questions"
                        : isnan(level_at(c)) ? ""
                                             : "; grey: may be at the dashed line",
                        more);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_count(draft->variables, "rows", n);
    pl_chart_set_number(draft->variables, "x_least", pl_kpi_shown(c->y_amount, range.least));
    pl_chart_set_number(draft->variables, "x_most", pl_kpi_shown(c->y_amount, range.most));
    pl_chart_set_number(draft->variables, "target", pl_kpi_shown(c->y_amount, level_at(c)));
    pl_chart_set_text(draft->variables, "target_text", level);
    pl_chart_set_text(draft->variables, "x_label", label);
    pl_chart_set_count(draft->variables, "per_cent", pl_kpi_per_cent(c->y_amount));
    pl_chart_set_count(draft->variables, "bars", FALSE);
    g_string_append(draft->data,
                    "row\tvalue\tlow\thigh\topen_low\topen_high\tstatus\tname\tnumber\tremark\n");
    for (guint i = 0; i < n; i++)
        add_row(draft, section, c, i, n - i, &range);
    draft->alt = alt_of(c, n, draft->title);
    return TRUE;
}
