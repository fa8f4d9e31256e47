/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/data_checks.h"

#include <math.h>

#include "pairlift/model/intervals.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/numbers.h"

#define NAMES_SHOWN 10

/* A store that misses more of a period than this is compared with days that its partner had and it had not.
 */
#define GAP_SHARE_LIMIT 0.1

static gboolean *marked(const PlPanel *panel, const PlStoreSet *stores) {
    gboolean *used = g_new0(gboolean, panel->n_stores);
    for (guint i = 0; i < stores->n; i++)
        used[stores->store[i]] = TRUE;
    return used;
}

/* "pair" or "group", as the stores are in one. */
static const char *place(const PlStoreSet *stores) {
    return g_str_equal(stores->kind, "paired") ? "pair" : "group";
}

static void check_unused(const PlPanel *panel, const PlStoreSet *stores, const gboolean *paired,
                         PlResult *result) {
    g_autoptr(GString) names = g_string_new(NULL);
    guint n = 0;
    for (guint s = 0; s < panel->n_stores; s++) {
        if (paired[s])
            continue;
        if (n++ < NAMES_SHOWN)
            g_string_append_printf(names, "%s%s", n > 1 ? ", " : "", panel->stores[s]);
    }
    if (n == 0)
        pl_result_check(result, "unpaired_stores", PL_PASS, 0, "every store of the data is in a %s",
                        place(stores));
    else
        pl_result_check(result, "unpaired_stores", PL_PASS, n,
                        "%u of %u stores are in no %s and were not used: %s%s", n, panel->n_stores,
                        place(stores), names->str, n > NAMES_SHOWN ? ", ..." : "");
}

static gboolean is_in(const PlRange *ranges, guint n_ranges, guint time) {
    for (guint r = 0; r < n_ranges; r++)
        if (time >= ranges[r].begin && time < ranges[r].end)
            return TRUE;
    return FALSE;
}

static void check_rows(const PlPanel *panel, const char *kind, const gboolean *paired, const PlRange *ranges,
                       guint n_ranges, PlResult *result) {
    guint64 all = 0, analysed = 0, outside = 0;
    for (guint t = 0; t < panel->n_times; t++) {
        gboolean inside = is_in(ranges, n_ranges, t);
        for (guint s = 0; s < panel->n_stores; s++) {
            guint32 rows = pl_panel_rows(panel, s, t);
            all += rows;
            analysed += paired[s] && inside ? rows : 0;
            outside += paired[s] && !inside ? rows : 0;
        }
    }
    g_autofree char *of = pl_format_number((double)analysed, 0), *total = pl_format_number((double)all, 0);
    g_autofree char *early = pl_format_number((double)outside, 0);
    g_autofree char *other = pl_format_number((double)(all - analysed - outside), 0);
    pl_result_check(
        result, "rows_analysed", PL_PASS, (double)analysed,
        "%s of %s rows are of %s stores within the periods; %s are outside the periods, %s of un%s stores",
        of, total, kind, early, other, kind);
}

void pl_check_coverage(const PlPanel *panel, const PlStoreSet *stores, const PlRange *ranges, guint n_ranges,
                       PlResult *result) {
    g_autofree gboolean *used = marked(panel, stores);
    check_unused(panel, stores, used, result);
    check_rows(panel, stores->kind, used, ranges, n_ranges, result);
}

static void check_border(const PlPeriod *period, const char *name, const PlPanel *panel, PlResult *result) {
    PlDay before, after;
    if (!period->given || !pl_is_within_interval(panel, period->first, &before, &after))
        return;
    g_autofree char *first = pl_day_format(period->first, panel->kind),
                    *a = pl_day_format(before, panel->kind);
    g_autofree char *b = pl_day_format(after, panel->kind);
    pl_result_check(
        result, "period_border", PL_WARN, NAN,
        "\"%s\" begins on %s, which is no date of the data: the %s dated %s counts as earlier, that dated "
        "%s is its first; let it begin on one of these dates unless the data are dated by the last day",
        name, first, pl_step_name(panel->step, 1), a, b);
}

