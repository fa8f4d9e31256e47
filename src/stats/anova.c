/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

typedef struct {
    const PlGroups *groups;
    const PlInferenceOptions *options;
    double *means;
    double residual_sd, df;
    double between, within; /* sums of squares */
    double f;
} Anova;

/* Sums of squares in double-double, and in units of the last decimal where there is one: the means of NIST's
 * SmLs07 to 09 agree in their first twelve digits. */
static PlStatus decompose(const PlSample *sample, Anova *a, PlArena *arena) {
    const PlGroups *g = a->groups;
    PlUnits units = pl_units(sample->roles[PL_X].values, sample->rows);
    PlMoments all = pl_moments(sample->roles[PL_X].values, sample->rows, units);
    PlDd between = {0}, within = {0};
    a->means = pl_arena_doubles(arena, g->n_groups);
    if (!a->means)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < g->n_groups; i++) {
        PlMoments m = pl_moments(g->x[i], g->n[i], units);
        PlDd apart = pl_dd_subtract(m.mean, all.mean);
        between = pl_dd_add(between, pl_dd_multiply(pl_dd((double)g->n[i]), pl_dd_multiply(apart, apart)));
        within = pl_dd_add(within, m.squares);
        a->means[i] = pl_from_units(units, m.mean);
    }
    double df1 = (double)g->n_groups - 1;
    a->df = (double)(sample->rows - g->n_groups);
    PlDd ms_within = pl_dd_divide(within, pl_dd(a->df));
    if (!(pl_dd_value(within) > 0))
        return isfinite(pl_dd_value(all.sum)) ? PL_NO_VARIANCE : PL_NOT_FINITE;
    a->f = pl_dd_value(pl_dd_divide(pl_dd_divide(between, pl_dd(df1)), ms_within));
    a->residual_sd = pl_from_units(units, pl_dd_sqrt(ms_within));
    PlDd unit = pl_dd_divide(pl_dd(1), pl_dd(units.factor)), squared = pl_dd_multiply(unit, unit);
    a->between = pl_dd_value(pl_dd_multiply(between, squared));
    a->within = pl_dd_value(pl_dd_multiply(within, squared));
    return isfinite(a->f) && isfinite(a->residual_sd) ? PL_OK : PL_NOT_FINITE;
}

static PlStatus contrast(const void *context, size_t later, size_t earlier, PlInference *out) {
    const Anova *a = context;
    double n1 = (double)a->groups->n[later], n2 = (double)a->groups->n[earlier];
    double difference = a->means[later] - a->means[earlier], error = a->residual_sd * sqrt(1 / n1 + 1 / n2);
    double t = difference / error, margin = pl_student_quantile(pl_tail_level(a->options), a->df) * error;
    double p = pl_tail_p(a->options->alternative, pl_student_tail(t, a->df), pl_student_tail(-t, a->df));
    if (!isfinite(margin) || !isfinite(t))
        return PL_NOT_FINITE;
    *out = (PlInference){.estimate = difference,
                         .std_error = error,
                         .statistic = t,
                         .df = a->df,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                         .n = a->groups->n[later] + a->groups->n[earlier]};
    pl_set_interval(out, a->options, p, difference - margin, difference + margin,
                    1e-13 * (fabs(difference) + error));
    return PL_OK;
}

static PlStatus add_test(const Anova *a, const PlSample *sample, bool alone, PlAnswer *answer) {
    PlAnswerRow *row = pl_answer_add(answer, alone ? NULL : "groups");
    double df1 = (double)a->groups->n_groups - 1, total = a->between + a->within;
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.statistic = a->f,
                            .df = df1,
                            .p_value = gsl_cdf_fdist_Q(a->f, df1, a->df),
                            .conf_level = a->options->conf_level,
                            .has = PL_HAS_STATISTIC | PL_HAS_DF,
                            .n = sample->rows};
    row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL;
    row->reason = "a test of all groups at once has no single effect";
    const PlFigure figures[] = {
        {"df1", df1},
        {"df2", a->df},
        {"ss_between", a->between},
        {"ss_within", a->within},
        {"ms_between", a->between / df1},
        {"ms_within", a->within / a->df},
        {"residual_sd", a->residual_sd},
        {"r_squared", a->between / total},
        {"n_groups", df1 + 1},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        pl_answer_figure(row, figures[i].name, figures[i].value);
    return PL_OK;
}

/* One-way analysis of variance. PL_ONE_LEVEL, PL_NOT_FINITE: see pl_groups_split. PL_TOO_FEW: no degree of
 * freedom within the groups. PL_NO_VARIANCE: no group varies. */
static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlGroups groups;
    PlStatus status = pl_groups_split(sample, answer, &groups);
    if (status != PL_OK)
        return status;
    status =
        pl_check_paired(sample->roles[PL_X].values, sample->rows, groups.n_groups + 1, &options->inference);
    Anova a = {.groups = &groups, .options = &options->inference};
    if (status == PL_OK)
        status = decompose(sample, &a, answer->arena);
    if (status == PL_OK)
        status = add_test(&a, sample, options->pairwise == PL_PAIRWISE_OFF, answer);
    return status == PL_OK ? pl_groups_pairwise(&groups, options->pairwise, contrast, &a, answer) : status;
}

const PlMethod pl_method_anova = {
    .id = "anova",
    .title = "One-way analysis of variance",
    .family = pl_family_groups,
    .estimates = "none for the test of all groups; with --pairwise the difference of every two means",
    .assumes = "Stores are independent; values are near normal, or there are many; all groups vary alike.",
    .use = "To ask whether any of several promotions differs, before asking which. If the groups spread "
           "differently, welch_anova. --pairwise holm says which, with the error of all contrasts held.",
    .formula =
        "F = (SS_between / (k - 1)) / (SS_within / (n - k)), k groups\n"
        "contrast: t = (mean_b - mean_a) / (residual_sd sqrt(1 / n_a + 1 / n_b)), n - k degrees of freedom",
    .source = "Fisher and Mackenzie 1923, doi:10.1017/S0021859600003592",
    .check = "NIST StRD, SmLs09 (means that agree in twelve digits): F = 2.01000000000000",
    .roles = pl_group_roles,
    .takes = PL_TAKES_PAIRWISE,
    .min_n = 3,
    .run = run,
};
