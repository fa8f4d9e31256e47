/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/run.h"

#include <math.h>

#include "pairlift/effect/agreement.h"
#include "pairlift/effect/choose_methods.h"
#include "pairlift/effect/data_checks.h"
#include "pairlift/effect/estimate.h"
#include "pairlift/effect/group_checks.h"
#include "pairlift/effect/pair_checks.h"
#include "pairlift/effect/sections.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/effect/series.h"
#include "pairlift/effect/verdict.h"
#include "pairlift/model/kpi_metrics.h"

typedef struct {
    const PlDefinition *def;
    PlPanel *panel;
    const PlTables *tables;
    GPtrArray *pairs;
    PlMembers *members; /* of groups, else NULL */
    GPtrArray *arms;    /* PlArm*, one a treatment */
    PlStoreSet stores;
    PlRanges ranges;
    PlStepper stepper;
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
    r->adjust = def->analysis.adjust;
    r->time_kind = panel->kind;
    r->step = panel->step;
    const PlMetric *primary = pl_definition_primary(def);
    r->label = pl_metric_words(primary);
    r->unit = r->scale == PL_EFFECT_ABSOLUTE ? pl_unit_words(primary, r) : g_strdup(primary->unit);
}

static void describe_design(const Run *run, PlResult *r) {
    r->groups = run->members != NULL;
    r->n_pairs = run->pairs->len;
    r->n_stores = run->stores.n;
    r->treatments = g_new0(char *, run->def->treatments->len + 1);
    for (guint i = 0; i < run->def->treatments->len; i++)
        r->treatments[i] = g_strdup(((PlTreatment *)g_ptr_array_index(run->def->treatments, i))->name);
}

static void check_randomisation(PlResult *result) {
    static const char *const said[] = {
        [PL_RANDOMISED_UNSAID] = "the definition does not say whether test and control were drawn at random "
                                 "(randomised: true or false)",
        [PL_RANDOMISED_YES] = "test and control were drawn at random",
        [PL_RANDOMISED_NO] =
            "test and control were not drawn at random: other causes of a difference cannot be "
            "ruled out"};
    pl_result_check(result, "randomisation", result->randomised == PL_RANDOMISED_YES ? PL_PASS : PL_WARN, NAN,
                    "%s", said[result->randomised]);
}

static PlGroupScope scope_of(const Run *run, PlRange period) {
    return (PlGroupScope){run->def, run->panel, run->members, run->ranges.before, period, run->result->scale};
}

static gboolean check_data(Run *run, GError **error) {
    g_auto(PlGapReport) gaps = {0};
    g_auto(PlCalendar) calendar = {0};
    const PlMetric *primary = pl_definition_primary(run->def);
    PlResult *r = run->result;
    if (!pl_periods_locate(run->def, run->panel, &run->ranges, &calendar, r, error))
        return FALSE;
    const PlRange ranges[] = {run->ranges.before, run->ranges.during, run->ranges.after};
    pl_check_coverage(run->panel, &run->stores, ranges, G_N_ELEMENTS(ranges),
                      r); /* before gaps are filled: rows */
    if (!pl_gaps_apply(run->def, run->panel, &run->stores, &run->ranges, &gaps, error))
        return FALSE;
    pl_check_calendar(run->def, run->panel, &calendar, r);
    if (run->stores.n == 0) {
        pl_result_check(r, "pairs", PL_WARN, 0, "the definition names no pairs yet: run needs them");
        return TRUE;
    }
    pl_check_gaps(run->def, run->panel, &run->stores, &gaps, r);
    pl_check_positive(run->panel, &run->stores, primary, ranges, G_N_ELEMENTS(ranges), r);
    gboolean has_before = run->ranges.before.begin < run->ranges.before.end;
    if (!run->members)
        pl_check_balance(run->panel, run->pairs, primary, run->ranges.before, r);
    for (guint k = 0; run->members && k < (has_before ? run->arms->len : 1); k++) {
        PlGroupScope scope = scope_of(run, run->ranges.during);
        pl_check_group_balance(&scope, g_ptr_array_index(run->arms, k), primary, r);
    }
    check_randomisation(r);
    return TRUE;
}

/* The effects of the k-th treatment. */
static PlEffects *effects_of(Run *run, guint k, const PlMetric *metric, PlRange period, const char *name) {
    const PlTreatment *treatment = g_ptr_array_index(run->def->treatments, k);
    PlDiagnostics *faults = metric == pl_definition_primary(run->def) ? run->faults : NULL;
    if (!run->members)
        return pl_pair_effects(run->panel, run->pairs, treatment->name, metric, run->ranges.before, period,
                               name, pl_metric_table(run->def, metric)->files[0], run->result, faults);
    PlGroupScope scope = scope_of(run, period);
    /* all treatments look at the same stores: their faults are told once */
    return pl_group_effects(&scope, k, metric, name,
                            pl_group_values(&scope, metric, name, k == 0 ? faults : NULL));
}

