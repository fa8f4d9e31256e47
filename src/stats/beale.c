/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/beale.h"

double pl_beale_ratio(double a, double b, double var_b, double cov) {
    /* multiplied out, so that a may be 0 */
    return (a + cov / b) / (b + var_b / b);
}
