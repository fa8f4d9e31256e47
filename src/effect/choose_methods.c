/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/choose_methods.h"

#include <math.h>

#include "pairlift/model/diagnostics.h"
#include "pairlift/model/suggest.h"

/* Up to here sign flips are counted out; beyond they are drawn, and a verdict should not hang on a seed. */
enum { SIGN_FLIP_TO = 40 };

/* Sign patterns a side that must be able to reject before sign flips decide: with fewer only near-unanimous
 * pairs can win. At two-sided 5 % and one treatment this is from 8 pairs on. */
enum { REJECTING_PATTERNS = 4 };

/* The pairs from which on sign flips decide: REJECTING_PATTERNS of 2^n a side are within the level, shared
 * among the deciding tests. */
static guint sign_flip_from(const PlAnalysis *analysis, guint n_deciding) {
    double sides = analysis->alternative == PL_ALT_TWO_SIDED ? 2 : 1;
    double tests = analysis->adjust == PL_ADJUST_NONE ? 1 : n_deciding;
    return (guint)ceil(log2(REJECTING_PATTERNS * sides * tests / (1 - analysis->confidence)) - 1e-9);
}

/* With one pair only the course of the two stores over time says how much they differ by chance. */
static gboolean has_only_time(const PlDefinition *def, guint n_pairs) {
    return n_pairs == 1 && def->periods.before.given && pl_method_find("tbr_ar1");
}

/* What stands beside: every method that works on pairs; with one pair those that work on time, and the
 * plain difference. */
static gboolean stands_beside(const PlMethod *m, gboolean only_time) {
    if (only_time)
        return m->design == PL_DESIGN_SERIES || g_str_equal(m->id, "paired_t");
    /* placebos take more controls than there are treated stores, which pairs never have */
    return m->design != PL_DESIGN_NONE && !g_str_equal(m->id, "synthetic_control");
}

static char *explain(const PlMethod *first, guint n, guint from) {
    if (g_str_equal(first->id, "tbr_ar1"))
        return g_strdup(
            "tbr_ar1 decides: one pair has no other to be compared with, so the course of its two "
            "stores before says how far they part by chance");
    if (g_str_equal(first->id, "sign_flip"))
        return g_strdup_printf("sign_flip decides: with %u pairs every way of swapping test and control is "
                               "counted exactly, and no bell curve has to be assumed",
                               n);
    if (n <= SIGN_FLIP_TO)
        return g_strdup_printf("paired_t decides: with %u %s a method that assumes less could hardly ever be "
                               "sure at this level (from %u on, sign_flip decides)",
                               n, n == 1 ? "pair" : "pairs", from);
    return g_strdup_printf("paired_t decides: the mean of %u pairs is close to a bell curve, and the result "
                           "does not hang on random numbers",
                           n);
}

/* Appends all methods, the one that decides for `n` pairs first, and says why. */
static char *choose_by_design(const PlDefinition *def, guint n, guint n_deciding, GPtrArray *chosen) {
    guint from = sign_flip_from(&def->analysis, n_deciding);
    gboolean flips = n >= from && n <= SIGN_FLIP_TO, only_time = has_only_time(def, n);
    const PlMethod *first = pl_method_find(only_time ? "tbr_ar1" : flips ? "sign_flip" : "paired_t");
    g_ptr_array_add(chosen, (gpointer)first);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        if (m != first && stands_beside(m, only_time))
            g_ptr_array_add(chosen, (gpointer)m);
    return explain(first, n, from);
}

/* What works on groups: tests of the stores' changes, and with a period before methods on every store and
 * time. */
static gboolean works_on_groups(const PlMethod *m) {
    return m->groups || m->design == PL_DESIGN_PANEL || m->design == PL_DESIGN_SERIES;
}

static gboolean works(const PlMethod *m, gboolean groups) {
    return groups ? works_on_groups(m) : m->design != PL_DESIGN_NONE;
}

/* Welch's test needs no more than two groups; where they were drawn within blocks, stores are compared within
 * them. */
static char *choose_for_groups(const PlDefinition *def, const PlMethodNeed *need, GPtrArray *chosen) {
    const PlMethod *first = pl_method_find(need->blocks ? "ols" : "welch_t");
    g_ptr_array_add(chosen, (gpointer)first);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        gboolean before = def->periods.before.given || (m->groups && !g_str_equal(m->id, "cuped"));
        if (m != first && works_on_groups(m) && before)
            g_ptr_array_add(chosen, (gpointer)m);
    }
    return g_strdup(
        need->blocks
            ? "ols decides: groups were drawn within blocks, so stores are compared with controls of "
              "their own block"
            : "welch_t decides: it compares the stores of two groups and lets the groups vary "
              "differently");
}

static void unknown_method(const PlDefinition *def, const char *id, gboolean groups, PlDiagnostics *faults) {
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        if (works(m, groups))
            g_ptr_array_add(ids, (gpointer)m->id);
    g_ptr_array_add(ids, NULL);
    g_autofree char *hint = pl_suggest_hint(id, (const char *const *)ids->pdata,
                                            groups ? "for groups there are " : "for pairs there are ");
    pl_diagnostics_add(faults, def->file, pl_definition_pos(def, &def->analysis.methods), hint,
                       "no method \"%s\" for %s", id, groups ? "groups" : "pairs");
}

const PlMethod **pl_choose_methods(const PlDefinition *def, PlMethodNeed need, char **why, GError **error) {
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    if (def->analysis.methods) {
        for (char **id = def->analysis.methods; *id; id++) {
            const PlMethod *method = pl_method_find(*id);
            if (method && works(method, need.groups))
                g_ptr_array_add(chosen, (gpointer)method);
            else
                unknown_method(def, *id, need.groups, faults);
        }
        *why = g_strdup_printf("%s decides: the definition names it first", def->analysis.methods[0]);
    } else {
        *why = need.groups ? choose_for_groups(def, &need, chosen)
                           : choose_by_design(def, need.n, need.n_deciding, chosen);
    }
    if (!pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error)) {
        g_clear_pointer(why, g_free);
        return NULL;
    }
    g_ptr_array_add(chosen, NULL);
    return (const PlMethod **)g_ptr_array_steal(chosen, NULL);
}
