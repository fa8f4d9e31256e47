/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/parts.h"
#include "pairlift/model/definition_periods.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/numbers.h"

/* A panel without sales has every day, so that a day on which nothing happened is one. Numbers of periods may
 * be far apart. */
#define DAYS_MOST 100000

typedef struct {
    const PlDefinition *def;
    PlPanel *panel; /* owned; NULL until there is one */
    PlResult *result;
    GPtrArray *metrics; /* PlMetric* */
    PlKpiParts *parts;  /* [metrics->len] */
} Adding;

static gint by_day(gconstpointer a, gconstpointer b) {
    PlDay x = *(const PlDay *)a, y = *(const PlDay *)b;
    return (x > y) - (x < y);
}

/* All stores and all days of the rows. */
static PlPanel *panel_of_rows(const Adding *a) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal), at = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) stores = g_ptr_array_new();
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(PlDay));
    for (guint k = 0; k < a->metrics->len; k++) {
        const PlKpiParts *parts = &a->parts[k];
        for (guint s = 0; s < parts->n_stores; s++)
            if (g_hash_table_add(seen, parts->stores[s]))
                g_ptr_array_add(stores, parts->stores[s]);
        for (guint i = 0; i < parts->parts->len; i++) {
            PlDay day = g_array_index(parts->parts, PlKpiPart, i).day;
            if (g_hash_table_add(at, GINT_TO_POINTER(day)))
                g_array_append_val(days, day);
        }
    }
    g_array_sort(days, by_day);
    if (days->len > 0) {
        PlDay first = g_array_index(days, PlDay, 0), last = g_array_index(days, PlDay, days->len - 1);
        gint64 span = (gint64)last - first + 1;
        g_array_set_size(days, span <= DAYS_MOST ? (guint)span : days->len);
        for (guint t = 0; span <= DAYS_MOST && t < days->len; t++)
            g_array_index(days, PlDay, t) = first + (PlDay)t;
    }
    PlPanel *panel = pl_panel_new((const char *const *)stores->pdata, stores->len,
                                  (const PlDay *)(gpointer)days->data, days->len, a->parts[0].kind, NULL, 0);
    for (guint t = 0; t < panel->n_times; t++)
        for (guint s = 0; s < panel->n_stores; s++)
            panel->rows[t][s] = 1;
    return panel;
}

/* The interval of the sales that a day belongs to: the last that has begun, or the next where the period has
 * begun since; -1: the period has none. */
static gint64 time_of(const Adding *a, PlDay day) {
    guint begin, end;
    guint period = pl_definition_period_of(a->def, day);
    pl_panel_range(a->panel, G_MININT32, day, &begin, &end);
    if (end > 0 && pl_definition_period_of(a->def, a->panel->times[end - 1]) == period)
        return (gint64)end - 1;
    if (end < a->panel->n_times && pl_definition_period_of(a->def, a->panel->times[end]) == period)
        return end;
    return -1;
}

typedef struct {
    guint64 other_stores, other_days;
} LeftOut;

static LeftOut add_parts(const Adding *a, const PlKpiParts *parts, guint first_measure, guint measure) {
    g_autofree int *store = g_new(int, parts->n_stores + 1);
    LeftOut left = {0};
    PlDay last_day = PL_NO_DAY;
    gint64 time = -1;
    for (guint s = 0; s < parts->n_stores; s++)
        store[s] = pl_panel_store(a->panel, parts->stores[s]);
    for (guint i = 0; i < parts->parts->len; i++) {
        const PlKpiPart *p = &g_array_index(parts->parts, PlKpiPart, i);
        if (p->day != last_day) {
            last_day = p->day;
            time = time_of(a, p->day);
        }
        if (store[p->store] < 0 || time < 0) {
            left.other_stores += store[p->store] < 0;
            left.other_days += store[p->store] >= 0 && pl_definition_period_of(a->def, p->day) > 0;
            continue;
        }
        pl_panel_add(a->panel, (guint)store[p->store], (guint)time, measure, first_measure, p->part);
        pl_panel_add(a->panel, (guint)store[p->store], (guint)time, measure + 1, first_measure, p->whole);
    }
    return left;
}

static void say_left_out(GString *s, guint64 n, const char *what) {
    if (n == 0)
        return;
    g_autofree char *count = pl_format_number((double)n, 0);
    g_string_append_printf(s, "%s%s %s", s->len > 0 ? ", " : "", count, what);
}

