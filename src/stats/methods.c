/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/methods.h"

#include "pairlift/stats/paired.h"

#include <string.h>

const PlMethod pl_methods[] = {
    {
        .id = "paired_t",
        .title = "Student's paired t-test",
        .estimates = "mean of the differences",
        .assumes = "Pairs are independent; differences are near normal, or there are many.",
        .formula = "t = mean / (s / sqrt n), n - 1 degrees of freedom\n"
                   "interval = mean -+ t quantile * s / sqrt n",
        .source = "Student 1908, Biometrika 6(1), 1-25, doi:10.1093/biomet/6.1.1",
        .check = "Darwin's 15 pairs of maize: t = 2.147987, p = .0497029, 95 % interval [.03119, 41.83547] "
                 "(R t.test)",
        .min_n = 2,
        .test = pl_paired_t,
        .point = pl_point_mean,
        .work = NULL,
    },
    {
        .id = "sign_flip",
        .title = "Sign-flip (paired randomisation) test",
        .estimates = "mean of the differences",
        .assumes = "Pairs are independent, and differences are symmetric about the effect or treatments were "
                   "assigned within pairs by a fair coin.",
        .formula =
            "p = #{sign patterns with |sum of +-d| >= |sum of d|} / 2^n, exact up to 40 pairs, then sampled: "
            "(1 + #) / (1 + resamples)\n"
            "interval = the effects e for which the same test of d - e does not reject",
        .source = "Fisher 1935, The Design of Experiments, section 21; Pitman 1937, doi:10.2307/2984124; "
                  "interval: Hartigan 1969, doi:10.1080/01621459.1969.10501057",
        .check = "Darwin's 15 pairs of maize: two-sided p = 1726/32768 = .0526733, one-sided 863/32768 "
                 "(Fisher 1935)",
        .min_n = 1,
        .test = pl_sign_flip,
        .point = pl_point_mean,
        .work = pl_sign_flip_work,
    },
    {
        .id = "signed_rank",
        .title = "Wilcoxon's signed-rank test",
        .estimates = "pseudomedian of the differences (Hodges-Lehmann)",
        .assumes =
            "Pairs are independent; differences are symmetric about the effect. Pairs without any difference "
            "are "
            "left out of estimate and interval as well as of the test (as R does), which pulls the "
            "estimate away from zero where there are many; with ties the interval holds given the ranks.",
        .formula =
            "V = sum of the ranks of |d| over d > 0, zeros left out, midranks; p exact given the ranks up to "
            "1000 differences\n"
            "estimate = median of (d_i + d_j) / 2, i <= j; interval = two of these averages",
        .source = "Wilcoxon 1945, doi:10.2307/3001968; Hodges and Lehmann 1963, doi:10.1214/aoms/1177704172; "
                  "interval: Bauer 1972, doi:10.1080/01621459.1972.10481279",
        .check = "Darwin's 15 pairs of maize: V = 96, p = .0412598, estimate 25, 95 % interval [4, 41.5] "
                 "(R exactRankTests)",
        .min_n = 1,
        .test = pl_signed_rank,
        .point = pl_point_pseudomedian,
        .work = pl_signed_rank_work,
    },
    {
        .id = "sign_test",
        .title = "Sign test",
        .estimates = "median of the non-zero differences",
        .assumes = "Pairs are independent.",
        .formula = "p = twice the smaller tail of S = #{d > 0}, binomial (#{d != 0}, 1/2)\n"
                   "interval = two order statistics of the non-zero differences",
        .source = "Dixon and Mood 1946, doi:10.1080/01621459.1946.10501898",
        .check = "Darwin's 15 pairs of maize: 13 of 15 positive, p = .0073853 (R binom.test)",
        .min_n = 1,
        .test = pl_sign_test,
        .point = pl_point_median,
        .work = pl_sign_test_work,
    },
    {
        .id = "bootstrap_bca",
        .title = "Bootstrap, bias-corrected and accelerated",
        .estimates = "mean of the differences",
        .assumes =
            "Pairs are independent, and enough of them that the sample stands for the population. With few "
            "pairs it rejects too often: without any effect (normal differences, 10,000 simulations) at "
            "5 % in 16 % of the cases with 5 pairs, 12 % with 8, 9 % with 12, 7 % with 20, 6 % with 40.",
        .formula =
            "limit of level alpha = quantile Phi(z0 + y / (1 - a y)), y = z0 + z_alpha, of the resampled "
            "means\n"
            "z0 = Phi^-1(#{resampled < mean} / B); a = sum L^3 / (6 (sum L^2)^1.5), L jackknife; p = the "
            "level "
            "whose limit is 0",
        .source = "Efron 1987, doi:10.1080/01621459.1987.10478410",
        .check = "Darwin's 15 pairs of maize: a = -.0426929, 95 % interval near [-1.7, 36.4] (R boot)",
        .min_n = 5,
        .liberal_below = 30,
        .test = pl_bootstrap_bca,
        .point = pl_point_mean,
        .work = pl_bootstrap_bca_work,
    },
    {.id = NULL},
};

/* The row of the method `id`; NULL when there is none. */
const PlMethod *pl_method_find(const char *id) {
    for (const PlMethod *method = pl_methods; method->id; method++)
        if (strcmp(method->id, id) == 0)
            return method;
    return NULL;
}
