/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/spillover.h"

#include <math.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/effect/change_test.h"
#include "pairlift/effect/drawn_words.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/haversine.h"

enum { NAMES_SHOWN = 5, LEAST_A_SIDE = 2 };

typedef struct {
    const PlStudy *study;
    PlResult *result;
    PlSection *section;
    double *km;      /* [store] to the nearest test store; NaN: unknown */
    gboolean *taken; /* [store] in an arm */
    double *before, *during;
    PlScale scale;
    char *unit; /* NULL: a lift */
    PlAmount amount;
} Spill;

static void measure_distances(Spill *s) {
    const PlStoreTable *t = s->study->tables->stores;
    for (guint k = 0; k < s->study->panel->n_stores; k++)
        s->km[k] = NAN;
    for (guint a = 0; a < s->study->arms->len; a++) {
        const PlArm *arm = g_ptr_array_index(s->study->arms, a);
        for (guint i = 0; i < arm->n_control; i++)
            s->taken[arm->control[i]] = TRUE;
        for (guint i = 0; i < arm->n_test; i++) {
            guint test = arm->test[i];
            s->taken[test] = TRUE;
            for (guint k = 0; k < s->study->panel->n_stores; k++)
                s->km[k] = fmin(s->km[k], pl_haversine_km(t->latitude[test], t->longitude[test],
                                                          t->latitude[k], t->longitude[k]));
        }
    }
}

static gboolean is_near(const Spill *s, guint store) {
    return s->km[store] <= s->study->def->spillover_km;
}

/* Stores near and farther away as the two sides of an arm: of those in no arm, or of all controls. */
static PlArm *sides(const Spill *s, gboolean controls) {
    guint n = s->study->panel->n_stores;
    PlArm *arm = g_new0(PlArm, 1);
    g_autofree gboolean *candidate = g_new0(gboolean, n + 1);
    *arm = (PlArm){.n_blocks = 1,
                   .test = g_new0(guint, n + 1),
                   .control = g_new0(guint, n + 1),
                   .test_block = g_new0(guint, n + 1),
                   .control_block = g_new0(guint, n + 1)};
    for (guint k = 0; k < n; k++)
        candidate[k] = !controls && !s->taken[k];
    for (guint a = 0; controls && a < s->study->arms->len; a++) {
        const PlArm *of = g_ptr_array_index(s->study->arms, a);
        for (guint i = 0; i < of->n_control; i++)
            candidate[of->control[i]] = TRUE;
    }
    for (guint k = 0; k < n; k++) {
        if (!candidate[k] || isnan(s->km[k]) || isnan(pl_store_change(s->before, s->during, k, s->scale)))
            continue;
        if (is_near(s, k))
            arm->test[arm->n_test++] = k;
        else
            arm->control[arm->n_control++] = k;
    }
    return arm;
}

static gboolean enough(const PlArm *arm) {
    return arm->n_test >= LEAST_A_SIDE && arm->n_control >= LEAST_A_SIDE;
}

static double shown(const Spill *s, double effect) {
    return pl_or_nan(s->scale == PL_EFFECT_RELATIVE ? expm1(effect) : effect);
}

static void put(const Spill *s, PlFinding *f, const PlChangeTest *test) {
    f->n = test->n;
    f->unit = g_strdup(s->unit);
    f->period = g_strdup("during");
    if (test->status != PL_OK) {
        f->reason = g_strdup(test->reason);
        return;
    }
    f->value = shown(s, test->in.estimate);
    f->conf_low = shown(s, test->in.conf_low);
    f->conf_high = shown(s, test->in.conf_high);
    f->conf_level = test->in.conf_level;
    f->std_error = test->in.has & PL_HAS_STD_ERROR ? test->in.std_error : NAN;
    f->p_value = f->p_adjusted = test->in.p_value;
}

static char *distance_words(double km) {
    return g_strdup_printf("%.*f km", km < 10 ? 1 : 0, km);
}

