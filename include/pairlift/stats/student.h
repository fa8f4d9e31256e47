/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The t with P(T > t) = `tail` for Student's distribution with df degrees of freedom; 0 < tail < 1, df > 0.
 * NaN for anything else. */
double pl_student_quantile(double tail, double df);

/* P(T > t) for Student's distribution with df > 0 degrees of freedom. */
double pl_student_tail(double t, double df);
