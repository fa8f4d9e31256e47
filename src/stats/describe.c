/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/describe.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/method.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/student.h"

#include <math.h>
#include <string.h>

/* Lag-1 autocorrelation of x in its order, as NIST defines it: the sum of products of neighbouring deviations
 * from the mean over the sum of their squares; in double-double. PL_TOO_FEW: n < 2. PL_NO_VARIANCE: x is
 * constant. Source: NIST/SEMATECH e-Handbook, 1.3.5.12. Check: StRD, tests/unit/stats/test_describe.c. */
PlStatus pl_autocorrelation(const double *x, size_t n, double *r1) {
    if (n < 2)
        return PL_TOO_FEW;
    PlUnits units = pl_units(x, n);
    PlMoments m = pl_moments(x, n, units);
    PlDd products = {0}, before = {0};
    for (size_t i = 0; i < n; i++) {
        PlDd deviation = pl_dd_subtract(pl_dd(pl_in_units(units, x[i])), m.mean);
        if (i > 0)
            products = pl_dd_add(products, pl_dd_multiply(before, deviation));
        before = deviation;
    }
    if (!(pl_dd_value(m.squares) > 0))
        return isfinite(pl_dd_value(m.sum)) ? PL_NO_VARIANCE : PL_NOT_FINITE;
    *r1 = pl_dd_value(pl_dd_divide(products, m.squares));
    return isfinite(*r1) ? PL_OK : PL_NOT_FINITE;
}

static void add_quantiles(PlAnswerRow *row, const double *sorted, size_t n) {
    static const PlFigure wanted[] = {{"min", 0},   {"q05", .05}, {"q25", .25}, {"median", .5},
                                      {"q75", .75}, {"q95", .95}, {"max", 1}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        pl_answer_figure(row, wanted[i].name, pl_quantile_sorted(sorted, n, wanted[i].value));
}

/* Without a spread there is a mean, and no interval for it. */
static void infer_mean(PlAnswerRow *row, double mean, double sd, bool varies, size_t n,
                       const PlInferenceOptions *options) {
    row->in = (PlInference){.estimate = mean, .conf_level = options->conf_level, .n = n};
    row->lacks = PL_LACKS_P;
    if (n < 2 || !varies) {
        row->lacks |= PL_LACKS_INTERVAL;
        row->reason = n < 2 ? "one value has no spread" : "all values are equal, up to rounding";
        return;
    }
    double df = (double)n - 1, error = sd / sqrt((double)n);
    double margin = pl_student_quantile((1 - options->conf_level) / 2, df) * error;
    row->in.std_error = error;
    row->in.df = df;
    row->in.has = PL_HAS_STD_ERROR | PL_HAS_DF;
    row->in.conf_low = mean - margin;
    row->in.conf_high = mean + margin;
}

static PlStatus describe(const double *x, size_t n, const char *term, const PlInferenceOptions *options,
                         PlAnswer *answer) {
    double mean = 0, sd = 0, r1 = 0, *sorted = pl_arena_doubles(answer->arena, n);
    PlAnswerRow *row = pl_answer_add(answer, term);
    if (!sorted || !row)
        return PL_NO_MEMORY;
    PlStatus status = pl_mean_sd(x, n, &mean, n > 1 ? &sd : NULL);
    if (status != PL_OK)
        return status;
    PlUnits units = pl_units(x, n);
    PlMoments moments = pl_moments(x, n, units);
    infer_mean(row, mean, sd, n > 1 && pl_spread(&moments, units) > 0, n, options);
    if (n > 1)
        pl_answer_figure(row, "sd", sd);
    if (pl_autocorrelation(x, n, &r1) == PL_OK)
        pl_answer_figure(row, "autocorrelation", r1);
    memcpy(sorted, x, n * sizeof *x);
    pl_sort(sorted, n);
    add_quantiles(row, sorted, n);
    pl_answer_figure(row, "sum", pl_from_units(units, moments.sum));
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    const PlVariable *x = &sample->roles[PL_X];
    if (sample->rows < method->min_n)
        return PL_TOO_FEW;
    PlStatus status = pl_check_paired(x->values, sample->rows, 1, &options->inference);
    if (status != PL_OK)
        return status == PL_NOT_FINITE ? pl_answer_refuse(answer, status, x->name) : status;
    if (!pl_sample_has(sample, PL_GROUP) || sample->roles[PL_GROUP].n_levels < 2) {
        const PlVariable *group = &sample->roles[PL_GROUP];
        return describe(x->values, sample->rows, group->name ? group->labels[0] : NULL, &options->inference,
                        answer);
    }
    PlGroups groups;
    status = pl_groups_split(sample, answer, &groups);
    for (size_t g = 0; status == PL_OK && g < groups.n_groups; g++)
        status = describe(groups.x[g], groups.n[g], groups.labels[g], &options->inference, answer);
    return status;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "the values"},
    {PL_GROUP, true, "one row for each of its levels"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_describe = {
    .id = "describe",
    .title = "Description of a column",
    .family = pl_family_description,
    .estimates = "mean",
    .assumes =
        "Nothing for the figures; for the interval of the mean, independent values that are near normal, "
        "or many.",
    .use = "Before anything else. A lag-1 autocorrelation far from 0 in data ordered by time says that the "
           "interval of the mean is too narrow.",
    .formula =
        "sd with divisor n - 1; autocorrelation = sum (x_i - mean)(x_(i+1) - mean) / sum (x_i - mean)^2\n"
        "quantiles: type 7 of Hyndman and Fan; interval = mean -+ t quantile * sd / sqrt n\n"
        "decimals of up to 15 digits are summed as the whole numbers of their last decimal",
    .source = "NIST StRD; Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566",
    .check = "NIST StRD univariate sets: mean, sd and autocorrelation to 15 digits",
    .roles = roles,
    .min_n = 1,
    .run = run,
};
