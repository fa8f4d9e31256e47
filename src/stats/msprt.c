/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/families.h"
#include "pairlift/stats/mixture.h"

static PlStatus run_msprt(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                          PlAnswer *answer) {
    (void)method;
    PlMixture mixture = {options->tau, options->variance, options->tuned_at};
    return pl_mixture_run(&mixture, sample, options, answer);
}

const PlMethod pl_method_msprt = {
    .id = "msprt",
    .title = "Mixture sequential probability ratio test",
    .family = pl_family_sequential,
    .estimates = "mean of the observations up to each look",
    .assumes = "Observations are independent and near normal, with the variance that is given or, roughly, "
               "estimated; tau (or tuned_at) was set before the first look.",
    .use =
        "To look at a running experiment as often as one likes, with any reason to stop: p-values and "
        "intervals hold at every look. For few looks planned ahead, group_sequential is sharper. Two-sided. "
        "--looks K shows K equally spaced looks, else there is one row at the end; without data, --looks N "
        "is a table of boundaries after 1 to N observations. A row holds for its own look; p_running, the "
        "smallest p so far (from the 10th observation on when the variance is estimated), says whether "
        "the boundary was ever crossed. With an estimated variance, looks before the 10th observation have "
        "neither p nor interval.",
    .formula =
        "L = (V / (V + n tau^2))^(1/2) exp(n^2 tau^2 mean^2 / (2 V (V + n tau^2))), p = min(1, 1 / L)\n"
        "interval = mean -+ multiplier * (V / n)^(1/2)\n"
        "multiplier = ((1 + 1 / x) (log(1 + x) - 2 log alpha))^(1/2), x = n tau^2 / V\n"
        "tau not said: tau^2 = V (-2 log alpha + log(1 - 2 log alpha)) / tuned_at, tuned_at 100 by default",
    .source = "Johari, Koomen, Pekelis and Walsh 2022, doi:10.1287/opre.2021.2135",
    .check = "mean .3, V 2, n 50, tau^2 .1: L 1.193858, p .837621",
    .roles = pl_mixture_roles,
    .takes = PL_TAKES_LOOKS | PL_TAKES_MIXTURE,
    .min_n = 1,
    .run = run_msprt,
};
