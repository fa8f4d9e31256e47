/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/synthetic_control.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/rng.h"

#include <float.h>
#include <math.h>
#include <omp.h>

/* Of values scaled to 1: gaps before of this size are rounding. */
#define PERFECT_WITHIN (64 * DBL_EPSILON)

/* What the tasks of one panel share. */
typedef struct {
    PlPanelCentred panel;
    PlCloud before; /* controls as points, times before as dimensions */
} Setup;

static PlStatus set_up(const PlPanelMatrix *panel, PlArena *arena, Setup *setup) {
    PlPanelCentred *c = &setup->panel;
    PlStatus status = pl_panel_centre(panel, arena, c);
    if (status != PL_OK)
        return status;
    double *points = pl_arena_doubles(arena, c->n_controls * c->n_before);
    if (!points)
        return PL_NO_MEMORY;
    for (size_t u = 0; u < c->n_controls; u++)
        for (size_t t = 0; t < c->n_before; t++)
            points[u * c->n_before + t] = c->controls[u * c->n_times + t];
    return pl_cloud(points, c->n_controls, c->n_before, arena, &setup->before);
}

/* gap = series - sum of weights times controls, at every time. */
static void find_gap(const PlPanelCentred *c, const PlSimplexWork *work, const double *w,
                     const double *series, double *gap) {
    for (size_t t = 0; t < c->n_times; t++)
        gap[t] = series[t];
    for (size_t k = 0; k < work->n_active; k++) {
        const double *control = c->controls + work->active[k] * c->n_times;
        double weight = w[work->active[k]];
        for (size_t t = 0; t < c->n_times; t++)
            gap[t] -= weight * control[t];
    }
}

/* Values may be so large that a sum of them is not finite. */
static double mean_of(const double *x, size_t n) {
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    return mean;
}

/* Root of the mean square of the gaps less `shift`; `side` 1 or -1: only of those on that side of 0. */
static double root_mean_square(const double *gap, size_t n, double shift, int side) {
    double sum = 0, largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(gap[i] - shift));
    for (size_t i = 0; i < n && largest > 0; i++) {
        double u = (gap[i] - shift) / largest;
        sum += side * u >= 0 ? u * u : 0;
    }
    return largest * sqrt(sum / (double)n);
}

static PlStatus fit_treated(const Setup *setup, PlArena *arena, PlSyntheticControl *out) {
    const PlPanelCentred *c = &setup->panel;
    size_t n = c->n_controls, before = c->n_before, during = c->n_times - before;
    PlSimplexWork work;
    double *cross = pl_arena_doubles(arena, n);
    PlSyntheticControl s = {.weights = pl_arena_doubles(arena, n),
                            .actual = pl_arena_doubles(arena, c->n_times),
                            .synthetic = pl_arena_doubles(arena, c->n_times),
                            .gap = pl_arena_doubles(arena, c->n_times)};
    PlStatus status = pl_simplex_work(arena, n, before, &work);
    if (!cross || !s.weights || !s.actual || !s.synthetic || !s.gap || status != PL_OK)
        return status != PL_OK ? status : PL_NO_MEMORY;
    for (size_t u = 0; u < n; u++)
        cross[u] = pl_dot(c->treated, setup->before.points + u * before, before);
    PlSimplexTask task = {.cloud = &setup->before,
                          .target = c->treated,
                          .cross = cross,
                          .target_square = pl_dot(c->treated, c->treated, before)};
    status = pl_simplex_fit(&task, &work, s.weights);
    if (status != PL_OK)
        return status;
    find_gap(c, &work, s.weights, c->treated, s.gap);
    s.effect = mean_of(s.gap + before, during) * c->scale;
    s.rmspe_before = root_mean_square(s.gap, before, 0, 0);
    s.perfect = s.rmspe_before <= PERFECT_WITHIN;
    s.rmspe_before *= c->scale;
    s.rmspe_during = root_mean_square(s.gap + before, during, 0, 0) * c->scale;
    s.effective_controls = 1 / pl_dot(s.weights, s.weights, n);
    for (size_t t = 0; t < c->n_times; t++) {
        s.actual[t] = c->treated[t] * c->scale + c->level[t];
        s.gap[t] *= c->scale;
        s.synthetic[t] = s.actual[t] - s.gap[t];
    }
    *out = s;
    return PL_OK;
}

