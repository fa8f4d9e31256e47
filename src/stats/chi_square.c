/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/chi_square.h"

#include "pairlift/stats/families.h"
#include "pairlift/stats/init.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Below this expected count the chi-square distribution is a poor guide (Cochran 1954). */
#define EXPECTED_FROM 5

/* Counts are whole numbers that a double tells apart. */
#define COUNT_MAX 0x1p53

double pl_chi_square_tail(double statistic, double df) {
    pl_stats_init();
    if (df == 1)
        return 2 * gsl_cdf_ugaussian_Q(sqrt(statistic));
    double p = gsl_cdf_chisq_Q(statistic, df);
    return isfinite(p) ? p : 0; /* GSL reports an underflow so */
}

/* Pearson's test that all groups have one rate: sum of (observed - expected)^2 / expected over successes and
 * failures, n_groups - 1 degrees of freedom, without a continuity correction.
 * PL_TOO_FEW: fewer than two groups, or one without trials. PL_NO_VARIANCE: all outcomes are equal.
 * Source: Pearson 1900, doi:10.1080/14786440009463897. Check: R's chisq.test on coupon redemption,
 * tests/unit/stats/test_chi_square.c. */
PlStatus pl_chi_square_rates(const PlRate *rates, size_t n_groups, PlChiSquare *out) {
    double successes = 0, trials = 0, least = INFINITY, sum = 0;
    for (size_t k = 0; k < n_groups; k++) {
        if (!(rates[k].trials > 0))
            return PL_TOO_FEW;
        successes += rates[k].successes;
        trials += rates[k].trials;
        least = fmin(least, rates[k].trials);
    }
    double p = successes / trials, q = (trials - successes) / trials;
    if (n_groups < 2)
        return PL_TOO_FEW;
    if (!(p > 0 && q > 0))
        return PL_NO_VARIANCE;
    for (size_t k = 0; k < n_groups; k++) {
        double n = rates[k].trials, deviation = rates[k].successes - n * p;
        sum += deviation * deviation / (n * p * q);
    }
    double df = (double)(n_groups - 1);
    *out = (PlChiSquare){sum, df, pl_chi_square_tail(sum, df), least * fmin(p, q), trials};
    return PL_OK;
}

/* The sample-ratio check: Pearson's test that counts[] were dealt in the proportions ratio[] (not normed;
 * NULL: even). A p-value below PL_SAMPLE_RATIO_ALARM says that the assignment or its logging is broken.
 * PL_TOO_FEW: fewer than two groups, or all counts 0. PL_BAD_ARGUMENT: a ratio that is not above 0 or not
 * finite. PL_NOT_COUNTS: a count that is not a whole number from 0 to 2^53.
 * Source: Fabijan et al. 2019, doi:10.1145/3292500.3330722. Check: 9463 against 7681 at even odds,
 * p = 3.5e-42, tests/unit/stats/test_chi_square.c. */
PlStatus pl_chi_square_ratio(const double *counts, const double *ratio, size_t n_groups, PlChiSquare *out) {
    double parts = 0, total = 0, least = INFINITY, sum = 0;
    for (size_t k = 0; k < n_groups; k++) {
        double part = ratio ? ratio[k] : 1;
        if (!(part > 0))
            return PL_BAD_ARGUMENT;
        if (!(counts[k] >= 0 && counts[k] <= COUNT_MAX && floor(counts[k]) == counts[k]))
            return PL_NOT_COUNTS;
        parts += part;
        total += counts[k];
        least = fmin(least, part);
    }
    if (n_groups < 2 || !(total > 0))
        return PL_TOO_FEW;
    if (!isfinite(parts) || !(least / parts > 0))
        return PL_BAD_ARGUMENT;
    for (size_t k = 0; k < n_groups; k++) {
        double expected = total * ((ratio ? ratio[k] : 1) / parts), deviation = counts[k] - expected;
        sum += deviation * deviation / expected;
    }
    if (!isfinite(sum))
        return PL_NOT_FINITE;
    double df = (double)(n_groups - 1);
    *out = (PlChiSquare){sum, df, pl_chi_square_tail(sum, df), total * (least / parts), total};
    return PL_OK;
}

