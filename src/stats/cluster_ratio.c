/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_ratio.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/mean_difference.h"

#include <math.h>

typedef struct {
    double ratio, base, df;
    size_t n; /* clusters that are there */
} Ratio;

static bool is_there(PlClusteredRatio of, size_t g) {
    return of.amount[g] != 0 || of.base[g] != 0;
}

/* The part of a cluster in the error of the ratio, with the correction for its own part in it (CR2). */
static double influence(PlClusteredRatio of, const Ratio *r, size_t g) {
    double share = of.base[g] / r->base;
    double u = (of.amount[g] - r->ratio * of.base[g]) / r->base;
    return share > 0 && share < 1 ? u / sqrt(1 - share) : u;
}

static PlStatus sum_up(PlClusteredRatio of, size_t n, Ratio *out) {
    double amount = 0, sizes = 0, squares = 0;
    *out = (Ratio){0};
    for (size_t g = 0; g < n; g++) {
        if (!isfinite(of.amount[g]) || !isfinite(of.base[g]))
            return PL_NOT_FINITE;
        amount += of.amount[g];
        out->base += of.base[g];
        out->n += is_there(of, g);
        sizes += fabs(of.base[g]);
        squares += of.base[g] * of.base[g];
    }
    if (out->n < 2)
        return PL_TOO_FEW;
    if (!(out->base > 0))
        return PL_NOT_POSITIVE;
    out->ratio = amount / out->base;
    out->df = fmax(1, fmin(sizes * sizes / squares, (double)out->n) - 1);
    return PL_OK;
}

/* The ratio sum of amounts / sum of bases, as money an order, with an interval that holds when what is in a
 * cluster depends on each other and clusters are independent: the linearised variance
 * sum (x_g - r m_g)^2 / (1 - m_g / m) / m^2 (CR2), and Student's t with as many degrees of freedom as there
 * are clusters of equal size that weigh as much, (sum m_g)^2 / sum m_g^2, less one. Bases are mostly
 * positive; their sum has to be. The p-value is against a ratio of 0. PL_TOO_FEW: fewer than two clusters.
 * PL_NOT_POSITIVE: the bases do not add up to more than 0. PL_NO_VARIANCE: all clusters have the same ratio.
 * PL_NOT_FINITE, PL_BAD_ARGUMENT. Source: Cochran 1977, Sampling Techniques, section 6.3; CR2: Bell and
 * McCaffrey 2002, Survey Methodology 28. Check: R, tests/unit/stats/test_cluster_ratio.c. */
PlStatus pl_cluster_ratio(PlClusteredRatio of, size_t n, const PlInferenceOptions *options,
                          PlInference *out) {
    Ratio r;
    double variance = 0, nothing = 0;
    PlStatus status = pl_check_paired(&nothing, 1, 1, options);
    if (status == PL_OK)
        status = sum_up(of, n, &r);
    if (status != PL_OK)
        return status;
    for (size_t g = 0; g < n; g++)
        variance += influence(of, &r, g) * influence(of, &r, g);
    if (!(sqrt(variance) > 1e-14 * fabs(r.ratio)))
        return PL_NO_VARIANCE;
    return pl_infer_difference(r.ratio, sqrt(variance), r.df, r.n, options, out);
}

/* Whether two such ratios over the same n clusters are equal, by a score test: the residuals are held against
 * the ratio of both together, as under equality, so that a side without any spread of its own (none of 2
 * customers bought) is not taken to be known exactly. Clusters in both sides count with their covariance.
 * The estimate is the difference treated minus control, its interval the one of this test; Student's t with
 * the degrees of freedom of the side with fewer. Statuses as above. Source: Rotnitzky and Jewell 1990,
 * doi:10.1093/biomet/77.3.485. Check: R, and how often it errs when there is no difference; tests as above.
 */
PlStatus pl_cluster_ratio_difference(PlClusteredRatio treated, PlClusteredRatio control, size_t n,
                                     const PlInferenceOptions *options, PlInference *out) {
    Ratio a, b;
    double variance = 0, nothing = 0;
    PlStatus status = pl_check_paired(&nothing, 1, 1, options);
    if (status == PL_OK)
        status = sum_up(treated, n, &a);
    if (status == PL_OK)
        status = sum_up(control, n, &b);
    if (status != PL_OK)
        return status;
    double pooled = (a.ratio * a.base + b.ratio * b.base) / (a.base + b.base);
    for (size_t g = 0; g < n; g++) {
        double u = (treated.amount[g] - pooled * treated.base[g]) / a.base -
                   (control.amount[g] - pooled * control.base[g]) / b.base;
        variance += u * u;
    }
    if (!(sqrt(variance) > 1e-14 * fabs(pooled)))
        return PL_NO_VARIANCE;
    return pl_infer_difference(a.ratio - b.ratio, sqrt(variance), fmin(a.df, b.df), a.n + b.n, options, out);
}
