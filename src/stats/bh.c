/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/families.h"

#include <gsl/gsl_sort_double.h>
#include <math.h>

/* Benjamini and Hochberg's step-up adjustment: the false discovery rate is controlled under independence
 * or positive dependence. The i-th smallest p becomes the smallest of n / j p_(j), j >= i.
 * Source: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x. Check: as for Holm. */
PlStatus pl_adjust_bh(const double *p, size_t n, size_t *order, double *adjusted) {
    if (!pl_all_probabilities(p, n))
        return PL_BAD_ARGUMENT;
    gsl_sort_index(order, p, 1, n);
    double running = 1;
    for (size_t i = n; i-- > 0;) {
        running = fmin(running, (double)n / (double)(i + 1) * p[order[i]]);
        adjusted[order[i]] = running;
    }
    return PL_OK;
}

static PlStatus run_bh(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                       PlAnswer *answer) {
    (void)method;
    return pl_adjust_answer(pl_adjust_bh, sample, options, answer);
}

const PlMethod pl_method_bh = {
    .id = "bh",
    .title = "Benjamini and Hochberg's adjustment",
    .family = pl_family_multiplicity,
    .estimates = "adjusted p-value (false discovery rate) of each test",
    .assumes = "Tests are independent, or depend on each other positively.",
    .use =
        "A long list of tests of which a shortlist is wanted: with adjusted p-values up to .05, at most 5 % "
        "of the shortlist is false on average. Where a single false alarm is costly, use holm.",
    .formula = "i-th smallest of m: p_adjusted = min over j >= i of (m / j) p_(j), at most 1\n"
               "rejected = p_adjusted <= 1 - confidence",
    .source = "Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x",
    .check = ".001 .008 .039 .041 .042 .06 .074 .205 .212 .216 become .010 .040, .084 three times, .100 "
             ".105714, .216 three times (R p.adjust)",
    .roles = pl_adjust_roles,
    .min_n = 1,
    .run = run_bh,
};
