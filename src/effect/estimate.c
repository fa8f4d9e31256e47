/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/estimate.h"

#include <math.h>

#include "pairlift/effect/sentence.h"
#include "pairlift/model/suggest.h"
#include "pairlift/stats/adjust.h"

/* Below this many pairs the smallest p-value of sign flips, 2 / 2^n, is too coarse to decide at 5 %;
 * beyond the other limit they are drawn at random, and a verdict should not hang on a seed. */
enum { SIGN_FLIP_FROM = 8, SIGN_FLIP_TO = 40 };

/* Appends all methods, the one that decides for `n` pairs first, and says why. */
static char *choose_by_design(guint n, GPtrArray *chosen) {
    gboolean flips = n >= SIGN_FLIP_FROM && n <= SIGN_FLIP_TO;
    const PlMethod *first = pl_method_find(flips ? "sign_flip" : "paired_t");
    g_ptr_array_add(chosen, (gpointer)first);
    for (const PlMethod *m = pl_methods; m->id; m++)
        if (m != first)
            g_ptr_array_add(chosen, (gpointer)m);
    if (flips)
        return g_strdup_printf("sign_flip decides: with %u pairs every way of swapping test and control is "
                               "counted exactly, and no bell curve has to be assumed",
                               n);
    if (n < SIGN_FLIP_FROM)
        return g_strdup_printf("paired_t decides: %u %s too few for the methods that assume less "
                               "(from %d on, sign_flip decides)",
                               n, n == 1 ? "pair is" : "pairs are", SIGN_FLIP_FROM);
    return g_strdup_printf("paired_t decides: the mean of %u pairs is close to a bell curve, and the result "
                           "does not hang on random numbers",
                           n);
}

static const char **method_ids(void) {
    GPtrArray *ids = g_ptr_array_new();
    for (const PlMethod *m = pl_methods; m->id; m++)
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

const PlMethod **pl_choose_methods(const PlDefinition *def, guint n_pairs, char **why, GError **error) {
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
        *why = choose_by_design(n_pairs, chosen);
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
    return (PlInferenceOptions){analysis->confidence, alternatives[analysis->alternative],
                                (size_t)analysis->resamples, (uint64_t)analysis->seed, threads};
}

static double to_scale(double x, PlScale scale) {
    return scale == PL_EFFECT_RELATIVE ? expm1(x) : x;
}

static double finite_or_nan(double x) {
    return isfinite(x) ? x : NAN;
}

static char *note(const PlInference *in, const PlInferenceOptions *options) {
    g_autoptr(GString) text = g_string_new(NULL);
    if (!isfinite(in->conf_low) && !isfinite(in->conf_high))
        g_string_append(text, "too few pairs for an interval at this level; ");
    else if (options->alternative == PL_GREATER)
        g_string_append(text, "one-sided: no upper limit; ");
    else if (options->alternative == PL_LESS)
        g_string_append(text, "one-sided: no lower limit; ");
    if (in->n_dropped)
        g_string_append_printf(text, "%zu pairs without any difference left out (Wilcoxon's rule); ",
                               in->n_dropped);
    if (in->n_tied)
        g_string_append_printf(text, "%zu pairs share a rank (midranks); ", in->n_tied);
    if (!text->len)
        return NULL;
    g_string_truncate(text, text->len - 2);
    return g_strdup(text->str);
}

static void fill(PlEstimate *e, const PlInference *in, const PlInferenceOptions *options) {
    e->estimate = to_scale(in->estimate, e->scale);
    e->conf_low = finite_or_nan(to_scale(in->conf_low, e->scale));
    e->conf_high = finite_or_nan(to_scale(in->conf_high, e->scale));
    if (in->conf_low == -INFINITY) /* expm1 would make a finite -100 % of it */
        e->conf_low = NAN;
    e->p_value = e->p_adjusted = in->p_value;
    e->std_error = in->has & PL_HAS_STD_ERROR ? in->std_error : NAN;
    e->statistic = in->has & PL_HAS_STATISTIC ? in->statistic : NAN;
    e->df = in->has & PL_HAS_DF ? in->df : NAN;
    e->reason = note(in, options);
}

/* The estimate alone is there even when nothing can be said about chance. */
static void refuse(PlEstimate *e, const PlMethod *method, const PlEffects *effects, PlStatus status) {
    double sum = 0;
    for (guint i = 0; i < effects->n; i++)
        sum += effects->effects[i];
    if (effects->n == 1)
        e->estimate = to_scale(sum, e->scale);
    if (effects->n == 0)
        e->reason = g_strdup("no pair has an effect");
    else if (effects->n == 1)
        e->reason = g_strdup("one pair shows an effect, but not how much two stores differ by chance");
    else if (status == PL_TOO_FEW)
        e->reason = g_strdup_printf("needs %zu pairs, there are %u", method->min_n, effects->n);
    else
        e->reason = g_strdup(pl_status_text(status));
}

void pl_estimate(const PlEffects *effects, const PlMethod *const *methods, const PlInferenceOptions *options,
                 gboolean deciding, PlResult *result) {
    for (guint k = 0; methods[k]; k++) {
        const PlMethod *method = methods[k];
        PlEstimate *e = pl_result_add_estimate(result);
        e->treatment = g_strdup(effects->treatment);
        e->metric = g_strdup(effects->metric->name);
        e->period = g_strdup(effects->period);
        e->method = g_strdup(method->id);
        e->scale = result->scale;
        e->unit = pl_unit_words(effects->metric, result);
        e->conf_level = options->conf_level;
        e->n = effects->n;
        e->deciding = deciding && k == 0;
        PlInference inference;
        size_t n_work = method->work && effects->n ? method->work(effects->n, options) : 0;
        g_autofree double *work = n_work ? g_new(double, n_work) : NULL;
        PlStatus status = effects->n < method->min_n
                              ? PL_TOO_FEW
                              : method->test(effects->effects, effects->n, options, work, &inference);
        if (status == PL_OK)
            fill(e, &inference, options);
        else
            refuse(e, method, effects, status);
    }
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
