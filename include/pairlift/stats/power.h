/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Power of the one-sample (paired) t-test by the noncentral t distribution.
 * `sd` of the differences, `delta` the true mean difference, `alpha` in (0,1).
 * Source: Cohen 1988. Check: power(15, 37.74438, 20, .05) = .480510 (R power.t.test, strict); without the
 * wrong side, as R does unless told, .480458. */
PlStatus pl_power_paired_t(size_t n, double sd, double delta, double alpha, PlAlternative alternative,
                           double *power);
/* The smallest |delta| found with probability `power`. */
PlStatus pl_mde_paired_t(size_t n, double sd, double alpha, PlAlternative alternative, double power,
                         double *delta);
/* The smallest n that finds `delta` with probability `power`; PL_NO_CONVERGENCE beyond `n_max`. */
PlStatus pl_n_paired_t(double sd, double delta, double alpha, PlAlternative alternative, double power,
                       size_t n_max, size_t *n);
