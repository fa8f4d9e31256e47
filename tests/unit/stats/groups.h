/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* Three groups of 6, 6 and 7 values, and Student's sleep data as two of 10: tests/reference/stats/groups.R.
 */
static const double three_values[19] = {6, 8, 4, 5, 3, 4, 8, 12, 9, 11, 6, 8, 13, 9, 11, 8, 7, 12, 14.5};
static const size_t three_groups[19] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2};
static const double sleep_values[20] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0,
                                        1.9, 0.8,  1.1,  0.1,  -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
static const size_t sleep_groups[20] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const char *const group_labels[3] = {"a", "b", "c"};

static inline PlSample grouped(const double *x, const size_t *of, size_t n, size_t k) {
    PlSample s = {.rows = n};
    s.roles[PL_X] = numbers("x", x);
    s.roles[PL_GROUP] = levels("g", of, k, group_labels);
    return s;
}

static inline PlStatus run_groups(const char *id, const PlSample *s, const PlMethodOptions *o, PlArena *arena,
                                  PlAnswer *answer) {
    return run_answer(id, s, o, arena, answer);
}

/* What every method on groups refuses. */
static inline void must_refuse_bad_groups(const char *id) {
    const double flat[6] = {2, 2, 2, 2, 2, 2}, nan[6] = {1, 2, 3, NAN, 5, 6};
    const size_t of[6] = {0, 0, 0, 1, 1, 1}, one[6] = {0};
    PlArena arena = {0}, tiny = {.limit = 1};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample constant = grouped(flat, of, 6, 2), bad = grouped(nan, of, 6, 2),
             single = grouped(nan, one, 3, 1), good = grouped(sleep_values, sleep_groups, 20, 2);
    cr_expect(eq(int, (int)run_groups(id, &constant, &o, &arena, &answer), PL_NO_VARIANCE), "%s", id);
    cr_expect(eq(int, (int)run_groups(id, &bad, &o, &arena, &answer), PL_NOT_FINITE), "%s", id);
    cr_expect(eq(str, (char *)answer.culprit, (char *)"x"));
    cr_expect(eq(int, (int)run_groups(id, &single, &o, &arena, &answer), PL_ONE_LEVEL), "%s", id);
    cr_expect(eq(str, (char *)answer.culprit, (char *)"g"));
    cr_expect(eq(int, (int)run_groups(id, &good, &o, &tiny, &answer), PL_NO_MEMORY), "%s", id);
    pl_arena_clear(&arena);
    pl_arena_clear(&tiny);
}
