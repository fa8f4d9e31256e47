/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/counterfactual.h"

#include <math.h>

#include "pairlift/stats/normal.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/rng.h"
#include "pairlift/stats/student.h"

/* Streams of these draws, apart from those of the tests, which number their blocks from 0. */
#define STREAM ((guint64)1 << 40)

/* With fewer units the draws are too few different ones for percentiles: t times their standard deviation. */
enum { PERCENTILES_FROM = 8, LEAST_UNITS = 2 };

struct PlDraws {
    const PlArm *arm;
    guint n_draws, n_units; /* units: pairs; of groups the test stores, then the control stores */
    guint8 *counts;         /* [draw][unit] how often it was taken */
    double *factor;         /* [unit] n / (n - 1) of its stratum */
    guint *n_of;            /* [unit] size of its stratum */
    guint *order;           /* units stratum by stratum */
    double df;
    guint least; /* units of the smaller side */
};

guint pl_draws_n(const PlDraws *draws) {
    return draws->n_draws;
}

guint pl_draws_units(const PlDraws *draws) {
    return draws->least;
}

const char *pl_draws_reason(const PlDraws *draws) {
    if (draws->arm->paired)
        return draws->least < LEAST_UNITS ? "a single pair does not say how much pairs differ by chance"
                                          : NULL;
    return draws->df < 1 ? "a side has too few stores to say how much stores differ by chance" : NULL;
}

void pl_draws_free(PlDraws *draws) {
    if (!draws)
        return;
    g_free(draws->counts);
    g_free(draws->factor);
    g_free(draws->n_of);
    g_free(draws->order);
    g_free(draws);
}

/* Units of one stratum: those of a side and block, or all pairs. */
static guint stratum_of(const PlArm *arm, guint unit) {
    if (arm->paired)
        return 0;
    return unit < arm->n_test ? arm->test_block[unit]
                              : arm->n_blocks + arm->control_block[unit - arm->n_test];
}

/* Welch's degrees of freedom of two sides whose stores vary alike: close to those of the smaller side when
 * the other is much larger, to their sum when both are of a size. 0: a side says nothing about chance. */
static double welch_df(const PlArm *arm, const guint sides[2]) {
    if (sides[0] == 0 || sides[1] == 0)
        return 0;
    double test = 1.0 / arm->n_test, control = 1.0 / arm->n_control;
    return pow(test + control, 2) / (test * test / sides[0] + control * control / sides[1]);
}

static void lay_out(PlDraws *d) {
    const PlArm *arm = d->arm;
    guint n_strata = arm->paired ? 1 : 2 * arm->n_blocks;
    g_autofree guint *size = g_new0(guint, n_strata + 1), *at = g_new0(guint, n_strata + 1);
    for (guint u = 0; u < d->n_units; u++)
        size[stratum_of(arm, u)]++;
    for (guint s = 1; s < n_strata; s++)
        at[s] = at[s - 1] + size[s - 1];
    for (guint u = 0; u < d->n_units; u++) {
        guint s = stratum_of(arm, u);
        d->n_of[u] = size[s];
        d->factor[u] = size[s] > 1 ? (double)size[s] / (size[s] - 1) : 1;
        d->order[at[s]++] = u;
    }
    guint sides[2] = {0, 0}; /* degrees of freedom of each side */
    for (guint s = 0; s < n_strata; s++)
        sides[s >= arm->n_blocks && !arm->paired] += size[s] > 0 ? size[s] - 1 : 0;
    d->df = arm->paired ? (double)arm->n_test - 1 : welch_df(arm, sides);
}

