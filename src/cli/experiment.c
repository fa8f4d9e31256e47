/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/experiment.h"

#include <math.h>

#include "pairlift/cli/progress.h"
#include "pairlift/effect/monitor.h"
#include "pairlift/effect/run.h"
#include "pairlift/io/coupons.h"
#include "pairlift/io/definition.h"
#include "pairlift/io/load.h"
#include "pairlift/io/pairs.h"
#include "pairlift/io/records.h"
#include "pairlift/io/store_table.h"
#include "pairlift/kpi/kpi.h"
#include "pairlift/kpi/parts.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/numbers.h"

/* "1,703 rows of sales.csv read, 1,703 used" as a check, and the file as an input of the result. */
static void add_input(PlResult *r, const PlInput *in) {
    PlResultInput *copy = g_new0(PlResultInput, 1);
    *copy =
        (PlResultInput){g_strdup(in->table), g_strdup(in->source), g_strdup(in->sha256), in->rows, in->used};
    g_ptr_array_add(r->inputs, copy);
    g_autoptr(GString) s = g_string_new(NULL);
    g_autofree char *rows = pl_format_count(in->rows, "row", "rows"),
                    *used = pl_format_number((double)in->used, 0);
    g_string_append_printf(s, "%s: %s read, %s used", in->source, rows, used);
    if (in->filtered)
        g_string_append_printf(s, "; %" G_GUINT64_FORMAT " left out by where", in->filtered);
    if (in->dropped)
        g_string_append_printf(s, "; %" G_GUINT64_FORMAT " duplicates dropped", in->dropped);
    if (in->unassigned)
        g_string_append_printf(s, "; %" G_GUINT64_FORMAT " in neither pair nor group", in->unassigned);
    if (in->unknown) {
        g_autofree char *unknown = pl_format_count(in->unknown, "row", "rows");
        g_string_append_printf(s, "; %s of stores without sales left out", unknown);
    }
    if (in->empty)
        g_string_append_printf(s, "; %" G_GUINT64_FORMAT " values empty", in->empty);
    pl_result_check(r, "rows", in->dropped || in->empty ? PL_WARN : PL_PASS, (double)in->used, "%s", s->str);
}

/* Whether an experiment without KPIs looks at a table. */
static gboolean is_used(const PlDefinition *def, PlTableKind table) {
    gboolean used = table == PL_TABLE_SALES || table == PL_TABLE_STORES || table == PL_TABLE_COUPONS;
    for (guint i = 0; i < def->metrics->len && !used; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        if (!pl_metric_of_rows(metric))
            continue;
        used = table == PL_TABLE_CUSTOMERS; /* where rows say no store, their customers may */
        for (int k = 0; k < metric->of_kpi->n_tables; k++)
            used = used || metric->of_kpi->tables[k] == table;
    }
    return used;
}

/* Keys that this version reads but does not act on yet are said, not silently accepted. */
static void add_unused_keys(const PlDefinition *def, PlResult *r) {
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; i < def->data->len; i++) {
        const PlTable *table = g_ptr_array_index(def->data, i);
        if (!pl_definition_given(def, &def->kpis) && !is_used(def, (PlTableKind)table->table))
            g_string_append_printf(s, "%stable %s", s->len ? ", " : "", pl_table_names[table->table]);
    }
    if (pl_definition_given(def, &def->report))
        g_string_append_printf(s, "%sreport", s->len ? ", " : "");
    if (s->len)
        pl_result_check(r, "not_analysed", PL_WARN, NAN, "declared, but not analysed by this version: %s",
                        s->str);
}

static PlPanel *load(const PlDefinition *def, const PlOptions *o, GPtrArray **inputs, PlBreakdown **breakdown,
                     GError **error) {
    PlBar bar = pl_bar_begin(o, "reading");
    PlPanel *panel = pl_load_sales_items(def, pl_bar_update, &bar, inputs, breakdown, error);
    pl_bar_end(&bar);
    return panel;
}

