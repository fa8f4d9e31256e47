/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

#define NAME_COLUMNS 32

/* Beyond this many points the weekdays make a comb in which no course is seen: a week's mean then. */
enum { SMOOTH_FROM = 150, SMOOTH_WINDOW = 7 };

static const PlSeries *find_series(const PlResult *result, const char *treatment) {
    for (guint i = 0; i < result->series->len; i++) {
        const PlSeries *series = g_ptr_array_index(result->series, i);
        if (pl_chart_is_of(result, treatment, series->treatment, series->metric, NULL))
            return series;
    }
    return NULL;
}

/* Mean of a side's values within a span; NaN when it has none. */
static double level(const PlSeries *series, const double *values, const PlSpan *span) {
    double sum = 0;
    guint n = 0;
    for (guint i = 0; i < series->n; i++)
        if (span->given && series->times[i] >= span->first && series->times[i] <= span->last &&
            isfinite(values[i])) {
            sum += values[i];
            n++;
        }
    return n > 0 ? sum / n : NAN;
}

/* Time from one value to the next: the shortest one, 1 when there is but one value. */
static double step_of(const PlSeries *series) {
    double step = INFINITY;
    for (guint i = 1; i < series->n; i++)
        step = MIN(step, (double)series->times[i] - series->times[i - 1]);
    return isfinite(step) && step > 0 ? step : 1;
}

static void set_time(PlChartDraft *draft, const char *name, PlDay day, PlTimeKind kind) {
    g_autofree char *text = pl_day_format(day, kind);
    pl_chart_set_text(draft->variables, name, text);
}

/* The first or last time of the data within a span; a week or month is drawn around its own date, wherever in
 * it the period ends. */
static PlDay edge_time(const PlSeries *series, const PlSpan *span, gboolean first) {
    PlDay edge = series->times[0];
    for (guint i = 0; span->given && i < series->n; i++)
        if (series->times[i] >= span->first && series->times[i] <= span->last) {
            edge = series->times[i];
            if (first)
                return edge;
        }
    return edge;
}

static void set_span(PlChartDraft *draft, const char *name, const PlSpan *span, const PlSeries *series,
                     PlTimeKind kind) {
    const struct {
        const char *suffix;
        double value;
    } numbers[] = {{"_test", level(series, series->test, span)},
                   {"_control", level(series, series->control, span)}};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *full = g_strconcat(name, numbers[i].suffix, NULL);
        pl_chart_set_number(draft->variables, full, numbers[i].value);
    }
    g_autofree char *given = g_strconcat(name, "_given", NULL);
    g_autofree char *first = g_strconcat(name, "_first", NULL), *last = g_strconcat(name, "_last", NULL);
    pl_chart_set_count(draft->variables, given, span->given);
    set_time(draft, first, edge_time(series, span, TRUE), kind);
    set_time(draft, last, edge_time(series, span, FALSE), kind);
}

/* Mean of the values around the i-th, as far as they are there; the value itself where the chart is not
 * dense. */
static double smoothed(const PlSeries *series, const double *values, guint i) {
    double sum = 0;
    guint n = 0, half = SMOOTH_WINDOW / 2;
    if (series->n <= SMOOTH_FROM)
        return values[i];
    for (guint k = i > half ? i - half : 0; k <= i + half && k < series->n; k++)
        if (isfinite(values[k])) {
            sum += values[k];
            n++;
        }
    return n > 0 ? sum / n : NAN;
}

/* The part of a series that is drawn: the periods, and half as much again before and after them, so that a
 * file of years does not shrink the experiment to a sliver. */
static PlSeries window_of(const PlSeries *series, const PlResult *result) {
    const PlSpan *spans[] = {&result->before, &result->during, &result->after};
    gint64 first = G_MAXINT64, last = G_MININT64;
    guint begin = 0, end = series->n;
    for (gsize i = 0; i < G_N_ELEMENTS(spans); i++)
        if (spans[i]->given) {
            first = MIN(first, (gint64)spans[i]->first);
            last = MAX(last, (gint64)spans[i]->last);
        }
    if (first > last)
        return *series;
    gint64 more = (last - first + 1) / 2;
    while (begin < end && series->times[begin] < first - more)
        begin++;
    while (end > begin && series->times[end - 1] > last + more)
        end--;
    PlSeries window = *series;
    window.n = end - begin;
    window.times += begin;
    window.test += begin;
    window.control += begin;
    return window;
}

