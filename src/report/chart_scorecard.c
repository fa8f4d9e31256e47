/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"
#include "pairlift/report/kpi_words.h"

/* What there is room for. A value with its unit is written so only when it is no longer than this. */
enum { NAME_COLUMNS = 34, VALUE_COLUMNS = 12, TARGET_COLUMNS = 26, MEASURE_COLUMNS = 48, POINTS_MOST = 24 };

/* The bar's axis goes so much further than what it shows. */
#define BEYOND 1.12

/* An interval whose half is wider than this many times the value and the target is cut. */
#define WIDEST 3.0

/* Kinds of lines in the data: a row, and points of its course. */
enum { ROW = 1, POINT = 2 };

typedef struct {
    double from, to;
} Axis;

/* From zero, or from the least of what is shown, to a little beyond the most. */
static Axis axis_of(const PlFinding *f) {
    const double shown[] = {f->value, f->mark->target, f->conf_low, f->conf_high};
    Axis axis = {0, 0};
    double half = fabs(f->conf_high - f->conf_low) / 2, most = 0;
    most = fmax(fabs(f->value), isnan(f->mark->target) ? 0 : fabs(f->mark->target));
    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
        gboolean limit = i >= 2;
        if (!isfinite(shown[i]) || (limit && half > WIDEST * most)) /* it alone would be seen */
            continue;
        axis.from = MIN(axis.from, shown[i]);
        axis.to = MAX(axis.to, shown[i]);
    }
    axis.from *= BEYOND;
    axis.to *= BEYOND;
    return axis;
}

static double place(const Axis *axis, double value) {
    return axis->to > axis->from ? CLAMP((value - axis->from) / (axis->to - axis->from), 0, 1) : NAN;
}

static void add_fields(PlChartDraft *draft, const double *numbers, guint n, const char *const *texts,
                       guint m) {
    for (guint i = 0; i < n; i++)
        pl_chart_add_number(draft->data, numbers[i]);
    for (guint i = 0; i < m; i++)
        pl_chart_add_text(draft->data, texts[i]);
    g_string_append_c(draft->data, '\n');
}

static char *value_of(const PlFinding *f) {
    g_autofree char *full = pl_kpi_value(f, TRUE);
    return pl_chart_columns(full) <= VALUE_COLUMNS ? g_steal_pointer(&full) : pl_kpi_value(f, FALSE);
}

static void add_row(PlChartDraft *draft, const PlSection *s, guint row) {
    const PlFinding *f = pl_section_headline(s);
    gboolean known = f != NULL && isfinite(f->value);
    Axis axis = known ? axis_of(f) : (Axis){0, 0};
    PlKpiStatus status = known ? f->mark->status : PL_STATUS_NONE;
    gboolean target = known && isfinite(f->mark->target);
    const double numbers[] = {ROW,
                              row,
                              known ? (double)status : -1,
                              known ? place(&axis, f->value) : NAN,
                              known && isfinite(f->conf_low) ? place(&axis, f->conf_low) : NAN,
                              known && isfinite(f->conf_high) ? place(&axis, f->conf_high) : NAN,
                              target ? place(&axis, f->mark->target) : NAN,
                              known ? place(&axis, 0) : NAN};
    g_autofree char *name = pl_chart_label(s->title, NAME_COLUMNS),
                    *value = known ? value_of(f) : g_strdup("not known"),
                    *words = known ? pl_kpi_target_words(f) : g_strdup(""),
                    *reached = *words != '\0' ? g_strconcat("target ", words, NULL) : g_strdup(""),
                    *of = pl_chart_label(reached, TARGET_COLUMNS),
                    *trend = pl_kpi_trend_words(known ? f->mark : NULL),
                    *label = f != NULL ? pl_kpi_axis(f->label, f->unit) : g_strdup(""),
                    *full = known && f->period ? g_strconcat(label, ", ", f->period, NULL) : g_strdup(label),
                    *measure = pl_chart_label(full, MEASURE_COLUMNS);
    const char *texts[] = {name, value, known ? pl_kpi_status_words(status) : "not known",
                           of,   trend, measure};
    add_fields(draft, numbers, G_N_ELEMENTS(numbers), texts, G_N_ELEMENTS(texts));
}

