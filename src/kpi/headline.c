/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/headline.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/paired.h"
#include "pairlift/stats/trend.h"

/* Periods ahead in which a trend may carry a value past its target. */
#define AHEAD 3

gboolean pl_kpi_is_target(const PlKpiRun *run, const char *measure) {
    return g_strcmp0(run->goal->measure, measure) == 0 ||
           (g_strcmp0(run->goal->measure, "churn") == 0 && g_str_has_prefix(measure, "churn_"));
}

static gboolean is_down(const PlKpiRun *run) {
    if (run->goal->direction != NULL)
        return strcmp(run->goal->direction, "down") == 0;
    for (gsize i = 0; i < G_N_ELEMENTS(run->kpi->measures) && run->kpi->measures[i].name != NULL; i++)
        if (g_strcmp0(run->goal->measure, run->kpi->measures[i].name) == 0)
            return run->kpi->measures[i].down;
    return FALSE;
}

/* TRUE: `value` is at least as good as `target`. */
static gboolean reaches(double value, double target, gboolean down) {
    return down ? value <= target : value >= target;
}

void pl_kpi_judge(const PlKpiRun *run, PlFinding *f) {
    PlKpiMark *mark = pl_finding_mark(f);
    mark->down = is_down(run);
    if (!run->has_target)
        return;
    double target = mark->target = run->goal->target, margin = run->goal->at_risk * fabs(target);
    if (isnan(f->value))
        return;
    double best =
        mark->down ? f->conf_low : f->conf_high; /* the end of the interval that is nearest to good */
    if (reaches(f->value, target, mark->down))
        mark->status = mark->doubt == NULL ? PL_STATUS_ON_TARGET : PL_STATUS_AT_RISK;
    else if (fabs(f->value - target) <= margin || (!isnan(best) && reaches(best, target, mark->down)))
        mark->status = PL_STATUS_AT_RISK;
    else
        mark->status = PL_STATUS_OFF;
}

static void test_trend(const PlKpiRun *run, PlKpiMark *mark, const PlKpiSeries *s) {
    const PlBuckets *b = s->buckets;
    guint most = (guint)run->study->def->kpis.trend_periods, n = 0;
    guint from = b->last - b->first > most ? b->last - most : b->first;
    g_autofree double *x = g_new(double, b->n + 1), *y = g_new(double, b->n + 1);
    PlArena arena = {0};
    PlTrendTest test;
    for (guint k = from; k < b->last; k++) {
        if (isnan(s->value[k]))
            continue;
        x[n] = k;
        y[n++] = s->value[k];
    }
    if (pl_trend(x, y, n, run->conf_level, &arena, &test) == PL_OK) {
        gboolean clear = test.p_value <= 1 - run->conf_level;
        mark->trend = !clear ? "unclear" : test.slope > 0 ? "rising" : test.slope < 0 ? "falling" : "unclear";
        mark->trend_periods = n;
        mark->trend_slope = test.slope;
        mark->trend_low = isinf(test.conf_low) ? NAN : test.conf_low; /* too few periods for an interval */
        mark->trend_high = isinf(test.conf_high) ? NAN : test.conf_high;
        mark->trend_p = test.p_value;
    }
    pl_arena_clear(&arena);
}

static gboolean has_two_years(const PlBuckets *b) {
    return b->per_year > 1 && b->last - b->first >= 2 * b->per_year;
}

/* Against the same period a year before. That a period is above it is no direction over the last periods: a
 * value may fall month by month and stay above, so this trend has no slope, and nothing is foretold by it. */
static void test_season(const PlKpiRun *run, PlKpiMark *mark, const PlKpiSeries *s) {
    const PlBuckets *b = s->buckets;
    guint most = (guint)run->study->def->kpis.trend_periods, n = 0, year = b->per_year;
    guint from = b->last - b->first - year > most ? b->last - most : b->first + year;
    g_autofree double *change = g_new(double, b->n + 1);
    PlInferenceOptions options = {.conf_level = run->conf_level, .threads = 1};
    PlArena arena = {0};
    PlInference in;
    for (guint k = from; k < b->last; k++)
        if (!isnan(s->value[k]) && !isnan(s->value[k - year]))
            change[n++] = s->value[k] - s->value[k - year];
    if (pl_sign_test(change, n, &options, &arena, &in) == PL_OK) {
        gboolean clear = in.p_value <= 1 - run->conf_level;
        mark->trend = !clear            ? "unclear"
                      : in.estimate > 0 ? "rising"
                      : in.estimate < 0 ? "falling"
                                        : "unclear";
        mark->trend_seasonal = TRUE;
        mark->trend_periods = n;
        for (guint i = 0; i < n; i++) {
            mark->trend_above += change[i] > 0;
            mark->trend_below += change[i] < 0;
        }
        mark->trend_p = in.p_value;
    }
    pl_arena_clear(&arena);
}

/* On target now, but on a clear way past it. */
static void look_ahead(const PlFinding *f, PlKpiMark *mark) {
    if (mark->status != PL_STATUS_ON_TARGET || mark->trend == NULL || isnan(mark->trend_slope) ||
        strcmp(mark->trend, "unclear") == 0)
        return;
    if (!reaches(f->value + AHEAD * mark->trend_slope, mark->target, mark->down))
        mark->status = PL_STATUS_AT_RISK;
}