static void report(const Adding *a, guint k, const PlRecords *records, LeftOut left) {
    const PlMetric *metric = g_ptr_array_index(a->metrics, k);
    const PlKpiParts *parts = &a->parts[k];
    g_autoptr(GString) s = g_string_new(NULL);
    say_left_out(s, parts->n_storeless, "without a known store");
    say_left_out(s, parts->n_unmatched, parts->unmatched);
    say_left_out(s, left.other_stores, "of stores without sales");
    say_left_out(s, left.other_days, "of periods without sales");
    g_autofree char *n = pl_format_count(records->n, "row", "rows");
    pl_result_check(a->result, "kpi_metric", s->len > 0 ? PL_WARN : PL_PASS, records->n,
                    "metric \"%s\": %s made of the %s of the table \"%s\"%s%s", metric->name, metric->kpi, n,
                    pl_table_names[records->table], s->len > 0 ? "; left out: " : "", s->str);
}

static gboolean same_time(const Adding *a, guint k, GError **error) {
    const PlMetric *metric = g_ptr_array_index(a->metrics, k);
    PlTimeKind kind = a->panel->kind;
    if (a->parts[k].kind == kind)
        return TRUE;
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    pl_diagnostics_add(
        d, a->def->file, pl_definition_pos(a->def, &metric->kpi), "the periods are in the time of the sales",
        "metric \"%s\": the table \"%s\" has %s and the rest %s", metric->name,
        pl_table_names[metric->of_kpi->tables[0]], kind == PL_TIME_DATE ? "period numbers" : "dates",
        kind == PL_TIME_DATE ? "dates" : "period numbers");
    return pl_diagnostics_ok(d, PL_ERROR_DEFINITION, error);
}

static gboolean fill(const Adding *a, const PlRecordTables *tables, GError **error) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    guint first = a->panel->n_measures;
    for (guint k = 0; k < a->metrics->len; k++) {
        const PlMetric *metric = g_ptr_array_index(a->metrics, k);
        if (!same_time(a, k, error))
            return FALSE;
        g_ptr_array_add(names, (gpointer)metric->column);
        g_ptr_array_add(names, (gpointer)metric->denominator);
    }
    pl_panel_add_measures(a->panel, (const char *const *)names->pdata, names->len);
    for (guint k = 0; k < a->metrics->len; k++) {
        const PlMetric *metric = g_ptr_array_index(a->metrics, k);
        report(a, k, tables->of[metric->of_kpi->tables[0]], add_parts(a, &a->parts[k], first, first + 2 * k));
    }
    return TRUE;
}

static gboolean make_parts(const Adding *a, const PlKpiStudy *study, GError **error) {
    for (guint k = 0; k < a->metrics->len; k++)
        if (!pl_kpi_parts(study, g_ptr_array_index(a->metrics, k), &a->parts[k], error))
            return FALSE;
    return TRUE;
}

PlPanel *pl_kpi_metrics_panel(const PlDefinition *def, const PlRecordTables *tables, PlPanel *panel,
                              PlResult *result, GError **error) {
    g_autoptr(PlPanel) taken = panel;
    g_autoptr(GPtrArray) metrics = g_ptr_array_new();
    for (guint i = 0; i < def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        if (pl_metric_of_rows(metric))
            g_ptr_array_add(metrics, (gpointer)metric);
    }
    if (metrics->len == 0)
        return g_steal_pointer(&taken);
    g_auto(PlKpiStudy) study = {0};
    if (!pl_kpi_study_init(&study, def, tables, 1, result, error))
        return NULL;
    g_autofree PlKpiParts *parts = g_new0(PlKpiParts, metrics->len);
    Adding a = {def, NULL, result, metrics, parts};
    gboolean ok = make_parts(&a, &study, error);
    if (ok)
        a.panel = taken != NULL ? taken : panel_of_rows(&a);
    ok = ok && fill(&a, tables, error);
    for (guint k = 0; k < metrics->len; k++)
        pl_kpi_parts_clear(&parts[k]);
    if (a.panel != taken && !ok)
        pl_panel_free(a.panel);
    if (!ok)
        return NULL;
    taken = NULL;
    return a.panel;
}