static void say(const Spill *s, const PlFinding *f, const PlArm *arm, gboolean controls) {
    g_autofree char *what = pl_metric_words(pl_definition_primary(s->study->def));
    g_autofree char *within = distance_words(s->study->def->spillover_km);
    g_autofree char *moved =
        pl_drawn_words(&(PlDrawn){f->value, f->conf_low, f->conf_high, NAN}, f->conf_level, s->amount,
                       s->unit, &(PlDirection){"fell by", "rose by", TRUE});
    const char *verdict = !(f->p_value <= 1 - f->conf_level)
                              ? "Whether sales spill over cannot be told from this."
                          : f->value < 0 ? "Sales moved from there to the promotion, it seems."
                                         : "The promotion helped there, too, it seems.";
    pl_section_say(
        s->section,
        "In %u %s within %s of a store with the promotion, and against %u farther away, %s %s. %s%s",
        arm->n_test, controls ? "control stores" : "stores without the promotion", within, arm->n_control,
        what, moved, verdict, controls ? " Only control stores could be compared." : "");
}

static void compare(Spill *s) {
    PlInferenceOptions options = s->study->options;
    options.alternative = PL_TWO_SIDED;
    PlArm *arm = sides(s, FALSE);
    gboolean controls = !enough(arm);
    if (controls) {
        pl_arm_free(arm);
        arm = sides(s, TRUE);
    }
    PlFinding *f =
        pl_section_add(s->section, NULL, "spillover", "Nearby stores against those farther away", s->amount);
    if (pl_range_length(s->study->ranges.before) == 0) {
        f->reason = g_strdup("without a period before, nothing corrects for how near and far stores differ");
    } else if (!enough(arm)) {
        g_autofree char *within = distance_words(s->study->def->spillover_km);
        f->reason =
            g_strdup_printf("too few stores without the promotion to compare: of the control stores %u lie "
                            "within %s of a test store (spillover_km) and %u farther away, and of the "
                            "stores that take no part there are no two of either",
                            arm->n_test, within, arm->n_control);
    } else {
        PlChangeTest test = pl_change_test(arm, NULL, s->before, s->during, s->scale, NULL, &options);
        put(s, f, &test);
        if (test.status == PL_OK) {
            f->verdict = f->p_value <= 1 - f->conf_level ? g_strdup(f->value < 0 ? "lost" : "gained") : NULL;
            say(s, f, arm, controls);
        }
        g_free(test.reason);
    }
    pl_arm_free(arm);
}

/* The arm without the controls that lie near: of pairs the whole pair is left out. */
static PlArm *far_only(const Spill *s, const PlArm *arm) {
    PlArm *far = g_new0(PlArm, 1);
    *far = *arm;
    far->test = g_memdup2(arm->test, (arm->n_test + 1) * sizeof *arm->test);
    far->control = g_memdup2(arm->control, (arm->n_control + 1) * sizeof *arm->control);
    far->test_block = g_memdup2(arm->test_block, (arm->n_test + 1) * sizeof *arm->test_block);
    far->control_block = g_memdup2(arm->control_block, (arm->n_control + 1) * sizeof *arm->control_block);
    far->pairs = NULL;
    far->errors = NULL;
    far->n_errors = 0;
    far->n_control = 0;
    for (guint i = 0; i < arm->n_control; i++) {
        if (is_near(s, arm->control[i]))
            continue;
        far->control[far->n_control] = arm->control[i];
        far->control_block[far->n_control] = arm->control_block[i];
        if (arm->paired)
            far->test[far->n_control] = arm->test[i];
        far->n_control++;
    }
    if (arm->paired)
        far->n_test = far->n_control;
    return far;
}

