/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/contrasts.h"

#include <math.h>

#include "pairlift/stats/groups.h"
#include "pairlift/stats/mean_difference.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/paired.h"
#include "pairlift/stats/regress.h"

static const PlEffects *effects_of(const PlStudy *study, guint k) {
    return g_ptr_array_index(study->deciding, k);
}

int pl_treatment_index(const PlDefinition *def, const char *name) {
    for (guint i = 0; i < def->treatments->len; i++)
        if (g_str_equal(((const PlTreatment *)g_ptr_array_index(def->treatments, i))->name, name))
            return (int)i;
    return -1;
}

/* ---- groups */

static guint values_of(const PlGroupValues *g, size_t level, double *x) {
    guint n = 0;
    for (guint i = 0; i < g->n; i++)
        if (g->level[i] == level)
            x[n++] = g->change[i];
    return n;
}

/* The change of the stores in `keep` on columns of numbers, within blocks; rows of the terms asked for. */
static PlStatus regress(const PlStudy *study, const PlGroupValues *g, const gboolean *keep, double **columns,
                        const char *const *terms, guint n_columns, PlInference *const *out) {
    PlArena arena = {0};
    g_autofree double *y = g_new(double, g->n + 1), *packed = g_new(double, (gsize)n_columns * g->n + 1);
    g_autofree size_t *block = g_new(size_t, g->n + 1), *unit = g_new(size_t, g->n + 1);
    g_autofree PlVariable *on = g_new0(PlVariable, n_columns + 1);
    size_t n = 0;
    for (guint i = 0; i < g->n; i++) {
        if (!keep[i])
            continue;
        y[n] = g->change[i];
        block[n] = g->block[i];
        for (guint c = 0; c < n_columns; c++)
            packed[(gsize)c * g->n + n] = columns[c][i];
        unit[n] = n;
        n++;
    }
    for (guint c = 0; c < n_columns; c++)
        on[c] = (PlVariable){.name = terms[c], .values = packed + (gsize)c * g->n};
    PlVariable blocks = {.name = "block", .levels = block, .n_levels = g->n_blocks, .labels = g->block_names},
               cluster = {.name = "store", .levels = unit, .n_levels = n};
    g_autofree const char **labels = g_new0(const char *, MAX(n, g->n_blocks) + 1);
    for (gsize i = 0; i < MAX(n, g->n_blocks); i++)
        labels[i] = "";
    cluster.labels = labels;
    PlRegression regression = {.rows = n,
                               .y = {.name = "change", .values = y},
                               .columns = on,
                               .n_columns = n_columns,
                               .intercept = TRUE,
                               .sets = &blocks,
                               .n_sets = g->n_blocks > 1 ? 1 : 0,
                               .cluster = &cluster};
    PlMethodOptions options = pl_method_options(study->options);
    PlAnswer answer = {.arena = &arena};
    PlStatus status = pl_regress(&regression, &options, &answer);
    for (guint c = 0; c < n_columns && status == PL_OK; c++)
        for (size_t r = 0; r < answer.n_rows && out[c]; r++)
            if (g_strcmp0(answer.rows[r].term, terms[c]) == 0) {
                if (answer.rows[r].lacks)
                    status = answer.rows[r].status ? answer.rows[r].status : PL_NO_VARIANCE;
                else
                    *out[c] = answer.rows[r].in;
            }
    pl_arena_clear(&arena);
    return status;
}

/* Level `base` is what the others are compared with. */
static PlStatus contrast_within_blocks(const PlStudy *study, const PlGroupValues *g, size_t base,
                                       size_t other, PlInference *out) {
    g_autofree gboolean *keep = g_new(gboolean, g->n + 1);
    g_autofree double *cells = g_new0(double, (gsize)g->n_levels * g->n + 1);
    g_autofree double **columns = g_new0(double *, g->n_levels + 1);
    g_autofree const char **terms = g_new0(const char *, g->n_levels + 1);
    g_autofree PlInference **wanted = g_new0(PlInference *, g->n_levels + 1);
    guint n = 0;
    for (size_t level = 0; level < g->n_levels; level++) {
        gboolean any = FALSE;
        columns[n] = cells + (gsize)n * g->n;
        for (guint i = 0; i < g->n; i++) {
            columns[n][i] = g->level[i] == level;
            any = any || g->level[i] == level;
        }
        if (!any || level == base)
            continue;
        terms[n] = g->level_names[level];
        wanted[n++] = level == other ? out : NULL;
    }
    for (guint i = 0; i < g->n; i++)
        keep[i] = TRUE;
    return regress(study, g, keep, columns, terms, n, wanted);
}

static PlStatus contrast_of_groups(const PlStudy *study, guint i, guint j, PlInference *out) {
    const PlGroupValues *g = effects_of(study, i)->groups;
    if (g->n_blocks > 1)
        return contrast_within_blocks(study, g, i + 1, j + 1, out);
    g_autofree double *x = g_new(double, g->n + 1), *y = g_new(double, g->n + 1);
    guint n = values_of(g, i + 1, x), m = values_of(g, j + 1, y);
    return pl_welch_t(y, m, x, n, &study->options, NULL, out);
}

