/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pairlift/model/definition.h"
#include "pairlift/model/definition_kpis.h"
#include "pairlift/model/definition_periods.h"
#include "pairlift/model/definition_tables.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/suggest.h"

/* The names of a list whose entries hold theirs at `offset`; unread ones are left out. */
static GStrv names_of(const GPtrArray *list, gsize offset) {
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (guint i = 0; i < list->len; i++) {
        const char *name = G_STRUCT_MEMBER(char *, g_ptr_array_index(list, i), offset);
        if (name != NULL)
            g_strv_builder_add(names, name);
    }
    return g_strv_builder_end(names);
}

/* Beyond this many, a list of names helps nobody, and hostile files could make it very long. */
#define MANY_NAMES 100

static char *hint_names(const char *word, const GPtrArray *list, gsize offset) {
    if (list->len > MANY_NAMES)
        return NULL;
    g_auto(GStrv) names = names_of(list, offset);
    return pl_suggest_hint(word, (const char *const *)names, "there are: ");
}

static void check_unique(const PlDefinition *def, const GPtrArray *list, gsize offset, const char *what,
                         PlDiagnostics *d) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < list->len; i++) {
        char *const *field = G_STRUCT_MEMBER_P(g_ptr_array_index(list, i), offset);
        if (*field == NULL)
            continue;
        const void *first = g_hash_table_lookup(seen, *field);
        if (first != NULL)
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, field), NULL,
                               "%s \"%s\" is defined twice, first on line %d", what, *field,
                               pl_definition_pos(def, first).line);
        else
            g_hash_table_insert(seen, *field, (gpointer)field);
    }
}

/* Names that no column of the sales has by chance. */
static void name_columns(PlMetric *metric) {
    g_autofree char *part = g_strdup_printf("kpi: %s", metric->kpi),
                    *whole = g_strdup_printf("kpi: %s, of", metric->kpi);
    metric->column = g_intern_string(part);
    metric->denominator = g_intern_string(whole);
}

/* A measure of a KPI is two columns: of the sales table, or made of the rows of other tables. */
static void derive_kpi(const PlDefinition *def, PlMetric *metric, PlDiagnostics *d) {
    const PlKpiMetric *of = metric->kpi != NULL ? pl_kpi_metric_find(metric->kpi) : NULL;
    PlPos pos = pl_definition_pos(def, &metric->kpi);
    if (metric->kpi == NULL)
        return;
    if (of == NULL) {
        g_autofree const char **names = pl_kpi_metric_names();
        g_autofree char *hint = pl_suggest_hint(metric->kpi, names, "there are: ");
        pl_diagnostics_add(d, def->file, pos, hint, "no KPI has a measure \"%.60s\"", metric->kpi);
        return;
    }
    if (of->instead != NULL) {
        pl_diagnostics_add(d, def->file, pos, of->instead, "\"%s\" is no metric of an experiment",
                           of->measure);
        return;
    }
    for (int i = 0; i < of->n_tables; i++) {
        const char *table = pl_table_names[of->tables[i]];
        g_autofree char *hint = g_strdup_printf("add - {table: %s, file: ...} under data", table);
        if (pl_definition_table(def, of->tables[i]) == NULL)
            pl_diagnostics_add(d, def->file, pos, hint,
                               "\"%s\" is made of the table \"%s\", which is missing", of->measure, table);
    }
    const PlTable *sales = pl_definition_table(def, PL_TABLE_SALES);
    if (of->n_tables == 0 && sales == NULL)
        return; /* said elsewhere: the table sales is missing */
    metric->of_kpi = of;
    if (of->n_tables > 0)
        name_columns(metric);
    else {
        metric->column = pl_table_column(sales, of->roles[0]);
        metric->denominator = of->roles[1] != NULL ? pl_table_column(sales, of->roles[1]) : NULL;
    }
    metric->kind = metric->denominator != NULL ? PL_METRIC_RATIO : PL_METRIC_SUM;
    if (metric->label == NULL)
        metric->label = g_strdup(of->label);
    if (metric->unit == NULL)
        metric->unit = g_strdup(of->unit);
}

static void derive_metric(const PlDefinition *def, PlMetric *metric, PlDiagnostics *d) {
    const char *name = metric->name != NULL ? metric->name : "?";
    /* a key whose value could not be read is written all the same */
    gboolean sum = metric->sum != NULL || pl_definition_given(def, &metric->sum);
    gboolean mean = metric->mean != NULL || pl_definition_given(def, &metric->mean);
    gboolean ratio = metric->ratio != NULL || pl_definition_given(def, &metric->ratio);
    gboolean kpi = metric->kpi != NULL || pl_definition_given(def, &metric->kpi);
    int n = sum + mean + ratio + kpi;
    if (n != 1) {
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, metric),
                           "sum: COLUMN, mean: COLUMN, ratio: [COLUMN, COLUMN], or kpi: MEASURE",
                           "metric \"%s\" has %s", name,
                           n == 0 ? "neither sum nor ratio nor mean nor kpi"
                                  : "more than one of sum, ratio, mean, kpi");
        return;
    }
    if (kpi) {
        derive_kpi(def, metric, d);
        return;
    }
    metric->kind = sum ? PL_METRIC_SUM : mean ? PL_METRIC_MEAN : PL_METRIC_RATIO;
    metric->column = sum ? metric->sum : mean ? metric->mean : NULL;
    if (metric->ratio == NULL)
        return;
    metric->column = metric->ratio[0];
    metric->denominator = metric->ratio[1];
    if (g_strcmp0(metric->column, metric->denominator) == 0)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &metric->ratio), NULL,
                           "metric \"%s\" divides \"%s\" by itself", name, metric->column);
}

