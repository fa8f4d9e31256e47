/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/run.h"

#include <math.h>

#include "pairlift/effect/checks.h"
#include "pairlift/effect/estimate.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/effect/series.h"
#include "pairlift/effect/verdict.h"

typedef struct {
    const PlDefinition *def;
    PlPanel *panel;
    GPtrArray *pairs;
    PlRange before, during, after;
    const PlMethod *const *methods;
    PlInferenceOptions options;
    GPtrArray *deciding; /* PlEffects*: primary metric during the period, one a treatment */
    PlDiagnostics *faults;
    PlResult *result;
} Run;

static void describe_experiment(const PlDefinition *def, const PlPanel *panel, PlResult *r) {
    r->version = g_strdup(PL_VERSION);
    r->experiment = g_strdup(def->experiment);
    r->title = g_strdup(def->title ? def->title : def->experiment);
    r->question = g_strdup(def->question);
    r->goal = g_strdup(def->goal);
    r->notes = g_strdup(def->notes);
    r->randomised = def->randomised;
    r->definition_file = g_strdup(def->file);
    r->definition_sha256 = g_strdup(def->sha256);
    r->seed = def->analysis.seed;
    r->primary = g_strdup(def->primary);
    r->scale = def->analysis.effect;
    r->threshold = def->analysis.threshold;
    r->time_kind = panel->kind;
    r->step = panel->step;
    const PlMetric *primary = pl_definition_primary(def);
    r->label = pl_metric_words(primary);
    r->unit = r->scale == PL_EFFECT_ABSOLUTE ? pl_unit_words(primary, r) : g_strdup(primary->unit);
}

static void describe_pairs(const Run *run, PlResult *r) {
    g_autoptr(GHashTable) stores = g_hash_table_new(NULL, NULL);
    r->n_pairs = run->pairs->len;
    for (guint i = 0; i < run->pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(run->pairs, i);
        g_hash_table_add(stores, GUINT_TO_POINTER(pair->test));
        g_hash_table_add(stores, GUINT_TO_POINTER(pair->control));
    }
    r->n_stores = g_hash_table_size(stores);
    r->treatments = g_new0(char *, run->def->treatments->len + 1);
    for (guint i = 0; i < run->def->treatments->len; i++)
        r->treatments[i] = g_strdup(((PlTreatment *)g_ptr_array_index(run->def->treatments, i))->name);
}

/* Finds a declared period in the panel; a period without any data is a fault of the data. */
static void locate(Run *run, const PlPeriod *period, const char *name, PlRange *range, PlSpan *span) {
    const PlPanel *panel = run->panel;
    *range = (PlRange){0, 0};
    if (!period->given)
        return;
    pl_panel_range(panel, period->first, period->last, &range->begin, &range->end);
    *span = (PlSpan){TRUE, period->first, period->last, range->end - range->begin};
    if (range->begin < range->end)
        return;
    g_autofree char *from = pl_day_format(panel->times[0], panel->kind);
    g_autofree char *to = pl_day_format(panel->times[panel->n_times - 1], panel->kind);
    pl_diagnostics_add(run->faults, run->def->file, pl_definition_pos(run->def, period),
                       "check the dates, and date_format under data",
                       "no data in period \"%s\": the data run from %s to %s", name, from, to);
}

static gboolean locate_periods(Run *run, GError **error) {
    const PlPeriods *p = &run->def->periods;
    PlResult *r = run->result;
    locate(run, &p->before, "before", &run->before, &r->before);
    locate(run, &p->during, "during", &run->during, &r->during);
    locate(run, &p->after, "after", &run->after, &r->after);
    return pl_diagnostics_ok(run->faults, PL_ERROR_DATA, error);
}

static gboolean check_data(Run *run, GError **error) {
    g_auto(PlGapReport) gaps = {0};
    const PlMetric *primary = pl_definition_primary(run->def);
    PlRange ranges[] = {run->before, run->during, run->after};
    if (!pl_gaps_apply(run->def, run->panel, run->pairs, &gaps, error))
        return FALSE;
    pl_check_coverage(run->panel, run->pairs, run->def, &gaps, run->result);
    pl_check_positive(run->panel, run->pairs, primary, ranges, G_N_ELEMENTS(ranges), run->result);
    pl_check_balance(run->panel, run->pairs, primary, run->before, run->result);
    if (run->result->randomised == PL_RANDOMISED_NO)
        pl_result_check(
            run->result, "randomisation", PL_WARN, NAN,
            "test and control were not drawn at random: other causes of a difference cannot be ruled out");
    else if (run->result->randomised == PL_RANDOMISED_UNSAID)
        pl_result_check(run->result, "randomisation", PL_PASS, NAN,
                        "the definition does not say whether test and control were drawn at random "
                        "(randomised: true or false)");
    else
        pl_result_check(run->result, "randomisation", PL_PASS, NAN, "test and control were drawn at random");
    return TRUE;
}

