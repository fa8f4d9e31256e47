/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/survival.h"

#include "pairlift/stats/duality.h"

#include <gsl/gsl_sort.h>
#include <math.h>

const PlRoleUse pl_survival_roles[] = {
    {PL_X, false, "time to the event, or to the end of observation"},
    {PL_EVENT, false, "1: the event happened; 0: observation ended before it"},
    {PL_GROUP, true, "groups, a curve each"},
    {.role = PL_N_ROLES},
};

/* Ascending by time. Times that come out of a subtraction carry its rounding, so that two within
 * PL_TIE_TOLERANCE of the largest become one. PL_NO_MEMORY. */
PlStatus pl_lifetimes_sort(PlLifetime *lifetimes, size_t n, PlArena *arena) {
    double *times = pl_arena_doubles(arena, n);
    size_t *order = pl_arena_sizes(arena, n);
    PlLifetime *copy = pl_arena_take(arena, n, sizeof *copy);
    if (!times || !order || !copy)
        return PL_NO_MEMORY;
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        times[i] = lifetimes[i].time;
        copy[i] = lifetimes[i];
        largest = fmax(largest, times[i]);
    }
    gsl_sort_index(order, times, 1, n);
    for (size_t i = 0; i < n; i++) {
        lifetimes[i] = copy[order[i]];
        if (i && lifetimes[i].time - lifetimes[i - 1].time <= PL_TIE_TOLERANCE * largest)
            lifetimes[i].time = lifetimes[i - 1].time;
    }
    return PL_OK;
}

/* The rows of a sample, sorted, in the arena. PL_TOO_FEW: none. PL_NOT_FINITE, PL_NEGATIVE_TIME: a time;
 * PL_NOT_BINARY: an event that is not 0 or 1; the culprit names the column. */
PlStatus pl_lifetimes_read(const PlSample *sample, PlAnswer *answer, PlLifetime **lifetimes) {
    const PlVariable *time = &sample->roles[PL_X], *event = &sample->roles[PL_EVENT];
    const PlVariable *group = &sample->roles[PL_GROUP];
    PlLifetime *all = pl_arena_take(answer->arena, sample->rows, sizeof *all);
    if (sample->rows == 0)
        return PL_TOO_FEW;
    if (!all)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++) {
        double t = time->values[i], e = event->values[i];
        if (!isfinite(t))
            return pl_answer_refuse(answer, PL_NOT_FINITE, time->name);
        if (t < 0)
            return pl_answer_refuse(answer, PL_NEGATIVE_TIME, time->name);
        if (e != 0 && e != 1)
            return pl_answer_refuse(answer, PL_NOT_BINARY, event->name);
        all[i] = (PlLifetime){t, e == 1, group->name ? group->levels[i] : 0};
    }
    *lifetimes = all;
    return pl_lifetimes_sort(all, sample->rows, answer->arena);
}
