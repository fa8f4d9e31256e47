/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/monitor.h"

#include <math.h>

#include "pairlift/effect/advice.h"
#include "pairlift/effect/monitor_guardrails.h"
#include "pairlift/effect/run.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/effect/series.h"
#include "pairlift/model/intervals.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/sequential.h"

#define ID    "monitor"
#define TITLE "While it runs"

/* Looks without a number under `monitor`. */
enum { LOOKS_DEFAULT = 20 };

typedef struct {
    PlStudy study;
    PlResult *result;
    PlSection *section;
    const PlMetric *metric;
    PlDay last;     /* planned last day of the promotion */
    GArray *future; /* PlDay: intervals of the promotion still to come */
    guint expected; /* intervals of the whole promotion */
    gboolean by_plan, may_be_futile;
    double threshold; /* on the scale of the effect */
    PlPathPlan plan;
} Monitor;

/* Intervals from the day after the last data to the promotion's end: none are required to be there. */
static GArray *still_to_come(const PlPanel *panel, PlDay first, PlDay last) {
    guint64 expected;
    PlDay end = panel->times[panel->n_times - 1];
    return pl_missing_times(panel, end < first ? first : end + 1, last, &expected);
}

/* Before the promotion, no period needs more than there is. */
static void shorten(PlPeriod *period, PlDay end) {
    period->given = period->given && period->first <= end;
    period->last = MIN(period->last, end);
}

/* Takes out what is later than as_of or the promotion; the count of intervals that were there. FALSE: there
 * are no data at all. */
static gboolean cut(PlDefinition *def, PlPanel *panel, const PlDay *as_of, guint *dropped, GError **error) {
    PlPeriods *periods = &def->periods;
    PlDay last = as_of && *as_of < periods->during.last ? *as_of : periods->during.last;
    *dropped = panel->n_times;
    pl_panel_drop_after(panel, last);
    *dropped -= panel->n_times;
    periods->after.given = FALSE;
    if (panel->n_times == 0) {
        g_autofree char *day = pl_day_format(last, panel->kind);
        g_set_error(error, PL_ERROR, PL_ERROR_DATA, "%s: error: no data up to %s", def->file, day);
        return FALSE;
    }
    if (panel->times[panel->n_times - 1] < periods->during.first) {
        shorten(&periods->before, panel->times[panel->n_times - 1]);
        periods->during.given = FALSE;
    }
    return TRUE;
}

static double scaled(const Monitor *m, double effect) {
    return m->result->scale == PL_EFFECT_RELATIVE ? log1p(effect) : effect;
}

static double shown(const Monitor *m, double effect) {
    return m->result->scale == PL_EFFECT_RELATIVE ? expm1(effect) : effect;
}

static PlAmount amount_of(const Monitor *m) {
    return m->result->scale == PL_EFFECT_RELATIVE ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS;
}

static void set_interval(const Monitor *m, PlFinding *f, double low, double high, double level) {
    f->conf_low = shown(m, low);
    f->conf_high = shown(m, high);
    f->conf_level = level;
}

static void add_now(const Monitor *m, const PlArm *arm, const PlLookPath *path, const PlAdvice *a) {
    const PlPathLook *now = pl_look_path_last(path);
    const char *treatment = arm->treatment->name;
    PlFinding *f = pl_section_add(m->section, treatment, "effect_so_far", "Effect so far", amount_of(m));
    f->unit = pl_unit_words(m->metric, m->result);
    f->period = g_strdup("during");
    f->value = shown(m, now->look.estimate);
    f->std_error = now->look.std_error;
    set_interval(m, f, now->always.conf_low, now->always.conf_high, 1 - path->alpha);
    f->p_value = f->p_adjusted = now->always.p_value;
    f->n = now->n;
    if (!a->by_plan || !a->first) /* else the row of the planned look says it */
        f->verdict = g_strdup(pl_advice_name(a->kind));
    f->reason = g_strdup(now->reason);
    f = pl_section_add(m->section, treatment, "p_running", "Smallest p of all looks so far",
                       PL_AMOUNT_NUMBER);
    f->value = now->p_running;
    f->reason = isnan(f->value) ? g_strdup("no look has an error yet") : NULL;
    f = pl_section_add(m->section, treatment, "share_elapsed", "Share of the promotion that has passed",
                       PL_AMOUNT_SHARE);
    f->value = now->look.information;
    if (isnan(a->chance))
        return;
    f = pl_section_add(m->section, treatment, "chance_of_threshold", "Chance to show the threshold in time",
                       PL_AMOUNT_SHARE);
    f->value = a->chance;
}

