/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/families.h"
#include "pairlift/stats/mixture.h"

#include <math.h>

static PlStatus run_confidence_sequence(const PlMethod *method, const PlSample *sample,
                                        const PlMethodOptions *options, PlAnswer *answer) {
    (void)method;
    if (!isnan(options->tau))
        return pl_answer_refuse(answer, PL_NOT_TOGETHER, "tau");
    if (!isnan(options->variance))
        return pl_answer_refuse(answer, PL_NOT_TOGETHER, "variance");
    PlMixture mixture = {NAN, NAN, options->tuned_at};
    return pl_mixture_run(&mixture, sample, options, answer);
}

const PlMethod pl_method_confidence_sequence = {
    .id = "confidence_sequence",
    .title = "Asymptotic confidence sequence",
    .family = pl_family_sequential,
    .estimates = "mean of the observations up to each look",
    .assumes =
        "Observations are independent with a finite variance; no shape is assumed, but there should be "
        "enough of them for an average to be near normal.",
    .use =
        "To watch a running experiment by an interval that holds at all looks together. tuned_at is the "
        "number of observations at which it is to be narrowest, set before the first look (100 by default); "
        "at other times it is wider, not wrong. Two-sided. With few or strongly skewed observations, look "
        "late. --looks as in msprt; takes no tau and no variance (see msprt). Looks before the 10th "
        "observation have neither p nor interval: the first few variances are near 0 by chance.",
    .formula = "interval = mean -+ multiplier * s / n^(1/2)\n"
               "multiplier = ((1 + 1 / x) (log(1 + x) - 2 log alpha))^(1/2), x = n rho^2\n"
               "rho^2 = (-2 log alpha + log(1 - 2 log alpha)) / tuned_at\n"
               "p = the alpha at which a limit touches 0, with rho as it is",
    .source = "Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, doi:10.1214/24-AOS2408",
    .check = "alpha .05, tuned_at 5000: multiplier 3.03521 at 5000 observations, 3.36389 at 1000",
    .roles = pl_mixture_roles,
    .takes = PL_TAKES_LOOKS | PL_TAKES_MIXTURE,
    .min_n = 2,
    .run = run_confidence_sequence,
};