/* The last points of its course, and its target, as shares of the room. */
static void add_course(PlChartDraft *draft, const PlSection *s, guint row) {
    const PlCurve *c = pl_section_curve(s, NULL, "trend");
    double least = INFINITY, most = -INFINITY;
    guint from = c != NULL && c->n > POINTS_MOST ? c->n - POINTS_MOST : 0, last = G_MAXUINT;
    while (c != NULL && from < c->n && !isfinite(c->y[from]))
        from++;
    for (guint i = from; c != NULL && i < c->n; i++) {
        if (!isfinite(c->y[i]))
            continue;
        least = MIN(least, c->y[i]);
        most = MAX(most, c->y[i]);
        last = i;
    }
    if (last == G_MAXUINT || c->n - from < 2)
        return;
    for (guint i = from; i < c->n; i++) {
        double height = most > least ? (c->y[i] - least) / (most - least) : 0.5;
        const double numbers[] = {
            POINT, row, i == last, (double)(i - from) / (c->n - 1 - from), isfinite(c->y[i]) ? height : NAN,
            0,     0,   0};
        add_fields(draft, numbers, G_N_ELEMENTS(numbers), NULL, 0);
    }
}

static char *title_of(const GPtrArray *sections, guint *targets) {
    guint count[PL_STATUS_OFF + 1] = {0}, unknown = 0;
    for (guint i = 0; i < sections->len; i++) {
        const PlFinding *f = pl_section_headline(g_ptr_array_index(sections, i));
        if (f == NULL || !isfinite(f->value))
            unknown++;
        else
            count[f->mark->status]++;
    }
    const PlSection *only = g_ptr_array_index(sections, 0);
    *targets = sections->len - unknown - count[PL_STATUS_NONE];
    if (sections->len == 1 && *targets == 1)
        return g_strdup_printf("%s: %s", only->title,
                               pl_kpi_status_words(pl_section_headline(only)->mark->status));
    GString *s = g_string_new(NULL);
    if (*targets == 0) {
        g_string_append_printf(s, "%u KPI%s, none with a target", sections->len - unknown,
                               sections->len - unknown == 1 ? "" : "s");
    } else {
        g_string_append_printf(s, "%u of %u KPIs on target", count[PL_STATUS_ON_TARGET], *targets);
        if (count[PL_STATUS_AT_RISK] > 0)
            g_string_append_printf(s, ", %u at risk", count[PL_STATUS_AT_RISK]);
        if (count[PL_STATUS_OFF] > 0)
            g_string_append_printf(s, ", %u off", count[PL_STATUS_OFF]);
    }
    return g_string_free(s, FALSE);
}

static char *alt_of(const GPtrArray *sections, const char *title) {
    GString *s = g_string_new("Scorecard. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < sections->len; i++) {
        const PlSection *section = g_ptr_array_index(sections, i);
        const PlFinding *f = pl_section_headline(section);
        g_autofree char *value = f != NULL ? pl_kpi_value(f, TRUE) : g_strdup("not known"),
                        *target = f != NULL ? pl_kpi_target_words(f) : g_strdup("");
        g_string_append_printf(s, " %s: %s%s%s%s%s.", section->title, value, *target ? ", target " : "",
                               target, f != NULL && f->mark->status ? ", " : "",
                               f != NULL && f->mark->status ? pl_kpi_status_words(f->mark->status) : "");
    }
    return g_string_free(s, FALSE);
}

gboolean pl_chart_scorecard(const PlResult *result, PlChartDraft *draft) {
    g_autoptr(GPtrArray) sections = pl_kpi_sections(result);
    guint targets = 0;
    if (sections->len == 0)
        return FALSE;
    g_autofree char *title = title_of(sections, &targets);
    g_autofree char *day = result->as_of != G_MININT32 ? pl_day_format(result->as_of, PL_TIME_DATE) : NULL;
    g_autofree char *subtitle = g_strconcat(result->title ? result->title : "", day ? ", as of " : "",
                                            day ? day : "", "; bar: value, upright: target", NULL);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_count(draft->variables, "rows", sections->len);
    pl_chart_set_count(draft->variables, "targets", targets);
    g_string_append(draft->data,
                    "kind\trow\tstatus\tvalue\tlow\thigh\ttarget\tzero\tname\tvalue_text\tstatus_text\t"
                    "target_text\ttrend_text\tmeasure\n");
    for (guint i = 0; i < sections->len; i++)
        add_row(draft, g_ptr_array_index(sections, i), i + 1);
    for (guint i = 0; i < sections->len; i++)
        add_course(draft, g_ptr_array_index(sections, i), i + 1);
    draft->alt = alt_of(sections, draft->title);
    return TRUE;
}
