/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/standardised.h"

#include "pairlift/stats/cluster_vcov.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/least_squares.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* A row with a leverage this close to 1 alone decides a coefficient. */
#define LEVERAGE_WITHIN 1e-10

/* Columns less their means, by their standard deviations; the ones come last. */
typedef struct {
    size_t n, k; /* k without the ones */
    double **column;
    double *sd; /* [k + 1], y last */
    double *y;
    PlLeastSquares fit;
} Work;

static PlStatus standardise(const double *x, size_t n, PlArena *arena, double **out, double *sd) {
    double mean = 0;
    PlStatus status = pl_mean_sd(x, n, &mean, sd);
    if (status == PL_OK && !(*sd > 0))
        status = PL_NO_VARIANCE;
    if (status != PL_OK)
        return status;
    *out = pl_arena_doubles(arena, n);
    for (size_t i = 0; *out && i < n; i++)
        (*out)[i] = (x[i] - mean) / *sd;
    return *out ? PL_OK : PL_NO_MEMORY;
}

static PlStatus load(Work *w, const double *const *x, const double *y, PlArena *arena, size_t *culprit) {
    w->column = pl_arena_take(arena, w->k + 1, sizeof *w->column);
    w->sd = pl_arena_doubles(arena, w->k + 1);
    double *ones = pl_arena_doubles(arena, w->n);
    if (!w->column || !w->sd || !ones)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < w->n; i++)
        ones[i] = 1;
    w->column[w->k] = ones;
    *culprit = w->k;
    PlStatus status = standardise(y, w->n, arena, &w->y, &w->sd[w->k]);
    for (size_t c = 0; c < w->k && status == PL_OK; c++) {
        *culprit = c;
        status = standardise(x[c], w->n, arena, &w->column[c], &w->sd[c]);
    }
    return status;
}

static PlStatus solve(Work *w, PlArena *arena, size_t *culprit) {
    PlDesignColumn *design = pl_arena_take(arena, w->k + 1, sizeof *design);
    if (!design)
        return PL_NO_MEMORY;
    for (size_t c = 0; c <= w->k; c++)
        design[c] = (PlDesignColumn){.values = w->column[c]};
    PlStatus status = pl_least_squares(design, w->k + 1, w->y, w->n, 1, arena, &w->fit);
    *culprit = w->fit.culprit;
    return status;
}

/* MacKinnon and White's HC3: each residual by 1 less its leverage. NaN where one row decides. */
static PlStatus hc3(const Work *w, double *variance, PlArena *arena) {
    size_t m = w->k + 1;
    double *pull = pl_arena_doubles(arena, m);
    if (!pull)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < w->n; i++) {
        double leverage = 0;
        for (size_t a = 0; a < m; a++) {
            pull[a] = 0;
            for (size_t b = 0; b < m; b++)
                pull[a] += w->fit.bread[a * m + b] * w->column[b][i];
            leverage += pull[a] * w->column[a][i];
        }
        bool alone = 1 - leverage < LEVERAGE_WITHIN;
        for (size_t a = 0; a < w->k; a++) {
            double part = pull[a] * w->fit.residuals[i] / (1 - leverage);
            if (!alone)
                variance[a] += part * part;
            else if (pull[a] * pull[a] > LEVERAGE_WITHIN * w->fit.bread[a * m + a])
                variance[a] = NAN;
        }
    }
    return PL_OK;
}

static PlStatus errors(const Work *w, const size_t *cluster, size_t n_clusters, PlArena *arena,
                       double *variance, double *df) {
    size_t m = w->k + 1;
    for (size_t c = 0; c < w->k; c++)
        df[c] = (double)(w->n - m);
    if (!cluster)
        return hc3(w, variance, arena);
    double *vcov = pl_arena_doubles(arena, m * m);
    if (!vcov)
        return PL_NO_MEMORY;
    PlClusterFit fit = {.rows = w->n,
                        .n_coef = m,
                        .x = (const double *const *)w->column,
                        .residuals = w->fit.residuals,
                        .bread = w->fit.bread,
                        .cluster = cluster,
                        .n_clusters = n_clusters,
                        .rank = m,
                        .threads = 1};
    PlStatus status = pl_cluster_vcov(&fit, PL_VCOV_CR2, arena, vcov, df);
    for (size_t c = 0; c < w->k && status == PL_OK; c++)
        variance[c] = df[c] > 0 ? vcov[c * m + c] : NAN;
    return status;
}

static PlBeta coefficient(const Work *w, size_t c, double variance, double df, double conf_level) {
    PlBeta b = {.beta = w->fit.coef[c],
                .raw = w->fit.coef[c] * w->sd[w->k] / w->sd[c],
                .std_error = NAN,
                .df = df,
                .p_value = NAN,
                .conf_low = NAN,
                .conf_high = NAN};
    if (w->fit.perfect || !(variance > 0))
        return b;
    b.std_error = sqrt(variance);
    double t = b.beta / b.std_error, margin = pl_student_quantile((1 - conf_level) / 2, df) * b.std_error;
    b.p_value = 2 * pl_student_tail(fabs(t), df);
    b.conf_low = b.beta - margin;
    b.conf_high = b.beta + margin;
    return b;
}

