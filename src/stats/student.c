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

/* Between these degrees of freedom and beyond this t, GSL's tail is a truncated expansion (of a t of 20 at 40
 * df six digits are right); the incomplete beta function has it to all digits. */
enum { EXPANDED_FROM_DF = 30, EXPANDED_TO_DF = 1000, FAR_OUT = 3 };

double pl_student_tail(double t, double df) {
    pl_stats_init();
    if (!(df > EXPANDED_FROM_DF && df <= EXPANDED_TO_DF && fabs(t) > FAR_OUT))
        return gsl_cdf_tdist_Q(t, df);
    double tail = gsl_cdf_beta_P(df / (df + t * t), df / 2, 0.5) / 2;
    return t > 0 ? tail : 1 - tail;
}

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
        double q = pl_student_tail(t, df), step = log(q / tail) * q / gsl_ran_tdist_pdf(t, df);
        if (!isfinite(step))
            break;
        t += step;
        if (fabs(step) <= 4 * DBL_EPSILON * fabs(t))
            break;
    }
    return t;
}
