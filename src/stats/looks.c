/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/looks.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/mixture.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/sequential.h"
#include "pairlift/stats/student.h"

#include <math.h>

/* Options considered for a band that holds at every look:
 *
 * - units as a stream of observations (confidence_sequence as in `stat`): wrong here, for all units are there
 *   from the first look on, and what comes in is time;
 * - intervals as a stream, the mean over the units at each: its variance is the long-run one of an
 *   autocorrelated series, which a promotion of four weeks does not tell;
 * - a union bound over the looks: holds under any dependence, and doubles the width of 28 looks;
 * - chosen: Student's t over the units at each look, which is right whatever a unit's course in time, taken
 * to the normal scale by its tail (Jennison and Turnbull 2000, chapter 11.5, call it the significance level
 *   approach), and as information the share of the promotion that has passed. A mean of independent
 *   increments then is a Brownian motion in information, for which the mixture boundary (Robbins 1970) holds
 *   at all times at once. Stores that follow themselves from day to day, and what a store was before, which
 *   stays in all of its looks, make looks more alike than that: sqrt(s / t) is the least correlation that
 *   they bring, and the chance of ever crossing falls. It rises where later days vary more than the first
 *   ones. tests/calibrate/study_monitor.c measures it on simulated chains. */

#define FAR_OUT        38.0
#define LIMIT_ROUNDING 1e-9

double pl_normal_of_student(double t, double df) {
    double tail = pl_student_tail(fabs(t), df);
    double z = tail > 0 ? fmin(FAR_OUT, pl_normal_quantile(tail)) : FAR_OUT;
    return t < 0 ? -z : z;
}

double pl_student_of_normal(double z, double df) {
    double tail = pl_normal_tail(fabs(z)), t = tail > 0 ? pl_student_quantile(tail, df) : INFINITY;
    t = isnan(t) ? INFINITY : t;
    return z < 0 ? -t : t;
}

double pl_look_multiplier(double information, double alpha) {
    return pl_mixture_multiplier(information * pl_mixture_rate(PL_LOOKS_TUNED_AT, alpha), alpha);
}

static PlStatus check(const PlLook *look, double alpha) {
    if (!isfinite(look->estimate) || !isfinite(look->std_error) || !isfinite(look->information))
        return PL_NOT_FINITE;
    if (!(look->std_error >= 0) || !(look->df > 0) || !(alpha > 0 && alpha < 1) ||
        !(look->information > 0 && look->information <= 1))
        return PL_BAD_ARGUMENT;
    return look->std_error > 0 ? PL_OK : PL_NO_VARIANCE;
}

/* The interval of one look that, together with those of all other looks, holds what it estimates with
 * probability 1 - alpha: estimate -+ the t with the tail of the mixture's boundary. p_value is 1 over the
 * mixture's likelihood ratio; the smallest so far is a p-value, too, for "no effect at any look". The
 * interval is that of this look alone: one that is cut to what all looks so far agree on would hold only
 * where the effect stays the same over the promotion. Always two-sided: harm must be seen. alpha in (0, 1).
 * PL_NOT_FINITE; PL_BAD_ARGUMENT: information outside (0, 1], df, alpha; PL_NO_VARIANCE: no error. Source:
 * Robbins 1970, doi:10.1214/aoms/1177696786; Waudby-Smith et al. 2024, doi:10.1214/24-AOS2408; Johari et al.
 * 2022, doi:10.1287/opre.2021.2135; the t: Jennison and Turnbull 2000, doi:10.1201/9780367805326. Check:
 * tests/reference/monitor.R, tests/unit/stats/test_looks.c. */
PlStatus pl_look_always(const PlLook *look, double alpha, PlInference *out) {
    PlStatus status = check(look, alpha);
    if (status != PL_OK)
        return status;
    double z = pl_normal_of_student(look->estimate / look->std_error, look->df);
    double ratio = pl_mixture_log_ratio(z, look->information * pl_mixture_rate(PL_LOOKS_TUNED_AT, alpha));
    double margin =
        pl_student_of_normal(pl_look_multiplier(look->information, alpha), look->df) * look->std_error;
    PlInferenceOptions both = {.conf_level = 1 - alpha, .alternative = PL_TWO_SIDED};
    *out = (PlInference){.estimate = look->estimate,
                         .std_error = look->std_error,
                         .statistic = z,
                         .df = look->df,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF};
    pl_set_interval(out, &both, exp(fmin(0, -ratio)), look->estimate - margin, look->estimate + margin,
                    LIMIT_ROUNDING * (fabs(look->estimate) + look->std_error));
    return PL_OK;
}

/* Whether boundaries may count on looks that are alike: with few degrees of freedom the standard errors of
 * different looks vary on their own, and looks are less alike than their means are. Measured with independent
 * increments, two-sided 5 %: 3 pairs and 20 looks 9 to 11 %, 8 pairs and 4 looks 5 %, 20 pairs and 20 looks
 * 5.3 %. */
