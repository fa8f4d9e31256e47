/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/survival.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Survival within this of one half has reached it, as in R: a product of fractions rarely hits it. */
#define HALF_WITHIN 1.4901161193847656e-08

/* One point a distinct time with an event. `cumulated` sums d / (n (n - d)), of which the variance of
 * log S is made (Greenwood). */
static size_t step_through(const PlLifetime *sorted, size_t n, double z, PlSurvivalPoint *points,
                           size_t *n_events) {
    double survival = 1, cumulated = 0;
    size_t n_points = 0;
    *n_events = 0;
    for (size_t i = 0, next; i < n; i = next) {
        size_t events = 0;
        for (next = i; next < n && sorted[next].time == sorted[i].time; next++)
            events += sorted[next].event;
        if (events == 0)
            continue;
        double risk = (double)(n - i), left = (double)(n - i - events);
        *n_events += events;
        survival *= left / risk;
        PlSurvivalPoint *p = &points[n_points++];
        *p = (PlSurvivalPoint){.time = sorted[i].time, .n_risk = n - i, .n_event = events};
        p->survival = survival;
        if (left == 0)
            continue;
        cumulated += (double)events / (risk * left);
        double error = sqrt(cumulated); /* of log S */
        p->std_error = survival * error;
        p->has_interval = true;
        p->low = survival * exp(-z * error);
        p->high = fmin(1, survival * exp(z * error));
    }
    return n_points;
}

typedef enum { SURVIVAL, LOW, HIGH } Which;

static double height(const PlSurvivalPoint *p, Which which) {
    return which == SURVIVAL ? p->survival : which == LOW ? p->low : p->high;
}

/* The time at which the curve or one of its limits comes to one half; where it runs along one half, the
 * middle of that stretch. false: it does not. */
static bool reach_half(const PlSurvivalCurve *c, Which which, double *time) {
    for (size_t i = 0; i < c->n_points; i++) {
        const PlSurvivalPoint *p = &c->points[i];
        if ((which != SURVIVAL && !p->has_interval) || height(p, which) >= .5 + HALF_WITHIN)
            continue;
        *time = p->time;
        if (height(p, which) <= .5 - HALF_WITHIN)
            return true;
        for (size_t k = i + 1; k < c->n_points; k++)
            if ((which == SURVIVAL || c->points[k].has_interval) &&
                height(&c->points[k], which) < height(p, which)) {
                *time = p->time / 2 + c->points[k].time / 2;
                break;
            }
        return true;
    }
    return false;
}

/* The Kaplan-Meier curve of n lifetimes, ascending by time (pl_lifetimes_sort). Estimates the share still
 * without the event after each time, with Greenwood's standard error and an interval on the scale of log S,
 * cut at 1; and the median time with the interval of Brookmeyer and Crowley: the times at which the curve's
 * limits come to one half. The last point has no interval when nobody is left; the median's lower limit is
 * then at most the median. Assumes that leaving observation says nothing about the event.
 * PL_TOO_FEW: n < 1. PL_BAD_ARGUMENT: conf_level.
 * Source: Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452; Brookmeyer and Crowley 1982,
 * doi:10.2307/2530286. Check: R's survfit, tests/unit/stats/test_kaplan_meier.c. */
PlStatus pl_kaplan_meier(const PlLifetime *sorted, size_t n, double conf_level, PlArena *arena,
                         PlSurvivalCurve *out) {
    if (n < 1)
        return PL_TOO_FEW;
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    PlSurvivalPoint *points = pl_arena_take(arena, n, sizeof *points);
    if (!points)
        return PL_NO_MEMORY;
    *out = (PlSurvivalCurve){.n = n, .points = points, .last_time = sorted[n - 1].time};
    double z = gsl_cdf_ugaussian_Qinv((1 - conf_level) / 2);
    out->n_points = step_through(sorted, n, z, points, &out->n_events);
    out->has_median = reach_half(out, SURVIVAL, &out->median);
    out->has_median_low = reach_half(out, LOW, &out->median_low);
    if (!reach_half(out, HIGH, &out->median_high))
        out->median_high = INFINITY;
    if (out->has_median && !out->has_median_low) {
        out->has_median_low = true;
        out->median_low = out->median;
    }
    return PL_OK;
}

/* The mean of min(time, horizon), in the unit of time: the area under the curve up to `horizon`, which may be
 * beyond the last time (the curve then goes on as it ended). Its variance adds, over the events, the square
 * of the area that is left times d / (n (n - d)). Check: R's print(survfit, rmean), see above. */
void pl_restricted_mean(const PlSurvivalCurve *curve, double horizon, double *mean, double *std_error) {
    double area = 0, variance = 0, until = horizon;
    for (size_t i = curve->n_points; i-- > 0;) { /* backwards: the area left after each event */
        const PlSurvivalPoint *p = &curve->points[i];
        if (p->time >= horizon)
            continue;
        area += p->survival * (until - p->time);
        until = p->time;
        double risk = (double)p->n_risk, events = (double)p->n_event;
        if (risk > events)
            variance += area * area * events / (risk * (risk - events));
    }
    *mean = area + until;
    *std_error = sqrt(variance);
}

/* ---- the rows of the answer ---- */

