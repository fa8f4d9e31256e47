/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/moments.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Welch's F and its second degrees of freedom, in units of all the values. PL_TOO_FEW: a group of fewer than
 * two. PL_NO_VARIANCE: a group that does not vary, whose weight would be infinite (named in the answer). */
static PlStatus welch(const PlSample *sample, const PlGroups *g, PlAnswer *answer, double *f, double *df2) {
    PlUnits units = pl_units(sample->roles[PL_X].values, sample->rows);
    double k = (double)g->n_groups, total = 0, centre = 0, between = 0, lack = 0;
    double *means = pl_arena_doubles(answer->arena, g->n_groups),
           *weights = pl_arena_doubles(answer->arena, g->n_groups);
    PlDd origin = {0};
    if (!means || !weights)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < g->n_groups; i++) {
        if (g->n[i] < 2)
            return pl_answer_refuse(answer, PL_TOO_FEW, g->labels[i]);
        PlMoments m = pl_moments(g->x[i], g->n[i], units);
        double sd = pl_spread(&m, units);
        if (sd == 0)
            return pl_answer_refuse(answer, PL_NO_VARIANCE, g->labels[i]);
        origin = i ? origin : m.mean; /* nearly equal means keep their digits as distances from the first */
        means[i] = pl_dd_value(pl_dd_subtract(m.mean, origin));
        weights[i] = (double)g->n[i] / sd / sd;
        total += weights[i];
    }
    for (size_t i = 0; i < g->n_groups; i++)
        centre += weights[i] / total * means[i];
    for (size_t i = 0; i < g->n_groups; i++) {
        double share = 1 - weights[i] / total, apart = means[i] - centre;
        between += weights[i] * apart * apart / (k - 1);
        lack += share * share / ((double)g->n[i] - 1);
    }
    *f = between / (1 + 2 * (k - 2) / (k * k - 1) * lack);
    *df2 = (k * k - 1) / (3 * lack);
    return isfinite(*f) && isfinite(*df2) ? PL_OK : PL_NOT_FINITE;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlGroups groups;
    double f = 0, df2 = 0;
    PlStatus status = pl_groups_split(sample, answer, &groups);
    if (status == PL_OK)
        status = pl_check_paired(sample->roles[PL_X].values, sample->rows, 1, &options->inference);
    if (status == PL_OK)
        status = welch(sample, &groups, answer, &f, &df2);
    if (status != PL_OK)
        return status;
    double df1 = (double)groups.n_groups - 1;
    PlAnswerRow *row = pl_answer_add(answer, options->pairwise == PL_PAIRWISE_OFF ? NULL : "groups");
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.statistic = f,
                            .df = df1,
                            .p_value = gsl_cdf_fdist_Q(f, df1, df2),
                            .conf_level = options->inference.conf_level,
                            .has = PL_HAS_STATISTIC | PL_HAS_DF,
                            .n = sample->rows};
    row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL;
    row->reason = "a test of all groups at once has no single effect";
    pl_answer_figure(row, "df1", df1);
    pl_answer_figure(row, "df2", df2);
    pl_answer_figure(row, "n_groups", df1 + 1);
    return pl_groups_pairwise_by(pl_welch_t, &groups, options, answer);
}

const PlMethod pl_method_welch_anova = {
    .id = "welch_anova",
    .title = "Welch's analysis of variance",
    .family = pl_family_groups,
    .estimates = "none for the test of all groups; with --pairwise the difference of every two means",
    .assumes = "Stores are independent; values are near normal, or there are many. The groups may vary "
               "differently.",
    .use =
        "The first choice to ask whether any of several promotions differs. --pairwise holm says which, by "
        "Welch's t-tests.",
    .formula =
        "w = n / s^2 of each group, m = sum w mean / sum w, L = sum (1 - w / sum w)^2 / (n - 1)\n"
        "F = sum w (mean - m)^2 / (k - 1) / (1 + 2 (k - 2) L / (k^2 - 1)), df k - 1 and (k^2 - 1) / (3 L)",
    .source = "Welch 1951, doi:10.1093/biomet/38.3-4.330",
    .check = "three groups of 6, 6 and 7: F = 11.1348, df 2 and 10.5609, p .0025059 (R oneway.test)",
    .roles = pl_group_roles,
    .takes = PL_TAKES_PAIRWISE,
    .min_n = 4,
    .run = run,
};
