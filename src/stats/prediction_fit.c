/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/prediction_fit.h"

#include "pairlift/stats/logistic.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/root.h"

#include <gsl/gsl_sort_double.h>
#include <math.h>

/* No mean logit of predictions that a double can hold is further from what is observed. */
#define SHIFT_MOST 800

typedef struct {
    const double *logit;
    size_t n;
    double n_yes;
} Shift;

static double share(double logit) {
    return 1 / (1 + exp(-logit));
}

/* Whether predictions that are shifted by `a` are more than what was observed. */
static bool is_too_high(double a, const void *context) {
    const Shift *s = context;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += share(s->logit[i] + a);
    return sum > s->n_yes;
}

static void set_limits(PlPredictionTerm *term, double conf_level) {
    double half = pl_normal_quantile((1 - conf_level) / 2) * term->std_error;
    term->low = term->estimate - half;
    term->high = term->estimate + half;
}

/* The intercept of a logistic regression that takes the logit of the prediction as it is (an offset). */
static PlPredictionTerm in_the_large(const double *logit, size_t n, double n_yes, double conf_level) {
    PlPredictionTerm term = {.status = PL_OK};
    Shift shift = {logit, n, n_yes};
    double information = 0;
    term.estimate = pl_root(is_too_high, &shift, -SHIFT_MOST, SHIFT_MOST);
    for (size_t i = 0; i < n; i++) {
        double p = share(logit[i] + term.estimate);
        information += p * (1 - p);
    }
    term.std_error = 1 / sqrt(information);
    set_limits(&term, conf_level);
    return term;
}

/* The coefficient of the prediction's logit in a logistic regression of the outcome on it. */
static PlPredictionTerm slope_of(const double *logit, const double *outcome, size_t n, double conf_level,
                                 PlArena *arena) {
    PlPredictionTerm term = {.status = PL_OK};
    double *ones = pl_arena_doubles(arena, n);
    if (ones == NULL)
        return (PlPredictionTerm){.status = PL_NO_MEMORY};
    for (size_t i = 0; i < n; i++)
        ones[i] = 1;
    const double *const x[] = {ones, logit};
    PlLogisticData data = {.rows = n, .n_coef = 2, .x = x, .successes = outcome, .threads = 1};
    PlLogisticFit fit;
    term.status = pl_logistic_fit(&data, arena, &fit);
    if (term.status == PL_SINGULAR)
        term.status = PL_NO_VARIANCE;
    if (term.status != PL_OK)
        return term;
    term.estimate = fit.coef[1];
    term.std_error = fit.std_error[1];
    set_limits(&term, conf_level);
    return term;
}

/* Cuts the sorted rows into bins of about equal size; equal predictions stay together. */
static PlStatus cut(const double *predicted, const double *outcome, size_t most, double z, PlArena *arena,
                    PlPredictionFit *out) {
    size_t *order = pl_arena_sizes(arena, out->n), begin = 0;
    out->bins = pl_arena_take(arena, most, sizeof *out->bins);
    if (order == NULL || out->bins == NULL)
        return PL_NO_MEMORY;
    gsl_sort_index(order, predicted, 1, out->n);
    for (size_t k = 1; k <= most; k++) {
        size_t end = k * out->n / most;
        while (end > 0 && end < out->n && predicted[order[end]] == predicted[order[end - 1]])
            end++;
        if (end <= begin)
            continue;
        PlPredictionBin *bin = &out->bins[out->n_bins++];
        double yes = 0;
        for (size_t i = begin; i < end; i++) {
            bin->predicted += predicted[order[i]];
            yes += outcome[order[i]];
        }
        bin->n = end - begin;
        bin->predicted /= (double)bin->n;
        bin->observed = yes / (double)bin->n;
        bin->limits = pl_wilson((PlRate){yes, (double)bin->n}, z);
        begin = end;
    }
    return PL_OK;
}

