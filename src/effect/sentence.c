/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/sentence.h"

#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/describe.h"
#include "pairlift/stats/power.h"

/* The usual power of a plan: an effect is found four times out of five (Cohen 1988). */
#define PLAN_POWER 0.8
#define MOST_PAIRS 100000

char *pl_metric_words(const PlMetric *metric) {
    char *words = g_strdup(metric->label ? metric->label : metric->name);
    if (g_ascii_isupper(words[0]) && !g_ascii_isupper(words[1]))
        words[0] = g_ascii_tolower(words[0]);
    return words;
}

char *pl_unit_words(const PlMetric *metric, const PlResult *result) {
    if (result->scale == PL_EFFECT_RELATIVE)
        return NULL;
    if (metric->kind != PL_METRIC_SUM)
        return g_strdup(metric->unit ? metric->unit : "");
    return g_strdup_printf("%s%sper store and %s", metric->unit ? metric->unit : "", metric->unit ? " " : "",
                           pl_step_name(result->step, 1));
}

static double half_width(const PlEstimate *e) {
    return (e->conf_high - e->conf_low) / 2;
}

static char *interval_words(const PlEstimate *e, const char *unit) {
    double low = isnan(e->conf_low) ? -INFINITY : e->conf_low;
    double high = isnan(e->conf_high) ? INFINITY : e->conf_high;
    return pl_format_interval(low, high, e->scale, unit);
}

/* "3.1 %" without its sign: "rose by" says it already. */
static char *size_words(const PlEstimate *e, const char *unit) {
    return pl_format_size(fabs(e->estimate), half_width(e), e->scale, unit);
}

/* The pairs that a test of signs or ranks needs before its smallest p-value, 1 / 2^n a side, reaches alpha.
 */
static guint pairs_for_signs(const PlInferenceOptions *options) {
    double sides = options->alternative == PL_TWO_SIDED ? 2 : 1;
    return (guint)ceil(log2(sides / (1 - options->conf_level)) - 1e-9);
}

static void append_pairs_for_threshold(GString *s, const PlEffects *effects, double sd, const char *unit,
                                       const PlInferenceOptions *options, const PlResult *result) {
    double threshold = result->threshold;
    double delta = result->scale == PL_EFFECT_RELATIVE ? log1p(threshold) : threshold;
    size_t needed;
    g_autofree char *lift = pl_format_size(threshold, NAN, result->scale, unit);
    PlStatus status = pl_n_paired_t(sd, delta, 1 - options->conf_level, options->alternative, PLAN_POWER,
                                    MOST_PAIRS, &needed);
    if (status != PL_OK)
        g_string_append_printf(
            s, " To find an effect of %s among stores that differ this much takes more than %d pairs.", lift,
            MOST_PAIRS);
    else if (needed > effects->n)
        g_string_append_printf(s,
                               " To settle it: an effect of %s, the smallest worth having, is found four "
                               "times out of five with about %zu pairs like these (there are %u), or with "
                               "fewer over a longer period.",
                               lift, needed, effects->n);
    else
        g_string_append_printf(s,
                               " An effect of %s, the smallest worth having, would have been found at least "
                               "four times out of five with these %u pairs; a longer period would narrow the "
                               "interval further.",
                               lift, effects->n);
}

static void append_settle(GString *s, const PlEffects *effects, const PlEstimate *e, const char *unit,
                          const PlInferenceOptions *options, const PlResult *result) {
    double mean, sd, found;
    if (effects->n < 2 || (isnan(e->conf_low) && isnan(e->conf_high)) ||
        pl_mean_sd(effects->effects, effects->n, &mean, &sd) != PL_OK || !(sd > 0)) {
        g_string_append_printf(s, " To settle it: run the test in more pairs of stores, at least %u.",
                               pairs_for_signs(options));
        return;
    }
    if (result->threshold > 0) {
        append_pairs_for_threshold(s, effects, sd, unit, options, result);
        return;
    }
    if (pl_mde_paired_t(effects->n, sd, 1 - options->conf_level, options->alternative, PLAN_POWER, &found) !=
        PL_OK)
        return;
    if (result->scale == PL_EFFECT_RELATIVE)
        found = expm1(found);
    g_autofree char *mde = pl_format_size(found, NAN, e->scale, unit);
    g_string_append_printf(s,
                           " To settle it: these %u pairs find an effect of about %s four times out of five; "
                           "four times as many pairs, or a longer period, would find half of that.",
                           effects->n, mde);
}

