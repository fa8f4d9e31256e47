/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/panel_matrix.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

const PlRoleUse pl_panel_matrix_roles[] = {
    {PL_X, false, "value of the unit at the time"},
    {PL_UNIT, false, "the unit: a store, a region"},
    {PL_TIME, false, "the time: a day, a week"},
    {PL_TREATED, false, "1 where the unit is treated at the time, else 0"},
    {.role = PL_N_ROLES},
};

/* Every unit must have as many rows as there are times, and none of them twice. */
static PlStatus check_full(const PlSample *sample, PlAnswer *answer) {
    const PlVariable *unit = &sample->roles[PL_UNIT], *time = &sample->roles[PL_TIME];
    size_t *rows = pl_arena_sizes(answer->arena, unit->n_levels);
    if (!rows)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < sample->rows; r++)
        rows[unit->levels[r]]++;
    for (size_t u = 0; u < unit->n_levels; u++)
        if (rows[u] > time->n_levels)
            return pl_answer_refuse(answer, PL_DUPLICATE, unit->labels[u]);
    for (size_t u = 0; u < unit->n_levels; u++)
        if (rows[u] < time->n_levels)
            return pl_answer_refuse(answer, PL_INCOMPLETE, unit->labels[u]);
    bool *seen = pl_arena_take(answer->arena, sample->rows, sizeof *seen); /* there are as many cells now */
    if (!seen)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < sample->rows; r++) {
        size_t cell = unit->levels[r] * time->n_levels + time->levels[r];
        if (seen[cell])
            return pl_answer_refuse(answer, PL_DUPLICATE, unit->labels[unit->levels[r]]);
        seen[cell] = true;
    }
    return PL_OK;
}

/* starts[unit]: its first treated time, SIZE_MAX without one. */
static PlStatus find_starts(const PlSample *sample, PlAnswer *answer, size_t *starts, size_t *start) {
    const PlVariable *unit = &sample->roles[PL_UNIT], *time = &sample->roles[PL_TIME],
                     *treated = &sample->roles[PL_TREATED];
    memset(starts, 0xff, unit->n_levels * sizeof *starts);
    for (size_t r = 0; r < sample->rows; r++) {
        double is = treated->values[r];
        size_t *first = &starts[unit->levels[r]];
        if (is != 0 && is != 1)
            return pl_answer_refuse(answer, PL_NOT_BINARY, treated->name);
        if (is == 1 && (*first == SIZE_MAX || time->levels[r] < *first))
            *first = time->levels[r];
    }
    for (size_t r = 0; r < sample->rows; r++)
        if (treated->values[r] == 0 && starts[unit->levels[r]] != SIZE_MAX &&
            time->levels[r] > starts[unit->levels[r]])
            return pl_answer_refuse(answer, PL_NOT_BLOCK, unit->labels[unit->levels[r]]);
    *start = SIZE_MAX;
    for (size_t u = 0; u < unit->n_levels; u++) {
        if (starts[u] != SIZE_MAX && *start != SIZE_MAX && starts[u] != *start)
            return pl_answer_refuse(answer, PL_NOT_BLOCK, unit->labels[u]);
        if (starts[u] != SIZE_MAX)
            *start = starts[u];
    }
    return *start == SIZE_MAX ? pl_answer_refuse(answer, PL_NO_TREATED, treated->name) : PL_OK;
}

/* The full panel of a sample's x by unit and time, controls first; it and its labels live in the answer's
 * arena.
 * PL_NOT_FINITE: x. PL_NOT_BINARY: treated is not 0 or 1. PL_NO_TREATED: no row is treated. PL_NO_CONTROL:
 * every unit is. PL_NO_BEFORE: from the first time on. With the unit as culprit: PL_INCOMPLETE, it lacks a
 * time; PL_DUPLICATE, it has a time twice; PL_NOT_BLOCK, it starts at another time than the others, or its
 * treatment ends. */