static void analyse_period(Run *run, const char *treatment, const PlMetric *metric, PlRange period,
                           const char *name) {
    if (period.begin == period.end)
        return;
    gboolean deciding = metric == pl_definition_primary(run->def) && period.begin == run->during.begin;
    const PlTable *sales = pl_definition_table(run->def, PL_TABLE_SALES);
    g_autoptr(PlEffects) effects = pl_pair_effects(run->panel, run->pairs, treatment, metric, run->before,
                                                   period, name, sales->files[0], run->result, run->faults);
    pl_estimate(effects, run->methods, &run->options, deciding, run->result);
    if (deciding)
        g_ptr_array_add(run->deciding, g_steal_pointer(&effects));
}

static void analyse_treatment(Run *run, const char *treatment) {
    PlRange all = {0, run->panel->n_times};
    PlRange base = run->before.begin < run->before.end ? run->before : all;
    for (guint i = 0; i < run->def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(run->def->metrics, i);
        analyse_period(run, treatment, metric, run->during, "during");
        analyse_period(run, treatment, metric, run->after, "after");
        pl_add_series(run->panel, run->pairs, treatment, metric, base, run->result);
    }
}

static gboolean analyse(Run *run, GError **error) {
    for (guint i = 0; i < run->def->treatments->len; i++)
        analyse_treatment(run, ((PlTreatment *)g_ptr_array_index(run->def->treatments, i))->name);
    if (!pl_diagnostics_ok(run->faults, PL_ERROR_DATA, error))
        return FALSE;
    pl_adjust_deciding(run->result, run->def->analysis.adjust);
    /* after all treatments: a verdict needs the p-values adjusted over them */
    for (guint i = 0; i < run->deciding->len; i++) {
        const PlEffects *effects = g_ptr_array_index(run->deciding, i);
        pl_check_pairs(effects, run->methods[0], &run->options, run->result);
        pl_add_verdict(effects, &run->options, run->result);
    }
    return TRUE;
}

/* One method decides for all treatments, so the one with the fewest pairs chooses it. */
static guint fewest_pairs(const PlDefinition *def, const GPtrArray *pairs) {
    guint fewest = G_MAXUINT;
    for (guint t = 0; t < def->treatments->len; t++) {
        const PlTreatment *treatment = g_ptr_array_index(def->treatments, t);
        guint n = 0;
        for (guint i = 0; i < pairs->len; i++)
            n += g_str_equal(((PlPair *)g_ptr_array_index(pairs, i))->treatment, treatment->name) ? 1 : 0;
        fewest = MIN(fewest, n);
    }
    return fewest;
}

PlResult *pl_run(const PlDefinition *def, PlPanel *panel, gboolean analyse_too, int threads, GError **error) {
    g_autoptr(PlResult) result = pl_result_new();
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(20);
    g_autoptr(GPtrArray) deciding = g_ptr_array_new_with_free_func((GDestroyNotify)pl_effects_free);
    g_autoptr(GPtrArray) pairs = pl_pairs_resolve(def, panel, error);
    if (!pairs)
        return NULL;
    guint fewest = fewest_pairs(def, pairs);
    g_autofree const PlMethod **methods = pl_choose_methods(def, fewest, &result->method_choice, error);
    if (!methods)
        return NULL;
    Run run = {.def = def,
               .panel = panel,
               .pairs = pairs,
               .methods = methods,
               .options = pl_inference_options(&def->analysis, threads),
               .deciding = deciding,
               .faults = faults,
               .result = result};
    describe_experiment(def, panel, result);
    describe_pairs(&run, result);
    if (!locate_periods(&run, error) || !check_data(&run, error) || (analyse_too && !analyse(&run, error)))
        return NULL;
    return g_steal_pointer(&result);
}