/* The tables beside sales, each NULL where the definition does not name it. */
static gboolean load_tables(const PlDefinition *def, const PlPanel *panel, PlTables *tables,
                            GPtrArray *inputs, GError **error) {
    return pl_load_store_table(def, panel, &tables->stores, inputs, error) &&
           pl_load_coupons(def, panel, &tables->coupons, inputs, error);
}

/* Whether the definition has what the verb needs. */
static gboolean is_ready(const PlDefinition *def, const char *verb, gboolean analyse, GError **error) {
    if (g_str_equal(verb, "kpi"))
        return TRUE;
    return analyse ? pl_definition_ready_for_run(def, error) : pl_definition_ready_for_sales(def, error);
}

PlDefinition *pl_experiment_definition(const char *verb, const PlOptions *o, gboolean analyse,
                                       GError **error) {
    guint n = g_strv_length(o->arguments);
    if (n != 1) {
        g_autofree char *hint = g_strdup_printf("for example: pairlift %s february.yaml", verb);
        pl_usage_error(error, hint, "expected one DEFINITION.yaml, got %u arguments", n);
        return NULL;
    }
    g_autoptr(PlDefinition) def = pl_definition_load(o->arguments[0], error);
    if (!def || !is_ready(def, verb, analyse, error))
        return NULL;
    if (o->seed >= 0)
        def->analysis.seed = o->seed;
    return g_steal_pointer(&def);
}

/* What is done with the tables once they are read. */
typedef struct {
    const char *doing, *did;
    gboolean analyse;   /* FALSE: the data are checked only */
    gboolean running;   /* the promotion is looked at while it runs */
    const PlDay *as_of; /* up to this day; NULL: all */
} Work;

static PlResult *work_on(const Work *work, PlDefinition *def, PlPanel *panel, const PlTables *tables,
                         const PlOptions *o, GError **error) {
    gint64 begun = g_get_monotonic_time();
    PlBar bar = pl_bar_begin(o, work->doing);
    pl_bar_say(&bar); /* the first test may take long */
    PlStepper stepper = {pl_bar_update, &bar, 0, 0};
    int threads = pl_options_threads(o);
    PlResult *r = work->running ? pl_monitor(def, panel, tables, work->as_of, threads, error)
                                : pl_run(def, panel, tables, work->analyse, threads, stepper, error);
    pl_bar_end(&bar);
    if (r)
        pl_say(o, begun, work->did);
    return r;
}

/* What a report of KPIs says of itself. */
static void describe_kpis(const PlDefinition *def, PlResult *r) {
    r->kpi_report = TRUE;
    r->version = g_strdup(PL_VERSION);
    r->experiment = g_strdup(def->experiment);
    r->title = g_strdup(def->title ? def->title : def->experiment);
    r->question = g_strdup(def->question);
    r->goal = g_strdup(def->goal);
    r->notes = g_strdup(def->notes);
    r->definition_file = g_strdup(def->file);
    r->definition_sha256 = g_strdup(def->sha256);
    r->seed = def->analysis.seed;
}

static gboolean load_records(const PlDefinition *def, const PlOptions *o, PlRecordTables *records,
                             GPtrArray *inputs, GError **error) {
    gint64 begun = g_get_monotonic_time();
    PlBar bar = pl_bar_begin(o, "reading");
    gboolean read = pl_load_records(def, pl_bar_update, &bar, records, inputs, error);
    pl_bar_end(&bar);
    if (read)
        pl_say(o, begun, "read the tables row by row");
    return read;
}

static gboolean add_kpis(const PlDefinition *def, const PlOptions *o, const PlRecordTables *records,
                         PlResult *r, GError **error) {
    gint64 begun = g_get_monotonic_time();
    if (!pl_kpis_add(def, records, pl_options_threads(o), r, error))
        return FALSE;
    pl_say(o, begun, "computed the KPIs");
    return TRUE;
}

