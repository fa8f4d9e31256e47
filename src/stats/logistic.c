/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/logistic.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/rates.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

/* Rounding of a limit that should be 0, in parts of the estimate and its error. */
#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* Below this many clusters their errors are too small on average. */
enum { CLUSTERS_FROM = 30 };

static const char intercept[] = "(Intercept)";

/* The columns of the model: ones, the covariates, and a 0/1 column for each absorbed level but the first. */
typedef struct {
    const double **x;
    const char **names;
    size_t n_coef, n_shown; /* the absorbed come last and are not shown */
} Model;

static PlStatus add_absorbed(const PlSample *sample, PlArena *arena, Model *m) {
    for (size_t a = 0; a < sample->n_absorb; a++)
        for (size_t level = 1; level < sample->absorb[a].n_levels; level++) {
            double *dummy = pl_arena_doubles(arena, sample->rows);
            if (!dummy)
                return PL_NO_MEMORY;
            for (size_t i = 0; i < sample->rows; i++)
                dummy[i] = sample->absorb[a].levels[i] == level;
            m->names[m->n_coef] = sample->absorb[a].name;
            m->x[m->n_coef++] = dummy;
        }
    return PL_OK;
}

static PlStatus make_model(const PlSample *sample, PlAnswer *answer, Model *m) {
    size_t most = 1 + sample->n_on;
    for (size_t a = 0; a < sample->n_absorb; a++)
        most += sample->absorb[a].n_levels;
    double *ones = pl_arena_doubles(answer->arena, sample->rows);
    *m = (Model){pl_arena_take(answer->arena, most, sizeof *m->x),
                 pl_arena_take(answer->arena, most, sizeof *m->names), 0, 0};
    if (!ones || !m->x || !m->names)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++)
        ones[i] = 1;
    m->names[0] = intercept;
    m->x[0] = ones;
    for (size_t j = 0; j < sample->n_on; j++) {
        const PlVariable *on = &sample->on[j];
        for (size_t i = 0; i < sample->rows; i++)
            if (!isfinite(on->values[i]))
                return pl_answer_refuse(answer, PL_NOT_FINITE, on->name);
        m->names[j + 1] = on->name;
        m->x[j + 1] = on->values;
    }
    m->n_coef = m->n_shown = 1 + sample->n_on;
    return add_absorbed(sample, answer->arena, m);
}

static PlStatus outcomes(const PlSample *sample, PlAnswer *answer, double **successes) {
    *successes = pl_arena_doubles(answer->arena, sample->rows);
    if (!*successes)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++) {
        PlRate rate;
        PlStatus status = pl_rate_of_row(sample, i, answer, &rate);
        if (status != PL_OK)
            return status;
        (*successes)[i] = rate.successes;
    }
    return PL_OK;
}

/* Wald's test and interval: by the normal distribution, or by Student's with df > 0. */
static PlStatus fill_row(PlAnswerRow *row, double estimate, double error, double df,
                         const PlInferenceOptions *options) {
    row->in = (PlInference){.estimate = estimate, .n = row->in.n};
    if (!(error > 0))
        return PL_NO_VARIANCE;
    double z = estimate / error, tail = pl_tail_level(options);
    double margin = error * (df > 0 ? pl_student_quantile(tail, df) : gsl_cdf_ugaussian_Qinv(tail));
    double above = df > 0 ? pl_student_tail(z, df) : gsl_cdf_ugaussian_Q(z);
    double below = df > 0 ? pl_student_tail(-z, df) : gsl_cdf_ugaussian_P(z);
    row->in.std_error = error;
    row->in.statistic = z;
    row->in.df = df;
    row->in.has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | (df > 0 ? PL_HAS_DF : 0);
    pl_set_interval(&row->in, options, pl_tail_p(options->alternative, above, below), estimate - margin,
                    estimate + margin, LIMIT_ROUNDING * (fabs(estimate) + error));
    const struct {
        const char *name;
        double log;
    } odds[] = {{"odds_ratio", estimate},
                {"odds_ratio_low", row->in.conf_low},
                {"odds_ratio_high", row->in.conf_high}};
    for (size_t k = 0; k < 3; k++)
        if (isfinite(odds[k].log) && isfinite(exp(odds[k].log)))
            pl_answer_figure(row, odds[k].name, exp(odds[k].log));
    return PL_OK;
}