static PlStatus check(const double *predicted, const double *outcome, size_t n, size_t n_bins,
                      double conf_level) {
    if (!(conf_level > 0 && conf_level < 1) || n_bins < 1)
        return PL_BAD_ARGUMENT;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(predicted[i]))
            return PL_NOT_FINITE;
        if (!(predicted[i] >= 0 && predicted[i] <= 1))
            return PL_NOT_PROBABILITY;
        if (outcome[i] != 0 && outcome[i] != 1)
            return PL_NOT_BINARY;
    }
    return n < 1 ? PL_TOO_FEW : PL_OK;
}

/* The two terms need outcomes of both kinds, and a logit of every prediction. */
static PlStatus fit_terms(const double *predicted, const double *outcome, double conf_level, PlArena *arena,
                          PlPredictionFit *out) {
    PlStatus lack = out->n_yes == 0 || out->n_yes == out->n ? PL_NO_VARIANCE : PL_OK;
    double *logit = pl_arena_doubles(arena, out->n);
    if (logit == NULL)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < out->n; i++) {
        logit[i] = log(predicted[i]) - log1p(-predicted[i]);
        if (!isfinite(logit[i]))
            lack = PL_UNBOUNDED;
    }
    out->in_the_large.status = out->slope.status = lack;
    if (lack != PL_OK)
        return PL_OK;
    out->in_the_large = in_the_large(logit, out->n, (double)out->n_yes, conf_level);
    out->slope = slope_of(logit, outcome, out->n, conf_level, arena);
    return out->slope.status == PL_NO_MEMORY ? PL_NO_MEMORY : PL_OK;
}

/* Calibration of predicted probabilities on rows that they were not fitted to.
 *
 * predicted [n]: probabilities in [0, 1] that the outcome is 1; outcome [n]: 0 or 1, rows independent of one
 * another. Gives the mean prediction beside the share observed; the Brier score; calibration in the large
 * (the shift of all logits that would make the mean right; 0 is right) and the calibration slope (1 is right,
 * below 1 the predictions are too extreme), each with an interval by its information; and at most `n_bins`
 * bins of about equal size, fewer where predictions are equal, with Wilson's interval of the share observed.
 * in_the_large.status and slope.status: PL_NO_VARIANCE: all outcomes, or all predictions, are equal;
 * PL_UNBOUNDED: a prediction is 0 or 1, and no shift would change it; PL_SEPARATION: see pl_logistic_fit. The
 * rest of the answer is there all the same.
 * PL_BAD_ARGUMENT: conf_level outside (0, 1) or no bins. PL_NOT_FINITE, PL_NOT_PROBABILITY: a prediction.
 * PL_NOT_BINARY. PL_TOO_FEW: no rows. PL_NO_MEMORY.
 * Source: Cox 1958, doi:10.1093/biomet/45.3-4.562; Van Calster et al. 2016,
 * doi:10.1016/j.jclinepi.2015.12.005; Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2. Check:
 * R's glm with an offset, script tests/reference/stats/roc.R; tests/unit/stats/test_prediction_fit.c. */
PlStatus pl_prediction_fit(const double *predicted, const double *outcome, size_t n, size_t n_bins,
                           double conf_level, PlArena *arena, PlPredictionFit *out) {
    *out = (PlPredictionFit){.n = n};
    PlStatus status = check(predicted, outcome, n, n_bins, conf_level);
    if (status != PL_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        out->n_yes += outcome[i] == 1;
        out->predicted += predicted[i] / (double)n;
        out->brier += (predicted[i] - outcome[i]) * (predicted[i] - outcome[i]) / (double)n;
    }
    out->observed = (double)out->n_yes / (double)n;
    out->brier_constant = out->observed * (1 - out->observed);
    status = fit_terms(predicted, outcome, conf_level, arena, out);
    if (status != PL_OK)
        return status;
    return cut(predicted, outcome, n_bins < n ? n_bins : n, pl_normal_quantile((1 - conf_level) / 2), arena,
               out);
}