/* Sales by store and day, with what the metrics take from other tables. */
static PlPanel *panel_of(const PlDefinition *def, const PlOptions *o, const PlRecordTables *records,
                         PlTables *tables, GPtrArray **inputs, PlResult *checks, GError **error) {
    PlPanel *panel = NULL;
    *inputs = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free);
    if (pl_definition_table(def, PL_TABLE_SALES) != NULL) {
        g_clear_pointer(inputs, g_ptr_array_unref);
        panel = load(def, o, inputs, &tables->breakdown, error);
        if (panel == NULL)
            return NULL;
    }
    return pl_kpi_metrics_panel(def, records, panel, checks, error);
}

/* Only files that were not read into the panel: sales and stores would be told twice. */
static void add_other_inputs(PlResult *r, const GPtrArray *records) {
    guint known = r->inputs->len;
    for (guint i = 0; i < records->len; i++) {
        const PlInput *in = g_ptr_array_index(records, i);
        gboolean told = FALSE;
        for (guint k = 0; k < known && !told; k++) {
            const PlResultInput *other = g_ptr_array_index(r->inputs, k);
            told = g_str_equal(other->table, in->table) && g_str_equal(other->source, in->source);
        }
        if (!told)
            add_input(r, in);
    }
}

static PlResult *result_of(const Work *work, PlDefinition *def, const PlOptions *o, GError **error) {
    gint64 begun = g_get_monotonic_time();
    g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free), inputs = NULL,
                         others = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free);
    g_auto(PlTables) tables = {0};
    g_auto(PlRecordTables) records = {0};
    g_autoptr(PlResult) made = pl_result_new(); /* holds checks of the reading until there is a result */
    gboolean kpis = work->analyse && pl_definition_given(def, &def->kpis);
    if (!pl_pairs_load(def, pairs, error))
        return NULL;
    if ((kpis || pl_definition_has_kpi_metrics(def)) && !load_records(def, o, &records, others, error))
        return NULL;
    g_autoptr(PlPanel) panel = panel_of(def, o, &records, &tables, &inputs, made, error);
    if (!panel || !load_tables(def, panel, &tables, inputs, error))
        return NULL;
    pl_say(o, begun, "read the tables");
    g_autoptr(PlResult) r = work_on(work, def, panel, &tables, o, error);
    if (!r)
        return NULL;
    g_ptr_array_extend_and_steal(inputs, g_steal_pointer(&pairs));
    for (guint i = 0; i < inputs->len; i++)
        add_input(r, g_ptr_array_index(inputs, i));
    add_other_inputs(r, others);
    pl_result_take_checks(r, made);
    if (kpis && !add_kpis(def, o, &records, r, error))
        return NULL;
    add_unused_keys(def, r);
    return g_steal_pointer(&r);
}

PlResult *pl_experiment_kpis(PlDefinition *def, const PlOptions *o, GError **error) {
    g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free);
    g_autoptr(PlResult) r = pl_result_new();
    describe_kpis(def, r);
    g_auto(PlRecordTables) records = {0};
    if (!load_records(def, o, &records, inputs, error) || !add_kpis(def, o, &records, r, error))
        return NULL;
    for (guint i = 0; i < inputs->len; i++)
        add_input(r, g_ptr_array_index(inputs, i));
    add_unused_keys(def, r);
    return g_steal_pointer(&r);
}

PlResult *pl_experiment_result(PlDefinition *def, const PlOptions *o, gboolean analyse, GError **error) {
    Work work = {analyse ? "testing" : "checking", analyse ? "tested" : "checked", analyse, FALSE, NULL};
    return result_of(&work, def, o, error);
}

PlResult *pl_experiment_running(PlDefinition *def, const PlOptions *o, const PlDay *as_of, GError **error) {
    Work work = {"looking", "looked", FALSE, TRUE, as_of};
    return result_of(&work, def, o, error);
}
