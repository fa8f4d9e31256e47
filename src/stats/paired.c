/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/paired.h"

const PlRoleUse pl_paired_roles[] = {
    {PL_X, false, "the test side of each pair, or its difference"},
    {PL_Y, true, "the control side: x - y is tested"},
    {.role = PL_N_ROLES},
};

double *pl_paired_differences(const PlSample *sample, PlArena *arena) {
    const double *x = sample->roles[PL_X].values, *y = sample->roles[PL_Y].values;
    double *d = pl_arena_doubles(arena, sample->rows);
    for (size_t i = 0; d && i < sample->rows; i++)
        d[i] = y ? x[i] - y[i] : x[i];
    return d;
}

PlStatus pl_run_paired(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                       PlAnswer *answer) {
    if (sample->rows < method->min_n)
        return PL_TOO_FEW;
    double *d = pl_paired_differences(sample, answer->arena);
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!d || !row)
        return PL_NO_MEMORY;
    return method->test(d, sample->rows, &options->inference, answer->arena, &row->in);
}
