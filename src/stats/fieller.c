/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/fieller.h"

#include <float.h>
#include <math.h>

/* A variance below this part of the square of the values' size is their rounding. */
#define ROUNDING (64 * DBL_EPSILON * DBL_EPSILON)

static bool all_finite(const double *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

static double largest_of(const double *x, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    return largest;
}

/* What rounding alone makes of equal values is no variance. */
static double without_rounding(double variance, double largest) {
    return variance <= ROUNDING * largest * largest ? 0 : variance;
}

/* Mean and squared deviations of one side of a block. */
typedef struct {
    size_t n;
    double a, b;
    double aa, bb, ab;
} Stratum;

/* Two passes: the means, then the products of the deviations. */
static Stratum stratum_of(const double *a, const double *b, const PlBlocks *blocks, size_t block,
                          bool treated) {
    Stratum s = {0};
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1 && s.n > 0) {
            s.a /= (double)s.n;
            s.b /= (double)s.n;
        }
        for (size_t i = 0; i < blocks->n; i++) {
            if (blocks->block[i] != block || blocks->treated[i] != treated)
                continue;
            if (pass == 0) {
                s.n++;
                s.a += a[i];
                s.b += b[i];
            } else {
                s.aa += (a[i] - s.a) * (a[i] - s.a);
                s.bb += (b[i] - s.b) * (b[i] - s.b);
                s.ab += (a[i] - s.a) * (b[i] - s.b);
            }
        }
    }
    return s;
}

/* The means of two columns over n independent units, and how they vary together. a, b: [n] values of each
 * unit. PL_TOO_FEW: n < 2, there is no variance; `out` then has the means, and NaN. PL_NOT_FINITE: a value.
 * Check: R's mean() and cov() / n, tests/unit/stats/test_fieller.c. */
PlStatus pl_joint_means(const double *a, const double *b, size_t n, PlJointMeans *out) {
    if (!all_finite(a, n) || !all_finite(b, n))
        return PL_NOT_FINITE;
    PlJointMeans m = {.var_a = NAN, .var_b = NAN, .cov = NAN, .df_a = NAN, .df_b = NAN, .df = NAN, .n = n};
    for (size_t i = 0; i < n; i++) {
        m.a += a[i] / (double)n;
        m.b += b[i] / (double)n;
    }
    *out = m;
    if (n < 2)
        return PL_TOO_FEW;
    double aa = 0, bb = 0, ab = 0, scale = (double)n * ((double)n - 1);
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - m.a) * (a[i] - m.a);
        bb += (b[i] - m.b) * (b[i] - m.b);
        ab += (a[i] - m.a) * (b[i] - m.b);
    }
    m.var_a = without_rounding(aa / scale, largest_of(a, n));
    m.var_b = without_rounding(bb / scale, largest_of(b, n));
    m.cov = m.var_a > 0 && m.var_b > 0 ? ab / scale : 0;
    m.df_a = m.df_b = m.df = (double)n - 1;
    *out = m;
    return PL_OK;
}

/* The squares of a side, pooled over its blocks, and the weight that they have in the contrasts' variance. */
typedef struct {
    double aa, bb, ab, df, weight;
} Side;

static Side side_of(const Stratum *strata, const double *share, size_t n_blocks) {
    Side side = {0};
    for (size_t k = 0; k < n_blocks; k++) {
        if (share[k] == 0)
            continue;
        side.aa += strata[k].aa;
        side.bb += strata[k].bb;
        side.ab += strata[k].ab;
        side.df += (double)strata[k].n - 1;
        side.weight += share[k] * share[k] / (double)strata[k].n;
    }
    return side;
}

/* Welch and Satterthwaite's degrees of freedom of a sum of two variances. */
static double welch_df(double v, double df_v, double w, double df_w) {
    if (v + w == 0)
        return df_v + df_w;
    return (v + w) * (v + w) / (v * v / df_v + w * w / df_w);
}

static double residual_variance(const Side *s, double ratio) {
    return fmax(s->weight * (s->aa - 2 * ratio * s->ab + ratio * ratio * s->bb) / s->df, 0);
}

static void combine(const Side *treated, const Side *control, double largest_a, double largest_b,
                    PlJointMeans *m) {
    double scale_t = treated->weight / treated->df, scale_c = control->weight / control->df;
    m->var_a = without_rounding(scale_t * treated->aa + scale_c * control->aa, largest_a);
    m->var_b = without_rounding(scale_t * treated->bb + scale_c * control->bb, largest_b);
    m->cov = m->var_a > 0 && m->var_b > 0 ? scale_t * treated->ab + scale_c * control->ab : 0;
    m->df_a = welch_df(scale_t * treated->aa, treated->df, scale_c * control->aa, control->df);
    m->df_b = welch_df(scale_t * treated->bb, treated->df, scale_c * control->bb, control->df);
    double ratio = m->b != 0 && isfinite(m->a / m->b) ? m->a / m->b : 0;
    m->df = welch_df(residual_variance(treated, ratio), treated->df, residual_variance(control, ratio),
                     control->df);
}

