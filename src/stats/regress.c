/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/regress.h"

#include "pairlift/stats/absorb.h"
#include "pairlift/stats/cluster_vcov.h"
#include "pairlift/stats/dd.h"
#include "pairlift/stats/duality.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/least_squares.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

/* The quantile's and the tail's rounding in a limit that should be 0, in parts of the estimate and its error.
 */
#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* Absorbing leaves this many times the rounding that a column itself has. */
#define ABSORBED_NOISE 100

/* Residuals within this part of the outcome are its rounding, and that of taking means out. */
#define FITTED_WITHIN (64 * DBL_EPSILON)

/* Below this many degrees of freedom Satterthwaite's approximation is known to be rough (Pustejovsky and
 * Tipton 2018, section 4). */
enum { DF_TO_TRUST = 4 };

static const char perfect_reason[] =
    "the columns give the outcome exactly, so there is no spread left to judge the coefficient by";
static const char alone_reason[] = "without one of the clusters the coefficient could not be estimated, so "
                                   "how much it varies cannot be told";

/* The regression's columns times powers of two, so that no square of them can overflow. */
typedef struct {
    const PlRegression *r;
    size_t k, intercept; /* coefficients; the intercept's place, k: none */
    const char **term, **name;
    int *exponent, y_exponent;
    double **column; /* [k + 1], y last: powers rounded, effects taken out */
    PlDesignColumn *design;
    double y_norm, y_spread; /* before effects were taken out */
    size_t rank;             /* with the absorbed effects */
    PlLeastSquares fit;
    double df_residual;
    double *std_error, *df; /* [k], scaled as the columns are */
} Work;

static double norm_of(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* A scaled copy; NaN or an infinity: PL_NOT_FINITE. */
static PlStatus scaled(const double *x, size_t n, PlArena *arena, double **copy, int *exponent) {
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return PL_NOT_FINITE;
        largest = fmax(largest, fabs(x[i]));
    }
    frexp(largest, exponent);
    *exponent = -*exponent;
    *copy = pl_arena_doubles(arena, n);
    for (size_t i = 0; *copy && i < n; i++)
        (*copy)[i] = ldexp(x[i], *exponent);
    return *copy ? PL_OK : PL_NO_MEMORY;
}

static PlStatus load_column(Work *w, size_t c, const PlVariable *variable, PlArena *arena) {
    size_t rows = w->r->rows;
    unsigned power = variable->power > 1 ? variable->power : 1;
    w->name[c] = variable->name;
    PlStatus status = scaled(variable->values, rows, arena, &w->column[c], &w->exponent[c]);
    if (status != PL_OK)
        return status;
    w->design[c] = (PlDesignColumn){.values = w->column[c], .power = power};
    if (power == 1)
        return PL_OK;
    double *raised = pl_arena_doubles(arena, rows);
    if (!raised)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < rows; i++)
        raised[i] = pl_dd_power(pl_dd(w->column[c][i]), power).high;
    w->column[c] = raised;
    w->exponent[c] *= (int)power;
    return PL_OK;
}

static PlStatus load_ones(Work *w, PlArena *arena) {
    size_t c = w->intercept;
    w->name[c] = w->term[c] = "(Intercept)";
    w->column[c] = pl_arena_doubles(arena, w->r->rows);
    for (size_t i = 0; w->column[c] && i < w->r->rows; i++)
        w->column[c][i] = 1;
    return w->column[c] ? PL_OK : PL_NO_MEMORY;
}

static PlStatus take(Work *w, PlArena *arena) {
    const PlRegression *r = w->r;
    bool intercept = r->intercept && r->n_sets == 0;
    w->k = r->n_columns + intercept;
    w->intercept = !intercept ? w->k : r->intercept_last ? r->n_columns : 0;
    w->term = pl_arena_take(arena, w->k, sizeof *w->term);
    w->name = pl_arena_take(arena, w->k, sizeof *w->name);
    w->exponent = pl_arena_take(arena, w->k, sizeof *w->exponent);
    w->column = pl_arena_take(arena, w->k + 1, sizeof *w->column);
    w->design = pl_arena_take(arena, w->k, sizeof *w->design);
    w->std_error = pl_arena_doubles(arena, w->k);
    w->df = pl_arena_doubles(arena, w->k);
    return w->term && w->name && w->exponent && w->column && w->design && w->std_error && w->df
               ? PL_OK
               : PL_NO_MEMORY;
}