/* The weights on the controls, at least 0 and of sum 1, that come closest to the treated units' mean before
 * the treatment, and the gaps that they leave. The exact optimum; where the controls reproduce the treated
 * exactly there may be others (`perfect`).
 * Statuses: pl_panel_centre, pl_simplex_fit. Source: Abadie, Diamond and Hainmueller 2010,
 * doi:10.1198/jasa.2009.ap08746, without covariates. Check: Proposition 99, -19.513629768420127 in
 * tests/unit/stats/test_synthetic_control.c. */
PlStatus pl_synthetic_control(const PlPanelMatrix *panel, PlArena *arena, PlSyntheticControl *out) {
    Setup setup;
    PlStatus status = set_up(panel, arena, &setup);
    return status == PL_OK ? fit_treated(&setup, arena, out) : status;
}

/* Scratch of one thread. */
typedef struct {
    PlSimplexWork work;
    bool *barred;
    size_t *order;
    double *weights, *series, *cross, *gap;
} Bench;

static PlStatus make_benches(const PlPanelCentred *c, size_t threads, PlArena *arena, Bench **out) {
    Bench *benches = *out = pl_arena_take(arena, threads, sizeof *benches);
    PlStatus status = benches ? PL_OK : PL_NO_MEMORY;
    for (size_t i = 0; i < threads && status == PL_OK; i++) {
        Bench *b = &benches[i];
        status = pl_simplex_work(arena, c->n_controls, c->n_before, &b->work);
        b->barred = pl_arena_take(arena, c->n_controls, sizeof *b->barred);
        b->order = pl_arena_sizes(arena, c->n_controls);
        b->weights = pl_arena_doubles(arena, c->n_controls);
        b->cross = pl_arena_doubles(arena, c->n_controls);
        b->series = pl_arena_doubles(arena, c->n_times);
        b->gap = pl_arena_doubles(arena, c->n_times);
        if (!b->barred || !b->order || !b->weights || !b->series || !b->cross || !b->gap)
            status = PL_NO_MEMORY;
    }
    return status;
}

/* The group's mean takes the treated units' place, and its members leave the controls; the products of the
 * mean are means of products. */
static PlStatus fit_placebo(const Setup *setup, const PlPlacebos *groups, size_t index, Bench *b) {
    const PlPanelCentred *c = &setup->panel;
    size_t n = c->n_controls, size = groups->size;
    double share = 1 / (double)size;
    pl_placebo_group(groups, index, b->order);
    for (size_t t = 0; t < c->n_times; t++)
        b->series[t] = 0;
    for (size_t u = 0; u < n; u++) {
        b->barred[u] = false;
        b->cross[u] = 0;
    }
    for (size_t k = 0; k < size; k++) {
        const double *control = c->controls + b->order[k] * c->n_times;
        const double *products = setup->before.gram + b->order[k] * n;
        b->barred[b->order[k]] = true;
        for (size_t t = 0; t < c->n_times; t++)
            b->series[t] += share * control[t];
        for (size_t u = 0; u < n; u++)
            b->cross[u] += share * products[u];
    }
    PlSimplexTask task = {
        .cloud = &setup->before, .barred = b->barred, .target = b->series, .cross = b->cross};
    for (size_t k = 0; k < size; k++)
        task.target_square += share * b->cross[b->order[k]];
    PlStatus status = pl_simplex_fit(&task, &b->work, b->weights);
    if (status == PL_OK)
        find_gap(c, &b->work, b->weights, b->series, b->gap);
    return status;
}

static int side_of(PlAlternative alternative) {
    return alternative == PL_GREATER ? 1 : alternative == PL_LESS ? -1 : 0;
}

