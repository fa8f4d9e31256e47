/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cuped.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/method.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* Deviations and residuals within this part of the data's magnitude are rounding. */
#define CONSTANT_WITHIN (16 * DBL_EPSILON)

/* A unit whose leverage is closer to 1 than this fits itself and has no residual to judge it by. */
#define LEVERAGE_WITHIN 1e-9

/* Deviations from the group means, in units of the largest, so that squares do not overflow. Pairs are one
 * group. */
typedef struct {
    size_t n, n_groups;
    const size_t *group;                 /* NULL: all the same */
    double *x, *y, *e;                   /* n each: pre, outcome, residual */
    double *size, *mean_x, *mean_y;      /* n_groups each; means in the data's unit */
    double scale_x, scale_y, sxx, slope; /* slope and sxx in scaled units */
} Fit;

static size_t group_of(const Fit *fit, size_t i) {
    return fit->group ? fit->group[i] : 0;
}

static double largest(const double *x, size_t n) {
    double magnitude = 0;
    for (size_t i = 0; i < n; i++)
        magnitude = fmax(magnitude, fabs(x[i]));
    return magnitude;
}

/* Takes the group means out of x, and adds them to `mean`. */
static void take_means(const Fit *fit, double *x, double *mean, double *found) {
    for (size_t g = 0; g < fit->n_groups; g++)
        found[g] = 0;
    for (size_t i = 0; i < fit->n; i++)
        found[group_of(fit, i)] += x[i] / fit->size[group_of(fit, i)];
    for (size_t i = 0; i < fit->n; i++)
        x[i] -= found[group_of(fit, i)];
    for (size_t g = 0; g < fit->n_groups; g++)
        mean[g] += found[g];
}

/* Deviations from the group means, which a second pass frees of their rounding. Returns the scale; 0: all
 * are rounding. */
static double centre(const Fit *fit, const double *x, double *deviation, double *mean, double *found) {
    memcpy(deviation, x, fit->n * sizeof *x);
    take_means(fit, deviation, mean, found);
    take_means(fit, deviation, mean, found);
    double scale = largest(deviation, fit->n);
    if (!(scale > CONSTANT_WITHIN * largest(x, fit->n)))
        return 0;
    for (size_t i = 0; i < fit->n; i++)
        deviation[i] /= scale;
    return scale;
}

/* Regresses y on pre within the groups. */
static PlStatus regress(Fit *fit, const double *y, const double *pre, PlArena *arena, PlCuped *cuped) {
    size_t n = fit->n, g = fit->n_groups;
    double *memory = pl_arena_doubles(arena, 3 * n + 4 * g);
    if (!memory)
        return PL_NO_MEMORY;
    fit->x = memory;
    fit->y = memory + n;
    fit->e = memory + 2 * n;
    fit->size = memory + 3 * n;
    fit->mean_x = fit->size + g;
    fit->mean_y = fit->mean_x + g;
    for (size_t i = 0; i < n; i++)
        fit->size[group_of(fit, i)]++;
    fit->scale_x = centre(fit, pre, fit->x, fit->mean_x, fit->mean_y + g);
    fit->scale_y = centre(fit, y, fit->y, fit->mean_y, fit->mean_y + g);
    cuped->pre_is_constant = fit->scale_x == 0;
    if (fit->scale_x == 0 || fit->scale_y == 0)
        return PL_NO_VARIANCE;
    double sxy = 0, magnitude = largest(y, n) / fit->scale_y;
    for (size_t i = 0; i < n; i++) {
        fit->sxx += fit->x[i] * fit->x[i];
        sxy += fit->x[i] * fit->y[i];
    }
    fit->slope = sxy / fit->sxx;
    for (size_t i = 0; i < n; i++)
        fit->e[i] = fit->y[i] - fit->slope * fit->x[i];
    magnitude = fmax(magnitude, fabs(fit->slope) * (largest(pre, n) / fit->scale_x));
    return largest(fit->e, n) > CONSTANT_WITHIN * magnitude ? PL_OK : PL_NO_VARIANCE;
}

/* The outcome's unit a unit of pre. */
static double slope_of(const Fit *fit) {
    return fit->slope * (fit->scale_y / fit->scale_x);
}