static PlStatus load(Work *w, PlAnswer *answer) {
    const PlRegression *r = w->r;
    PlStatus status = take(w, answer->arena);
    for (size_t c = 0, next = 0; c < w->k && status == PL_OK; c++) {
        if (c == w->intercept) {
            status = load_ones(w, answer->arena);
            continue;
        }
        w->term[c] = r->terms ? r->terms[next] : r->columns[next].name;
        status = load_column(w, c, &r->columns[next++], answer->arena);
        if (status == PL_NOT_FINITE)
            answer->culprit = w->name[c];
    }
    if (status != PL_OK)
        return status;
    status = scaled(r->y.values, r->rows, answer->arena, &w->column[w->k], &w->y_exponent);
    return status == PL_NOT_FINITE ? pl_answer_refuse(answer, status, r->y.name) : status;
}

/* Takes the effects out of all columns; each keeps its norm, for what is left of it may be noise. */
static PlStatus absorb(Work *w, PlArena *arena) {
    const PlRegression *r = w->r;
    if (r->n_sets == 0) {
        w->rank = w->k;
        return PL_OK;
    }
    const double *y = w->column[w->k];
    double mean = 0, squares = 0;
    for (size_t i = 0; i < r->rows; i++)
        mean += y[i] / (double)r->rows;
    for (size_t i = 0; i < r->rows; i++)
        squares += (y[i] - mean) * (y[i] - mean);
    w->y_norm = norm_of(y, r->rows);
    w->y_spread = sqrt(squares);
    for (size_t c = 0; c < w->k; c++)
        w->design[c] = (PlDesignColumn){.values = w->column[c],
                                        .norm_before = ABSORBED_NOISE * norm_of(w->column[c], r->rows)};
    PlStatus status = pl_absorb(r->sets, r->n_sets, r->rows, w->column, w->k + 1, arena, &w->rank);
    w->rank += w->k;
    return status;
}

static PlStatus solve(Work *w, const PlMethodOptions *options, PlAnswer *answer) {
    const PlRegression *r = w->r;
    if (r->rows < w->k)
        return PL_TOO_FEW;
    PlStatus status = pl_least_squares(w->design, w->k, w->column[w->k], r->rows, options->inference.threads,
                                       answer->arena, &w->fit);
    if ((status == PL_SINGULAR || status == PL_NOT_FINITE) && w->fit.culprit < w->k)
        answer->culprit = w->name[w->fit.culprit];
    if (status != PL_OK)
        return status;
    if (r->rows <= w->rank)
        return PL_TOO_FEW;
    w->df_residual = (double)(r->rows - w->rank);
    if (r->n_sets == 0)
        w->y_norm = w->fit.y_norm;
    if (w->fit.residual_norm <= FITTED_WITHIN * w->y_norm)
        w->fit.perfect = true;
    double spread = r->n_sets ? w->y_spread : w->intercept < w->k ? w->fit.y_spread : w->y_norm;
    return spread <= FITTED_WITHIN * w->y_norm ? pl_answer_refuse(answer, PL_NO_VARIANCE, r->y.name) : PL_OK;
}

/* df 0 marks a coefficient that rests on one cluster. CR0 and CR1 do not see that, and their error is then
 * close to 0: CR2 is asked. */