static PlStatus add_median(PlAnswer *answer, const char *label, const PlSurvivalCurve *curve, double horizon,
                           double conf_level) {
    PlAnswerRow *row = pl_answer_add(answer, label);
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.conf_level = conf_level, .n = curve->n};
    row->lacks = PL_LACKS_P;
    if (curve->has_median)
        row->in.estimate = curve->median;
    else
        row->lacks |= PL_LACKS_ESTIMATE;
    if (curve->has_median_low) {
        row->in.conf_low = curve->median_low;
        row->in.conf_high = curve->median_high;
    } else
        row->lacks |= PL_LACKS_INTERVAL;
    if (!curve->has_median)
        row->reason = "the median is not reached: more than half are still without the event at the end";
    else if (isinf(curve->median_high))
        row->reason = "the upper limit is not reached";
    double mean, std_error;
    pl_restricted_mean(curve, horizon, &mean, &std_error);
    pl_answer_figure(row, "events", (double)curve->n_events);
    pl_answer_figure(row, "restricted_mean", mean);
    pl_answer_figure(row, "restricted_mean_se", std_error);
    pl_answer_figure(row, "horizon", horizon);
    return PL_OK;
}

static PlStatus add_point(PlAnswer *answer, const char *label, const PlSurvivalPoint *p, double conf_level) {
    PlAnswerRow *row = pl_answer_add(answer, label);
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.estimate = p->survival, .conf_level = conf_level, .n = p->n_risk};
    row->lacks = PL_LACKS_P;
    if (p->has_interval) {
        row->in.conf_low = p->low;
        row->in.conf_high = p->high;
        row->in.std_error = p->std_error;
        row->in.has = PL_HAS_STD_ERROR;
    } else {
        row->lacks |= PL_LACKS_INTERVAL;
        row->reason = "nobody is left, so the survival is 0 without an interval";
    }
    pl_answer_figure(row, "time", p->time);
    pl_answer_figure(row, "n_risk", (double)p->n_risk);
    pl_answer_figure(row, "n_event", (double)p->n_event);
    return PL_OK;
}

/* A curve for each group; the lifetimes of a group keep their order. */
static PlStatus make_curves(const PlLifetime *all, size_t n, size_t n_groups, double conf_level,
                            PlArena *arena, PlSurvivalCurve *curves) {
    PlLifetime *own = pl_arena_take(arena, n, sizeof *own);
    if (!own)
        return PL_NO_MEMORY;
    PlStatus status = PL_OK;
    for (size_t g = 0; g < n_groups && status == PL_OK; g++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++)
            if (all[i].group == g)
                own[m++] = all[i];
        status = pl_kaplan_meier(own, m, conf_level, arena, &curves[g]);
    }
    return status;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    const PlVariable *group = &sample->roles[PL_GROUP];
    size_t n_groups = group->name ? group->n_levels : 1;
    double nothing = 0, conf_level = options->inference.conf_level, horizon = 0;
    PlLifetime *all = NULL;
    PlStatus status = pl_check_paired(&nothing, 1, 1, &options->inference);
    if (status == PL_OK)
        status = pl_lifetimes_read(sample, answer, &all);
    if (status != PL_OK)
        return status;
    PlSurvivalCurve *curves = pl_arena_take(answer->arena, n_groups, sizeof *curves);
    if (!curves)
        return PL_NO_MEMORY;
    status = make_curves(all, sample->rows, n_groups, conf_level, answer->arena, curves);
    for (size_t g = 0; g < n_groups && status == PL_OK; g++)
        horizon = fmax(horizon, curves[g].last_time);
    for (size_t g = 0; g < n_groups && status == PL_OK; g++)
        status = add_median(answer, group->name ? group->labels[g] : "all", &curves[g], horizon, conf_level);
    for (size_t g = 0; g < n_groups && status == PL_OK; g++)
        for (size_t i = 0; i < curves[g].n_points && status == PL_OK; i++)
            status =
                add_point(answer, group->name ? group->labels[g] : "all", &curves[g].points[i], conf_level);
    pl_answer_note(answer, "first the median time of each group, then the share without the event after each "
                           "time; restricted means go up to the last time of all groups");
    return status;
}

const PlMethod pl_method_kaplan_meier = {
    .id = "kaplan_meier",
    .title = "Kaplan-Meier survival curve",
    .family = pl_family_survival,
    .estimates = "median time to the event of each group; then the share without the event after each time",
    .assumes = "Those who leave observation early are neither more nor less likely to have the event.",
    .use = "For times until churn, a reorder or a sale, of which some have not come yet. To compare groups, "
           "use logrank.",
    .formula = "S(t) = product over times up to t of (n - d) / n, n at risk, d events\n"
               "std_error = S sqrt(sum of d / (n (n - d))), interval = S exp(-+ z std_error / S), cut at 1\n"
               "median = first time with S at most 1/2, its limits where the curve's limits are\n"
               "restricted_mean = area under S up to the last time",
    .source = "Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452; Brookmeyer and Crowley 1982, "
              "doi:10.2307/2530286",
    .check = "228 patients with lung cancer: median 310, interval [285, 363], restricted mean 376.2747 (R "
             "survfit)",
    .min_n = 1,
    .roles = pl_survival_roles,
    .run = run,
};