static PlStatus infer(double estimate, double se, double df, size_t n, const PlInferenceOptions *options,
                      PlInference *out) {
    double t = estimate / se, margin = pl_student_quantile(pl_tail_level(options), df) * se;
    if (!isfinite(t) || !isfinite(estimate - margin) || !isfinite(estimate + margin))
        return PL_NOT_FINITE;
    *out = (PlInference){.estimate = estimate,
                         .std_error = se,
                         .statistic = t,
                         .df = df,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                         .n = n};
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    pl_set_interval(out, options, p, estimate - margin, estimate + margin,
                    LIMIT_ROUNDING * (fabs(estimate) + se));
    return PL_OK;
}

/* theta, r and the factor over all units, whatever their group. */
static PlStatus describe(const double *y, const double *pre, size_t n, PlCuped *cuped) {
    double sd_y = 0, sd_x = 0, r = 0;
    PlStatus status = pl_correlation(pre, y, n, &r);
    if (status == PL_OK)
        status = pl_mean_sd(y, n, NULL, &sd_y);
    if (status == PL_OK)
        status = pl_mean_sd(pre, n, NULL, &sd_x);
    *cuped = (PlCuped){.theta = r * (sd_y / sd_x), .r = r, .variance_factor = (1 - r) * (1 + r)};
    return status == PL_OK && !isfinite(cuped->theta) ? PL_NOT_FINITE : status;
}

static PlStatus check(const double *y, const double *pre, size_t n, size_t min_n,
                      const PlInferenceOptions *options) {
    PlStatus status = pl_check_paired(y, n, min_n, options);
    return status == PL_OK ? pl_check_paired(pre, n, min_n, options) : status;
}

/* The effect on n pairs, given each pair's difference d during and pre before the treatment (n numbers each;
 * d's unit): the intercept of d regressed on pre. Not the mean pair but a pair that did not differ before is
 * estimated: within pairs it is chance who is treated, so that differences before are 0 on average, and what
 * they happened to be is taken out. Ordinary least squares with n - 2 degrees of freedom, exact for normal
 * residuals, and counting that theta is estimated.
 * PL_TOO_FEW: n < 3. PL_NO_VARIANCE: pre is constant, or explains d without rest. PL_NOT_FINITE,
 * PL_BAD_ARGUMENT: see pl_check_paired.
 * Source: Deng, Xu, Kohavi and Walker 2013, doi:10.1145/2433396.2433413. Check: R's lm,
 * tests/unit/stats/test_cuped.c. */
PlStatus pl_cuped_pairs(const double *d, const double *pre, size_t n, const PlInferenceOptions *options,
                        PlArena *arena, PlCuped *cuped, PlInference *out) {
    PlStatus status = check(d, pre, n, 3, options);
    Fit fit = {.n = n, .n_groups = 1};
    if (status == PL_OK)
        status = regress(&fit, d, pre, arena, cuped);
    if (status == PL_OK)
        status = describe(d, pre, n, cuped);
    if (status != PL_OK)
        return status;
    cuped->theta_within = cuped->theta = slope_of(&fit);
    if (!isfinite(cuped->theta))
        return PL_NOT_FINITE;
    double squares = 0, off = fit.mean_x[0] / fit.scale_x, df = (double)(n - 2);
    for (size_t i = 0; i < n; i++)
        squares += fit.e[i] * fit.e[i];
    double se = sqrt(squares / df) * hypot(1 / sqrt((double)n), off / sqrt(fit.sxx)) * fit.scale_y;
    return infer(fit.mean_y[0] - fit.slope * off * fit.scale_y, se, df, n, options, out);
}

/* Sums of one contrast: estimate = sum c y with error^2 = sum v e^2, v = c^2 / (1 - leverage), and what the
 * degrees of freedom need. With residual projection M and D = diag(v), E error^2 = s^2 tr(M D M) for equal
 * variances s^2, and df = tr^2 / tr((M D M)^2). M is known in closed form here: 1 - (same group) / size
 * - x x' / sxx, so that all of it is sums over units, not over pairs of units. */
typedef struct {
    double weight, moment; /* of one group: sum v, sum v z */
} GroupSum;

