/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/proportions.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/root.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* Rounding of a limit that should be 0, in parts of the interval for z = 1; a one-sided level near 1
 * amplifies its own rounding by the slope of the quantile. */
#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* How far Wilson's limits lie below (`side` -1) and above (1) the rate, without subtracting near equals; the
 * distance above a rate is the distance below its complement. */
static double wilson_distance(PlRate rate, double z, int side) {
    double n = rate.trials, p = rate.successes / n, q = (n - rate.successes) / n;
    if (side > 0) {
        double other = p;
        p = q;
        q = other;
    }
    double excess = z * (p - q) / (2 * n), spread = sqrt(p * q / n + z * z / (4 * n * n));
    return p <= q ? z * (p * q / n) / (spread - excess) : z * (spread + excess) / (1 + z * z / n);
}

/* Wilson's score interval of a rate, for a z > 0, the normal quantile: [0, 1] encloses it.
 * Source: Wilson 1927, doi:10.1080/01621459.1927.10502953. Check: 56/70 and 48/80 in Newcombe's example,
 * tests/unit/stats/test_proportions.c. */
PlLimits pl_wilson(PlRate rate, double z) {
    double p = rate.successes / rate.trials;
    return (PlLimits){fmax(0, p - wilson_distance(rate, z, -1)), fmin(1, p + wilson_distance(rate, z, 1))};
}

/* What Newcombe's interval reaches from the difference, downwards (side -1) or upwards (1). A negative z,
 * which a one-sided level above 1/2 has, is the other end of the interval for -z. */
static double newcombe_distance(PlRate treated, PlRate control, double z, int side) {
    return hypot(wilson_distance(treated, z, side), wilson_distance(control, z, -side));
}

/* x1 n2 - x2 n1 over n1 n2, which is exactly 0 when the rates are equal. */
static double exact_difference(PlRate a, PlRate b) {
    long double d = (long double)a.successes * b.trials - (long double)b.successes * a.trials;
    return (double)(d / ((long double)a.trials * b.trials));
}

static double newcombe_limit(PlRate treated, PlRate control, double z, int side) {
    int reached = z < 0 ? -side : side;
    return exact_difference(treated, control) +
           reached * (z == 0 ? 0 : newcombe_distance(treated, control, fabs(z), reached));
}

typedef struct {
    PlRate treated, control;
    double difference;
} Touching;

static bool beyond_zero(double z, const void *context) {
    const Touching *t = context;
    int side = t->difference > 0 ? -1 : 1;
    return newcombe_distance(t->treated, t->control, z, side) > fabs(t->difference);
}

/* The z at which Newcombe's interval touches 0, with the sign of the difference. The limits move away from
 * the difference as z grows and pass 0 on their way: towards z = infinity the lower one comes to
 * d - sqrt(p1^2 + (1 - p2)^2) < 0. */
static double touching_z(PlRate treated, PlRate control) {
    Touching t = {treated, control, exact_difference(treated, control)};
    if (t.difference == 0)
        return 0;
    double high = 1;
    while (high < 1e150 && !beyond_zero(high, &t))
        high *= 2;
    return copysign(pl_root(beyond_zero, &t, 0, high), t.difference);
}

bool pl_pooled_z(PlRate treated, PlRate control, double *z) {
    double n1 = treated.trials, n2 = control.trials, p = (treated.successes + control.successes) / (n1 + n2);
    double q = (n1 - treated.successes + n2 - control.successes) / (n1 + n2);
    *z = exact_difference(treated, control) / sqrt(p * q * (1 / n1 + 1 / n2));
    return isfinite(*z);
}

/* The difference of two rates, treated minus control, with Newcombe's hybrid score interval (his method 10:
 * the two Wilson intervals, squared and added). His paper gives no p-value; the pooled z-test's can
 * contradict the interval. Here p is the level at which the interval touches 0, which is the test that the
 * interval stands for; `statistic` is the z of that level. `std_error` is the unpooled one, for pooling
 * studies; it is absent when both rates are 0 or 1. Both rates need at least one trial (see pl_rates_read).
 * PL_BAD_ARGUMENT: an option. Assumes independent trials.
 * Source: Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, table II.
 * Check: 56/70 against 48/80, [.0524, .3339], tests/unit/stats/test_proportions.c. */
PlStatus pl_newcombe(PlRate treated, PlRate control, const PlInferenceOptions *options, PlInference *out) {
    double nothing = 0;
    PlStatus status = pl_check_paired(&nothing, 1, 1, options);
    if (status != PL_OK)
        return status;
    if (!(treated.trials > 0 && control.trials > 0))
        return PL_TOO_FEW;
    double z = touching_z(treated, control), width = gsl_cdf_ugaussian_Qinv(pl_tail_level(options));
    double n1 = treated.trials, n2 = control.trials;
    double variance = treated.successes / n1 * ((n1 - treated.successes) / n1) / n1 +
                      control.successes / n2 * ((n2 - control.successes) / n2) / n2;
    *out = (PlInference){.estimate = exact_difference(treated, control),
                         .std_error = sqrt(variance),
                         .statistic = z,
                         .has = PL_HAS_STATISTIC | (variance > 0 ? PL_HAS_STD_ERROR : 0),
                         .n = (size_t)(n1 + n2)};
    double p = pl_tail_p(options->alternative, gsl_cdf_ugaussian_Q(z), gsl_cdf_ugaussian_P(z));
    double low = newcombe_limit(treated, control, width, -1);
    double high = newcombe_limit(treated, control, width, 1);
    double scale = newcombe_distance(treated, control, 1, -1) + newcombe_distance(treated, control, 1, 1);
    double rounding = LIMIT_ROUNDING * scale / gsl_ran_ugaussian_pdf(fmin(width, 0));
    pl_set_interval(out, options, p, low, high, rounding);
    return PL_OK;
}

