/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/segments.h"

#include <math.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/effect/segment_levels.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/equal_effects.h"
#include "pairlift/stats/student.h"

/* The section while it is made. */
typedef struct {
    const PlStudy *study;
    PlResult *result;
    PlSection *section;  /* NULL: nothing to say yet */
    GPtrArray *tests;    /* PlFinding*: one an attribute and treatment, of the section */
    GPtrArray *names;    /* char*: the attribute of each test */
    GPtrArray *left_out; /* char*: "name (every store has a value of its own)" */
} Job;

/* One attribute of one treatment. */
typedef struct {
    Job *job;
    const PlArm *arm;
    const PlArmValues *values;
    const PlSegments *segments;
    PlLevelEffect *effects; /* [n_levels] of those that have an error */
    guint *of;              /* [n_levels] the level of each */
    guint n;
    guint least; /* pairs, or stores of a side, of the smallest of these */
} Comparison;

static gboolean is_relative(const Job *job) {
    return job->result->scale == PL_EFFECT_RELATIVE;
}

static double shown(const Job *job, double x) {
    return !isfinite(x) ? NAN : is_relative(job) ? expm1(x) : x;
}

static PlInferenceOptions options_of(const Job *job) {
    PlInferenceOptions options = job->study->options;
    options.alternative = PL_TWO_SIDED;
    return options;
}

static PlSection *section_of(Job *job) {
    if (!job->section) {
        job->section = pl_result_add_section(job->result, "segments", "For whom it worked");
        job->section->exploratory = TRUE;
        pl_section_say(job->section,
                       "This looks for stores where it worked better; it was not planned to prove that. What "
                       "stands out is at best a hypothesis for the next test.");
    }
    return job->section;
}

static PlFinding *add_finding(Job *job, const PlArm *arm, const char *measure, const char *label) {
    PlFinding *f = pl_section_add(section_of(job), arm->treatment->name, measure, label,
                                  is_relative(job) ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS);
    f->period = g_strdup("during");
    f->unit = pl_unit_words(pl_definition_primary(job->study->def), job->result);
    return f;
}

static PlArmValues *values_at(const Comparison *c, guint level) {
    guint n = c->job->study->panel->n_stores;
    g_autofree gboolean *keep = g_new0(gboolean, n + 1);
    for (guint s = 0; s < n; s++)
        keep[s] = c->segments->level[s] == (int)level;
    return pl_arm_values_of(c->values, keep);
}

static guint smaller_side(const PlArmValues *v) {
    return v->paired ? v->n_test : MIN(v->n_test, v->n_control);
}

static void add_level(Comparison *c, guint level) {
    g_autoptr(PlArmValues) v = values_at(c, level);
    PlInferenceOptions options = options_of(c->job);
    PlInference in;
    PlFinding *f = add_finding(c->job, c->arm, "effect", "Effect");
    f->group = g_strdup_printf("%s: %s", c->segments->name, c->segments->levels[level]);
    f->n = v->n_test + v->n_control;
    f->conf_level = options.conf_level;
    PlStatus status = pl_arm_infer(v, &(PlArmTest){0}, &options, &in, NULL);
    if (status != PL_OK) {
        f->value = shown(c->job, pl_arm_point(v));
        f->reason = pl_arm_reason(v, status);
        return;
    }
    f->value = shown(c->job, in.estimate);
    f->std_error = in.std_error;
    f->conf_low = shown(c->job, in.conf_low);
    f->conf_high = shown(c->job, in.conf_high);
    c->least = c->n == 0 ? smaller_side(v) : MIN(c->least, smaller_side(v));
    c->of[c->n] = level;
    c->effects[c->n++] = (PlLevelEffect){in.estimate, in.std_error, in.df, NAN};
}

/* One variance for all: the errors anew, with the residual deviation that they come from. */
static PlStatus pool(Comparison *c) {
    PlInferenceOptions options = options_of(c->job);
    for (guint i = 0; i < c->n; i++) {
        g_autoptr(PlArmValues) v = values_at(c, c->of[i]);
        PlInference in;
        double sd;
        PlStatus status = pl_arm_infer(v, &(PlArmTest){.pooled = TRUE}, &options, &in, &sd);
        if (status != PL_OK)
            return status;
        c->effects[i] = (PlLevelEffect){in.estimate, in.std_error, in.df, sd};
    }
    return PL_OK;
}

