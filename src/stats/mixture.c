/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/mixture.h"

#include "pairlift/stats/duality.h"

#include <float.h>
#include <math.h>

#define LIMIT_ROUNDING  (1e3 * DBL_EPSILON)
#define CONSTANT_WITHIN (8 * DBL_EPSILON)

const PlRoleUse pl_mixture_roles[] = {
    {PL_X, true, "observations in the order they came: differences, or the test side; none: boundaries"},
    {PL_Y, true, "the control side: x - y is looked at"},
    {.role = PL_N_ROLES},
};

/* The narrowest limits are where x solves x + 1 - log(x + 1) = 1 - 2 log alpha; the first step of its fixed
 * point, as the source's software has it, is within a few percent of x, and of the width within 1e-4. */
double pl_mixture_rate(double tuned_at, double alpha) {
    return (-2 * log(alpha) + log1p(-2 * log(alpha))) / tuned_at;
}

double pl_mixture_multiplier(double x, double alpha) {
    return sqrt((1 + 1 / x) * (log1p(x) - 2 * log(alpha)));
}

double pl_mixture_log_ratio(double z, double x) {
    return (z * z / (1 + 1 / x) - log1p(x)) / 2;
}

/* The state after n observations: mean (the unit of the data) with standard deviation sd > 0 of one of them,
 * and rate = tau^2 / sd^2 > 0. p_value is 1 over the likelihood ratio, at most 1, and the interval the means
 * whose ratio is below 1 / alpha: valid at any look, however it was chosen. They are those of this look, not
 * the smallest p and the intersection of intervals so far, which are valid too but may leave the estimate
 * outside. Always two-sided.
 * PL_TOO_FEW: n < 1. PL_NO_VARIANCE: sd = 0. PL_BAD_ARGUMENT: the level, or a rate that is not above 0 or so
 * far out that n rate is not a number. PL_NOT_FINITE: the rest.
 * Source: Johari, Koomen, Pekelis and Walsh 2022, doi:10.1287/opre.2021.2135. Check: L 1.193858 for mean .3,
 * variance 2, n 50, tau^2 .1, tests/unit/stats/test_msprt.c. */
PlStatus pl_mixture_look(double mean, double sd, size_t n, double rate, const PlInferenceOptions *options,
                         PlInference *out, double *log_ratio) {
    PlInferenceOptions both = *options;
    both.alternative = PL_TWO_SIDED;
    PlStatus status = pl_check_paired(&mean, n < 1 ? 0 : 1, 1, &both);
    if (status != PL_OK)
        return status;
    if (!isfinite(sd) || sd < 0)
        return PL_NOT_FINITE;
    if (sd == 0)
        return PL_NO_VARIANCE;
    double x = (double)n * rate, std_error = sd / sqrt((double)n), z = mean / std_error;
    if (!(x > 0) || !isfinite(x) || !isfinite(1 / x))
        return PL_BAD_ARGUMENT;
    double margin = pl_mixture_multiplier(x, 1 - both.conf_level) * std_error,
           ratio = pl_mixture_log_ratio(z, x);
    if (!isfinite(ratio) || !isfinite(mean - margin) || !isfinite(mean + margin))
        return PL_NOT_FINITE;
    *log_ratio = ratio;
    *out = (PlInference){.estimate = mean,
                         .std_error = std_error,
                         .statistic = z,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC,
                         .n = n};
    pl_set_interval(out, &both, exp(fmin(0, -ratio)), mean - margin, mean + margin,
                    LIMIT_ROUNDING * (fabs(mean) + std_error));
    return PL_OK;
}

static double alpha_of(const PlMethodOptions *options) {
    return 1 - options->inference.conf_level;
}

static double rate_of(const PlMixture *mixture, double sd, double alpha) {
    if (!isnan(mixture->tau))
        return mixture->tau / sd * (mixture->tau / sd);
    return pl_mixture_rate(isnan(mixture->tuned_at) ? PL_TUNED_AT_DEFAULT : mixture->tuned_at, alpha);
}

