/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/conformal.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/simplex.h"

#include <float.h>
#include <math.h>

/* As an effect e grows, the series less e during moves along a line, and its projection on the controls' hull
 * along a broken one: between two breaks the same controls have weight, and every residual is linear in e. So
 * the ends of the interval need no grid: each stretch is walked, the kinks of the |residuals| within it
 * found, and between two kinks every window's sum crosses that of the times during at most once. */

/* Sums closer than this, in parts of the largest value, are ties. */
#define SUMS_TIE 1e-13
/* Beyond a break by this much, in parts of the largest value, the next stretch is looked at. */
#define BEYOND_A_BREAK 1e-11
#define SLOPES_TIE     1e-10

typedef struct {
    size_t times, before, during, n_controls;
    double scale, size;    /* values here are divided by `scale`; the largest of them */
    const double *treated; /* [time] */
    PlCloud cloud;         /* controls as points, all times as dimensions */
    PlSimplexWork work;
    double *target, *cross, *weights, *direction, *slope;
    double *u, *du;                /* [time], residuals, and how they change along the walk */
    double *near, *far;            /* [shift], sums of windows at the ends of a segment */
    double *kinks, *enter, *leave; /* [time] */
} Walk;

static PlStatus take_scratch(Walk *w, PlArena *arena) {
    size_t t = w->times, n = w->n_controls;
    double **arrays[] = {&w->target, &w->direction, &w->u,     &w->du,   &w->near,
                         &w->far,    &w->kinks,     &w->enter, &w->leave};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!(*arrays[i] = pl_arena_doubles(arena, t + 1)))
            return PL_NO_MEMORY;
    w->size = DBL_MIN;
    for (size_t i = 0; i < t; i++)
        w->size = fmax(w->size, fabs(w->treated[i]));
    if (n == 0)
        return PL_OK;
    w->cross = pl_arena_doubles(arena, n);
    w->weights = pl_arena_doubles(arena, n);
    w->slope = pl_arena_doubles(arena, n);
    if (!w->cross || !w->weights || !w->slope)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n * t; i++)
        w->size = fmax(w->size, fabs(w->cloud.points[i]));
    return pl_simplex_work(arena, n, t, &w->work);
}

