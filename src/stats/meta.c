/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/meta.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/method.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* The scatter that equal estimates show by rounding alone, in parts of their squared z. */
#define EQUAL_WITHIN (64 * DBL_EPSILON)

/* Weighted mean with weights 1 / ((se / unit)^2 + extra): `extra` is the variance between the studies in
 * squared units of the smallest error, so that no weight over- or underflows. */
typedef struct {
    double mean, total, squares; /* of the weights, squares: sum of w^2 */
} Pooled;

static Pooled pool(const double *x, const double *se, size_t k, double unit, double extra) {
    Pooled p = {0};
    for (size_t i = 0; i < k; i++) {
        double ratio = se[i] / unit, w = 1 / (ratio * ratio + extra);
        p.total += w;
        p.squares += w * w;
        p.mean += (x[i] - p.mean) * (w / p.total); /* a running mean does not overflow */
    }
    return p;
}

/* Sum of squared deviations in units of each study's error. */
static double scatter(const double *x, const double *se, size_t k, double unit, double extra, double mean) {
    double sum = 0;
    for (size_t i = 0; i < k; i++) {
        double ratio = se[i] / unit, z = (x[i] - mean) / unit;
        sum += z * z / (ratio * ratio + extra);
    }
    return sum;
}

/* Estimate, test and interval by z (df 0) or by t. */
static PlStatus infer(double estimate, double se, double df, size_t k, const PlInferenceOptions *options,
                      PlInference *out) {
    double statistic = estimate / se, tail = pl_tail_level(options);
    double quantile = df > 0 ? pl_student_quantile(tail, df) : gsl_cdf_ugaussian_Qinv(tail);
    double above = df > 0 ? pl_student_tail(statistic, df) : gsl_cdf_ugaussian_Q(statistic);
    double below = df > 0 ? pl_student_tail(-statistic, df) : gsl_cdf_ugaussian_P(statistic);
    if (!isfinite(statistic) || !isfinite(quantile * se) || !isfinite(fabs(estimate) + fabs(quantile * se)))
        return PL_NOT_FINITE;
    *out = (PlInference){.estimate = estimate,
                         .std_error = se,
                         .statistic = statistic,
                         .df = df,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | (df > 0 ? PL_HAS_DF : 0),
                         .n = k};
    pl_set_interval(out, options, pl_tail_p(options->alternative, above, below), estimate - quantile * se,
                    estimate + quantile * se, LIMIT_ROUNDING * (fabs(estimate) + se));
    return PL_OK;
}

static PlStatus check(const double *x, const double *se, size_t k, const PlInferenceOptions *options,
                      double *unit) {
    PlStatus status = pl_check_paired(x, k, 1, options);
    if (status != PL_OK)
        return status;
    *unit = INFINITY;
    for (size_t i = 0; i < k; i++) {
        if (!isfinite(se[i]))
            return PL_NOT_FINITE;
        if (!(se[i] > 0))
            return PL_NOT_POSITIVE;
        *unit = fmin(*unit, se[i]);
    }
    return PL_OK;
}

/* The two models with a variance between the studies; `extra` in squared units. */
static PlStatus random_effects(const double *x, const double *se, size_t k, double unit, double extra,
                               const PlInferenceOptions *options, PlMeta *out) {
    double df = (double)(k - 1);
    Pooled p = pool(x, se, k, unit, extra);
    double random_se = unit / sqrt(p.total);
    PlStatus status = infer(p.mean, random_se, 0, k, options, &out->random);
    if (status != PL_OK)
        return status;
    if (k >= 3) {
        double spread = hypot(random_se, unit * sqrt(extra));
        double margin = pl_student_quantile((1 - options->conf_level) / 2, df - 1) * spread;
        if (!isfinite(p.mean - margin) || !isfinite(p.mean + margin))
            return PL_NOT_FINITE;
        out->pred_low = p.mean - margin;
        out->pred_high = p.mean + margin;
    }
    double q = scatter(x, se, k, unit, extra, p.mean), size = fabs(p.mean) / random_se;
    if (q <= EQUAL_WITHIN * EQUAL_WITHIN * size * size || q == 0)
        out->hartung_knapp_status = PL_NO_VARIANCE;
    else
        out->hartung_knapp_status =
            infer(p.mean, random_se * sqrt(q / df), df, k, options, &out->hartung_knapp);
    return PL_OK;
}

/* Pools k estimates (any unit) with their standard errors (the same unit, above 0): the inverse-variance
 * mean (fixed), DerSimonian and Laird's random effects, and Hartung and Knapp's error for them (t with k - 1
 * degrees of freedom, not kept from falling below the fixed one). p-values and intervals by
 * options->alternative; the prediction interval is two-sided, t with k - 2 (Higgins and others 2009).
 * Assumes independent studies whose standard errors are known. One study: only `fixed`, the others
 * PL_TOO_FEW. Studies that agree exactly: no Hartung-Knapp, PL_NO_VARIANCE.
 * PL_TOO_FEW: k < 1. PL_NOT_POSITIVE: a standard error. PL_NOT_FINITE: an input, or a result that overflows.
 * Source: DerSimonian and Laird 1986, doi:10.1016/0197-2456(86)90046-2; Hartung and Knapp 2001,
 * doi:10.1002/sim.1009; Higgins and Thompson 2002, doi:10.1002/sim.1186; Higgins, Thompson and Spiegelhalter
 * 2009, doi:10.1111/j.1467-985X.2008.00552.x. Check: R's metafor on 13 trials of the BCG vaccine,
 * tests/unit/stats/test_meta.c. */
