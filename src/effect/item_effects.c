/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/item_effects.h"

#include <math.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/stats/adjust.h"

enum { BEFORE, DURING };

/* Counting out sign flips for every one of many items takes too long; Student's t hardly differs. */
enum { SLOW_ITEMS = 200 };

PlItemScope *pl_item_scope_new(const PlStudy *study, const PlArm *arm, const PlResult *result) {
    PlItemScope *s = g_new0(PlItemScope, 1);
    s->study = study;
    s->arm = arm;
    s->breakdown = study->tables->breakdown;
    s->method = s->breakdown->n_items > SLOW_ITEMS ? NULL : pl_deciding_method(result, arm->treatment->name);
    s->options = study->options;
    s->options.alternative = PL_TWO_SIDED;
    PlInferenceOptions none = s->options;
    none.resamples = 0;
    s->draws = pl_draws_new(arm, &s->options);
    s->none = pl_draws_new(arm, &none);
    for (guint m = 0; m < 2; m++) {
        s->before[m] = g_new0(double, s->breakdown->n_stores + 1);
        s->during[m] = g_new0(double, s->breakdown->n_stores + 1);
    }
    s->times = g_new0(double, s->breakdown->n_stores + 1);
    for (guint k = 0; k < s->breakdown->n_stores; k++)
        s->times[k] = s->breakdown->open[DURING][k];
    s->with = g_new0(double, pl_draws_n(s->draws) + 1);
    s->without = g_new0(double, pl_draws_n(s->draws) + 1);
    return s;
}

void pl_item_scope_free(PlItemScope *s) {
    if (s == NULL)
        return;
    for (guint m = 0; m < 2; m++) {
        g_free(s->before[m]);
        g_free(s->during[m]);
    }
    g_free(s->times);
    g_free(s->with);
    g_free(s->without);
    pl_draws_free(s->draws);
    pl_draws_free(s->none);
    g_free(s);
}

gboolean *pl_promoted_items(const PlStudy *study, const PlArm *arm) {
    const PlBreakdown *b = study->tables->breakdown;
    gboolean *promoted = g_new0(gboolean, b->n_items + 1);
    char **own = arm->treatment->products;
    for (guint i = 0; i < b->n_items; i++)
        promoted[i] = own != NULL ? g_strv_contains((const char *const *)own, b->items[i]) : b->promoted[i];
    return promoted;
}

static gboolean has_before(const PlItemScope *s) {
    return pl_range_length(s->study->ranges.before) > 0;
}

static gboolean load_item(PlItemScope *s, guint item, guint measure) {
    return pl_breakdown_values(s->breakdown, (PlItemMeasure)measure, item, BEFORE, s->before[measure]) &&
           pl_breakdown_values(s->breakdown, (PlItemMeasure)measure, item, DURING, s->during[measure]);
}

static gboolean load_items(PlItemScope *s, const gboolean *chosen, gboolean value, guint measure) {
    return pl_breakdown_sum(s->breakdown, (PlItemMeasure)measure, chosen, value, BEFORE,
                            s->before[measure]) &&
           pl_breakdown_sum(s->breakdown, (PlItemMeasure)measure, chosen, value, DURING, s->during[measure]);
}

static const double *before_of(const PlItemScope *s, guint measure) {
    return has_before(s) ? s->before[measure] : NULL;
}

/* Log ratios where every store has them, as the definition wishes; else differences. */
static PlScale scale_of(const PlItemScope *s, guint measure) {
    return s->study->def->analysis.effect == PL_EFFECT_RELATIVE &&
                   pl_arm_has_logs(s->arm, before_of(s, measure), s->during[measure])
               ? PL_EFFECT_RELATIVE
               : PL_EFFECT_ABSOLUTE;
}

static double sum_over(const guint *stores, guint n, const double *values) {
    double sum = 0;
    for (guint i = 0; values != NULL && i < n; i++)
        sum += isnan(values[stores[i]]) ? 0 : fabs(values[stores[i]]);
    return sum;
}

/* Why there is nothing to compare; NULL: there is something. */
static const char *one_sided(const PlItemScope *s, guint measure) {
    const PlArm *arm = s->arm;
    const double *before = before_of(s, measure), *during = s->during[measure];
    double test = sum_over(arm->test, arm->n_test, before) + sum_over(arm->test, arm->n_test, during);
    double control =
        sum_over(arm->control, arm->n_control, before) + sum_over(arm->control, arm->n_control, during);
    if (test == 0 && control == 0)
        return "sold in none of these stores";
    if (test == 0)
        return "sold in the control stores only, so there is nothing to compare";
    if (control == 0)
        return "sold in the test stores only, so nothing says what it would have sold without the promotion";
    if (before != NULL &&
        sum_over(arm->test, arm->n_test, before) + sum_over(arm->control, arm->n_control, before) == 0)
        return "sold in no store before the promotion, so nothing corrects for how the stores differ";
    return NULL;
}

/* An item's control stores err as their stores do: the days of single items are not kept. */
static const double *errors_of(const PlItemScope *s, guint measure) {
    return pl_arm_errors_of_role(s->study, s->arm, measure == PL_ITEM_UNITS ? "units" : "revenue");
}

