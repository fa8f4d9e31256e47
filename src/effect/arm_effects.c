/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/arm_effects.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/paired.h"

static PlArmValues *new_values(gboolean paired, guint n_test, guint n_control, guint n_other,
                               guint n_blocks) {
    PlArmValues *v = g_new0(PlArmValues, 1);
    *v = (PlArmValues){.paired = paired,
                       .n_blocks = n_blocks,
                       .test_store = g_new0(guint, n_test + 1),
                       .control_store = g_new0(guint, n_control + 1),
                       .test = g_new0(double, n_test + 1),
                       .control = g_new0(double, n_control + 1),
                       .test_block = g_new0(size_t, n_test + 1),
                       .control_block = g_new0(size_t, n_control + 1),
                       .other_store = g_new0(guint, n_other + 1),
                       .other_arm = g_new0(size_t, n_other + 1),
                       .other = g_new0(double, n_other + 1),
                       .other_block = g_new0(size_t, n_other + 1)};
    return v;
}

void pl_arm_values_free(PlArmValues *v) {
    if (!v)
        return;
    g_free(v->test_store);
    g_free(v->control_store);
    g_free(v->test);
    g_free(v->control);
    g_free(v->test_block);
    g_free(v->control_block);
    g_free(v->other_store);
    g_free(v->other_arm);
    g_free(v->other);
    g_free(v->other_block);
    g_free(v);
}

/* The effects are those of the main estimate; its rows of pairs are not wanted twice. */
static PlArmValues *values_of_pairs(const PlStudy *study, const PlArm *arm, const PlMetric *metric,
                                    PlRange period, PlScale scale) {
    g_autoptr(PlResult) aside = pl_result_new();
    aside->scale = scale;
    g_autoptr(PlEffects) e = pl_pair_effects(study->panel, study->pairs, arm->treatment->name, metric,
                                             study->ranges.before, period, "during", NULL, aside, NULL);
    PlArmValues *v = new_values(TRUE, e->n, 0, 0, 1);
    v->n_test = e->n;
    v->left_out = arm->n_test - e->n;
    memcpy(v->test, e->effects, e->n * sizeof *v->test);
    for (guint i = 0; i < e->n; i++)
        v->test_store[i] = e->pairs[i]->test;
    return v;
}

/* As in pair_effects.c: below this share of the terms a change is rounding, and changes are the same. */
#define NOISE 1e-12

static double scaled(const PlStudy *study, const PlBoundMetric *bound, guint store, PlRange range,
                     PlScale scale) {
    double value;
    if (!pl_metric_value(study->panel, bound, store, range.begin, range.end, &value))
        return NAN;
    double x = scale == PL_EFFECT_RELATIVE ? log(value) : value;
    return isfinite(x) ? x : NAN;
}

static guint add_side(const PlStudy *study, const PlBoundMetric *bound, PlRange period, PlScale scale,
                      const guint *stores, const guint *blocks, guint n, guint *store, double *value,
                      size_t *block, double *size) {
    PlRange before = study->ranges.before;
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        double x = scaled(study, bound, stores[i], period, scale), b = 0;
        if (before.begin < before.end)
            b = scaled(study, bound, stores[i], before, scale);
        if (isnan(x) || isnan(b))
            continue;
        /* a relative error of a value is an absolute one of its logarithm */
        double terms = fmax(scale == PL_EFFECT_RELATIVE ? 1 : 0, fmax(fabs(x), fabs(b)));
        *size = fmax(*size, terms);
        x = fabs(x - b) <= NOISE * terms ? 0 : x - b;
        store[kept] = stores[i];
        block[kept] = blocks[i];
        value[kept++] = x;
    }
    return kept;
}

/* Stores that differ by rounding alone are made equal, so that a test sees that they do not vary. */
static void level_noise(PlArmValues *v, double size) {
    double low = INFINITY, high = -INFINITY;
    for (guint i = 0; i < v->n_test + v->n_control; i++) {
        double x = i < v->n_test ? v->test[i] : v->control[i - v->n_test];
        low = fmin(low, x);
        high = fmax(high, x);
    }
    for (guint i = 0; i < v->n_test + v->n_control && high - low <= NOISE * size; i++)
        *(i < v->n_test ? &v->test[i] : &v->control[i - v->n_test]) = low;
}