/* The day of a planned look that is still to come; NULL: it was missed. */
static char *day_to_come(const Monitor *m, double information) {
    guint at = (guint)floor(information * m->expected + 0.5),
          passed = m->expected - MIN(m->expected, m->future->len);
    if (at <= passed || at - passed > m->future->len)
        return NULL;
    return pl_day_format(g_array_index(m->future, PlDay, at - passed - 1), m->result->time_kind);
}

static void add_planned(const Monitor *m, const PlArm *arm, const PlLookPath *path) {
    for (guint j = 0, k = 0; j < path->n_planned; j++) {
        g_autofree char *label = g_strdup_printf("Planned look %u of %u", j + 1, path->n_planned);
        PlFinding *f = pl_section_add(m->section, arm->treatment->name, "planned_look", label, amount_of(m));
        f->unit = pl_unit_words(m->metric, m->result);
        const PlPathLook *look = k < path->n_made ? &path->looks[path->made[k]] : NULL;
        if (!look || look->planned != (int)j) {
            f->period = day_to_come(m, path->information[j]);
            f->reason = f->period ? g_strdup_printf("not yet; the boundary is %.2f", path->critical[j])
                                  : g_strdup("there were no data to look at");
            continue;
        }
        const PlPlannedLook *planned = &path->planned[k++];
        double z = pl_normal_of_student(look->look.estimate / look->look.std_error, look->look.df);
        f->period = pl_day_format(look->day, m->result->time_kind);
        f->value = shown(m, look->look.estimate);
        f->std_error = look->look.std_error;
        set_interval(m, f, planned->low, planned->high, 1 - path->alpha);
        f->p_value = f->p_adjusted = planned->p;
        f->n = look->n;
        f->verdict = g_strdup(!planned->crossed ? "go on" : look->look.estimate > 0 ? "win" : "harm");
        f->reason = g_strdup_printf("statistic %.2f, boundary %.2f", z, planned->critical);
    }
}

static PlCurve *new_curve(const Monitor *m, const PlArm *arm, const PlLookPath *path, const char *name,
                          const char *label, PlAmount amount) {
    PlCurve *c = pl_section_add_curve(m->section, arm->treatment->name, name, path->n);
    c->x_label = g_strdup(pl_step_name(m->result->step, 1));
    c->y_label = g_strdup(label);
    c->y_amount = amount;
    c->x_is_time = TRUE;
    for (guint i = 0; i < path->n; i++)
        c->x[i] = path->looks[i].day;
    return c;
}