static PlStatus contrast(const Fit *fit, size_t level, size_t control, const PlInferenceOptions *options,
                         GroupSum *sums, PlInference *out) {
    double gap = (fit->mean_x[level] - fit->mean_x[control]) / fit->scale_x;
    double root = sqrt(fit->sxx), trace = 0, square = 0, variance = 0, second = 0;
    for (size_t g = 0; g < fit->n_groups; g++)
        sums[g] = (GroupSum){0};
    for (size_t i = 0; i < fit->n; i++) {
        size_t g = group_of(fit, i);
        double z = fit->x[i] / root, h = 1 / fit->size[g] + z * z,
               share = (g == level) - (double)(g == control);
        double c = share / fit->size[g] - gap / root * z;
        if (c == 0)
            continue;
        if (1 - h < LEVERAGE_WITHIN)
            return PL_TOO_FEW;
        double v = c * c / (1 - h);
        variance += v * fit->e[i] * fit->e[i];
        trace += c * c;
        square += v * v * (1 - 2 * h);
        second += v * z * z;
        sums[g].weight += v;
        sums[g].moment += v * z;
    }
    square += second * second;
    for (size_t g = 0; g < fit->n_groups; g++) {
        double weight = sums[g].weight / fit->size[g], moment = sums[g].moment;
        square += weight * weight + 2 * moment * moment / fit->size[g];
    }
    if (!(variance > 0))
        return PL_NO_VARIANCE;
    double estimate = fit->mean_y[level] - fit->mean_y[control] - fit->slope * gap * fit->scale_y;
    return infer(estimate, sqrt(variance) * fit->scale_y, trace * trace / square, fit->n, options, out);
}

/* Every group's difference from the control, adjusted for the value before: coefficients of y on the groups
 * and pre. y, pre, group: n entries each, group from 0 to n_groups - 1, every one of them there; `statuses`
 * and `out` have n_groups entries, those of the control stay untouched. Errors are HC2 with Bell and
 * McCaffrey's degrees of freedom (without pre: Welch's error), so that groups may scatter differently.
 * The slope is the one within the groups: cov / var over all units, as in the source, lets a large effect
 * leak into theta by chance differences before, which pulls estimates towards 0 by 1 part in n - 1 on
 * average. statuses: PL_TOO_FEW: a group of one unit, or a unit that alone decides the slope. PL_ONE_LEVEL:
 * n_groups < 2. PL_TOO_FEW: n < n_groups + 2. PL_NO_VARIANCE: pre is constant within all groups, or explains
 * y without rest. PL_BAD_ARGUMENT: no such control; else see pl_check_paired. Source: Deng, Xu, Kohavi and
 * Walker 2013, doi:10.1145/2433396.2433413; Imbens and Kolesar 2016, doi:10.1162/REST_a_00552 (errors).
 * Check: matrices in R, tests/unit/stats/test_cuped.c. */
PlStatus pl_cuped_groups(const double *y, const double *pre, const size_t *group, size_t n, size_t n_groups,
                         size_t control, const PlInferenceOptions *options, PlArena *arena, PlCuped *cuped,
                         PlStatus *statuses, PlInference *out) {
    if (n_groups < 2)
        return PL_ONE_LEVEL;
    if (control >= n_groups)
        return PL_BAD_ARGUMENT;
    PlStatus status = check(y, pre, n, n_groups + 2, options);
    Fit fit = {.n = n, .n_groups = n_groups, .group = group};
    if (status == PL_OK)
        status = regress(&fit, y, pre, arena, cuped);
    if (status == PL_OK)
        status = describe(y, pre, n, cuped);
    if (status != PL_OK)
        return status;
    cuped->theta_within = slope_of(&fit);
    if (!isfinite(cuped->theta_within))
        return PL_NOT_FINITE;
    GroupSum *sums = pl_arena_take(arena, n_groups, sizeof *sums);
    if (!sums)
        return PL_NO_MEMORY;
    for (size_t g = 0; g < n_groups; g++)
        if (g != control)
            statuses[g] = contrast(&fit, g, control, options, sums, &out[g]);
    return PL_OK;
}

static void add_figures(PlAnswerRow *row, const PlCuped *cuped, bool groups) {
    pl_answer_figure(row, "theta", cuped->theta);
    pl_answer_figure(row, "r", cuped->r);
    pl_answer_figure(row, "variance_factor", cuped->variance_factor);
    if (groups)
        pl_answer_figure(row, "theta_within", cuped->theta_within);
}