static void append_chance(GString *s, const PlEstimate *e, PlAlternative alternative) {
    g_autofree char *p = pl_format_p(e->p_adjusted), *chance = pl_format_chance(e->p_adjusted);
    g_string_append_printf(
        s, " If it did nothing, the chance of a difference at least this %s would be %s (p %s%s%s).",
        alternative == PL_GREATER ? "high"
        : alternative == PL_LESS  ? "low"
                                  : "large",
        chance, p[0] == '<' || p[0] == '>' ? "" : "= ", p,
        e->p_adjusted != e->p_value ? ", adjusted for several tests" : "");
}

/* What the data leave open. An adjusted p-value can be open where the interval, which is not adjusted, is
 * not. */
static void append_range(GString *s, const PlEstimate *e, const char *interval, const char *level) {
    gboolean open_low = isnan(e->conf_low), open_high = isnan(e->conf_high);
    if (open_low && open_high) {
        g_string_append(s, "so few pairs rule no effect out.");
        return;
    }
    if ((!open_low && e->conf_low > 0) || (!open_high && e->conf_high < 0)) {
        g_string_append_printf(s, "its %s interval (%s) is that of a single test, and there are several.",
                               level, interval);
        return;
    }
    g_string_append_printf(s, "%s %s fits the data (%s interval), no effect included.",
                           open_low || open_high ? "any effect of" : "anything from", interval, level);
}

static void append_finding(GString *s, const PlEffects *effects, const PlEstimate *e, PlVerdictKind kind,
                           const char *unit, const PlResult *result) {
    g_autofree char *what = pl_metric_words(effects->metric), *size = size_words(e, unit);
    g_autofree char *interval = interval_words(e, unit);
    g_autofree char *level = pl_format_size(e->conf_level, NAN, PL_EFFECT_RELATIVE, NULL);
    if (kind == PL_EQUIVALENT) {
        g_autofree char *limit = pl_format_size(result->threshold, NAN, result->scale, unit);
        g_string_append_printf(
            s,
            "With %s, %s changed by less than what matters: the effect is %s %s and its %s interval (%s) "
            "lies within %s either way.",
            e->treatment, what, size, e->estimate < 0 ? "down" : "up", level, interval, limit);
    } else if (kind == PL_INCONCLUSIVE) {
        g_string_append_printf(s, "Cannot tell: with %s, %s went %s by %s against the controls, but ",
                               e->treatment, what, e->estimate < 0 ? "down" : "up", size);
        append_range(s, e, interval, level);
    } else {
        g_string_append_printf(s, "With %s, %s %s by %s against the controls (%s interval %s).", e->treatment,
                               what, kind == PL_WIN ? "rose" : "fell", size, level, interval);
    }
}

char *pl_verdict_sentence(const PlEffects *effects, const PlEstimate *e, PlVerdictKind kind,
                          const PlInferenceOptions *options, const PlResult *result) {
    GString *s = g_string_new(NULL);
    g_autofree char *unit = pl_unit_words(effects->metric, result), *what = pl_metric_words(effects->metric);
    if (isnan(e->estimate)) {
        g_string_append_printf(s, "Cannot tell what %s did to %s: %s.", e->treatment, what,
                               e->reason ? e->reason : "");
    } else if (isnan(e->p_adjusted)) {
        g_autofree char *effect = pl_format_effect(e->estimate, NAN, e->scale, unit);
        g_string_append_printf(s, "Cannot tell how sure it is: with %s, %s went %s against the controls; %s.",
                               e->treatment, what, effect, e->reason ? e->reason : "nothing more is known");
        append_settle(s, effects, e, unit, options, result);
    } else {
        append_finding(s, effects, e, kind, unit, result);
        append_chance(s, e, options->alternative);
        if (kind == PL_INCONCLUSIVE)
            append_settle(s, effects, e, unit, options, result);
    }
    if (result->randomised == PL_RANDOMISED_NO)
        g_string_append(s,
                        " The stores were not assigned at random, so the difference may have other causes.");
    return g_string_free(s, FALSE);
}

char *pl_verdict_headline(const PlEffects *effects, const PlEstimate *e, PlVerdictKind kind,
                          const PlResult *result) {
    g_autofree char *what = pl_metric_words(effects->metric), *unit = pl_unit_words(effects->metric, result);
    g_autofree char *size = size_words(e, unit);
    if (isnan(e->estimate) || (kind == PL_INCONCLUSIVE && !isnan(e->p_adjusted)))
        return g_strdup_printf("Cannot tell whether %s changed %s", e->treatment, what);
    if (kind == PL_EQUIVALENT)
        return g_strdup_printf("%s changed %s too little to matter", e->treatment, what);
    g_autofree char *finding =
        g_strdup_printf("With %s, %s %s by %s", e->treatment, what, e->estimate < 0 ? "fell" : "rose", size);
    return kind == PL_INCONCLUSIVE ? g_strconcat(finding, ", how sure is unknown", NULL)
                                   : g_steal_pointer(&finding);
}