/* "A (2.1 km), B (3.4 km) and 4 more": controls near test stores, the count in `n`. */
static char *near_controls(const Spill *s, const PlArm *arm, guint *n) {
    GString *names = g_string_new(NULL);
    *n = 0;
    for (guint i = 0; i < arm->n_control; i++) {
        guint store = arm->control[i];
        if (!is_near(s, store) || ++*n > NAMES_SHOWN)
            continue;
        g_autofree char *km = distance_words(s->km[store]);
        g_string_append_printf(names, "%s%s (%s)", names->len ? ", " : "", s->study->panel->stores[store],
                               km);
    }
    if (*n > NAMES_SHOWN)
        g_string_append_printf(names, " and %u more", *n - NAMES_SHOWN);
    return g_string_free(names, FALSE);
}

/* How far the effect moves when the controls that lie near are left out. */
static void check_controls(Spill *s, const PlArm *arm) {
    guint n = 0, unknown = 0;
    const char *treatment = arm->treatment->name;
    g_autofree char *names = near_controls(s, arm, &n), *within = distance_words(s->study->def->spillover_km);
    for (guint i = 0; i < arm->n_control; i++)
        unknown += isnan(s->km[arm->control[i]]) ? 1 : 0;
    g_autofree char *of_unknown =
        unknown > 0 ? g_strdup_printf("; %u of them have no coordinates", unknown) : g_strdup("");
    if (n == 0) {
        pl_result_check(s->result, "spillover", unknown > 0 ? PL_WARN : PL_PASS, 0,
                        "%s: no control store is known to lie within %s of a test store%s", treatment, within,
                        of_unknown);
        return;
    }
    const PlEstimate *main = pl_result_deciding(s->result, treatment);
    PlArm *far = far_only(s, arm);
    const double *before = pl_range_length(s->study->ranges.before) > 0 ? s->before : NULL;
    PlChangeTest test = pl_change_test(far, NULL, before, s->during, s->scale,
                                       pl_deciding_method(s->result, treatment), &s->study->options);
    PlFinding *f = pl_section_add(s->section, treatment, "effect_far_controls",
                                  "Effect against the controls farther away", s->amount);
    put(s, f, &test);
    g_autoptr(GString) moves = g_string_new(NULL);
    if (test.status == PL_OK && main != NULL && isfinite(main->estimate)) {
        double half = (f->conf_high - f->conf_low) / 2;
        g_autofree char *there = pl_format_amount(f->value, half, s->amount, s->unit),
                        *here = pl_format_amount(main->estimate, half, s->amount, s->unit);
        g_string_append_printf(moves, "; against the %u others the effect is %s, against all %s",
                               far->n_control, there, here);
    }
    pl_result_check(
        s->result, "spillover", PL_WARN, n,
        "%s: %u of %u control stores lie within %s of a test store, where what spills over biases the "
        "effect: %s%s%s",
        treatment, n, arm->n_control, within, names, moves->str, of_unknown);
    g_free(test.reason);
    pl_arm_free(far);
}

void pl_add_spillover(const PlStudy *study, PlResult *result) {
    const PlStoreTable *t = study->tables != NULL ? study->tables->stores : NULL;
    const PlMetric *primary = pl_definition_primary(study->def);
    PlBoundMetric bound;
    if (t == NULL || t->latitude == NULL || t->longitude == NULL ||
        !pl_metric_bind(primary, study->panel, &bound))
        return;
    guint n = study->panel->n_stores;
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    g_autofree double *km = g_new(double, n + 1), *before = g_new(double, n + 1),
                      *during = g_new(double, n + 1);
    g_autofree gboolean *taken = g_new0(gboolean, n + 1);
    g_autofree char *unit = pl_unit_words(primary, result);
    pl_store_values(study, &bound, study->ranges.before, before);
    pl_store_values(study, &bound, study->ranges.during, during);
    Spill s = {study,
               result,
               pl_result_add_section(result, "spillover", "Nearby stores"),
               km,
               taken,
               before,
               during,
               result->scale,
               unit,
               relative ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS};
    measure_distances(&s);
    compare(&s);
    for (guint a = 0; a < study->arms->len; a++)
        check_controls(&s, g_ptr_array_index(study->arms, a));
}