static PlStatus run_placebos(const Setup *setup, const PlInferenceOptions *options, PlArena *arena,
                             PlSyntheticPlacebos *out) {
    const PlPanelCentred *c = &setup->panel;
    PlSyntheticPlacebos p = {.groups = pl_placebos(c->n_controls, c->n_treated, options)};
    size_t count = p.groups.count, before = c->n_before, during = c->n_times - before;
    bool parallel = count * c->n_controls * c->n_times >= PL_PARALLEL_FROM;
    int threads = parallel ? options->threads : 1, side = side_of(options->alternative);
    Bench *benches = NULL;
    PlStatus status = make_benches(c, (size_t)threads, arena, &benches);
    p.effect = pl_arena_doubles(arena, count);
    p.ratio = pl_arena_doubles(arena, count);
    if (status == PL_OK && (!p.effect || !p.ratio))
        status = PL_NO_MEMORY;
    if (status != PL_OK)
        return status;
#pragma omp parallel for if (parallel) num_threads(threads) schedule(dynamic, 8)
    for (size_t i = 0; i < count; i++) {
        Bench *b = &benches[omp_get_thread_num()];
        PlStatus own = fit_placebo(setup, &p.groups, i, b);
        double rmspe = own == PL_OK ? root_mean_square(b->gap, before, 0, 0) : NAN;
        p.effect[i] = own == PL_OK ? mean_of(b->gap + before, during) * c->scale : NAN;
        p.ratio[i] =
            rmspe <= PERFECT_WITHIN ? INFINITY : root_mean_square(b->gap + before, during, 0, side) / rmspe;
    }
    for (size_t i = 0; i < count; i++)
        if (isnan(p.effect[i]))
            return PL_NO_CONVERGENCE;
    *out = p;
    return PL_OK;
}

static bool options_hold(const PlInferenceOptions *options) {
    return options->conf_level > 0 && options->conf_level < 1 && options->threads >= 1 &&
           options->resamples <= PL_RESAMPLES_MAX;
}

/* The effects and RMSPE ratios of groups of as many controls as there are treated units, each fitted by the
 * controls outside of the group; the treated units are left out, as an effect would spoil them. With
 * options->alternative, gaps during on the other side of 0 count as 0 in the ratio. No group when there are
 * not more controls than treated units. The same for any number of threads.
 * PL_BAD_ARGUMENT: an option out of its range; else as pl_synthetic_control. */
PlStatus pl_synthetic_placebos(const PlPanelMatrix *panel, const PlInferenceOptions *options, PlArena *arena,
                               PlSyntheticPlacebos *out) {
    if (!options_hold(options))
        return PL_BAD_ARGUMENT;
    Setup setup;
    PlStatus status = set_up(panel, arena, &setup);
    return status == PL_OK ? run_placebos(&setup, options, arena, out) : status;
}

/* How far the effect may lie from the estimate before fewer than `count` placebos have as large a ratio: the
 * gaps during, less the effect, must keep a mean square of at most `square`. */
typedef struct {
    double low, high;
    bool empty;
} Accepted;

static Accepted accept_both(const double *gap, size_t n, double square) {
    double mean = mean_of(gap, n), spread = root_mean_square(gap, n, mean, 0);
    double room = square - spread * spread;
    return room < 0 ? (Accepted){.empty = true}
                    : (Accepted){.low = mean - sqrt(room), .high = mean + sqrt(room)};
}

/* The least effect for which the gaps above it have no more than that. `sorted` ascends; it may be negated
 * for the other side. */
static double accept_from(const double *sorted, size_t n, double square) {
    double total = square * (double)n;
    for (size_t k = 1; k <= n; k++) {
        const double *above = sorted + n - k; /* the k largest */
        double mean = mean_of(above, k), spread = root_mean_square(above, k, mean, 0);
        double room = total / (double)k - spread * spread, low = mean - sqrt(fmax(0, room));
        if (k == n || low >= above[-1])
            return fmin(low, *above);
    }
    return -INFINITY;
}

/* The effects that the placebo test does not reject: those that leave a ratio of at most the largest that is
 * allowed, `ratio`. */
