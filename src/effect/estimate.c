/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/estimate.h"

#include <math.h>

#include "pairlift/effect/sentence.h"
#include "pairlift/model/suggest.h"
#include "pairlift/stats/adjust.h"

/* Up to here sign flips are counted out; beyond they are drawn, and a verdict should not hang on a seed. */
enum { SIGN_FLIP_TO = 40 };

/* Beside the deciding estimate, counting out more patterns than 2^32 is not worth the wait. */
enum { EXACT_BESIDE = 32 };

/* Sign patterns a side that must be able to reject before sign flips decide: with fewer only near-unanimous
 * pairs can win. At two-sided 5 % and one treatment this is from 8 pairs on. */
enum { REJECTING_PATTERNS = 4 };

/* The pairs from which on sign flips decide: REJECTING_PATTERNS of 2^n a side are within the level, shared
 * among the deciding tests. */
static guint sign_flip_from(const PlAnalysis *analysis, guint n_deciding) {
    double sides = analysis->alternative == PL_ALT_TWO_SIDED ? 2 : 1;
    double tests = analysis->adjust == PL_ADJUST_NONE ? 1 : n_deciding;
    return (guint)ceil(log2(REJECTING_PATTERNS * sides * tests / (1 - analysis->confidence)) - 1e-9);
}

/* Appends all methods, the one that decides for `n` pairs first, and says why. */
static char *choose_by_design(const PlAnalysis *analysis, guint n, guint n_deciding, GPtrArray *chosen) {
    guint from = sign_flip_from(analysis, n_deciding);
    gboolean flips = n >= from && n <= SIGN_FLIP_TO;
    const PlMethod *first = pl_method_find(flips ? "sign_flip" : "paired_t");
    g_ptr_array_add(chosen, (gpointer)first);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        if (m != first && m->test)
            g_ptr_array_add(chosen, (gpointer)m);
    if (flips)
        return g_strdup_printf("sign_flip decides: with %u pairs every way of swapping test and control is "
                               "counted exactly, and no bell curve has to be assumed",
                               n);
    if (n <= SIGN_FLIP_TO)
        return g_strdup_printf("paired_t decides: with %u %s a method that assumes less could hardly ever be "
                               "sure at this level (from %u on, sign_flip decides)",
                               n, n == 1 ? "pair" : "pairs", from);
    return g_strdup_printf("paired_t decides: the mean of %u pairs is close to a bell curve, and the result "
                           "does not hang on random numbers",
                           n);
}

static const char **method_ids(void) {
    GPtrArray *ids = g_ptr_array_new();
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        g_ptr_array_add(ids, (gpointer)m->id);
    g_ptr_array_add(ids, NULL);
    return (const char **)g_ptr_array_free(ids, FALSE);
}

static void unknown_method(const PlDefinition *def, const char *id, PlDiagnostics *faults) {
    g_autofree const char **ids = method_ids();
    g_autofree char *hint = pl_suggest_hint(id, ids, "this version has ");
    pl_diagnostics_add(faults, def->file, pl_definition_pos(def, &def->analysis.methods), hint,
                       "no method \"%s\" for pairs", id);
}

const PlMethod **pl_choose_methods(const PlDefinition *def, guint n_pairs, guint n_deciding, char **why,
                                   GError **error) {
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    if (def->analysis.methods) {
        for (char **id = def->analysis.methods; *id; id++) {
            const PlMethod *method = pl_method_find(*id);
            if (method)
                g_ptr_array_add(chosen, (gpointer)method);
            else
                unknown_method(def, *id, faults);
        }
        *why = g_strdup_printf("%s decides: the definition names it first", def->analysis.methods[0]);
    } else {
        *why = choose_by_design(&def->analysis, n_pairs, n_deciding, chosen);
    }
    if (!pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error)) {
        g_clear_pointer(why, g_free);
        return NULL;
    }
    g_ptr_array_add(chosen, NULL);
    return (const PlMethod **)g_ptr_array_steal(chosen, NULL);
}

PlInferenceOptions pl_inference_options(const PlAnalysis *analysis, int threads) {
    static const PlAlternative alternatives[] = {
        [PL_ALT_TWO_SIDED] = PL_TWO_SIDED, [PL_ALT_GREATER] = PL_GREATER, [PL_ALT_LESS] = PL_LESS};
    return (PlInferenceOptions){analysis->confidence,
                                alternatives[analysis->alternative],
                                (size_t)analysis->resamples,
                                (uint64_t)analysis->seed,
                                threads,
                                0};
}

static double to_scale(double x, PlScale scale) {
    return scale == PL_EFFECT_RELATIVE ? expm1(x) : x;
}

static double finite_or_nan(double x) {
    return isfinite(x) ? x : NAN;
}

static char *note(const PlMethod *method, const PlInference *in, const PlInferenceOptions *options) {
    g_autoptr(GString) text = g_string_new(NULL);
    if (!isfinite(in->conf_low) && !isfinite(in->conf_high))
        g_string_append(text, "too few pairs for an interval at this level; ");
    else if (options->alternative == PL_GREATER)
        g_string_append(text, "one-sided: no upper limit; ");
    else if (options->alternative == PL_LESS)
        g_string_append(text, "one-sided: no lower limit; ");
    if (in->n < method->liberal_below)
        g_string_append_printf(text, "rejects too often with fewer than %zu pairs; ", method->liberal_below);
    if (in->n_dropped)
        g_string_append_printf(text, "%zu %s without any difference left out (Wilcoxon's rule); ",
                               in->n_dropped, in->n_dropped == 1 ? "pair" : "pairs");
    if (in->n_tied)
        g_string_append_printf(text, "%zu pairs share a rank (midranks); ", in->n_tied);
    if (in->resamples)
        g_string_append_printf(text, "%zu random draws, seed %" G_GUINT64_FORMAT "; ", in->resamples,
                               (guint64)options->seed);
    if (!text->len)
        return NULL;
    g_string_truncate(text, text->len - 2);
    return g_strdup(text->str);
}

