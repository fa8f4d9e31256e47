/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/periods.h"

#include "pairlift/model/intervals.h"
#include "pairlift/model/kpi_metrics.h"

void pl_calendar_clear(PlCalendar *calendar) {
    g_clear_pointer(&calendar->first, g_free);
}

typedef struct {
    const char *name;
    const PlPeriod *period;
    PlRange *range;
    PlSpan *span;
} Period;

typedef struct {
    const PlDefinition *def;
    PlPanel *panel;
    PlGaps gaps;
    PlCalendar *calendar;
    PlDiagnostics *faults;
} Locating;

static void fault_no_data(const Locating *l, const Period *p) {
    g_autofree char *from = pl_day_format(l->panel->times[0], l->panel->kind);
    g_autofree char *to = pl_day_format(l->panel->times[l->panel->n_times - 1], l->panel->kind);
    pl_diagnostics_add(l->faults, l->def->file, pl_definition_pos(l->def, p->period),
                       "check the dates, and date_format under data",
                       "no data in period \"%s\": the data run from %s to %s", p->name, from, to);
}

static void fault_missing(const Locating *l, const Period *p, const GArray *missing, guint64 expected) {
    const PlPanel *panel = l->panel;
    PlDay first = g_array_index(missing, PlDay, 0), end = panel->times[panel->n_times - 1];
    g_autofree char *day = pl_day_format(first, panel->kind), *last = pl_day_format(end, panel->kind);
    g_autofree char *hint =
        first > end ? g_strdup_printf("the data end on %s: shorten the period, or wait for the rest", last)
                    : g_strdup("say what that means with gaps: under data (zero, closed or interpolate)");
    pl_diagnostics_add(l->faults, l->def->file, pl_definition_pos(l->def, p->period), hint,
                       "no store has data for %u of the %" G_GUINT64_FORMAT " %s of \"%s\" (the first: %s)",
                       missing->len, expected, pl_step_name(panel->step, 2), p->name, day);
}

/* The verdict needs no time after: what can be said without it is said. */
static void warn_no_after(const Locating *l, PlResult *result) {
    g_autofree char *from = pl_day_format(l->panel->times[0], l->panel->kind);
    g_autofree char *to = pl_day_format(l->panel->times[l->panel->n_times - 1], l->panel->kind);
    pl_result_check(
        result, "after", PL_WARN, 0,
        "no data in period \"after\": the data run from %s to %s, so nothing is said about the time after "
        "the promotion",
        from, to);
}

/* Looks for intervals of one period that no store has, and treats them. */
static void treat_calendar(Locating *l, const Period *p) {
    guint64 expected;
    g_autoptr(GArray) missing = pl_missing_times(l->panel, p->period->first, p->period->last, &expected);
    l->calendar->expected += expected;
    l->calendar->missing += missing->len;
    if (missing->len == 0)
        return;
    if (!l->calendar->first)
        l->calendar->first = pl_day_format(g_array_index(missing, PlDay, 0), l->panel->kind);
    if (l->gaps == PL_GAPS_ERROR)
        fault_missing(l, p, missing, expected);
    else if (l->gaps != PL_GAPS_CLOSED)
        pl_panel_insert_times(l->panel, (const PlDay *)(gpointer)missing->data, missing->len);
}

static void find(const Locating *l, const Period *p) {
    *p->range = (PlRange){0, 0};
    if (!p->period->given)
        return;
    pl_panel_range(l->panel, p->period->first, p->period->last, &p->range->begin, &p->range->end);
    *p->span = (PlSpan){TRUE, p->period->first, p->period->last, p->range->end - p->range->begin};
}

gboolean pl_periods_locate(const PlDefinition *def, PlPanel *panel, PlRanges *ranges, PlCalendar *calendar,
                           PlResult *result, GError **error) {
    const Period periods[] = {{"before", &def->periods.before, &ranges->before, &result->before},
                              {"during", &def->periods.during, &ranges->during, &result->during},
                              {"after", &def->periods.after, &ranges->after, &result->after}};
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    Locating l = {def, panel, (PlGaps)pl_definition_outcomes(def)->gaps, calendar, faults};
    *calendar = (PlCalendar){.closed_weekdays = pl_closed_weekdays(panel)};
    for (guint i = 0; i < G_N_ELEMENTS(periods); i++) {
        find(&l, &periods[i]);
        if (!periods[i].period->given)
            continue;
        gboolean empty = periods[i].range->begin == periods[i].range->end;
        if (empty && periods[i].period == &def->periods.after)
            warn_no_after(&l, result);
        else if (empty)
            fault_no_data(&l, &periods[i]);
        else
            treat_calendar(&l, &periods[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(periods); i++) /* again: the panel may have grown */
        find(&l, &periods[i]);
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error);
}