/* What is said must be above 0, and tau and tuned_at say the same thing twice. */
static PlStatus check_mixture(const PlMixture *mixture, PlAnswer *answer) {
    const double values[] = {mixture->tau, mixture->variance, mixture->tuned_at};
    const char *const names[] = {"tau", "variance", "tuned_at"};
    for (size_t i = 0; i < 3; i++)
        if (!isnan(values[i]) && !(values[i] > 0 && isfinite(values[i])))
            return pl_answer_refuse(answer, PL_BAD_ARGUMENT, names[i]);
    if (!isnan(mixture->tau) && !isnan(mixture->tuned_at))
        return pl_answer_refuse(answer, PL_NOT_TOGETHER, "tuned_at");
    return PL_OK;
}

/* Mean and sd of a stream (Welford 1962, doi:10.1080/00401706.1962.10490022), from its first value on, so
 * that a large common part does not cost digits. */
typedef struct {
    double first, mean, squares, largest;
    size_t n;
} Stream;

static void take(Stream *s, double x) {
    if (s->n == 0)
        s->first = x;
    double off = x - s->first, delta = off - s->mean;
    s->n++;
    s->mean += delta / (double)s->n;
    s->squares += delta * (off - s->mean);
    s->largest = fmax(s->largest, fabs(x));
}

static double sd_of(const Stream *s) {
    double sd = s->n < 2 ? NAN : sqrt(s->squares / (double)(s->n - 1));
    return sd <= CONSTANT_WITHIN * s->largest ? 0 : sd;
}

static PlStatus fail_row(PlAnswerRow *row, PlStatus status) {
    row->status = status;
    row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
    return status;
}

/* One row from the stream in units of `unit`; *smallest is the running p so far. */
static PlStatus look(const PlMixture *mixture, const Stream *s, double unit, const PlMethodOptions *options,
                     PlAnswerRow *row, double *smallest) {
    bool known = !isnan(mixture->variance);
    double sd = known ? sqrt(mixture->variance) : sd_of(s) * unit, ratio = 0;
    if (!known && s->n < 2)
        return fail_row(row, PL_TOO_FEW);
    double rate = sd > 0 ? rate_of(mixture, sd, alpha_of(options)) : 1;
    double mean = (s->first + s->mean) * unit;
    PlStatus status = pl_mixture_look(mean, sd, s->n, rate, &options->inference, &row->in, &ratio);
    if (status != PL_OK)
        return fail_row(row, status);
    double x = (double)s->n * rate;
    pl_answer_figure(row, "log_likelihood_ratio", ratio);
    if (isfinite(exp(ratio)))
        pl_answer_figure(row, "likelihood_ratio", exp(ratio));
    pl_answer_figure(row, "multiplier", pl_mixture_multiplier(x, alpha_of(options)));
    if (isfinite(sqrt(rate) * sd))
        pl_answer_figure(row, "tau", sqrt(rate) * sd);
    if (!known && s->n < PL_RUNNING_FROM) {
        row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = "an estimated variance takes 10 observations before a look can be trusted";
    }
    if (row->term) {
        if (known || s->n >= PL_RUNNING_FROM)
            *smallest = fmin(*smallest, row->in.p_value);
        pl_answer_figure(row, "p_running", *smallest);
        pl_answer_figure(row, "crossed", *smallest <= alpha_of(options));
    }
    return PL_OK;
}

/* After the j-th of `looks` equally spaced looks at n observations, the last of them at n. */
static size_t observations_at(size_t j, size_t looks, size_t n) {
    return (size_t)ceil((double)j * ((double)n / (double)looks) - 1e-9);
}

/* A power of two near the largest value, which keeps squares from over- and underflowing. */
static double unit_of(const double *d, size_t n) {
    double largest = 0;
    int exponent = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(d[i]));
    frexp(largest, &exponent);
    return ldexp(1, exponent < -1000 ? -1000 : exponent);
}

