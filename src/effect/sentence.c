/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/sentence.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/power.h"

/* The usual power of a plan: an effect is found four times out of five (Cohen 1988). */
#define PLAN_POWER 0.8
#define MOST_PAIRS 100000

/* Fewer pairs than this say too little about how much pairs differ to plan the next test on. */
#define FEW_PAIRS 6

/* An effect beyond this (a doubling) is no promotion's. */
#define UNREALISTIC 1.0

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

/* What the sentence is about. */
typedef struct {
    GString *text;
    const PlEffects *effects;
    const PlEstimate *estimate;
    PlVerdictKind kind;
    const PlInferenceOptions *options;
    const PlResult *result;
    char *what, *unit; /* "units sold"; "cartons per store and week", NULL for lifts */
} Sentence;

/* The pairs that a test of signs or ranks needs before its smallest p-value, 1 / 2^n a side, reaches alpha.
 */
static guint pairs_for_signs(const PlInferenceOptions *options) {
    double sides = options->alternative == PL_TWO_SIDED ? 2 : 1;
    return (guint)ceil(log2(sides / (1 - options->conf_level)) - 1e-9);
}

/* The level of one test when the deciding tests share it (Holm's first step). */
static double level_of_one(const Sentence *s) {
    guint tests = 0;
    for (guint i = 0; i < s->result->estimates->len; i++)
        tests += ((const PlEstimate *)g_ptr_array_index(s->result->estimates, i))->deciding ? 1 : 0;
    gboolean shared = s->result->adjust != PL_ADJUST_NONE;
    return (1 - s->options->conf_level) / (shared ? MAX(tests, 1) : 1);
}

/* A difference on the test's scale as an effect that the reader knows, without its sign. */
static double shown_effect(const Sentence *s, double delta) {
    if (s->result->scale == PL_EFFECT_ABSOLUTE)
        return delta;
    return s->options->alternative == PL_LESS ? -expm1(-delta) : expm1(delta);
}

static char *effect_word(const Sentence *s, double size) {
    g_autofree char *number = pl_format_size(size, NAN, s->result->scale, s->unit);
    return g_strdup_printf("%s of %s", s->options->alternative == PL_LESS ? "a fall" : "an effect", number);
}

/* How much chance there is in the estimate, as that of a test on `n` differences of standard deviation `sd`:
 * pairs as they are; of groups the test on as many as its degrees of freedom say. */
typedef struct {
    double sd;
    size_t n;
    guint shown;       /* pairs or stores */
    const char *units; /* "pairs", "stores" */
} Chance;

static gboolean chance_of(const Sentence *s, Chance *c) {
    const PlEffects *e = s->effects;
    double mean, error = s->estimate->std_error, df = s->estimate->df;
    if (!e->groups) {
        *c = (Chance){0, e->n, e->n, "pairs"};
        return e->n >= FEW_PAIRS && pl_mean_sd(e->effects, e->n, &mean, &c->sd) == PL_OK && c->sd > 0;
    }
    if (!(error > 0) || !(df >= FEW_PAIRS))
        return FALSE;
    *c = (Chance){error * sqrt(floor(df) + 1), (size_t)floor(df) + 1, pl_effects_n(e), "stores"};
    return TRUE;
}

/* How many pairs find the threshold, by a t-test: close to what the other methods need. */
static void append_pairs_for_threshold(const Sentence *s, const Chance *c) {
    double threshold = s->result->threshold, delta = threshold;
    gboolean less = s->options->alternative == PL_LESS;
    size_t needed;
    if (s->result->scale == PL_EFFECT_RELATIVE)
        delta = less ? -log1p(-threshold) : log1p(threshold);
    g_autofree char *lift = effect_word(s, threshold);
    PlStatus status = pl_n_paired_t(c->sd, less ? -delta : delta, level_of_one(s), s->options->alternative,
                                    PLAN_POWER, MOST_PAIRS, &needed);
    if (status == PL_NO_CONVERGENCE)
        g_string_append_printf(s->text,
                               " To find %s among stores that differ this much takes more than %d %s.", lift,
                               MOST_PAIRS, c->units);
    else if (status == PL_OK && needed > c->n)
        g_string_append_printf(
            s->text,
            " To settle it: %s, the smallest worth having, is found four times out of five with "
            "about %.0f %s like these (there are %u), or with fewer over a longer period.",
            lift, ceil((double)needed / (double)c->n * c->shown), c->units, c->shown);
    else if (status == PL_OK)
        g_string_append_printf(
            s->text,
            " With these %u %s %s, the smallest worth having, is found at least four times "
            "out of five; a longer period would narrow the interval further.",
            c->shown, c->units, lift);
}