static gboolean analyse_period(Run *run, guint k, const PlMetric *metric, PlRange period, const char *name,
                               GError **error) {
    if (period.begin == period.end)
        return TRUE;
    gboolean primary = metric == pl_definition_primary(run->def);
    gboolean deciding = primary && period.begin == run->ranges.during.begin;
    g_autoptr(PlEffects) effects = effects_of(run, k, metric, period, name);
    PlMethodSource source = {run->panel, metric, effects, run->ranges.before, period, run->result->scale};
    PlEstimatePurpose purpose = {deciding, deciding, run->def->analysis.methods != NULL};
    if (!pl_estimate(&source, run->methods, &run->options, purpose, run->result, &run->stepper, error))
        return FALSE;
    if (deciding)
        g_ptr_array_add(run->deciding, g_steal_pointer(&effects));
    return TRUE;
}

static gboolean analyse_treatment(Run *run, guint k, GError **error) {
    for (guint i = 0; i < run->def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(run->def->metrics, i);
        if (!analyse_period(run, k, metric, run->ranges.during, "during", error) ||
            !analyse_period(run, k, metric, run->ranges.after, "after", error))
            return FALSE;
        pl_add_series(run->panel, g_ptr_array_index(run->arms, k), metric, run->ranges.before, run->result);
    }
    return TRUE;
}

/* One step of progress is one method on one metric, period and treatment. */
static guint64 count_steps(const Run *run) {
    guint64 methods = 0, periods = run->ranges.after.begin < run->ranges.after.end ? 2 : 1;
    while (run->methods[methods])
        methods++;
    return methods * periods * run->def->metrics->len * run->def->treatments->len;
}

static void add_sections(Run *run) {
    for (guint k = 0; k < run->arms->len; k++)
        pl_arm_set_errors(g_ptr_array_index(run->arms, k), run->panel, run->ranges.before);
    PlStudy study = {.def = run->def,
                     .panel = run->panel,
                     .tables = run->tables,
                     .pairs = run->pairs,
                     .members = run->members,
                     .arms = run->arms,
                     .deciding = run->deciding,
                     .ranges = run->ranges,
                     .options = run->options};
    pl_add_sections(&study, run->result);
}

static gboolean analyse(Run *run, GError **error) {
    run->stepper.total = count_steps(run);
    for (guint i = 0; i < run->def->treatments->len; i++)
        if (!analyse_treatment(run, i, error))
            return FALSE;
    if (!pl_diagnostics_ok(run->faults, PL_ERROR_DATA, error))
        return FALSE;
    pl_adjust_deciding(run->result, run->def->analysis.adjust);
    /* after all treatments: a verdict needs the p-values adjusted over them */
    for (guint i = 0; i < run->deciding->len; i++) {
        const PlEffects *effects = g_ptr_array_index(run->deciding, i);
        if (run->members)
            pl_check_groups(effects, run->panel, run->result);
        else
            pl_check_pairs(effects, run->methods[0], run->result);
        pl_check_agreement(effects, run->result);
        pl_add_verdict(effects, &run->options, run->result);
    }
    add_sections(run);
    return TRUE;
}

/* One method decides for all treatments, so the one with the fewest pairs or stores chooses it. */
static PlMethodNeed need_of(const Run *run) {
    PlMethodNeed need = {.groups = run->members != NULL,
                         .n = G_MAXUINT,
                         .blocks = run->members && run->members->n_blocks > 1,
                         .n_deciding = run->def->treatments->len};
    for (guint k = 0; k < run->arms->len; k++) {
        const PlArm *arm = g_ptr_array_index(run->arms, k);
        need.n = MIN(need.n, MIN(arm->n_test, arm->n_control));
    }
    return need;
}

static gboolean settle(Run *run, gboolean analyse_too, GError **error) {
    g_autofree const PlMethod **methods =
        pl_choose_methods(run->def, need_of(run), &run->result->method_choice, error);
    if (!methods)
        return FALSE;
    run->methods = methods;
    describe_experiment(run->def, run->panel, run->result);
    describe_design(run, run->result);
    return check_data(run, error) && (!analyse_too || analyse(run, error));
}

PlResult *pl_run(const PlDefinition *def, PlPanel *panel, const PlTables *tables, gboolean analyse_too,
                 int threads, PlStepper stepper, GError **error) {
    g_autoptr(PlResult) result = pl_result_new();
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(20);
    g_autoptr(GPtrArray) deciding = g_ptr_array_new_with_free_func((GDestroyNotify)pl_effects_free);
    g_autoptr(GPtrArray) pairs = pl_pairs_resolve(def, panel, error), arms = NULL;
    g_autoptr(PlMembers) members = NULL;
    g_auto(PlStoreSet) stores = {0};
    if (!pairs)
        return NULL;
    if (def->members->len > 0 && !(members = pl_members_resolve(def, panel, error)))
        return NULL;
    Run run = {.def = def,
               .panel = panel,
               .tables = tables,
               .pairs = pairs,
               .members = members,
               .options = pl_inference_options(&def->analysis, threads),
               .deciding = deciding,
               .stepper = stepper,
               .faults = faults,
               .result = result};
    run.arms = arms = pl_arms_new(def, pairs, members);
    run.stores = stores = pl_stores_of_arms(arms, panel);
    return settle(&run, analyse_too, error) ? g_steal_pointer(&result) : NULL;
}
