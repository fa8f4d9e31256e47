/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The ratio a / b of two estimates, nearly without the bias that a ratio has because b varies: a / b times
 * (1 + cov / (a b)) / (1 + var_b / b^2). `var_b` is the variance of b, `cov` the covariance of the two; b not
 * 0, or the result is not finite. The bias left is of the order 1 / n^2.
 * Source: Beale 1962 (Industrial Organisation 31, 27-28); Tin 1965, doi:10.1080/01621459.1965.10480792. */
double pl_beale_ratio(double a, double b, double var_b, double cov);
