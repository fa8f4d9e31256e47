/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/mean_difference.h"
#include "pairlift/stats/moments.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

typedef struct {
    const PlGroups *groups;
    const PlInferenceOptions *options;
    PlUnits units;
    PlDd *means;          /* [n_groups], in units */
    PlDd between, within; /* sums of squares, in squared units */
    double residual_sd, df, f;
} Anova;

/* Sums of squares in double-double, and in units of the last decimal where there is one: the means of NIST's
 * SmLs07 to 09 agree in their first twelve digits. */
static PlStatus decompose(const PlSample *sample, Anova *a, PlArena *arena) {
    const PlGroups *g = a->groups;
    PlUnits units = a->units = pl_units(sample->roles[PL_X].values, sample->rows);
    PlMoments all = pl_moments(sample->roles[PL_X].values, sample->rows, units);
    a->means = pl_arena_take(arena, g->n_groups, sizeof *a->means);
    if (!a->means)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < g->n_groups; i++) {
        PlMoments m = pl_moments(g->x[i], g->n[i], units);
        PlDd apart = pl_dd_subtract(m.mean, all.mean);
        a->between =
            pl_dd_add(a->between, pl_dd_multiply(pl_dd((double)g->n[i]), pl_dd_multiply(apart, apart)));
        a->within = pl_dd_add(a->within, m.squares);
        a->means[i] = m.mean;
    }
    a->df = (double)(sample->rows - g->n_groups);
    PlDd df1 = pl_dd((double)g->n_groups - 1), ms_within = pl_dd_divide(a->within, pl_dd(a->df));
    double sd = pl_dd_value(pl_dd_sqrt(ms_within));
    if (sd == 0 || pl_is_noise(sd, all.largest, units))
        return PL_NO_VARIANCE;
    a->f = pl_dd_value(pl_dd_divide(pl_dd_divide(a->between, df1), ms_within));
    a->residual_sd = pl_from_units(units, pl_dd(sd));
    return isfinite(a->f) && isfinite(a->residual_sd) ? PL_OK : PL_NOT_FINITE;
}

static PlStatus contrast(const void *context, size_t later, size_t earlier, PlInference *out) {
    const Anova *a = context;
    size_t n1 = a->groups->n[later], n2 = a->groups->n[earlier];
    double difference = pl_from_units(a->units, pl_dd_subtract(a->means[later], a->means[earlier]));
    return pl_infer_difference(difference, a->residual_sd * sqrt(1 / (double)n1 + 1 / (double)n2), a->df,
                               n1 + n2, a->options, out);
}

/* A sum of squares, unless a double cannot hold it: of values like 1e200 or 1e-200. */
static void add_squares(PlAnswerRow *row, const char *name, PlDd squares, PlUnits units) {
    PlDd squared = pl_dd_product(units.factor, units.factor);
    double value = units.decimal ? pl_dd_value(pl_dd_divide(squares, squared))
                                 : pl_dd_value(squares) / units.factor / units.factor;
    if (isfinite(value) && (value >= DBL_MIN || pl_dd_value(squares) == 0))
        pl_answer_figure(row, name, value);
}

static PlStatus add_test(const Anova *a, const PlSample *sample, bool alone, PlAnswer *answer) {
    PlAnswerRow *row = pl_answer_add(answer, alone ? NULL : "groups");
    double df1 = (double)a->groups->n_groups - 1;
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
    PlDd total = pl_dd_add(a->between, a->within);
    pl_answer_figure(row, "df1", df1);
    pl_answer_figure(row, "df2", a->df);
    add_squares(row, "ss_between", a->between, a->units);
    add_squares(row, "ss_within", a->within, a->units);
    add_squares(row, "ms_between", pl_dd_divide(a->between, pl_dd(df1)), a->units);
    add_squares(row, "ms_within", pl_dd_divide(a->within, pl_dd(a->df)), a->units);
    pl_answer_figure(row, "residual_sd", a->residual_sd);
    pl_answer_figure(row, "r_squared", pl_dd_value(pl_dd_divide(a->between, total)));
    pl_answer_figure(row, "n_groups", df1 + 1);
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
