/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/paired.h"

const PlRoleUse pl_paired_roles[] = {
    {PL_X, false, "the test side of each pair, or its difference"},
    {PL_Y, true, "the control side: x - y is tested"},
    {.role = PL_N_ROLES},
};

PlStatus pl_run_paired(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                       PlAnswer *answer) {
    size_t n = sample->rows;
    const double *x = sample->roles[PL_X].values, *y = sample->roles[PL_Y].values;
    if (n < method->min_n)
        return PL_TOO_FEW;
    double *d = pl_arena_doubles(answer->arena, n);
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!d || !row)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        d[i] = y ? x[i] - y[i] : x[i];
    return method->test(d, n, &options->inference, answer->arena, &row->in);
}
