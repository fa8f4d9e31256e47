/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/mean_difference.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <math.h>

/* See paired_t.c: values that should all be equal come out of a subtraction this close together. */
#define CONSTANT_WITHIN (8 * DBL_EPSILON)
#define LIMIT_ROUNDING  (1e3 * DBL_EPSILON)

static PlStatus side(const double *x, size_t n, const PlInferenceOptions *options, double *mean, double *sd) {
    double largest = 0;
    PlStatus status = pl_check_paired(x, n, 2, options);
    if (status == PL_OK)
        status = pl_mean_sd(x, n, mean, sd);
    for (size_t i = 0; i < n && status == PL_OK; i++)
        largest = fmax(largest, fabs(x[i]));
    if (status == PL_OK && *sd <= CONSTANT_WITHIN * largest)
        *sd = 0;
    return status;
}

PlStatus pl_two_means(const double *treated, size_t n_treated, const double *control, size_t n_control,
                      const PlInferenceOptions *options, PlTwoMeans *out) {
    PlTwoMeans m = {.n_treated = n_treated, .n_control = n_control};
    PlStatus status = side(treated, n_treated, options, &m.mean_treated, &m.sd_treated);
    if (status == PL_OK)
        status = side(control, n_control, options, &m.mean_control, &m.sd_control);
    if (status == PL_OK && m.sd_treated == 0 && m.sd_control == 0)
        status = PL_NO_VARIANCE;
    if (status == PL_OK)
        *out = m;
    return status;
}

PlStatus pl_infer_difference(const PlTwoMeans *m, double std_error, double df,
                             const PlInferenceOptions *options, PlInference *out) {
    double difference = m->mean_treated - m->mean_control, t = difference / std_error;
    double margin = pl_student_quantile(pl_tail_level(options), df) * std_error;
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    if (!isfinite(margin) || !isfinite(p) || !isfinite(t))
        return PL_NOT_FINITE;
    PlInference result = {.estimate = difference,
                          .std_error = std_error,
                          .statistic = t,
                          .df = df,
                          .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                          .n = m->n_treated + m->n_control};
    pl_set_interval(&result, options, p, difference - margin, difference + margin,
                    LIMIT_ROUNDING * (fabs(m->mean_treated) + fabs(m->mean_control) + std_error));
    *out = result;
    return PL_OK;
}