static void add_curves(const Monitor *m, const PlArm *arm, const PlLookPath *path) {
    g_autofree char *label = g_strdup_printf("Effect on %s", m->result->label);
    PlCurve *effect = new_curve(m, arm, path, "estimate_over_time", label, amount_of(m));
    PlCurve *statistic = new_curve(m, arm, path, "statistic_over_time", "Statistic", PL_AMOUNT_NUMBER);
    PlCurve *p = new_curve(m, arm, path, "p_running", "Smallest p so far", PL_AMOUNT_NUMBER);
    for (guint i = 0; i < path->n; i++) {
        const PlPathLook *look = &path->looks[i];
        effect->y[i] = shown(m, look->look.estimate);
        effect->low[i] = shown(m, look->always.conf_low);
        effect->high[i] = shown(m, look->always.conf_high);
        p->y[i] = look->p_running;
        if (isnan(look->always.p_value))
            continue;
        double boundary = !m->by_plan          ? pl_look_multiplier(look->look.information, path->alpha)
                          : look->planned >= 0 ? path->critical[look->planned]
                                               : NAN;
        statistic->y[i] = look->always.statistic;
        statistic->low[i] = -boundary;
        statistic->high[i] = boundary;
    }
    PlCurve *planned = pl_section_add_curve(m->section, arm->treatment->name, "planned_looks", path->n_made);
    planned->x_label = g_strdup(effect->x_label);
    planned->y_label = g_strdup(label);
    planned->y_amount = effect->y_amount;
    planned->x_is_time = TRUE;
    for (guint k = 0; k < path->n_made; k++) {
        planned->x[k] = path->looks[path->made[k]].day;
        planned->y[k] = shown(m, path->looks[path->made[k]].look.estimate);
        planned->low[k] = shown(m, path->planned[k].low);
        planned->high[k] = shown(m, path->planned[k].high);
    }
}

static PlEstimate *new_estimate(const Monitor *m, const PlArm *arm, const PlLookPath *path,
                                const char *method, const PlPathLook *look) {
    PlEstimate *e = pl_result_add_estimate(m->result);
    e->treatment = g_strdup(arm->treatment->name);
    e->metric = g_strdup(m->metric->name);
    e->period = g_strdup("during");
    e->method = g_strdup(method);
    e->scale = m->result->scale;
    e->unit = pl_unit_words(m->metric, m->result);
    e->conf_level = 1 - path->alpha;
    e->estimate = shown(m, look->look.estimate);
    e->std_error = look->look.std_error;
    e->df = look->look.df;
    e->statistic = look->always.statistic;
    e->n = look->n;
    return e;
}

static void add_estimates(const Monitor *m, const PlArm *arm, const PlLookPath *path) {
    const PlPathLook *now = pl_look_path_last(path);
    PlEstimate *e = new_estimate(m, arm, path, "confidence_sequence", now);
    e->p_value = e->p_adjusted = now->always.p_value;
    e->conf_low = shown(m, now->always.conf_low);
    e->conf_high = shown(m, now->always.conf_high);
    e->deciding = !m->by_plan;
    e->reason = g_strdup(now->reason);
    if (!m->by_plan)
        return;
    const PlPathLook *look = path->n_made ? &path->looks[path->made[path->n_made - 1]] : now;
    e = new_estimate(m, arm, path, "group_sequential", look);
    e->deciding = TRUE;
    if (path->n_made == 0) {
        e->estimate = e->std_error = e->statistic = e->df = NAN;
        e->reason = g_strdup("the first planned look is still to come");
        return;
    }
    const PlPlannedLook *planned = &path->planned[path->n_made - 1];
    e->p_value = e->p_adjusted = planned->p;
    e->conf_low = shown(m, planned->low);
    e->conf_high = shown(m, planned->high);
}

static PlVerdictKind verdict_kind(const Monitor *m, const PlAdvice *a) {
    if (a->kind == PL_ADVICE_WIN || a->kind == PL_ADVICE_HARM)
        return a->kind == PL_ADVICE_WIN ? PL_WIN : PL_LOSS;
    return a->kind == PL_ADVICE_FUTILE && a->high < m->threshold && shown(m, a->low) > -shown(m, m->threshold)
               ? PL_EQUIVALENT
               : PL_INCONCLUSIVE;
}

static void add_verdict(const Monitor *m, const PlArm *arm, const PlLookPath *path, const PlAdvice *a) {
    g_autofree char *what = pl_metric_words(m->metric), *unit = pl_unit_words(m->metric, m->result);
    PlAdviceWords words = {a,
                           path,
                           arm->treatment->name,
                           what,
                           unit,
                           m->result->threshold,
                           m->result->scale,
                           m->result->time_kind,
                           m->result->step,
                           m->result->randomised,
                           m->last,
                           m->future};
    PlVerdict *v = g_new0(PlVerdict, 1);
    v->treatment = g_strdup(arm->treatment->name);
    v->metric = g_strdup(m->metric->name);
    v->kind = verdict_kind(m, a);
    v->sentence = pl_advice_sentence(&words);
    v->headline = pl_advice_headline(&words);
    g_ptr_array_add(m->result->verdicts, v);
}

