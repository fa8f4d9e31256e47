/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/change_test.h"

#include <math.h>

#include "pairlift/stats/groups.h"
#include "pairlift/stats/paired.h"

/* Below this share of the terms a difference is rounding (see pair_effects.c). */
#define NOISE 1e-12

double pl_store_change(const double *before, const double *during, guint store, PlScale scale) {
    gboolean relative = scale == PL_EFFECT_RELATIVE;
    double now = relative ? log(during[store]) : during[store];
    double then = before == NULL ? 0 : relative ? log(before[store]) : before[store];
    double change = now - then;
    return isfinite(now) && isfinite(then) ? change : NAN;
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

/* The largest term that a store's change is made of, which says what is rounding. */
static double size_of(const double *before, const double *during, guint store, PlScale scale) {
    if (scale == PL_EFFECT_RELATIVE)
        return 1;
    return fmax(fabs(during[store]), before != NULL ? fabs(before[store]) : 0);
}

static void test_pairs(const PlArm *arm, const double *before, const double *during, PlScale scale,
                       const PlMethod *method, const PlInferenceOptions *options, PlChangeTest *out) {
    g_autofree double *d = g_new(double, arm->n_test + 1);
    PlArena arena = {0};
    double size = 0;
    for (guint i = 0; i < arm->n_test; i++) {
        double effect = pl_store_change(before, during, arm->test[i], scale) -
                        pl_store_change(before, during, arm->control[i], scale);
        if (isnan(effect))
            continue;
        size = fmax(size, fmax(size_of(before, during, arm->test[i], scale),
                               size_of(before, during, arm->control[i], scale)));
        d[out->n++] = effect;
    }
    for (guint i = 0; i < out->n; i++) /* what differs by rounding alone must not become a finding */
        d[i] = fabs(d[i] - d[0]) <= NOISE * size ? d[0] : d[i];
    for (guint i = 0; i < out->n; i++)
        d[i] = fabs(d[i]) <= NOISE * size ? 0 : d[i];
    out->left_out = arm->n_test - out->n;
    out->enough = out->n > 1;
    PlPairedTest *by = method != NULL && method->test != NULL ? method->test : pl_paired_t;
    out->status = out->n == 0 ? PL_TOO_FEW : by(d, out->n, options, &arena, &out->in);
    pl_arena_clear(&arena);
}

/* The changes of one side's stores, their blocks beside; returns how many there are. */
static guint changes_of(const guint *stores, const guint *blocks, guint n, const double *before,
                        const double *during, PlScale scale, double *changes, guint *block) {
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        double change = pl_store_change(before, during, stores[i], scale);
        if (isnan(change))
            continue;
        block[kept] = blocks[i];
        changes[kept++] = change;
    }
    return kept;
}

/* Takes each block's controls' mean off; stores of a block without controls are left out. */
static guint take_means_off(double *x, guint *block, guint n, const double *mean) {
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        if (isnan(mean[block[i]]))
            continue;
        block[kept] = block[i];
        x[kept++] = x[i] - mean[block[i]];
    }
    return kept;
}

/* Residuals of n controls in k blocks vary less than the controls: by (n - k) / (n - 1) in squares. */
static void count_from_blocks(double *test, guint *test_block, guint *n_test, double *control,
                              guint *control_block, guint *n_control, guint n_blocks) {
    g_autofree double *mean = g_new0(double, n_blocks + 1);
    g_autofree guint *n = g_new0(guint, n_blocks + 1);
    guint used = 0;
    for (guint i = 0; i < *n_control; i++)
        n[control_block[i]]++;
    for (guint i = 0; i < *n_control; i++)
        mean[control_block[i]] += control[i] / n[control_block[i]];
    for (guint b = 0; b < n_blocks; b++) {
        mean[b] = n[b] > 0 ? mean[b] : NAN;
        used += n[b] > 0 ? 1 : 0;
    }
    *n_test = take_means_off(test, test_block, *n_test, mean);
    *n_control = take_means_off(control, control_block, *n_control, mean);
    double less = *n_control > used ? sqrt((*n_control - 1.0) / (*n_control - used)) : NAN;
    for (guint i = 0; i < *n_control; i++)
        control[i] *= less;
}

static void test_groups(const PlArm *arm, const double *before, const double *during, PlScale scale,
                        const PlInferenceOptions *options, PlChangeTest *out) {
    g_autofree double *test = g_new(double, arm->n_test + 1), *control = g_new(double, arm->n_control + 1);
    g_autofree guint *test_block = g_new(guint, arm->n_test + 1),
                     *control_block = g_new(guint, arm->n_control + 1);
    PlArena arena = {0};
    guint n_test =
        changes_of(arm->test, arm->test_block, arm->n_test, before, during, scale, test, test_block);
    guint n_control = changes_of(arm->control, arm->control_block, arm->n_control, before, during, scale,
                                 control, control_block);
    if (arm->n_blocks > 1)
        count_from_blocks(test, test_block, &n_test, control, control_block, &n_control, arm->n_blocks);
    out->n = n_test + n_control;
    out->left_out = arm->n_test + arm->n_control - out->n;
    out->enough = n_test > 1 && n_control > 1;
    out->status =
        out->enough ? pl_welch_t(test, n_test, control, n_control, options, &arena, &out->in) : PL_TOO_FEW;
    pl_arena_clear(&arena);
}

PlChangeTest pl_change_test(const PlArm *arm, const double *before, const double *during, PlScale scale,
                            const PlMethod *method, const PlInferenceOptions *options) {
    PlChangeTest out = {.status = PL_TOO_FEW};
    if (arm->paired)
        test_pairs(arm, before, during, scale, method, options, &out);
    else
        test_groups(arm, before, during, scale, options, &out);
    return out;
}

const PlMethod *pl_deciding_paired_method(const PlResult *result, const char *treatment) {
    const PlEstimate *e = pl_result_deciding(result, treatment);
    const PlMethod *method = e != NULL ? pl_method_find(e->method) : NULL;
    return method != NULL && method->test != NULL ? method : NULL;
}

char *pl_change_test_reason(const PlArm *arm, const PlChangeTest *test) {
    const char *units = arm->paired ? "pairs" : "stores of each side";
    if (test->n == 0)
        return g_strdup_printf("none of the %s has a value", arm->paired ? "pairs" : "stores");
    if (!test->enough)
        return g_strdup_printf(
            "fewer than two %s have a value, so nothing shows how much they differ by chance", units);
    if (test->status == PL_NO_VARIANCE || test->status == PL_ALL_ZERO)
        return g_strdup_printf("all %s changed alike, so nothing shows how much they differ by chance",
                               arm->paired ? "pairs" : "stores");
    return g_strdup(pl_status_text(test->status));
}
