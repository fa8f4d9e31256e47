/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/time_regression.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

#include <math.h>

/* Limits closer to zero than this part of the effect's magnitude are zero up to rounding. */
#define LIMIT_ROUNDING 1e-13

/* A series divided by a power of two, which is exact and keeps squares from over- and underflow. */
typedef struct {
    double *values;
    int exponent;
} Scaled;

/* The least-squares line on the control before, about the means, in scaled units. */
typedef struct {
    double mean, slope;
    double *residuals; /* before */
    double total;      /* scaled effect: sum of what the line does not predict from begin to end */
} Line;

typedef struct {
    const PlTbrSeries *series;
    Scaled test, control, cost;
    double centre, spread; /* mean and sum of squared deviations of the control before */
    double mean_during;    /* of the control */
    Line sales, spend;
    double sales_ss, spend_ss, cross_ss; /* sums of products of the two lines' residuals */
    double width;                        /* standard error of a total / standard deviation of the noise */
} Fit;

static double largest_of(const double *x, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    return largest;
}

/* By the magnitude before, where the squares are; of a cost that began with the treatment, by all of it. */
static bool scale(const double *x, const PlTbrSeries *series, PlArena *arena, Scaled *out) {
    size_t n = series->end;
    *out = (Scaled){.values = pl_arena_doubles(arena, n)};
    if (!out->values)
        return false;
    double before = largest_of(x, series->begin);
    frexp(before > 0 ? before : largest_of(x, n), &out->exponent);
    for (size_t i = 0; i < n; i++)
        out->values[i] = ldexp(x[i], -out->exponent);
    return true;
}

