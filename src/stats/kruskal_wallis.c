/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/order.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

typedef struct {
    const PlGroups *groups;
    const PlInferenceOptions *options;
    PlArena *arena;
} Context;

static PlStatus contrast(const void *context, size_t later, size_t earlier, PlInference *out) {
    const Context *c = context;
    const PlGroups *g = c->groups;
    return pl_rank_sum(g->x[later], g->n[later], g->x[earlier], g->n[earlier], c->options, c->arena, out);
}

/* How many of the ascending values are below x, or (with `equal`) not above it. */
static size_t count_below(const double *sorted, size_t n, double x, bool equal) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < x || (equal && sorted[middle] == x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* H with the correction for ties. Values are compared as they are: computed ones should be rounded first. */
static PlStatus statistic(const PlSample *sample, const PlGroups *g, PlArena *arena, double *h,
                          size_t *n_tied) {
    size_t rows = sample->rows;
    double n = (double)rows, ties = 0, between = 0, *sorted = pl_arena_doubles(arena, rows);
    if (!sorted)
        return PL_NO_MEMORY;
    memcpy(sorted, sample->roles[PL_X].values, rows * sizeof *sorted);
    pl_sort(sorted, rows);
    if (sorted[0] == sorted[rows - 1])
        return PL_NO_VARIANCE;
    *n_tied = 0;
    for (size_t i = 0, end; i < rows; i = end) {
        end = count_below(sorted, rows, sorted[i], true);
        double t = (double)(end - i);
        ties += t * t * t - t;
        *n_tied += end - i > 1 ? end - i : 0;
    }
    for (size_t k = 0; k < g->n_groups; k++) {
        double sum = 0;
        for (size_t i = 0; i < g->n[k]; i++)
            sum += (double)(count_below(sorted, rows, g->x[k][i], false) +
                            count_below(sorted, rows, g->x[k][i], true) + 1) /
                   2;
        double apart = sum / (double)g->n[k] - (n + 1) / 2;
        between += (double)g->n[k] * apart * apart;
    }
    *h = 12 / (n * (n + 1)) * between / (1 - ties / (n * n * n - n));
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
    Context context = {&groups, &options->inference, answer->arena};
    return pl_groups_pairwise(&groups, options->pairwise, contrast, &context, answer);
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
