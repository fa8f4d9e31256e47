/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/least_squares.h"
#include "pairlift/stats/logistic.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Newton's steps double the right digits; near-separated data need one for each power of e of the fitted
 * odds before that. */
enum { STEPS_MAX = 200, HALVINGS_MAX = 40 };

/* A step that moves no fitted logit by more than this part of its terms is the last. */
#define CONVERGED 1e-11

/* Separated outcomes move by about 1 a step for ever, the others by what rounding and the tails of the
 * separated ones leave. From this step on, a direction in which no outcome is worse by more than
 * WORSE_WITHIN of the best is one along which the likelihood has no maximum. */
enum { SEPARATION_FROM = 12 };
#define WORSE_WITHIN    1e-8
#define ROUNDING_WITHIN 1e-13
#define STILL_MOVING    0.1

/* An error by cluster this small beside that of independent rows is the rounding of scores that are 0 in
 * every cluster, as when a column tells two clusters apart: there is nothing to estimate it from. */
#define CLUSTER_NOISE 1e-8

typedef struct {
    const PlLogisticData *data;
    double **x;           /* [n_coef][rows], scaled to about 1 */
    double **weighted;    /* the same times the root of the weight */
    double *target;       /* residual over the root of the weight */
    double *coef, *moved; /* [n_coef] */
    double *logit, *step; /* [rows] */
    PlDesignColumn *design;
} Newton;

static double trials(const PlLogisticData *d, size_t i) {
    return d->trials ? d->trials[i] : 1;
}

/* log(1 / (1 + exp(-logit))), without overflow. */
static double log_share(double logit) {
    return logit < 0 ? logit - log1p(exp(logit)) : -log1p(exp(-logit));
}

static double likelihood(const Newton *s, const double *logit) {
    double sum = 0;
    for (size_t i = 0; i < s->data->rows; i++) {
        double x = s->data->successes[i], failures = trials(s->data, i) - x;
        sum += (x > 0 ? x * log_share(logit[i]) : 0) + (failures > 0 ? failures * log_share(-logit[i]) : 0);
    }
    return sum;
}

/* successes minus expected: neither term is a difference of near equals. */
static double residual(const PlLogisticData *d, size_t i, double logit) {
    double x = d->successes[i];
    return x * exp(log_share(-logit)) - (trials(d, i) - x) * exp(log_share(logit));
}

static PlStatus prepare(Newton *s, PlArena *arena, PlLogisticFit *out) {
    const PlLogisticData *d = s->data;
    size_t k = d->n_coef;
    s->x = pl_arena_take(arena, k, sizeof *s->x);
    s->weighted = pl_arena_take(arena, k, sizeof *s->weighted);
    s->design = pl_arena_take(arena, k, sizeof *s->design);
    s->target = pl_arena_doubles(arena, d->rows);
    s->coef = pl_arena_doubles(arena, k);
    s->moved = pl_arena_doubles(arena, k);
    s->logit = pl_arena_doubles(arena, d->rows);
    s->step = pl_arena_doubles(arena, d->rows);
    out->scale = pl_arena_doubles(arena, k);
    if (!s->x || !s->weighted || !s->design || !s->target || !s->coef || !s->moved || !s->logit || !s->step ||
        !out->scale)
        return PL_NO_MEMORY;
    for (size_t j = 0; j < k; j++) {
        s->x[j] = pl_arena_doubles(arena, d->rows);
        s->weighted[j] = pl_arena_doubles(arena, d->rows);
        if (!s->x[j] || !s->weighted[j])
            return PL_NO_MEMORY;
        double largest = 0;
        for (size_t i = 0; i < d->rows; i++)
            largest = fmax(largest, fabs(d->x[j][i]));
        int exponent = 0;
        frexp(largest, &exponent);
        out->scale[j] = ldexp(1, exponent < -1000 ? 1000 : -exponent);
        for (size_t i = 0; i < d->rows; i++)
            s->x[j][i] = d->x[j][i] * out->scale[j];
        s->design[j] = (PlDesignColumn){.values = s->weighted[j], .power = 1};
    }
    return PL_OK;
}

/* The direction of Newton's next step by least squares on the weighted columns, which does not square their
 * condition as the information matrix would. */
static PlStatus solve(Newton *s, PlArena *arena, PlLeastSquares *fit) {
    const PlLogisticData *d = s->data;
    for (size_t i = 0; i < d->rows; i++) {
        double logit = s->logit[i];
        double root = sqrt(trials(d, i)) * exp((log_share(logit) + log_share(-logit)) / 2);
        s->target[i] = root > 0 ? residual(d, i, logit) / root : 0;
        for (size_t j = 0; j < d->n_coef; j++)
            s->weighted[j][i] = s->x[j][i] * root;
    }
    return pl_least_squares(s->design, d->n_coef, s->target, d->rows, d->threads, arena, fit);
}

