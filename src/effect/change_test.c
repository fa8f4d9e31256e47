/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/change_test.h"

#include <math.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/effect/pair_effects.h"

double pl_store_change(const double *before, const double *during, guint store, PlScale scale) {
    gboolean relative = scale == PL_EFFECT_RELATIVE;
    double now = relative ? log(during[store]) : during[store];
    double then = before == NULL ? 0 : relative ? log(before[store]) : before[store];
    return isfinite(now) && isfinite(then) ? now - then : NAN;
}

static gboolean has_log(const double *before, const double *during, guint store) {
    return !(during[store] <= 0) && !(before != NULL && before[store] <= 0);
}

gboolean pl_arm_has_logs(const PlArm *arm, const double *before, const double *during) {
    for (guint i = 0; i < arm->n_test; i++)
        if (!has_log(before, during, arm->test[i]))
            return FALSE;
    for (guint i = 0; i < arm->n_control; i++)
        if (!has_log(before, during, arm->control[i]))
            return FALSE;
    return TRUE;
}

typedef struct {
    const double *before, *during;
    PlScale scale;
    double size; /* the largest term so far, which says what is rounding */
} Values;

static double change_of(Values *v, guint store) {
    double change = pl_store_change(v->before, v->during, store, v->scale);
    double size = v->scale == PL_EFFECT_RELATIVE
                      ? 1
                      : fmax(fabs(v->during[store]), v->before != NULL ? fabs(v->before[store]) : 0);
    v->size = isnan(change) ? v->size : fmax(v->size, size);
    return change;
}

/* What differs by rounding alone must not become a finding. */
static void level_noise(double *x, guint n, double size) {
    for (guint i = 0; i < n; i++)
        x[i] = pl_without_noise(x[i], size);
    pl_level_noise(x, n, size);
}

static void take_pairs(const PlArm *arm, Values *v, PlArmValues *out) {
    for (guint i = 0; i < arm->n_test; i++) {
        double effect = change_of(v, arm->test[i]) - change_of(v, arm->control[i]);
        if (!isnan(effect))
            out->test[out->n_test++] = effect;
    }
    level_noise(out->test, out->n_test, v->size);
}

static guint take_side(const guint *stores, const guint *blocks, guint n, Values *v, double *changes,
                       size_t *block) {
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        double change = change_of(v, stores[i]);
        if (isnan(change))
            continue;
        block[kept] = blocks[i];
        changes[kept++] = change;
    }
    level_noise(changes, kept, v->size);
    return kept;
}

/* Those of the other treatments, which tell what a block does. */
static void take_others(const PlArm *arm, const GPtrArray *arms, Values *v, PlArmValues *out) {
    for (guint a = 0; a < arms->len; a++) {
        const PlArm *other = g_ptr_array_index(arms, a);
        guint from = out->n_other;
        if (other == arm)
            continue;
        out->n_other += take_side(other->test, other->test_block, other->n_test, v, out->other + from,
                                  out->other_block + from);
        for (guint i = from; i < out->n_other; i++)
            out->other_arm[i] = a;
    }
}

static guint count_others(const PlArm *arm, const GPtrArray *arms) {
    guint n = 0;
    for (guint a = 0; arms && a < arms->len; a++)
        n += g_ptr_array_index(arms, a) == arm ? 0 : ((const PlArm *)g_ptr_array_index(arms, a))->n_test;
    return n;
}

PlChangeTest pl_change_test(const PlArm *arm, const GPtrArray *arms, const double *before,
                            const double *during, PlScale scale, const PlMethod *method,
                            const PlInferenceOptions *options) {
    guint n_other = arm->paired || arm->n_blocks < 2 ? 0 : count_others(arm, arms);
    g_autofree double *other = g_new0(double, n_other + 1);
    g_autofree size_t *other_block = g_new0(size_t, n_other + 1), *other_arm = g_new0(size_t, n_other + 1);
    guint all = arm->paired ? arm->n_test : arm->n_test + arm->n_control;
    g_autofree double *test = g_new0(double, arm->n_test + 1), *control = g_new0(double, arm->n_control + 1);
    g_autofree size_t *test_block = g_new0(size_t, arm->n_test + 1),
                      *control_block = g_new0(size_t, arm->n_control + 1);
    PlArmValues values = {.paired = arm->paired,
                          .test = test,
                          .control = control,
                          .test_block = test_block,
                          .control_block = control_block,
                          .other = other,
                          .other_block = other_block,
                          .other_arm = other_arm,
                          .n_blocks = arm->paired ? 1 : MAX(arm->n_blocks, 1)};
    Values v = {before, during, scale, 0};
    if (arm->paired) {
        take_pairs(arm, &v, &values);
    } else {
        values.n_test = take_side(arm->test, arm->test_block, arm->n_test, &v, test, test_block);
        values.n_control =
            take_side(arm->control, arm->control_block, arm->n_control, &v, control, control_block);
        if (n_other > 0)
            take_others(arm, arms, &v, &values);
    }
    PlChangeTest out = {.n = values.n_test + values.n_control};
    out.left_out = all - out.n;
    out.status = pl_arm_infer(&values, &(PlArmTest){.method = method}, options, &out.in, NULL);
    out.reason = out.status == PL_OK ? NULL : pl_arm_reason(&values, out.status);
    return out;
}
