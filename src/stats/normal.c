/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/normal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double pl_normal_tail(double z) {
    return gsl_cdf_ugaussian_Q(z);
}

double pl_normal_quantile(double tail) {
    return tail > 0 && tail < 1 ? gsl_cdf_ugaussian_Qinv(tail) : NAN;
}