/* Least squares of y[n] on k columns x[k][n], all less their means and by their standard deviations, so that
 * the coefficients compare: standard deviations of y for one of the column, the others held. The standard
 * deviations are taken as known. Errors: HC3 with n - k - 1 degrees of freedom, good for unequal variances;
 * with clusters (of each row, 0, ..., n_clusters - 1, each occurs) CR2 with Satterthwaite's. A coefficient
 * that rests on one row or cluster, and those of a perfect fit, have no error: NaN.
 * PL_TOO_FEW: n < k + 3 or k < 1. PL_NO_VARIANCE, PL_NOT_FINITE, PL_SINGULAR (a combination of the others):
 * out->culprit is the column, k for y. PL_ONE_LEVEL: one cluster. PL_BAD_ARGUMENT (level), PL_NO_MEMORY.
 * Source: MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7; Pustejovsky and Tipton 2018,
 * doi:10.1080/07350015.2016.1247004. Check: R's lm on scale() with sandwich and clubSandwich,
 * tests/unit/stats/test_standardised.c. */
PlStatus pl_standardised(const double *const *x, size_t k, const double *y, size_t n, const size_t *cluster,
                         size_t n_clusters, double conf_level, PlArena *arena, PlStandardised *out) {
    pl_stats_init();
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    if (k < 1 || n < k + 3)
        return PL_TOO_FEW;
    Work w = {.n = n, .k = k};
    *out = (PlStandardised){
        .k = k, .rows = n, .n_clusters = cluster ? n_clusters : 0, .culprit = k, .r_squared = NAN};
    double *variance = pl_arena_doubles(arena, k + 1), *df = pl_arena_doubles(arena, k + 1);
    out->coef = pl_arena_take(arena, k, sizeof *out->coef);
    if (!variance || !df || !out->coef)
        return PL_NO_MEMORY;
    PlStatus status = load(&w, x, y, arena, &out->culprit);
    if (status == PL_OK)
        status = solve(&w, arena, &out->culprit);
    if (status == PL_OK && !w.fit.perfect)
        status = errors(&w, cluster, n_clusters, arena, variance, df);
    for (size_t c = 0; c < k && status == PL_OK; c++)
        out->coef[c] = coefficient(&w, c, variance[c], df[c], conf_level);
    out->r_squared = w.fit.explained_centred;
    out->adj_r_squared = 1 - w.fit.unexplained_centred * (double)(n - 1) / (double)(n - k - 1);
    return status;
}

/* Cronbach's alpha of k items answered by n people, k / (k - 1) (1 - sum of the items' variances / variance
 * of their sum), and Feldt's interval: (1 - alpha) / (1 - estimate) has an F distribution. Assumes normal
 * scores; on few points of a scale the interval is rough. Items that ask the other way round have to be
 * turned before. PL_TOO_FEW: k < 2 or n < 3. PL_NO_VARIANCE: the sums are all equal. PL_NOT_FINITE,
 * PL_BAD_ARGUMENT (level).
 * Source: Cronbach 1951, doi:10.1007/BF02310555; Feldt 1965, doi:10.1007/BF02289499. Check: R,
 * tests/unit/stats/test_standardised.c. */
PlStatus pl_cronbach_alpha(const double *const *item, size_t k, size_t n, double conf_level,
                           PlReliability *out) {
    pl_stats_init();
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    if (k < 2 || n < 3)
        return PL_TOO_FEW;
    double sum = 0, mean_of_sums = 0, between = 0;
    for (size_t j = 0; j < k; j++) {
        double mean, sd;
        PlStatus status = pl_mean_sd(item[j], n, &mean, &sd);
        if (status != PL_OK)
            return status;
        sum += sd * sd;
        mean_of_sums += mean;
    }
    for (size_t i = 0; i < n; i++) {
        double off = -mean_of_sums;
        for (size_t j = 0; j < k; j++)
            off += item[j][i];
        between += off * off / (double)(n - 1);
    }
    if (!(between > 1e-20 * (sum + mean_of_sums * mean_of_sums)))
        return PL_NO_VARIANCE;
    double factor = (double)k / (double)(k - 1), alpha = factor * (1 - sum / between);
    double a = (double)(n - 1), b = a * (double)(k - 1), tail = (1 - conf_level) / 2;
    *out = (PlReliability){.alpha = alpha,
                           .conf_low = 1 - (1 - alpha) * gsl_cdf_fdist_Qinv(tail, a, b),
                           .conf_high = 1 - (1 - alpha) * gsl_cdf_fdist_Pinv(tail, a, b),
                           .k = k,
                           .n = n};
    return PL_OK;
}
