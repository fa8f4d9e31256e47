/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/correlation.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/method.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/quadrature.h"
#include "pairlift/stats/root.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_hyperg.h>
#include <math.h>

/* The textbook's interval (Fisher's z) and p-value (Student's t) are two procedures that can contradict each
 * other. Here the interval inverts the exact distribution of r under normality, whose test of 0 is just that
 * t-test. Fisher's z for both was the alternative: approximate, and no p-value that anybody else has. */

/* Points on a line have a correlation this close to 1, which says nothing about how far off 1 it is. */
#define LINE_WITHIN (8 * DBL_EPSILON)

/* Resolution of a limit beside 0: the integral's and the bisection's rounding. */
#define GRAIN 1e-11

/* The limit on the z scale is nearer than this, for levels down to 1e-15. */
#define FARTHEST 40.0

/* ln cosh without overflow, and to all digits near 0, for it is multiplied by n. */
static double log_cosh(double x) {
    double half = sinh(x / 2);
    return fabs(x) < 1 ? log1p(2 * half * half) : fabs(x) + log1p(exp(-2 * fabs(x))) - M_LN2;
}

/* 2F1(1/2, 1/2; c; x), 0 <= x <= 1, c >= 2.5. */
static double hypergeometric(double c, double x) {
    enum { SERIES_FROM = 10, TERMS_MAX = 1000 };
    if (c < SERIES_FROM && x > 0.9)
        return gsl_sf_hyperg_2F1(0.5, 0.5, c, x);
    double term = 1, sum = 1;
    for (int k = 0; k < TERMS_MAX && term > DBL_EPSILON / 8 * sum; k++) {
        term *= (k + 0.5) * (k + 0.5) / ((c + k) * (k + 1)) * x;
        sum += term;
    }
    return sum;
}

/* Density of Z = atanh R at u, without its constant. */
static double density(double u, double zeta, double n) {
    double power = (log_cosh(u) - log_cosh(zeta)) / 2 - (n - 1.5) * log_cosh(u - zeta);
    return exp(power) * hypergeometric(n - 0.5, (1 + tanh(zeta) * tanh(u)) / 2);
}

/* Gamma(a + 1/2) / Gamma(a): far out by Stirling's series, where the difference of two large logarithms has
 * lost digits. */
static double gamma_ratio(double a) {
    enum { SERIES_FROM = 200 };
    if (a < SERIES_FROM)
        return exp(gsl_sf_lnpoch(a, 0.5));
    double b = 1 / a;
    return sqrt(a) *
           (1 + b * (-1. / 8 + b * (1. / 128 + b * (5. / 1024 + b * (-21. / 32768 - b * 399. / 262144)))));
}

/* The tail beyond z, z >= zeta: panels of Gauss and Legendre until nothing is added. */
static double outer_tail(double z, double zeta, double n) {
    enum { PANELS_MAX = 400 };
    double width = 1 / sqrt(n - 1.5), sum = 0;
    for (int panel = 0; panel < PANELS_MAX; panel++) {
        double middle = z + (panel + 0.5) * width, part = 0;
        for (int i = 0; i < PL_GAUSS; i++)
            part += pl_gauss_weights[i] * density(middle + pl_gauss_nodes[i] * width / 2, zeta, n);
        sum += part * width / 2;
        if (part * width <= DBL_EPSILON / 16 * sum)
            break;
    }
    return sum * (n - 2) / sqrt(2 * M_PI) / gamma_ratio(n - 1);
}

/* Hotelling 1953, doi:10.1111/j.2517-6161.1953.tb00135.x, eq. 25, with r = tanh z, where the powers of 1 -
 * r^2 and of 1 - rho r become one of cosh(z - zeta). */
double pl_correlation_tail(double z, double zeta, size_t n) {
    if (z < zeta)
        return 1 - outer_tail(-z, -zeta, (double)n);
    return outer_tail(z, zeta, (double)n);
}

typedef struct {
    double z, level;
    size_t n;
} Limit;

/* Whether a true correlation of tanh zeta lets |r| this large happen more often than the level. */
static bool likely_enough(double zeta, const void *context) {
    const Limit *limit = context;
    return pl_correlation_tail(limit->z, zeta, limit->n) > limit->level;
}

