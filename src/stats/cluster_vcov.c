/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_vcov.h"

#include "pairlift/stats/absorb.h"
#include "pairlift/stats/init.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* CR2 and CR3 multiply a cluster's residuals by a power of I - H_gg, H the hat matrix of the whole design,
 * absorbed dummies included. Effects nested in the clusters may be left out of H: within their cluster their
 * part is a projection that X_g, with the effects taken out, is orthogonal to (theorem 2 of Pustejovsky and
 * Tipton). If no other are absorbed, H_gg = X_g B X_g' has the rank of the coefficients and everything is
 * done in tables of n_coef x n_coef (here); else see cluster_crossed.c. */

double pl_leverage_power(double eigenvalue, PlVcov type) {
    double left = 1 - eigenvalue;
    if (left <= PL_LEVERAGE_WITHIN)
        return 0;
    return type == PL_VCOV_CR3 ? 1 / left : 1 / sqrt(left);
}

PlStatus pl_eigen_symmetric(double *table, size_t n, double *values, double *vectors, double *work) {
    pl_stats_init();
    gsl_eigen_symmv_workspace workspace = {n, work, work + n, work + 2 * n, work + 3 * n};
    gsl_matrix_view a = gsl_matrix_view_array(table, n, n), v = gsl_matrix_view_array(vectors, n, n);
    gsl_vector_view d = gsl_vector_view_array(values, n);
    return gsl_eigen_symmv(&a.matrix, &d.vector, &v.matrix, &workspace) ? PL_NO_CONVERGENCE : PL_OK;
}

/* out = B (sum of s s' over clusters) B, or without B when the scores have it already. */
static void sum_scores(const double *score, size_t n_clusters, size_t k, double factor, double *out) {
    for (size_t g = 0; g < n_clusters; g++)
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++)
                out[i * k + j] += factor * score[g * k + i] * score[g * k + j];
}

/* Each cluster's B X_g' e_g. */
static PlStatus plain_scores(const PlClusterFit *fit, PlArena *arena, double *score) {
    size_t k = fit->n_coef;
    double *raw = pl_arena_doubles(arena, k);
    if (!raw)
        return PL_NO_MEMORY;
    for (size_t c = 0; c < k; c++)
        for (size_t r = 0; r < fit->rows; r++)
            score[fit->cluster[r] * k + c] += fit->x[c][r] * fit->residuals[r];
    for (size_t g = 0; g < fit->n_clusters; g++) {
        memcpy(raw, score + g * k, k * sizeof *raw);
        for (size_t i = 0; i < k; i++) {
            score[g * k + i] = 0;
            for (size_t j = 0; j < k; j++)
                score[g * k + i] += fit->bread[i * k + j] * raw[j];
        }
    }
    return PL_OK;
}

/* True when every level of the set occurs in one cluster only. */
static bool is_nested(const PlVariable *set, const PlClusterFit *fit, size_t *owner) {
    memset(owner, 0, set->n_levels * sizeof *owner);
    for (size_t r = 0; r < fit->rows; r++) {
        size_t level = set->levels[r], cluster = fit->cluster[r] + 1;
        if (owner[level] == 0)
            owner[level] = cluster;
        if (owner[level] != cluster)
            return false;
    }
    return true;
}

PlStatus pl_cluster_nested(const PlClusterFit *fit, PlArena *arena, bool *nested) {
    for (size_t s = 0; s < fit->n_absorbed; s++) {
        size_t *owner = pl_arena_sizes(arena, fit->absorbed[s].n_levels);
        if (!owner)
            return PL_NO_MEMORY;
        nested[s] = is_nested(&fit->absorbed[s], fit, owner);
    }
    return PL_OK;
}

/* The factor of CR1 or CR1S. Dummies nested in the clusters are no parameters there: within a cluster they
 * cost what the clustering has paid for. */
static PlStatus small_sample_factor(const PlClusterFit *fit, PlVcov type, const bool *nested, PlArena *arena,
                                    double *factor) {
    double clusters = (double)fit->n_clusters, rows = (double)fit->rows;
    *factor = clusters / (clusters - 1);
    if (type == PL_VCOV_CR1)
        return PL_OK;
    PlVariable *inside = pl_arena_take(arena, fit->n_absorbed, sizeof *inside);
    size_t n_inside = 0, rank_inside = 0;
    if (!inside)
        return PL_NO_MEMORY;
    for (size_t s = 0; s < fit->n_absorbed; s++)
        if (nested[s])
            inside[n_inside++] = fit->absorbed[s];
    PlStatus status = pl_absorb_rank(inside, n_inside, fit->rows, arena, &rank_inside);
    double parameters = (double)fit->rank - (double)rank_inside;
    if (status == PL_OK && rows <= parameters)
        return PL_TOO_FEW;
    *factor *= (rows - 1) / (rows - parameters);
    return status;
}