/* Pairs or stores that a look had to leave out, at the last look and at the worst. */
static void check_left_out(const Monitor *m, const PlArm *arm, const PlLookPath *path) {
    const PlPathLook *worst = &path->looks[0], *now = pl_look_path_last(path);
    for (guint i = 0; i < path->n; i++)
        worst = path->looks[i].left > worst->left ? &path->looks[i] : worst;
    if (worst->left == 0)
        return;
    g_autofree char *day = pl_day_format(worst->day, m->result->time_kind);
    pl_result_check(m->result, "left_out", PL_WARN, worst->left,
                    "%s: %u %s without a value or its logarithm in the look of %s, %u in the last one",
                    arm->treatment->name, worst->left, arm->paired ? "pairs" : "stores", day, now->left);
}

static void add_arm(const Monitor *m, const PlArm *arm) {
    g_autoptr(PlLookPath) path = pl_look_path_new(&m->study, arm, m->metric, &m->plan);
    PlAdvice advice = pl_advice(path, m->by_plan, m->threshold, m->may_be_futile);
    add_now(m, arm, path, &advice);
    add_planned(m, arm, path);
    pl_monitor_guardrails(&m->study, arm, &m->plan, m->section, m->result);
    add_curves(m, arm, path);
    add_estimates(m, arm, path);
    add_verdict(m, arm, path, &advice);
    check_left_out(m, arm, path);
    pl_add_series(m->study.panel, arm, m->metric, m->study.ranges.before, m->result);
}

/* How it was looked at: the method's sentence of the report, and a check. */
static void describe(const Monitor *m) {
    PlResult *r = m->result;
    g_autofree char *level = pl_format_size(1 - m->plan.alpha, NAN, PL_EFFECT_RELATIVE, NULL);
    g_free(r->method_choice);
    r->method_choice =
        m->by_plan
            ? g_strdup_printf("group_sequential decides: looks are declared under monitor (%u, %s); the "
                              "always-valid band of confidence_sequence stands beside it",
                              m->plan.planned, m->study.def->monitor.spending)
            : g_strdup("confidence_sequence decides: it holds however often one looks, as no looks are "
                       "declared under monitor");
    guint passed = m->expected - MIN(m->expected, m->future->len);
    pl_result_check(r, "looks", PL_PASS, passed,
                    "%u of %u %s of the promotion have passed; intervals are those of "
                    "%s, for all looks%s together",
                    passed, m->expected, pl_step_name(r->step, m->expected), level,
                    m->study.arms->len > 1 ? " of a treatment" : "");
    if (m->study.def->monitor.looks > (gint64)m->plan.planned && m->by_plan)
        pl_result_check(r, "planned_looks", PL_WARN, m->plan.planned,
                        "%" G_GINT64_FORMAT " looks are declared, but there can be no more than %u",
                        m->study.def->monitor.looks, m->plan.planned);
}

static void set_plan(Monitor *m) {
    const PlDefinition *def = m->study.def;
    const PlMonitor *asked = &def->monitor;
    guint sharing = def->analysis.adjust == PL_ADJUST_NONE ? 1 : MAX(def->treatments->len, 1);
    guint most = MIN(m->expected, PL_PLANNED_MAX);
    m->by_plan = pl_definition_given(def, &asked->looks) || pl_definition_given(def, &asked->spending);
    m->may_be_futile = asked->futility != PL_RANDOMISED_NO; /* not said, as yes, is yes */
    m->threshold = def->analysis.threshold > 0 ? scaled(m, def->analysis.threshold) : 0;
    m->plan = (PlPathPlan){.expected = m->expected,
                           .planned = !m->by_plan        ? 0
                                      : asked->looks > 0 ? (guint)MIN(asked->looks, most)
                                                         : MIN(most, LOOKS_DEFAULT),
                           .spending = g_strcmp0(asked->spending, "pocock") == 0 ? PL_SPENDING_POCOCK
                                                                                 : PL_SPENDING_OBF,
                           .alpha = (1 - def->analysis.confidence) / sharing};
}

