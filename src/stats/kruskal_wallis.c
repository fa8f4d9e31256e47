/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/ranks.h"

#include <gsl/gsl_cdf.h>

/* Values a group below which the chi-square is rough (Kruskal and Wallis 1952). */
enum { FEW = 5 };

/* H with the correction for ties; ranks as in pl_ranks. */
static PlStatus statistic(const PlSample *sample, const PlGroups *g, PlArena *arena, double *h,
                          size_t *n_tied) {
    PlRanks ranks;
    PlStatus status = pl_ranks(sample->roles[PL_X].values, sample->rows, arena, &ranks);
    double n = (double)sample->rows, between = 0, *sums = pl_arena_doubles(arena, g->n_groups);
    if (status != PL_OK || !sums)
        return status != PL_OK ? status : PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++)
        sums[sample->roles[PL_GROUP].levels[i]] += (double)ranks.rank2[i] / 2;
    for (size_t k = 0; k < g->n_groups; k++) {
        double apart = sums[k] / (double)g->n[k] - (n + 1) / 2;
        between += (double)g->n[k] * apart * apart;
    }
    *h = 12 / (n * (n + 1)) * between / (1 - ranks.ties / (n * n * n - n));
    *n_tied = ranks.n_tied;
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlGroups groups;
    double h = 0;
    size_t n_tied = 0;
    PlStatus status = pl_groups_split(sample, answer, &groups);
    if (status == PL_OK)
        status = pl_check_paired(sample->roles[PL_X].values, sample->rows, 1, &options->inference);
    if (status == PL_OK)
        status = statistic(sample, &groups, answer->arena, &h, &n_tied);
    if (status != PL_OK)
        return status;
    double df = (double)groups.n_groups - 1;
    PlAnswerRow *row = pl_answer_add(answer, options->pairwise == PL_PAIRWISE_OFF ? NULL : "groups");
    if (!row)
        return PL_NO_MEMORY;
    row->in = (PlInference){.statistic = h,
                            .df = df,
                            .p_value = gsl_cdf_chisq_Q(h, df),
                            .conf_level = options->inference.conf_level,
                            .has = PL_HAS_STATISTIC | PL_HAS_DF,
                            .n = sample->rows,
                            .n_tied = n_tied};
    row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL;
    row->reason = "a test of all groups at once has no single effect";
    pl_answer_figure(row, "n_groups", df + 1);
    for (size_t g = 0; g < groups.n_groups && answer->n_notes == 0; g++)
        if (groups.n[g] < FEW)
            pl_answer_note(answer, "a group has fewer than five values: the chi-square p is rough");
    return pl_groups_pairwise_by(pl_rank_sum, &groups, options, answer);
}

const PlMethod pl_method_kruskal_wallis = {
    .id = "kruskal_wallis",
    .title = "Kruskal and Wallis' rank test",
    .family = pl_family_groups,
    .estimates =
        "none for the test of all groups; with --pairwise the shift between every two (Hodges-Lehmann)",
    .assumes =
        "Stores are independent; the groups differ by shifts and not in spread; at least five a group, "
        "for the chi-square.",
    .use = "For several groups with single far-off stores. --pairwise holm says which differ, by rank-sum "
           "tests.",
    .formula =
        "H = 12 / (n (n + 1)) sum n_g (mean rank_g - (n + 1) / 2)^2 / (1 - sum (t^3 - t) / (n^3 - n))\n"
        "chi-square with k - 1 degrees of freedom; midranks, t the sizes of ties",
    .source = "Kruskal and Wallis 1952, doi:10.1080/01621459.1952.10483441",
    .check = "three groups of 6, 6 and 7: H = 10.20724, p .0060747 (R kruskal.test)",
    .roles = pl_group_roles,
    .takes = PL_TAKES_PAIRWISE,
    .min_n = 3,
    .run = run,
};