static double product_sum(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The control's part of the fit. False: it does not vary before. */
static bool fit_control(Fit *fit) {
    const PlTbrSeries *s = fit->series;
    const double *x = fit->control.values;
    double sd;
    if (pl_mean_sd(x, s->begin, &fit->centre, &sd) != PL_OK ||
        sd <= PL_TIE_TOLERANCE * largest_of(x, s->begin))
        return false;
    pl_mean_sd(x + s->begin, s->end - s->begin, &fit->mean_during, NULL);
    fit->spread = sd * sd * (double)(s->begin - 1);
    return true;
}

/* Standard error of the sum over the first `times` from begin on, whose control's mean is `mean`, in units of
 * the noise. */
static double sum_width(const Fit *fit, double mean, double times) {
    double away = mean - fit->centre;
    return times * sqrt(1 / (double)fit->series->begin + away * away / fit->spread + 1 / times);
}

static bool fit_line(const Fit *fit, const double *y, PlArena *arena, Line *line) {
    const PlTbrSeries *s = fit->series;
    const double *x = fit->control.values;
    *line = (Line){.residuals = pl_arena_doubles(arena, s->begin)};
    if (!line->residuals)
        return false;
    pl_mean_sd(y, s->begin, &line->mean, NULL);
    for (size_t i = 0; i < s->begin; i++)
        line->slope += (x[i] - fit->centre) * (y[i] - line->mean);
    line->slope /= fit->spread;
    for (size_t i = 0; i < s->begin; i++)
        line->residuals[i] = y[i] - line->mean - line->slope * (x[i] - fit->centre);
    for (size_t i = s->begin; i < s->end; i++)
        line->total += y[i] - line->mean - line->slope * (x[i] - fit->centre);
    return true;
}

/* The spend of the test side by the same regression, so that effect - r * cost is, for every r, the effect on
 * the series test - r * cost. A cost that was constant before has no error. */
static bool fit_spend(Fit *fit, PlArena *arena, PlTbr *out) {
    const PlTbrSeries *s = fit->series;
    const double *cost = fit->cost.values;
    if (!fit_line(fit, cost, arena, &fit->spend))
        return false;
    out->cost_is_fixed = true;
    for (size_t i = 1; i < s->begin; i++)
        out->cost_is_fixed &= cost[i] == cost[0];
    if (out->cost_is_fixed) {
        fit->spend = (Line){.mean = cost[0], .residuals = fit->spend.residuals};
        for (size_t i = s->begin; i < s->end; i++)
            fit->spend.total += cost[i] - cost[0];
    } else {
        fit->spend_ss = product_sum(fit->spend.residuals, fit->spend.residuals, s->begin);
        fit->cross_ss = product_sum(fit->sales.residuals, fit->spend.residuals, s->begin);
    }
    out->incremental_cost = ldexp(fit->spend.total, fit->cost.exponent);
    return true;
}

static void describe_fit(const Fit *fit, PlTbr *out) {
    const PlTbrSeries *s = fit->series;
    const double *e = fit->sales.residuals, *x = fit->control.values, *y = fit->test.values;
    double step_ss = 0, total_ss = 0, low = x[0], high = x[0], observed = 0;
    for (size_t i = 0; i < s->begin; i++) {
        if (i > 0)
            step_ss += (e[i] - e[i - 1]) * (e[i] - e[i - 1]);
        total_ss += (y[i] - fit->sales.mean) * (y[i] - fit->sales.mean);
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    for (size_t i = s->begin; i < s->end; i++) {
        out->n_outside += x[i] < low || x[i] > high;
        observed += y[i];
    }
    int exponent = fit->test.exponent;
    out->n_before = s->begin;
    out->n_during = s->end - s->begin;
    out->slope = ldexp(fit->sales.slope, exponent - fit->control.exponent);
    out->intercept = ldexp(fit->sales.mean - fit->sales.slope * fit->centre, exponent);
    out->r_squared = fmax(0, 1 - fit->sales_ss / total_ss);
    out->sigma = ldexp(sqrt(fit->sales_ss / (double)(s->begin - 2)), exponent);
    out->durbin_watson = step_ss / fit->sales_ss;
    out->autocorrelation = product_sum(e, e + 1, s->begin - 1) / fit->sales_ss;
    out->observed = ldexp(observed, exponent);
    out->counterfactual = ldexp(observed - fit->sales.total, exponent);
    out->test_mean_before = ldexp(fit->sales.mean, exponent);
    out->test_mean_during = ldexp(observed / (double)out->n_during, exponent);
    out->control_mean_before = ldexp(fit->centre, fit->control.exponent);
    out->control_mean_during = ldexp(fit->mean_during, fit->control.exponent);
}

/* The arrays for charts. */
static bool fill_series(const Fit *fit, const PlInferenceOptions *options, PlArena *arena, PlTbr *out) {
    const PlTbrSeries *s = fit->series;
    size_t n = s->end - s->begin;
    double *all[2], *during[5];
    for (size_t i = 0; i < 2; i++)
        if (!(all[i] = pl_arena_doubles(arena, s->end)))
            return false;
    for (size_t i = 0; i < 5; i++)
        if (!(during[i] = pl_arena_doubles(arena, n)))
            return false;
    const double *x = fit->control.values;
    double quantile = pl_student_quantile(pl_tail_level(options), (double)(s->begin - 2)), sum = 0,
           control = 0;
    for (size_t i = 0; i < s->end; i++) {
        double expected = fit->sales.mean + fit->sales.slope * (x[i] - fit->centre);
        all[0][i] = ldexp(expected, fit->test.exponent);
        all[1][i] = ldexp(fit->test.values[i] - expected, fit->test.exponent);
        if (i < s->begin)
            continue;
        size_t k = i - s->begin;
        sum += fit->test.values[i] - expected;
        control += x[i];
        during[0][k] = out->sigma * sum_width(fit, x[i], 1);
        during[1][k] = ldexp(sum, fit->test.exponent);
        during[2][k] = out->sigma * sum_width(fit, control / (double)(k + 1), (double)(k + 1));
        double margin = quantile * during[2][k];
        during[3][k] = options->alternative == PL_LESS ? -INFINITY : during[1][k] - margin;
        during[4][k] = options->alternative == PL_GREATER ? INFINITY : during[1][k] + margin;
    }
    out->expected = all[0];
    out->difference = all[1];
    out->difference_error = during[0];
    out->cumulative = during[1];
    out->cumulative_error = during[2];
    out->cumulative_low = during[3];
    out->cumulative_high = during[4];
    return true;
}

static void infer_effect(const Fit *fit, const PlInferenceOptions *options, PlTbr *out) {
    double df = (double)(out->n_before - 2), std_error = out->sigma * fit->width;
    double estimate = ldexp(fit->sales.total, fit->test.exponent), t = estimate / std_error;
    double margin = pl_student_quantile(pl_tail_level(options), df) * std_error;
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    out->effect = (PlInference){.estimate = estimate,
                                .std_error = std_error,
                                .statistic = t,
                                .df = df,
                                .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                                .n = out->n_before + out->n_during};
    pl_set_interval(&out->effect, options, p, estimate - margin, estimate + margin,
                    LIMIT_ROUNDING * (fabs(estimate) + std_error));
}

static const PlTbrRatio no_ratio = {.lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL,
                                    .status = PL_UNBOUNDED};

/* observed - effect is the counterfactual, so effect / counterfactual rises with the effect as long as both
 * sums are above zero: the limits of the one are those of the other. */
static double lift_of(double effect, double observed) {
    return isinf(effect) ? effect : effect / (observed - effect);
}

void pl_tbr_lift(const PlInference *effect, double observed, PlTbrRatio *lift) {
    *lift = no_ratio;
    if (!(observed > 0 && observed - effect->estimate > 0)) {
        lift->reason = "a relative effect needs sums above zero, both observed and predicted";
        return;
    }
    lift->in = *effect;
    lift->in.has = effect->has & (PL_HAS_STATISTIC | PL_HAS_DF);
    lift->in.std_error = 0;
    lift->in.estimate = lift_of(effect->estimate, observed);
    lift->in.conf_low = lift_of(effect->conf_low, observed);
    lift->in.conf_high = lift_of(effect->conf_high, observed);
    lift->lacks = 0;
    lift->status = PL_OK;
    if (!isinf(effect->conf_high) && effect->conf_high >= observed) {
        lift->in.conf_low = lift->in.conf_high = 0;
        lift->lacks = PL_LACKS_INTERVAL;
        lift->status = PL_UNBOUNDED;
        lift->reason =
            "without the treatment the sum could as well have been zero, so there is no largest lift";
    }
}

/* Fieller's limits: the ratios r for which the effect on test - r * cost is not rejected, the solutions of
 * (E - r C)^2 <= q^2 Var(E - r C), q the quantile of t; an interval while the cost itself is clearly not
 * zero. Source: Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x. */
static void infer_iroas(const Fit *fit, const PlInferenceOptions *options, PlTbr *out) {
    PlTbrRatio *iroas = &out->iroas;
    *iroas = no_ratio;
    double effect = fit->sales.total, cost = fit->spend.total, df = out->effect.df;
    if (cost == 0) {
        iroas->reason = "no more was spent than before, so there is nothing to divide by";
        return;
    }
    double q = pl_student_quantile(pl_tail_level(options), df), unit = fit->width * fit->width / df;
    double r = effect / cost, t = cost > 0 ? out->effect.statistic : -out->effect.statistic;
    double noise = fit->sales_ss - 2 * r * fit->cross_ss + r * r * fit->spend_ss;
    int exponent = fit->test.exponent - fit->cost.exponent;
    iroas->in = (PlInference){.estimate = ldexp(r, exponent),
                              .std_error = ldexp(sqrt(fmax(0, noise) * unit) / fabs(cost), exponent),
                              .statistic = t,
                              .df = df,
                              .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                              .n = out->effect.n};
    iroas->lacks = 0;
    iroas->status = PL_OK;
    double g = q * q * unit, a = cost * cost - g * fit->spend_ss, b = effect * cost - g * fit->cross_ss;
    double under_root = effect * effect * fit->spend_ss + cost * cost * fit->sales_ss -
                        2 * effect * cost * fit->cross_ss -
                        g * (fit->sales_ss * fit->spend_ss - fit->cross_ss * fit->cross_ss);
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    double root = sqrt(fmax(0, g * under_root));
    double low = ldexp((b - root) / a, exponent), high = ldexp((b + root) / a, exponent);
    pl_set_interval(&iroas->in, options, p, low, high,
                    LIMIT_ROUNDING * (fabs(iroas->in.estimate) + iroas->in.std_error));
    if (!(a > 0)) {
        iroas->in.conf_low = iroas->in.conf_high = 0;
        iroas->lacks = PL_LACKS_INTERVAL;
        iroas->status = PL_UNBOUNDED;
        iroas->reason = "the spend beyond what was usual may be zero, so the return on it has no limits";
    }
}

static bool ratio_finite(const PlTbrRatio *ratio) {
    return (ratio->lacks & PL_LACKS_ESTIMATE) ||
           (isfinite(ratio->in.estimate) && isfinite(ratio->in.std_error) && !isnan(ratio->in.conf_low) &&
            !isnan(ratio->in.conf_high));
}

static bool all_finite(const PlTbr *out) {
    return isfinite(out->effect.estimate) && isfinite(out->effect.std_error) &&
           isfinite(out->effect.p_value) && !isnan(out->effect.conf_low) && !isnan(out->effect.conf_high) &&
           isfinite(out->slope) && isfinite(out->intercept) && isfinite(out->observed) &&
           isfinite(out->counterfactual) && isfinite(out->incremental_cost) && ratio_finite(&out->lift) &&
           ratio_finite(&out->iroas);
}

static PlStatus check(const PlTbrSeries *s, const PlInferenceOptions *options, PlTbr *out) {
    PlStatus status = pl_check_paired(NULL, 0, 0, options);
    if (status != PL_OK)
        return status;
    if (s->end > s->n || s->begin >= s->end)
        return PL_BAD_ARGUMENT;
    if (s->begin < PL_TBR_BEFORE_MIN)
        return PL_NO_BEFORE;
    const double *series[3] = {s->test, s->control, s->cost};
    const PlRole roles[3] = {PL_X, PL_Y, PL_COST};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; series[k] && i < s->end; i++)
            if (!isfinite(series[k][i])) {
                out->about = roles[k];
                return PL_NOT_FINITE;
            }
    return PL_OK;
}

/* Time-based regression of a geo experiment. The test series is regressed on the control series over the
 * times 0, ..., begin - 1; what the line does not predict from `begin` on, summed, is the effect, in the
 * test's unit. Its error holds that of the line and of the summed noise. `cost` (or NULL) is the spend on the
 * test side; the part of it that the same regression does not predict is the incremental cost. Times from
 * `end` on are not looked at. PL_NO_BEFORE: begin < 3. PL_BAD_ARGUMENT: an empty range, or one that ends
 * after n; an option. PL_NO_VARIANCE: about PL_Y, the control is constant before; about PL_X, the line fits
 * the test perfectly. PL_NOT_FINITE: a value, or a result too large for a double. Of a status other than
 * PL_OK, only `about` is set. Assumes independent normal noise around a line that the treatment does not
 * touch. Source: Kerman, Wang and Vaver 2017, section 4 (the t of the posterior under the flat prior is the t
 * of least squares). Check: GeoexperimentsResearch 1.0.3 on its own data, tests/unit/stats/test_tbr.c. */
PlStatus pl_tbr(const PlTbrSeries *series, const PlInferenceOptions *options, PlArena *arena, PlTbr *out) {
    PlTbr result = {.about = PL_N_ROLES};
    PlStatus status = check(series, options, &result);
    *out = (PlTbr){.about = result.about};
    if (status != PL_OK)
        return status;
    Fit fit = {.series = series};
    if (!scale(series->test, series, arena, &fit.test) ||
        !scale(series->control, series, arena, &fit.control) ||
        (series->cost && !scale(series->cost, series, arena, &fit.cost)))
        return PL_NO_MEMORY;
    if (!fit_control(&fit)) {
        out->about = PL_Y;
        return PL_NO_VARIANCE;
    }
    if (!fit_line(&fit, fit.test.values, arena, &fit.sales))
        return PL_NO_MEMORY;
    size_t n = series->begin, during = series->end - n;
    fit.sales_ss = product_sum(fit.sales.residuals, fit.sales.residuals, n);
    if (sqrt(fit.sales_ss / (double)(n - 2)) <= PL_TIE_TOLERANCE * largest_of(fit.test.values, n)) {
        out->about = PL_X;
        return PL_NO_VARIANCE;
    }
    fit.width = sum_width(&fit, fit.mean_during, (double)during);
    describe_fit(&fit, &result);
    infer_effect(&fit, options, &result);
    pl_tbr_lift(&result.effect, result.observed, &result.lift);
    if (series->cost) {
        if (!fit_spend(&fit, arena, &result))
            return PL_NO_MEMORY;
        infer_iroas(&fit, options, &result);
    }
    if (!fill_series(&fit, options, arena, &result))
        return PL_NO_MEMORY;
    if (!all_finite(&result))
        return PL_NOT_FINITE;
    *out = result;
    return PL_OK;
}