/* n - 1 of each stratum's n; a stratum of one is always there. */
static void draw(PlDraws *d, guint k, guint64 seed) {
    PlRng rng = pl_rng_stream(seed, STREAM + k);
    guint8 *counts = d->counts + (gsize)k * d->n_units;
    for (guint from = 0; from < d->n_units; from += d->n_of[d->order[from]]) {
        guint n = d->n_of[d->order[from]];
        if (n == 1)
            counts[d->order[from]] = 1;
        for (guint i = 0; i + 1 < n; i++) {
            guint8 *count = &counts[d->order[from + (guint)(pl_rng_uniform(&rng) * n)]];
            *count = (guint8)MIN(*count + 1, G_MAXUINT8);
        }
    }
}

PlDraws *pl_draws_new(const PlArm *arm, const PlInferenceOptions *options) {
    PlDraws *d = g_new0(PlDraws, 1);
    d->arm = arm;
    d->n_units = arm->paired ? arm->n_test : arm->n_test + arm->n_control;
    d->least = arm->paired ? arm->n_test : MIN(arm->n_test, arm->n_control);
    d->factor = g_new0(double, d->n_units + 1);
    d->n_of = g_new0(guint, d->n_units + 1);
    d->order = g_new0(guint, d->n_units + 1);
    lay_out(d);
    d->n_draws = pl_draws_reason(d) ? 0 : (guint)options->resamples;
    d->counts = g_malloc0((gsize)d->n_draws * d->n_units + 1);
    for (guint k = 0; k < d->n_draws; k++)
        draw(d, k, options->seed);
    return d;
}

static double weight(const PlDraws *d, guint draw_or_data, guint unit) {
    return draw_or_data == 0 ? 1 : d->counts[(gsize)(draw_or_data - 1) * d->n_units + unit] * d->factor[unit];
}

void pl_store_values(const PlStudy *study, const PlBoundMetric *metric, PlRange range, double *values) {
    for (guint s = 0; s < study->panel->n_stores; s++)
        if (!pl_metric_value(study->panel, metric, s, range.begin, range.end, &values[s]))
            values[s] = NAN;
}

void pl_store_intervals(const PlStudy *study, PlRange range, double *times) {
    for (guint s = 0; s < study->panel->n_stores; s++) {
        times[s] = 0;
        for (guint t = range.begin; t < range.end; t++)
            times[s] += pl_panel_rows(study->panel, s, t) > 0 ? 1 : 0;
    }
}

/* What a control store says of the change: log D / B, D - B, or D itself without a period before. NaN:
 * nothing. */
static double change(const double *before, const double *during, guint store, PlScale scale) {
    if (!before)
        return during[store];
    double c =
        scale == PL_EFFECT_RELATIVE ? log(during[store]) - log(before[store]) : during[store] - before[store];
    return isfinite(c) ? c : NAN;
}

/* The test store's value without the promotion, given its controls' change. */
static double expected(const double *before, guint store, double change_of_controls, PlScale scale) {
    if (!before)
        return change_of_controls;
    return scale == PL_EFFECT_RELATIVE ? before[store] * exp(change_of_controls)
                                       : before[store] + change_of_controls;
}

static void no_totals(const PlDraws *d, double *with, double *without) {
    for (guint k = 0; k <= d->n_draws; k++)
        with[k] = without[k] = NAN;
}

/* What the totals are made of. */
typedef struct {
    const double *before, *during, *times; /* [n_stores]; times NULL: 1 */
    PlScale scale;
    const double *errors; /* [n_test] of pairs; NULL: none */
} Input;

static double times_of(const Input *in, guint store) {
    return in->times ? in->times[store] : 1;
}

/* What a store weighs in the sums; see level_sizes(). */
static double size_of(const Input *in, guint store, double own, double without) {
    if (in->scale == PL_EFFECT_ABSOLUTE)
        return 1;
    return in->before ? times_of(in, store) * in->before[store] : (own + without) / 2;
}