/* Yates 1934, doi:10.2307/2983604: each deviation of a 2 x 2 table is half a count smaller, but not below
 * 0; they are all alike. */
static double yates_statistic(const PlRate *rates) {
    double n1 = rates[0].trials, n2 = rates[1].trials, n = n1 + n2;
    double p = (rates[0].successes + rates[1].successes) / n, q = 1 - p;
    double deviation = fmax(0, fabs(rates[0].successes - n1 * p) - .5);
    return deviation * deviation * (1 / (n1 * p * q) + 1 / (n2 * p * q));
}

static PlAnswerRow *add_test(PlAnswer *answer, const PlChiSquare *test) {
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return NULL;
    row->in = (PlInference){.statistic = test->statistic,
                            .df = test->df,
                            .p_value = test->p_value,
                            .has = PL_HAS_STATISTIC | PL_HAS_DF,
                            .n = (size_t)test->total};
    row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL;
    row->reason = "a test of all groups at once has no single effect";
    pl_answer_figure(row, "smallest_expected", test->smallest_expected);
    if (test->smallest_expected < EXPECTED_FROM)
        pl_answer_note(answer, "an expected count is below 5: the p-value is rough");
    return row;
}

static PlAnswerRow *add_group(PlAnswer *answer, const char *label, double estimate, double observed,
                              double expected) {
    PlAnswerRow *row = pl_answer_add(answer, label);
    if (!row)
        return NULL;
    row->in.estimate = estimate;
    row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
    pl_answer_figure(row, "observed", observed);
    pl_answer_figure(row, "expected", expected);
    return row;
}

/* ---- one rate in all groups? ---- */

static PlStatus run_rates(const PlSample *sample, PlAnswer *answer) {
    const PlVariable *group = &sample->roles[PL_GROUP];
    PlRate *rates = NULL;
    PlChiSquare test;
    PlStatus status = pl_rates_read(sample, PL_GROUP, answer, &rates);
    if (status == PL_OK)
        status = pl_chi_square_rates(rates, group->n_levels, &test);
    if (status == PL_NO_VARIANCE)
        return pl_answer_refuse(answer, status, sample->roles[PL_X].name);
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = add_test(answer, &test);
    if (!row)
        return PL_NO_MEMORY;
    pl_answer_figure(row, "cramers_v", sqrt(test.statistic / test.total));
    if (group->n_levels == 2) {
        double yates = yates_statistic(rates);
        pl_answer_figure(row, "statistic_yates", yates);
        pl_answer_figure(row, "p_yates", pl_chi_square_tail(yates, 1));
    }
    double successes = 0;
    for (size_t k = 0; k < group->n_levels; k++)
        successes += rates[k].successes;
    for (size_t k = 0; k < group->n_levels; k++) {
        PlRate r = rates[k];
        PlAnswerRow *of = add_group(answer, group->labels[k], r.successes / r.trials, r.successes,
                                    r.trials * (successes / test.total));
        if (!of)
            return PL_NO_MEMORY;
        of->in.n = (size_t)r.trials;
    }
    return PL_OK;
}

/* ---- the groups in the configured ratio? ---- */

static bool is_outcome(const PlVariable *x, size_t rows) {
    for (size_t i = 0; i < rows; i++)
        if (x->values[i] != 0 && x->values[i] != 1)
            return false;
    return true;
}

/* The column whose sum is a group's size; NULL: its rows are. An x of 0 and 1 alone is an outcome, unless
 * each group has one row. */
static const PlVariable *size_column(const PlSample *sample, PlAnswer *answer) {
    const PlVariable *x = &sample->roles[PL_X], *trials = &sample->roles[PL_TRIALS];
    if (trials->name) {
        pl_answer_note(answer, "the size of a group is the sum of its trials");
        return trials;
    }
    if (x->name && (!is_outcome(x, sample->rows) || sample->rows == sample->roles[PL_GROUP].n_levels)) {
        pl_answer_note(answer, "the size of a group is the sum of x");
        return x;
    }
    pl_answer_note(answer, "the size of a group is the number of its rows");
    return NULL;
}

