/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* P(Z > z) of the standard normal distribution. Check: .0249979 at 1.96. */
double pl_normal_tail(double z);

/* The z with P(Z > z) = tail, 0 < tail < 1; NaN for anything else. */
double pl_normal_quantile(double tail);