PlArmValues *pl_arm_values(const PlStudy *study, const PlArm *arm, const PlMetric *metric, PlRange period,
                           PlScale scale) {
    PlBoundMetric bound;
    double size = 0;
    if (arm->paired)
        return values_of_pairs(study, arm, metric, period, scale);
    PlArmValues *v =
        new_values(FALSE, arm->n_test, arm->n_control, study->panel->n_stores, MAX(arm->n_blocks, 1));
    if (!pl_metric_bind(metric, study->panel, &bound))
        return v;
    v->n_test = add_side(study, &bound, period, scale, arm->test, arm->test_block, arm->n_test, v->test_store,
                         v->test, v->test_block, &size);
    v->n_control = add_side(study, &bound, period, scale, arm->control, arm->control_block, arm->n_control,
                            v->control_store, v->control, v->control_block, &size);
    level_noise(v, size);
    v->left_out = arm->n_test + arm->n_control - v->n_test - v->n_control;
    for (guint k = 0; v->n_blocks > 1 && k < study->arms->len; k++) {
        const PlArm *other = g_ptr_array_index(study->arms, k);
        guint from = v->n_other;
        if (other == arm)
            continue;
        v->n_other += add_side(study, &bound, period, scale, other->test, other->test_block, other->n_test,
                               v->other_store + from, v->other + from, v->other_block + from, &size);
        for (guint i = from; i < v->n_other; i++)
            v->other_arm[i] = k;
    }
    return v;
}

PlArmValues *pl_arm_values_of(const PlArmValues *all, const gboolean *keep) {
    PlArmValues *v = new_values(all->paired, all->n_test, all->n_control, all->n_other, all->n_blocks);
    for (guint i = 0; i < all->n_test; i++) {
        if (!keep[all->test_store[i]])
            continue;
        v->test_store[v->n_test] = all->test_store[i];
        v->test_block[v->n_test] = all->test_block[i];
        v->test[v->n_test++] = all->test[i];
    }
    for (guint i = 0; i < all->n_control; i++) {
        if (!keep[all->control_store[i]])
            continue;
        v->control_store[v->n_control] = all->control_store[i];
        v->control_block[v->n_control] = all->control_block[i];
        v->control[v->n_control++] = all->control[i];
    }
    for (guint i = 0; i < all->n_other; i++) {
        if (!keep[all->other_store[i]])
            continue;
        v->other_store[v->n_other] = all->other_store[i];
        v->other_block[v->n_other] = all->other_block[i];
        v->other_arm[v->n_other] = all->other_arm[i];
        v->other[v->n_other++] = all->other[i];
    }
    return v;
}

/* A regression of the stores' values: test stores, then controls, then those of other treatments. */
typedef struct {
    const PlArmValues *v;
    const double *y;           /* [n_test + n_control] */
    const PlVariable *columns; /* the same */
    size_t n_columns;
    double sign;        /* of the other treatments' values */
    gboolean others;    /* they take part, with a column a treatment */
    gboolean clustered; /* errors may differ from store to store, as those of the main estimate */
} Regression;

/* The block of each row, numbered so that every number occurs; returns how many there are. */
static size_t number_blocks(const PlArmValues *v, size_t rows, size_t *levels) {
    g_autofree size_t *number = g_new0(size_t, v->n_blocks + 1);
    size_t n = 0, two = (size_t)v->n_test + v->n_control;
    for (size_t i = 0; i < rows; i++) {
        size_t b = i < v->n_test ? v->test_block[i]
                   : i < two     ? v->control_block[i - v->n_test]
                                 : v->other_block[i - two];
        if (!number[b])
            number[b] = ++n;
        levels[i] = number[b] - 1;
    }
    return n;
}

/* The columns of the caller, and one for each other treatment that has stores; values live in `cells`. */
static size_t fill_columns(const Regression *r, size_t rows, double *cells, PlVariable *columns) {
    const PlArmValues *v = r->v;
    size_t n = 0, two = (size_t)v->n_test + v->n_control;
    for (; n < r->n_columns; n++) {
        columns[n] = (PlVariable){.name = r->columns[n].name, .values = cells + n * rows};
        memcpy(cells + n * rows, r->columns[n].values, two * sizeof *cells);
    }
    for (size_t i = two; i < rows; i++) {
        if (i == two || v->other_arm[i - two] != v->other_arm[i - two - 1]) {
            columns[n] = (PlVariable){.name = "other treatment", .values = cells + n * rows};
            n++;
        }
        cells[(n - 1) * rows + i] = 1;
    }
    return n;
}

