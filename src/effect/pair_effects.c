/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/pair_effects.h"
#include "pairlift/effect/group_effects.h"

#include <math.h>

#include "pairlift/design/balance.h"

void pl_effects_free(PlEffects *effects) {
    g_free(effects->effects);
    g_free(effects->pairs);
    pl_group_values_free(effects->groups);
    g_free(effects);
}

/* Sums of sales carry rounding errors of about 1e-14 of their size, and subtracting them leaves nothing else
 * where nothing changed. Below this share of the terms an effect is zero, and effects are the same: noise
 * must not become a verdict. */
#define NOISE 1e-12

typedef struct {
    const PlPanel *panel;
    PlBoundMetric bound;
    const PlMetric *metric;
    PlScale scale;
    const char *source;    /* the file that a fault names */
    PlDiagnostics *faults; /* NULL: a value without logarithm is a reason, not a fault */
} Scope;

/* A store's value over a range on the scale of the effect; FALSE with a reason when there is none. */
static gboolean side(const Scope *scope, guint store, PlRange range, const char *period, double *value,
                     double *scaled, char **reason) {
    const char *name = scope->panel->stores[store];
    if (!pl_metric_value(scope->panel, &scope->bound, store, range.begin, range.end, value)) {
        *value = NAN;
        if (!*reason)
            *reason = g_strdup_printf("store \"%s\" has no value %s", name, period);
        return FALSE;
    }
    *scaled = scope->scale == PL_EFFECT_RELATIVE ? log(*value) : *value;
    if (isfinite(*scaled))
        return TRUE;
    if (!*reason)
        *reason = g_strdup_printf("store \"%s\" is %g %s, which has no logarithm", name, *value, period);
    if (scope->faults)
        pl_diagnostics_add(scope->faults, scope->source, (PlPos){0, 0},
                           "set effect: absolute under analysis, or leave the pair out",
                           "metric \"%s\": store \"%s\" is %g %s; a relative effect needs values above zero",
                           scope->metric->name, name, *value, period);
    return FALSE;
}

double pl_without_noise(double x, double size) {
    return fabs(x) <= NOISE * size ? 0 : x;
}

static gboolean pair_effect(const Scope *scope, const PlPair *pair, PlRange before, PlRange period,
                            PlPairEffect *row, double *effect, double *size) {
    double tb = 0, td = 0, cb = 0, cd = 0;
    gboolean ok = TRUE;
    if (before.begin < before.end) {
        ok = side(scope, pair->test, before, "before", &row->test_before, &tb, &row->reason) && ok;
        ok = side(scope, pair->control, before, "before", &row->control_before, &cb, &row->reason) && ok;
    }
    ok = side(scope, pair->test, period, row->period, &row->test_during, &td, &row->reason) && ok;
    ok = side(scope, pair->control, period, row->period, &row->control_during, &cd, &row->reason) && ok;
    if (!ok)
        return FALSE;
    /* a relative error of a value is an absolute one of its logarithm */
    double least = scope->scale == PL_EFFECT_RELATIVE ? 1 : 0;
    *size = fmax(least, fmax(fmax(fabs(tb), fabs(td)), fmax(fabs(cb), fabs(cd))));
    *effect = pl_without_noise((td - tb) - (cd - cb), *size);
    row->effect = scope->scale == PL_EFFECT_RELATIVE ? expm1(*effect) : *effect;
    return TRUE;
}

void pl_level_noise(double *x, guint n, double size) {
    double low = INFINITY, high = -INFINITY;
    for (guint i = 0; i < n; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    for (guint i = 0; i < n && high - low <= NOISE * size; i++)
        x[i] = low;
}

static PlPairEffect *new_row(const PlPanel *panel, const PlPair *pair, const char *treatment,
                             const char *metric, const char *period) {
    PlPairEffect *row = g_new0(PlPairEffect, 1);
    row->pair = g_strdup(pair->id);
    row->test = g_strdup(panel->stores[pair->test]);
    row->control = g_strdup(panel->stores[pair->control]);
    row->treatment = g_strdup(treatment);
    row->metric = g_strdup(metric);
    row->period = g_strdup(period);
    row->test_before = row->test_during = row->control_before = row->control_during = row->effect =
        row->correlation = NAN;
    return row;
}

PlEffects *pl_pair_effects(const PlPanel *panel, const GPtrArray *pairs, const char *treatment,
                           const PlMetric *metric, PlRange before, PlRange period, const char *period_name,
                           const char *source, PlResult *result, PlDiagnostics *faults) {
    Scope scope = {panel, {0}, metric, result->scale, source, faults};
    double largest = 0;
    PlEffects *e = g_new0(PlEffects, 1);
    *e = (PlEffects){.treatment = treatment,
                     .metric = metric,
                     .period = period_name,
                     .effects = g_new(double, pairs->len),
                     .pairs = g_new(const PlPair *, pairs->len)};
    if (!pl_metric_bind(metric, panel, &scope.bound))
        return e;
    for (guint i = 0; i < pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(pairs, i);
        if (g_strcmp0(pair->treatment, treatment) != 0)
            continue;
        PlPairEffect *row = new_row(panel, pair, treatment, metric->name, period_name);
        row->correlation =
            pl_pair_correlation(panel, pair, &scope.bound, result->scale, before.begin, before.end);
        g_ptr_array_add(result->pairs, row);
        double size = 0;
        if (pair_effect(&scope, pair, before, period, row, &e->effects[e->n], &size))
            e->pairs[e->n++] = pair;
        largest = fmax(largest, size);
    }
    pl_level_noise(e->effects, e->n, largest);
    return e;
}