static PlStatus cluster_errors(Work *w, PlVcov type, int threads, PlArena *arena) {
    size_t k = w->k;
    const PlRegression *r = w->r;
    double *vcov = pl_arena_doubles(arena, k * k), *df = pl_arena_doubles(arena, k);
    if (!vcov || !df)
        return PL_NO_MEMORY;
    PlClusterFit fit = {.rows = r->rows,
                        .n_coef = k,
                        .x = (const double *const *)w->column,
                        .residuals = w->fit.residuals,
                        .bread = w->fit.bread,
                        .cluster = r->cluster->levels,
                        .n_clusters = r->cluster->n_levels,
                        .absorbed = r->sets,
                        .n_absorbed = r->n_sets,
                        .rank = w->rank,
                        .threads = threads};
    bool sees = type == PL_VCOV_CR2 || type == PL_VCOV_CR3;
    PlStatus status = sees ? PL_OK : pl_cluster_vcov(&fit, PL_VCOV_CR2, arena, vcov, df);
    if (status == PL_OK)
        status = pl_cluster_vcov(&fit, type, arena, vcov, w->df);
    for (size_t c = 0; c < k && status == PL_OK; c++) {
        w->std_error[c] = sqrt(fmax(0, vcov[c * k + c]));
        if (!sees && !(df[c] > 0))
            w->df[c] = 0;
    }
    return status;
}

static PlStatus errors(Work *w, PlVcov type, const PlMethodOptions *options, PlAnswer *answer) {
    if (w->fit.perfect)
        return PL_OK;
    if (type != PL_VCOV_IID) {
        PlStatus status = cluster_errors(w, type, options->inference.threads, answer->arena);
        if (status == PL_ONE_LEVEL)
            answer->culprit = w->r->cluster->name;
        return status;
    }
    for (size_t c = 0; c < w->k; c++) {
        w->std_error[c] = w->fit.residual_norm / sqrt(w->df_residual) * w->fit.unit_error[c];
        w->df[c] = w->df_residual;
    }
    return PL_OK;
}

/* ---- the answer ---- */

static void lack(PlAnswerRow *row, const char *reason) {
    row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
    row->reason = reason;
}

static PlStatus fill_row(const Work *w, size_t c, const PlInferenceOptions *options, PlAnswerRow *row) {
    int exponent = (c == w->intercept ? 0 : w->exponent[c]) - w->y_exponent;
    double estimate = ldexp(w->fit.coef[c], exponent), std_error = ldexp(w->std_error[c], exponent);
    row->in = (PlInference){.estimate = estimate, .n = w->r->rows, .conf_level = options->conf_level};
    if (!isfinite(estimate) || !isfinite(std_error))
        return PL_NOT_FINITE;
    if (w->fit.perfect || !(w->df[c] > 0) || !(std_error > 0)) {
        lack(row, w->fit.perfect || w->df[c] > 0 ? perfect_reason : alone_reason);
        return PL_OK;
    }
    double t = w->fit.coef[c] / w->std_error[c], df = w->df[c];
    double margin = pl_student_quantile(pl_tail_level(options), df) * std_error;
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    if (!isfinite(t) || !isfinite(margin) || !isfinite(p)) {
        lack(row, pl_status_text(row->status = PL_NOT_FINITE));
        return PL_OK;
    }
    row->in.std_error = std_error;
    row->in.statistic = t;
    row->in.df = df;
    row->in.has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF;
    pl_set_interval(&row->in, options, p, estimate - margin, estimate + margin,
                    LIMIT_ROUNDING * (fabs(estimate) + std_error));
    return PL_OK;
}

static void add_f(const Work *w, double explained, double unexplained, PlAnswerRow *row) {
    double df = (double)(w->k - (w->intercept < w->k)), f = explained / unexplained * (w->df_residual / df);
    if (df == 0 || !isfinite(f))
        return;
    pl_answer_figure(row, "f_statistic", f);
    pl_answer_figure(row, "f_df", df);
    pl_answer_figure(row, "f_p_value", gsl_cdf_fdist_Q(f, df, w->df_residual));
}

/* Of the whole fit, on its first row. */
static void add_figures(const Work *w, PlVcov type, PlAnswerRow *row) {
    const PlRegression *r = w->r;
    const PlLeastSquares *fit = &w->fit;
    bool centred = w->intercept<w->k, sets = r->n_sets> 0;
    double explained = centred ? fit->explained_centred : fit->explained,
           unexplained = centred ? fit->unexplained_centred : fit->unexplained, rest = unexplained;
    if (sets)
        rest = fit->residual_norm / w->y_spread * (fit->residual_norm / w->y_spread);
    double free = (double)r->rows - (centred || sets ? 1 : 0);
    pl_answer_figure(row, "r_squared", sets ? 1 - rest : explained);
    pl_answer_figure(row, "adj_r_squared", 1 - rest * (free / w->df_residual));
    if (sets)
        pl_answer_figure(row, "r_squared_within", explained);
    double sigma = ldexp(fit->residual_norm / sqrt(w->df_residual), -w->y_exponent);
    if (isfinite(sigma))
        pl_answer_figure(row, "sigma", sigma);
    pl_answer_figure(row, "df_residual", w->df_residual);
    if (type != PL_VCOV_IID)
        pl_answer_figure(row, "n_clusters", (double)r->cluster->n_levels);
    else if (!fit->perfect)
        add_f(w, explained, unexplained, row);
}