/* The differences of treated and control units in two columns: the mean difference within the blocks, each
 * block with the share that it has of the treated units; a block without one of the sides takes no part. Each
 * side has one variance, pooled over its blocks, so that a block may have a single unit of a side; degrees of
 * freedom by Welch and Satterthwaite (Satterthwaite 1946, doi:10.2307/3002019). PL_TOO_FEW: a side has no
 * block with two units; `out` then has the differences, and NaN. PL_NO_TREATED: no block has both sides.
 * PL_NOT_FINITE, PL_NO_MEMORY. Check: with one block R's t.test of each column,
 * tests/unit/stats/test_fieller.c. */
PlStatus pl_joint_contrasts(const double *a, const double *b, const PlBlocks *blocks, PlArena *arena,
                            PlJointMeans *out) {
    if (!all_finite(a, blocks->n) || !all_finite(b, blocks->n))
        return PL_NOT_FINITE;
    Stratum *treated = pl_arena_take(arena, blocks->n_blocks, sizeof *treated),
            *control = pl_arena_take(arena, blocks->n_blocks, sizeof *control);
    double *share = pl_arena_doubles(arena, blocks->n_blocks), total = 0;
    size_t n_control = 0;
    if (!treated || !control || !share)
        return PL_NO_MEMORY;
    for (size_t k = 0; k < blocks->n_blocks; k++) {
        treated[k] = stratum_of(a, b, blocks, k, true);
        control[k] = stratum_of(a, b, blocks, k, false);
        share[k] = control[k].n > 0 ? (double)treated[k].n : 0;
        n_control += share[k] > 0 ? control[k].n : 0;
        total += share[k];
    }
    if (total == 0)
        return PL_NO_TREATED;
    PlJointMeans m = {.var_a = NAN, .var_b = NAN, .cov = NAN, .df_a = NAN, .df_b = NAN, .df = NAN};
    m.n = (size_t)fmin(total, (double)n_control);
    for (size_t k = 0; k < blocks->n_blocks; k++) {
        share[k] /= total;
        if (share[k] == 0)
            continue;
        m.a += share[k] * (treated[k].a - control[k].a);
        m.b += share[k] * (treated[k].b - control[k].b);
    }
    Side sides[2] = {side_of(treated, share, blocks->n_blocks), side_of(control, share, blocks->n_blocks)};
    *out = m;
    if (sides[0].df < 1 || sides[1].df < 1)
        return PL_TOO_FEW;
    combine(&sides[0], &sides[1], largest_of(a, blocks->n), largest_of(b, blocks->n), &m);
    *out = m;
    return PL_OK;
}

/* The ratio a / b of two means with Fieller's interval: the ratios r at which a - r b is within t standard
 * errors of zero. means: a, b, var_a, var_b and cov are read; t: the quantile, > 0. PL_UNBOUNDED: g >= 1, b
 * is not told from zero and no ratio can be ruled out on at least one side; out->ratio, std_error and g are
 * set (NaN: b is 0), low and high are infinite. PL_NOT_FINITE: a mean, a variance or t is not. Source:
 * Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x. Check: a 120, b 100, variances 25 and 16, covariance
 * 5, t 2: [1.085128, 1.326305], tests/unit/stats/test_fieller.c. */
PlStatus pl_fieller(const PlJointMeans *m, double t, PlFieller *out) {
    const double inputs[] = {m->a, m->b, m->var_a, m->var_b, m->cov, t};
    if (!all_finite(inputs, sizeof inputs / sizeof *inputs))
        return PL_NOT_FINITE;
    PlFieller f = {NAN, NAN, -INFINITY, INFINITY, INFINITY};
    if (m->b == 0) {
        *out = f;
        return PL_UNBOUNDED;
    }
    f.ratio = m->a / m->b;
    double variance = (m->var_a - 2 * f.ratio * m->cov + f.ratio * f.ratio * m->var_b) / (m->b * m->b);
    f.std_error = sqrt(fmax(variance, 0));
    f.g = t / m->b * (t / m->b) * m->var_b;
    if (!isfinite(f.ratio) || !isfinite(f.std_error))
        return PL_NOT_FINITE;
    if (!(f.g < 1)) {
        *out = f;
        return PL_UNBOUNDED;
    }
    /* the roots of (b^2 - t^2 var_b) r^2 - 2 (a b - t^2 cov) r + a^2 - t^2 var_a, divided by b^2 */
    double t_b = t / m->b, middle = (f.ratio - t_b * t_b * m->cov) / (1 - f.g);
    double within = m->var_a - 2 * f.ratio * m->cov + f.ratio * f.ratio * m->var_b -
                    (m->var_b > 0 ? f.g * (m->var_a - m->cov * m->cov / m->var_b) : 0);
    double half = fabs(t_b) * sqrt(fmax(within, 0)) / (1 - f.g);
    f.low = middle - half;
    f.high = middle + half;
    *out = f;
    return isfinite(f.low) && isfinite(f.high) ? PL_OK : PL_NOT_FINITE;
}