static void check_metric_names(PlDefinition *def, PlDiagnostics *d) {
    gsize name = offsetof(PlMetric, name);
    check_unique(def, def->metrics, name, "metric", d);
    if (def->primary != NULL && def->metrics->len > 0 && pl_definition_metric(def, def->primary) == NULL) {
        g_autofree char *hint = hint_names(def->primary, def->metrics, name);
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &def->primary), hint,
                           "\"primary\": there is no metric \"%s\"", def->primary);
    }
    for (guint i = 0; i < def->guardrails->len; i++) {
        const PlGuardrail *guardrail = g_ptr_array_index(def->guardrails, i);
        if (guardrail->metric == NULL || pl_definition_metric(def, guardrail->metric) != NULL)
            continue;
        g_autofree char *hint = hint_names(guardrail->metric, def->metrics, name);
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &guardrail->metric), hint,
                           "\"guardrails\": there is no metric \"%s\"", guardrail->metric);
    }
    if (def->primary == NULL && def->metrics->len > 0)
        def->primary = g_strdup(((const PlMetric *)g_ptr_array_index(def->metrics, 0))->name);
}

static void check_combines(const PlDefinition *def, const PlTreatment *treatment, PlDiagnostics *d) {
    for (char **name = treatment->combines; name != NULL && *name != NULL; name++) {
        const PlTreatment *part = NULL;
        for (guint i = 0; i < def->treatments->len && part == NULL; i++) {
            const PlTreatment *other = g_ptr_array_index(def->treatments, i);
            part = g_strcmp0(other->name, *name) == 0 ? other : NULL;
        }
        PlPos pos = pl_definition_pos(def, &treatment->combines);
        if (part == NULL) {
            g_autofree char *hint = hint_names(*name, def->treatments, offsetof(PlTreatment, name));
            pl_diagnostics_add(d, def->file, pos, hint, "\"combines\": there is no treatment \"%s\"", *name);
        } else if (part == treatment || part->combines != NULL)
            pl_diagnostics_add(d, def->file, pos, "name two treatments that were also given alone",
                               "\"combines\": \"%s\" is not a treatment of its own", *name);
    }
    if (treatment->combines != NULL && g_strcmp0(treatment->combines[0], treatment->combines[1]) == 0)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &treatment->combines), NULL,
                           "\"combines\" names \"%s\" twice", treatment->combines[0]);
}

static void check_treatments(PlDefinition *def, PlDiagnostics *d) {
    check_unique(def, def->treatments, offsetof(PlTreatment, name), "treatment", d);
    for (guint i = 0; i < def->treatments->len; i++)
        check_combines(def, g_ptr_array_index(def->treatments, i), d);
    if (def->treatments->len > 0 || def->experiment == NULL)
        return;
    PlTreatment *only = g_new0(PlTreatment, 1);
    *only = (PlTreatment){.name = g_strdup(def->experiment), .kind = g_strdup("promotion")};
    g_ptr_array_add(def->treatments, only);
}

static void check_pair_treatment(const PlDefinition *def, const PlPairDef *pair, PlDiagnostics *d) {
    PlPos pos = pair->treatment != NULL ? pl_definition_pos(def, &pair->treatment) : pair->pos;
    if (def->treatments->len == 0 || pl_definition_treatment(def, pair->treatment) != NULL)
        return;
    if (pair->treatment == NULL) {
        if (!pl_definition_given(def, &pair->treatment))
            pl_diagnostics_add(d, def->file, pos, "add treatment: NAME",
                               "a pair needs its treatment: there are %u of them", def->treatments->len);
        return;
    }
    g_autofree char *hint = hint_names(pair->treatment, def->treatments, offsetof(PlTreatment, name));
    pl_diagnostics_add(d, def->file, pos, hint, "there is no treatment \"%s\"", pair->treatment);
}

