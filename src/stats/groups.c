/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/groups.h"

#include "pairlift/stats/adjust.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

#include <math.h>
#include <string.h>

const PlRoleUse pl_group_roles[] = {
    {PL_X, false, "value of each store"},
    {PL_GROUP, false, "group that the store is in"},
    {.role = PL_N_ROLES},
};

PlStatus pl_groups_split(const PlSample *sample, PlAnswer *answer, PlGroups *out) {
    const PlVariable *group = &sample->roles[PL_GROUP], *x = &sample->roles[PL_X];
    size_t k = group->n_levels;
    if (k < 2)
        return pl_answer_refuse(answer, PL_ONE_LEVEL, group->name);
    *out = (PlGroups){k, pl_arena_sizes(answer->arena, k), pl_arena_take(answer->arena, k, sizeof *out->x),
                      group->labels};
    if (!out->n || !out->x)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++) {
        if (!isfinite(x->values[i]))
            return pl_answer_refuse(answer, PL_NOT_FINITE, x->name);
        out->n[group->levels[i]]++;
    }
    for (size_t g = 0; g < k; g++) {
        out->x[g] = pl_arena_doubles(answer->arena, out->n[g]);
        if (!out->x[g])
            return PL_NO_MEMORY;
        out->n[g] = 0;
    }
    for (size_t i = 0; i < sample->rows; i++) {
        size_t g = group->levels[i];
        out->x[g][out->n[g]++] = x->values[i];
    }
    return PL_OK;
}

static void add_side(PlAnswerRow *row, const char *names[3], const double *x, size_t n, double *scratch) {
    double mean = 0;
    memcpy(scratch, x, n * sizeof *x);
    pl_sort(scratch, n);
    if (pl_mean_sd(x, n, &mean, NULL) == PL_OK)
        pl_answer_figure(row, names[0], mean);
    pl_answer_figure(row, names[1], pl_quantile_sorted(scratch, n, 0.5));
    pl_answer_figure(row, names[2], (double)n);
}

static PlStatus add_level(PlTwoGroupTest *test, const PlGroups *groups, size_t level, size_t control,
                          const PlMethodOptions *options, double *scratch, PlAnswer *answer) {
    static const char *of_treated[3] = {"mean_treated", "median_treated", "n_treated"},
                      *of_control[3] = {"mean_control", "median_control", "n_control"};
    PlAnswerRow *row = pl_answer_add(answer, groups->labels[level]);
    if (!row)
        return PL_NO_MEMORY;
    row->versus = groups->labels[control];
    PlStatus status = test(groups->x[level], groups->n[level], groups->x[control], groups->n[control],
                           &options->inference, answer->arena, &row->in);
    if (status == PL_NO_MEMORY || status == PL_BAD_ARGUMENT)
        return status;
    row->status = status;
    if (status != PL_OK)
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
    add_side(row, of_treated, groups->x[level], groups->n[level], scratch);
    add_side(row, of_control, groups->x[control], groups->n[control], scratch);
    return PL_OK;
}

/* When no row has an estimate: the first row's status, about the smaller of its groups or the values. */
static PlStatus refuse_without_estimate(const PlGroups *groups, const PlSample *sample, size_t control,
                                        PlAnswer *answer) {
    for (size_t i = 0; i < answer->n_rows; i++)
        if (answer->rows[i].status == PL_OK)
            return PL_OK;
    size_t first = control == 0, smaller = groups->n[first] < groups->n[control] ? first : control;
    PlStatus status = answer->rows[0].status;
    return pl_answer_refuse(answer, status,
                            status == PL_TOO_FEW ? groups->labels[smaller] : sample->roles[PL_X].name);
}