/* The column that a status is about. */
static const char *culprit(const PlSample *sample, PlStatus status, const PlCuped *cuped) {
    if (status == PL_NO_VARIANCE)
        return sample->roles[cuped->pre_is_constant ? PL_PRE : PL_X].name;
    return status == PL_ONE_LEVEL ? sample->roles[PL_GROUP].name : NULL;
}

static PlStatus run_groups(const PlSample *sample, const PlMethodOptions *options, PlAnswer *answer) {
    const PlVariable *x = &sample->roles[PL_X], *pre = &sample->roles[PL_PRE],
                     *group = &sample->roles[PL_GROUP];
    size_t n_groups = group->n_levels;
    PlStatus *statuses = pl_arena_take(answer->arena, n_groups, sizeof *statuses);
    PlInference *out = pl_arena_take(answer->arena, n_groups, sizeof *out);
    PlCuped cuped;
    if (!statuses || !out)
        return PL_NO_MEMORY;
    PlStatus status =
        pl_cuped_groups(x->values, pre->values, group->levels, sample->rows, n_groups, options->control,
                        &options->inference, answer->arena, &cuped, statuses, out);
    if (status != PL_OK)
        return pl_answer_refuse(answer, status, culprit(sample, status, &cuped));
    for (size_t g = 0; g < n_groups; g++) {
        if (g == options->control)
            continue;
        PlAnswerRow *row = pl_answer_add(answer, group->labels[g]);
        if (!row)
            return PL_NO_MEMORY;
        row->versus = group->labels[options->control];
        row->in = out[g];
        row->status = statuses[g];
        if (row->status == PL_OK)
            add_figures(row, &cuped, true);
        else
            row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        if (row->status == PL_TOO_FEW)
            row->reason = "a group of one unit, or a unit that alone decides the slope, has no error";
    }
    return PL_OK;
}

static PlStatus run_cuped(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                          PlAnswer *answer) {
    (void)method;
    if (pl_sample_has(sample, PL_GROUP))
        return run_groups(sample, options, answer);
    PlCuped cuped;
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    PlStatus status = pl_cuped_pairs(sample->roles[PL_X].values, sample->roles[PL_PRE].values, sample->rows,
                                     &options->inference, answer->arena, &cuped, &row->in);
    if (status != PL_OK)
        return pl_answer_refuse(answer, status, culprit(sample, status, &cuped));
    add_figures(row, &cuped, false);
    return PL_OK;
}

static const PlRoleUse cuped_roles[] = {
    {PL_X, false, "outcome of each unit during the promotion, or difference of each pair"},
    {PL_PRE, false, "the same before the promotion"},
    {PL_GROUP, true, "group of each unit; without it, rows are pairs"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_cuped = {
    .id = "cuped",
    .title = "CUPED: adjustment for the value before",
    .family = pl_family_groups,
    .estimates =
        "difference of the means, adjusted for the value before; of pairs, the mean difference of pairs "
        "that did not differ before",
    .assumes =
        "Groups (or who is treated in a pair) are drawn by lot, and the value before is measured before. "
        "Units are independent; one slope fits all; residuals near normal, or many units.",
    .use =
        "Where stores differ more from each other than the promotion moves them, and their past is known: "
        "the variance shrinks to variance_factor. It does not help when r is near 0, and costs a degree of "
        "freedom. Not for a covariate that the promotion may have changed.",
    .formula =
        "theta = cov(x, pre) / var(pre), variance_factor = 1 - r^2, over all units\n"
        "groups: difference = mean x - control's mean x - theta_within (mean pre - control's mean pre), "
        "theta_within from deviations within the groups\n"
        "        error: HC2; Student's t with Bell and McCaffrey's degrees of freedom\n"
        "pairs: estimate = mean x - theta mean pre, the intercept of x on pre, n - 2 degrees of freedom\n"
        "       error^2 = s^2 (1 / n + mean(pre)^2 / sum (pre - mean pre)^2)",
    .source = "Deng, Xu, Kohavi and Walker 2013, doi:10.1145/2433396.2433413; errors of groups: Imbens and "
              "Kolesar 2016, doi:10.1162/REST_a_00552",
    .check = "x (10, 12, 9, 15, 14, 11) with pre (8, 11, 9, 13, 12, 10): theta 1.171429, variance_factor "
             ".1050577; estimates and errors against R's lm and matrices",
    .roles = cuped_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .design = PL_DESIGN_PAIRS,
    .groups = true,
    .min_n = 3,
    .run = run_cuped,
};
