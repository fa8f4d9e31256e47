/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_rate.h"

#include "pairlift/stats/chi_square.h"
#include "pairlift/stats/mean_difference.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/proportions.h"
#include "pairlift/stats/student.h"

#include <math.h>

/* Sums over the clusters, and the linearised variance of their ratio. */
typedef struct {
    double successes, trials, rate, variance;
    size_t n; /* clusters with trials */
} Sums;

/* The part of a cluster in the error of the rate. */
static double influence(const Sums *sums, double successes, double trials) {
    return (successes - sums->rate * trials) / sums->trials;
}

static PlStatus sum_up(PlClusteredRate of, size_t n, Sums *out) {
    *out = (Sums){0};
    for (size_t g = 0; g < n; g++) {
        double x = of.successes[g], trials = of.trials[g];
        if (!isfinite(x) || !isfinite(trials) || x < 0 || trials < 0 || x > trials)
            return PL_NOT_COUNTS;
        out->successes += x;
        out->trials += trials;
        out->n += trials > 0;
    }
    if (out->n == 0)
        return PL_TOO_FEW;
    out->rate = out->successes / out->trials;
    for (size_t g = 0; g < n; g++) {
        double u = influence(out, of.successes[g], of.trials[g]);
        out->variance += u * u;
    }
    out->variance *= out->n > 1 ? (double)out->n / (double)(out->n - 1) : 0;
    return PL_OK;
}

/* Pearson's test that all clusters have the same rate; NAN where it says nothing. */
static double equal_rates(PlClusteredRate of, size_t n, const Sums *sums) {
    double statistic = 0, expected = sums->rate * (1 - sums->rate);
    if (sums->n < 2 || !(expected > 0))
        return NAN;
    for (size_t g = 0; g < n; g++) {
        double residual = of.successes[g] - sums->rate * of.trials[g];
        statistic += of.trials[g] > 0 ? residual * residual / (of.trials[g] * expected) : 0;
    }
    return pl_chi_square_tail(statistic, (double)sums->n - 1);
}

/* The rate sum of successes / sum of trials with an interval that holds when the trials of a cluster depend
 * on each other and clusters are independent: the linearised (ratio) variance
 * G/(G-1) sum (x_g - p n_g)^2 / n^2, Student's t with G - 1 degrees of freedom, taken on the scale of the
 * log odds so that no limit leaves (0, 1). With one cluster, or clusters without any difference between them
 * (as when nothing at all succeeds), there is no such variance and the interval is Wilson's of the sums:
 * `by_cluster` is false. Clusters without trials are left out. PL_TOO_FEW: no trials. PL_NOT_COUNTS: numbers
 * below 0, not finite, or successes above trials. PL_BAD_ARGUMENT: conf_level outside (0, 1).
 * Source: Cochran 1977, Sampling Techniques, section 3.12; log odds: Korn and Graubard 1998, Survey
 * Methodology 24. Check: R's sandwich::vcovCL of a glm, tests/unit/stats/test_cluster_rate.c. */
PlStatus pl_cluster_rate(const double *successes, const double *trials, size_t n, double conf_level,
                         PlClusterRate *out) {
    PlClusteredRate of = {successes, trials};
    Sums sums;
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    PlStatus status = sum_up(of, n, &sums);
    if (status != PL_OK)
        return status;
    *out = (PlClusterRate){.rate = sums.rate,
                           .std_error = sqrt(sums.variance),
                           .n_clusters = sums.n,
                           .equal_p_value = equal_rates(of, n, &sums)};
    double tail = (1 - conf_level) / 2, spread = sums.rate * (1 - sums.rate);
    if (sums.n < 2 || !(sums.variance > 0) || !(spread > 0)) {
        PlLimits limits = pl_wilson((PlRate){sums.successes, sums.trials}, pl_normal_quantile(tail));
        out->conf_low = limits.low;
        out->conf_high = limits.high;
        out->std_error = sqrt(spread / sums.trials);
        return PL_OK;
    }
    out->by_cluster = true;
    out->df = (double)sums.n - 1;
    double odds = log(sums.rate) - log1p(-sums.rate);
    double reach = pl_student_quantile(tail, out->df) * out->std_error / spread;
    out->conf_low = 1 / (1 + exp(reach - odds));
    out->conf_high = 1 / (1 + exp(-reach - odds));
    return PL_OK;
}

/* The difference treated minus control of two such rates over the same n clusters, each with trials under
 * either condition or both: linearised variance, with the covariance of clusters that are in both. Student's
 * t: Welch's degrees of freedom where no cluster is in both, else those of the condition with fewer clusters.
 * PL_TOO_FEW: a condition with fewer than two clusters. PL_NO_VARIANCE: no cluster differs from its rate.
 * PL_NOT_COUNTS, PL_BAD_ARGUMENT as above. Source and check: as above. */
PlStatus pl_cluster_rate_difference(PlClusteredRate treated, PlClusteredRate control, size_t n,
                                    const PlInferenceOptions *options, PlInference *out) {
    Sums a, b;
    PlStatus status = sum_up(treated, n, &a);
    if (status == PL_OK)
        status = sum_up(control, n, &b);
    if (status != PL_OK)
        return status;
    if (a.n < 2 || b.n < 2)
        return PL_TOO_FEW;
    double of_a = sqrt((double)a.n / (double)(a.n - 1)), of_b = sqrt((double)b.n / (double)(b.n - 1)),
           variance = 0;
    bool shared = false;
    for (size_t g = 0; g < n; g++) {
        double u = of_a * influence(&a, treated.successes[g], treated.trials[g]) -
                   of_b * influence(&b, control.successes[g], control.trials[g]);
        variance += u * u;
        shared = shared || (treated.trials[g] > 0 && control.trials[g] > 0);
    }
    if (!(variance > 0))
        return PL_NO_VARIANCE;
    double df_a = (double)a.n - 1, df_b = (double)b.n - 1;
    double df = shared
                    ? fmin(df_a, df_b)
                    : variance * variance / (a.variance * a.variance / df_a + b.variance * b.variance / df_b);
    return pl_infer_difference(a.rate - b.rate, sqrt(variance), df, a.n + b.n, options, out);
}
