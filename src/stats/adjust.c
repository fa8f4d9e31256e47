/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/adjust.h"

#include <gsl/gsl_sort_double.h>
#include <math.h>

static bool all_probabilities(const double *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= 0 && p[i] <= 1))
            return false;
    return true;
}

/* Holm's step-down adjustment: the family-wise error rate is controlled under any dependence. The i-th
 * smallest p becomes the largest of (n - j + 1) p_(j), j <= i, at most 1.
 * Source: Holm 1979, https://www.jstor.org/stable/4615733. Check: R's p.adjust,
 * tests/unit/stats/test_adjust.c. */
PlStatus pl_adjust_holm(const double *p, size_t n, size_t *order, double *adjusted) {
    if (!all_probabilities(p, n))
        return PL_BAD_ARGUMENT;
    gsl_sort_index(order, p, 1, n);
    double running = 0;
    for (size_t i = 0; i < n; i++) {
        running = fmax(running, fmin(1, (double)(n - i) * p[order[i]]));
        adjusted[order[i]] = running;
    }
    return PL_OK;
}

/* Benjamini and Hochberg's step-up adjustment: the false discovery rate is controlled under independence
 * or positive dependence. The i-th smallest p becomes the smallest of n / j p_(j), j >= i.
 * Source: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x. Check: as for Holm. */
PlStatus pl_adjust_bh(const double *p, size_t n, size_t *order, double *adjusted) {
    if (!all_probabilities(p, n))
        return PL_BAD_ARGUMENT;
    gsl_sort_index(order, p, 1, n);
    double running = 1;
    for (size_t i = n; i-- > 0;) {
        running = fmin(running, (double)n / (double)(i + 1) * p[order[i]]);
        adjusted[order[i]] = running;
    }
    return PL_OK;
}