PlStatus pl_meta(const double *estimates, const double *std_errors, size_t k,
                 const PlInferenceOptions *options, PlMeta *out) {
    double unit;
    PlStatus status = check(estimates, std_errors, k, options, &unit);
    if (status != PL_OK)
        return status;
    PlMeta m = {.q_p = 1, .h = 1, .pred_low = NAN, .pred_high = NAN};
    m.random_status = m.hartung_knapp_status = PL_TOO_FEW;
    Pooled p = pool(estimates, std_errors, k, unit, 0);
    status = infer(p.mean, unit / sqrt(p.total), 0, k, options, &m.fixed);
    if (status == PL_OK && k >= 2) {
        double df = (double)(k - 1), q = scatter(estimates, std_errors, k, unit, 0, p.mean);
        double rest = p.total - p.squares / p.total, extra = fmax(0, (q - df) / rest);
        if (!isfinite(q) || !isfinite(extra) || !isfinite(extra * unit * unit))
            return PL_NOT_FINITE;
        m.q = q;
        m.q_p = gsl_cdf_chisq_Q(q, df);
        m.h = fmax(1, sqrt(q / df));
        m.i_squared = fmax(0, (q - df) / q);
        m.tau_squared = extra * unit * unit;
        status = m.random_status = random_effects(estimates, std_errors, k, unit, extra, options, &m);
    }
    if (status == PL_OK)
        *out = m;
    return status;
}

static void add_heterogeneity(PlAnswerRow *row, const PlMeta *m) {
    pl_answer_figure(row, "q", m->q);
    pl_answer_figure(row, "q_p", m->q_p);
    pl_answer_figure(row, "i_squared", m->i_squared);
    pl_answer_figure(row, "h", m->h);
    pl_answer_figure(row, "tau_squared", m->tau_squared);
}

static PlStatus add_row(PlAnswer *answer, const char *term, const PlInference *in, PlStatus status,
                        const PlMeta *m) {
    PlAnswerRow *row = pl_answer_add(answer, term);
    if (!row)
        return PL_NO_MEMORY;
    row->status = status;
    if (status != PL_OK) {
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = status == PL_TOO_FEW ? "one study says nothing about how much studies differ"
                                           : "the studies agree exactly, so their scatter gives no error";
        return PL_OK;
    }
    row->in = *in;
    if (in->n < 2)
        row->reason = "one study: its own estimate, nothing is pooled";
    else
        add_heterogeneity(row, m);
    return PL_OK;
}

static PlStatus run_meta(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                         PlAnswer *answer) {
    (void)method;
    PlMeta m;
    const PlVariable *x = &sample->roles[PL_X], *se = &sample->roles[PL_SE];
    PlStatus status = pl_meta(x->values, se->values, sample->rows, &options->inference, &m);
    if (status != PL_OK)
        return pl_answer_refuse(answer, status, status == PL_NOT_POSITIVE ? se->name : NULL);
    status = add_row(answer, "fixed", &m.fixed, PL_OK, &m);
    if (status == PL_OK)
        status = add_row(answer, "random", &m.random, m.random_status, &m);
    if (status == PL_OK && isfinite(m.pred_low)) {
        pl_answer_figure(&answer->rows[1], "pred_low", m.pred_low);
        pl_answer_figure(&answer->rows[1], "pred_high", m.pred_high);
    }
    if (status == PL_OK)
        status = add_row(answer, "hartung_knapp", &m.hartung_knapp, m.hartung_knapp_status, &m);
    if (status == PL_OK && m.hartung_knapp_status == PL_OK && m.hartung_knapp.std_error < m.random.std_error)
        pl_answer_note(answer, "The studies agree better than chance would have it, which makes the "
                               "Hartung-Knapp error smaller than the random-effects one: go by the wider.");
    return status;
}

static const PlRoleUse meta_roles[] = {
    {PL_X, false, "estimate of each study"},
    {PL_SE, false, "standard error of each estimate"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_meta = {
    .id = "meta",
    .title = "Meta-analysis: fixed, random effects, Hartung-Knapp",
    .family = pl_family_pooling,
    .estimates = "mean effect over the studies, in three rows",
    .assumes =
        "Studies are independent, and their standard errors are known. fixed: one true effect for all. "
        "random and hartung_knapp: true effects scatter normally around the mean.",
    .use = "To pool past experiments. hartung_knapp is the one to go by for a handful of studies; random "
           "rejects "
           "too often there, fixed whenever the studies truly differ (i_squared, q_p). pred_low and "
           "pred_high say where the effect of the next study is to be expected.",
    .formula = "fixed: w = 1 / se^2, mean = sum w x / sum w, error = (sum w)^(-1/2), normal\n"
               "Q = sum w (x - mean)^2, i_squared = max(0, (Q - k + 1) / Q), h = (1 - i_squared)^(-1/2)\n"
               "tau_squared = max(0, (Q - k + 1) / (sum w - sum w^2 / sum w))\n"
               "random: the same mean and error with w = 1 / (se^2 + tau_squared), normal\n"
               "hartung_knapp: error^2 = sum w (x - mean)^2 / ((k - 1) sum w), Student's t with k - 1\n"
               "prediction interval = mean -+ t quantile (k - 2) * (error^2 + tau_squared)^(1/2)",
    .source = "DerSimonian and Laird 1986, doi:10.1016/0197-2456(86)90046-2; Hartung and Knapp 2001, "
              "doi:10.1002/sim.1009; Higgins and Thompson 2002, doi:10.1002/sim.1186; Higgins, Thompson and "
              "Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x",
    .check = "13 trials of the BCG vaccine: fixed -.4303, random -.7141 (error .1787), Hartung-Knapp error "
             ".1807, Q 152.23, tau_squared .3088 (R metafor)",
    .roles = meta_roles,
    .takes = PL_TAKES_ALTERNATIVE,
    .min_n = 1,
    .run = run_meta,
};