static bool may_join(size_t looks, double df) {
    return df >= fmax(PL_JOINT_FROM_DF, PL_JOINT_DF_PER_LOOK * (double)looks);
}

/* Boundaries of |z| at the first n of the planned looks, of statistics with df degrees of freedom;
 * information ascending in (0, 1], the share of the promotion, at which the error spent is that of the
 * spending function. With fewer df than looks (or PL_JOINT_FROM_DF) each look has just what is newly spent at
 * it, so that the sum holds whatever the looks have in common. Errors are those of pl_sequential_boundaries.
 * Source: Lan and DeMets 1983, doi:10.1093/biomet/70.3.659. */
PlStatus pl_look_plan(const PlLookPlan *plan, const double *information, size_t n, double df, PlArena *arena,
                      double *critical) {
    double *spent = pl_arena_doubles(arena, n);
    if (!spent)
        return PL_NO_MEMORY;
    for (size_t k = 0; k < n; k++)
        spent[k] = pl_spent(plan->spending, plan->alpha / 2, information[k]);
    PlStatus status = pl_sequential_boundaries(information, spent, n, arena, critical);
    for (size_t k = 0; status == PL_OK && k < n && !may_join(plan->looks, df); k++) {
        double now = spent[k] - (k ? spent[k - 1] : 0), z = now > 0 ? pl_normal_quantile(now) : FAR_OUT;
        critical[k] = isfinite(z) ? fmax(critical[k], fmin(z, FAR_OUT)) : FAR_OUT;
    }
    return status;
}

/* The one-sided p-value of a look that has just what is newly spent at it: the error in all at which that is
 * the tail of z. Bisection: what is newly spent grows with the error in all, up to a half. */
static double newly_spent_p(PlSpending spending, double before, double now, double z) {
    enum { STEPS = 60 };
    double low = 0, high = 0.5, tail = pl_normal_tail(z);
    for (int i = 0; i < STEPS; i++) {
        double middle = low + (high - low) / 2;
        double spent =
            pl_spent(spending, middle, now) - (before > 0 ? pl_spent(spending, middle, before) : 0);
        if (spent >= tail)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* The planned looks that were made, boundaries by the df of the first: for each its boundary, the repeated
 * interval (Jennison and Turnbull 1989, doi:10.1111/j.2517-6161.1989.tb01748.x) and p-value; all intervals
 * hold together with probability 1 - alpha, whatever stops the experiment. Two-sided, each side spends half.
 * Errors are those of pl_look_always and pl_sequential_boundaries. Check: as above. */
PlStatus pl_looks_planned(const PlLookPlan *plan, const PlLook *looks, size_t n, PlArena *arena,
                          PlPlannedLook *out) {
    double *information = pl_arena_doubles(arena, n), *critical = pl_arena_doubles(arena, n);
    if (!information || !critical)
        return PL_NO_MEMORY;
    PlStatus status = n < 1 ? PL_TOO_FEW : PL_OK;
    for (size_t k = 0; status == PL_OK && k < n; k++) {
        status = check(&looks[k], plan->alpha);
        information[k] = looks[k].information;
    }
    double df = n > 0 ? looks[0].df : 0;
    bool crossed = false;
    if (status == PL_OK)
        status = pl_look_plan(plan, information, n, df, arena, critical);
    for (size_t k = 0; status == PL_OK && k < n; k++) {
        double z = fabs(pl_normal_of_student(looks[k].estimate / looks[k].std_error, looks[k].df));
        double margin = pl_student_of_normal(critical[k], looks[k].df) * looks[k].std_error;
        PlPlannedLook *o = &out[k];
        *o = (PlPlannedLook){critical[k], looks[k].estimate - margin, looks[k].estimate + margin, NAN,
                             z >= critical[k]};
        bool first = o->crossed && !crossed;
        crossed = crossed || o->crossed;
        if (k + 1 < n && !first)
            continue;
        if (may_join(plan->looks, df))
            status = pl_sequential_p(information, information, k + 1, plan->spending, z, arena, &o->p);
        else
            o->p = newly_spent_p(plan->spending, k ? information[k - 1] : 0, information[k], z);
        o->p = fmin(1, 2 * o->p);
    }
    return status;
}

/* The chance that the statistic lies beyond `critical` at the end, given z after a share `information` < 1 of
 * the promotion and the z that is expected at the end (effect / error at the end); at 1 it is 0 or 1.
 * Source: Lan and Wittes 1988, doi:10.2307/2531870 (B-values). Check: as above. */
double pl_conditional_power(double z, double information, double z_expected, double critical) {
    double left = 1 - information;
    if (left <= 0)
        return z >= critical;
    return pl_normal_tail((critical - z * sqrt(information) - z_expected * left) / sqrt(left));
}
