/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "findings.h"

#include "pairlift/stats/logistic.h"

#include <math.h>

#define MARGIN 0.4
#define YAML                                                                                                 \
    "metrics: [{name: revenue, sum: revenue}, {name: units, sum: units}]\n"                                  \
    "primary: units\n"                                                                                       \
    "economics: {margin: 0.4}\n"

/* The mean over stores like these of the rate at a face value: Simpson's rule over the stores' normal part.
 */
static double rate_at(const PlChainOptions *o, double face) {
    enum { STEPS = 400 };
    double sum = 0, weights = 0;
    for (int i = 0; i <= STEPS; i++) {
        double z = -8 + 16.0 * i / STEPS, w = exp(-z * z / 2) * (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2);
        double odds = log(o->redemption / (1 - o->redemption)) + o->coupon_slope * (face - o->coupon) +
                      o->redemption_sd * z;
        sum += w / (1 + exp(-odds));
        weights += w;
    }
    return sum / weights;
}

static double face_of(const PlChainOptions *o, int level) {
    return o->coupon_values > 1 ? o->coupon + (o->coupon_to - o->coupon) * level / (o->coupon_values - 1)
                                : o->coupon;
}

/* What the rate would be in many chains like this one. */
static double rate(const PlChain *chain, const PlChainTruth *truth) {
    (void)truth;
    const PlChainOptions *o = pl_chain_options(chain);
    double sum = 0;
    for (int level = 0; level < o->coupon_values; level++)
        sum += rate_at(o, face_of(o, level)) / o->coupon_values;
    return sum;
}

static double sold(const PlChain *chain, const PlChainTruth *truth) {
    (void)truth;
    return pl_chain_options(chain)->extra;
}

static double anyway(const PlChain *chain, const PlChainTruth *truth) {
    return 1 - sold(chain, truth);
}

static double even(const PlChain *chain, const PlChainTruth *truth) {
    const PlChainSums *sums = &truth->effect_during[PL_SCOPE_ALL].total;
    return MARGIN * sums->revenue_with / sums->units_with * sold(chain, truth);
}

static double gain(const PlChain *chain, const PlChainTruth *truth) {
    return even(chain, truth) - pl_chain_options(chain)->coupon;
}

/* The odds ratio of the logistic curve nearest to the mean rates. */
static double odds(const PlChain *chain, const PlChainTruth *truth) {
    (void)truth;
    enum { MOST = 100 };
    const PlChainOptions *o = pl_chain_options(chain);
    double face[MOST], ones[MOST], successes[MOST], trials[MOST], ratio = NAN;
    for (int level = 0; level < o->coupon_values; level++) {
        face[level] = face_of(o, level);
        ones[level] = 1;
        trials[level] = 1e6;
        successes[level] = 1e6 * rate_at(o, face[level]);
    }
    const double *const x[] = {ones, face};
    PlLogisticData data = {.rows = (size_t)o->coupon_values,
                           .n_coef = 2,
                           .x = x,
                           .successes = successes,
                           .trials = trials,
                           .threads = 1};
    PlLogisticFit fit;
    PlArena arena = {0};
    if (pl_logistic_fit(&data, &arena, &fit) == PL_OK)
        ratio = exp(fit.coef[1]);
    pl_arena_clear(&arena);
    return ratio;
}

static void one_value(PlChainOptions *o) {
    o->whole = TRUE;
    o->lift = 0;
    o->coupon = 1;
    o->reach = 1;
    o->redemption = 0.1;
    o->redemption_sd = 0.3;
}

static void four_values(PlChainOptions *o) {
    one_value(o);
    o->coupon = 0.5;
    o->coupon_to = 2;
    o->coupon_values = 4;
    o->coupon_slope = 0.6;
}

static const Claim of_one[] = {{"coupons", "redemption_rate", NULL, rate},
                               {"coupons", "incremental_units_per_redemption", NULL, sold},
                               {"coupons", "bought_anyway_share", NULL, anyway},
                               {"coupons", "break_even_face_value", NULL, even},
                               {"coupons", "gain_per_redemption", NULL, gain},
                               {0}};
static const Claim of_four[] = {{"coupons", "incremental_units_per_redemption", NULL, sold},
                                {"coupons", "break_even_face_value", NULL, even},
                                {"coupons", "redemption_odds_ratio", NULL, odds},
                                {0}};
static const size_t sizes[] = {4, 8, 12, 20, 40, 0}, sizes_of_four[] = {8, 12, 20, 40, 0};

const FindingsStudy pl_findings_coupons = {
    "Coupons of one face value",
    "Chains that `pairlift simulate --coupon 1 --reach 1 --redemption 0.1 --redemption-sd 0.3 --lift 0` "
    "makes: "
    "every store\nredeems at a rate of its own, and half of the redeemed coupons sell a unit more.",
    YAML,
    sizes,
    1,
    one_value,
    of_one};
const FindingsStudy pl_findings_coupon_values = {"Coupons of several face values",
                                                 "The same with `--coupon 0.5 --coupon-to 2 --coupon-values "
                                                 "4 --coupon-slope 0.6`: the log odds of redemption "
                                                 "rise by\n0.6 for each 1.00 more of face value.",
                                                 YAML,
                                                 sizes_of_four,
                                                 1,
                                                 four_values,
                                                 of_four};