static void check_pairs(const PlDefinition *def, PlDiagnostics *d) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < def->pairs->len; i++) {
        PlPairDef *pair = g_ptr_array_index(def->pairs, i);
        char **fields[] = {&pair->test, &pair->control};
        check_pair_treatment(def, pair, d);
        if (pair->test != NULL && g_strcmp0(pair->test, pair->control) == 0) {
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, &pair->control), NULL,
                               "store \"%s\" is paired with itself", pair->test);
            continue;
        }
        for (int side = 0; side < 2; side++) {
            char *store = *fields[side];
            const PlPairDef *first = store != NULL ? g_hash_table_lookup(seen, store) : NULL;
            /* several treatments may share a control store */
            gboolean shared = first != NULL && side == 1 && g_strcmp0(first->control, store) == 0 &&
                              g_strcmp0(first->treatment, pair->treatment) != 0;
            if (first != NULL && !shared)
                pl_diagnostics_add(
                    d, def->file, pl_definition_pos(def, fields[side]),
                    "each store belongs to one pair; only a control store may serve several treatments",
                    "store \"%s\" is in two pairs, the other one is on line %d", store, first->pos.line);
            else if (store != NULL)
                g_hash_table_insert(seen, store, pair);
        }
    }
}

static void check_pair_sources(const PlDefinition *def, PlDiagnostics *d) {
    const struct {
        const char *name;
        const void *field;
        gboolean given;
    } sources[] = {
        {"pairs", &def->pairs, def->pairs->len > 0},
        {"pairs_file", &def->pairs_file, def->pairs_file != NULL},
        {"assignment", &def->assignment,
         def->assignment.file != NULL || pl_definition_given(def, &def->assignment)},
        {"pairing", &def->pairing, def->pairing.method != NULL || pl_definition_given(def, &def->pairing)},
    };
    const char *first = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        if (first != NULL && sources[i].given)
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, sources[i].field), "keep one of them",
                               "both \"%s\" and \"%s\" say which stores are compared", first,
                               sources[i].name);
        else if (sources[i].given)
            first = sources[i].name;
    }
}

static void check_analysis(const PlDefinition *def, PlDiagnostics *d) {
    const PlAnalysis *analysis = &def->analysis;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (char **method = analysis->methods; method != NULL && *method != NULL; method++)
        if (!g_hash_table_add(seen, *method))
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, &analysis->methods), NULL,
                               "method \"%s\" is listed twice", *method);
    if (analysis->effect == PL_EFFECT_RELATIVE && analysis->threshold >= 1) {
        g_autofree char *hint =
            g_strdup_printf("%.10g %% is written %.10g", analysis->threshold, analysis->threshold / 100);
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &analysis->threshold), hint,
                           "\"threshold\": a lift of %.10g %% or more is out of the question",
                           analysis->threshold * 100);
    }
    /* the column is of the rows that are kept; a rate beside it is of the products that are not */
    const PlTable *sales = pl_definition_table(def, PL_TABLE_SALES);
    const gboolean keeps_some = sales != NULL && sales->where != NULL && sales->where->len > 0;
    if (def->economics.margin > 0 && def->economics.margin_column != NULL && !keeps_some)
        pl_diagnostics_add(
            d, def->file, pl_definition_pos(def, &def->economics.margin_column),
            "keep one of them (beside the column, \"margin\" is of the products that a \"where\" "
            "leaves out)",
            "both \"margin\" and \"margin_column\" are given");
}

void pl_definition_validate(PlDefinition *def, PlDiagnostics *diagnostics) {
    pl_definition_validate_tables(def, diagnostics);
    for (guint i = 0; i < def->metrics->len; i++)
        derive_metric(def, g_ptr_array_index(def->metrics, i), diagnostics);
    check_metric_names(def, diagnostics);
    pl_definition_validate_kpis(def, diagnostics);
    pl_definition_validate_periods(def, diagnostics);
    check_treatments(def, diagnostics);
    check_pairs(def, diagnostics);
    check_pair_sources(def, diagnostics);
    check_analysis(def, diagnostics);
}

gboolean pl_definition_ready_for_sales(const PlDefinition *def, GError **error) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    if (pl_definition_outcomes(def) == NULL)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &def->data),
                           "add - {table: sales, file: ...}; for the KPIs alone: pairlift kpi",
                           "there is no table \"sales\"");
    if (def->metrics->len == 0)
        pl_diagnostics_add(
            d, def->file, (PlPos){0, 0},
            "such as metrics: [{name: revenue, sum: revenue}]; for the KPIs alone: pairlift kpi",
            "there are no metrics");
    return pl_diagnostics_ok(d, PL_ERROR_DEFINITION, error);
}

gboolean pl_definition_ready_for_run(const PlDefinition *def, GError **error) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    if (!pl_definition_ready_for_sales(def, error))
        return FALSE;
    if (!def->periods.during.given)
        pl_diagnostics_add(d, def->file, (PlPos){0, 0}, "periods: {during: {from: ..., to: ...}}",
                           "\"periods.during\" is missing: the days of the promotion");
    if (def->pairs->len == 0 && def->pairs_file == NULL && def->assignment.file == NULL &&
        def->pairing.method == NULL)
        pl_diagnostics_add(d, def->file, (PlPos){0, 0}, "give one of pairs, pairs_file, assignment, pairing",
                           "nothing says which stores are compared");
    return pl_diagnostics_ok(d, PL_ERROR_DEFINITION, error);
}
