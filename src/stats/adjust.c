/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/adjust.h"

/* What holm and bh share: a column of p-values in, the same rows out, each with its p and the adjusted one.
 */

const PlRoleUse pl_adjust_roles[] = {
    {PL_X, false, "p-value of each test"},
    {.role = PL_N_ROLES},
};

bool pl_all_probabilities(const double *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= 0 && p[i] <= 1))
            return false;
    return true;
}

PlStatus pl_adjust_answer(PlAdjustment *adjust, const PlSample *sample, const PlMethodOptions *options,
                          PlAnswer *answer) {
    const PlVariable *x = &sample->roles[PL_X];
    size_t n = sample->rows;
    if (n < 1)
        return PL_TOO_FEW;
    size_t *order = pl_arena_sizes(answer->arena, n);
    double *adjusted = pl_arena_doubles(answer->arena, n);
    if (!order || !adjusted)
        return PL_NO_MEMORY;
    if (adjust(x->values, n, order, adjusted) != PL_OK)
        return pl_answer_refuse(answer, PL_NOT_PROBABILITY, x->name);
    for (size_t i = 0; i < n; i++) {
        const char *term = pl_answer_number(answer, i + 1);
        PlAnswerRow *row = term ? pl_answer_add(answer, term) : NULL;
        if (!row)
            return PL_NO_MEMORY;
        row->in.p_value = x->values[i];
        row->in.conf_level = options->inference.conf_level;
        row->in.n = n;
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL;
        row->reason = "an adjustment has p-values only";
        pl_answer_figure(row, "p_adjusted", adjusted[i]);
        pl_answer_figure(row, "rejected", adjusted[i] <= 1 - options->inference.conf_level);
    }
    return PL_OK;
}