static size_t count_others(const PlArmValues *v) {
    size_t n = 0;
    for (guint i = 0; i < v->n_other; i++)
        n += i == 0 || v->other_arm[i] != v->other_arm[i - 1] ? 1 : 0;
    return n;
}

/* The row of `term`; `sd` as in pl_arm_infer(). */
static PlStatus read_answer(const PlAnswer *answer, const char *term, PlInference *out, double *sd) {
    const PlAnswerRow *row = NULL;
    for (size_t i = 0; i < answer->n_rows; i++) {
        if (g_strcmp0(answer->rows[i].term, term) == 0)
            row = &answer->rows[i];
        for (size_t k = 0; sd && k < answer->rows[i].n_figures; k++)
            if (g_str_equal(answer->rows[i].figures[k].name, "sigma"))
                *sd = answer->rows[i].figures[k].value;
    }
    if (!row || row->status != PL_OK || row->lacks)
        return row && row->status != PL_OK ? row->status : PL_NO_VARIANCE;
    *out = row->in;
    return PL_OK;
}

/* Least squares with an effect of each block that has stores, or an intercept. */
static PlStatus regress(const Regression *r, const PlInferenceOptions *options, const char *term,
                        PlInference *out, double *sd) {
    const PlArmValues *v = r->v;
    size_t two = (size_t)v->n_test + v->n_control, rows = two + (r->others ? v->n_other : 0),
           most = r->n_columns + (r->others ? count_others(v) : 0);
    if (rows < 3)
        return PL_TOO_FEW;
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    g_autofree size_t *levels = g_new0(size_t, rows + 1), *store = g_new0(size_t, rows + 1);
    g_autofree double *y = g_new0(double, rows + 1), *cells = g_new0(double, rows *most + 1);
    g_autofree PlVariable *columns = g_new0(PlVariable, most + 1);
    g_autofree const char **labels = g_new0(const char *, rows + 1);
    memcpy(y, r->y, two * sizeof *y);
    for (size_t i = 0; i < rows; i++) {
        if (i >= two)
            y[i] = r->sign * v->other[i - two];
        store[i] = i;
        labels[i] = "";
    }
    PlVariable set = {
        .name = "block", .levels = levels, .n_levels = number_blocks(v, rows, levels), .labels = labels};
    PlSample sample = {.rows = rows, .on = columns, .n_on = fill_columns(r, rows, cells, columns)};
    sample.roles[PL_X] = (PlVariable){.name = "change", .values = y};
    if (r->clustered)
        sample.roles[PL_CLUSTER] =
            (PlVariable){.name = "store", .levels = store, .n_levels = rows, .labels = labels};
    if (set.n_levels > 1) {
        sample.absorb = &set;
        sample.n_absorb = 1;
    }
    const PlMethod *ols = pl_method_find("ols");
    PlMethodOptions method_options = pl_method_options(*options);
    PlStatus status = ols->run(ols, &sample, &method_options, &answer);
    if (status == PL_OK)
        status = read_answer(&answer, term, out, sd);
    pl_arena_clear(&arena);
    return status;
}

/* All values, test stores first, and 1 for those. */
static double *stack(const double *test, const double *control, const PlArmValues *v) {
    double *x = g_new0(double, v->n_test + v->n_control + 1);
    memcpy(x, test, v->n_test * sizeof *x);
    memcpy(x + v->n_test, control, v->n_control * sizeof *x);
    return x;
}

static PlStatus infer_groups(const PlArmValues *v, const PlArmTest *t, const double *test,
                             const double *control, const PlInferenceOptions *options, PlInference *out,
                             double *sd) {
    const char *id = t->method ? t->method->id : "";
    PlArena arena = {0};
    if (v->n_test < 1 || v->n_control < 1)
        return PL_TOO_FEW;
    if (v->n_blocks < 2 && !t->pooled) {
        PlTwoGroupTest *by = g_str_equal(id, "pooled_t")   ? pl_pooled_t
                             : g_str_equal(id, "rank_sum") ? pl_rank_sum
                                                           : pl_welch_t;
        PlStatus status = by(test, v->n_test, control, v->n_control, options, &arena, out);
        pl_arena_clear(&arena);
        return status;
    }
    g_autofree double *y = stack(test, control, v), *treated = g_new0(double, v->n_test + v->n_control + 1);
    for (guint i = 0; i < v->n_test; i++)
        treated[i] = 1;
    PlVariable column = {.name = "treated", .values = treated};
    Regression regression = {v, y, &column, 1, t->negated ? -1 : 1, TRUE, !t->pooled};
    return regress(&regression, options, "treated", out, sd);
}