/* ---- H_gg of the coefficients' rank ---- */

typedef struct {
    size_t k;
    PlVcov type;
    const double *bread;
    double *root; /* L, L L' = B */
    double *gram, *table, *values, *vectors, *work, *image;
    double *sum; /* of q q' over clusters, one table a coefficient, q = X_g' p_g */
} Small;

static bool cholesky(const double *a, size_t n, double *root) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t m = 0; m < j; m++)
                sum -= root[i * n + m] * root[j * n + m];
            if (i == j && !(sum > 0))
                return false;
            root[i * n + j] = i == j ? sqrt(sum) : sum / root[j * n + j];
        }
    return true;
}

static PlStatus take_small(const PlClusterFit *fit, PlVcov type, PlArena *arena, Small *s) {
    size_t k = fit->n_coef;
    *s = (Small){.k = k, .type = type, .bread = fit->bread};
    double *tables = pl_arena_doubles(arena, 6 * k * k + 5 * k + k * k * k);
    if (!tables)
        return PL_NO_MEMORY;
    s->root = tables;
    s->gram = s->root + k * k;
    s->table = s->gram + k * k;
    s->vectors = s->table + k * k;
    s->image = s->vectors + k * k;

    s->values = s->image + k * k;
    s->work = s->values + k;
    s->sum = s->work + 4 * k;
    return cholesky(fit->bread, k, s->root) ? PL_OK : PL_SINGULAR;
}

/* Eigenvalues of L' G L, which are those of H_gg, and its vectors; image = Q' L', so that column c is Q' L'
 * e_c. */
static PlStatus decompose(Small *s) {
    size_t k = s->k;
    memset(s->image, 0, k * k * sizeof *s->image);
    for (size_t i = 0; i < k; i++) /* image = G L for now */
        for (size_t m = 0; m < k; m++)
            for (size_t j = 0; j <= m; j++)
                s->image[i * k + j] += s->gram[i * k + m] * s->root[m * k + j];
    memset(s->table, 0, k * k * sizeof *s->table);
    for (size_t m = 0; m < k; m++)
        for (size_t i = 0; i <= m; i++)
            for (size_t j = 0; j < k; j++)
                s->table[i * k + j] += s->root[m * k + i] * s->image[m * k + j];
    PlStatus status = pl_eigen_symmetric(s->table, k, s->values, s->vectors, s->work);
    memset(s->image, 0, k * k * sizeof *s->image);
    for (size_t j = 0; j < k; j++)
        for (size_t c = 0; c < k; c++)
            for (size_t m = 0; m <= c; m++)
                s->image[j * k + c] += s->vectors[m * k + j] * s->root[c * k + m];
    return status;
}

/* One coefficient at one cluster: p_g = X_g y, y = L Q F Q' L' e_c. In the eigenvectors' coordinates the
 * squares of X_g B e_c are values * image^2. */
static void add_coefficient(Small *s, size_t g, size_t c, const double *raw, PlClusterParts *parts) {
    size_t k = s->k;
    double *y = s->work, *q = s->work + k, share = 0, all = 0, dropped = 0, score = 0;
    memset(y, 0, k * sizeof *y);
    for (size_t j = 0; j < k; j++) {
        double power = pl_leverage_power(s->values[j], s->type), value = s->image[j * k + c];
        double square = s->values[j] * value * value;
        share += power * power * (1 - s->values[j]) * square;
        all += square;
        dropped += power == 0 ? square : 0;
        for (size_t i = 0; i < k; i++)
            y[i] += s->vectors[i * k + j] * power * value;
    }
    for (size_t i = k; i-- > 0;) { /* y = L y */
        double sum = 0;
        for (size_t m = 0; m <= i; m++)
            sum += s->root[i * k + m] * y[m];
        y[i] = sum;
    }
    for (size_t i = 0; i < k; i++) {
        q[i] = 0;
        score += y[i] * raw[i];
        for (size_t m = 0; m < k; m++)
            q[i] += s->gram[i * k + m] * y[m];
    }
    double hat = 0; /* p' H_gg p */
    for (size_t i = 0; i < k; i++) {
        for (size_t m = 0; m < k; m++) {
            hat += q[i] * s->bread[i * k + m] * q[m];
            s->sum[(c * k + i) * k + m] += q[i] * q[m];
        }
    }
    parts->score[g * k + c] = score;
    parts->share[g * k + c] = share;
    parts->all_squares[c] += share * share - hat * hat;
    parts->rests_on_one[c] = parts->rests_on_one[c] || (dropped > PL_LEVERAGE_WITHIN * all &&
                                                        all > PL_SHARE_OF_NOISE * s->bread[c * k + c]);
}