static PlFactorial factorial_of_groups(const PlStudy *study, guint a, guint b, guint both) {
    const PlGroupValues *g = effects_of(study, a)->groups;
    g_autofree gboolean *keep = g_new(gboolean, g->n + 1);
    g_autofree double *x = g_new(double, g->n + 1), *y = g_new(double, g->n + 1),
                      *xy = g_new(double, g->n + 1);
    double *columns[] = {x, y, xy};
    static const char *const terms[] = {"a", "b", "a x b"};
    PlFactorial f = {0};
    PlInference *out[] = {&f.a, &f.b, &f.interaction};
    for (guint i = 0; i < g->n; i++) {
        size_t level = g->level[i];
        keep[i] = level == 0 || level == a + 1 || level == b + 1 || level == both + 1;
        /* centred, so that the effects of a and b are means over the other one's absence and presence */
        x[i] = level == a + 1 || level == both + 1 ? 0.5 : -0.5;
        y[i] = level == b + 1 || level == both + 1 ? 0.5 : -0.5;
        xy[i] = x[i] * y[i];
    }
    f.status = regress(study, g, keep, columns, terms, 3, out);
    return f;
}

/* ---- pairs */

/* The index in `e` of the pair with this control store, -1: none. */
static int by_control(const PlEffects *e, guint control) {
    for (guint i = 0; i < e->n; i++)
        if (e->pairs[i]->control == control)
            return (int)i;
    return -1;
}

/* sum of weight[k] x effect of treatment k[.], control by control; FALSE where a control does not serve all.
 */
static gboolean by_controls(const PlEffects *const *e, const double *weights, guint k, double *x) {
    for (guint c = 1; c < k; c++)
        if (e[c]->n != e[0]->n)
            return FALSE;
    for (guint i = 0; i < e[0]->n; i++) {
        x[i] = 0;
        for (guint c = 0; c < k; c++) {
            int at = by_control(e[c], e[0]->pairs[i]->control);
            if (at < 0)
                return FALSE;
            x[i] += weights[c] * e[c]->effects[at];
        }
    }
    return TRUE;
}

/* sum of weight x mean, with Welch's degrees of freedom (Satterthwaite 1946, doi:10.2307/3002019). */
static PlStatus of_means(const PlStudy *study, const PlEffects *const *e, const double *weights, guint k,
                         PlInference *out) {
    double estimate = 0, variance = 0, denominator = 0;
    size_t n = 0;
    for (guint c = 0; c < k; c++) {
        double mean, sd;
        if (e[c]->n < 2 || pl_mean_sd(e[c]->effects, e[c]->n, &mean, &sd) != PL_OK)
            return PL_TOO_FEW;
        double part = weights[c] * weights[c] * sd * sd / e[c]->n;
        estimate += weights[c] * mean;
        variance += part;
        denominator += part * part / (e[c]->n - 1);
        n += e[c]->n;
    }
    if (!(variance > 0))
        return PL_NO_VARIANCE;
    return pl_infer_difference(estimate, sqrt(variance), variance * variance / denominator, n,
                               &study->options, out);
}

static PlStatus contrast_of_pairs(const PlStudy *study, const PlEffects *const *e, const double *weights,
                                  guint k, PlInference *out) {
    PlArena arena = {0};
    g_autofree double *x = g_new(double, e[0]->n + 1);
    PlStatus status = by_controls(e, weights, k, x) ? pl_paired_t(x, e[0]->n, &study->options, &arena, out)
                                                    : of_means(study, e, weights, k, out);
    pl_arena_clear(&arena);
    return status;
}

PlStatus pl_contrast(const PlStudy *study, guint i, guint j, PlInference *out) {
    if (study->members)
        return contrast_of_groups(study, i, j, out);
    const PlEffects *e[] = {effects_of(study, i), effects_of(study, j)};
    return contrast_of_pairs(study, e, (const double[]){-1, 1}, 2, out);
}

PlFactorial pl_factorial(const PlStudy *study, guint a, guint b, guint both) {
    if (study->members)
        return factorial_of_groups(study, a, b, both);
    const PlEffects *e[] = {effects_of(study, a), effects_of(study, b), effects_of(study, both)};
    PlFactorial f = {0};
    f.status = contrast_of_pairs(study, e, (const double[]){0.5, -0.5, 0.5}, 3, &f.a);
    if (f.status == PL_OK)
        f.status = contrast_of_pairs(study, e, (const double[]){-0.5, 0.5, 0.5}, 3, &f.b);
    if (f.status == PL_OK)
        f.status = contrast_of_pairs(study, e, (const double[]){-1, -1, 1}, 3, &f.interaction);
    return f;
}