static PlStatus add_contrast(PlAnswer *answer, const PlVariable *group, const PlRate *rates, size_t level,
                             const PlMethodOptions *options) {
    PlRate treated = rates[level], control = rates[options->control];
    PlAnswerRow *row = pl_answer_add(answer, group->labels[level]);
    if (!row)
        return PL_NO_MEMORY;
    row->versus = group->labels[options->control];
    PlStatus status = pl_newcombe(treated, control, &options->inference, &row->in);
    double p1 = treated.successes / treated.trials, p2 = control.successes / control.trials, z;
    pl_answer_figure(row, "rate", p1);
    pl_answer_figure(row, "rate_control", p2);
    if (p2 > 0)
        pl_answer_figure(row, "lift", row->in.estimate / p2);
    else
        row->reason = "the control's rate is 0, so there is no relative lift";
    pl_answer_figure(row, "cohen_h", 2 * (asin(sqrt(p1)) - asin(sqrt(p2))));
    if (pl_pooled_z(treated, control, &z)) {
        pl_answer_figure(row, "z_pooled", z);
        pl_answer_figure(
            row, "p_pooled",
            pl_tail_p(options->inference.alternative, gsl_cdf_ugaussian_Q(z), gsl_cdf_ugaussian_P(z)));
    }
    return status;
}

/* Wilson's interval has two sides whatever the alternative: no test goes with a rate alone. */
static PlStatus add_rate(PlAnswer *answer, const char *label, PlRate rate, double conf_level) {
    PlAnswerRow *row = pl_answer_add(answer, label);
    if (!row)
        return PL_NO_MEMORY;
    PlLimits limits = pl_wilson(rate, gsl_cdf_ugaussian_Qinv((1 - conf_level) / 2));
    row->in = (PlInference){.estimate = rate.successes / rate.trials,
                            .conf_low = limits.low,
                            .conf_high = limits.high,
                            .conf_level = conf_level,
                            .n = (size_t)rate.trials};
    row->lacks = PL_LACKS_P;
    pl_answer_figure(row, "successes", rate.successes);
    pl_answer_figure(row, "trials", rate.trials);
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlStatus status = pl_rates_check(sample, options, answer);
    if (status == PL_OK && pl_sample_has(sample, PL_CLUSTER))
        return pl_proportions_of_clusters(sample, options, answer);
    PlRate *rates = NULL;
    if (status == PL_OK)
        status = pl_rates_read(sample, PL_GROUP, answer, &rates);
    const PlVariable *group = &sample->roles[PL_GROUP];
    for (size_t k = 0; k < group->n_levels && status == PL_OK; k++)
        if (k != options->control)
            status = add_contrast(answer, group, rates, k, options);
    for (size_t k = 0; k < group->n_levels && status == PL_OK; k++)
        status = add_rate(answer, group->labels[k], rates[k], options->inference.conf_level);
    pl_answer_note(answer, "p is the level at which Newcombe's interval touches 0; p_pooled is that of the "
                           "pooled z-test, whose decision can differ near the limit");
    return status;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "0 or 1 a row; with --n the number of successes"},
    {PL_TRIALS, true, "trials that the successes came from; rows of a group are summed"},
    {PL_GROUP, false, "groups to compare"},
    {PL_CLUSTER, true, "stores, when whole stores were assigned: their rates are compared"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_proportions = {
    .id = "proportions",
    .title = "Difference of two rates",
    .family = pl_family_rates,
    .estimates = "difference of the rates, each group minus the control; then the rate of each group",
    .assumes = "Trials are independent. When whole stores were assigned, they are not: give --cluster, and "
               "the stores' rates are compared by Welch's t-test, each store counting alike.",
    .use = "The first choice for redemption, conversion and other shares. With very few successes hold "
           "fisher_exact against it.",
    .formula = "difference = p1 - p2\n"
               "low = difference - sqrt((p1 - l1)^2 + (u2 - p2)^2)\n"
               "high = difference + sqrt((u1 - p1)^2 + (p2 - l2)^2), l and u Wilson's limits of each rate\n"
               "p = the level at which this interval touches 0\n"
               "rate of a group: Wilson's interval, always with two sides",
    .source = "Newcombe 1998, Statistics in Medicine 17(8), 873-890, "
              "doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I; Wilson 1927, "
              "doi:10.1080/01621459.1927.10502953",
    .check = "56 of 70 against 48 of 80: 95 % interval [.0524, .3339] (Newcombe 1998, table II, method 10)",
    .min_n = 2,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .run = run,
};
