/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/bayes_normal.h"
#include "pairlift/stats/student.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/paired.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

/* The quadrature's rounding in a limit that should be 0. */
#define LIMIT_ROUNDING 1e-10

/* E max(0, T - z) for Student's T with df > 1: f(z) (df + z^2) / (df - 1) - z P(T > z). */
static double expected_excess(double z, double df) {
    double density = exp(gsl_sf_lnpoch(df / 2, 0.5) - (df + 1) / 2 * log1p(z * z / df)) / sqrt(df * M_PI);
    return fmax(0, density * (df + z * z) / (df - 1) - z * pl_student_tail(z, df));
}

/* Without a prior: Student's t around the mean, of which `t` (of pl_paired_t) has estimate and interval. */
static void flat(const PlInference *t, PlPosterior *posterior, PlInference *out) {
    double z = t->statistic, se = t->std_error, df = t->df;
    *posterior = (PlPosterior){.prob_win = pl_student_tail(-z, df),
                               .prob_loss = pl_student_tail(z, df),
                               .expected_loss = se * expected_excess(z, df),
                               .expected_loss_control = se * expected_excess(-z, df)};
    *out = *t;
    out->statistic = 0;
    out->has = PL_HAS_DF;
    out->std_error = 0;
    if (df > 2) {
        out->std_error = se * sqrt(df / (df - 2));
        out->has |= PL_HAS_STD_ERROR;
    }
}

static PlStatus shrunk(const PlInference *t, double prior_mean, double prior_sd,
                       const PlInferenceOptions *options, PlArena *arena, PlPosterior *posterior,
                       PlInference *out) {
    double se = t->std_error;
    PlShrunk shape = {t->df, (prior_mean - t->estimate) / se, prior_sd / se, -t->statistic};
    PlShrunkResult r;
    if (!isfinite(shape.centre) || !isfinite(shape.width))
        return PL_NOT_FINITE;
    PlStatus status = pl_shrunk_posterior(&shape, pl_tail_level(options), arena, &r);
    if (status != PL_OK)
        return status;
    double estimate = t->estimate + se * r.mean, low = t->estimate + se * r.low,
           high = t->estimate + se * r.high;
    if (!isfinite(estimate) || !isfinite(low) || !isfinite(high) || !isfinite(se * r.sd))
        return PL_NOT_FINITE;
    *posterior = (PlPosterior){r.above, r.below, se * r.loss_below, se * r.loss_above};
    *out = (PlInference){.estimate = estimate, .std_error = se * r.sd, .has = PL_HAS_STD_ERROR, .n = t->n};
    pl_set_interval(out, options, pl_tail_p(options->alternative, r.below, r.above), low, high,
                    LIMIT_ROUNDING * (fabs(estimate) + se * r.sd));
    return PL_OK;
}

/* The posterior of the mean of n differences d (any unit) that are normal with unknown variance, whose prior
 * is 1 / variance (Jeffreys). The prior of the mean is flat, or normal (prior_mean, prior_sd > 0). estimate:
 * posterior mean; std_error: posterior sd (flat, n = 3: infinite, so there is none); interval: central, or
 * one tail; p_value: posterior probability of an effect on the other side of 0, doubled in a two-sided test.
 * With a flat prior these are interval and p of Student's test, and df is n - 1. PL_TOO_FEW: n < 3 (no
 * posterior mean). PL_NO_VARIANCE: differences equal up to rounding. PL_BAD_ARGUMENT: a prior out of range,
 * also one narrower than 1e-6 of its distance from the data. PL_NOT_FINITE: see pl_check_paired. Source: Box
 * and Tiao 1973, doi:10.1002/9781118033197, section 2.4. Check: R's integrate,
 * tests/unit/stats/test_bayes_normal.c. */