static PlStatus accept(const PlSyntheticControl *fit, const PlPanelMatrix *panel, PlAlternative alternative,
                       double ratio, PlArena *arena, Accepted *out) {
    size_t n = panel->n_times - panel->n_before;
    double *gap = pl_arena_doubles(arena, n), sign = alternative == PL_LESS ? -1 : 1;
    if (!gap)
        return PL_NO_MEMORY;
    for (size_t t = 0; t < n; t++)
        gap[t] = sign * (fit->gap[panel->n_before + t] / fit->rmspe_before);
    if (alternative == PL_TWO_SIDED) {
        *out = accept_both(gap, n, ratio * ratio);
        out->low *= fit->rmspe_before;
        out->high *= fit->rmspe_before;
        return PL_OK;
    }
    pl_sort(gap, n);
    double limit = sign * accept_from(gap, n, ratio * ratio) * fit->rmspe_before;
    *out = alternative == PL_GREATER ? (Accepted){.low = limit, .high = INFINITY}
                                     : (Accepted){.low = -INFINITY, .high = limit};
    out->empty = !(out->low <= fit->effect && fit->effect <= out->high);
    return PL_OK;
}

static const char no_placebos[] =
    "There are not more controls than treated units, so no placebo can be formed.";
static const char perfect_fit[] = "The synthetic control equals the treated before the treatment, so the "
                                  "placebo ratio has no meaning; with "
                                  "more times before, or fewer controls, it would not.";
static const char too_few_placebos[] = "There are too few placebos: even the smallest possible p-value is "
                                       "above 1 - confidence, so that no effect "
                                       "can be ruled out.";
static const char perfect_placebos[] =
    "Too many placebos are equal to their synthetic controls before the treatment, so that their ratio is "
    "infinite and no effect can be ruled out.";
static const char no_constant_effect[] =
    "No constant effect fits the gaps during: they vary more than those of the placebos do, and the "
    "estimate itself would be rejected.";

static PlStatus infer(const PlPanelMatrix *panel, const PlInferenceOptions *options, PlArena *arena,
                      const PlSyntheticControl *fit, const PlSyntheticPlacebos *placebos, PlAnswerRow *row) {
    size_t count = placebos->groups.count, during = panel->n_times - panel->n_before, extreme = 0;
    double total = (double)count + 1;
    row->in.statistic =
        root_mean_square(fit->gap + panel->n_before, during, 0, side_of(options->alternative)) /
        fit->rmspe_before;
    row->in.has |= PL_HAS_STATISTIC;
    for (size_t i = 0; i < count; i++)
        extreme += placebos->ratio[i] >= row->in.statistic * (1 - PL_TIE_TOLERANCE);
    double p = (1 + (double)extreme) / total;
    size_t allowed = (size_t)pl_count_at_level(1 - options->conf_level, total);
    Accepted set = {.low = -INFINITY, .high = INFINITY};
    double largest = allowed ? pl_select(placebos->ratio, count, count - allowed) : INFINITY;
    if (isfinite(largest)) {
        PlStatus status = accept(fit, panel, options->alternative, largest, arena, &set);
        if (status != PL_OK)
            return status;
    }
    double grain = 1e-10 * (fabs(fit->effect) + fit->rmspe_during);
    pl_set_interval(&row->in, options, p, set.low, set.high, grain);
    bool open = set.low == -INFINITY && set.high == INFINITY;
    if (set.empty || open) {
        row->lacks = PL_LACKS_INTERVAL;
        row->reason = set.empty ? no_constant_effect : allowed ? perfect_placebos : too_few_placebos;
    }
    return PL_OK;
}

