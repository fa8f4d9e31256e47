/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/estimate.h"

#include <math.h>
#include <string.h>

#include "pairlift/effect/sentence.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/paired.h"

/* Beside the deciding estimate, counting out more patterns than 2^32 is not worth the wait. */
enum { EXACT_BESIDE = 32 };

/* Beside the deciding estimate, methods on every store and time are left out where there are more values, or
 * (those that weigh every store against every other) more stores: seconds that nobody asked for. */
enum { VALUES_BESIDE = 200000, STORES_BESIDE = 200 };

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

/* Sentences of the methods become parts of one. */
static void append_part(GString *text, const char *sentence) {
    gsize length = strlen(sentence);
    g_string_append_len(text, sentence,
                        (gssize)(length && sentence[length - 1] == '.' ? length - 1 : length));
    g_string_append(text, "; ");
}

static char *note(const PlMethod *method, const PlAnswer *answer, const PlAnswerRow *row,
                  const PlInferenceOptions *options, const PlEffects *effects) {
    guint n = pl_effects_n(effects);
    const char *units = effects->groups ? "stores" : "pairs";
    g_autoptr(GString) text = g_string_new(NULL);
    const PlInference *in = &row->in;
    gboolean interval = !(row->lacks & PL_LACKS_INTERVAL);
    if (row->reason)
        append_part(text, row->reason);
    if (interval && !isfinite(in->conf_low) && !isfinite(in->conf_high))
        g_string_append_printf(text, "too few %s for an interval at this level; ", units);
    else if (interval && options->alternative == PL_GREATER)
        g_string_append(text, "one-sided: no upper limit; ");
    else if (interval && options->alternative == PL_LESS)
        g_string_append(text, "one-sided: no lower limit; ");
    if (n < method->liberal_below)
        g_string_append_printf(text, "rejects too often with fewer than %zu %s; ", method->liberal_below,
                               units);
    if (in->n_dropped)
        g_string_append_printf(text, "%zu %s without any difference left out (Wilcoxon's rule); ",
                               in->n_dropped, in->n_dropped == 1 ? "pair" : "pairs");
    if (in->n_tied)
        g_string_append_printf(text, "%zu %s share a rank (midranks); ", in->n_tied, units);
    if (in->resamples)
        g_string_append_printf(text, "%zu random draws, seed %" G_GUINT64_FORMAT "; ", in->resamples,
                               (guint64)options->seed);
    for (size_t k = 0; k < answer->n_notes; k++)
        append_part(text, answer->notes[k]);
    if (!text->len)
        return NULL;
    g_string_truncate(text, text->len - 2);
    return g_strdup(text->str);
}

/* The row that is the effect on the result's scale, and how its numbers come to that scale. */
typedef struct {
    const PlAnswerRow *row;
    gboolean is_log; /* expm1 makes a lift of it */
    double divisor;  /* of a sum over the times of the period */
} Shown;

/* Of tbr's rows, the lift or the effect in a store and interval; of a regression's, the treatment's. */
static Shown shown_row(const PlMethod *method, const PlAnswer *answer, PlScale scale, size_t n_times,
                       const char *treatment) {
    Shown shown = {&answer->rows[0], scale == PL_EFFECT_RELATIVE, 1};
    for (size_t i = 0; i < answer->n_rows && (method->takes & PL_TAKES_ON); i++)
        if (g_strcmp0(answer->rows[i].term, treatment) == 0)
            shown.row = &answer->rows[i];
    if (method->design != PL_DESIGN_SERIES)
        return shown;
    shown.is_log = FALSE;
    if (scale == PL_EFFECT_ABSOLUTE)
        shown.divisor = (double)n_times;
    for (size_t i = 0; i < answer->n_rows && scale == PL_EFFECT_RELATIVE; i++)
        if (g_strcmp0(answer->rows[i].term, "lift") == 0)
            shown.row = &answer->rows[i];
    return shown;
}