/* Adds what is between clusters: tr((B sum q q')^2). */
static void add_between(const Small *s, size_t c, PlClusterParts *parts) {
    size_t k = s->k;
    double *product = s->table;
    memset(product, 0, k * k * sizeof *product);
    for (size_t i = 0; i < k; i++)
        for (size_t m = 0; m < k; m++)
            for (size_t j = 0; j < k; j++)
                product[i * k + j] += s->bread[i * k + m] * s->sum[(c * k + m) * k + j];
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            parts->all_squares[c] += product[i * k + j] * product[j * k + i];
}

static PlStatus small_parts(const PlClusterFit *fit, PlVcov type, PlArena *arena, PlClusterParts *parts) {
    size_t k = fit->n_coef, n = fit->n_clusters;
    size_t *start = pl_arena_sizes(arena, n + 1), *order = pl_arena_sizes(arena, fit->rows);
    double *raw = pl_arena_doubles(arena, k);
    Small s;
    PlStatus status = take_small(fit, type, arena, &s);
    if (!start || !order || !raw || status != PL_OK)
        return status == PL_OK ? PL_NO_MEMORY : status;
    for (size_t r = 0; r < fit->rows; r++)
        start[fit->cluster[r]]++;
    for (size_t g = 0, before = 0; g <= n; g++) {
        size_t here = g < n ? start[g] : 0;
        start[g] = before;
        before += here;
    }
    for (size_t r = 0; r < fit->rows; r++)
        order[start[fit->cluster[r]]++] = r; /* start now holds the ends */
    for (size_t g = 0; g < n && status == PL_OK; g++) {
        memset(s.gram, 0, k * k * sizeof *s.gram);
        memset(raw, 0, k * sizeof *raw);
        for (size_t at = g ? start[g - 1] : 0; at < start[g]; at++)
            for (size_t i = 0; i < k; i++) {
                double x = fit->x[i][order[at]];
                raw[i] += x * fit->residuals[order[at]];
                for (size_t j = 0; j <= i; j++)
                    s.gram[i * k + j] += x * fit->x[j][order[at]];
            }
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < i; j++)
                s.gram[j * k + i] = s.gram[i * k + j];
        status = decompose(&s);
        for (size_t c = 0; c < k; c++)
            add_coefficient(&s, g, c, raw, parts);
    }
    for (size_t c = 0; c < k; c++)
        add_between(&s, c, parts);
    return status;
}

/* ---- all of them ---- */

static PlStatus iid_vcov(const PlClusterFit *fit, double *vcov, double *df) {
    double squares = 0;
    if (fit->rows <= fit->rank)
        return PL_TOO_FEW;
    for (size_t r = 0; r < fit->rows; r++)
        squares += fit->residuals[r] * fit->residuals[r];
    double left = (double)(fit->rows - fit->rank);
    for (size_t i = 0; i < fit->n_coef * fit->n_coef; i++)
        vcov[i] = fit->bread[i] * (squares / left);
    for (size_t c = 0; c < fit->n_coef; c++)
        df[c] = left;
    return PL_OK;
}

static PlStatus adjusted_vcov(const PlClusterFit *fit, PlVcov type, const bool *nested, PlArena *arena,
                              double *score, double *df) {
    size_t k = fit->n_coef;
    bool crossed = false;
    PlClusterParts parts = {.score = score,
                            .share = pl_arena_doubles(arena, fit->n_clusters * k),
                            .hat = pl_arena_doubles(arena, fit->n_clusters * k),
                            .all_squares = pl_arena_doubles(arena, k),
                            .rests_on_one = pl_arena_take(arena, k, sizeof(bool))};
    if (!parts.share || !parts.hat || !parts.all_squares || !parts.rests_on_one)
        return PL_NO_MEMORY;
    for (size_t s = 0; s < fit->n_absorbed; s++)
        crossed = crossed || !nested[s];
    PlStatus status = crossed ? pl_cluster_crossed(fit, type, nested, arena, &parts)
                              : small_parts(fit, type, arena, &parts);
    for (size_t c = 0; c < k && status == PL_OK; c++) {
        double trace = 0;
        for (size_t g = 0; g < fit->n_clusters; g++)
            trace += parts.share[g * k + c];
        if (type == PL_VCOV_CR2)
            df[c] = parts.all_squares[c] > 0 ? trace * trace / parts.all_squares[c] : 0;
        if (parts.rests_on_one[c])
            df[c] = 0;
    }
    return status;
}

