/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/chi_square.h"
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/survival.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

/* Rounding of a limit that should be 0, in parts of the interval's width. */
#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* Observed minus expected events of each group and their covariances, summed over the times. */
typedef struct {
    size_t k;
    PlLogrankGroup *groups;
    double *at_risk, *covariance; /* k; k by k */
} Tally;

/* `events` among those at risk at one time: hypergeometric, given all margins. */
static void add_time(Tally *t, double events) {
    double n = 0;
    for (size_t g = 0; g < t->k; g++)
        n += t->at_risk[g];
    double factor = n > 1 ? events * (n - events) / (n - 1) : 0;
    for (size_t g = 0; g < t->k; g++) {
        double share = t->at_risk[g] / n;
        t->groups[g].expected += events * share;
        for (size_t h = 0; h < t->k && factor > 0; h++)
            t->covariance[g * t->k + h] +=
                factor * share * ((g == h ? (n - t->at_risk[h]) / n : -t->at_risk[h] / n));
    }
}

/* u' V^-1 u over the groups that expect an event but one, which the others determine. Any group can be the
 * one left out. false: V is singular, as when all events come at one time. */
static bool quadratic_form(const Tally *t, PlArena *arena, double *statistic, double *df) {
    size_t *kept = pl_arena_sizes(arena, t->k), m = 0;
    double *v = pl_arena_doubles(arena, t->k * t->k), *u = pl_arena_doubles(arena, t->k);
    if (!kept || !v || !u)
        return false;
    for (size_t g = 0; g < t->k; g++)
        if (t->groups[g].expected > 0)
            kept[m++] = g;
    if (m < 2)
        return false;
    m--;
    *statistic = 0;
    *df = (double)m;
    for (size_t i = 0; i < m; i++) { /* Cholesky, and u solved along with it */
        u[i] = t->groups[kept[i]].observed - t->groups[kept[i]].expected;
        for (size_t j = 0; j <= i; j++) {
            double sum = t->covariance[kept[i] * t->k + kept[j]], whole = sum;
            for (size_t l = 0; l < j; l++)
                sum -= v[i * m + l] * v[j * m + l];
            if (i == j && !(sum > LIMIT_ROUNDING * whole))
                return false;
            v[i * m + j] = i == j ? sqrt(sum) : sum / v[j * m + j];
        }
        for (size_t l = 0; l < i; l++)
            u[i] -= v[i * m + l] * u[l];
        u[i] /= v[i * m + i];
        *statistic += u[i] * u[i];
    }
    return true;
}

/* The log-rank test that n_groups groups have one survival curve, on n lifetimes ascending by time: observed
 * minus expected events of each group, with the hypergeometric variance, chi-square with one degree of
 * freedom fewer than the groups that could have had an event. A group's (O - E)^2 / variance is the test of
 * it against all others together. PL_TOO_FEW: n < 2, or fewer than two groups. PL_NO_VARIANCE: no event, or
 * nothing to compare at the times of events. Source: Mantel 1966; Peto and Peto 1972, doi:10.2307/2344317.
 * Check: R's survdiff on survival_lung, 10.32674, tests/unit/stats/test_logrank.c. */
PlStatus pl_logrank(const PlLifetime *sorted, size_t n, size_t n_groups, PlArena *arena, PlLogrank *out) {
    if (n < 2 || n_groups < 2)
        return PL_TOO_FEW;
    Tally t = {n_groups, pl_arena_take(arena, n_groups, sizeof(PlLogrankGroup)),
               pl_arena_doubles(arena, n_groups), pl_arena_doubles(arena, n_groups * n_groups)};
    if (!t.groups || !t.at_risk || !t.covariance)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        t.at_risk[sorted[i].group]++;
        t.groups[sorted[i].group].n++;
    }
    for (size_t i = 0, next; i < n; i = next) {
        double events = 0;
        for (next = i; next < n && sorted[next].time == sorted[i].time; next++)
            if (sorted[next].event) {
                events++;
                t.groups[sorted[next].group].observed++;
            }
        if (events > 0)
            add_time(&t, events);
        for (size_t k = i; k < next; k++)
            t.at_risk[sorted[k].group]--;
    }
    double statistic, df;
    if (!quadratic_form(&t, arena, &statistic, &df))
        return arena->wanted ? PL_NO_MEMORY : PL_NO_VARIANCE;
    for (size_t g = 0; g < n_groups; g++)
        t.groups[g].variance = t.covariance[g * n_groups + g];
    *out = (PlLogrank){statistic, df, pl_chi_square_tail(statistic, df), t.groups};
    return PL_OK;
}