/* The smallest zeta whose upper tail at z is above the level. */
static double lower_limit(double z, size_t n, double level) {
    Limit limit = {z, level, n};
    return pl_root(likely_enough, &limit, z - FARTHEST, z + FARTHEST);
}

/* Pearson's correlation of n pairs. p-value: Student's t-test of r sqrt((n - 2) / (1 - r^2)), n - 2 df.
 * Interval: the correlations that the exact distribution of r does not reject at the same level, of which
 * that t-test is the case 0. Assumes independent pairs, normal in both; the test needs only one of them
 * normal given the other. out->perfect: the points are on a line, and only the estimate and n are set.
 * PL_TOO_FEW: n < 3. PL_NO_VARIANCE: x or y is constant up to rounding. PL_NOT_FINITE, PL_BAD_ARGUMENT.
 * Source: Fisher 1915, doi:10.1093/biomet/10.4.507; Hotelling 1953, see above. Check: R's cor.test (t, p),
 * and the interval by another form of the distribution in scipy, tests/unit/stats/test_correlation.c. */
PlStatus pl_pearson(const double *x, const double *y, size_t n, const PlInferenceOptions *options,
                    PlCorrelation *out) {
    double r = 0;
    PlStatus status = pl_check_paired(x, n, 3, options);
    if (status == PL_OK)
        status = pl_correlation(x, y, n, &r);
    if (status != PL_OK)
        return status;
    PlCorrelation result = {.in = {.estimate = r, .n = n, .conf_level = options->conf_level},
                            .perfect = 1 - fabs(r) <= LINE_WITHIN};
    if (result.perfect) {
        result.in.estimate = r > 0 ? 1 : -1;
        *out = result;
        return PL_OK;
    }
    double df = (double)(n - 2), t = r * sqrt(df / ((1 - r) * (1 + r))), z = atanh(r);
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    double level = pl_tail_level(options);
    double low = options->alternative == PL_LESS ? -1 : tanh(lower_limit(z, n, level));
    double high = options->alternative == PL_GREATER ? 1 : -tanh(lower_limit(-z, n, level));
    if (!isfinite(p) || !isfinite(low) || !isfinite(high))
        return PL_NO_CONVERGENCE;
    result.in.statistic = t;
    result.in.df = df;
    result.in.has = PL_HAS_STATISTIC | PL_HAS_DF;
    pl_set_interval(&result.in, options, p, low, high, GRAIN);
    result.in.conf_low = fmax(-1, result.in.conf_low); /* a correlation needs no infinite limit */
    result.in.conf_high = fmin(1, result.in.conf_high);
    *out = result;
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    const PlVariable *x = &sample->roles[PL_X], *y = &sample->roles[PL_Y];
    PlCorrelation result;
    double unused;
    PlStatus status = pl_pearson(x->values, y->values, sample->rows, &options->inference, &result);
    if (status == PL_NO_VARIANCE) {
        bool of_x = pl_correlation(x->values, x->values, sample->rows, &unused) == PL_NO_VARIANCE;
        answer->culprit = of_x ? x->name : y->name;
    }
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = result.in;
    if (result.perfect) {
        row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = "the points lie on a line, so there is no spread left to judge it by";
        return PL_OK;
    }
    pl_answer_figure(row, "r_squared", result.in.estimate * result.in.estimate);
    return PL_OK;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "one value of each row"},
    {PL_Y, false, "the other"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_correlation = {
    .id = "correlation",
    .title = "Pearson's correlation",
    .family = pl_family_regression,
    .estimates = "linear correlation of x and y",
    .assumes = "Rows are independent; x and y are normal together.",
    .use = "For how closely two columns move on a line. One far-off row can make or hide it: hold spearman "
           "against it. R's cor.test has the same p-value and a slightly different interval (Fisher's z, an "
           "approximation that can contradict that p-value).",
    .formula = "t = r sqrt((n - 2) / (1 - r^2)), n - 2 degrees of freedom\n"
               "interval = the rho with P(R >= r | rho) and P(R <= r | rho) above half of 1 - level, exactly",
    .source = "Fisher 1915, doi:10.1093/biomet/10.4.507; Hotelling 1953, "
              "doi:10.1111/j.2517-6161.1953.tb00135.x",
    .check = "t and p of R's cor.test; the interval by Ruben's form of the distribution in scipy",
    .min_n = 3,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE,
    .run = run,
};
