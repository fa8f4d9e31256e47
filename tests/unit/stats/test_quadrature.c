/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/quadrature.h"

#include "run.h"

Test(stats_quadrature, polynomials_are_exact) {
    for (int degree = 0; degree < 2 * PL_GAUSS; degree++) {
        double sum = 0;
        for (size_t i = 0; i < PL_GAUSS; i++)
            sum += pl_gauss_weights[i] * pow(pl_gauss_nodes[i], degree);
        cr_assert(epsilon_eq(dbl, sum, degree % 2 ? 0 : 2.0 / (degree + 1), 1e-15), "%d", degree);
    }
}

Test(stats_quadrature, nodes_ascend_and_mirror) {
    for (size_t i = 0; i < PL_GAUSS; i++) {
        cr_assert(eq(dbl, pl_gauss_nodes[i], -pl_gauss_nodes[PL_GAUSS - 1 - i]));
        cr_assert(i == 0 || pl_gauss_nodes[i] > pl_gauss_nodes[i - 1]);
    }
}
