/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/mean_difference.h"

#include <math.h>

/* Welch's t-test. Estimates the difference of the means, treated minus control, in their unit; the groups may
 * vary differently. std_error = sqrt(s1^2 / n1 + s2^2 / n2), degrees of freedom by Welch and Satterthwaite;
 * interval = difference -+ t se. PL_TOO_FEW: a group of fewer than two. PL_NO_VARIANCE: neither varies.
 * PL_NOT_FINITE, PL_BAD_ARGUMENT: see pl_check_paired. `arena` is not used.
 * Source: Welch 1947, doi:10.1093/biomet/34.1-2.28. Check: R t.test, tests/unit/stats/test_welch_t.c. */
PlStatus pl_welch_t(const double *treated, size_t n_treated, const double *control, size_t n_control,
                    const PlInferenceOptions *options, PlArena *arena, PlInference *out) {
    (void)arena;
    PlTwoMeans m;
    PlStatus status = pl_two_means(treated, n_treated, control, n_control, options, &m);
    if (status != PL_OK)
        return status;
    double e1 = m.sd_treated / sqrt((double)n_treated), e2 = m.sd_control / sqrt((double)n_control);
    double error = hypot(e1, e2), share1 = e1 / error * (e1 / error), share2 = e2 / error * (e2 / error);
    double df = 1 / (share1 * share1 / (double)(n_treated - 1) + share2 * share2 / (double)(n_control - 1));
    return pl_infer_difference(m.difference, error, df, n_treated + n_control, options, out);
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    return pl_groups_against_control(pl_welch_t, sample, options, answer);
}

const PlMethod pl_method_welch_t = {
    .id = "welch_t",
    .title = "Welch's t-test",
    .family = pl_family_groups,
    .estimates = "difference of the means, treated minus control",
    .assumes = "Stores are independent; values are near normal, or there are many. The groups may vary "
               "differently.",
    .use =
        "The first choice for two groups of stores that are not paired. Rows are stores, not days: the days "
        "of one store are not independent.",
    .formula = "se = sqrt(s1^2 / n1 + s2^2 / n2), t = difference / se\n"
               "df = se^4 / ((s1^2 / n1)^2 / (n1 - 1) + (s2^2 / n2)^2 / (n2 - 1))\n"
               "interval = difference -+ t quantile * se",
    .source = "Welch 1947, doi:10.1093/biomet/34.1-2.28",
    .check = "Student's sleep data as two groups: t = -1.8608, df 17.776, p .07939, interval [-3.3654832, "
             ".2054832] (R t.test)",
    .roles = pl_group_roles,
    .groups = true,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .min_n = 4,
    .run = run,
};