void pl_check_calendar(const PlDefinition *def, const PlPanel *panel, const PlCalendar *calendar,
                       PlResult *result) {
    const PlPeriods *p = &def->periods;
    const char *steps = pl_step_name(panel->step, 2);
    g_autofree char *closed = pl_weekday_names(calendar->closed_weekdays);
    if (calendar->missing)
        pl_result_check(result, "calendar", PL_WARN, calendar->missing,
                        "%u of the %" G_GUINT64_FORMAT
                        " %s of the periods have no data in any store (the first: %s) and "
                        "were %s",
                        calendar->missing, calendar->expected, steps, calendar->first,
                        pl_gaps_words(pl_definition_outcomes(def)->gaps));
    else
        pl_result_check(result, "calendar", PL_PASS, 0, "no %s of the periods is missing from the data%s%s",
                        pl_step_name(panel->step, 1), *closed ? "; no store ever sells on " : "", closed);
    check_border(&p->during, "during", panel, result);
    check_border(&p->after, "after", panel, result);
}

void pl_check_gaps(const PlDefinition *def, const PlPanel *panel, const PlStoreSet *set,
                   const PlGapReport *gaps, PlResult *result) {
    const PlTable *sales = pl_definition_outcomes(def);
    if (gaps->missing == 0) {
        pl_result_check(result, "gaps", PL_PASS, 0,
                        "every %s store has a value for every %s of the periods that "
                        "the data hold",
                        set->kind, pl_step_name(panel->step, 1));
        return;
    }
    g_autofree char *stores = pl_format_count(gaps->stores, "store", "stores");
    g_autofree char *one = g_strdup_printf("store-%s", pl_step_name(panel->step, 1));
    g_autofree char *many = g_strdup_printf("store-%s", pl_step_name(panel->step, 2));
    g_autofree char *count = pl_format_count(gaps->missing, one, many);
    g_autofree char *share = pl_format_size(gaps->worst_share, 0.1, PL_EFFECT_RELATIVE, NULL);
    pl_result_check(result, "gaps", PL_WARN, gaps->missing,
                    "%s of %s had no value and %s %s (the first: %s)%s%s%s%s", count, stores,
                    gaps->missing == 1 ? "was" : "were", pl_gaps_words(sales->gaps), gaps->first,
                    gaps->worst_share > GAP_SHARE_LIMIT ? "; store " : "",
                    gaps->worst_share > GAP_SHARE_LIMIT ? gaps->worst_store : "",
                    gaps->worst_share > GAP_SHARE_LIMIT ? " misses the most of a period, " : "",
                    gaps->worst_share > GAP_SHARE_LIMIT ? share : "");
}

void pl_check_positive(const PlPanel *panel, const PlStoreSet *stores, const PlMetric *metric,
                       const PlRange *ranges, guint n_ranges, PlResult *result) {
    PlBoundMetric bound;
    guint zero = 0, negative = 0;
    /* a day without an up-sold order is nothing odd */
    if (pl_metric_of_rows(metric) || !pl_metric_bind(metric, panel, &bound))
        return;
    for (guint i = 0; i < stores->n; i++) {
        guint store = stores->store[i];
        double v;
        for (guint r = 0; r < n_ranges; r++)
            for (guint t = ranges[r].begin; t < ranges[r].end; t++)
                if (pl_metric_value(panel, &bound, store, t, t + 1, &v)) {
                    zero += v == 0 ? 1 : 0;
                    negative += v < 0 ? 1 : 0;
                }
    }
    if (zero + negative == 0)
        pl_result_check(result, "positive_values", PL_PASS, 0,
                        "all values of %s of the %s stores are above zero", metric->name, stores->kind);
    else
        pl_result_check(result, "positive_values", PL_WARN, zero + negative,
                        "%s: %u store-%s at zero, %u below zero: returns, closures, or faulty rows?",
                        metric->name, zero, pl_step_name(panel->step, zero), negative);
}