static double mean_of(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

/* Fits w->target by the cloud of the walk, or of the estimate. */
static PlStatus fit(Walk *w, const PlCloud *cloud) {
    for (size_t i = 0; i < cloud->n; i++)
        w->cross[i] = pl_dot(w->target, cloud->points + i * cloud->dim, cloud->dim);
    PlSimplexTask task = {.cloud = cloud,
                          .target = w->target,
                          .cross = w->cross,
                          .target_square = pl_dot(w->target, w->target, cloud->dim)};
    return pl_simplex_fit(&task, &w->work, w->weights);
}

/* Residuals u with `effect` taken off during. */
static PlStatus find_residuals(Walk *w, double effect) {
    for (size_t t = 0; t < w->times; t++)
        w->target[t] = w->treated[t] - (t >= w->before ? effect : 0);
    if (w->n_controls == 0) {
        double mean = mean_of(w->target, w->times);
        for (size_t t = 0; t < w->times; t++)
            w->u[t] = w->target[t] - mean;
        return PL_OK;
    }
    PlStatus status = fit(w, &w->cloud);
    for (size_t t = 0; t < w->times; t++)
        w->u[t] = -w->work.residual[t];
    return status;
}

/* How far the line goes on before a control's weight ends (its slope leads below 0), or begins: the
 * residual's product with it falls below that with the active controls. */
static double stretch_of_controls(const Walk *w) {
    const PlSimplexWork *work = &w->work;
    double length = INFINITY;
    for (size_t k = 0; k < work->n_active; k++)
        if (w->slope[k] * w->size < -SUMS_TIE) /* less is rounding */
            length = fmin(length, w->weights[work->active[k]] / -w->slope[k]);
    const double *anchor = w->cloud.points + work->active[0] * w->times;
    for (size_t i = 0; i < w->n_controls; i++) {
        const double *p = w->cloud.points + i * w->times;
        double now = 0, change = 0;
        for (size_t t = 0; t < w->times && w->weights[i] == 0; t++) {
            now -= w->u[t] * (p[t] - anchor[t]);
            change -= w->du[t] * (p[t] - anchor[t]);
        }
        if (change < -SUMS_TIE * w->size)
            length = fmin(length, fmax(0, now) / -change);
    }
    return length;
}

/* At `effect`: residuals, how they change per unit of effect on the side `sign`, and how far they do so. */
static PlStatus find_stretch(Walk *w, double effect, int sign, double *length) {
    PlStatus status = find_residuals(w, effect);
    *length = INFINITY;
    if (status != PL_OK)
        return status;
    for (size_t t = 0; t < w->times; t++)
        w->du[t] = w->direction[t] = t >= w->before ? -sign : 0;
    if (w->n_controls == 0) {
        double mean = mean_of(w->direction, w->times);
        for (size_t t = 0; t < w->times; t++)
            w->du[t] -= mean;
        return PL_OK;
    }
    pl_simplex_slope(&w->work, w->direction, w->slope);
    for (size_t k = 0; k < w->work.n_active; k++) {
        const double *p = w->cloud.points + w->work.active[k] * w->times;
        for (size_t t = 0; t < w->times; t++)
            w->du[t] -= w->slope[k] * p[t];
    }
    *length = stretch_of_controls(w);
    return PL_OK;
}

/* sums[k] = sum of |u| in the window of the times during shifted by k, less that of the times during
 * themselves (k = 0), and what makes ties of sums that should be equal; `at` steps along the walk. */
static void sum_windows(const Walk *w, double at, double *sums) {
    double sum = 0;
    size_t begin = w->before;
    for (size_t i = begin; i < w->times; i++)
        sum += fabs(w->u[i] + at * w->du[i]);
    double own = sum, tie = SUMS_TIE * (w->size + fabs(at)) * (double)w->during + 10 * SUMS_TIE * own;
    for (size_t k = 0; k < w->times; k++) {
        sums[k] = sum - own + tie;
        size_t out = (begin + k) % w->times, in = (begin + k + w->during) % w->times;
        sum += fabs(w->u[in] + at * w->du[in]) - fabs(w->u[out] + at * w->du[out]);
    }
}

static double share_of(const double *sums, size_t n) {
    size_t count = 0;
    for (size_t k = 0; k < n; k++)
        count += sums[k] >= 0;
    return (double)count / (double)n;
}

static PlStatus p_at(Walk *w, double effect, double *p) {
    PlStatus status = find_residuals(w, effect);
    if (status != PL_OK)
        return status;
    sum_windows(w, 0, w->near);
    *p = share_of(w->near, w->times);
    return PL_OK;
}

/* The farthest point of [from, to] at which at least `need` windows have as large a sum; NaN: nowhere. Their
 * sums are linear here. */
static double farthest_in_segment(Walk *w, double from, double to, size_t need) {
    bool endless = isinf(to);
    double step = endless ? w->size : to - from;
    size_t count = 0, entering = 0, leaving = 0;
    sum_windows(w, from, w->near);
    sum_windows(w, from + step, w->far);
    for (size_t k = 0; k < w->times; k++) {
        double slope = (w->far[k] - w->near[k]) / step;
        bool begins = w->near[k] >= 0, ends = w->far[k] >= 0;
        if (endless)
            ends = fabs(slope) <= SLOPES_TIE ? begins : slope > 0;
        count += ends;
        double crossing = from - w->near[k] / slope;
        if (begins && !ends)
            w->enter[entering++] = crossing;
        if (!begins && ends)
            w->leave[leaving++] = crossing;
    }
    if (count >= need)
        return to;
    pl_sort(w->enter, entering);
    pl_sort(w->leave, leaving);
    while (entering > 0) { /* back from the far end */
        double at = w->enter[--entering];
        for (; leaving > 0 && w->leave[leaving - 1] > at; leaving--)
            count--;
        if (++count >= need)
            return fmin(fmax(at, from), to);
    }
    return NAN;
}

static double farthest_in_stretch(Walk *w, double length, size_t need) {
    size_t kinks = 0;
    for (size_t t = 0; t < w->times; t++) {
        double kink = -w->u[t] / w->du[t];
        if (kink > 0 && kink < length)
            w->kinks[kinks++] = kink;
    }
    pl_sort(w->kinks, kinks);
    double to = length, found = NAN;
    for (size_t i = kinks + 1; i-- > 0 && isnan(found);) {
        double from = i ? w->kinks[i - 1] : 0;
        if (to > from || i == 0)
            found = farthest_in_segment(w, from, fmax(to, from + SUMS_TIE * w->size), need);
        to = from;
    }
    return found;
}

/* The end of the set on one side of `start`, which is in it. Controls and series stay within `size`, so that
 * an effect beyond 4 during size makes the times during, each of at least |effect| - 2 size, stand out before
 * any other window, which has one of them less and at most 2 size more at each time: nothing is accepted
 * there. */
static PlStatus walk(Walk *w, double start, int sign, size_t need, double *end) {
    double at = 0, beyond = BEYOND_A_BREAK * w->size, most = 0;
    double last = w->n_controls ? fabs(start) + 4 * (double)w->during * w->size : INFINITY;
    for (size_t step = 0; step < 100 * (w->times + w->n_controls) + 1000; step++) {
        double length;
        PlStatus status = find_stretch(w, start + sign * at, sign, &length);
        if (status != PL_OK)
            return status;
        double found = length > 0 ? farthest_in_stretch(w, length, need) : NAN;
        if (!isnan(found))
            most = at + found;
        if (at + length >= last) {
            *end = start + sign * most;
            return PL_OK;
        }
        beyond = length <= 4 * beyond ? 4 * beyond : BEYOND_A_BREAK * (w->size + at);
        at += length + beyond;
    }
    return PL_NO_CONVERGENCE;
}

/* The effect that, taken off, leaves residuals during of mean 0 by the fit on all times: least squares in the
 * effect and the weights at once. The times during enter by their deviations from their own mean. */
static PlStatus estimate(Walk *w, PlArena *arena, double *effect) {
    size_t n = w->n_controls, times = w->times, before = w->before;
    if (n == 0) {
        *effect = mean_of(w->treated + before, w->during) - mean_of(w->treated, before);
        return PL_OK;
    }
    double *points = pl_arena_doubles(arena, n * times);
    if (!points)
        return PL_NO_MEMORY;
    for (size_t i = 0; i <= n; i++) { /* the last one is the target */
        const double *from = i < n ? w->cloud.points + i * times : w->treated;
        double *to = i < n ? points + i * times : w->target, mean = mean_of(from + before, w->during);
        for (size_t t = 0; t < times; t++)
            to[t] = from[t] - (t >= before ? mean : 0);
    }
    PlCloud cloud;
    PlStatus status = pl_cloud(points, n, times, arena, &cloud);
    if (status == PL_OK)
        status = fit(w, &cloud);
    if (status != PL_OK)
        return status;
    *effect = mean_of(w->treated + before, w->during);
    for (size_t i = 0; i < n; i++)
        if (w->weights[i] > 0)
            *effect -= w->weights[i] * mean_of(w->cloud.points + i * times + before, w->during);
    return PL_OK;
}

static PlStatus test(Walk *w, double conf_level, PlArena *arena, PlConformal *out) {
    double effect = 0, statistic = 0, low = -INFINITY, high = INFINITY;
    PlConformal c = {.weights = NULL};
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    PlStatus status = estimate(w, arena, &effect);
    if (status == PL_OK && w->n_controls) {
        c.weights = pl_arena_doubles(arena, w->n_controls);
        if (!c.weights)
            return PL_NO_MEMORY;
        for (size_t i = 0; i < w->n_controls; i++)
            c.weights[i] = w->weights[i];
    }
    if (status == PL_OK)
        status = p_at(w, effect, &c.p_at_effect);
    if (status == PL_OK)
        status = p_at(w, 0, &c.p_value);
    for (size_t t = w->before; t < w->times; t++)
        statistic += fabs(w->u[t]);
    size_t need = (size_t)pl_count_at_level(1 - conf_level, (double)w->times) + 1;
    if (status == PL_OK && need > 1 && c.p_at_effect > 1 - conf_level) {
        status = walk(w, effect, -1, need, &low);
        if (status == PL_OK)
            status = walk(w, effect, 1, need, &high);
    }
    if (status != PL_OK)
        return status;
    c.effect = effect * w->scale;
    c.statistic = statistic / sqrt((double)w->during) * w->scale;
    c.low = low * w->scale;
    c.high = high * w->scale;
    c.grain = 1e-9 * (w->size + fabs(effect)) * w->scale;
    *out = c;
    return PL_OK;
}

static PlStatus start_on_panel(const PlPanelMatrix *panel, PlArena *arena, Walk *w) {
    PlPanelCentred c;
    PlStatus status = pl_panel_centre(panel, arena, &c);
    if (status != PL_OK)
        return status;
    *w = (Walk){.times = c.n_times,
                .before = c.n_before,
                .during = c.n_times - c.n_before,
                .n_controls = c.n_controls,
                .scale = c.scale,
                .treated = c.treated};
    status = pl_cloud(c.controls, c.n_controls, c.n_times, arena, &w->cloud);
    return status == PL_OK ? take_scratch(w, arena) : status;
}

static PlStatus start_on_series(const double *y, size_t n_times, size_t n_before, PlArena *arena, Walk *w) {
    double largest = 0, *treated = pl_arena_doubles(arena, n_times);
    if (n_before == 0 || n_before >= n_times)
        return PL_BAD_ARGUMENT;
    if (!treated)
        return PL_NO_MEMORY;
    for (size_t t = 0; t < n_times; t++) {
        if (!(fabs(y[t]) < DBL_MAX / 8))
            return PL_NOT_FINITE;
        largest = fmax(largest, fabs(y[t]));
    }
    int exponent = 0;
    frexp(largest, &exponent);
    *w = (Walk){.times = n_times,
                .before = n_before,
                .during = n_times - n_before,
                .scale = ldexp(1, exponent < -1000 ? -1000 : exponent),
                .treated = treated};
    for (size_t t = 0; t < n_times; t++)
        treated[t] = y[t] / w->scale;
    return take_scratch(w, arena);
}

/* The conformal test of a constant effect on the mean of the treated units, with the weighted average of the
 * controls (weights at least 0, of sum 1, least squares on ALL times with the effect taken off) as what would
 * have been: p is the share of the cyclic shifts of the residuals whose sum of |residuals| in the place of
 * the times during is at least that of the times during themselves. `low` and `high` are the outermost
 * effects that are not rejected, found exactly; infinite when conf_level asks for a smaller p than 1 / times,
 * or when the estimate itself is rejected. PL_BAD_ARGUMENT: conf_level, or as pl_panel_centre.
 * PL_NO_CONVERGENCE: not seen on finite data. Source: Chernozhukov, Wuthrich and Zhu 2021,
 * doi:10.1080/01621459.2021.1920957, with q = 1 and moving blocks. Check: p on a grid by scipy,
 * tests/reference/stats/synthetic.py, tests/unit/stats/test_conformal.c. */
PlStatus pl_conformal(const PlPanelMatrix *panel, double conf_level, PlArena *arena, PlConformal *out) {
    Walk w;
    PlStatus status = start_on_panel(panel, arena, &w);
    return status == PL_OK ? test(&w, conf_level, arena, out) : status;
}

/* The same of one series y [n_times] against its own mean. Check: (1, -.5, .3, .8, -1.1, .2, -.4, .6, -.2, .1
 * | 2.5, 2): p(0) = 1/12, p(2) = 10/12, 90 % [1.03, 3.92] to .01. */
PlStatus pl_conformal_mean(const double *y, size_t n_times, size_t n_before, double conf_level,
                           PlArena *arena, PlConformal *out) {
    Walk w;
    PlStatus status = start_on_series(y, n_times, n_before, arena, &w);
    return status == PL_OK ? test(&w, conf_level, arena, out) : status;
}

PlStatus pl_conformal_p(const PlPanelMatrix *panel, double effect, PlArena *arena, double *p) {
    Walk w;
    PlStatus status = isfinite(effect) ? start_on_panel(panel, arena, &w) : PL_BAD_ARGUMENT;
    return status == PL_OK ? p_at(&w, effect / w.scale, p) : status;
}

PlStatus pl_conformal_mean_p(const double *y, size_t n_times, size_t n_before, double effect, PlArena *arena,
                             double *p) {
    Walk w;
    PlStatus status = isfinite(effect) ? start_on_series(y, n_times, n_before, arena, &w) : PL_BAD_ARGUMENT;
    return status == PL_OK ? p_at(&w, effect / w.scale, p) : status;
}

static const char estimate_rejected[] =
    "No constant effect fits: even with the estimate taken off, the residuals during stand out.";
static const char too_few_times[] = "There are too few times: even the smallest possible p-value is above 1 "
                                    "- confidence, so that no effect can "
                                    "be ruled out.";
static const char no_end[] = "The data allow any value on one side: the interval has no end there.";
static const char hole[] =
    "The effects that are not rejected lie on both sides of 0, which is rejected: they are no interval.";

static void infer(PlAnswerRow *row, const PlConformal *c, const PlInferenceOptions *options, size_t times) {
    PlInferenceOptions both = *options;
    both.alternative = PL_TWO_SIDED;
    pl_set_interval(&row->in, &both, c->p_value, c->low, c->high, c->grain);
    bool rejected = c->p_value <= 1 - options->conf_level;
    const PlInference *in = &row->in;
    if (!(c->p_at_effect > 1 - options->conf_level))
        row->reason = estimate_rejected;
    else if (1 / (double)times > 1 - options->conf_level)
        row->reason = too_few_times;
    else if (isinf(in->conf_low) || isinf(in->conf_high))
        row->reason = no_end;
    else if (rejected && in->conf_low <= 0 && in->conf_high >= 0)
        row->reason = hole;
    if (row->reason)
        row->lacks = PL_LACKS_INTERVAL;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlPanelMatrix panel;
    PlConformal c;
    if (options->inference.threads < 1)
        return PL_BAD_ARGUMENT;
    PlStatus status = pl_panel_matrix(sample, answer, &panel);
    if (status == PL_OK)
        status = pl_conformal(&panel, options->inference.conf_level, answer->arena, &c);
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){
        .estimate = c.effect, .statistic = c.statistic, .has = PL_HAS_STATISTIC, .n = sample->rows};
    infer(row, &c, &options->inference, panel.n_times);
    pl_answer_figure(row, "p_at_estimate", c.p_at_effect);
    pl_answer_figure(row, "smallest_p", 1 / (double)panel.n_times);
    pl_answer_figure(row, "effective_controls", 1 / pl_dot(c.weights, c.weights, panel.n_controls));
    pl_answer_figure(row, "n_controls", (double)panel.n_controls);
    pl_answer_figure(row, "n_treated", (double)pl_panel_treated(&panel));
    pl_answer_figure(row, "n_before", (double)panel.n_before);
    pl_answer_figure(row, "n_during", (double)(panel.n_times - panel.n_before));
    pl_answer_note(answer,
                   "p is the share of cyclic shifts of the residuals that look as extreme; it cannot be "
                   "smaller than smallest_p, which is 1 / times. The interval holds the constant effects "
                   "that the same test does not reject.");
    return PL_OK;
}