/* The largest sum of |x b| over the rows: what a logit's rounding is measured by. */
static double terms(const Newton *s, const double *coef, size_t i) {
    double sum = 0;
    for (size_t j = 0; j < s->data->n_coef; j++)
        sum += fabs(s->x[j][i] * coef[j]);
    return sum;
}

static void logits(const Newton *s, const double *coef, double *out) {
    for (size_t i = 0; i < s->data->rows; i++) {
        out[i] = 0;
        for (size_t j = 0; j < s->data->n_coef; j++)
            out[i] += s->x[j][i] * coef[j];
    }
}

/* Whether the step makes no outcome less likely, and some more: then so do all steps in its direction. */
static bool separates(const Newton *s, const double *direction) {
    double best = 0;
    for (size_t i = 0; i < s->data->rows; i++)
        best = fmax(best, fabs(s->step[i]));
    for (size_t i = 0; i < s->data->rows; i++) {
        double x = s->data->successes[i], of = trials(s->data, i);
        if (of == 0)
            continue;
        double allowed = WORSE_WITHIN * best + ROUNDING_WITHIN * terms(s, direction, i);
        if ((x < of && s->step[i] > allowed) || (x > 0 && s->step[i] < -allowed))
            return false;
    }
    return best > STILL_MOVING;
}

/* The column that varies most along the direction; one that does not vary is the column of ones. */
static size_t most_moved(const Newton *s, const double *direction) {
    size_t most = 0;
    double largest = -1;
    for (size_t j = 0; j < s->data->n_coef; j++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < s->data->rows; i++) {
            low = fmin(low, s->x[j][i]);
            high = fmax(high, s->x[j][i]);
        }
        if ((high - low) * fabs(direction[j]) > largest) {
            largest = (high - low) * fabs(direction[j]);
            most = j;
        }
    }
    return most;
}

/* Goes along the step, half as far as long as that makes the outcomes less likely. */
static PlStatus advance(Newton *s, const double *direction, double *best) {
    double share = 1;
    for (int i = 0; i < HALVINGS_MAX; i++, share /= 2) {
        for (size_t j = 0; j < s->data->n_coef; j++)
            s->moved[j] = s->coef[j] + share * direction[j];
        logits(s, s->moved, s->step);
        double next = likelihood(s, s->step);
        if (next >= *best - 1e-10 * (1 + fabs(*best))) {
            memcpy(s->coef, s->moved, s->data->n_coef * sizeof *s->coef);
            memcpy(s->logit, s->step, s->data->rows * sizeof *s->logit);
            *best = next;
            return PL_OK;
        }
    }
    return PL_NO_CONVERGENCE;
}

static PlStatus iterate(Newton *s, PlArena *arena, PlLogisticFit *out) {
    double best = likelihood(s, s->logit);
    for (size_t n = 1; n <= STEPS_MAX; n++) {
        PlArenaMark mark = pl_arena_mark(arena);
        PlLeastSquares fit = {0};
        PlStatus status = solve(s, arena, &fit);
        out->culprit = fit.culprit;
        if (status != PL_OK)
            return n > 1 && status == PL_SINGULAR ? PL_NO_CONVERGENCE : status;
        logits(s, fit.coef, s->step);
        bool still = true;
        for (size_t i = 0; i < s->data->rows && still; i++)
            still = fabs(s->step[i]) <= CONVERGED * fmax(1, terms(s, s->coef, i));
        if (!still && n >= SEPARATION_FROM && separates(s, fit.coef)) {
            out->culprit = most_moved(s, fit.coef);
            return PL_SEPARATION;
        }
        status = advance(s, fit.coef, &best);
        if (still && status == PL_OK) {
            out->bread = fit.bread;
            out->std_error = fit.unit_error;
            out->log_likelihood = best;
            out->n_iterations = n;
            return PL_OK;
        }
        pl_arena_release(arena, mark);
        if (status != PL_OK)
            return status;
    }
    return PL_NO_CONVERGENCE;
}

/* k log k / n + ..., the likelihood of rows that each have a rate of their own; 0 for one trial a row. */
static double saturated(double successes, double of) {
    double failures = of - successes;
    return (successes > 0 ? successes * log(successes / of) : 0) +
           (failures > 0 ? failures * log(failures / of) : 0);
}