PlStatus pl_groups_against_control(PlTwoGroupTest *test, const PlSample *sample,
                                   const PlMethodOptions *options, PlAnswer *answer) {
    PlGroups groups;
    PlStatus status = pl_groups_split(sample, answer, &groups);
    if (status != PL_OK)
        return status;
    if (options->control >= groups.n_groups)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "control");
    double *scratch = pl_arena_doubles(answer->arena, sample->rows);
    if (!scratch)
        return PL_NO_MEMORY;
    for (size_t g = 0; g < groups.n_groups && status == PL_OK; g++)
        if (g != options->control)
            status = add_level(test, &groups, g, options->control, options, scratch, answer);
    return status == PL_OK ? refuse_without_estimate(&groups, sample, options->control, answer) : status;
}

/* The adjusted p-values of the rows from `first` on that have one. */
static PlStatus adjust(PlAnswer *answer, size_t first, PlPairwise how) {
    size_t n = 0, all = answer->n_rows - first;
    double *p = pl_arena_doubles(answer->arena, all), *adjusted = pl_arena_doubles(answer->arena, all);
    size_t *order = pl_arena_sizes(answer->arena, all);
    if (!p || !adjusted || !order)
        return PL_NO_MEMORY;
    for (size_t i = first; i < answer->n_rows; i++)
        if (answer->rows[i].status == PL_OK)
            adjusted[n] = p[n] = answer->rows[i].in.p_value, n++;
    PlStatus status = how == PL_PAIRWISE_HOLM ? pl_adjust_holm(p, n, order, adjusted)
                      : how == PL_PAIRWISE_BH ? pl_adjust_bh(p, n, order, adjusted)
                                              : PL_OK;
    for (size_t i = first, k = 0; i < answer->n_rows && status == PL_OK; i++)
        if (answer->rows[i].status == PL_OK)
            pl_answer_figure(&answer->rows[i], "p_adjusted", adjusted[k++]);
    return status;
}

PlStatus pl_groups_pairwise(const PlGroups *groups, PlPairwise how, PlContrast *contrast, const void *context,
                            PlAnswer *answer) {
    size_t first = answer->n_rows;
    if (how == PL_PAIRWISE_OFF)
        return PL_OK;
    if (groups->n_groups > PL_CONTRASTS_MAX ||
        groups->n_groups * (groups->n_groups - 1) / 2 > PL_CONTRASTS_MAX)
        return pl_answer_refuse(answer, PL_TOO_LARGE, "pairwise");
    for (size_t a = 0; a < groups->n_groups; a++)
        for (size_t b = a + 1; b < groups->n_groups; b++) {
            PlAnswerRow *row = pl_answer_add(answer, groups->labels[b]);
            if (!row)
                return PL_NO_MEMORY;
            row->versus = groups->labels[a];
            PlArenaMark scratch = pl_arena_mark(answer->arena); /* megabytes a contrast, and k (k - 1) / 2 */
            row->status = contrast(context, b, a, &row->in);
            pl_arena_release(answer->arena, scratch);
            if (row->status == PL_NO_MEMORY)
                return PL_NO_MEMORY;
            if (row->status != PL_OK)
                row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        }
    pl_answer_note(answer, "the intervals are those of one contrast each; p_adjusted allows for all of them");
    return adjust(answer, first, how);
}

typedef struct {
    PlTwoGroupTest *test;
    const PlGroups *groups;
    const PlInferenceOptions *options;
    PlArena *arena;
} TestContrast;

static PlStatus contrast_by_test(const void *context, size_t later, size_t earlier, PlInference *out) {
    const TestContrast *c = context;
    const PlGroups *g = c->groups;
    return c->test(g->x[later], g->n[later], g->x[earlier], g->n[earlier], c->options, c->arena, out);
}

PlStatus pl_groups_pairwise_by(PlTwoGroupTest *test, const PlGroups *groups, const PlMethodOptions *options,
                               PlAnswer *answer) {
    TestContrast context = {test, groups, &options->inference, answer->arena};
    return pl_groups_pairwise(groups, options->pairwise, contrast_by_test, &context, answer);
}