const PlMethod pl_method_conformal = {
    .id = "conformal",
    .title = "Conformal test with a synthetic control",
    .family = pl_family_panel,
    .estimates = "constant effect on the treated units' mean during the treatment",
    .assumes =
        "What is left of the treated after the weighted average of controls is stationary over all times: "
        "its order carries no information apart from short-lived dependence. The effect is constant.",
    .use = "One or a few treated units and a long series, where too few controls are there for placebos. Not "
           "with "
           "fewer than 20 times for a 95 % interval, and not where the effect builds up over time.",
    .formula =
        "for an effect e: y1 - e during the treatment; w = argmin sum over ALL times of (y1 - e - sum w_j "
        "y_j)^2, w >= 0, sum w = 1; u = what is left\n"
        "S = sum during of |u| / sqrt(times during)\n"
        "p(e) = share of the cyclic shifts of u whose S is at least that of u\n"
        "interval = all e with p(e) > 1 - confidence, its ends found exactly by following the weights\n"
        "estimate = least squares in e and w at once: then u has mean 0 during",
    .source = "Chernozhukov, Wuthrich and Zhu 2021, doi:10.1080/01621459.2021.1920957",
    .check =
        "Against the own mean, (1, -.5, .3, .8, -1.1, .2, -.4, .6, -.2, .1 | 2.5, 2): p(0) = .08333, p(2) = "
        ".8333, 90 % set [1.03, 3.92] on a .01 grid",
    .min_n = 4,
    .roles = pl_panel_matrix_roles,
    .design = PL_DESIGN_PANEL,
    .run = run,
};
