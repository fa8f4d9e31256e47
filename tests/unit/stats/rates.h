/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* What the tests of the methods on rates share: two or three groups of counts as columns. */

static const char *const arms[] = {"control", "treated", "third", "fourth"};
static const size_t arm_of_row[] = {0, 1, 2, 3};

/* A row a group: successes and trials; the control first. */
static inline PlSample counted(const double *successes, const double *trials, size_t n_groups) {
    PlSample sample = {.rows = n_groups};
    sample.roles[PL_X] = numbers("redeemed", successes);
    sample.roles[PL_TRIALS] = numbers("sent", trials);
    sample.roles[PL_GROUP] = levels("arm", arm_of_row, n_groups, arms);
    return sample;
}

/* The method on treated x1 of n1 against control x2 of n2. */
static inline PlStatus run_counts(const char *id, double x1, double n1, double x2, double n2,
                                  PlInferenceOptions inference, PlArena *arena, PlAnswer *answer) {
    const double successes[] = {x2, x1}, trials[] = {n2, n1};
    PlSample sample = counted(successes, trials, 2);
    PlMethodOptions options = pl_method_options(inference);
    return run_answer(id, &sample, &options, arena, answer);
}

/* Every status that reading the counts can end in, for any method on rates. */
static inline void must_refuse_bad_counts(const char *id) {
    const struct {
        double successes[2], trials[2];
        bool with_trials;
        size_t n_groups;
        PlStatus status;
        const char *culprit;
    } cases[] = {
        {{0, 2}, {0}, false, 2, PL_NOT_BINARY, "redeemed"},
        {{0, NAN}, {0}, false, 2, PL_NOT_FINITE, "redeemed"},
        {{0, 3}, {2, 2}, true, 2, PL_NOT_COUNTS, "redeemed"},
        {{0, .5}, {2, 2}, true, 2, PL_NOT_COUNTS, "redeemed"},
        {{0, -1}, {2, 2}, true, 2, PL_NOT_COUNTS, "redeemed"},
        {{0, 1}, {2, 2.5}, true, 2, PL_NOT_COUNTS, "sent"},
        {{0, 1}, {2, 1e300}, true, 2, PL_NOT_COUNTS, "sent"},
        {{0, 1}, {2, NAN}, true, 2, PL_NOT_COUNTS, "sent"},
        {{0, 1}, {0, 2}, true, 2, PL_TOO_FEW, "control"},
        {{0, 1}, {2, 2}, true, 1, PL_ONE_LEVEL, "arm"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample sample = counted(cases[i].successes, cases[i].trials, cases[i].n_groups);
        if (!cases[i].with_trials)
            sample.roles[PL_TRIALS] = (PlVariable){0};
        PlMethodOptions options = unset_options();
        PlStatus status = run_answer(id, &sample, &options, &arena, &answer);
        cr_assert(eq(int, (int)status, (int)cases[i].status), "%s, case %zu", id, i);
        cr_assert(eq(str, (char *)answer.culprit, (char *)cases[i].culprit), "%s, case %zu", id, i);
        pl_arena_clear(&arena);
    }
}