static void report(PlAnswerRow *row, const PlPanelMatrix *panel, const PlSyntheticControl *fit,
                   const PlSyntheticPlacebos *placebos) {
    size_t count = placebos->groups.count;
    pl_answer_figure(row, "rmspe_before", fit->rmspe_before);
    pl_answer_figure(row, "rmspe_during", fit->rmspe_during);
    if (!fit->perfect)
        pl_answer_figure(row, "rmspe_ratio", fit->rmspe_during / fit->rmspe_before);
    pl_answer_figure(row, "synthetic_during",
                     mean_of(fit->synthetic + panel->n_before, panel->n_times - panel->n_before));
    pl_answer_figure(row, "effective_controls", fit->effective_controls);
    pl_answer_figure(row, "n_controls", (double)panel->n_controls);
    pl_answer_figure(row, "n_treated", (double)pl_panel_treated(panel));
    pl_answer_figure(row, "n_before", (double)panel->n_before);
    pl_answer_figure(row, "n_during", (double)(panel->n_times - panel->n_before));
    pl_answer_figure(row, "n_placebos", (double)count);
    if (count)
        pl_answer_figure(row, "smallest_p", 1 / ((double)count + 1));
    row->in.resamples = placebos->groups.all ? 0 : count;
    if (count > 1) {
        double mean = mean_of(placebos->effect, count);
        row->in.std_error = root_mean_square(placebos->effect, count, mean, 0);
        row->in.has |= PL_HAS_STD_ERROR;
    }
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlPanelMatrix panel;
    PlSyntheticControl fit;
    PlSyntheticPlacebos placebos;
    PlStatus status = pl_panel_matrix(sample, answer, &panel);
    if (status == PL_OK)
        status = pl_synthetic_control(&panel, answer->arena, &fit);
    if (status == PL_OK)
        status = pl_synthetic_placebos(&panel, &options->inference, answer->arena, &placebos);
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.estimate = fit.effect, .n = sample->rows};
    report(row, &panel, &fit, &placebos);
    if (placebos.groups.count == 0 || fit.perfect) {
        row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = fit.perfect ? perfect_fit : no_placebos;
        return PL_OK;
    }
    pl_answer_note(answer,
                   "p is the place of the treated among the placebos by the ratio of the errors during "
                   "to those before; it cannot be smaller than smallest_p. The interval holds the "
                   "constant effects that the same test does not reject; std_error is the spread of "
                   "the placebos' effects and goes into neither.");
    if (!placebos.groups.all)
        pl_answer_note(answer, "Placebos are random groups of as many controls as there are treated units.");
    return infer(&panel, &options->inference, answer->arena, &fit, &placebos, row);
}

const PlMethod pl_method_synthetic_control = {
    .id = "synthetic_control",
    .title = "Synthetic control",
    .family = pl_family_panel,
    .estimates =
        "mean difference during the treatment between the treated units' mean and its synthetic control",
    .assumes =
        "Some weighted average of the controls that follows the treated before the treatment would have "
        "gone on to follow them. Controls are not affected by the treatment. For the p-value: the "
        "treated might as well have been any of the controls.",
    .use =
        "One or a few treated units, many controls and a long time before. Not where the treated lie outside "
        "of the range of the controls (rmspe_before is large: use synthetic_did), nor with fewer than 20 "
        "placebos for a 95 % interval.",
    .formula =
        "w = argmin sum over times before of (y1 - sum w_j y_j)^2, w >= 0, sum w = 1, exactly\n"
        "effect = mean over times during of (y1 - sum w_j y_j)\n"
        "ratio = RMSPE during / RMSPE before; the same for each control (or group of them) as a placebo, "
        "fitted by the other controls\n"
        "p = (1 + #{placebo ratio >= ratio}) / (1 + placebos)\n"
        "interval = effects e for which y1 - e during has p > 1 - confidence\n"
        "one-sided: only gaps on the side of the alternative count in the RMSPE during",
    .source =
        "Abadie, Diamond and Hainmueller 2010, doi:10.1198/jasa.2009.ap08746; interval: Firpo and Possebom "
        "2018, doi:10.1515/jci-2016-0026; one-sided: Abadie 2021, doi:10.1257/jel.20191450",
    .check =
        "California's Proposition 99, outcomes only: -19.5136 at the exact optimum (the R package synthdid, "
        "which stops early: -19.6197), ratio 12.4400, third of 39: p = .0769",
    .min_n = 4,
    .roles = pl_panel_matrix_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_RESAMPLES,
    .design = PL_DESIGN_PANEL,
    .run = run,
};
