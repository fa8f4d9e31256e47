/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/gaps.h"

#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/pairs.h"

typedef struct {
    const PlTable *table;
    PlPanel *panel;
    PlDiagnostics *faults;
    PlGapReport *report;
} Gaps;

/* Consecutive gaps of one store that are the same fault. */
typedef struct {
    const char *what;
    const char *hint; /* NULL: no run is open */
    guint first, last;
} Run;

void pl_gap_report_clear(PlGapReport *report) {
    g_clear_pointer(&report->first, g_free);
}

const char *pl_gaps_words(int gaps) {
    static const char *const words[] = {[PL_GAPS_ERROR] = "an error",
                                        [PL_GAPS_ZERO] = "counted as no sales",
                                        [PL_GAPS_CLOSED] = "left out as closed",
                                        [PL_GAPS_INTERPOLATE] = "filled by a straight line"};
    return words[gaps];
}

static void end_run(const Gaps *g, guint store, Run *run) {
    const PlPanel *panel = g->panel;
    if (!run->hint)
        return;
    guint n = run->last - run->first + 1;
    g_autofree char *from = pl_day_format(panel->times[run->first], panel->kind);
    g_autofree char *to = pl_day_format(panel->times[run->last], panel->kind);
    g_autofree char *span =
        n == 1 ? g_strdup(from)
               : g_strdup_printf("%s to %s (%u %s)", from, to, n, pl_step_name(panel->step, n));
    pl_diagnostics_add(g->faults, g->table->files[0], (PlPos){0, 0}, run->hint,
                       "store \"%s\" has no %s for %s", panel->stores[store], run->what, span);
    run->hint = NULL;
}

static void fault(const Gaps *g, guint store, guint time, const char *what, const char *hint, Run *run) {
    if (run->hint != hint || run->what != what || (run->last != time && run->last + 1 != time)) {
        end_run(g, store, run);
        *run = (Run){what, hint, time, time};
    }
    run->last = time;
}

/* The nearest interval of the period with a value, on one side; FALSE at the period's end. */
static gboolean neighbour(const PlPanel *panel, guint store, guint time, guint measure, PlRange period,
                          int step, guint *found) {
    double value;
    for (gint64 t = (gint64)time + step; t >= period.begin && t < period.end; t += step)
        if (pl_panel_get(panel, store, (guint)t, measure, &value)) {
            *found = (guint)t;
            return TRUE;
        }
    return FALSE;
}

/* Fills one measure's cell with the value on the line between its neighbours. */
static gboolean interpolate(const Gaps *g, guint store, guint time, guint measure, PlRange period) {
    PlPanel *panel = g->panel;
    guint left, right;
    if (!neighbour(panel, store, time, measure, period, -1, &left) ||
        !neighbour(panel, store, time, measure, period, 1, &right))
        return FALSE;
    double share = ((double)panel->times[time] - panel->times[left]) /
                   ((double)panel->times[right] - panel->times[left]);
    double a = 0, b = 0;
    guint32 weight = 1;
    if (panel->averaged[measure]) { /* the mean is on the line, and the day weighs as its neighbours do */
        pl_panel_mean(panel, store, left, measure, &a);
        pl_panel_mean(panel, store, right, measure, &b);
        double rows = (1 - share) * pl_panel_values(panel, store, left, measure) +
                      share * pl_panel_values(panel, store, right, measure);
        weight = MAX((guint32)(rows + 0.5), 1);
    } else {
        pl_panel_get(panel, store, left, measure, &a);
        pl_panel_get(panel, store, right, measure, &b);
    }
    pl_panel_fill(panel, store, time, measure, a + share * (b - a), weight);
    return TRUE;
}

/* Treats one missing value; TRUE when it is filled. */
static gboolean fill(const Gaps *g, guint store, guint time, guint measure, PlRange period, Run *run) {
    if (g->table->gaps == PL_GAPS_ZERO && !g->panel->averaged[measure]) { /* no rows are no score of 0 */
        pl_panel_fill(g->panel, store, time, measure, 0, 1);
        return TRUE;
    }
    if (g->table->gaps != PL_GAPS_INTERPOLATE)
        return FALSE;
    if (interpolate(g, store, time, measure, period))
        return TRUE;
    fault(g, store, time, "value on both sides within the period",
          "shorten the period, or set gaps: closed under data", run);
    return FALSE;
}

static void fill_quietly(const Gaps *g, guint store, guint time, guint measure, PlRange period) {
    if (g->table->gaps == PL_GAPS_ZERO && !g->panel->averaged[measure])
        pl_panel_fill(g->panel, store, time, measure, 0, 1);
    else if (g->table->gaps == PL_GAPS_INTERPOLATE)
        (void)!interpolate(g, store, time, measure, period);
}

static gboolean treat_cell(const Gaps *g, guint store, guint time, PlRange period, Run *run) {
    const PlPanel *panel = g->panel;
    gboolean missing = FALSE, filled = FALSE;
    double value;
    for (guint m = 0; m < panel->n_measures; m++) {
        if (pl_panel_get(panel, store, time, m, &value))
            continue;
        if (m >= panel->n_needed) { /* of no metric: filled alike, but never a fault */
            fill_quietly(g, store, time, m, period);
            continue;
        }
        missing = TRUE;
        if (g->table->gaps == PL_GAPS_ERROR)
            fault(g, store, time, panel->rows[time][store] ? "value" : "row",
                  "say what that means with gaps: under data (zero, closed or interpolate)", run);
        else
            filled = fill(g, store, time, m, period, run) || filled;
    }
    if (missing && !g->report->first) {
        g_autofree char *when = pl_day_format(panel->times[time], panel->kind);
        g->report->first = g_strdup_printf("store \"%s\", %s", panel->stores[store], when);
    }
    g->report->missing += missing ? 1 : 0;
    g->report->filled += filled ? 1 : 0;
    return missing;
}

static void treat_store(const Gaps *g, guint store, const PlRanges *ranges) {
    const PlRange periods[] = {ranges->before, ranges->during, ranges->after};
    gboolean any = FALSE;
    for (guint p = 0; p < G_N_ELEMENTS(periods); p++) {
        guint missing = 0, n = periods[p].end - periods[p].begin;
        Run run = {0};
        for (guint t = periods[p].begin; t < periods[p].end; t++)
            missing += treat_cell(g, store, t, periods[p], &run) ? 1 : 0;
        end_run(g, store, &run);
        any = any || missing > 0;
        if (missing > 0 && (double)missing / n > g->report->worst_share) {
            g->report->worst_share = (double)missing / n;
            g->report->worst_store = g->panel->stores[store];
        }
    }
    g->report->stores += any ? 1 : 0;
}

gboolean pl_gaps_apply(const PlDefinition *def, PlPanel *panel, const PlStoreSet *stores,
                       const PlRanges *ranges, PlGapReport *report, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(20);
    Gaps g = {pl_definition_outcomes(def), panel, faults, report};
    *report = (PlGapReport){0};
    for (guint i = 0; i < stores->n; i++)
        treat_store(&g, stores->store[i], ranges);
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error);
}
