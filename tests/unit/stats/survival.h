/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* Gehan 1965: weeks of remission of 42 children, 6-mercaptopurine against placebo. */
static const double gehan_time[42] = {6,  6,  6,  7,  10, 13, 16, 22, 23, 6,  9,  10, 11, 17,
                                      19, 20, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                      5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
static const double gehan_event[42] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                       1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const size_t gehan_arm[42] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                     1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const char *const gehan_arms[] = {"6-MP", "placebo", "third"};

static inline PlSample lifetimes(const double *time, const double *event, const size_t *arm, size_t n_arms,
                                 size_t n) {
    PlSample sample = {.rows = n};
    sample.roles[PL_X] = numbers("weeks", time);
    sample.roles[PL_EVENT] = numbers("relapse", event);
    if (arm)
        sample.roles[PL_GROUP] = levels("arm", arm, n_arms, gehan_arms);
    return sample;
}

/* survival_lung of the shared folder: 228 rows; skips the test when it is not there. */
typedef struct {
    double time[228], event[228];
    size_t sex[228];
} Lung;

static inline void load_lung(Lung *lung) {
    char path[4096], line[256];
    FILE *file = fopen(shared_path("data/survival_lung/lung.csv", path, sizeof path), "r");
    if (!file)
        cr_skip_test("no %s", path);
    size_t n = 0;
    while (n < 229 && fgets(line, sizeof line, file)) {
        int sex, status;
        double time;
        if (n++ == 0)
            continue;
        cr_assert(eq(int, sscanf(strchr(line, ','), ",%lf,%d,%*d,%d", &time, &status, &sex), 3));
        lung->time[n - 2] = time;
        lung->event[n - 2] = status - 1;
        lung->sex[n - 2] = (size_t)sex - 1;
    }
    fclose(file);
    cr_assert(eq(sz, n, 229));
}

/* What reading the columns refuses, for either method. */
static inline void must_refuse_bad_lifetimes(const char *id) {
    const struct {
        double time, event;
        PlStatus status;
        const char *culprit;
    } bad[] = {
        {NAN, 1, PL_NOT_FINITE, "weeks"},   {INFINITY, 1, PL_NOT_FINITE, "weeks"},
        {-1, 1, PL_NEGATIVE_TIME, "weeks"}, {1, 2, PL_NOT_BINARY, "relapse"},
        {1, NAN, PL_NOT_BINARY, "relapse"},
    };
    const size_t arm[] = {0, 1};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double time[] = {1, bad[i].time}, event[] = {1, bad[i].event};
        PlSample sample = lifetimes(time, event, arm, 2, 2);
        PlMethodOptions options = unset_options();
        PlArena arena = {0};
        PlAnswer answer;
        PlStatus status = run_answer(id, &sample, &options, &arena, &answer);
        cr_assert(eq(int, (int)status, (int)bad[i].status), "%s, case %zu", id, i);
        cr_assert(eq(str, (char *)answer.culprit, (char *)bad[i].culprit), "%s, case %zu", id, i);
        sample.rows = 0;
        cr_assert(eq(int, (int)run_answer(id, &sample, &options, &arena, &answer), PL_TOO_FEW));
        sample.rows = 2;
        options.inference.conf_level = 1;
        cr_assert(eq(int, (int)run_answer(id, &sample, &options, &arena, &answer), PL_BAD_ARGUMENT));
        PlArena none = {.limit = 1};
        options = unset_options();
        cr_assert(eq(int, (int)run_answer(id, &sample, &options, &none, &answer), PL_NO_MEMORY));
        pl_arena_clear(&arena);
    }
}
