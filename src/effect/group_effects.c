/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/group_effects.h"

#include <math.h>

#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/value.h"

void pl_group_values_free(PlGroupValues *values) {
    if (!values)
        return;
    g_free(values->store);
    g_free(values->level);
    g_free(values->block);
    g_free(values->before);
    g_free(values->during);
    g_free(values->change);
    g_free(values->level_names);
    g_free(values->first_left_out);
    g_free(values);
}

/* The store's value on the scale of the effect; NaN with a reason, the first one kept. */
static double scaled(const PlGroupScope *s, const PlBoundMetric *bound, const PlMetric *metric, guint store,
                     PlRange range, const char *period, PlDiagnostics *faults, char **reason) {
    const char *name = s->panel->stores[store];
    double value;
    if (!pl_metric_value(s->panel, bound, store, range.begin, range.end, &value)) {
        if (!*reason)
            *reason = g_strdup_printf("store \"%s\" has no value %s", name, period);
        return NAN;
    }
    double x = s->scale == PL_EFFECT_RELATIVE ? log(value) : value;
    if (isfinite(x))
        return x;
    if (!*reason)
        *reason = g_strdup_printf("store \"%s\" is %g %s, which has no logarithm", name, value, period);
    if (faults)
        pl_diagnostics_add(faults, pl_metric_table(s->def, metric)->files[0], (PlPos){0, 0},
                           "set effect: absolute under analysis, or leave the store out",
                           "metric \"%s\": store \"%s\" is %g %s; a relative effect needs values above zero",
                           metric->name, name, value, period);
    return NAN;
}

static void name_levels(PlGroupValues *v, const PlDefinition *def) {
    v->n_levels = def->treatments->len + 1;
    v->level_names = g_new0(const char *, v->n_levels + 1);
    v->level_names[0] = "control";
    for (guint i = 0; i < def->treatments->len; i++)
        v->level_names[i + 1] = ((const PlTreatment *)g_ptr_array_index(def->treatments, i))->name;
}

PlGroupValues *pl_group_values(const PlGroupScope *s, const PlMetric *metric, const char *period_name,
                               PlDiagnostics *faults) {
    const PlMembers *m = s->members;
    PlGroupValues *v = g_new0(PlGroupValues, 1);
    PlBoundMetric bound;
    double largest = 0;
    v->store = g_new0(guint, m->n + 1);
    v->level = g_new0(size_t, m->n + 1);
    v->block = g_new0(size_t, m->n + 1);
    v->before = g_new0(double, m->n + 1);
    v->during = g_new0(double, m->n + 1);
    v->change = g_new0(double, m->n + 1);
    v->n_blocks = m->n_blocks;
    v->block_names = m->block_names;
    v->has_before = s->before.begin < s->before.end;
    name_levels(v, s->def);
    if (!pl_metric_bind(metric, s->panel, &bound))
        return v;
    for (guint i = 0; i < m->n; i++) {
        guint at = v->n, store = m->store[i];
        double before = !v->has_before ? 0
                                       : scaled(s, &bound, metric, store, s->before, "before", faults,
                                                &v->first_left_out);
        double during = scaled(s, &bound, metric, store, s->period, period_name, faults, &v->first_left_out);
        if (isnan(before) || isnan(during)) {
            v->left_out++;
            continue;
        }
        v->store[at] = store;
        v->level[at] = (size_t)(m->arm[i] + 1);
        v->block[at] = m->block[i];
        v->before[at] = before;
        v->during[at] = during;
        /* a relative error of a value is an absolute one of its logarithm */
        double size = fmax(s->scale == PL_EFFECT_RELATIVE ? 1 : 0, fmax(fabs(before), fabs(during)));
        v->change[at] = pl_without_noise(during - before, v->has_before ? size : 0);
        largest = fmax(largest, size);
        v->n++;
    }
    pl_level_noise(v->change, v->n, largest);
    return v;
}

PlEffects *pl_group_effects(const PlGroupScope *s, guint k, const PlMetric *metric, const char *period_name,
                            PlGroupValues *v) {
    PlEffects *e = g_new0(PlEffects, 1);
    g_autofree double *sum = g_new0(double, v->n_blocks + 1);
    g_autofree guint *count = g_new0(guint, v->n_blocks + 1);
    double all = 0;
    *e = (PlEffects){.treatment = v->level_names[k + 1],
                     .metric = metric,
                     .period = period_name,
                     .effects = g_new0(double, v->n + 1),
                     .groups = v,
                     .level = k + 1};
    (void)s;
    for (guint i = 0; i < v->n; i++)
        if (v->level[i] == 0) {
            sum[v->block[i]] += v->change[i];
            count[v->block[i]]++;
            all += v->change[i];
            e->n_control++;
        }
    for (guint i = 0; i < v->n && e->n_control > 0; i++) {
        guint b = (guint)v->block[i];
        if (v->level[i] == e->level)
            e->effects[e->n++] = v->change[i] - (count[b] ? sum[b] / count[b] : all / e->n_control);
    }
    return e;
}