static void fill(PlEstimate *e, const PlMethod *method, const PlInference *in,
                 const PlInferenceOptions *options) {
    e->estimate = to_scale(in->estimate, e->scale);
    e->conf_low = finite_or_nan(to_scale(in->conf_low, e->scale));
    e->conf_high = finite_or_nan(to_scale(in->conf_high, e->scale));
    if (in->conf_low == -INFINITY) /* expm1 would make a finite -100 % of it */
        e->conf_low = NAN;
    e->p_value = e->p_adjusted = in->p_value;
    e->std_error = in->has & PL_HAS_STD_ERROR ? in->std_error : NAN;
    e->statistic = in->has & PL_HAS_STATISTIC ? in->statistic : NAN;
    e->df = in->has & PL_HAS_DF ? in->df : NAN;
    e->reason = note(method, in, options);
}

/* The estimate is there even when nothing can be said about chance. */
static void refuse(PlEstimate *e, const PlMethod *method, const PlEffects *effects, PlStatus status) {
    double point;
    PlArena arena = {0};
    if (method->point(effects->effects, effects->n, &arena, &point) == PL_OK)
        e->estimate = to_scale(point, e->scale);
    pl_arena_clear(&arena);
    if (effects->n == 0)
        e->reason = g_strdup("no pair has an effect");
    else if (effects->n == 1)
        e->reason = g_strdup("one pair shows an effect, but not how much two stores differ by chance");
    else if (status == PL_TOO_FEW)
        e->reason = g_strdup_printf("needs %zu pairs, there are %u", method->min_n, effects->n);
    else if (status == PL_NO_VARIANCE)
        e->reason =
            g_strdup("every pair has the same effect, so nothing shows how much pairs differ by chance");
    else if (status == PL_ALL_ZERO)
        e->reason = g_strdup("the effect is zero in every pair");
    else
        e->reason = g_strdup(pl_status_text(status));
}

static PlEstimate *new_estimate(const PlEffects *effects, const PlMethod *method,
                                const PlInferenceOptions *options, gboolean deciding, PlResult *result) {
    PlEstimate *e = pl_result_add_estimate(result);
    e->treatment = g_strdup(effects->treatment);
    e->metric = g_strdup(effects->metric->name);
    e->period = g_strdup(effects->period);
    e->method = g_strdup(method->id);
    e->scale = result->scale;
    e->unit = pl_unit_words(effects->metric, result);
    e->conf_level = options->conf_level;
    e->n = effects->n;
    e->deciding = deciding;
    return e;
}

static gboolean estimate_by(const PlEffects *effects, const PlMethod *method,
                            const PlInferenceOptions *options, PlEstimate *e, GError **error) {
    PlInference inference;
    if (effects->n < method->min_n) {
        refuse(e, method, effects, PL_TOO_FEW);
        return TRUE;
    }
    PlArena arena = {0};
    PlStatus status = method->test(effects->effects, effects->n, options, &arena, &inference);
    size_t wanted = arena.wanted;
    pl_arena_clear(&arena);
    if (status == PL_NO_MEMORY) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM,
                    "pairlift: error: %s needs %.1f GB of memory\n  hint: lower resamples under analysis",
                    method->id, (double)wanted / 1e9);
        return FALSE;
    }
    if (status == PL_OK)
        fill(e, method, &inference, options);
    else
        refuse(e, method, effects, status);
    return TRUE;
}

gboolean pl_estimate(const PlEffects *effects, const PlMethod *const *methods,
                     const PlInferenceOptions *options, gboolean deciding, PlResult *result,
                     PlStepper *stepper, GError **error) {
    PlInferenceOptions beside = *options;
    beside.exact_up_to = EXACT_BESIDE;
    for (guint k = 0; methods[k]; k++) {
        gboolean decides = deciding && k == 0;
        PlEstimate *e = new_estimate(effects, methods[k], options, decides, result);
        if (!estimate_by(effects, methods[k], decides ? options : &beside, e, error))
            return FALSE;
        pl_stepper_step(stepper);
    }
    return TRUE;
}

void pl_adjust_deciding(PlResult *result, PlAdjust adjust) {
    g_autofree double *p = g_new(double, result->estimates->len);
    g_autofree double *adjusted = g_new(double, result->estimates->len);
    g_autofree size_t *order = g_new(size_t, result->estimates->len);
    g_autoptr(GPtrArray) deciding = g_ptr_array_new();
    for (guint i = 0; i < result->estimates->len; i++) {
        PlEstimate *e = g_ptr_array_index(result->estimates, i);
        if (!e->deciding || isnan(e->p_value))
            continue;
        p[deciding->len] = e->p_value;
        g_ptr_array_add(deciding, e);
    }
    if (adjust == PL_ADJUST_NONE || deciding->len == 0)
        return;
    PlStatus status = adjust == PL_ADJUST_HOLM ? pl_adjust_holm(p, deciding->len, order, adjusted)
                                               : pl_adjust_bh(p, deciding->len, order, adjusted);
    for (guint i = 0; i < deciding->len && status == PL_OK; i++)
        ((PlEstimate *)g_ptr_array_index(deciding, i))->p_adjusted = adjusted[i];
}