static guint totals_of_pairs(const PlDraws *d, const Input *in, double *with, double *without,
                             double *sizes) {
    const PlArm *arm = d->arm;
    g_autofree double *own = g_new(double, arm->n_test + 1), *cf = g_new(double, arm->n_test + 1),
                      *size = g_new(double, arm->n_test + 1);
    guint n = 0;
    for (guint i = 0; i < arm->n_test; i++) {
        double of_control = change(in->before, in->during, arm->control[i], in->scale);
        double times = times_of(in, arm->test[i]);
        own[i] = times * in->during[arm->test[i]];
        cf[i] = times * expected(in->before, arm->test[i], of_control, in->scale);
        if (in->errors && in->before && in->scale == PL_EFFECT_RELATIVE)
            cf[i] /= 1 + in->errors[i];
        gboolean there = isfinite(own[i]) && isfinite(cf[i]);
        n += there ? 1 : 0;
        own[i] = there ? own[i] : 0; /* not a value: adds nothing to either total */
        cf[i] = there ? cf[i] : 0;
        size[i] = there ? size_of(in, arm->test[i], own[i], cf[i]) : 0;
    }
    for (guint k = 0; k <= d->n_draws; k++) {
        double drawn = 0;
        with[k] = without[k] = 0;
        for (guint i = 0; i < arm->n_test; i++) {
            double w = weight(d, k, i);
            with[k] += w * own[i];
            without[k] += w * cf[i];
            drawn += w * size[i];
        }
        sizes[k] = drawn;
    }
    if (n == 0)
        no_totals(d, with, without);
    return n;
}

/* What the controls of a block sold, weighted. */
typedef struct {
    double before, during, weight;
} Side;

static void sum_controls(const PlDraws *d, guint k, const Input *in, Side *blocks) {
    const PlArm *arm = d->arm;
    for (guint b = 0; b < arm->n_blocks; b++)
        blocks[b] = (Side){0};
    for (guint c = 0; c < arm->n_control; c++) {
        double w = weight(d, k, arm->n_test + c);
        guint store = arm->control[c];
        if (w == 0 || !isfinite(change(in->before, in->during, store, in->scale)))
            continue;
        Side *side = &blocks[arm->control_block[c]];
        side->before += in->before ? w * in->before[store] : 0;
        side->during += w * in->during[store];
        side->weight += w;
    }
}

/* A test store's value without the promotion, by its block's controls; NaN: there are none with a value. */
static double expected_of_block(const Input *in, guint store, const Side *side) {
    if (side->weight == 0)
        return NAN;
    if (!in->before)
        return side->during / side->weight;
    return in->scale == PL_EFFECT_RELATIVE ? in->before[store] * side->during / side->before
                                           : in->before[store] + (side->during - side->before) / side->weight;
}

static guint totals_of_groups(const PlDraws *d, const Input *in, double *with, double *without,
                              double *sizes) {
    const PlArm *arm = d->arm;
    g_autofree Side *first = g_new(Side, arm->n_blocks + 1), *drawn = g_new(Side, arm->n_blocks + 1);
    guint n = 0;
    sum_controls(d, 0, in, first);
    for (guint k = 0; k <= d->n_draws; k++) {
        sum_controls(d, k, in, drawn);
        with[k] = without[k] = sizes[k] = 0;
        n = 0;
        for (guint i = 0; i < arm->n_test; i++) {
            guint b = arm->test_block[i], store = arm->test[i];
            /* a draw may miss the only control of a block that has a value */
            const Side *side = drawn[b].weight > 0 ? &drawn[b] : &first[b];
            double times = times_of(in, store), own = in->during[store] * times;
            double cf = times * expected_of_block(in, store, side);
            if (!isfinite(own) || !isfinite(cf))
                continue;
            double w = weight(d, k, i);
            n++;
            with[k] += w * own;
            without[k] += w * cf;
            sizes[k] += w * size_of(in, store, own, cf);
        }
    }
    if (n == 0)
        no_totals(d, with, without);
    return n;
}