/* Two levels: the second minus the first. */
static void fill_difference(const Comparison *c, const PlEqualEffects *equal, PlFinding *f) {
    double difference = c->effects[1].effect - c->effects[0].effect;
    double error = hypot(c->effects[0].std_error, c->effects[1].std_error);
    double margin = pl_student_quantile((1 - f->conf_level) / 2, equal->df2) * error;
    f->value = shown(c->job, difference);
    f->std_error = error;
    f->conf_low = shown(c->job, difference - margin);
    f->conf_high = shown(c->job, difference + margin);
    f->group = g_strdup_printf("%s: %s against %s", c->segments->name, c->segments->levels[c->of[1]],
                               c->segments->levels[c->of[0]]);
}

static void test_levels(Comparison *c, PlFinding *f) {
    PlEqualEffects equal;
    gboolean pooled = c->n > 2 && c->least < PL_SEGMENT_FEW;
    if (c->n < 2) {
        f->reason = g_strdup_printf("fewer than two of its %u values have %s enough to compare",
                                    c->segments->n_levels, c->values->paired ? "pairs" : "stores");
        return;
    }
    PlStatus status = pooled ? pool(c) : PL_OK;
    if (status == PL_OK)
        status = pooled ? pl_equal_effects_pooled(c->effects, c->n, &equal)
                        : pl_equal_effects_welch(c->effects, c->n, &equal);
    if (status != PL_OK) {
        f->reason = g_strdup(pl_status_text(status));
        return;
    }
    f->p_value = equal.p_value;
    if (c->n == 2)
        fill_difference(c, &equal, f);
    else
        f->reason =
            g_strdup_printf("a test of %u values at once has no single number (%s, F = %.3g)", c->n,
                            pooled ? "they are taken to vary alike" : "they may vary differently", equal.f);
}

/* From the lower to the upper quartile of the number, along the trend. */
static void test_trend(const Comparison *c, PlFinding *f) {
    const PlSegments *s = c->segments;
    guint n = c->job->study->panel->n_stores;
    g_autofree gboolean *keep = g_new0(gboolean, n + 1);
    PlInferenceOptions options = options_of(c->job);
    PlInference in;
    for (guint st = 0; st < n; st++)
        keep[st] = !isnan(s->number[st]);
    g_autoptr(PlArmValues) v = pl_arm_values_of(c->values, keep);
    g_autofree char *low = pl_segment_number(s->low), *high = pl_segment_number(s->high);
    f->group = g_strdup_printf("%s: from %s to %s", s->name, low, high);
    PlStatus status =
        s->low < s->high ? pl_arm_slope(v, s->number, &options, &in) : PL_SINGULAR; /* all of one value */
    if (status == PL_SINGULAR && !(s->low < s->high)) {
        f->reason = g_strdup("the stores with the promotion all have the same value");
        return;
    }
    if (status != PL_OK) {
        f->reason = pl_arm_reason(v, status);
        return;
    }
    double step = s->high - s->low;
    f->p_value = in.p_value;
    f->std_error = in.std_error * step;
    f->value = shown(c->job, in.estimate * step);
    f->conf_low = shown(c->job, in.conf_low * step);
    f->conf_high = shown(c->job, in.conf_high * step);
}

static void append_reason(PlFinding *f, const char *more) {
    char *joined = f->reason ? g_strdup_printf("%s; %s", f->reason, more) : g_strdup(more);
    g_free(f->reason);
    f->reason = joined;
}

