/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/effect/gaps.h"
#include "pairlift/model/pairs.h"
#include "pairlift/model/value.h"

typedef struct {
    const PlDefinition *def;
    const PlTable *table;
    PlPanel *panel;
    gboolean *is_mean; /* [measure]: a mean has no zero */
    PlDiagnostics *faults;
    PlGapReport *report;
} Gaps;

void pl_gap_report_clear(PlGapReport *report) {
    g_clear_pointer(&report->first, g_free);
}

static double *cell(const PlPanel *panel, guint store, guint time, guint measure) {
    return &panel->sum[time * panel->n_measures + measure][store];
}

/* The value of one measure on the line between its nearest neighbours in time; FALSE at an end. */
static gboolean interpolate(const PlPanel *panel, guint store, guint time, guint measure, double *value) {
    double left = 0, right = 0;
    guint a = time, b = time;
    gboolean has_left = FALSE, has_right = FALSE;
    while (a > 0 && !has_left)
        has_left = pl_panel_get(panel, store, --a, measure, &left);
    while (b + 1 < panel->n_times && !has_right)
        has_right = pl_panel_get(panel, store, ++b, measure, &right);
    if (!has_left || !has_right)
        return FALSE;
    double share =
        (double)(panel->times[time] - panel->times[a]) / (double)(panel->times[b] - panel->times[a]);
    *value = left + share * (right - left);
    return TRUE;
}

static void fault(Gaps *g, guint store, guint time, const char *what, const char *hint) {
    g_autofree char *when = pl_day_format(g->panel->times[time], g->panel->kind);
    pl_diagnostics_add(g->faults, g->table->files[0], (PlPos){0, 0}, hint, "store \"%s\" has no %s for %s",
                       g->panel->stores[store], what, when);
}

/* Fills one missing cell of one measure as the policy says; `value` is what it becomes. */
static gboolean fill(Gaps *g, guint store, guint time, guint measure, double *value) {
    if (g->table->gaps == PL_GAPS_ZERO && !g->is_mean[measure]) {
        *value = 0;
        return TRUE;
    }
    if (g->table->gaps != PL_GAPS_INTERPOLATE)
        return FALSE;
    if (interpolate(g->panel, store, time, measure, value))
        return TRUE;
    fault(g, store, time, "value on both sides to interpolate between",
          "shorten the period, or set gaps: closed under data");
    return FALSE;
}

static gboolean any_missing(const PlPanel *panel, guint store, guint time) {
    double v;
    for (guint m = 0; m < panel->n_measures; m++)
        if (!pl_panel_get(panel, store, time, m, &v))
            return TRUE;
    return FALSE;
}

static gboolean treat_cell(Gaps *g, guint store, guint time) {
    PlPanel *panel = g->panel;
    if (!any_missing(panel, store, time))
        return FALSE;
    g->report->missing++;
    if (!g->report->first) {
        g_autofree char *when = pl_day_format(panel->times[time], panel->kind);
        g->report->first = g_strdup_printf("store \"%s\", %s", panel->stores[store], when);
    }
    if (g->table->gaps == PL_GAPS_ERROR) {
        fault(g, store, time, panel->rows[time][store] ? "value" : "row",
              "say what that means with gaps: under data (zero, closed or interpolate)");
        return TRUE;
    }
    gboolean filled = FALSE;
    g_autofree double *values = g_new(double, panel->n_measures);
    for (guint m = 0; m < panel->n_measures; m++) {
        values[m] = G_MAXDOUBLE;
        if (!pl_panel_get(panel, store, time, m, &values[m]) && fill(g, store, time, m, &values[m]))
            filled = TRUE;
    }
    if (!filled)
        return TRUE;
    for (guint m = 0; m < panel->n_measures; m++)
        *cell(panel, store, time, m) = values[m] < G_MAXDOUBLE ? values[m] : (double)NAN;
    panel->rows[time][store] = MAX(panel->rows[time][store], 1);
    g->report->filled++;
    return TRUE;
}

static void treat_store(Gaps *g, guint store) {
    const PlPeriod *periods[] = {&g->def->periods.before, &g->def->periods.during, &g->def->periods.after};
    guint found = 0;
    for (guint p = 0; p < G_N_ELEMENTS(periods); p++) {
        guint begin, end;
        if (!periods[p]->given)
            continue;
        pl_panel_range(g->panel, periods[p]->first, periods[p]->last, &begin, &end);
        for (guint t = begin; t < end; t++)
            found += treat_cell(g, store, t) ? 1 : 0;
    }
    g->report->stores += found > 0 ? 1 : 0;
}

gboolean pl_gaps_apply(const PlDefinition *def, PlPanel *panel, const GPtrArray *pairs, PlGapReport *report,
                       GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(20);
    g_autofree gboolean *is_mean = g_new0(gboolean, panel->n_measures);
    for (guint i = 0; i < def->metrics->len; i++) {
        PlBoundMetric metric;
        if (pl_metric_bind(g_ptr_array_index(def->metrics, i), panel, &metric) &&
            metric.kind == PL_METRIC_MEAN)
            is_mean[metric.measure] = TRUE;
    }
    Gaps g = {def, pl_definition_table(def, PL_TABLE_SALES), panel, is_mean, faults, report};
    *report = (PlGapReport){0};
    for (guint i = 0; i < pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i);
        treat_store(&g, pair->test);
        treat_store(&g, pair->control);
    }
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error);
}
