/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/monitor_guardrails.h"

#include <math.h>

#include "pairlift/effect/sentence.h"
#include "pairlift/model/numbers.h"

/* The margin on the scale of the effect, and the sign that turns "worse" into "smaller". */
typedef struct {
    double sign, limit;
} Side;

static Side side_of(const PlGuardrail *g, PlScale scale) {
    double sign = g_str_equal(g->worse, "up") ? -1 : 1;
    double limit = scale == PL_EFFECT_RELATIVE ? sign * log1p(-sign * g->margin) : -g->margin;
    return (Side){sign, limit};
}

/* The end of an interval that is the better, and the one that is the worse, both with worse as smaller. */
static double better_end(Side s, const PlInference *in) {
    return s.sign > 0 ? in->conf_high : -in->conf_low;
}

static double worse_end(Side s, const PlInference *in) {
    return s.sign > 0 ? in->conf_low : -in->conf_high;
}

static const PlPathLook *first_harmed(const PlLookPath *path, Side side) {
    for (guint i = 0; i < path->n; i++)
        if (better_end(side, &path->looks[i].always) < side.limit)
            return &path->looks[i];
    return NULL;
}

static const char *verdict_of(Side side, const PlInference *in, const PlPathLook *harmed) {
    if (harmed)
        return "harmed";
    if (worse_end(side, in) > side.limit)
        return "safe";
    return better_end(side, in) < 0 ? "worse, perhaps within the margin" : "cannot tell";
}

static void add_guardrail(const PlStudy *study, const PlArm *arm, const PlPathPlan *plan,
                          const PlGuardrail *g, PlSection *section, const PlResult *result) {
    const PlMetric *metric = pl_definition_metric(study->def, g->metric);
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    PlPathPlan every = *plan;
    every.planned = 0;
    g_autoptr(PlLookPath) path = pl_look_path_new(study, arm, metric, &every);
    const PlPathLook *now = pl_look_path_last(path);
    Side side = side_of(g, result->scale);
    const PlPathLook *harmed = first_harmed(path, side);
    PlFinding *f = pl_section_add(section, arm->treatment->name, "guardrail", "Guardrail",
                                  relative ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS);
    f->group = pl_metric_words(metric);
    f->unit = pl_unit_words(metric, result);
    f->value = relative ? expm1(now->look.estimate) : now->look.estimate;
    f->std_error = now->look.std_error;
    f->conf_low = relative ? expm1(now->always.conf_low) : now->always.conf_low;
    f->conf_high = relative ? expm1(now->always.conf_high) : now->always.conf_high;
    f->conf_level = 1 - path->alpha;
    f->n = now->n;
    f->reason = g_strdup(now->reason);
    f->verdict = g_strdup(verdict_of(side, &now->always, harmed));
    if (!harmed)
        return;
    g_autofree char *margin = pl_format_size(g->margin, NAN, result->scale, f->unit),
                    *day = pl_day_format(harmed->day, result->time_kind);
    pl_section_say(section,
                   "A guardrail is harmed: with %s, %s is worse by more than the margin of %s, first shown "
                   "on %s. Whatever the primary metric does, that is a reason to stop.",
                   arm->treatment->name, f->group, margin, day);
}

void pl_monitor_guardrails(const PlStudy *study, const PlArm *arm, const PlPathPlan *plan, PlSection *section,
                           const PlResult *result) {
    const GPtrArray *guardrails = study->def->guardrails;
    for (guint i = 0; i < guardrails->len; i++)
        add_guardrail(study, arm, plan, g_ptr_array_index(guardrails, i), section, result);
}
