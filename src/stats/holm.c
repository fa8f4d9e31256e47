/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/families.h"

#include <gsl/gsl_sort_double.h>
#include <math.h>

/* Holm's step-down adjustment: the family-wise error rate is controlled under any dependence. The i-th
 * smallest p becomes the largest of (n - j + 1) p_(j), j <= i, at most 1.
 * Source: Holm 1979, https://www.jstor.org/stable/4615733. Check: R's p.adjust,
 * tests/unit/stats/test_adjust.c. */
PlStatus pl_adjust_holm(const double *p, size_t n, size_t *order, double *adjusted) {
    return pl_adjust_holm_among(p, n, n, order, adjusted);
}

/* The same for the n smallest of `all` >= n tests: the others, whose p is not smaller than any of these, need
 * not be there. PL_BAD_ARGUMENT: also all < n. */
PlStatus pl_adjust_holm_among(const double *p, size_t n, size_t all, size_t *order, double *adjusted) {
    if (!pl_all_probabilities(p, n) || all < n)
        return PL_BAD_ARGUMENT;
    gsl_sort_index(order, p, 1, n);
    double running = 0;
    for (size_t i = 0; i < n; i++) {
        running = fmax(running, fmin(1, (double)(all - i) * p[order[i]]));
        adjusted[order[i]] = running;
    }
    return PL_OK;
}

static PlStatus run_holm(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                         PlAnswer *answer) {
    (void)method;
    return pl_adjust_answer(pl_adjust_holm, sample, options, answer);
}

const PlMethod pl_method_holm = {
    .id = "holm",
    .title = "Holm's adjustment",
    .family = pl_family_multiplicity,
    .estimates = "adjusted p-value of each test",
    .assumes = "Nothing about how the tests depend on each other.",
    .use =
        "Several metrics or promotions, and no false alarm wanted among all of them: with adjusted p-values "
        "up to .05, the chance of even one false discovery is at most 5 %. For long lists from which some "
        "false discoveries are acceptable, bh finds more.",
    .formula = "i-th smallest of m: p_adjusted = max over j <= i of min(1, (m - j + 1) p_(j))\n"
               "rejected = p_adjusted <= 1 - confidence",
    .source = "Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70, jstor.org/stable/4615733; as "
              "adjusted p-values: Wright 1992, doi:10.2307/2532694",
    .check =
        ".001 .008 .039 .041 .042 .06 .074 .205 .212 .216 become .010, .072, .312 five times, .615 three "
        "times (R p.adjust)",
    .roles = pl_adjust_roles,
    .min_n = 1,
    .run = run_holm,
};