static void nothing_yet(const Monitor *m, PlDay first) {
    const PlPanel *panel = m->study.panel;
    g_autofree char *begin = pl_day_format(first, panel->kind),
                    *end = pl_day_format(panel->times[panel->n_times - 1], panel->kind);
    pl_section_say(m->section, "Nothing to see yet: the promotion begins on %s, and the data end on %s.",
                   begin, end);
    pl_result_check(m->result, "looks", PL_PASS, 0, "nothing of the promotion has passed yet");
}

static PlRange range_of(const PlPanel *panel, const PlSpan *span) {
    PlRange range = {0, 0};
    if (span->given)
        pl_panel_range(panel, span->first, span->last, &range.begin, &range.end);
    return range;
}

static void look_at_arms(Monitor *m) {
    set_plan(m);
    describe(m);
    for (guint k = 0; k < m->study.arms->len; k++)
        add_arm(m, g_ptr_array_index(m->study.arms, k));
}

/* On a result of which only the data were checked. */
static gboolean add_looks(const PlDefinition *def, PlPanel *panel, const PlTables *tables, PlDay last,
                          PlInferenceOptions options, PlResult *result, GError **error) {
    g_autoptr(GPtrArray) pairs = pl_pairs_resolve(def, panel, error), arms = NULL;
    g_autoptr(PlMembers) members = NULL;
    if (!pairs || (def->members->len > 0 && !(members = pl_members_resolve(def, panel, error))))
        return FALSE;
    PlDay first = def->periods.during.first;
    arms = pl_arms_new(def, pairs, members);
    g_autoptr(GArray) future = still_to_come(panel, first, last);
    guint expected = (guint)pl_expected_times(panel, first, last);
    PlRanges ranges = {range_of(panel, &result->before), range_of(panel, &result->during), {0, 0}};
    Monitor m = {.study = {.def = def,
                           .panel = panel,
                           .tables = tables,
                           .pairs = pairs,
                           .members = members,
                           .arms = arms,
                           .ranges = ranges,
                           .options = options},
                 .result = result,
                 .section = pl_result_add_section(result, ID, TITLE),
                 .metric = pl_definition_primary(def),
                 .last = last,
                 .future = future,
                 .expected = MAX(expected, pl_range_length(ranges.during) + future->len)};
    if (pl_range_length(ranges.during) > 0)
        look_at_arms(&m);
    else
        nothing_yet(&m, first);
    return TRUE;
}

PlResult *pl_monitor(PlDefinition *def, PlPanel *panel, const PlTables *tables, const PlDay *as_of,
                     int threads, GError **error) {
    PlPeriod *during = &def->periods.during;
    const PlDay last = during->last;
    guint dropped;
    if (!cut(def, panel, as_of, &dropped, error))
        return NULL;
    PlDay end = panel->times[panel->n_times - 1];
    g_autoptr(GArray) future = still_to_come(panel, during->first, last);
    if (during->given && future->len > 0)
        during->last = end;
    g_autoptr(PlResult) result = pl_run(def, panel, tables, FALSE, threads, (PlStepper){0}, error);
    if (!result)
        return NULL;
    if (dropped > 0) {
        g_autofree char *day = pl_day_format(end, panel->kind), *count = pl_format_number(dropped, 0);
        pl_result_check(result, "as_of", PL_PASS, dropped, "%s %s of data after %s are not looked at", count,
                        pl_step_name(panel->step, dropped), day);
    }
    return add_looks(def, panel, tables, last, pl_inference_options(&def->analysis, threads), result, error)
               ? g_steal_pointer(&result)
               : NULL;
}