static void add_curve(const PlKpiRun *run, const PlFinding *f, const PlKpiSeries *s) {
    const PlBuckets *b = s->buckets;
    PlCurve *c = pl_section_add_curve(run->section, NULL, "trend", b->last - b->first);
    c->x_label = g_strdup(b->period);
    c->y_label = g_strdup(f->label);
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = f->amount;
    c->target = f->mark->target;
    c->x_names = g_new0(char *, c->n + 1);
    for (guint i = 0; i < c->n; i++) {
        c->x[i] = i;
        c->x_names[i] = g_strdup(b->names[b->first + i]);
        c->y[i] = s->value[b->first + i];
        c->low[i] = s->low != NULL ? s->low[b->first + i] : NAN;
        c->high[i] = s->high != NULL ? s->high[b->first + i] : NAN;
    }
}

static char *amount(const PlFinding *f, double value, double precision) {
    return pl_format_amount_size(value, precision, f->amount, f->unit);
}

static void say_status(GString *s, const PlFinding *f) {
    static const char *const words[] = {
        [PL_STATUS_ON_TARGET] = "on target", [PL_STATUS_AT_RISK] = "at risk", [PL_STATUS_OFF] = "off target"};
    const PlKpiMark *mark = f->mark;
    if (isnan(mark->target))
        return;
    g_autofree char *target = amount(f, mark->target, NAN);
    g_string_append_printf(s, "; the target is %s or %s", target, mark->down ? "less" : "more");
    if (mark->status != PL_STATUS_NONE)
        g_string_append_printf(s, ": %s", words[mark->status]);
    if (mark->doubt != NULL)
        g_string_append_printf(s, ", as %s", mark->doubt);
}

/* "above the year before in 11 of 12 months (p = 0.006)". */
static void say_season(GString *s, const PlKpiMark *mark, const char *period) {
    gboolean down = strcmp(mark->trend, "falling") == 0;
    g_autofree char *p = pl_format_p_is(mark->trend_p);
    g_string_append_printf(s, "; %s the year before in %u of %u %s%s%s (%s)", down ? "below" : "above",
                           down ? mark->trend_below : mark->trend_above, mark->trend_periods, period,
                           mark->trend_periods == 1 ? "" : "s",
                           strcmp(mark->trend, "unclear") == 0 ? ", which is not clear" : "", p);
}

static void say_trend(GString *s, const PlFinding *f, const PlKpiSeries *series) {
    const PlKpiMark *mark = f->mark;
    if (series == NULL || mark->trend == NULL)
        return;
    if (mark->trend_seasonal) {
        say_season(s, mark, series->buckets->period);
        return;
    }
    double half = (mark->trend_high - mark->trend_low) / 2;
    g_autofree char *p = pl_format_p_is(mark->trend_p), *slope = amount(f, fabs(mark->trend_slope), half),
                    *of =
                        g_strdup_printf("%s%s", series->buckets->period, mark->trend_periods == 1 ? "" : "s");
    gboolean share = f->amount == PL_AMOUNT_SHARE || f->amount == PL_AMOUNT_LIFT;
    if (share) { /* a change of a share is in points */
        g_free(slope);
        slope = pl_format_size(100 * fabs(mark->trend_slope), 100 * half, PL_EFFECT_ABSOLUTE, "points");
    }
    if (strcmp(mark->trend, "unclear") == 0)
        g_string_append_printf(s, "; no clear trend over the last %u %s (%s)", mark->trend_periods, of, p);
    else
        g_string_append_printf(s, "; %s by %s a %s over the last %u %s (%s)", mark->trend, slope,
                               series->buckets->period, mark->trend_periods, of, p);
}

static char *sentence_of(const PlFinding *f, const PlKpiSeries *series, const char *look) {
    GString *s = g_string_new(f->label);
    g_autofree char *value = pl_format_finding(f);
    if (f->period != NULL)
        g_string_append_printf(s, " in %s", f->period);
    if (isnan(f->value))
        g_string_append_printf(s, ": not known, %s", f->reason != NULL ? f->reason : "there are no data");
    else
        g_string_append_printf(s, ": %s", value);
    say_status(s, f);
    say_trend(s, f, series);
    g_string_append_c(s, '.');
    if (look != NULL)
        g_string_append_printf(s, " %s", look);
    return g_string_free(s, FALSE);
}

static void make_headline(const PlKpiRun *run, PlFinding *f, const PlKpiSeries *series, gboolean seasonal,
                          const char *look) {
    PlKpiMark *mark = pl_finding_mark(f);
    pl_kpi_judge(run, f);
    mark->headline = TRUE;
    mark->goal = g_strdup(run->goal->goal != NULL ? run->goal->goal : run->study->def->goal);
    if (series != NULL) {
        if (!series->overlapping)
            (seasonal ? test_season : test_trend)(run, mark, series);
        look_ahead(f, mark);
        add_curve(run, f, series);
    }
    mark->sentence = sentence_of(f, series, look);
    g_ptr_array_insert(run->section->sentences, 0, g_strdup(mark->sentence));
}

void pl_kpi_headline(const PlKpiRun *run, PlFinding *f, const PlKpiSeries *series, const char *look) {
    make_headline(run, f, series, FALSE, look);
}

void pl_kpi_headline_seasonal(const PlKpiRun *run, PlFinding *f, const PlKpiSeries *series,
                              const char *look) {
    make_headline(run, f, series, series != NULL && has_two_years(series->buckets), look);
}

PlFinding *pl_kpi_missing(const PlKpiRun *run, const char *measure, const char *label, PlAmount kind,
                          const char *format, ...) {
    PlFinding *f = pl_section_add(run->section, NULL, measure, label, kind);
    va_list args;
    va_start(args, format);
    f->reason = g_strdup_vprintf(format, args);
    va_end(args);
    return f;
}
