/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/student.h"

#include "pairlift/stats/init.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* GSL's quantile is only good to seven or eight digits far out at few degrees of freedom (df 1, tail 1e-9),
 * its tail probability to all; Newton's method on the logarithm of the tail brings the one to the other. */
enum { STEPS_MAX = 20 };

double pl_student_quantile(double tail, double df) {
    pl_stats_init();
    if (!(tail > 0 && tail < 1 && df > 0))
        return NAN;
    if (tail == 0.5)
        return 0;
    if (tail > 0.5)
        return -pl_student_quantile(1 - tail, df);
    double t = gsl_cdf_tdist_Qinv(tail, df);
    for (int i = 0; i < STEPS_MAX; i++) {
        double q = gsl_cdf_tdist_Q(t, df), step = log(q / tail) * q / gsl_ran_tdist_pdf(t, df);
        if (!isfinite(step))
            break;
        t += step;
        if (fabs(step) <= 4 * DBL_EPSILON * fabs(t))
            break;
    }
    return t;
}