static PlStatus group_sizes(const PlSample *sample, PlAnswer *answer, double **sizes) {
    const PlVariable *column = size_column(sample, answer), *group = &sample->roles[PL_GROUP];
    *sizes = pl_arena_doubles(answer->arena, group->n_levels);
    if (!*sizes)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++) {
        double size = column ? column->values[i] : 1;
        if (!(size >= 0 && size <= COUNT_MAX && floor(size) == size))
            return pl_answer_refuse(answer, PL_NOT_COUNTS, column->name);
        (*sizes)[group->levels[i]] += size;
    }
    return PL_OK;
}

static PlStatus run_ratio(const PlSample *sample, const PlMethodOptions *options, PlAnswer *answer) {
    const PlVariable *group = &sample->roles[PL_GROUP];
    const double *ratio = options->expected;
    double *sizes = NULL, parts = 0;
    PlChiSquare test;
    if (ratio && options->n_expected != group->n_levels)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "expected");
    PlStatus status = group_sizes(sample, answer, &sizes);
    if (status == PL_OK)
        status = pl_chi_square_ratio(sizes, ratio, group->n_levels, &test);
    if (status == PL_BAD_ARGUMENT)
        return pl_answer_refuse(answer, status, "expected");
    if (status != PL_OK)
        return status;
    PlAnswerRow *row = add_test(answer, &test);
    if (!row)
        return PL_NO_MEMORY;
    bool alarm = test.p_value < PL_SAMPLE_RATIO_ALARM;
    pl_answer_figure(row, "alarm", alarm);
    pl_answer_note(answer, alarm ? "the sizes of the groups do not fit the configured ratio (p below .001): "
                                   "the assignment or its logging is broken, and no effect can be trusted"
                                 : "the sizes of the groups fit the configured ratio (alarm: p below .001)");
    for (size_t k = 0; k < group->n_levels; k++)
        parts += ratio ? ratio[k] : 1;
    for (size_t k = 0; k < group->n_levels; k++) {
        double part = (ratio ? ratio[k] : 1) / parts;
        row = add_group(answer, group->labels[k], sizes[k] / test.total, sizes[k], test.total * part);
        if (!row)
            return PL_NO_MEMORY;
        row->in.n = (size_t)sizes[k];
        pl_answer_figure(row, "expected_share", part);
    }
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlStatus status = pl_rates_check(sample, options, answer);
    if (status != PL_OK)
        return status;
    bool ratio = options->expected || !pl_sample_has(sample, PL_X);
    return ratio ? run_ratio(sample, options, answer) : run_rates(sample, answer);
}

static const PlRoleUse roles[] = {
    {PL_X, true, "0 or 1 a row; with --n the number of successes; without it the groups' sizes are tested"},
    {PL_TRIALS, true, "trials that the successes came from; rows of a group are summed"},
    {PL_GROUP, false, "groups to compare"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_chi_square = {
    .id = "chi_square",
    .title = "Pearson's chi-square test",
    .family = pl_family_rates,
    .estimates = "none for the test; the rate of each group, or its share of all units",
    .assumes = "Units are independent; expected counts of at least 5.",
    .use = "To ask whether any of several groups has another rate. With --expected 1,1 (a number a group, in "
           "sorted order), or without --x, it is the sample-ratio check: whether the sizes of the groups fit "
           "the configured ratio; the sizes are the sums of --n, else of an --x that counts, else the rows. "
           "For how large a difference is, use proportions.",
    .formula =
        "statistic = sum over cells of (observed - expected)^2 / expected, groups - 1 degrees of freedom\n"
        "cramers_v = sqrt(statistic / n)\n"
        "p_yates: of two groups, each deviation half a count smaller\n"
        "expected of the sample-ratio check = n * ratio of the group / sum of the ratios",
    .source = "Pearson 1900, doi:10.1080/14786440009463897; Yates 1934, doi:10.2307/2983604; sample ratio: "
              "Fabijan et al. 2019, doi:10.1145/3292500.3330722",
    .check =
        "9463 against 7681 units at even odds: p = 3.5e-42; 604 of 3647 against 154 of 2368: 131.8817 (R "
        "chisq.test)",
    .min_n = 2,
    .roles = roles,
    .takes = PL_TAKES_EXPECTED,
    .run = run,
};