/* Covariance of least-squares coefficients with errors that are correlated within clusters, and the degrees
 * of freedom of each coefficient's t. vcov: [n_coef][n_coef], df: [n_coef], both written.
 * PL_VCOV_IID: s^2 B with rows - rank df, the clusters unused. CR0: the sandwich. CR1: times G / (G - 1).
 * CR1S: also times (rows - 1) / (rows - parameters), where absorbed dummies nested in the clusters are not
 * counted. CR2 (and PL_VCOV_DEFAULT): bias-reduced, exactly unbiased under independent errors of one
 * variance, with Satterthwaite's df = tr(P)^2 / tr(P^2). CR3: the jackknife's (I - H_gg)^-1, without a
 * factor. df of CR0, CR1, CR1S and CR3: n_clusters - 1.
 * Under CR2 and CR3 df 0 says that the coefficient could not be estimated without some one cluster (its
 * leverage is 1, as of the only treated store): how that cluster varies nobody can tell, the variance is too
 * small, and the caller is to give no p-value and interval.
 * Time is of the order of rows n_coef^2 if all absorbed effects are nested in clusters; else see
 * pl_cluster_crossed. The same result for any number of threads.
 * PL_ONE_LEVEL: fewer than two clusters. PL_TOO_FEW: no df left (IID, CR1S). PL_SINGULAR: bread is not
 * positive definite. PL_TOO_LARGE: more than 4096 levels of absorbed effects that are not nested in the
 * clusters, in an unbalanced panel (CR2, CR3). PL_NOT_FINITE, PL_NO_CONVERGENCE, PL_NO_MEMORY.
 * Source: Liang and Zeger 1986, doi:10.1093/biomet/73.1.13; Bell and McCaffrey 2002 (Survey Methodology
 * 28(2), 169-181); Pustejovsky and Tipton 2018, doi:10.1080/07350015.2016.1247004. Check: R's clubSandwich,
 * tests/unit/stats/test_cluster_vcov.c. */
PlStatus pl_cluster_vcov(const PlClusterFit *fit, PlVcov type, PlArena *arena, double *vcov, double *df) {
    size_t k = fit->n_coef;
    type = type == PL_VCOV_DEFAULT ? PL_VCOV_CR2 : type;
    if (type == PL_VCOV_IID)
        return iid_vcov(fit, vcov, df);
    if (fit->n_clusters < 2)
        return PL_ONE_LEVEL;
    PlArenaMark mark = pl_arena_mark(arena);
    double *score = pl_arena_doubles(arena, fit->n_clusters * k), factor = 1;
    bool *nested = pl_arena_take(arena, fit->n_absorbed, sizeof *nested);
    PlStatus status = score && nested ? PL_OK : PL_NO_MEMORY;
    for (size_t c = 0; c < k; c++)
        df[c] = (double)(fit->n_clusters - 1);
    if (status == PL_OK && type != PL_VCOV_CR0 && type != PL_VCOV_CR1)
        status = pl_cluster_nested(fit, arena, nested);
    if (status == PL_OK && (type == PL_VCOV_CR1 || type == PL_VCOV_CR1S))
        status = small_sample_factor(fit, type, nested, arena, &factor);
    if (status == PL_OK && (type == PL_VCOV_CR2 || type == PL_VCOV_CR3))
        status = adjusted_vcov(fit, type, nested, arena, score, df);
    else if (status == PL_OK)
        status = plain_scores(fit, arena, score);
    if (status == PL_OK) {
        memset(vcov, 0, k * k * sizeof *vcov);
        sum_scores(score, fit->n_clusters, k, factor, vcov);
    }
    for (size_t i = 0; status == PL_OK && i < k * k; i++)
        status = isfinite(vcov[i]) ? PL_OK : PL_NOT_FINITE;
    pl_arena_release(arena, mark);
    return status;
}