static void compare(Job *job, const PlArm *arm, const PlArmValues *values, const PlSegments *s) {
    g_autofree PlLevelEffect *effects = g_new0(PlLevelEffect, s->n_levels + 1);
    g_autofree guint *of = g_new0(guint, s->n_levels + 1);
    Comparison c = {job, arm, values, s, effects, of, 0, 0};
    for (guint i = 0; i < s->n_levels; i++)
        add_level(&c, i);
    PlFinding *f = add_finding(job, arm, "differs", "Differs by");
    f->conf_level = job->study->options.conf_level;
    f->n = values->n_test + values->n_control - s->n_unknown;
    if (s->number)
        test_trend(&c, f);
    else
        test_levels(&c, f);
    if (!f->group)
        f->group = g_strdup(s->name);
    if (s->n_unknown) {
        g_autofree char *unknown = pl_format_count(s->n_unknown, values->paired ? "pair has" : "store has",
                                                   values->paired ? "pairs have" : "stores have");
        g_autofree char *more = g_strdup_printf("%s no %s", unknown, s->name);
        append_reason(f, more);
    }
    g_ptr_array_add(job->tests, f);
    g_ptr_array_add(job->names, g_strdup(s->name));
}

static void add_unfit(Job *job, const PlArm *arm, const PlSegments *s, gboolean asked) {
    if (asked) {
        PlFinding *f = add_finding(job, arm, "differs", "Differs by");
        f->group = g_strdup(s->name);
        f->reason = g_strdup(s->unfit);
        return;
    }
    char *text = g_strdup_printf("%s (%s)", s->name, s->unfit);
    if (g_ptr_array_find_with_equal_func(job->left_out, text, g_str_equal, NULL))
        g_free(text);
    else
        g_ptr_array_add(job->left_out, text);
}

static void compare_all(Job *job, const PlArm *arm) {
    const PlStudy *study = job->study;
    const PlStoreTable *t = study->tables->stores;
    char **asked = study->def->segments;
    g_autoptr(PlArmValues) values = pl_arm_values(study, arm, pl_definition_primary(study->def),
                                                  study->ranges.during, job->result->scale);
    for (guint a = 0; a < t->n_attributes; a++) {
        if (asked && !g_strv_contains((const char *const *)asked, t->names[a]))
            continue;
        g_autoptr(PlSegments) s = pl_segments_new(study, arm, values, a, asked != NULL);
        if (s->unfit)
            add_unfit(job, arm, s, asked != NULL);
        else
            compare(job, arm, values, s);
    }
}

/* Holm's over all tests that have a p-value; verdicts by the adjusted ones. Returns how many there are. */
static guint adjust(const Job *job) {
    guint n = 0;
    g_autofree double *p = g_new(double, job->tests->len + 1), *adjusted = g_new(double, job->tests->len + 1);
    g_autofree size_t *order = g_new(size_t, job->tests->len + 1);
    for (guint i = 0; i < job->tests->len; i++) {
        const PlFinding *f = g_ptr_array_index(job->tests, i);
        if (!isnan(f->p_value))
            p[n++] = f->p_value;
    }
    if (n == 0 || pl_adjust_holm(p, n, order, adjusted) != PL_OK)
        return 0;
    for (guint i = 0, k = 0; i < job->tests->len; i++) {
        PlFinding *f = g_ptr_array_index(job->tests, i);
        if (isnan(f->p_value))
            continue;
        f->p_adjusted = adjusted[k++];
        f->verdict = g_strdup(f->p_adjusted <= 1 - f->conf_level ? "may differ" : "no sign of it");
    }
    return n;
}

/* The level findings of a test stand before it. NULL: no level has an effect, as where all test stores are
 * small and all controls large. */
static void extremes(const Job *job, const PlFinding *test, const char *name, const PlFinding **best,
                     const PlFinding **worst) {
    g_autofree char *prefix = g_strconcat(name, ": ", NULL);
    *best = *worst = NULL;
    for (guint i = 0; i < job->section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(job->section->findings, i);
        if (g_strcmp0(f->measure, "effect") != 0 || g_strcmp0(f->treatment, test->treatment) != 0 ||
            !g_str_has_prefix(f->group, prefix) || isnan(f->value))
            continue;
        if (!*best || f->value > (*best)->value)
            *best = f;
        if (!*worst || f->value < (*worst)->value)
            *worst = f;
    }
}

static char *level_words(const PlFinding *f) {
    g_autofree char *value = pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
    return g_strdup_printf("%s (%s)", value, f->group);
}