/* What these pairs can find, and four times as many. */
static void append_detectable(const Sentence *s, const Chance *c) {
    double here, more, level = level_of_one(s);
    guint n = c->shown;
    if (pl_mde_paired_t(c->n, c->sd, level, s->options->alternative, PLAN_POWER, &here) != PL_OK ||
        pl_mde_paired_t(4 * c->n, c->sd, level, s->options->alternative, PLAN_POWER, &more) != PL_OK)
        return;
    here = shown_effect(s, fabs(here));
    more = shown_effect(s, fabs(more));
    gboolean relative = s->result->scale == PL_EFFECT_RELATIVE;
    if (relative && more > UNREALISTIC) {
        g_string_append_printf(s->text,
                               " To settle it: stores that differ this much need many more than %u %s, or "
                               "better matched ones.",
                               4 * n, c->units);
        return;
    }
    g_autofree char *now = effect_word(s, here), *then = pl_format_size(more, NAN, s->result->scale, s->unit);
    if (relative && here > UNREALISTIC)
        g_string_append_printf(s->text,
                               " To settle it: these %u %s would miss even a doubling; %u %s like these "
                               "find an effect of about %s four times out of five.",
                               n, c->units, 4 * n, c->units, then);
    else
        g_string_append_printf(s->text,
                               " To settle it: these %u %s find %s four times out of five, %u %s like "
                               "these one of about %s; a longer period helps, too.",
                               n, c->units, now, 4 * n, c->units, then);
}

static void append_settle(const Sentence *s) {
    const PlEstimate *e = s->estimate;
    Chance chance;
    guint least = MAX(pairs_for_signs(s->options), FEW_PAIRS);
    if (!chance_of(s, &chance) || (isnan(e->conf_low) && isnan(e->conf_high))) {
        if (s->effects->groups)
            g_string_append_printf(s->text,
                                   " To settle it: run the test in more stores, at least %u a group.", least);
        else
            g_string_append_printf(
                s->text, " To settle it: run the test in more pairs of stores, at least %u.", least);
        return;
    }
    if (s->result->threshold > 0)
        append_pairs_for_threshold(s, &chance);
    else
        append_detectable(s, &chance);
}

static void append_chance(const Sentence *s) {
    const PlEstimate *e = s->estimate;
    PlAlternative alternative = s->options->alternative;
    g_autofree char *p = pl_format_p_is(e->p_value), *chance = pl_format_chance(e->p_value);
    g_string_append_printf(s->text,
                           " If it did nothing, the chance of a difference at least this %s would be %s (%s",
                           alternative == PL_GREATER ? "high"
                           : alternative == PL_LESS  ? "low"
                                                     : "large",
                           chance, p);
    if (e->p_adjusted != e->p_value) {
        g_autofree char *adjusted = pl_format_p(e->p_adjusted);
        g_string_append_printf(s->text, "; %s once adjusted for the other treatments", adjusted);
    }
    g_string_append(s->text, ").");
}

/* What the data leave open. An adjusted p-value can be open where the interval, which is not adjusted, is
 * not. */
static void append_range(const Sentence *s, const char *interval, const char *level) {
    const PlEstimate *e = s->estimate;
    gboolean open_low = isnan(e->conf_low), open_high = isnan(e->conf_high);
    if (open_low && open_high)
        g_string_append_printf(s->text, "so few %s rule no effect out.",
                               s->effects->groups ? "stores" : "pairs");
    else if ((!open_low && e->conf_low > 0) || (!open_high && e->conf_high < 0))
        g_string_append_printf(s->text,
                               "its %s interval (%s) is that of a single test, and there are several.", level,
                               interval);
    else
        g_string_append_printf(s->text, "%s %s fits the data (%s interval), no effect included.",
                               open_low || open_high ? "any effect of" : "anything from", interval, level);
}

/* A one-sided test that finds the opposite of what it looks for has nothing to settle. */
static gboolean is_other_way(const Sentence *s) {
    return (s->options->alternative == PL_GREATER && s->estimate->estimate < 0) ||
           (s->options->alternative == PL_LESS && s->estimate->estimate > 0);
}

