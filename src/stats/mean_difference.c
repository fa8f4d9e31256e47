/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/mean_difference.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <math.h>

/* See paired_t.c. */
#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

PlStatus pl_two_means(const double *treated, size_t n_treated, const double *control, size_t n_control,
                      const PlInferenceOptions *options, PlTwoMeans *out) {
    PlStatus status = pl_check_paired(treated, n_treated, 2, options);
    if (status == PL_OK)
        status = pl_check_paired(control, n_control, 2, options);
    if (status != PL_OK)
        return status;
    PlUnits units = pl_units_of_two(treated, n_treated, control, n_control);
    PlMoments t = pl_moments(treated, n_treated, units), c = pl_moments(control, n_control, units);
    double spread_t = pl_spread(&t, units), spread_c = pl_spread(&c, units);
    if (spread_t == 0 && spread_c == 0)
        return PL_NO_VARIANCE;
    *out = (PlTwoMeans){pl_from_units(units, pl_dd_subtract(t.mean, c.mean)),
                        pl_from_units(units, pl_dd(spread_t)), pl_from_units(units, pl_dd(spread_c)),
                        n_treated, n_control};
    return PL_OK;
}

PlStatus pl_infer_difference(double difference, double std_error, double df, size_t n,
                             const PlInferenceOptions *options, PlInference *out) {
    double t = difference / std_error, margin = pl_student_quantile(pl_tail_level(options), df) * std_error;
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    if (!isfinite(margin) || !isfinite(p) || !isfinite(t))
        return PL_NOT_FINITE;
    PlInference result = {.estimate = difference,
                          .std_error = std_error,
                          .statistic = t,
                          .df = df,
                          .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                          .n = n};
    pl_set_interval(&result, options, p, difference - margin, difference + margin,
                    LIMIT_ROUNDING * (fabs(difference) + std_error));
    *out = result;
    return PL_OK;
}