/* ", from +1 % (size: up to 90) to +5 % (size: over 90)", "" where fewer than two levels have an effect. */
static char *range_words(const PlFinding *best, const PlFinding *worst) {
    if (best == worst)
        return g_strdup("");
    g_autofree char *most = level_words(best), *least = level_words(worst);
    return g_strdup_printf(", from %s to %s", least, most);
}

static void say_differs(const Job *job, const PlFinding *test, const char *name, guint n_tests) {
    const PlFinding *best, *worst;
    extremes(job, test, name, &best, &worst);
    g_autofree char *p = pl_format_p_is(test->p_adjusted), *range = range_words(best, worst);
    g_autofree char *corrected =
        n_tests > 1 ? g_strdup_printf(" after Holm's correction for %u comparisons", n_tests) : g_strdup("");
    pl_section_say(job->section,
                   "%s may not work everywhere alike: the effect differs by %s (%s%s)%s. Plan a test of just "
                   "that before acting on it.",
                   test->treatment, name, p, corrected, range);
}

static void say_nothing_differs(const Job *job, const char *treatment) {
    g_autoptr(GString) by = g_string_new(NULL), alone = g_string_new(NULL);
    double least = INFINITY;
    guint n = 0;
    for (guint i = 0; i < job->tests->len; i++) {
        const PlFinding *f = g_ptr_array_index(job->tests, i);
        if (g_strcmp0(f->treatment, treatment) != 0 || isnan(f->p_value))
            continue;
        const char *name = g_ptr_array_index(job->names, i);
        least = fmin(least, f->p_adjusted);
        g_string_append_printf(by, "%s%s", n++ ? ", " : "", name);
        if (f->p_value <= 1 - f->conf_level)
            g_string_append_printf(alone, "%s%s", alone->len ? ", " : "", name);
    }
    if (n == 0) {
        pl_section_say(
            job->section,
            "Cannot tell whether %s worked better in some stores: no attribute has two values with "
            "enough stores each.",
            treatment);
        return;
    }
    g_autofree char *p = pl_format_p_is(least);
    pl_section_say(job->section,
                   "No sign that %s worked better in some stores than in others (compared by %s; %s%s%s)."
                   "%s%s%s Levels of few %s show only large differences.",
                   treatment, by->str, n > 1 ? "smallest " : "", p, n > 1 ? " after Holm's correction" : "",
                   alone->len ? " Alone, " : "", alone->str,
                   alone->len ? " would stand out, but among several comparisons one does so by chance." : "",
                   ((const PlArm *)g_ptr_array_index(job->study->arms, 0))->paired ? "pairs" : "stores");
}

static void say_all(const Job *job, guint n_tests) {
    for (guint a = 0; a < job->study->arms->len; a++) {
        const PlArm *arm = g_ptr_array_index(job->study->arms, a);
        gboolean any = FALSE;
        for (guint i = 0; i < job->tests->len; i++) {
            const PlFinding *f = g_ptr_array_index(job->tests, i);
            if (g_strcmp0(f->treatment, arm->treatment->name) != 0 || !(f->p_adjusted <= 1 - f->conf_level))
                continue;
            say_differs(job, f, g_ptr_array_index(job->names, i), n_tests);
            any = TRUE;
        }
        if (!any)
            say_nothing_differs(job, arm->treatment->name);
    }
}

static void name_left_out(const Job *job) {
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; i < job->left_out->len; i++)
        g_string_append_printf(s, "%s%s", i ? ", " : "", (char *)g_ptr_array_index(job->left_out, i));
    if (s->len)
        pl_result_check(job->result, "segments", PL_PASS, job->left_out->len, "stores are not compared by %s",
                        s->str);
}

void pl_add_segments(const PlStudy *study, PlResult *result) {
    g_autoptr(GPtrArray) tests = g_ptr_array_new(), names = g_ptr_array_new_with_free_func(g_free),
                         left_out = g_ptr_array_new_with_free_func(g_free);
    Job job = {study, result, NULL, tests, names, left_out};
    if (!study->tables || !study->tables->stores)
        return;
    for (guint a = 0; a < study->arms->len; a++)
        compare_all(&job, g_ptr_array_index(study->arms, a));
    guint n_tests = adjust(&job);
    if (job.section)
        say_all(&job, n_tests);
    name_left_out(&job);
}