static void set_lift(PlItemScope *s, guint measure, PlItemEffect *out) {
    PlScale scale = scale_of(s, measure);
    PlChangeTest test = pl_change_test(s->arm, s->study->arms, before_of(s, measure), s->during[measure],
                                       scale, s->method, &s->options);
    out->n = test.n;
    double with, without;
    guint used = pl_draws_totals(s->none, before_of(s, measure), s->during[measure], scale, &with, &without);
    out->reason = test.reason;
    double per = scale == PL_EFFECT_RELATIVE ? 1 : without / used;
    if (scale == PL_EFFECT_ABSOLUTE && !(per > 0)) {
        g_free(out->reason);
        out->reason = g_strdup("nothing would have been sold without the promotion, so there is no lift");
        return;
    }
    if (test.status != PL_OK) {
        out->lift = with / without - 1;
        return;
    }
    const double values[] = {test.in.estimate, test.in.conf_low, test.in.conf_high};
    double *fields[] = {&out->lift, &out->low, &out->high};
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        double lift = scale == PL_EFFECT_RELATIVE ? expm1(values[i]) : values[i] / per;
        *fields[i] = isfinite(values[i]) && isfinite(lift) ? lift : NAN;
    }
    out->p = test.in.p_value;
    if (s->study->def->analysis.effect == PL_EFFECT_RELATIVE && scale == PL_EFFECT_ABSOLUTE)
        out->reason = g_strdup("some stores sold none of it in a period: measured by differences, as a share "
                               "of what would have been sold");
}

static void clear(PlItemEffect *out) {
    *out = (PlItemEffect){.lift = NAN, .low = NAN, .high = NAN, .p = NAN, .p_adjusted = NAN};
    for (guint m = 0; m < 2; m++)
        out->change[m] = out->change_low[m] = out->change_high[m] = out->change_error[m] = NAN;
}

/* The measures that are loaded. */
static void measure_effect(PlItemScope *s, const gboolean *there, PlItemEffect *out) {
    guint main = there[PL_ITEM_UNITS] ? PL_ITEM_UNITS : PL_ITEM_REVENUE;
    const char *nothing = one_sided(s, main);
    if (nothing != NULL) {
        out->reason = g_strdup(nothing);
        return;
    }
    set_lift(s, main, out);
    for (guint m = 0; m < 2; m++) {
        double with, without;
        if (there[m] && pl_draws_totals_over(s->none, before_of(s, m), s->during[m], s->times, scale_of(s, m),
                                             errors_of(s, m), &with, &without) > 0)
            out->change[m] = with - without;
    }
}

void pl_item_effect(PlItemScope *s, guint item, PlItemEffect *out) {
    gboolean there[2];
    clear(out);
    out->item = item;
    for (guint m = 0; m < 2; m++)
        there[m] = load_item(s, item, m);
    measure_effect(s, there, out);
}

void pl_items_effect(PlItemScope *s, const gboolean *chosen, gboolean value, PlItemEffect *out) {
    gboolean there[2];
    clear(out);
    for (guint m = 0; m < 2; m++)
        there[m] = load_items(s, chosen, value, m);
    measure_effect(s, there, out);
}

/* Of the loaded measure. */
static gboolean draw_change(PlItemScope *s, guint m, double *change) {
    if (one_sided(s, m) != NULL ||
        pl_draws_totals_over(s->draws, before_of(s, m), s->during[m], s->times, scale_of(s, m),
                             errors_of(s, m), s->with, s->without) == 0)
        return FALSE;
    for (guint k = 0; k <= pl_draws_n(s->draws); k++)
        change[k] = s->with[k] - s->without[k];
    return TRUE;
}

gboolean pl_items_draws(PlItemScope *s, const gboolean *chosen, gboolean value, PlItemMeasure measure,
                        double *change) {
    return load_items(s, chosen, value, measure) && draw_change(s, measure, change);
}

void pl_item_intervals(PlItemScope *s, PlItemEffect *effect) {
    g_autofree double *change = g_new(double, pl_draws_n(s->draws) + 1);
    for (guint m = 0; m < 2; m++) {
        if (!load_item(s, effect->item, m) || !draw_change(s, m, change))
            continue;
        PlDrawn drawn = pl_draws_interval(s->draws, change, s->options.conf_level);
        effect->change_low[m] = drawn.low;
        effect->change_high[m] = drawn.high;
        effect->change_error[m] = drawn.std_error;
    }
}

void pl_item_effects_adjust(PlItemEffect *effects, guint n, PlAdjust how) {
    g_autofree double *p = g_new(double, n + 1), *adjusted = g_new(double, n + 1);
    g_autofree size_t *order = g_new(size_t, n + 1);
    guint n_p = 0, k = 0;
    for (guint i = 0; i < n; i++) {
        effects[i].p_adjusted = effects[i].p;
        if (!effects[i].promoted && !isnan(effects[i].p))
            p[n_p++] = effects[i].p;
    }
    if (n_p == 0 || how == PL_ADJUST_NONE ||
        (how == PL_ADJUST_BH ? pl_adjust_bh : pl_adjust_holm)(p, n_p, order, adjusted) != PL_OK)
        return;
    for (guint i = 0; i < n; i++)
        if (!effects[i].promoted && !isnan(effects[i].p))
            effects[i].p_adjusted = adjusted[k++];
}