/* NaN for what is not there; expm1 would make a finite -100 % of minus infinity. */
static double on_scale(const Shown *shown, double x) {
    return !isfinite(x) ? NAN : shown->is_log ? expm1(x) : x / shown->divisor;
}

static void fill(PlEstimate *e, const Shown *shown) {
    const PlInference *in = &shown->row->in;
    unsigned lacks = shown->row->lacks;
    double estimate = shown->is_log ? pl_without_noise(in->estimate, 1) : in->estimate;
    e->estimate = lacks & PL_LACKS_ESTIMATE ? NAN : on_scale(shown, estimate);
    e->conf_low = lacks & PL_LACKS_INTERVAL ? NAN : on_scale(shown, in->conf_low);
    e->conf_high = lacks & PL_LACKS_INTERVAL ? NAN : on_scale(shown, in->conf_high);
    e->p_value = e->p_adjusted = lacks & PL_LACKS_P ? NAN : in->p_value;
    e->std_error = in->has & PL_HAS_STD_ERROR ? in->std_error / shown->divisor : NAN;
    e->statistic = in->has & PL_HAS_STATISTIC ? in->statistic : NAN;
    e->df = in->has & PL_HAS_DF ? in->df : NAN;
    for (size_t k = 0; k < shown->row->n_figures; k++) {
        PlNamedNumber figure = {shown->row->figures[k].name, shown->row->figures[k].value};
        g_array_append_val(e->figures, figure);
    }
}

/* The estimate is there even when nothing can be said about chance. */
static void refuse(PlEstimate *e, const PlMethod *method, const PlEffects *effects, PlStatus status,
                   const char *culprit, const char *reason) {
    double point;
    PlArena arena = {0};
    PlPairedPoint *at = method->point ? method->point : pl_point_mean;
    if (at(effects->effects, effects->n, &arena, &point) == PL_OK)
        e->estimate = e->scale == PL_EFFECT_RELATIVE ? expm1(point) : point;
    pl_arena_clear(&arena);
    gboolean groups = effects->groups != NULL;
    if (effects->n == 0)
        e->reason = g_strdup(!groups                   ? "no pair has an effect"
                             : effects->n_control == 0 ? "no control store has a value"
                                                       : "no test store has a value");
    else if (reason)
        e->reason = g_strdup(reason);
    else if (groups && status == PL_NO_VARIANCE && method->groups)
        e->reason = g_strdup("every store changed alike, so nothing shows how much stores differ by chance");
    else if (groups)
        e->reason = culprit ? g_strdup_printf("%s: %s", culprit, pl_status_text(status))
                            : g_strdup(pl_status_text(status));
    else if (effects->n == 1 && method->design == PL_DESIGN_PAIRS)
        e->reason = g_strdup("one pair shows an effect, but not how much two stores differ by chance");
    else if (effects->n == 1 && method->design == PL_DESIGN_SERIES)
        e->reason = g_strdup_printf("one pair has no other to be compared with, and %s%s%s",
                                    culprit ? culprit : "", culprit ? ": " : "", pl_status_text(status));
    else if (status == PL_TOO_FEW && method->design == PL_DESIGN_PAIRS)
        e->reason = g_strdup_printf("needs %zu pairs, there are %u", method->min_n, effects->n);
    else if (status == PL_NO_VARIANCE && method->design == PL_DESIGN_PAIRS && !culprit)
        e->reason =
            g_strdup("every pair has the same effect, so nothing shows how much pairs differ by chance");
    else if (status == PL_ALL_ZERO)
        e->reason = g_strdup("the effect is zero in every pair");
    else if (culprit)
        e->reason = g_strdup_printf("%s: %s", culprit, pl_status_text(status));
    else
        e->reason = g_strdup(pl_status_text(status));
}

