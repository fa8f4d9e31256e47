/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/rates.h"

#include "pairlift/stats/duality.h"

#include <math.h>

/* Counts above this are not told apart by a double. */
#define COUNT_MAX 0x1p53

const PlRoleUse pl_rate_roles[] = {
    {PL_X, false, "0 or 1 a row; with --n the number of successes"},
    {PL_TRIALS, true, "trials that the successes came from; rows of a group are summed"},
    {PL_GROUP, false, "groups to compare"},
    {.role = PL_N_ROLES},
};

static bool is_count(double x) {
    return x >= 0 && x <= COUNT_MAX && floor(x) == x;
}

PlStatus pl_rate_of_row(const PlSample *sample, size_t row, PlAnswer *answer, PlRate *out) {
    const PlVariable *x = &sample->roles[PL_X], *trials = &sample->roles[PL_TRIALS];
    double successes = x->values[row], of = trials->name ? trials->values[row] : 1;
    if (!isfinite(successes))
        return pl_answer_refuse(answer, PL_NOT_FINITE, x->name);
    if (!trials->name && successes != 0 && successes != 1)
        return pl_answer_refuse(answer, PL_NOT_BINARY, x->name);
    if (!is_count(of))
        return pl_answer_refuse(answer, PL_NOT_COUNTS, trials->name);
    if (!is_count(successes) || successes > of)
        return pl_answer_refuse(answer, PL_NOT_COUNTS, x->name);
    *out = (PlRate){successes, of};
    return PL_OK;
}

PlStatus pl_rates_read(const PlSample *sample, PlRole by, PlAnswer *answer, PlRate **rates) {
    const PlVariable *levels = &sample->roles[by];
    PlRate *sums = pl_arena_take(answer->arena, levels->n_levels, sizeof *sums);
    if (!sums)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++) {
        PlRate rate;
        PlStatus status = pl_rate_of_row(sample, i, answer, &rate);
        if (status != PL_OK)
            return status;
        sums[levels->levels[i]].successes += rate.successes;
        sums[levels->levels[i]].trials += rate.trials;
    }
    for (size_t k = 0; k < levels->n_levels; k++) {
        if (sums[k].trials > COUNT_MAX)
            return pl_answer_refuse(answer, PL_NOT_COUNTS, sample->roles[PL_TRIALS].name);
        if (!(sums[k].trials > 0))
            return pl_answer_refuse(answer, PL_TOO_FEW, levels->labels[k]);
    }
    *rates = sums;
    return PL_OK;
}

PlStatus pl_rates_check(const PlSample *sample, const PlMethodOptions *options, PlAnswer *answer) {
    double nothing = 0;
    PlStatus status = pl_check_paired(&nothing, 1, 1, &options->inference);
    if (status != PL_OK)
        return status;
    const PlVariable *group = &sample->roles[PL_GROUP];
    if (sample->rows == 0)
        return PL_TOO_FEW;
    if (group->n_levels < 2)
        return pl_answer_refuse(answer, PL_ONE_LEVEL, group->name);
    return options->control < group->n_levels ? PL_OK : PL_BAD_ARGUMENT;
}