/* "went up by 3.1 %"; "hardly moved" where the size rounds to nothing. */
static char *movement(const PlEstimate *e, const char *size) {
    return strpbrk(size, "123456789")
               ? g_strdup_printf("went %s by %s", e->estimate < 0 ? "down" : "up", size)
               : g_strdup("hardly moved");
}

static void append_finding(const Sentence *s) {
    const PlEstimate *e = s->estimate;
    g_autofree char *size = size_words(e, s->unit), *interval = interval_words(e, s->unit);
    g_autofree char *level = pl_format_size(e->conf_level, NAN, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *moved = movement(e, size);
    const char *way = e->estimate < 0 ? "down" : "up";
    if (s->kind == PL_EQUIVALENT) {
        g_autofree char *limit = pl_format_size(s->result->threshold, NAN, s->result->scale, s->unit);
        g_string_append_printf(
            s->text,
            "With %s, %s changed by less than what matters: the effect is %s %s and its %s interval "
            "(%s) lies within %s either way.",
            e->treatment, s->what, size, way, level, interval, limit);
    } else if (s->kind == PL_INCONCLUSIVE && is_other_way(s)) {
        g_string_append_printf(
            s->text,
            "No sign of a %s: with %s, %s %s against the controls, and the test looks only for a %s.",
            s->options->alternative == PL_GREATER ? "rise" : "fall", e->treatment, s->what, moved,
            s->options->alternative == PL_GREATER ? "rise" : "fall");
    } else if (s->kind == PL_INCONCLUSIVE) {
        g_string_append_printf(s->text, "Cannot tell: with %s, %s %s against the controls, but ",
                               e->treatment, s->what, moved);
        append_range(s, interval, level);
    } else {
        g_string_append_printf(s->text, "With %s, %s %s by %s against the controls (%s interval %s).",
                               e->treatment, s->what, s->kind == PL_WIN ? "rose" : "fell", size, level,
                               interval);
    }
}

static gboolean is_warned(const PlResult *result, const char *check) {
    for (guint i = 0; i < result->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(result->checks, i);
        if (g_str_equal(c->name, check) && c->status != PL_PASS && !isnan(c->value))
            return TRUE;
    }
    return FALSE;
}

/* What a reader of this sentence alone must know before acting on it. */
static void append_caveats(const Sentence *s) {
    const PlEstimate *e = s->estimate;
    if (s->kind == PL_WIN && s->result->threshold > 0 && !(e->conf_low >= s->result->threshold)) {
        g_autofree char *threshold = pl_format_size(s->result->threshold, NAN, s->result->scale, s->unit);
        g_string_append_printf(s->text, " It is not shown to reach %s, the smallest effect worth having.",
                               threshold);
    }
    const PlMethod *method = pl_method_find(e->method);
    if ((s->kind == PL_WIN || s->kind == PL_LOSS) && method && e->n < method->liberal_below)
        g_string_append_printf(s->text,
                               " But %s rejects too often with fewer than %zu %s: look at the other methods.",
                               e->method, method->liberal_below, s->effects->groups ? "stores" : "pairs");
    if ((s->kind == PL_WIN || s->kind == PL_LOSS) && method && method->design == PL_DESIGN_SERIES)
        g_string_append(s->text, " That rests on the two sides going on together as they did before.");
    if ((s->kind == PL_WIN || s->kind == PL_LOSS) && is_warned(s->result, "parallel_trend"))
        g_string_append(s->text,
                        " But the two sides were drifting apart before already: the effect may be that drift "
                        "going on.");
    if (s->result->randomised == PL_RANDOMISED_NO)
        g_string_append(s->text,
                        " The stores were not assigned at random, so a difference may have other causes.");
}

static gboolean is_nothing(const PlEffects *effects) {
    for (guint i = 0; i < effects->n; i++)
        if (effects->effects[i] != 0)
            return FALSE;
    return effects->n > 0;
}

static void append_unknown(const Sentence *s) {
    const PlEstimate *e = s->estimate;
    const char *reason = e->reason ? e->reason : "nothing more is known";
    if (isnan(e->estimate)) {
        g_string_append_printf(s->text, "Cannot tell what %s did to %s: %s.", e->treatment, s->what, reason);
        return;
    }
    if (e->estimate == 0 && is_nothing(s->effects)) {
        g_string_append_printf(
            s->text,
            "Cannot tell how sure it is: with %s, %s did not change against the controls in "
            "any %s.",
            e->treatment, s->what, s->effects->groups ? "store" : "pair");
        return;
    }
    g_autofree char *effect = pl_format_effect(e->estimate, NAN, e->scale, s->unit);
    g_string_append_printf(s->text,
                           "Cannot tell how sure it is: with %s, %s moved by %s against the controls; %s.",
                           e->treatment, s->what, effect, reason);
    append_settle(s);
}

/* What a pair's stores are before and during, on average over the pairs. */
typedef struct {
    double value[4]; /* test before, test during, control before, control during */
    guint n;
} Levels;

static Levels levels_of(const Sentence *s) {
    const PlEstimate *e = s->estimate;
    Levels levels = {{0}, 0};
    for (guint i = 0; i < s->result->pairs->len; i++) {
        const PlPairEffect *row = g_ptr_array_index(s->result->pairs, i);
        const double values[] = {row->test_before, row->test_during, row->control_before,
                                 row->control_during};
        gboolean same = g_strcmp0(row->treatment, e->treatment) == 0 &&
                        g_strcmp0(row->metric, e->metric) == 0 && g_strcmp0(row->period, e->period) == 0;
        if (!same || isnan(values[0] + values[1] + values[2] + values[3]))
            continue;
        for (int k = 0; k < 4; k++)
            levels.value[k] += values[k];
        levels.n++;
    }
    return levels;
}

/* A rate that rises by 67 % is soon read as one that rises by 67 points: a KPI's own values say which. */
static void append_levels(const Sentence *s) {
    const PlMetric *metric = s->effects->metric;
    Levels levels = levels_of(s);
    if (!pl_metric_of_rows(metric) || levels.n == 0)
        return;
    gboolean share = metric->of_kpi->share;
    g_autoptr(GPtrArray) text = g_ptr_array_new_with_free_func(g_free);
    for (int k = 0; k < 4; k++)
        g_ptr_array_add(text, pl_format_amount(levels.value[k] / levels.n, NAN,
                                               share ? PL_AMOUNT_SHARE : PL_AMOUNT_PRICE,
                                               share ? NULL : metric->unit));
    g_string_append_printf(
        s->text, " The mean of the test stores went from %s to %s, that of the controls from %s to %s.",
        (char *)text->pdata[0], (char *)text->pdata[1], (char *)text->pdata[2], (char *)text->pdata[3]);
}

char *pl_verdict_sentence(const PlEffects *effects, const PlEstimate *e, PlVerdictKind kind,
                          const PlInferenceOptions *options, const PlResult *result) {
    g_autofree char *unit = pl_unit_words(effects->metric, result), *what = pl_metric_words(effects->metric);
    Sentence s = {g_string_new(NULL), effects, e, kind, options, result, what, unit};
    if (isnan(e->p_adjusted)) {
        append_unknown(&s);
    } else {
        append_finding(&s);
        append_chance(&s);
        append_levels(&s);
        if (kind == PL_INCONCLUSIVE && !is_other_way(&s))
            append_settle(&s);
    }
    append_caveats(&s);
    return g_string_free(s.text, FALSE);
}

char *pl_verdict_headline(const PlEffects *effects, const PlEstimate *e, PlVerdictKind kind,
                          const PlInferenceOptions *options, const PlResult *result) {
    g_autofree char *what = pl_metric_words(effects->metric), *unit = pl_unit_words(effects->metric, result);
    Sentence s = {NULL, effects, e, kind, options, result, what, unit};
    g_autofree char *size = size_words(e, unit);
    if (kind == PL_INCONCLUSIVE && !isnan(e->p_adjusted) && is_other_way(&s))
        return g_strdup_printf("No sign that %s %s %s", e->treatment,
                               options->alternative == PL_GREATER ? "raised" : "lowered", what);
    if (isnan(e->estimate) || (kind == PL_INCONCLUSIVE && !isnan(e->p_adjusted)))
        return g_strdup_printf("Cannot tell whether %s changed %s", e->treatment, what);
    if (kind == PL_EQUIVALENT)
        return g_strdup_printf("%s changed %s too little to matter", e->treatment, what);
    if (e->estimate == 0)
        return g_strdup_printf("With %s, %s did not change", e->treatment, what);
    const char *moved = e->estimate < 0 ? "fell" : "rose";
    g_autofree char *finding = g_strdup_printf("With %s, %s %s by %s", e->treatment, what, moved, size);
    return kind == PL_INCONCLUSIVE ? g_strconcat(finding, ", how sure is unknown", NULL)
                                   : g_steal_pointer(&finding);
}