PlStatus pl_bayes_normal_posterior(const double *d, size_t n, double prior_mean, double prior_sd,
                                   const PlInferenceOptions *options, PlArena *arena, PlPosterior *posterior,
                                   PlInference *out) {
    bool has_prior = !isnan(prior_mean) || !isnan(prior_sd);
    PlInference t;
    PlStatus status = pl_check_paired(d, n, 3, options);
    if (status == PL_OK && has_prior && (isinf(prior_mean) || !isfinite(prior_sd) || !(prior_sd > 0)))
        status = PL_BAD_ARGUMENT;
    if (status == PL_OK)
        status = pl_paired_t(d, n, options, arena, &t);
    if (status != PL_OK)
        return status;
    if (has_prior)
        return shrunk(&t, isnan(prior_mean) ? 0 : prior_mean, prior_sd, options, arena, posterior, out);
    flat(&t, posterior, out);
    return PL_OK;
}

PlStatus pl_bayes_normal(const double *d, size_t n, const PlInferenceOptions *options, PlArena *arena,
                         PlInference *out) {
    PlPosterior posterior;
    return pl_bayes_normal_posterior(d, n, NAN, NAN, options, arena, &posterior, out);
}

static PlStatus run_bayes_normal(const PlMethod *method, const PlSample *sample,
                                 const PlMethodOptions *options, PlAnswer *answer) {
    PlPosterior posterior;
    size_t n = sample->rows;
    if (n < method->min_n)
        return PL_TOO_FEW;
    double *d = pl_paired_differences(sample, answer->arena);
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!d || !row)
        return PL_NO_MEMORY;
    PlStatus status = pl_bayes_normal_posterior(d, n, options->prior_mean, options->prior_sd,
                                                &options->inference, answer->arena, &posterior, &row->in);
    bool has_prior = !isnan(options->prior_mean) || !isnan(options->prior_sd);
    if (has_prior && isnan(options->prior_sd))
        return pl_answer_refuse(answer, PL_NOT_GIVEN, "prior_sd");
    if (status == PL_BAD_ARGUMENT && has_prior)
        return pl_answer_refuse(answer, status, isinf(options->prior_mean) ? "prior_mean" : "prior_sd");
    if (status != PL_OK)
        return status;
    pl_answer_figure(row, "prob_win", posterior.prob_win);
    pl_answer_figure(row, "prob_loss", posterior.prob_loss);
    pl_answer_figure(row, "expected_loss", posterior.expected_loss);
    pl_answer_figure(row, "expected_loss_control", posterior.expected_loss_control);
    if (has_prior) {
        pl_answer_figure(row, "prior_mean", isnan(options->prior_mean) ? 0 : options->prior_mean);
        pl_answer_figure(row, "prior_sd", options->prior_sd);
    }
    return PL_OK;
}

const PlMethod pl_method_bayes_normal = {
    .id = "bayes_normal",
    .title = "Bayesian normal model",
    .family = pl_family_paired,
    .estimates = "posterior mean of the mean difference",
    .assumes =
        "Pairs are independent; differences are normal with unknown variance; and the prior, where there is "
        "one, was chosen without the data.",
    .use =
        "For a decision: prob_win is the probability that the promotion helps, expected_loss what choosing "
        "it "
        "costs on average where it does not, in the unit of the effect. Without --prior-sd the prior is "
        "flat, "
        "and interval and p are those of paired_t. A normal prior (--prior-mean, 0 by default, --prior-sd), "
        "say from past experiments, pulls few noisy pairs towards it.",
    .formula =
        "flat prior: mean + s / sqrt n * Student's t with n - 1 degrees of freedom\n"
        "normal prior: density of the mean in proportion to (1 + n (mean - m)^2 / ((n - 1) s^2))^(-n/2) "
        "times the prior's, integrated numerically to 1e-12\n"
        "p = 2 min(prob_win, prob_loss); interval: central, equal tails\n"
        "expected_loss = E max(0, -mean), expected_loss_control = E max(0, mean)",
    .source = "Box and Tiao 1973, Bayesian Inference in Statistical Analysis, section 2.4, "
              "doi:10.1002/9781118033197",
    .check =
        "Darwin's 15 pairs of maize, flat: prob_win .9751485, interval [.03119, 41.83547]; with a prior, and "
        "the losses, against R integrate",
    .roles = pl_paired_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_PRIOR,
    .design = PL_DESIGN_PAIRS,
    .min_n = 3,
    .run = run_bayes_normal,
    .test = pl_bayes_normal,
    .point = pl_point_mean,
};
