/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/power.h"

#include "pairlift/stats/init.h"
#include "pairlift/stats/student.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <math.h>

/* With s the sample's sd in units of the true one, chi distributed over sqrt(df), and delta the
 * noncentrality, P(T > t) is the mean of Phi(delta - t s) over s. Considered: AS 243's series, which
 * underflows from delta 38 on; gsl_integration_qag, which allocates. Here the integral is cut where the
 * integrand changes its shape, and each smooth piece is done by gsl_integration_qng, without memory. */

/* sd of s is at most 1 / sqrt(2 df); beyond 12 of those is less than 1e-30 of the mass. */
#define WIDTH_OF_S 12

/* Phi is 0 or 1 to double precision beyond 9. */
#define WIDTH_OF_PHI 9

/* Pieces between two cuts. */
enum { PIECES = 8 };

/* Of a piece, or of the integral, which is about sqrt(pi / df). */
#define RELATIVE_ACCURACY 1e-12
#define ABSOLUTE_ACCURACY 1e-14

/* For the detectable effect; the steps are twice what bisection alone would take. */
#define ROOT_ACCURACY 1e-13
enum { ROOT_STEPS = 200 };

typedef struct {
    double df, t, delta;
    bool weight_only;
} Integrand;

/* The density of s up to a constant, relative to s = 1; the constant is taken out by integrating it too. */
static double integrand(double s, void *data) {
    const Integrand *in = data;
    double x = s - 1, log_s = s < 0.5 ? log(s) : log1p(x);
    double log_density = (in->df > 1 ? (in->df - 1) * log_s : 0) - in->df * (x + x * x / 2);
    return exp(log_density) * (in->weight_only ? 1 : gsl_cdf_ugaussian_P(in->delta - in->t * s));
}

static double clamp(double x, double low, double high) {
    return fmin(fmax(x, low), high);
}

static PlStatus integrate(Integrand *in, double *result) {
    double width = WIDTH_OF_S / sqrt(2 * in->df), low = fmax(0, 1 - width), high = 1 + width;
    double middle = in->delta / in->t, reach = WIDTH_OF_PHI / fabs(in->t);
    double cuts[] = {low, clamp(middle - reach, low, high), clamp(middle, low, high),
                     clamp(middle + reach, low, high), high};
    gsl_function f = {integrand, in};
    double total = 0;
    for (int i = 0; i + 1 < (int)(sizeof cuts / sizeof *cuts); i++)
        for (int piece = 0; piece < PIECES && cuts[i + 1] > cuts[i]; piece++) {
            double from = cuts[i] + (cuts[i + 1] - cuts[i]) * piece / PIECES, part, error;
            double to = cuts[i] + (cuts[i + 1] - cuts[i]) * (piece + 1) / PIECES;
            size_t evaluations;
            if (gsl_integration_qng(&f, from, to, ABSOLUTE_ACCURACY / sqrt(in->df), RELATIVE_ACCURACY, &part,
                                    &error, &evaluations) != 0)
                return PL_NO_CONVERGENCE;
            total += part;
        }
    *result = total;
    return PL_OK;
}

/* P(T > t), T noncentral t. */
static PlStatus upper_tail(double df, double t, double delta, double *probability) {
    Integrand in = {df, t, delta, false};
    double part, whole;
    PlStatus status = integrate(&in, &part);
    in.weight_only = true;
    if (status == PL_OK)
        status = integrate(&in, &whole);
    if (status == PL_OK)
        *probability = clamp(part / whole, 0, 1);
    return status;
}

static bool common_valid(double sd, double alpha, PlAlternative alternative) {
    pl_stats_init();
    return isfinite(sd) && sd > 0 && alpha > 0 && alpha < 1 &&
           (alternative == PL_TWO_SIDED || alternative == PL_GREATER || alternative == PL_LESS);
}

/* Power in [0, 1] for n pairs. Strict: a two-sided test that rejects on the wrong side counts too. `sd` and
 * `delta` in the same unit. PL_TOO_FEW: n < 2. PL_BAD_ARGUMENT: sd not positive, delta not finite, alpha not
 * in (0, 1). PL_NO_CONVERGENCE: the integral did not reach twelve digits. */