static gboolean add_rows(PlChartDraft *draft, const PlSeries *series, PlTimeKind kind) {
    double low = INFINITY, high = -INFINITY;
    g_string_append(draft->data, "time\ttest\tcontrol\n");
    for (guint i = 0; i < series->n; i++) {
        const double values[] = {smoothed(series, series->test, i), smoothed(series, series->control, i)};
        g_autofree char *time = pl_day_format(series->times[i], kind);
        pl_chart_add_text(draft->data, time);
        pl_chart_add_number(draft->data, values[0]);
        pl_chart_add_number(draft->data, values[1]);
        g_string_append_c(draft->data, '\n');
        for (gsize k = 0; k < G_N_ELEMENTS(values); k++)
            if (isfinite(values[k])) {
                low = MIN(low, values[k]);
                high = MAX(high, values[k]);
            }
    }
    pl_chart_set_number(draft->variables, "y_low", low);
    pl_chart_set_number(draft->variables, "y_high", high);
    return isfinite(low);
}

static char *headline(const PlResult *result, const char *treatment) {
    for (guint i = 0; i < result->verdicts->len; i++) {
        const PlVerdict *verdict = g_ptr_array_index(result->verdicts, i);
        if (pl_chart_is_of(result, treatment, verdict->treatment, verdict->metric, NULL) &&
            verdict->headline != NULL)
            return g_strdup(verdict->headline);
    }
    return g_strdup("Test and control stores");
}

static void set_alt(PlChartDraft *draft, const PlResult *result, const char *treatment,
                    const PlSeries *series) {
    double test = level(series, series->test, &result->during);
    double control = level(series, series->control, &result->during);
    GString *alt = g_string_new(NULL);
    g_string_append_printf(alt, "Line chart. %s.", draft->title);
    if (isfinite(test) && isfinite(control))
        g_string_append_printf(alt,
                               " During the promotion the average test store stood at %.1f and the average "
                               "control store at %.1f, where %s is 100.",
                               test, control,
                               result->before.given ? "each store's own average before"
                                                    : "the average of the pair's control store");
    const PlEstimate *estimate = pl_result_deciding(result, treatment);
    if (estimate != NULL && isfinite(estimate->estimate)) {
        g_autofree char *effect = pl_chart_effect_text(estimate);
        g_string_append_printf(alt, " Effect: %s.", effect);
    }
    draft->alt = g_string_free(alt, FALSE);
}

/* The average test and control store over time, each store indexed to its own level before. */
gboolean pl_chart_test_vs_control(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSeries *whole = find_series(result, treatment);
    if (whole == NULL || whole->n == 0)
        return FALSE;
    PlSeries window = window_of(whole, result);
    const PlSeries *series = &window;
    if (series->n == 0 || !add_rows(draft, series, result->time_kind))
        return FALSE;
    g_autofree char *metric = pl_chart_metric(result, TRUE);
    g_autofree char *title = headline(result, treatment);
    g_autofree char *subtitle = g_strdup_printf(
        "%s of the average store%s, %s = 100", metric, series->n > SMOOTH_FROM ? " (running mean of 7)" : "",
        result->before.given ? "each store's own average before the promotion"
                             : "the average of its pair's control store");
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "y_label",
                      result->before.given ? "Index, before = 100" : "Index, control = 100");
    pl_chart_set_count(draft->variables, "time_is_date", result->time_kind == PL_TIME_DATE);
    g_autofree char *time_label =
        g_strdup(result->time_kind == PL_TIME_DATE ? "" : pl_step_name(result->step, 1));
    time_label[0] = g_ascii_toupper(time_label[0]);
    pl_chart_set_text(draft->variables, "time_label", time_label);
    pl_chart_set_number(draft->variables, "time_step", step_of(series));
    pl_chart_set_count(draft->variables, "points", series->n);
    set_time(draft, "time_first", series->times[0], result->time_kind);
    set_time(draft, "time_last", series->times[series->n - 1], result->time_kind);
    set_span(draft, "before", &result->before, series, result->time_kind);
    set_span(draft, "during", &result->during, series, result->time_kind);
    set_span(draft, "after", &result->after, series, result->time_kind);
    set_alt(draft, result, treatment, series);
    return TRUE;
}