static PlStatus look_at_data(const PlMixture *mixture, const double *d, size_t n, const char *name,
                             const PlMethodOptions *options, PlAnswer *answer) {
    size_t looks = options->looks < n ? options->looks : n, one = looks == 0;
    double smallest = 1, unit = unit_of(d, n);
    Stream stream = {0};
    for (size_t j = 1; j <= looks + one; j++) {
        size_t until = one || j == looks ? n : observations_at(j, looks, n);
        while (stream.n < until)
            take(&stream, d[stream.n] / unit);
        const char *term = one ? NULL : pl_answer_number(answer, until);
        PlAnswerRow *row = one || term ? pl_answer_add(answer, term) : NULL;
        if (!row)
            return PL_NO_MEMORY;
        PlStatus status = look(mixture, &stream, unit, options, row, &smallest);
        if (status == PL_BAD_ARGUMENT || (status != PL_OK && until == n))
            return pl_answer_refuse(answer, status,
                                    status == PL_BAD_ARGUMENT  ? "tau"
                                    : status == PL_NO_VARIANCE ? name
                                                               : NULL);
    }
    return PL_OK;
}

/* Without data: the boundary after 1, 2, ..., looks observations. */
static PlStatus tabulate(const PlMixture *mixture, const PlMethodOptions *options, PlAnswer *answer) {
    if (options->looks < 1)
        return pl_answer_refuse(answer, PL_NOT_GIVEN, "looks");
    if (options->looks > PL_LOOKS_MAX)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "looks");
    bool known = !isnan(mixture->variance);
    double sd = known ? sqrt(mixture->variance) : 1, alpha = alpha_of(options);
    double rate = rate_of(mixture, sd, alpha);
    for (size_t n = 1; n <= options->looks; n++) {
        double x = (double)n * rate, multiplier = pl_mixture_multiplier(x, alpha);
        const char *term = pl_answer_number(answer, n);
        PlAnswerRow *row = term ? pl_answer_add(answer, term) : NULL;
        if (!row)
            return PL_NO_MEMORY;
        if (!(x > 0) || !isfinite(x) || !isfinite(multiplier))
            return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "tau");
        row->in = (PlInference){.conf_level = options->inference.conf_level, .n = n};
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = "no data: the boundary alone";
        pl_answer_figure(row, "multiplier", multiplier);
        if (known)
            pl_answer_figure(row, "boundary", multiplier * sd / sqrt((double)n));
    }
    if (!known && !isnan(mixture->tau))
        pl_answer_note(answer, "Without a variance, tau counts standard deviations of one observation.");
    return PL_OK;
}

PlStatus pl_mixture_run(const PlMixture *mixture, const PlSample *sample, const PlMethodOptions *options,
                        PlAnswer *answer) {
    static const double nothing = 0;
    PlInferenceOptions both = options->inference;
    both.alternative = PL_TWO_SIDED;
    PlStatus status = pl_check_paired(&nothing, 1, 1, &both);
    if (status == PL_OK)
        status = check_mixture(mixture, answer);
    if (status != PL_OK)
        return status;
    if (!pl_sample_has(sample, PL_X))
        return tabulate(mixture, options, answer);
    size_t n = sample->rows;
    const double *x = sample->roles[PL_X].values, *y = sample->roles[PL_Y].values;
    double *d = pl_arena_doubles(answer->arena, n);
    if (!d)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        d[i] = y ? x[i] - y[i] : x[i];
    status = pl_check_paired(d, n, 1, &both);
    if (status == PL_OK)
        status = look_at_data(mixture, d, n, sample->roles[PL_X].name, options, answer);
    if (status == PL_OK && isnan(mixture->variance))
        pl_answer_note(answer,
                       "The variance is estimated at each look, which makes the guarantee approximate: "
                       "looks at fewer than 30 observations reject too often, and at fewer than 100 "
                       "where observations are strongly skewed.");
    return status;
}