PlStatus pl_panel_matrix(const PlSample *sample, PlAnswer *answer, PlPanelMatrix *out) {
    const PlVariable *unit = &sample->roles[PL_UNIT], *time = &sample->roles[PL_TIME],
                     *x = &sample->roles[PL_X];
    if (sample->rows == 0)
        return PL_TOO_FEW;
    for (size_t r = 0; r < sample->rows; r++)
        if (!isfinite(x->values[r]))
            return pl_answer_refuse(answer, PL_NOT_FINITE, x->name);
    size_t units = unit->n_levels, *starts = pl_arena_sizes(answer->arena, units), start = 0;
    size_t *row_of = pl_arena_sizes(answer->arena, units);
    const char **labels = pl_arena_take(answer->arena, units, sizeof *labels);
    double *y = pl_arena_doubles(answer->arena, sample->rows);
    if (!starts || !row_of || !labels || !y)
        return PL_NO_MEMORY;
    PlStatus status = check_full(sample, answer);
    if (status == PL_OK)
        status = find_starts(sample, answer, starts, &start);
    if (status != PL_OK)
        return status;
    size_t controls = 0, treated = 0;
    for (size_t u = 0; u < units; u++)
        controls += starts[u] == SIZE_MAX;
    for (size_t u = 0, seen = 0; u < units; u++) {
        row_of[u] = starts[u] == SIZE_MAX ? seen++ : controls + treated++;
        labels[row_of[u]] = unit->labels[u];
    }
    if (controls == 0)
        return pl_answer_refuse(answer, PL_NO_CONTROL, sample->roles[PL_TREATED].name);
    if (start == 0)
        return pl_answer_refuse(answer, PL_NO_BEFORE, sample->roles[PL_TREATED].name);
    for (size_t r = 0; r < sample->rows; r++)
        y[row_of[unit->levels[r]] * time->n_levels + time->levels[r]] = x->values[r];
    *out = (PlPanelMatrix){.n_units = units,
                           .n_controls = controls,
                           .n_times = time->n_levels,
                           .n_before = start,
                           .y = y,
                           .units = labels,
                           .times = time->labels};
    return PL_OK;
}

/* Sum of n values in order, each divided by `scale`. */
static double scaled_sum(const double *y, size_t n, size_t step, double scale) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += y[i * step] / scale;
    return sum;
}

/* PL_BAD_ARGUMENT: no unit of a kind, or no time before or during. PL_NOT_FINITE: a value is not finite, or
 * so large that a difference of two of them may not be. */
PlStatus pl_panel_centre(const PlPanelMatrix *panel, PlArena *arena, PlPanelCentred *out) {
    size_t n = panel->n_controls, m = pl_panel_treated(panel), times = panel->n_times;
    if (n == 0 || panel->n_units <= n || panel->n_before == 0 || panel->n_before >= times)
        return PL_BAD_ARGUMENT;
    double largest = 0;
    for (size_t i = 0; i < panel->n_units * times; i++) {
        if (!(fabs(panel->y[i]) < DBL_MAX / 8))
            return PL_NOT_FINITE;
        largest = fmax(largest, fabs(panel->y[i]));
    }
    int exponent = 0;
    frexp(largest, &exponent);
    PlPanelCentred c = {.n_controls = n,
                        .n_treated = m,
                        .n_times = times,
                        .n_before = panel->n_before,
                        .scale = ldexp(1, exponent < -1000 ? -1000 : exponent),
                        .controls = pl_arena_doubles(arena, n * times),
                        .each = pl_arena_doubles(arena, m * times),
                        .treated = pl_arena_doubles(arena, times),
                        .level = pl_arena_doubles(arena, times)};
    if (!c.controls || !c.each || !c.treated || !c.level)
        return PL_NO_MEMORY;
    for (size_t t = 0; t < times; t++) {
        double level = scaled_sum(panel->y + t, n, times, c.scale) / (double)n;
        for (size_t u = 0; u < n; u++)
            c.controls[u * times + t] = panel->y[u * times + t] / c.scale - level;
        for (size_t u = 0; u < m; u++)
            c.each[u * times + t] = panel->y[(n + u) * times + t] / c.scale - level;
        c.treated[t] = scaled_sum(c.each + t, m, times, 1) / (double)m;
        c.level[t] = level * c.scale;
    }
    *out = c;
    return PL_OK;
}
