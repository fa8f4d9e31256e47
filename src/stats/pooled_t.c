/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/mean_difference.h"

#include <math.h>

/* Student's two-sample t-test with one common variance. Estimates the difference of the means, treated minus
 * control, in their unit, with n1 + n2 - 2 degrees of freedom. PL_TOO_FEW: a group of fewer than two.
 * PL_NO_VARIANCE: neither varies. PL_NOT_FINITE, PL_BAD_ARGUMENT: see pl_check_paired. `arena` is not used.
 * Source: Student 1908, doi:10.1093/biomet/6.1.1. Check: R t.test, tests/unit/stats/test_pooled_t.c. */
PlStatus pl_pooled_t(const double *treated, size_t n_treated, const double *control, size_t n_control,
                     const PlInferenceOptions *options, PlArena *arena, PlInference *out) {
    (void)arena;
    PlTwoMeans m;
    PlStatus status = pl_two_means(treated, n_treated, control, n_control, options, &m);
    if (status != PL_OK)
        return status;
    double n1 = (double)n_treated, n2 = (double)n_control, df = n1 + n2 - 2;
    double sd = hypot(m.sd_treated * sqrt((n1 - 1) / df), m.sd_control * sqrt((n2 - 1) / df));
    return pl_infer_difference(m.difference, sd * sqrt(1 / n1 + 1 / n2), df, n_treated + n_control, options,
                               out);
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    return pl_groups_against_control(pl_pooled_t, sample, options, answer);
}

const PlMethod pl_method_pooled_t = {
    .id = "pooled_t",
    .title = "Student's t-test with a pooled variance",
    .family = pl_family_groups,
    .estimates = "difference of the means, treated minus control",
    .assumes = "Stores are independent; values are near normal, or there are many; both groups vary alike.",
    .use = "Where both groups are known to vary alike. If in doubt, welch_t: with unequal spread and unequal "
           "sizes this one rejects too often or too seldom.",
    .formula =
        "s^2 = ((n1 - 1) s1^2 + (n2 - 1) s2^2) / (n1 + n2 - 2), se = s sqrt(1 / n1 + 1 / n2)\n"
        "t = difference / se, n1 + n2 - 2 degrees of freedom; interval = difference -+ t quantile * se",
    .source = "Student 1908, doi:10.1093/biomet/6.1.1",
    .check =
        "Student's sleep data as two groups: t = -1.8608, df 18, p .07919, interval [-3.363874, .203874] "
        "(R t.test)",
    .roles = pl_group_roles,
    .groups = true,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .min_n = 4,
    .run = run,
};
