/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/look_path.h"

#include <math.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/model/intervals.h"
#include "pairlift/stats/sequential.h"

/* Student's t over the pairs, or Welch's over the stores of both sides. */
static void look_at(const PlStudy *study, const PlArm *arm, const PlMetric *metric, PlRange range,
                    PlPathLook *look) {
    PlScale scale = (PlScale)study->def->analysis.effect;
    g_autoptr(PlArmValues) values = pl_arm_values(study, arm, metric, range, scale);
    PlInferenceOptions options = study->options;
    PlInference in;
    options.alternative = PL_TWO_SIDED;
    PlStatus status = pl_arm_infer(values, &(PlArmTest){0}, &options, &in, NULL);
    const unsigned needed = PL_HAS_STD_ERROR | PL_HAS_DF;
    look->n = values->n_test + values->n_control;
    look->left = values->left_out;
    look->look.estimate = status == PL_OK ? in.estimate : pl_arm_point(values);
    if (status == PL_OK && (in.has & needed) == needed && in.std_error > 0) {
        look->look.std_error = in.std_error;
        look->look.df = in.df;
    } else {
        look->reason = pl_arm_reason(values, status == PL_OK ? PL_NO_VARIANCE : status);
    }
}

static void fill_look(const PlStudy *s, const PlArm *arm, const PlMetric *metric, const PlPathPlan *plan,
                      guint time, double before, PlPathLook *look) {
    PlDay first = s->def->periods.during.first;
    guint passed = MAX((guint)pl_expected_times(s->panel, first, s->panel->times[time]),
                       time - s->ranges.during.begin + 1);
    *look = (PlPathLook){.day = s->panel->times[time], .p_running = before, .planned = -1};
    look->look = (PlLook){MIN(1.0, (double)passed / plan->expected), NAN, NAN, NAN};
    look->always = (PlInference){.estimate = NAN,
                                 .p_value = NAN,
                                 .conf_low = NAN,
                                 .conf_high = NAN,
                                 .conf_level = 1 - plan->alpha,
                                 .statistic = NAN};
    look_at(s, arm, metric, (PlRange){s->ranges.during.begin, time + 1}, look);
    if (!isnan(look->look.std_error) && pl_look_always(&look->look, plan->alpha, &look->always) == PL_OK)
        look->p_running = fmin(isnan(before) ? 1 : before, look->always.p_value);
}

/* Planned looks are where the promotion has passed by 1, 2, ... of its equal parts; the first look at or
 * after one makes it, as long as it comes before the next. */
static void make_planned(PlLookPath *path, const PlPathPlan *plan) {
    path->n_planned = MIN(MIN(plan->planned, plan->expected), PL_PLANNED_MAX);
    path->information = g_new0(double, path->n_planned + 1);
    path->critical = g_new0(double, path->n_planned + 1);
    path->made = g_new0(guint, path->n_planned + 1);
    path->planned = g_new0(PlPlannedLook, path->n_planned + 1);
    g_autofree PlLook *looks = g_new0(PlLook, path->n_planned + 1);
    double used = 0;
    for (guint j = 0, k = 0; j < path->n_planned; j++) {
        double at = ceil((j + 1.0) * plan->expected / path->n_planned - 1e-9) / plan->expected;
        double next = ceil((j + 2.0) * plan->expected / path->n_planned - 1e-9) / plan->expected;
        path->information[j] = at;
        while (k < path->n && path->looks[k].look.information < at - 1e-9)
            k++;
        PlPathLook *look = k < path->n ? &path->looks[k] : NULL;
        if (!look || isnan(look->look.std_error) || look->look.information <= used ||
            (j + 1 < path->n_planned && look->look.information >= next - 1e-9))
            continue;
        look->planned = (int)j;
        path->information[j] = used = look->look.information;
        path->made[path->n_made] = k;
        looks[path->n_made++] = look->look;
    }
    PlArena arena = {0};
    PlLookPlan whole = {path->n_planned, plan->spending, plan->alpha};
    if (path->n_planned == 0 ||
        pl_look_plan(&whole, path->information, path->n_planned, path->n_made ? looks[0].df : INFINITY,
                     &arena, path->critical) != PL_OK)
        path->n_planned = path->n_made = 0;
    pl_arena_clear(&arena);
    if (path->n_made > 0 && pl_looks_planned(&whole, looks, path->n_made, &arena, path->planned) != PL_OK)
        path->n_made = 0;
    pl_arena_clear(&arena);
}

/* One look after each interval of study->ranges.during. `metric` is the primary one; plan->expected at least
 * the number of intervals there. A planned look that the data cannot make (no error) is not made, and what it
 * would have spent is spent by the next. */
PlLookPath *pl_look_path_new(const PlStudy *study, const PlArm *arm, const PlMetric *metric,
                             const PlPathPlan *plan) {
    PlLookPath *path = g_new0(PlLookPath, 1);
    path->n = pl_range_length(study->ranges.during);
    path->expected = plan->expected;
    path->alpha = plan->alpha;
    path->looks = g_new0(PlPathLook, path->n + 1);
    double p = NAN;
    for (guint i = 0; i < path->n; i++) {
        fill_look(study, arm, metric, plan, study->ranges.during.begin + i, p, &path->looks[i]);
        p = path->looks[i].p_running;
    }
    make_planned(path, plan);
    return path;
}

void pl_look_path_free(PlLookPath *path) {
    for (guint i = 0; i < path->n; i++)
        g_free(path->looks[i].reason);
    g_free(path->looks);
    g_free(path->information);
    g_free(path->critical);
    g_free(path->made);
    g_free(path->planned);
    g_free(path);
}

const PlPathLook *pl_look_path_last(const PlLookPath *path) {
    return path->n > 0 ? &path->looks[path->n - 1] : NULL;
}