static PlEstimate *new_estimate(const PlMethodSource *source, const PlMethod *method,
                                const PlInferenceOptions *options, gboolean deciding, PlResult *result) {
    PlEstimate *e = pl_result_add_estimate(result);
    e->treatment = g_strdup(source->effects->treatment);
    e->metric = g_strdup(source->metric->name);
    e->period = g_strdup(source->effects->period);
    e->method = g_strdup(method->id);
    e->scale = result->scale;
    e->unit = pl_unit_words(source->metric, result);
    e->conf_level = options->conf_level;
    e->n = pl_effects_n(source->effects);
    e->deciding = deciding;
    return e;
}

/* Why a method is not worth its time beside another; NULL: it is. */
static const char *too_costly(const PlMethodSource *source, const PlMethod *method) {
    double stores = source->effects->groups ? pl_effects_n(source->effects) : 2.0 * source->effects->n;
    double times =
        (double)(source->before.end - source->before.begin) + source->period.end - source->period.begin;
    if (method->design != PL_DESIGN_PANEL)
        return NULL;
    if (stores * times > VALUES_BESIDE)
        return "left out for the time it takes on so many values: name it under methods to have it";
    static const char *const weighing[] = {"synthetic_control", "synthetic_did", "conformal", NULL};
    return g_strv_contains(weighing, method->id) && stores > STORES_BESIDE
               ? "left out for the time it takes with so many stores: name it under methods to have it"
               : NULL;
}

static gboolean estimate_by(const PlMethodSource *source, const PlMethod *method,
                            const PlInferenceOptions *inference, const char *left_out, PlEstimate *e,
                            GError **error) {
    const PlEffects *effects = source->effects;
    g_autoptr(PlMethodData) data = NULL;
    if (left_out || effects->n == 0 ||
        (!effects->groups && method->design == PL_DESIGN_PAIRS && effects->n < method->min_n)) {
        refuse(e, method, effects, PL_TOO_FEW, NULL, left_out);
        return TRUE;
    }
    data = pl_method_data_new(source, method);
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    PlMethodOptions options = pl_method_options(*inference);
    options.during_begin = data->during_begin;
    options.during_end = data->during_end;
    PlStatus status = data->reason ? PL_OK : method->run(method, &data->sample, &options, &answer);
    if (status == PL_NO_MEMORY) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM,
                    "pairlift: error: %s needs %.1f GB of memory\n  hint: lower resamples under analysis",
                    method->id, (double)arena.wanted / 1e9);
        pl_arena_clear(&arena);
        return FALSE;
    }
    if (data->reason || status != PL_OK || answer.n_rows == 0) {
        refuse(e, method, effects, status, answer.culprit, data->reason);
    } else {
        Shown shown =
            shown_row(method, &answer, e->scale, data->during_end - data->during_begin, effects->treatment);
        fill(e, &shown);
        e->reason = note(method, &answer, shown.row, inference, effects);
    }
    pl_arena_clear(&arena);
    return TRUE;
}

gboolean pl_estimate(const PlMethodSource *source, const PlMethod *const *methods,
                     const PlInferenceOptions *options, PlEstimatePurpose purpose, PlResult *result,
                     PlStepper *stepper, GError **error) {
    PlInferenceOptions beside = *options;
    beside.exact_up_to = EXACT_BESIDE;
    for (guint k = 0; methods[k]; k++, pl_stepper_step(stepper)) {
        gboolean decides = purpose.deciding && k == 0;
        gboolean units = source->effects->groups ? methods[k]->groups : methods[k]->design == PL_DESIGN_PAIRS;
        if (k > 0 && !purpose.beside && !purpose.named && !units)
            continue;
        const char *left_out = k > 0 && !purpose.named ? too_costly(source, methods[k]) : NULL;
        PlEstimate *e = new_estimate(source, methods[k], options, decides, result);
        if (!estimate_by(source, methods[k], decides ? options : &beside, left_out, e, error))
            return FALSE;
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