/* Of two groups: the log hazard ratio (O - E) / V of Peto, whose test is the log-rank test itself. */
static void fill_contrast(PlAnswerRow *row, const PlLogrank *test, size_t treated,
                          const PlInferenceOptions *options) {
    double error = 1 / sqrt(test->groups[treated].variance);
    double estimate =
        (test->groups[treated].observed - test->groups[treated].expected) / test->groups[treated].variance;
    double z = estimate / error, margin = gsl_cdf_ugaussian_Qinv(pl_tail_level(options)) * error;
    double p = pl_tail_p(options->alternative, gsl_cdf_ugaussian_Q(z), gsl_cdf_ugaussian_P(z));
    row->in.estimate = estimate;
    row->in.std_error = error;
    row->in.has |= PL_HAS_STD_ERROR;
    pl_set_interval(&row->in, options, p, estimate - margin, estimate + margin,
                    LIMIT_ROUNDING * (fabs(estimate) + error));
    pl_answer_figure(row, "z", z);
    pl_answer_figure(row, "hazard_ratio", exp(estimate));
    if (options->alternative != PL_LESS)
        pl_answer_figure(row, "hazard_ratio_low", exp(row->in.conf_low));
    if (options->alternative != PL_GREATER)
        pl_answer_figure(row, "hazard_ratio_high", exp(row->in.conf_high));
}

static PlStatus add_test(PlAnswer *answer, const PlVariable *group, const PlLogrank *test, size_t n,
                         const PlMethodOptions *options) {
    bool two = group->n_levels == 2;
    size_t control = options->control, treated = two ? 1 - control : 0;
    PlAnswerRow *row = pl_answer_add(answer, two ? group->labels[treated] : NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.p_value = test->p_value,
                            .statistic = test->statistic,
                            .df = test->df,
                            .has = PL_HAS_STATISTIC | PL_HAS_DF,
                            .n = n};
    if (two) {
        row->versus = group->labels[control];
        fill_contrast(row, test, treated, &options->inference);
    } else {
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL;
        row->reason = "a test of all groups at once has no single effect";
    }
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    const PlVariable *group = &sample->roles[PL_GROUP];
    double nothing = 0;
    PlLifetime *all = NULL;
    PlLogrank test;
    PlStatus status = pl_check_paired(&nothing, 1, 1, &options->inference);
    if (status == PL_OK)
        status = pl_lifetimes_read(sample, answer, &all);
    if (status != PL_OK)
        return status;
    if (group->n_levels < 2)
        return pl_answer_refuse(answer, PL_ONE_LEVEL, group->name);
    if (group->n_levels > 2 && options->inference.alternative != PL_TWO_SIDED)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "alternative (of more than two groups)");
    if (options->control >= group->n_levels)
        return PL_BAD_ARGUMENT;
    status = pl_logrank(all, sample->rows, group->n_levels, answer->arena, &test);
    if (status == PL_NO_VARIANCE)
        return pl_answer_refuse(answer, status, sample->roles[PL_EVENT].name);
    if (status == PL_OK)
        status = add_test(answer, group, &test, sample->rows, options);
    for (size_t g = 0; g < group->n_levels && status == PL_OK; g++) {
        PlAnswerRow *row = pl_answer_add(answer, group->labels[g]);
        if (!row)
            return PL_NO_MEMORY;
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        row->in.n = test.groups[g].n;
        pl_answer_figure(row, "observed", test.groups[g].observed);
        pl_answer_figure(row, "expected", test.groups[g].expected);
    }
    return status;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "time to the event, or to the end of observation"},
    {PL_EVENT, false, "1: the event happened; 0: observation ended before it"},
    {PL_GROUP, false, "groups to compare"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_logrank = {
    .id = "logrank",
    .title = "Log-rank test",
    .family = pl_family_survival,
    .estimates =
        "log of the hazard ratio of two groups, the other minus the control: above 0 the event comes "
        "sooner; none for more groups",
    .assumes = "Those who leave observation early are neither more nor less likely to have the event; the "
               "hazards of the groups stand in one ratio over time.",
    .use = "To compare times to an event between groups. Curves that cross hide from it: look at "
           "kaplan_meier. A hazard ratio far from 1 (above 2 or below 1/2) is drawn towards 1.",
    .formula = "O - E = events of a group minus the sum over times of d n_group / n\n"
               "V = sum of d (n - d) / (n - 1) * n_group / n * (1 - n_group / n)\n"
               "two groups: estimate = (O - E) / V, std_error = 1 / sqrt V, z = (O - E) / sqrt V, statistic "
               "= z^2\n"
               "more: statistic = (O - E)' V^-1 (O - E), groups - 1 degrees of freedom",
    .source =
        "Mantel 1966, Cancer Chemotherapy Reports 50, 163-170; Peto and Peto 1972, doi:10.2307/2344317; "
        "hazard ratio: Yusuf et al. 1985, doi:10.1016/S0033-0620(85)80003-7",
    .check = "228 patients with lung cancer by sex: 10.32674, p = .00131 (R survdiff)",
    .min_n = 2,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_CONTROL,
    .run = run,
};