/* The question is what the promotion did in these test stores, whose sizes are known. A draw that happens to
 * take large stores would sell more of everything, with the promotion and without it, and a gain in
 * proportion would look uncertain for that alone: so each draw is brought to the size of the data (the ratio
 * estimator, with the size before the promotion as what is known of all). */
static void level_sizes(const PlDraws *d, const double *sizes, double *with, double *without) {
    for (guint k = 1; k <= d->n_draws; k++) {
        double factor = sizes[0] / sizes[k];
        if (!(factor > 0) || isinf(factor))
            continue;
        with[k] *= factor;
        without[k] *= factor;
    }
}

guint pl_draws_totals_over(const PlDraws *draws, const double *before, const double *during,
                           const double *times, PlScale scale, const double *errors, double *with,
                           double *without) {
    Input in = {before, during, times, scale, errors};
    g_autofree double *sizes = g_new(double, draws->n_draws + 1);
    guint n = draws->arm->paired ? totals_of_pairs(draws, &in, with, without, sizes)
                                 : totals_of_groups(draws, &in, with, without, sizes);
    if (scale == PL_EFFECT_RELATIVE)
        level_sizes(draws, sizes, with, without);
    return n;
}

guint pl_draws_totals(const PlDraws *draws, const double *before, const double *during, PlScale scale,
                      double *with, double *without) {
    return pl_draws_totals_over(draws, before, during, NULL, scale, NULL, with, without);
}

/* Mean and standard deviation of the draws; FALSE: one is not finite. */
static gboolean spread(const PlDraws *d, const double *values, double *sd) {
    double mean = 0, square = 0;
    for (guint k = 1; k <= d->n_draws; k++)
        mean += values[k] / d->n_draws;
    for (guint k = 1; k <= d->n_draws; k++)
        square += (values[k] - mean) * (values[k] - mean);
    *sd = sqrt(square / (d->n_draws - 1));
    return isfinite(*sd);
}

static gboolean has_nan(const PlDraws *d, const double *values) {
    for (guint k = 0; k <= d->n_draws; k++)
        if (isnan(values[k]))
            return TRUE;
    return FALSE;
}

PlDrawn pl_draws_interval(const PlDraws *d, const double *values, double level) {
    PlDrawn drawn = {values[0], NAN, NAN, NAN};
    double sd;
    if (d->n_draws < 2 || has_nan(d, values) || !isfinite(values[0]))
        return drawn;
    double t = pl_student_quantile((1 - level) / 2, d->df);
    gboolean finite = spread(d, values, &sd);
    if (finite)
        drawn.std_error = sd;
    if (d->least < PERCENTILES_FROM) {
        drawn.low = finite ? values[0] - t * sd : NAN;
        drawn.high = finite ? values[0] + t * sd : NAN;
        return drawn;
    }
    g_autofree double *sorted = g_memdup2(values + 1, d->n_draws * sizeof *values);
    pl_sort(sorted, d->n_draws);
    double rank = pl_normal_tail(t) * (d->n_draws + 1.0);
    guint at = (guint)MAX(rank, 1) - 1;
    drawn.low = sorted[at];
    drawn.high = sorted[d->n_draws - 1 - at];
    return drawn;
}

double pl_draws_chance_above(const PlDraws *d, const double *values, double limit) {
    double sd;
    if (d->n_draws < 2 || has_nan(d, values) || !isfinite(values[0]))
        return NAN;
    if (d->least < PERCENTILES_FROM) {
        if (!spread(d, values, &sd))
            return NAN;
        if (!(sd > 0))
            return values[0] > limit ? 1 : 0;
        return pl_student_tail((limit - values[0]) / sd, d->df);
    }
    guint above = 0;
    for (guint k = 1; k <= d->n_draws; k++)
        above += values[k] > limit ? 1 : 0;
    /* through the same widening as the interval; no number of draws makes anything certain */
    double share = CLAMP((double)above, 1, d->n_draws) / (d->n_draws + 1.0);
    return pl_student_tail(pl_normal_quantile(share), d->df);
}