PlStatus pl_arm_infer(const PlArmValues *v, const PlArmTest *t, const PlInferenceOptions *options,
                      PlInference *out, double *sd) {
    double sign = t->negated ? -1 : 1, residual = NAN;
    g_autofree double *test = g_new(double, v->n_test + 1), *control = g_new(double, v->n_control + 1);
    for (guint i = 0; i < v->n_test; i++)
        test[i] = sign * v->test[i] - t->null_value;
    for (guint i = 0; i < v->n_control; i++)
        control[i] = sign * v->control[i];
    PlArena arena = {0};
    PlInference in;
    PlPairedTest *by = t->method && t->method->test ? t->method->test : pl_paired_t;
    gboolean student = by == pl_paired_t;
    PlStatus status = !v->paired      ? infer_groups(v, t, test, control, options, &in, &residual)
                      : v->n_test < 1 ? PL_TOO_FEW
                                      : by(test, v->n_test, options, &arena, &in);
    pl_arena_clear(&arena);
    if (status != PL_OK)
        return status;
    in.estimate += t->null_value;
    in.conf_low += t->null_value;
    in.conf_high += t->null_value;
    *out = in;
    if (sd)
        *sd = v->paired && student ? in.std_error * sqrt(v->n_test) : residual;
    return PL_OK;
}

static double mean(const double *x, guint n) {
    double m;
    return n > 0 && pl_mean_sd(x, n, &m, NULL) == PL_OK ? m : NAN;
}

double pl_arm_point(const PlArmValues *v) {
    return v->paired ? mean(v->test, v->n_test) : mean(v->test, v->n_test) - mean(v->control, v->n_control);
}

PlStatus pl_arm_slope(const PlArmValues *v, const double *x, const PlInferenceOptions *options,
                      PlInference *out) {
    size_t rows = v->n_test + v->n_control;
    g_autofree double *y = stack(v->test, v->control, v), *treated = g_new0(double, rows + 1),
                      *own = g_new0(double, rows + 1), *both = g_new0(double, rows + 1);
    double centre = 0;
    for (size_t i = 0; i < rows; i++) {
        own[i] = x[i < v->n_test ? v->test_store[i] : v->control_store[i - v->n_test]];
        centre += own[i] / (double)rows;
    }
    for (size_t i = 0; i < rows; i++) {
        treated[i] = i < v->n_test;
        own[i] -= centre; /* else treated and its product with a large number are nearly the same column */
        both[i] = treated[i] * own[i];
    }
    const PlVariable columns[] = {{.name = "both", .values = both},
                                  {.name = "x", .values = own},
                                  {.name = "treated", .values = treated}};
    Regression regression = {v, y, columns, v->paired ? 1 : G_N_ELEMENTS(columns), 1, FALSE, FALSE};
    return regress(&regression, options, "both", out, NULL);
}

const PlMethod *pl_deciding_method(const PlResult *result, const char *treatment) {
    const PlEstimate *e = pl_result_deciding(result, treatment);
    return e ? pl_method_find(e->method) : NULL;
}

char *pl_arm_reason(const PlArmValues *v, PlStatus status) {
    if (v->paired && v->n_test == 0)
        return g_strdup("no pair has an effect");
    if (!v->paired && (v->n_test == 0 || v->n_control == 0))
        return g_strdup_printf("no %s store has a value", v->n_test == 0 ? "test" : "control");
    if (status == PL_ALL_ZERO)
        return g_strdup("the effect is zero in every pair, so nothing shows how much pairs differ by chance");
    if (status == PL_TOO_FEW && v->paired)
        return g_strdup_printf("%u %s not enough to say how much pairs differ by chance", v->n_test,
                               v->n_test == 1 ? "pair is" : "pairs are");
    if (status == PL_TOO_FEW)
        return g_strdup_printf("%u test and %u control stores are not enough to say how much stores differ "
                               "by chance",
                               v->n_test, v->n_control);
    if (status == PL_NO_VARIANCE)
        return g_strdup_printf("all %s have the same effect, so nothing shows how much they differ by chance",
                               v->paired ? "pairs" : "stores");
    return g_strdup(pl_status_text(status));
}