static void fill_likelihoods(const PlLogisticData *d, PlLogisticFit *out) {
    double full = 0, ways = 0, successes = 0, all = 0;
    for (size_t i = 0; i < d->rows; i++) {
        double x = d->successes[i], of = trials(d, i);
        successes += x;
        all += of;
        if (of > 0)
            full += saturated(x, of);
        if (of > 1)
            ways += lgamma(of + 1) - lgamma(x + 1) - lgamma(of - x + 1);
    }
    out->deviance = 2 * (full - out->log_likelihood);
    out->null_deviance = 2 * (full - saturated(successes, all));
    out->log_likelihood += ways;
}

/* Maximum likelihood by Newton's method with step halving. Estimates the change of the log odds of success a
 * unit of each column, with the standard errors of the expected information. Columns are scaled by powers of
 * 2, so their units do not matter. Assumes that log odds are linear in the columns and rows independent.
 * The log-likelihood counts the orders in which the successes of a row could have come, as R does.
 * PL_NO_VARIANCE: all outcomes are equal. PL_SINGULAR: a column is a combination of others. PL_SEPARATION: a
 * combination of columns predicts some outcomes perfectly and spoils none, so that no maximum exists;
 * `culprit` is the column that varies most along it. PL_NO_CONVERGENCE, PL_NO_MEMORY.
 * Source: McCullagh and Nelder 1989, doi:10.1007/978-1-4899-3242-6; separation: Albert and Anderson 1984,
 * doi:10.1093/biomet/71.1.1. Check: R's glm, tests/unit/stats/test_logistic.c. */
PlStatus pl_logistic_fit(const PlLogisticData *data, PlArena *arena, PlLogisticFit *out) {
    double successes = 0, all = 0;
    *out = (PlLogisticFit){0};
    for (size_t i = 0; i < data->rows; i++) {
        successes += data->successes[i];
        all += trials(data, i);
    }
    if (!(all > 0) || data->n_coef > data->rows)
        return PL_TOO_FEW;
    if (successes == 0 || successes == all)
        return PL_NO_VARIANCE;
    Newton s = {.data = data};
    PlStatus status = prepare(&s, arena, out);
    out->residuals = pl_arena_doubles(arena, data->rows);
    if (status != PL_OK || !out->residuals)
        return PL_NO_MEMORY;
    status = iterate(&s, arena, out);
    if (status != PL_OK)
        return status;
    for (size_t i = 0; i < data->rows; i++)
        out->residuals[i] = residual(data, i, s.logit[i]);
    out->coef = s.coef;
    for (size_t j = 0; j < data->n_coef; j++) {
        out->coef[j] *= out->scale[j];
        out->std_error[j] *= out->scale[j];
        if (!isfinite(out->coef[j]) || !isfinite(out->std_error[j])) {
            out->culprit = j;
            return PL_NOT_FINITE;
        }
    }
    fill_likelihoods(data, out);
    return PL_OK;
}

/* Standard errors [n_coef] that hold when rows of a cluster depend on each other: B (sum of u_g u_g') B times
 * G / (G - 1), u_g the sum of residual times x over cluster g and B the inverse information (CR1, as
 * sandwich's vcovCL of a glm). 0: the clusters leave nothing to estimate it from. PL_ONE_LEVEL: n_clusters
 * < 2. PL_NO_MEMORY. Source: Liang and Zeger 1986, doi:10.1093/biomet/73.1.13. Check: see pl_logistic_fit. */
PlStatus pl_logistic_cluster_errors(const PlLogisticData *data, const PlLogisticFit *fit,
                                    const size_t *cluster, size_t n_clusters, PlArena *arena,
                                    double *std_error) {
    size_t k = data->n_coef;
    if (n_clusters < 2)
        return PL_ONE_LEVEL;
    double *score = pl_arena_doubles(arena, n_clusters * k);
    if (!score)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < k; j++)
            score[cluster[i] * k + j] += fit->residuals[i] * (data->x[j][i] * fit->scale[j]);
    double correction = (double)n_clusters / (double)(n_clusters - 1);
    for (size_t j = 0; j < k; j++) {
        double sum = 0;
        for (size_t g = 0; g < n_clusters; g++) {
            double influence = 0;
            for (size_t l = 0; l < k; l++)
                influence += fit->bread[j * k + l] * score[g * k + l];
            sum += influence * influence;
        }
        double error = sqrt(sum * correction) * fit->scale[j];
        std_error[j] = error > CLUSTER_NOISE * fit->std_error[j] ? error : 0;
    }
    return PL_OK;
}
