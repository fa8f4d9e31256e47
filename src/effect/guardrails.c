/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/guardrails.h"

#include <math.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/student.h"

/* Beside the deciding estimate, counting out more patterns than 2^32 is not worth the wait. */
enum { EXACT_BESIDE = 32 };

/* One metric of one treatment against a limit. */
typedef struct {
    const PlStudy *study;
    PlResult *result;
    PlSection *section;
    const PlArm *arm;
    const PlMetric *metric;
    PlArmValues *values;
    PlArmTest test;             /* null value 0, not negated */
    const PlEstimate *estimate; /* to be taken as it is; NULL: none */
    char *what;                 /* the metric within a sentence */
    char *unit;
} Subject;

static void subject_clear(Subject *s) {
    g_clear_pointer(&s->values, pl_arm_values_free);
    g_free(s->what);
    g_free(s->unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Subject, subject_clear)

/* Of groups the main estimate is one of a linear model on all treatments; what is said here must not be
 * another. NULL: there is none by Student's distribution, so the effect is tested on the arm's stores alone.
 */
static const PlEstimate *estimate_of(const Subject *s) {
    const PlMethod *method = s->test.method;
    for (guint i = 0; i < s->result->estimates->len && !s->arm->paired && method && method->groups; i++) {
        const PlEstimate *e = g_ptr_array_index(s->result->estimates, i);
        if (g_str_equal(e->treatment, s->arm->treatment->name) && g_str_equal(e->metric, s->metric->name) &&
            g_str_equal(e->period, "during") && g_str_equal(e->method, method->id))
            return isfinite(e->statistic) && e->std_error > 0 && e->df > 0 ? e : NULL;
    }
    return NULL;
}

static Subject subject_of(const PlStudy *study, PlResult *result, PlSection *section, const PlArm *arm,
                          const PlMetric *metric) {
    Subject s = {
        .study = study,
        .result = result,
        .section = section,
        .arm = arm,
        .metric = metric,
        .values = pl_arm_values(study, arm, metric, study->ranges.during, result->scale),
        .test = {.method = pl_deciding_method(result, arm->treatment->name)},
        .what = pl_metric_words(metric),
        .unit = pl_unit_words(metric, result),
    };
    s.estimate = estimate_of(&s);
    return s;
}

static gboolean is_relative(const Subject *s) {
    return s->result->scale == PL_EFFECT_RELATIVE;
}

static PlInferenceOptions options_of(const Subject *s, PlAlternative alternative, double level) {
    PlInferenceOptions options = s->study->options;
    options.alternative = alternative;
    options.conf_level = level;
    options.exact_up_to = EXACT_BESIDE;
    return options;
}

/* p of the one-sided test that the effect (negated: minus it) is above `null`; NaN: there is none. */
static double p_above(const Subject *s, double null, gboolean negated) {
    PlInference in;
    if (s->estimate)
        return pl_student_tail((negated ? -1 : 1) * s->estimate->statistic - null / s->estimate->std_error,
                               s->estimate->df);
    PlArmTest test = s->test;
    PlInferenceOptions options = options_of(s, PL_GREATER, s->study->options.conf_level);
    test.null_value = null;
    test.negated = negated;
    return pl_arm_infer(s->values, &test, &options, &in, NULL) == PL_OK ? in.p_value : NAN;
}

static double shown(const Subject *s, double x) {
    return !isfinite(x) ? NAN : is_relative(s) ? expm1(x) : x;
}

static PlFinding *add_finding(const Subject *s, const char *measure, const char *label) {
    PlFinding *f = pl_section_add(s->section, s->arm->treatment->name, measure, label,
                                  is_relative(s) ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS);
    f->period = g_strdup("during");
    f->unit = g_strdup(s->unit);
    f->n = s->values->n_test + s->values->n_control;
    return f;
}

/* The effect and its two-sided interval; FALSE with a reason: nothing is known of chance. */
static gboolean fill_effect(const Subject *s, double level, PlFinding *f) {
    PlInference in;
    PlInferenceOptions options = options_of(s, PL_TWO_SIDED, level);
    f->conf_level = level;
    if (s->estimate) {
        const PlEstimate *e = s->estimate;
        double t = pl_student_quantile((1 - level) / 2, e->df);
        f->value = e->estimate;
        f->std_error = e->std_error;
        f->conf_low = shown(s, (e->statistic - t) * e->std_error);
        f->conf_high = shown(s, (e->statistic + t) * e->std_error);
        return TRUE;
    }
    PlStatus status = pl_arm_infer(s->values, &s->test, &options, &in, NULL);
    if (status != PL_OK) {
        f->value = shown(s, pl_arm_point(s->values));
        f->reason = pl_arm_reason(s->values, status);
        return FALSE;
    }
    f->value = shown(s, in.estimate);
    f->conf_low = shown(s, in.conf_low);
    f->conf_high = shown(s, in.conf_high);
    f->std_error = in.has & PL_HAS_STD_ERROR ? in.std_error : NAN;
    return TRUE;
}

static char *limit_words(const Subject *s, double margin) {
    return pl_format_size(margin, NAN, s->result->scale, s->unit);
}

/* "-0.4 % (95 % interval -1 % to 0.2 %)" */
static char *effect_words(const PlFinding *f) {
    double half = (f->conf_high - f->conf_low) / 2;
    g_autofree char *value = pl_format_amount(f->value, half, f->amount, f->unit);
    g_autofree char *level = pl_format_size(f->conf_level, NAN, PL_EFFECT_RELATIVE, NULL);
    if (isnan(f->conf_low) && isnan(f->conf_high))
        return g_strdup_printf("%s, with too few pairs for a %s interval", value, level);
    g_autofree char *interval =
        pl_format_amount_interval(isnan(f->conf_low) ? -INFINITY : f->conf_low,
                                  isnan(f->conf_high) ? INFINITY : f->conf_high, f->amount, f->unit);
    return g_strdup_printf("%s, %s interval %s", value, level, interval);
}

/* Of a guardrail whose verdict is known. */
static void say_judged(const Subject *s, const PlGuardrail *g, const PlFinding *f) {
    gboolean up = g_strcmp0(g->worse, "up") == 0;
    const char *name = s->arm->treatment->name, *fell = up ? "rose" : "fell";
    g_autofree char *limit = limit_words(s, g->margin), *effect = effect_words(f);
    g_autofree char *beyond = g->margin > 0
                                  ? g_strdup_printf("a %s of more than %s", up ? "rise" : "fall", limit)
                                  : g_strdup_printf("any %s", up ? "rise" : "fall");
    gboolean worse = up ? f->conf_low > 0 : f->conf_high < 0;
    if (g_str_equal(f->verdict, "safe"))
        pl_section_say(s->section, "With %s, %s is safe: %s%s%s%s is ruled out (effect %s).", name, s->what,
                       worse ? "it " : "", worse ? fell : "", worse ? ", but " : "", beyond, effect);
    else if (g_str_equal(f->verdict, "harmed"))
        pl_section_say(s->section, "With %s, %s is harmed: it %s%s%s against the controls (effect %s).", name,
                       s->what, fell, g->margin > 0 ? " by more than the tolerated " : "",
                       g->margin > 0 ? limit : "", effect);
    else if (g_str_equal(f->verdict, "cannot tell"))
        pl_section_say(s->section,
                       "Cannot tell whether %s is safe with %s: %s is neither shown nor ruled out (effect "
                       "%s).%s",
                       s->what, name, beyond, effect,
                       g->margin > 0 ? "" : " Give the guardrail a margin to say how much is tolerable.");
    else
        pl_section_say(
            s->section,
            "With %s, %s %s against the controls, perhaps by no more than the tolerated %s (effect "
            "%s).",
            name, s->what, fell, limit, effect);
}

static void say_guardrail(const Subject *s, const PlGuardrail *g, const PlFinding *f) {
    if (f->verdict) {
        say_judged(s, g, f);
        return;
    }
    if (f->value == 0) {
        pl_section_say(
            s->section,
            "With %s, %s did not change against the controls at all, so nothing shows how sure that "
            "is.",
            s->arm->treatment->name, s->what);
        return;
    }
    g_autofree char *value = pl_format_amount(f->value, NAN, f->amount, f->unit);
    pl_section_say(s->section, "Cannot tell whether %s is safe with %s%s%s%s: %s.", s->what,
                   s->arm->treatment->name, isnan(f->value) ? "" : " (effect ", isnan(f->value) ? "" : value,
                   isnan(f->value) ? "" : ")", f->reason);
}

/* Judged by one-sided tests at half of 1 - confidence, as the two-sided interval is. */
static void judge(const Subject *s, const PlGuardrail *g, PlFinding *f) {
    gboolean up = g_strcmp0(g->worse, "up") == 0;
    double side = (1 - s->study->options.conf_level) / 2;
    double margin = !is_relative(s) ? g->margin : up ? log1p(g->margin) : -log1p(-g->margin);
    /* "better" is above 0 once the effect is negated where up is worse */
    f->p_value = f->p_adjusted = p_above(s, -margin, up);
    const char *verdict = f->p_value <= side                ? "safe"
                          : p_above(s, margin, !up) <= side ? "harmed"
                          : p_above(s, 0, !up) <= side      ? "worse, perhaps within the margin"
                                                            : "cannot tell";
    f->verdict = g_strdup(verdict);
}

static void add_guardrail(const PlStudy *study, PlResult *result, PlSection *section, const PlArm *arm,
                          const PlGuardrail *g, guint *n_safe) {
    const PlMetric *metric = pl_definition_metric(study->def, g->metric);
    g_auto(Subject) s = subject_of(study, result, section, arm, metric);
    gboolean up = g_strcmp0(g->worse, "up") == 0;
    g_autofree char *limit = limit_words(&s, g->margin);
    g_autofree char *bound = g->margin > 0 ? g_strdup_printf(" by more than %s", limit) : g_strdup("");
    g_autofree char *label = g_strdup_printf("%s, not %s%s", s.what, up ? "up" : "down", bound);
    label[0] = g_ascii_toupper(label[0]);
    PlFinding *f = add_finding(&s, g->metric, label);
    if (is_relative(&s) && !up && g->margin >= 1) {
        f->reason = g_strdup_printf("a margin of %g is a fall of %g %%: nothing falls by more than 100 %%; "
                                    "2 %% is written 0.02",
                                    g->margin, 100 * g->margin);
    } else if (fill_effect(&s, study->options.conf_level, f)) {
        judge(&s, g, f);
        *n_safe += g_str_equal(f->verdict, "safe") ? 1 : 0;
    }
    if (s.values->left_out && !f->reason) {
        g_autofree char *left = pl_format_count(s.values->left_out, arm->paired ? "pair" : "store",
                                                arm->paired ? "pairs" : "stores");
        f->reason = g_strdup_printf("%s without a value left out", left);
    }
    say_guardrail(&s, g, f);
}

static gboolean is_verdict(const PlResult *result, const char *treatment, PlVerdictKind kind) {
    for (guint i = 0; i < result->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(result->verdicts, i);
        if (g_str_equal(v->treatment, treatment))
            return v->kind == kind;
    }
    return FALSE;
}

/* Who reads of a win by 30 % does not ask whether it was less than 5 %. */
static gboolean is_moot(const PlResult *result, const char *treatment, const PlFinding *f) {
    return !g_str_equal(f->verdict, "equivalent") && !is_verdict(result, treatment, PL_INCONCLUSIVE);
}

/* Two one-sided tests of the primary metric. */
static void add_equivalence(const PlStudy *study, PlResult *result, PlSection *section, const PlArm *arm) {
    g_auto(Subject) s = subject_of(study, result, section, arm, pl_definition_primary(study->def));
    double alpha = 1 - study->options.conf_level, t = result->threshold;
    double low = is_relative(&s) ? log1p(-t) : -t, high = is_relative(&s) ? log1p(t) : t;
    g_autofree char *limit = limit_words(&s, t);
    g_autofree char *label = g_strdup_printf("Equivalence: %s within %s either way", s.what, limit);
    PlFinding *f = add_finding(&s, "equivalence", label);
    if (!fill_effect(&s, 1 - 2 * alpha, f)) {
        pl_section_say(section, "Cannot tell whether %s left %s as it was: %s.", arm->treatment->name, s.what,
                       f->reason);
        return;
    }
    f->p_value = f->p_adjusted = fmax(p_above(&s, low, FALSE), p_above(&s, -high, TRUE));
    gboolean equivalent = f->p_value <= alpha;
    f->verdict = g_strdup(equivalent ? "equivalent" : "not shown");
    if (is_moot(result, arm->treatment->name, f))
        return;
    g_autofree char *p = pl_format_p_is(f->p_value), *effect = effect_words(f);
    g_autofree char *level = pl_format_size(study->options.conf_level, NAN, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *more =
        equivalent && !is_verdict(result, arm->treatment->name, PL_EQUIVALENT)
            ? g_strdup_printf(" The verdict above asks for more: that the whole %s interval lies within.",
                              level)
            : g_strdup("");
    pl_section_say(section,
                   "%s that %s changed %s by less than %s either way (two one-sided tests, %s; effect %s).%s",
                   equivalent ? "The data show" : "It is not shown", arm->treatment->name, s.what, limit, p,
                   effect, more);
}

static void add_conclusion(const PlStudy *study, PlSection *section, guint n, guint n_safe) {
    if (n < 2)
        return;
    g_autofree char *side =
        pl_format_size((1 - study->options.conf_level) / 2, NAN, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *all = g_strdup_printf("All %u", n);
    if (n_safe == n)
        pl_section_say(
            section,
            "%s guardrails are safe. Each is shown at %s, one-sided; because all of them have to be, "
            "that claim needs no correction for their number.",
            n == 2 ? "Both" : all, side);
    else
        pl_section_say(section, "%u of %u guardrails %s shown to be safe.", n_safe, n,
                       n_safe == 1 ? "is" : "are");
}

void pl_add_guardrails(const PlStudy *study, PlResult *result) {
    const GPtrArray *guardrails = study->def->guardrails;
    guint n = 0, n_safe = 0;
    if (guardrails->len == 0 && !(result->threshold > 0))
        return;
    PlSection *section = pl_result_add_section(result, "guardrails",
                                               guardrails->len == 0    ? "Equivalence"
                                               : result->threshold > 0 ? "Guardrails and equivalence"
                                                                       : "Guardrails");
    for (guint a = 0; a < study->arms->len; a++)
        for (guint i = 0; i < guardrails->len; i++, n++)
            add_guardrail(study, result, section, g_ptr_array_index(study->arms, a),
                          g_ptr_array_index(guardrails, i), &n_safe);
    add_conclusion(study, section, n, n_safe);
    for (guint a = 0; a < study->arms->len && result->threshold > 0; a++)
        add_equivalence(study, result, section, g_ptr_array_index(study->arms, a));
}