static PlStatus fill(const Work *w, PlVcov type, const PlMethodOptions *options, PlAnswer *answer) {
    bool rough = false;
    for (size_t c = 0; c < w->k; c++) {
        PlAnswerRow *row = pl_answer_add(answer, w->term[c]);
        if (!row)
            return PL_NO_MEMORY;
        if (fill_row(w, c, &options->inference, row) != PL_OK)
            return pl_answer_refuse(answer, PL_NOT_FINITE, w->name[c]);
        rough = rough || (!row->lacks && row->in.df < DF_TO_TRUST && type == PL_VCOV_CR2);
        if (c == 0)
            add_figures(w, type, row);
    }
    if (rough)
        pl_answer_note(answer,
                       "There are fewer than 4 degrees of freedom for some coefficients: the clusters "
                       "are few, or uneven, and p-values and intervals are rough.");
    return PL_OK;
}

const char pl_regress_formula[] =
    "b = (X'X)^-1 X'x by QR in double-double; absorbed effects are taken out of all columns before\n"
    "without clusters: se = sigma * sqrt((X'X)^-1_jj), t with rows - rank degrees of freedom\n"
    "with clusters: CR2, e_g times (I - H_gg)^(-1/2) in each cluster g, H of the whole design;\n"
    "  t = b / se with Satterthwaite's df = tr(P)^2 / tr(P^2)\n"
    "interval = b -+ t quantile * se";

/* Least squares of regression->y on its columns and, without sets, an intercept, as one row a coefficient in
 * the unit of y by unit of the column; figures of the whole fit on the first row. Errors: options->vcov, by
 * default CR2 with Satterthwaite's df given clusters, else those of independent errors of one variance.
 * R^2 is about the mean given an intercept or sets, else about 0, as in R. A perfect fit, and a coefficient
 * that rests on one cluster, lack p-value and interval.
 * PL_BAD_ARGUMENT: nothing to regress on, clustered errors without clusters, an inference option out of
 * range. PL_TOO_FEW: rows at most the parameters. PL_NOT_FINITE, PL_SINGULAR (also with the absorbed
 * effects), PL_NO_VARIANCE (of y), PL_ONE_LEVEL (of the clusters): culprit is the column. Else see pl_absorb
 * and pl_cluster_vcov. The same for any number of threads. Source, check: see pl_least_squares and
 * pl_cluster_vcov; tests/unit/stats/test_ols.c. */
PlStatus pl_regress(const PlRegression *r, const PlMethodOptions *options, PlAnswer *answer) {
    pl_stats_init();
    const PlInferenceOptions *in = &options->inference;
    PlVcov type = options->vcov;
    if (type == PL_VCOV_DEFAULT)
        type = r->cluster ? PL_VCOV_CR2 : PL_VCOV_IID;
    if (!(in->conf_level > 0 && in->conf_level < 1) || in->threads < 1)
        return PL_BAD_ARGUMENT;
    if (type != PL_VCOV_IID && !r->cluster)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "vcov");
    if (r->n_columns == 0 && (!r->intercept || r->n_sets))
        return PL_BAD_ARGUMENT;
    Work w = {.r = r};
    PlStatus status = load(&w, answer);
    if (status == PL_OK)
        status = absorb(&w, answer->arena);
    if (status == PL_OK)
        status = solve(&w, options, answer);
    if (status == PL_OK)
        status = errors(&w, type, options, answer);
    return status == PL_OK ? fill(&w, type, options, answer) : status;
}