static PlStatus add_rows(const Model *m, const PlLogisticFit *fit, const double *errors, double df, size_t n,
                         const PlInferenceOptions *options, PlAnswer *answer) {
    size_t first = m->n_shown < m->n_coef && m->n_shown > 1; /* absorbed effects leave no intercept */
    for (size_t j = first; j < m->n_shown; j++) {
        PlAnswerRow *row = pl_answer_add(answer, m->names[j]);
        if (!row)
            return PL_NO_MEMORY;
        row->in.n = n;
        row->status = fill_row(row, fit->coef[j], errors[j], df, options);
        if (row->status != PL_OK) {
            row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
            row->reason = "there are too few clusters on either side of this column for an error";
        }
        if (j > first)
            continue;
        pl_answer_figure(row, "log_likelihood", fit->log_likelihood);
        pl_answer_figure(row, "deviance", fit->deviance);
        pl_answer_figure(row, "null_deviance", fit->null_deviance);
        pl_answer_figure(row, "aic", 2 * (double)m->n_coef - 2 * fit->log_likelihood);
        pl_answer_figure(row, "n_iterations", (double)fit->n_iterations);
    }
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    double nothing = 0, *successes = NULL, df = 0;
    Model m;
    PlLogisticFit fit;
    const PlVariable *cluster = &sample->roles[PL_CLUSTER];
    PlStatus status = pl_check_paired(&nothing, 1, 1, &options->inference);
    if (status == PL_OK)
        status = make_model(sample, answer, &m);
    if (status == PL_OK)
        status = outcomes(sample, answer, &successes);
    if (status != PL_OK)
        return status;
    PlLogisticData data = {
        sample->rows, m.n_coef, m.x, successes, sample->roles[PL_TRIALS].values, options->inference.threads};
    status = pl_logistic_fit(&data, answer->arena, &fit);
    if (status == PL_NO_VARIANCE)
        return pl_answer_refuse(answer, status, sample->roles[PL_X].name);
    if (status == PL_SINGULAR || status == PL_SEPARATION || status == PL_NOT_FINITE)
        return pl_answer_refuse(answer, status, m.names[fit.culprit]);
    if (status != PL_OK)
        return status;
    double *errors = fit.std_error;
    if (cluster->name) {
        errors = pl_arena_doubles(answer->arena, m.n_coef);
        if (!errors)
            return PL_NO_MEMORY;
        status = pl_logistic_cluster_errors(&data, &fit, cluster->levels, cluster->n_levels, answer->arena,
                                            errors);
        if (status != PL_OK)
            return pl_answer_refuse(answer, status, cluster->name);
        df = (double)(cluster->n_levels - 1);
        pl_answer_note(answer, "errors by cluster (CR1), Student's t with clusters - 1 degrees of freedom");
        if (cluster->n_levels < CLUSTERS_FROM)
            pl_answer_note(answer, "fewer than 30 clusters: these errors are too small on average");
    }
    return add_rows(&m, &fit, errors, df, sample->rows, &options->inference, answer);
}

static const PlRoleUse roles[] = {
    {PL_X, false, "0 or 1 a row; with --n the number of successes"},
    {PL_TRIALS, true, "trials that the successes came from"},
    {PL_CLUSTER, true, "stores or customers whose rows depend on each other"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_logistic = {
    .id = "logistic",
    .title = "Logistic regression",
    .family = pl_family_rates,
    .estimates = "change of the log odds a unit of each column; exp of it is the odds ratio",
    .assumes =
        "Log odds are linear in the columns; rows are independent, or with --cluster the clusters are, "
        "of which there are many.",
    .use = "For a rate that depends on several things at once. A column that predicts an outcome perfectly "
           "has no finite coefficient, and is named. --absorb takes up to some dozens of levels: with few "
           "rows a level, the coefficients are drawn away from 0.",
    .formula = "log(p / (1 - p)) = b0 + b1 x1 + ..., by maximum likelihood\n"
               "z = b / std_error, std_error from the inverse information; interval = b -+ z std_error\n"
               "with --cluster: B (sum of u_g u_g') B G / (G - 1), u_g the score of a cluster, B the inverse "
               "information; t with G - 1 degrees of freedom",
    .source = "McCullagh and Nelder 1989, doi:10.1007/978-1-4899-3242-6; separation: Albert and Anderson "
              "1984, doi:10.1093/biomet/71.1.1; clusters: Liang and Zeger 1986, doi:10.1093/biomet/73.1.13",
    .check = "Berkeley's admissions of 1973, men against women: odds ratio 1.84108 (R glm)",
    .min_n = 2,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_ON | PL_TAKES_ABSORB,
    .run = run,
};