PlStatus pl_power_paired_t(size_t n, double sd, double delta, double alpha, PlAlternative alternative,
                           double *power) {
    if (!common_valid(sd, alpha, alternative) || !isfinite(delta))
        return PL_BAD_ARGUMENT;
    if (n < 2)
        return PL_TOO_FEW;
    double df = (double)(n - 1), noncentrality = sqrt((double)n) * delta / sd, wrong_side = 0;
    if (alternative == PL_LESS)
        noncentrality = -noncentrality;
    double t = pl_student_quantile(alternative == PL_TWO_SIDED ? alpha / 2 : alpha, df);
    PlStatus status = upper_tail(df, t, noncentrality, power);
    if (status == PL_OK && alternative == PL_TWO_SIDED)
        status = upper_tail(df, t, -noncentrality, &wrong_side);
    if (status == PL_OK)
        *power = clamp(*power + wrong_side, 0, 1);
    return status;
}

/* The smallest |delta|, in the unit of sd, that is found with probability `power`. PL_TOO_FEW: n < 2.
 * PL_BAD_ARGUMENT: see pl_power_paired_t; or power not in (alpha, 1): no effect at all reaches alpha.
 * PL_NO_CONVERGENCE: no such effect in double range. Solved by the Illinois variant of false position
 * (Dowell and Jarratt 1971, doi:10.1007/BF01934364). Check: n 15, sd 37.74438, 80 %: 29.3660. */
PlStatus pl_mde_paired_t(size_t n, double sd, double alpha, PlAlternative alternative, double power,
                         double *delta) {
    if (!common_valid(sd, alpha, alternative) || !(power > alpha && power < 1))
        return PL_BAD_ARGUMENT;
    double sign = alternative == PL_LESS ? -1 : 1, low = 0, high = 1, at_low = alpha - power, at_high = 0,
           found;
    PlStatus status = pl_power_paired_t(n, 1, sign * high, alpha, alternative, &found);
    while (status == PL_OK && (at_high = found - power) < 0) {
        low = high;
        at_low = at_high;
        high *= 2;
        status = pl_power_paired_t(n, 1, sign * high, alpha, alternative, &found);
    }
    for (int i = 0; i < ROOT_STEPS && status == PL_OK && high - low > ROOT_ACCURACY * high && at_high > 0;
         i++) {
        double next = high - at_high * (high - low) / (at_high - at_low);
        status = pl_power_paired_t(n, 1, sign * next, alpha, alternative, &found);
        if (found - power < 0) {
            low = next;
            at_low = found - power;
            at_high /= 2;
        } else {
            high = next;
            at_high = found - power;
            at_low /= 2;
        }
    }
    if (status == PL_OK && !isfinite(high * sd))
        status = PL_NO_CONVERGENCE;
    if (status == PL_OK)
        *delta = high * sd;
    return status;
}

/* The smallest number of pairs that finds `delta` with probability `power`. PL_BAD_ARGUMENT: see
 * pl_power_paired_t; power not in (alpha, 1); or a delta of 0 or, one-sided, on the wrong side: no number of
 * pairs is enough. PL_NO_CONVERGENCE: it takes more than n_max. Power grows with n, so the number is
 * doubled until it is enough and then bisected. Check: R's power.t.test, delta = sd / 2, 80 %: 33.37, so 34.
 */
PlStatus pl_n_paired_t(double sd, double delta, double alpha, PlAlternative alternative, double power,
                       size_t n_max, size_t *n) {
    bool reachable = alternative == PL_GREATER ? delta > 0 : alternative == PL_LESS ? delta < 0 : delta != 0;
    if (!common_valid(sd, alpha, alternative) || !(power > alpha && power < 1) || !isfinite(delta) ||
        !reachable)
        return PL_BAD_ARGUMENT;
    size_t too_few = 1, enough = 2;
    double found = 0;
    for (;;) {
        if (enough > n_max)
            enough = n_max;
        if (enough <= too_few)
            return PL_NO_CONVERGENCE;
        PlStatus status = pl_power_paired_t(enough, sd, delta, alpha, alternative, &found);
        if (status != PL_OK)
            return status;
        if (found >= power)
            break;
        too_few = enough;
        enough = enough > SIZE_MAX / 2 ? SIZE_MAX : enough * 2;
    }
    while (enough - too_few > 1) {
        size_t middle = too_few + (enough - too_few) / 2;
        PlStatus status = pl_power_paired_t(middle, sd, delta, alpha, alternative, &found);
        if (status != PL_OK)
            return status;
        if (found >= power)
            enough = middle;
        else
            too_few = middle;
    }
    *n = enough;
    return PL_OK;
}
